"""A decision's page, and what a board asks, for each who reads it: nothing before its hour, the same words after it."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.database import acting
from notifications import clock as product_clock
from partnerships.actions import decisions as actions
from partnerships.actions import themes
from partnerships.models import Consultation, Decision, SharedTheme, Theme
from surveys.models import InboxBox
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie
from tests.partnerships.deciding import (
    THREE,
    VOTES,
    WORDS,
    answer,
    as_board,
    asked,
    closed,
    drafted,
    make_town,
    member,
    read_by_board,
    read_by_families,
    work,
)

pytestmark = pytest.mark.django_db

BECAUSE = {"because_es": "La ley no da tiempo.", "because_en": "The law leaves no time."}
RESULT = "More than half"


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def school(town):
    return town[0]


@pytest.fixture
def board(town):
    return town[1]


@pytest.fixture
def families(town):
    return town[2]


@pytest.fixture
def cast(school, board, families):
    """Everybody who could open the page, by role."""
    elena = make_person("Elena", school, "caregiver")
    make_member(make_series(school).group, elena, "facilitator")
    elsewhere = make_school("Roble")
    return {
        "family": families[0],
        "facilitator": elena,
        "board": member(board, "teacher_seat"),
        "leader": make_person("Dra. Grant", school, "leader"),
        "coordinator": make_person("Rosa", school, "coordinator", on_payroll=True),
        "staff": make_person("Mr. Okafor", school, "staff"),
        "teacher who is a parent": make_person("Marta", school, "caregiver", "staff"),
        "district": make_person("Dr. Bell", school, "district_lead"),
        "evaluator": make_person("Sam", school, "evaluator"),
        "family elsewhere": make_person("Patricia", elsewhere, "caregiver"),
        "leader elsewhere": make_person("Mr. Roble", elsewhere, "leader"),
    }


def visit(person, where, *, speaking="en", **posted):
    client = sign_in(Client(), person)
    client.cookies["django_language"] = speaking
    return client.post(where, posted) if posted else client.get(where)


def page(decision, person, language="en"):
    response = visit(person, reverse("decision_page", args=[decision.pk]), speaking=language)
    return response.content.decode() if response.status_code == 200 else str(response.status_code)


def same(text):
    """Leave out what changes with each request: the token of a form."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)


def answered(consultation, families, yes):
    for number, person in enumerate(families):
        answer(consultation, person, 1 if number < yes else 2)


# Who reads what, and when


def reading(decision, cast):
    """What each finds on the page: the result, the page without it, or nothing."""
    found = {name: page(decision, person) for name, person in cast.items()}
    return {name: text if text == "404" else RESULT in text for name, text in found.items()}


NOBODY = {"family elsewhere": "404", "leader elsewhere": "404"}
WITHOUT = dict.fromkeys(["staff", "teacher who is a parent", "district", "evaluator"], False)


def test_families_read_first_then_the_board_leaders_and_coordinators_and_nobody_else(board, families, cast, clock):
    decision, consultation = asked(board)
    answered(consultation, families, 6)
    closed(consultation, clock)
    before = reading(decision, cast)
    read_by_families(consultation, clock)
    at_first = reading(decision, cast)
    read_by_board(consultation, clock)
    at_last = reading(decision, cast)
    own, others = ["family", "facilitator"], ["board", "leader", "coordinator"]
    assert before == {**dict.fromkeys([*own, *others], False), **WITHOUT, **NOBODY}
    assert at_first == {**dict.fromkeys(own, True), **dict.fromkeys(others, False), **WITHOUT, **NOBODY}
    assert at_last == {**dict.fromkeys([*own, *others], True), **WITHOUT, **NOBODY}


def test_the_guard_of_the_hour_goes_red_when_it_is_out(board, families, cast, clock, monkeypatch):
    decision, consultation = asked(board)
    answered(consultation, families, 6)
    read_by_families(consultation, clock)
    monkeypatch.setattr("partnerships.access.decisions.reads_as_family", lambda request, school: True)
    with connection.cursor() as cursor:
        cursor.execute("ALTER POLICY others ON surveys_release USING (true)")
    assert reading(decision, {"board": cast["board"]}) == {"board": True}


def test_until_its_hour_the_board_reads_the_date_and_the_same_bytes_whatever_was_answered(town, families, cast, clock):
    decision, consultation = asked(town[1])
    read = {}
    at = clock.at
    for yes, count in ((0, 0), (8, 8), (2, 8), (4, 4)):
        clock.move_to(at)
        with transaction.atomic():
            answered(consultation, families[:count], yes)
            pages = [same(page(decision, cast["board"]))]
            closed(consultation, clock)
            pages.append(same(page(decision, cast["board"])))
            wave = read_by_families(consultation, clock)
            clock.move_to(wave.leaders_at - timedelta(seconds=1))
            work()
            pages.append(same(page(decision, cast["board"])))
            read[yes, count] = pages
            transaction.set_rollback(True)
    [first, *others] = read.values()
    assert all(pages == first for pages in others)
    assert all("Friday, February 26" in text for text in first)


def test_five_to_eight_of_eight_are_the_same_page_but_for_the_number_of_the_receipt(board, families, cast, clock):
    decision, consultation = asked(board)
    at, read = clock.at, []
    for yes in (5, 6, 7, 8):
        clock.move_to(at)
        with transaction.atomic():
            answered(consultation, families, yes)
            read_by_board(consultation, clock)
            read.append(re.sub(r"\d{4}-\d{4}", "", same(page(decision, cast["leader"]))))
            transaction.set_rollback(True)
    assert len(set(read)) == 1
    assert RESULT in read[0]


def test_on_a_family_s_page_no_other_tie_opens_anything_without_its_second_step(board, families, school, clock):
    decision, _consultation = asked(board)
    elsewhere = make_person("Marta", make_school("Roble"), "caregiver")
    tie(elsewhere, school, "leader")
    client = sign_in(Client(), elsewhere)
    where = reverse("decision_page", args=[decision.pk])
    assert client.get(where).status_code == 200
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    assert client.get(where).status_code == 404


def test_what_is_only_drafted_is_on_nobody_s_page(board, cast):
    assert reading(drafted(board), cast) == dict.fromkeys(cast, "404")


# What stands there


def decided(board, families, clock, **votes):
    decision, consultation = asked(board)
    answered(consultation, families, 6)
    read_by_board(consultation, clock)
    as_board(actions.take_to_leaders, decision)
    return as_board(actions.record, decision, **{**VOTES, **votes})


def test_what_families_said_stands_beside_the_vote_and_its_reason(board, families, cast, clock):
    decision = decided(board, families, clock)
    for language, words in {
        "en": ("More than half", "prefer “At 8:00”", "differently from what families said", "At 8:30, for the buses."),
        "es": (
            "Más de la mitad",
            "refieren «A las 8:00»",
            "distinto de lo que dijeron",
            "A las 8:30, por los autobuses.",
        ),
    }.items():
        text = page(decision, cast["family"], language)
        assert [word for word in words if word.lower() not in text.lower()] == []
        assert text.index(words[0]) < text.index(words[3])


def test_without_enough_answers_nobody_says_that_the_board_followed_or_did_not(board, families, cast, clock):
    text = page(decided(board, families[:3], clock), cast["family"])
    assert "kept private" in text
    assert "than families said" not in text


def test_not_consulted_because_stands_in_public_also_after_the_words_have_changed(board, cast, clock):
    decision = drafted(board)
    as_board(actions.say_not_consulted, decision, **BECAUSE)
    assert [BECAUSE["because_en"] in page(decision, person) for person in list(cast.values())[:9]] == [True] * 9
    again = as_board(actions.change_words, decision, **{**WORDS, "title_en": "Another title"})
    assert again.version == 2
    assert BECAUSE["because_en"] in page(decision, cast["family"])
    assert BECAUSE["because_en"] in page(decision, cast["district"])


def test_other_words_show_the_earlier_ones_until_they_are_asked_about(board, families, cast, clock):
    decision, consultation = asked(board)
    answered(consultation, families, 6)
    receipt = read_by_board(consultation, clock)
    as_board(actions.change_words, decision, **{**WORDS, "question_en": "And at which hour then?"})
    text = page(decision, cast["family"])
    assert "And at which hour then?" not in text
    assert "asked again" in text
    assert text.count(receipt.number) == 1


def test_themes_of_what_was_written_stand_there_for_who_reads_the_result(board, families, cast, school, clock):
    decision, consultation = asked(board, options=[])
    for number, person in enumerate(families[:4]):
        answer(consultation, person, comment=f"Los autobuses llegan tarde, dice {number}.")
    closed(consultation, clock)
    elena = cast["facilitator"]
    group = elena.group_memberships.get().group
    where = reverse("group_answers", args=[group.pk, consultation.pk])
    ask = reverse("ask", args=[consultation.pk])
    assert [where in visit(person, ask).content.decode() for person in (elena, families[0])] == [True, False]
    read_by_families(consultation, clock)
    assert [where in page(decision, person) for person in (elena, families[0])] == [True, False]
    assert visit(elena, where).content.decode().count("Los autobuses llegan tarde") == 4
    form = reverse("group_answers_theme", args=[group.pk, consultation.pk])
    shown = re.findall(r'name="sources"[^>]*value="([^"]+)"', visit(elena, form).content.decode())
    words = {"text": "El camino preocupa.", "language": "es", "translated": "The way to school worries them."}
    assert visit(elena, form, sources=shown[:2], **words).status_code == 200
    assert visit(elena, form, sources=shown, **words).status_code == 302
    clock.move_to(clock.at + timedelta(hours=72))
    with acting("facilitator", elena.pk):
        theme = Theme.objects.get()
        assert theme.consultation_id == consultation.pk
        themes.send(theme=theme)
        assert SharedTheme.objects.get().consultation_id == consultation.pk
    work()
    read = {name: words["translated"] in page(decision, person) for name, person in cast.items()}
    assert {name for name, is_there in read.items() if is_there} == {"family", "facilitator", "board", "leader"}


# Asking


def test_a_family_reads_who_reads_what_and_when_before_she_answers(board, families):
    _decision, consultation = asked(board)
    text = visit(families[0], reverse("ask", args=[consultation.pk])).content.decode()
    for words in ("At 8:30", "Tuesday, February 23", "Wednesday, February 24", "Friday, February 26", "five or more"):
        assert words in text
    text = visit(families[0], reverse("ask_answer", args=[consultation.pk])).content.decode()
    assert "The school thinks of changing the hour." in text
    assert "5 or more people answer" in text


def test_a_family_in_no_group_answers_and_an_answering_request_writes_a_box_alone(board, families):
    _decision, consultation = asked(board)
    where = reverse("ask_answer", args=[consultation.pk])
    assert visit(families[0], where, **{"item-options": "option-1"}).status_code == 200
    with acting("worker"):
        assert InboxBox.objects.count() == 1


def test_who_is_barred_or_of_another_school_finds_nothing_to_answer(board, cast):
    _decision, consultation = asked(board)
    pages = ("ask", "ask_answer", "ask_shorten", "ask_count")
    found = {
        name: [visit(person, reverse(one, args=[consultation.pk])).status_code for one in pages]
        for name, person in cast.items()
    }
    nothing = [404] * 4
    assert found.pop("family") == [200, 200, 404, 404]
    assert found.pop("facilitator") == [200, 200, 200, 404]
    assert found == dict.fromkeys(found, nothing)


def test_whoever_came_a_moment_ago_is_told_that_a_link_comes(board, school):
    _decision, consultation = asked(board)
    nueva = make_person("Nueva", school, "caregiver")
    where = reverse("ask", args=[consultation.pk])
    before = visit(nueva, where).content.decode()
    work()
    after = visit(nueva, where).content.decode()
    opinion = reverse("ask_answer", args=[consultation.pk])
    assert (opinion in before, "in a few minutes" in before, opinion in after) == (False, True, True)


def test_after_the_close_it_says_when_the_result_comes_and_then_leads_to_it(board, families, clock):
    decision, consultation = asked(board)
    closed(consultation, clock)
    where = reverse("ask", args=[consultation.pk])
    assert "Wednesday, February 24" in visit(families[0], where).content.decode()
    assert visit(families[0], reverse("ask_answer", args=[consultation.pk])).headers["Location"] == where
    read_by_families(consultation, clock)
    assert visit(families[0], where).headers["Location"] == reverse("decision_page", args=[decision.pk])


def test_who_facilitates_makes_it_shorter_and_lets_the_board_read_the_count(board, cast):
    _decision, consultation = asked(board, kind="group_position", options=THREE)
    elena = cast["facilitator"]
    text = visit(elena, reverse("ask", args=[consultation.pk])).content.decode()
    assert "Close it earlier" in text
    assert "Let the board read our count" in text
    assert visit(elena, reverse("ask_shorten", args=[consultation.pk]), closes_on="2027-02-16").status_code == 200
    assert visit(elena, reverse("ask_shorten", args=[consultation.pk]), closes_on="2027-02-17").status_code == 302
    assert visit(elena, reverse("ask_count", args=[consultation.pk]), sure="yes").status_code == 302
    consultation.refresh_from_db()
    assert (consultation.shortened_at, consultation.count_agreed_at) == (product_clock.now(),) * 2


# The leaders' stage


def test_leaders_say_what_they_say_once_it_was_taken_to_them_and_that_it_is_carried_out(board, families, cast, clock):
    decision, consultation = asked(board)
    where = reverse("decision_leaders", args=[decision.pk])
    assert "not been taken to you" in visit(cast["leader"], where).content.decode()
    read_by_board(consultation, clock)
    as_board(actions.take_to_leaders, decision)
    assert visit(cast["leader"], where, step="say", text="Lo apoyamos.", language="es").status_code == 302
    assert visit(cast["leader"], where, step="carried_out").status_code == 200
    as_board(actions.record, decision, **VOTES)
    assert visit(cast["leader"], where, step="carried_out").status_code == 302
    assert Decision.objects.get(pk=decision.pk).state == "carried_out"
    text = page(decision, cast["family"])
    assert "Lo apoyamos." in text
    assert "Carried out on" in text
    others = [visit(cast[name], where).status_code for name in ("family", "board", "staff", "leader elsewhere")]
    assert others == [404] * 4


def test_leaders_find_all_that_was_asked_in_one_list(board, families, cast, school):
    where = reverse("leader_consultations", args=[school.slug])
    assert "No board has asked" in visit(cast["leader"], where).content.decode()
    asked(board)
    client = sign_in(Client(), cast["leader"])
    with CaptureQueriesContext(connection) as one:
        client.get(where)
    asked(board)
    asked(board)
    with CaptureQueriesContext(connection) as three:
        text = client.get(where).content.decode()
    assert text.count("/decisions/") == 3
    assert len(one) == len(three)
    assert Consultation.objects.count() == 3
