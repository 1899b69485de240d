"""Requests: from what families wrote to the school's answer; each line dated, none lost, nobody named."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from accounts.database import acting
from dialogue_series import tasks
from partnerships.access import commitments as access
from partnerships.actions import commitments as actions
from partnerships.actions import ideas, quotes, themes
from partnerships.models import Commitment, CommitmentStep, SharedQuote, SharedTheme
from tests.factories import make_member, make_person, make_post, make_school, make_series

pytestmark = pytest.mark.django_db

ASKED = {"text": "Que la salida sea a las tres.", "language": "es", "translated": "Let school end at three."}
PROMISE = {"state": "under_way", "owner": "Ms. Lewis", "due_on": date(2027, 3, 5)}
SAID = {"text": "We try it for a month.", "language": "en", "translated": ""}


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def group(school):
    return make_series(school).group


@pytest.fixture
def elena(school, group):
    elena = make_person("Elena", school, "caregiver")
    make_member(group, elena, "facilitator")
    return elena


@pytest.fixture
def lucia(school, group):
    lucia = make_person("Lucía", school, "caregiver")
    make_member(group, lucia)
    return lucia


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", language="en")


@pytest.fixture
def idea(group, elena):
    return idea_of(group, elena)


@pytest.fixture
def asked(idea, elena):
    return request_of(idea, elena)


def idea_of(group, by, text="Salir a las tres."):
    with acting("caregiver", by.pk):
        return ideas.write_idea(space=group.space, group=group, text=text, language="es")


def request_of(idea, by, **said):
    with acting("facilitator", by.pk):
        return ideas.turn_into_request(idea=idea, **{**ASKED, **said})


def ask(by, **said):
    with acting("facilitator", by.pk):
        return actions.ask(**{**ASKED, **said})


def answer(commitment, by, *, seen=None, **said):
    said = {**SAID, **said}
    with acting("leader", by.pk):
        seen = str(commitment.steps.count()) if seen is None else seen
        return actions.answer(commitment=commitment, seen=seen, **said)


def say(step, commitment, by):
    with acting("caregiver", by.pk):
        step(commitment=commitment)


def refused(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def now(commitment):
    return Commitment.objects.get(pk=commitment.pk)


def history(commitment):
    return [step.step for step in CommitmentStep.objects.filter(commitment=commitment).order_by("at", "pk")]


def later(clock, **by):
    clock.move_to(clock() + timedelta(**by))


# Asked


def test_an_idea_becomes_a_request_in_the_school_s_words_once(group, elena, idea, clock):
    first = request_of(idea, elena)
    later(clock, days=1)
    again = request_of(idea, elena, text="Otra cosa.")
    assert (again.pk, again.text, again.translated, again.idea_id) == (first.pk, *list(ASKED.values())[::2], idea.pk)
    assert (again.school_id, again.group_id, again.group_name) == (group.space.school_id, group.pk, group.name)
    assert (again.state, again.answered_at, history(first)) == ("received", None, ["asked"])


def test_a_request_and_its_history_have_no_place_for_a_person(asked):
    people = [
        field.name
        for model in (Commitment, CommitmentStep)
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model._meta.label == "accounts.Person"
    ]
    assert people == []


def test_shared_words_are_never_copied_so_that_taking_them_back_takes_all_of_them(group, elena, lucia):
    post = make_post(group, lucia, "La salida tarde nos complica.")
    with acting("facilitator", elena.pk):
        quote = quotes.ask(post=post, words="La salida tarde nos complica.", by=elena)
    with acting("caregiver", lucia.pk):
        quotes.allow(quote=quote, for_leaders=True, for_public=False, signature="mother")
    with acting("facilitator", elena.pk):
        shared = SharedQuote.objects.get()
    where = {"school": group.space.school, "group": group, "quote": shared}
    assert refused(ask, elena, **where, text="Dice: la salida tarde nos complica.") == "own_words"
    assert refused(ask, elena, **where, translated="La salida tarde nos complica.") == "own_words"
    assert ask(elena, **where).pk == ask(elena, **where, text="Otra vez.").pk


def sent_theme(group, elena, lucia, clock, **fields):
    people = [lucia, *(make_person(name, group.space.school, "caregiver") for name in ("Noemí", "Rut"))]
    for person in people[1:]:
        make_member(group, person)
    posts = [make_post(group, person, f"Dice {person.name}") for person in people]
    said = {"text": "La salida preocupa.", "language": "es", "translated": "Dismissal worries families."}
    with acting("facilitator", elena.pk):
        theme = themes.show(group=group, posts=posts, **said)
    clock.move_to(theme.shown_until)
    with acting("facilitator", elena.pk):
        themes.send(theme=theme, **fields)
        return SharedTheme.objects.get(theme=theme)


def test_a_sent_theme_is_asked_for_once(group, elena, lucia, clock):
    theme = sent_theme(group, elena, lucia, clock)
    where = {"school": group.space.school, "group": group, "theme": theme}
    assert ask(elena, **where).pk == ask(elena, **where, text="Otra vez.").pk


def test_the_worker_writes_after_which_evening_it_was_asked(group, elena, idea, clock):
    """The cast's third evening was on 11 February; the second is called off."""
    group.series.sessions.filter(number=3).update(cancelled_at=clock())
    asked = request_of(idea, elena)
    clock.move_to(datetime(2027, 1, 20, tzinfo=UTC))
    before_all = request_of(idea_of(group, elena, "Antes de empezar."), elena, text="Antes.")
    for _twice in range(2):
        with acting("worker"):
            tasks.note_sessions_of_requests()
    assert [now(each).after_session for each in (asked, before_all)] == [2, None]


# Answered


def test_the_school_s_answer_goes_from_received_to_done_with_a_dated_line_for_each(asked, principal, lucia, clock):
    later(clock, days=1)
    answer(asked, principal, **PROMISE)
    later(clock, days=1)
    answer(asked, principal, **{**PROMISE, "due_on": date(2027, 3, 19)}, text="It takes longer.")
    later(clock, days=1)
    answer(asked, principal, state="done", text="It is done.")
    later(clock, days=1)
    say(actions.confirm, asked, lucia)
    say(actions.confirm, asked, lucia)
    found = now(asked)
    assert (found.state, found.owner, found.due_on, found.confirmed_at) == (
        "done",
        "Ms. Lewis",
        date(2027, 3, 19),
        clock(),
    )
    assert history(asked) == ["asked", "under_way", "under_way", "done", "confirmed"]
    days = [step.at - asked.asked_at for step in asked.steps.order_by("at")]
    assert days == [timedelta(days=n) for n in range(5)]


def test_not_yet_leads_back_to_under_way_and_what_was_confirmed_is_taken_back(asked, principal, lucia, clock):
    answer(asked, principal, **PROMISE)
    later(clock, days=1)
    answer(asked, principal, state="done")
    later(clock, days=1)
    say(actions.confirm, asked, lucia)
    later(clock, days=1)
    say(actions.see_not_yet, asked, lucia)
    say(actions.see_not_yet, asked, lucia)
    say(actions.confirm, asked, lucia)
    assert (now(asked).state, now(asked).confirmed_at) == ("under_way", None)
    assert history(asked)[-2:] == ["confirmed", "not_yet"]


def test_what_families_do_not_see_is_late_though_no_day_was_ever_promised(asked, principal, lucia, clock):
    answer(asked, principal, state="done")
    say(actions.see_not_yet, asked, lucia)
    later(clock, days=14)
    assert [one.late for one in access.commitments_of(asked.school)] == [False]
    later(clock, days=1)
    assert [one.late for one in access.commitments_of(asked.school)] == [True]


def test_an_answer_says_who_and_when_or_why_not(asked, principal):
    assert refused(answer, asked, principal, state="under_way", due_on=date(2027, 3, 5)) == "who_and_when"
    assert refused(answer, asked, principal, state="under_way", owner="Ms. Lewis") == "who_and_when"
    assert refused(answer, asked, principal, **{**PROMISE, "due_on": date(2027, 2, 14)}) == "past"
    assert refused(answer, asked, principal, state="declined", text="") == "why"
    assert history(asked) == ["asked"]


def test_what_is_done_is_for_families_to_look_at_and_a_no_can_become_a_yes(asked, principal, clock):
    later(clock, days=1)
    answer(asked, principal, state="declined", text="There is no bus.")
    later(clock, days=1)
    answer(asked, principal, state="done", text="Now there is.")
    assert refused(answer, asked, principal, **PROMISE) == "done"
    assert history(asked) == ["asked", "declined", "done"]


# Late


@pytest.mark.parametrize(("days", "late"), [(14, False), (15, True)])
def test_unanswered_for_more_than_fourteen_days_is_late(asked, clock, days, late):
    later(clock, days=days)
    [found] = access.commitments_of(asked.school)
    assert (found.late, found.waits) == (late, days)


@pytest.mark.parametrize(("day", "late"), [(5, False), (6, True)])
def test_what_is_under_way_is_late_once_its_day_is_over_at_the_school(asked, principal, clock, day, late):
    answer(asked, principal, **PROMISE)
    # One o'clock at night in Greenwich is still the evening before in Chicago.
    clock.move_to(datetime(2027, 3, day + 1, 1, tzinfo=UTC))
    [found] = access.commitments_of(asked.school)
    assert (found.late, found.waits) == (late, None)


def test_late_ones_come_first_and_then_what_has_waited_longest(group, elena, principal, clock):
    made = {}
    for number, name in enumerate(("late", "old", "new", "promised", "done", "no")):
        made[name] = request_of(idea_of(group, elena, name), elena, text=name)
        later(clock, days=8 if number == 0 else 1)
    answer(made["promised"], principal, **PROMISE)
    answer(made["done"], principal, state="done")
    answer(made["no"], principal, state="declined")
    later(clock, days=3)
    found = access.commitments_of(group.space.school)
    assert [(one.text, one.late) for one in found] == [
        ("late", True),
        *((name, False) for name in ("old", "new", "promised", "done", "no")),
    ]
    standing = access.standing(group.space.school)
    assert (standing.asked, standing.answered, standing.late, standing.owes) == (6, 3, 1, True)


# Two at once


def at_once(*calls):
    """Let each happen in a thread of its own; return what became of them."""
    outcomes = []

    def run(call):
        try:
            call()
            outcomes.append("done")
        except (ValidationError, IntegrityError) as refusal:
            outcomes.append(getattr(refusal, "code", "broken"))
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(outcomes)


def without_the_lock(monkeypatch):
    """Let both look at everything before either writes, as they might if nobody waited."""
    both, clock = Barrier(2, timeout=10), actions.clock

    def now():
        # Asked last before an action writes.
        both.wait()
        return clock.now()

    monkeypatch.setattr(actions, "locked", lambda of: Commitment.objects.select_related("school").get(pk=of.pk))
    monkeypatch.setattr(actions, "clock", SimpleNamespace(now=now))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_of_two_leaders_who_answer_at_once_the_second_reads_the_first(asked, principal, monkeypatch, is_locked):
    """Negative control: without the lock both are written, and neither has read the other."""
    other = make_person("Mr. Okafor", asked.school, "leader")
    if not is_locked:
        without_the_lock(monkeypatch)
    outcomes = at_once(
        lambda: answer(asked, principal, seen="1", **PROMISE),
        lambda: answer(asked, other, seen="1", state="declined"),
    )
    steps, state = history(asked), now(asked).state
    if is_locked:
        assert (outcomes, sorted(steps)) == (["changed", "done"], sorted(["asked", state]))
    else:
        assert (outcomes, sorted(steps)) == (["done", "done"], ["asked", "declined", "under_way"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_families_who_see_it_at_once_are_one_line(asked, principal, elena, lucia, monkeypatch, is_locked):
    """Negative control: without the lock it is there twice."""
    answer(asked, principal, state="done")
    if not is_locked:
        without_the_lock(monkeypatch)
    outcomes = at_once(*(lambda who=who: say(actions.confirm, asked, who) for who in (elena, lucia)))
    assert (outcomes, history(asked).count("confirmed")) == (["done", "done"], 1 if is_locked else 2)


@pytest.mark.django_db(transaction=True)
def test_asked_twice_at_once_it_is_one_request(group, elena, lucia, clock):
    with transaction.atomic():
        theme = sent_theme(group, elena, lucia, clock)
    where = {"school": group.space.school, "group": group, "theme": theme}
    assert at_once(*(lambda: ask(elena, **where) for _twice in range(2))) == ["done", "done"]
    assert Commitment.objects.count() == 1


# What the database keeps


def refuse(audience, statement):
    with acting(audience), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("audience", ["caregiver", "facilitator", "leader", "worker"])
@pytest.mark.parametrize("statement", ["UPDATE partnerships_commitmentstep SET text = 'x'", "DELETE FROM {0}"])
def test_a_line_of_the_history_is_never_changed_nor_taken_out(asked, audience, statement):
    refuse(audience, statement.format("partnerships_commitmentstep"))


@pytest.mark.parametrize(
    ("audience", "statement"),
    [
        ("caregiver", "INSERT INTO partnerships_commitment DEFAULT VALUES"),
        ("caregiver", "UPDATE partnerships_commitment SET text = 'x'"),
        ("leader", "UPDATE partnerships_commitment SET text = 'x'"),
        ("leader", "INSERT INTO partnerships_commitment DEFAULT VALUES"),
        ("facilitator", "UPDATE partnerships_commitment SET answered_at = now()"),
        ("board", "UPDATE partnerships_commitment SET state = 'done'"),
        ("staff", "INSERT INTO partnerships_commitmentstep DEFAULT VALUES"),
    ],
)
def test_the_database_refuses_each_side_what_is_the_other_s(asked, audience, statement):
    refuse(audience, statement)
