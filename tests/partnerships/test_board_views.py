"""A board's own pages: drafting, publishing, waiting for the hour, going to leaders, recording what was decided."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.database import acting
from partnerships.decisions_shown import state_of_asking
from partnerships.models import Consultation, Decision, Receipt
from tests.factories import make_person, make_school, sign_in
from tests.partnerships.boards import give, make_board

pytestmark = pytest.mark.django_db

WORDS = {
    "title_es": "Horario de entrada",
    "title_en": "Starting time",
    "background_es": "La escuela piensa abrir media hora antes.",
    "background_en": "The school thinks of opening half an hour earlier.",
    "question_es": "¿A qué hora prefiere entrar?",
    "question_en": "At what time would you like to start?",
    "option_1_es": "A las 8",
    "option_1_en": "At 8",
    "option_2_es": "A las 9",
    "option_2_en": "At 9",
    "kind": "pulse",
    "decides_on": "2027-04-01",
}
DECIDED = {
    "votes_for": "7",
    "votes_against": "3",
    "votes_abstained": "1",
    "outcome": "otherwise",
    "decided_es": "A las 8, por los autobuses.",
    "decided_en": "At 8, because of the buses.",
}


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True)


@pytest.fixture
def board(school, rosa):
    return make_board(rosa, school)


def seated(rosa, board, kind, name, phone, **fields):
    person = make_person(name, board.school, phone=phone, language="en", **fields)
    give(rosa, board, kind, person)
    return person


@pytest.fixture
def ana(rosa, board):
    return seated(rosa, board, "parent_seat", "Ana", "+17735550401")


@pytest.fixture
def lewis(rosa, board):
    return seated(rosa, board, "staff_seat", "Ms. Lewis", "+17735550402")


def page(person, where):
    return sign_in(Client(), person).get(where).content.decode()


def post(person, where, **said):
    return sign_in(Client(), person).post(where, said)


def drafted(board, person, **said):
    post(person, f"/b/{board.pk}/new/", **{**WORDS, **said})
    return Decision.objects.get()


def where(decision):
    return f"/b/{decision.board_id}/{decision.pk}/"


def answered(decision):
    """Let the worker issue the receipt, as it does at the board's hour."""
    consultation = decision.consultations.get()
    with acting("worker"):
        receipt = Receipt.objects.create(
            number="R-1",
            decision=decision,
            version=decision.version,
            consultation=consultation,
            issued_at=consultation.closes_at,
            labels=[{"es": "A las 8", "en": "At 8", "n_band": "5-9", "band": "fewer_than_half"}],
        )
        Decision.objects.filter(pk=decision.pk).update(receipt=receipt, state="consulted")


def test_an_empty_board_is_told_to_ask_before_it_decides(board, ana):
    assert "Ask before you decide: it takes 5 minutes." in page(ana, f"/b/{board.pk}/")


def test_somebody_with_one_seat_comes_to_her_board_at_once(board, ana):
    response = sign_in(Client(), ana).get("/b/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/b/{board.pk}/")


def test_my_account_leads_a_family_with_a_seat_to_both_her_places(rosa, board, school):
    guadalupe = make_person("Guadalupe", school, "caregiver", phone="+17735550403", language="en")
    give(rosa, board, "parent_seat", guadalupe)
    shown = page(guadalupe, "/me/")
    assert ('href="/b/"' in shown, 'href="/s/"' in shown) == (True, True)


def test_a_draft_is_kept_as_far_as_it_goes_and_says_what_is_missing(board, ana):
    decision = drafted(board, ana, background_en="", title_en="", option_1_es="", option_1_en="")
    shown = page(ana, where(decision))
    assert decision.title_es == WORDS["title_es"]
    for missing in ("the title in English", "the background in English", "a second option"):
        assert missing in shown
    assert "Publish to families" not in shown
    response = post(ana, where(decision), step="publish", closes_on="2027-03-01")
    assert "Complete it first" in response.content.decode()
    assert Consultation.objects.count() == 0


def test_what_was_typed_comes_back_when_it_is_refused(board, ana):
    for missing in ({"decides_on": ""}, {"option_2_en": "x" * 121}, {"title_en": "x" * 121}):
        response = post(ana, f"/b/{board.pk}/new/", **{**WORDS, **missing})
        assert (missing, response.status_code) == (missing, 200)
        shown = response.content.decode()
        typed = [value for name, value in {**WORDS, **missing}.items() if value and name != "kind"]
        assert [value for value in typed if value.replace("'", "&#x27;") not in shown] == []
    assert Decision.objects.count() == 0


def test_a_parent_seat_publishes_and_then_sees_the_date_of_the_answer_alone(board, ana):
    decision = drafted(board, ana)
    assert post(ana, where(decision), step="publish", closes_on="2027-02-28").status_code == 302
    consultation = Consultation.objects.get()
    assert (consultation.published_by, consultation.version) == (ana, 1)
    shown = page(ana, where(decision))
    # Families read on Monday, March 1 at nine, the board 48 hours later.
    assert "The answer comes on Wednesday, March 3, at 9:00 a.m." in shown
    assert "What families said" not in shown


def test_before_the_hour_the_page_is_the_same_whatever_families_answer(board, ana, clock):
    decision = drafted(board, ana)
    post(ana, where(decision), step="publish", closes_on="2027-02-28")
    seen = set()
    for days in (0, 3, 12):
        clock.move_to(datetime(2027, 2, 15, 18, tzinfo=UTC) + timedelta(days=days))
        shown = page(ana, where(decision))
        seen.add("\n".join(line for line in shown.splitlines() if "csrfmiddlewaretoken" not in line))
    assert len(seen) == 1


def test_other_seats_draft_and_are_told_who_publishes(board, ana, lewis):
    decision = drafted(board, lewis)
    shown = page(lewis, where(decision))
    assert "A parent or community member of the board publishes it." in shown
    assert "Publish to families" not in shown
    assert post(lewis, where(decision), step="publish", closes_on="2027-02-28").status_code == 200
    assert Consultation.objects.count() == 0
    assert "Publish to families" in page(ana, where(decision))


@pytest.mark.parametrize("closes_on", ["2027-02-20", "2027-03-31", ""])
def test_a_close_too_early_or_too_late_is_refused_in_words_and_stays_typed(board, ana, closes_on):
    decision = drafted(board, ana)
    response = post(ana, where(decision), step="publish", closes_on=closes_on)
    assert response.status_code == 200
    assert f'value="{closes_on}"' in response.content.decode() or not closes_on
    assert Consultation.objects.count() == 0


def test_not_consulted_needs_a_reason_in_both_languages_and_shows_it_for_ever(board, ana):
    decision = drafted(board, ana)
    assert post(ana, where(decision), step="not_consulted", because_es="Urgente.").status_code == 200
    decision.refresh_from_db()
    assert decision.state == "draft"
    post(ana, where(decision), step="not_consulted", because_es="Era urgente.", because_en="It was urgent.")
    decision.refresh_from_db()
    assert decision.state == "with_leaders"
    post(ana, where(decision), step="record", **{**DECIDED, "outcome": "as_families"})
    decision.refresh_from_db()
    assert (decision.state, decision.outcome) == ("decided", "otherwise")
    assert "It was urgent." in page(ana, where(decision))


def test_a_decision_without_an_answer_does_not_go_to_leaders_from_the_page(board, ana):
    decision = drafted(board, ana)
    assert post(ana, where(decision), step="leaders").status_code == 200
    decision.refresh_from_db()
    assert decision.state == "draft"


def test_after_the_answer_the_board_takes_it_to_leaders_and_records_why_it_went_otherwise(board, ana):
    decision = drafted(board, ana)
    post(ana, where(decision), step="publish", closes_on="2027-02-28")
    answered(decision)
    shown = page(ana, where(decision))
    assert "What families said" in shown
    assert "Fewer than half" in shown
    post(ana, where(decision), step="leaders")
    refused = post(ana, where(decision), step="record", **{**DECIDED, "decided_en": ""}).content.decode()
    assert "A las 8, por los autobuses." in refused
    assert post(ana, where(decision), step="record", **DECIDED).status_code == 302
    decision.refresh_from_db()
    assert (decision.state, decision.outcome, decision.votes_for) == ("decided", "otherwise", 7)
    shown = page(ana, where(decision))
    assert "The board decided differently from what families said." in shown
    assert "At 8, because of the buses." in shown
    assert ("The board decided on Monday, February 15, 2027." in shown, "The board decides on" in shown) == (
        True,
        False,
    )


def test_what_was_decided_is_called_so_in_the_list_of_what_boards_asked(board, ana):
    decision = drafted(board, ana)
    post(ana, where(decision), step="publish", closes_on="2027-02-28")
    answered(decision)
    consultation = decision.consultations.select_related("decision", "receipt").get()
    assert state_of_asking(consultation)["label"] == "answered"
    post(ana, where(decision), step="leaders")
    post(ana, where(decision), step="record", **DECIDED)
    consultation = decision.consultations.select_related("decision", "receipt").get()
    assert state_of_asking(consultation)["label"] == "decided"
    consultation.decision.version += 1
    assert state_of_asking(consultation)["label"] == "answered"


def test_words_changed_after_the_answer_are_a_draft_to_be_asked_about_again(board, ana):
    decision = drafted(board, ana)
    post(ana, where(decision), step="publish", closes_on="2027-02-28")
    answered(decision)
    edit = f"{where(decision)}edit/"
    assert "becomes a draft again" in page(ana, edit)
    post(ana, edit, **{**WORDS, "question_en": "When?"})
    decision.refresh_from_db()
    assert (decision.state, decision.version, decision.receipt) == ("draft", 2, None)


def test_a_decision_of_another_board_is_not_found(rosa, board, ana, school):
    other = make_board(rosa, school, "pta", name="PTA")
    decision = drafted(board, ana)
    assert sign_in(Client(), ana).get(f"/b/{other.pk}/{decision.pk}/").status_code == 404
