"""What the ledger tells: families that the school answered, leaders what they owe; never what was asked or said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import translation

from accounts.database import acting
from insights import tasks
from notifications import channels, delivery
from notifications.models import MessagePerson
from notifications.segments import segments
from partnerships.actions import commitments as actions
from partnerships.actions import ideas
from partnerships.models import Commitment
from tests.factories import make_member, make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db

WORDS = {"text": "Que la salida sea a las tres.", "language": "es", "translated": "Let school end at three."}
SAID = {"text": "We try it for a month.", "language": "en", "translated": ""}
MONDAY = datetime(2027, 2, 22, 15, tzinfo=UTC)


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def marta(school):
    """She holds a place, and has never opened the group."""
    return make_person("Marta", school, "caregiver", phone="+17735550142")


@pytest.fixture
def group(school, marta):
    return make_series(school, families=[marta]).group


@pytest.fixture
def elena(school, group):
    elena = make_person("Elena", school, "caregiver", email="elena@example.org", language="en")
    make_member(group, elena, "facilitator")
    return elena


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", email="grant@example.org", language="en")


@pytest.fixture
def asked(group, elena):
    return ask(group, elena)


def ask(group, elena, text=WORDS["text"]):
    with acting("facilitator", elena.pk):
        idea = ideas.write_idea(space=group.space, group=group, text=text, language="es")
        return ideas.turn_into_request(idea=idea, **{**WORDS, "text": text})


def answer(asked, principal, **said):
    with acting("leader", principal.pk):
        return actions.answer(commitment=asked, seen=str(asked.steps.count()), **{**SAID, **said})


def go(*to_run):
    with acting("worker"):
        for task in to_run:
            task()
        delivery.go_round()


def told(kind):
    rows = MessagePerson.objects.filter(message__state="sent", kind=kind)
    return sorted(rows.values_list("person__name", "occurrence"))


# To families


def test_who_holds_a_place_and_who_facilitates_are_told_once_and_progress_is_no_news(asked, principal, clock):
    due = {"owner": "Ms. Lewis", "due_on": date(2027, 3, 5)}
    for text in ("We try it.", "It goes on."):
        clock.move_to(clock() + timedelta(hours=1))
        answer(asked, principal, state="under_way", text=text, **due)
    go()
    assert told("school_answered") == [("Elena", "under_way-1"), ("Marta", "under_way-1")]
    clock.move_to(clock() + timedelta(hours=1))
    answer(asked, principal, state="done")
    go()
    both = ("done-3", "under_way-1")
    assert told("school_answered") == [(name, said) for name in ("Elena", "Marta") for said in both]


def test_nothing_of_the_request_or_of_the_answer_leaves_in_a_message(asked, principal):
    answer(asked, principal, state="declined", text="There is no bus.")
    go()
    [sent] = [one for one in mail.outbox if one.to == ["elena@example.org"]]
    assert sent.subject == "The school answered your group"
    whole = sent.subject + sent.body + sent.alternatives[0][0]
    assert [words for words in (*WORDS.values(), "no bus") if len(words) > 2 and words in whole] == []
    assert "/school/mirador/" in sent.body


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("is_group", [True, False])
def test_the_text_message_is_one_segment(language, is_group):
    words = {"sms_name": "Academia Mirador", "is_group": is_group}
    with translation.override(language):
        text = channels.plain(
            "sms/school_answered.txt", {**words, "button_url": "https://dialogos.example.org/school/mirador-del-lago/"}
        )
    assert (segments(text).encoding, segments(text).count) == ("GSM-7", 1)


def test_in_spanish_it_says_so_in_spanish():
    with translation.override("es"):
        said = [channels.plain("emails/school_answered_subject.txt", {"is_group": each}) for each in (True, False)]
    assert said == ["La escuela respondió a su grupo", "La escuela respondió a las familias"]


def test_what_was_asked_for_all_families_is_told_to_all_whom_no_tie_bars(school, group, elena, principal):
    commitment = ask(group, elena)
    Commitment.objects.update(group=None)
    make_person("Carmen", school, "caregiver", phone="+17735550199")
    make_person("Teresa", school, "caregiver", "staff", phone="+17735550198")
    answer(commitment, principal, state="declined")
    go()
    assert [name for name, _occurrence in told("school_answered")] == ["Carmen", "Elena", "Marta"]


def test_who_was_hired_meanwhile_is_not_told(school, asked, marta, principal):
    answer(asked, principal, state="declined")
    tie(marta, school, "staff")
    go()
    assert told("school_answered") == [("Elena", "declined-1")]


def test_an_answer_that_no_longer_stands_is_not_told(asked, elena, principal, clock):
    """Said in the night; by the morning it is another."""
    clock.move_to(datetime(2027, 2, 16, 5, tzinfo=UTC))
    answer(asked, principal, state="declined")
    clock.move_to(datetime(2027, 2, 16, 6, tzinfo=UTC))
    answer(asked, principal, state="done")
    clock.move_to(datetime(2027, 2, 16, 15, tzinfo=UTC))
    go()
    assert [occurrence for _name, occurrence in told("school_answered")] == ["done-2", "done-2"]


# To leaders


def subject(principal):
    return next((one.subject for one in mail.outbox if one.to == ["grant@example.org"]), "")


def test_on_a_monday_at_nine_leaders_read_what_is_due_and_when_once_a_week(asked, principal, clock):
    answer(asked, principal, state="under_way", owner="Ms. Lewis", due_on=date(2027, 2, 26))
    clock.move_to(MONDAY - timedelta(seconds=1))
    go(tasks.tell_answers_due)
    assert subject(principal) == ""
    for hours in (0, 3, 24):
        clock.move_to(MONDAY + timedelta(hours=hours))
        go(tasks.tell_answers_due)
    assert subject(principal) == "1 answer to families is due Friday"
    assert told("answers_due") == [("Dra. Grant", "week-2027-08")]
    clock.move_to(MONDAY + timedelta(days=7))
    go(tasks.tell_answers_due)
    assert [one.subject for one in mail.outbox if one.to == ["grant@example.org"]][1:] == [
        "1 answer to families is late"
    ]


@pytest.mark.parametrize(
    ("late", "due", "due_on", "spanish"),
    [
        (0, 1, date(2027, 2, 26), "Falta 1 respuesta a las familias, vence el viernes"),
        (0, 2, None, "Faltan 2 respuestas a las familias, vencen esta semana"),
        (1, 0, None, "1 respuesta a las familias está atrasada"),
        (1, 2, None, "3 respuestas a las familias están atrasadas o vencen esta semana"),
    ],
)
def test_the_subject_counts_what_is_owed(late, due, due_on, spanish):
    with translation.override("es"):
        words = {"late": late, "due": due, "all": late + due, "due_on": due_on}
        assert channels.plain("emails/answers_due_subject.txt", words) == spanish


def test_where_nothing_is_owed_this_week_nobody_is_written_to(asked, principal, clock):
    answer(asked, principal, state="under_way", owner="Ms. Lewis", due_on=date(2027, 3, 1))
    clock.move_to(MONDAY)
    go(tasks.tell_answers_due)
    assert told("answers_due") == []


def test_who_answers_before_the_mail_goes_is_not_reminded(asked, principal, clock):
    clock.move_to(MONDAY + timedelta(days=7))
    with acting("worker"):
        tasks.tell_answers_due()
    answer(asked, principal, state="declined")
    go()
    assert told("answers_due") == []
