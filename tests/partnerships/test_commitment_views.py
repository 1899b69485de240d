"""The pages of the ledger: families, leaders and whoever looks on read the same; each does what is theirs."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.database import acting
from partnerships.actions import commitments as actions
from partnerships.actions import decisions, ideas, quotes
from partnerships.models import Board, Commitment, CommitmentStep
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db

WORDS = {"text": "Que la salida sea a las tres.", "language": "es", "translated": "Let school end at three."}
ANSWER = {
    "state": "under_way",
    "text": "We try it for a month.",
    "language": "en",
    "translated": "Lo probamos un mes.",
    "owner": "Ms. Lewis",
    "due_on": "2027-03-05",
    "seen": "1",
}
FAMILIES, LEDGER = "/school/mirador/", "/l/mirador/commitments/"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía Marisol", school, "caregiver")


@pytest.fixture
def group(school, lucia):
    group = make_series(school, families=[lucia], name="Primavera").group
    make_member(group, lucia)
    return group


@pytest.fixture
def elena(school, group):
    elena = make_person("Elena Quiroga", school, "caregiver")
    make_member(group, elena, "facilitator")
    return elena


@pytest.fixture
def beside(school):
    """A family of the school who is in no group."""
    return make_person("Carmen", school, "caregiver")


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", language="en")


def idea_of(group, by, text="Salir a las tres."):
    with acting("caregiver", by.pk):
        return ideas.write_idea(space=group.space, group=group, text=text, language="es")


def request_of(group, elena, text=WORDS["text"]):
    idea = idea_of(group, elena, text)
    with acting("facilitator", elena.pk):
        return ideas.turn_into_request(idea=idea, **{**WORDS, "text": text})


@pytest.fixture
def asked(group, elena):
    return request_of(group, elena)


def done(asked, principal, clock):
    clock.move_to(clock() + timedelta(days=1))
    with acting("leader", principal.pk):
        said = {"text": "It is done.", "language": "en", "translated": "Ya está."}
        actions.answer(commitment=asked, state="done", seen=str(asked.steps.count()), **said)
    clock.move_to(clock() + timedelta(days=1))


def read(client, person, where):
    return sign_in(client, person).get(where).content.decode()


def steps():
    return list(CommitmentStep.objects.order_by("at", "pk").values_list("step", flat=True))


# Asking


def test_whoever_facilitates_sees_once_more_what_the_school_will_read_and_may_change_it(client, group, elena):
    where = reverse("group_idea_request", args=[group.pk, idea_of(group, elena).pk])
    form = sign_in(client, elena).get(where).context["form"]
    assert form.initial == {"text": "Salir a las tres.", "language": "es"}
    check = client.post(where, {**WORDS, "step": "check"})
    shown = check.content.decode()
    assert (shown.count(WORDS["text"]) > 1, shown.count(WORDS["translated"]) > 1) == (True, True)
    assert Commitment.objects.count() == 0
    again = client.post(where, {**WORDS, "step": "write"})
    assert (again.context["check"], again.context["form"]["text"].value()) == (None, WORDS["text"])
    client.post(where, {**WORDS, "step": "send"})
    client.post(where, {**WORDS, "step": "send"})
    assert Commitment.objects.values_list("text", "translated", "language").get() == (
        WORDS["text"],
        WORDS["translated"],
        "es",
    )


def test_a_request_without_its_translation_is_not_sent(client, group, elena):
    where = reverse("group_idea_request", args=[group.pk, idea_of(group, elena).pk])
    refused = sign_in(client, elena).post(where, {**WORDS, "translated": "", "step": "send"})
    assert (list(refused.context["form"].errors), Commitment.objects.count()) == (["translated"], 0)


def shared(place, elena, lucia):
    """Let Lucía share words of hers with the school's leaders."""
    post = make_post(place, lucia, "La salida tarde nos complica a todos.")
    with acting("facilitator", elena.pk):
        quote = quotes.ask(post=post, words=post.text, by=elena)
    with acting("caregiver", lucia.pk):
        quotes.allow(quote=quote, for_leaders=True, for_public=False, signature="mother")
    return quote


def test_shared_words_stand_beside_the_request_and_vanish_when_they_are_taken_back(
    client, school, group, elena, lucia, principal
):
    quote = shared(group, elena, lucia)
    sign_in(client, elena)
    where = reverse("group_quote_request", args=[group.pk, quote.pk])
    assert where in client.get(reverse("group_voice", args=[group.pk])).content.decode()
    client.post(where, {**WORDS, "step": "send"})
    assert where not in client.get(reverse("group_voice", args=[group.pk])).content.decode()
    page = reverse("commitment_page", args=["mirador", Commitment.objects.get().pk])
    staff = make_person("Mr. Okafor", school, "staff")
    assert ("nos complica" in read(client, principal, page), "nos complica" in read(client, staff, page)) == (
        True,
        False,
    )
    with acting("caregiver", lucia.pk):
        quotes.withdraw(quote=quote)
    found = read(client, principal, page)
    assert ("nos complica" in found, "These words were taken back" in found) == (False, True)


def test_what_follows_from_a_decision_is_asked_for_all_families(client, school, elena, lucia, beside):
    board = Board.objects.create(school=school, kind="lsc", name="Consejo")
    both = dict.fromkeys(("background_es", "background_en", "question_es", "question_en", "title_en"), "x")
    words = {**both, "title_es": "La hora de salida", "kind": "pulse", "decides_on": date(2027, 6, 1), "options": []}
    with acting("board", beside.pk):
        decision = decisions.draft(board=board, by=beside, **words)
    where = reverse("decision_request", args=["mirador", decision.pk])
    assert sign_in(client, elena).get(where).status_code == 404
    with acting("board", beside.pk):
        decisions.say_not_consulted(decision=decision, because_es="x", because_en="x")
    for text in (WORDS["text"], WORDS["text"], "Otra cosa."):
        client.post(where, {**WORDS, "text": text, "step": "send"})
    assert Commitment.objects.filter(group=None, decision=decision).count() == 2
    page = read(client, beside, FAMILIES)
    assert "Viene de una decisión:" in page
    assert f'<a href="/decisions/{decision.pk}/">La hora de salida</a>' in page
    assert sign_in(client, lucia).get(where).status_code == 404


# Families


def test_a_family_in_no_group_reads_what_was_asked_where_it_came_from_and_the_answer(
    client, asked, beside, principal, clock
):
    Commitment.objects.update(after_session=3)
    clock.move_to(clock() + timedelta(days=6))
    page = read(client, beside, FAMILIES)
    assert ("Lleva 6 días sin respuesta." in page, "Recibido" in page) == (True, True)
    assert "Se pidió el 15 de febrero, después del encuentro 3." in page
    sign_in(client, principal).post(reverse("commitment_answer", args=["mirador", asked.pk]), ANSWER)
    page = read(client, beside, FAMILIES)
    assert ("En camino" in page, "Lo probamos un mes." in page, "We try it" in page) == (True, True, False)
    assert "Se encarga: Ms. Lewis, a más tardar el viernes 5 de marzo." in page


def test_nothing_asked_says_what_will_come(client, school, beside, principal):
    assert "El grupo todavía no le ha pedido nada a la escuela." in read(client, beside, FAMILIES)
    assert "No requests yet. They come after session 3." in read(client, principal, LEDGER)


def test_families_say_that_they_see_it_or_do_not_yet_and_nobody_is_written_down(
    client, asked, beside, lucia, principal, clock
):
    done(asked, principal, clock)
    where = reverse("commitment_seen", args=["mirador", asked.pk])
    assert where in read(client, beside, FAMILIES)
    client.post(where, {"seen": "yes"})
    assert "dijeron que ya lo ven" in read(client, lucia, FAMILIES)
    clock.move_to(clock() + timedelta(days=1))
    client.post(where, {"seen": "not_yet"})
    assert (Commitment.objects.get().state, steps()) == ("under_way", ["asked", "done", "confirmed", "not_yet"])
    assert "Families say that they do not see it yet" in read(client, principal, LEDGER)


def test_who_facilitates_leaves_it_to_families_to_say_what_they_see(client, asked, elena, principal, clock):
    done(asked, principal, clock)
    where = reverse("commitment_seen", args=["mirador", asked.pk])
    assert where not in read(client, elena, FAMILIES)
    assert (client.post(where, {"seen": "yes"}).status_code, steps()) == (404, ["asked", "done"])


def test_the_fourth_tab_leads_there_from_home_and_from_the_group(client, group, lucia):
    sign_in(client, lucia)
    for where in (f"/s/{group.series.pk}/", f"/g/{group.pk}/", FAMILIES):
        page = client.get(where).content.decode()
        tabs = re.findall(r"<span>([^<]+)</span>", page[page.index('class="tabs"') : page.index("</nav>")])
        assert (tabs, FAMILIES in page) == (["Inicio", "Encuentros", "Grupo", "Escuela"], True)
    assert client.get(f"/s/{group.series.pk}/school/").headers["Location"] == FAMILIES


@pytest.mark.parametrize("kind", ["staff", "leader", "staff_seat"])
def test_a_family_who_works_at_the_school_reads_the_ledger_and_not_the_families_page(client, school, asked, kind):
    both = make_person("Marta", school, "caregiver", kind)
    assert sign_in(client, both).get(FAMILIES).status_code == 404
    assert client.get(LEDGER).status_code == 200


def test_negative_control_a_bar_that_is_not_asked_about_would_let_her_in(client, school, asked, monkeypatch):
    both = make_person("Marta", school, "caregiver", "staff")
    monkeypatch.setattr("accounts.roles.Held.bars", lambda held, school: False)
    assert sign_in(client, both).get(FAMILIES).status_code == 200


# The school, and whoever looks on


def test_a_leader_answers_and_what_she_may_not_leave_out_is_asked_for(client, asked, principal):
    where = reverse("commitment_answer", args=["mirador", asked.pk])
    sign_in(client, principal)
    refused = client.post(where, {**ANSWER, "owner": "", "due_on": ""})
    assert list(refused.context["form"].errors) == ["owner", "due_on"]
    assert list(client.post(where, {**ANSWER, "text": ""}).context["form"].errors) == ["text"]
    past = client.post(where, {**ANSWER, "due_on": "2027-02-14"})
    assert past.context["form"].errors.as_data()["due_on"][0].code == "past"
    assert client.post(where, ANSWER).status_code == 302
    assert sorted(steps()) == ["asked", "under_way"]


def test_what_was_said_meanwhile_is_read_first_and_no_word_is_lost(client, asked, principal):
    where = reverse("commitment_answer", args=["mirador", asked.pk])
    sign_in(client, principal).post(where, ANSWER)
    second = client.post(where, {**ANSWER, "state": "declined", "text": "No bus."})
    form = second.context["form"]
    assert form.non_field_errors().as_data()[0].code == "changed"
    assert (form.seen, form["text"].value(), "We try it for a month." in second.content.decode()) == (
        "2",
        "No bus.",
        True,
    )
    client.post(where, {**ANSWER, "state": "declined", "text": "No bus.", "seen": form.seen})
    assert sorted(steps()) == ["asked", "declined", "under_way"]


def test_late_ones_stand_first_with_the_others_under_their_state(client, group, elena, principal, clock):
    first = request_of(group, elena, "Uno.")
    clock.move_to(clock() + timedelta(days=15))
    request_of(group, elena, "Dos.")
    page = read(client, principal, LEDGER)
    assert re.findall(r"<h2>([^<]+)</h2>", page) == ["Late", "Waiting for an answer"]
    assert page.index(str(first.pk)) < page.index("Waiting for an answer")


@pytest.mark.parametrize(
    "kind", ["parent_seat", "staff_seat", "coordinator", "staff", "district_lead", "evaluator", "principal_seat"]
)
def test_whoever_looks_on_reads_the_same_page_and_only_leaders_find_the_form(client, school, asked, kind):
    person = make_person("Alguien", school, kind, language="en")
    page = reverse("commitment_page", args=["mirador", asked.pk])
    found = read(client, person, page)
    assert (WORDS["text"] in found, 'name="due_on"' in found) == (True, kind == "principal_seat")
    answered = client.post(reverse("commitment_answer", args=["mirador", asked.pk]), ANSWER)
    assert answered.status_code == (302 if kind == "principal_seat" else 404)


@pytest.mark.parametrize("kind", ["parent_seat", "staff_seat", "coordinator", "district_lead", "principal_seat"])
def test_only_those_who_lead_the_school_are_told_what_you_answer(client, school, asked, kind):
    person = make_person("Alguien", school, kind, language="en")
    found = read(client, person, reverse("commitments", args=["mirador"]))
    yours, theirs = "They asked, we answered" in found, "What families asked, and what the school answered" in found
    assert (yours, "what you answer and by when" in found) == (kind == "principal_seat", kind == "principal_seat")
    assert (theirs, "what the school answers and by when" in found) == (not yours, not yours)


def test_no_family_is_named_on_any_page_of_the_school(client, asked, lucia, elena, principal, clock):
    done(asked, principal, clock)
    pages = (LEDGER, reverse("commitment_page", args=["mirador", asked.pk]), "/l/mirador/needs/", "/l/mirador/")
    for where in pages:
        found = read(client, principal, where)
        assert [word for word in ("Lucía", "Marisol", "Elena", "Quiroga", str(lucia.pk)) if word in found] == []


def test_the_overview_says_what_the_school_owes_and_leads_to_it(client, group, elena, principal, clock):
    for number in range(5):
        asked = request_of(group, elena, f"Petición {number}.")
        if number < 3:
            done(asked, principal, clock)
    clock.move_to(clock() + timedelta(days=9))
    Commitment.objects.filter(text="Petición 4.").update(asked_at=clock() - timedelta(days=15))
    page = read(client, principal, "/l/mirador/")
    assert "You have answered 3 of the 5 things they asked; 1 answer is late." in page
    assert f'<a class="button" href="{LEDGER}">Answer families</a>' in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_the_database_the_same_few_things_however_long_they_are(
    client, group, elena, beside, principal, number, clock, django_assert_num_queries
):
    for n in range(number):
        done(request_of(group, elena, f"Petición {n}."), principal, clock)
    sign_in(client, principal)
    with django_assert_num_queries(13):
        client.get(LEDGER)
    sign_in(client, beside)
    with django_assert_num_queries(16):
        client.get(FAMILIES)
