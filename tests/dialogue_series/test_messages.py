"""What families are told: to whom, until when, in which words, and never longer than one text."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db.models import Q
from django.utils import translation

from accounts.database import acting
from dialogue_series import tasks
from dialogue_series.actions import inviting, joining, planning
from dialogue_series.message_words import words_of_invitation
from dialogue_series.models import Attendance, Enrolment, Invitation, Rsvp, Session
from notifications import channels, delivery, expand, kinds, outbox
from notifications.models import Address, Intent, Message, MessagePerson
from notifications.segments import Segments, segments
from surveys.actions import make_ring_keys, open_form, publish, wave_of
from surveys.models import Form
from tests.dialogue_series.test_feedback import WEEKLY
from tests.factories import enrol, give_address, make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db

CHICAGO = ZoneInfo("America/Chicago")
OURS = (
    "invitation",
    "waiting_list",
    "place_free",
    "session_reminder",
    "session_moved",
    "session_cancelled",
    "feedback_request",
    "feedback_second_request",
    "survey_request",
    "survey_second_request",
    "missed_session",
)

ASK_ABOUT_ALL = ("survey_request", "survey_second_request")


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def marta(school):
    return make_person("Marta", school, "caregiver", phone="+17735550142")


@pytest.fixture
def ana(school):
    return make_person("Ana", school, "caregiver", email="ana@example.org", language="en")


@pytest.fixture
def series(school, marta, ana):
    return make_series(school, families=[marta, ana])


@pytest.fixture
def fourth(series):
    return series.sessions.get(number=4)


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True)


def at(clock, session, wall, days=0):
    """Move to a time on the school's wall, so many days from an evening."""
    clock.move_to(session.begins.astimezone(CHICAGO).replace(hour=wall.hour, minute=wall.minute) + timedelta(days=days))


def go(*to_run):
    """Run tasks and send everything, as the worker does."""
    with acting("worker"):
        for task in to_run:
            task()
        delivery.go_round()


def sent(**which):
    rows = MessagePerson.objects.filter(message__state="sent", **which)
    return sorted(rows.values_list("person__name", "kind", "occurrence"))


# Reminders


def test_the_day_before_and_two_hours_before_everybody_who_joined_is_reminded_once(fourth, clock):
    at(clock, fourth, time(17, 59), days=-1)
    go(tasks.post_reminders)
    assert sent() == []
    at(clock, fourth, time(18), days=-1)
    go(tasks.post_reminders, tasks.post_reminders)
    day_before = [(name, "session_reminder", "day_before") for name in ("Ana", "Marta")]
    assert sent() == day_before
    at(clock, fourth, time(16))
    go(tasks.post_reminders, tasks.post_reminders)
    two_hours = [(name, "session_reminder", "two_hours") for name in ("Ana", "Marta")]
    assert sent() == sorted(day_before + two_hours)


def test_one_reminder_goes_by_sms_in_spanish_and_the_other_by_mail_in_english(fourth, clock):
    at(clock, fourth, time(18), days=-1)
    go(tasks.post_reminders)
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["ana@example.org"], "Thursday, February 18, 6:00 p.m.: we hope to see you")
    ]


def test_whoever_was_hired_or_left_since_the_posting_is_not_reminded(series, fourth, marta, ana, clock):
    at(clock, fourth, time(18), days=-1)
    with acting("worker"):
        tasks.post_reminders()
        expand.waiting()
    tie(marta, series.school, "staff")
    joining.leave(enrolment=Enrolment.objects.get(person=ana))
    go()
    assert sent() == []
    assert set(Message.objects.values_list("state", flat=True)) == {"unwanted"}


def test_the_last_look_goes_red_when_the_guard_is_out(series, fourth, marta, clock, monkeypatch):
    at(clock, fourth, time(18), days=-1)
    with acting("worker"):
        tasks.post_reminders()
        expand.waiting()
    tie(marta, series.school, "staff")
    monkeypatch.setattr("dialogue_series.access.families.BARRING_TIE", Q(kind=""))
    go()
    assert ("Marta", "session_reminder", "day_before") in sent()


def test_a_cancelled_evening_reminds_nobody(fourth, clock, rosa):
    at(clock, fourth, time(18), days=-1)
    with acting("worker"):
        tasks.post_reminders()
        expand.waiting()
    fourth.cancelled_at = clock.at
    fourth.save()
    go(tasks.post_reminders)
    assert sent() == []


def test_an_evening_that_moves_before_its_reminder_goes_is_reminded_of_on_its_new_day(fourth, clock, rosa):
    at(clock, fourth, time(18), days=-1)
    with acting("worker"):
        tasks.post_reminders()
        expand.waiting()
    planning.move_session(session=fourth, on=date(2027, 2, 19), starts_at=time(18), by=rosa)
    go(tasks.post_reminders)
    assert {(kind, occurrence) for _name, kind, occurrence in sent()} == {("session_moved", "move-1")}
    fourth.refresh_from_db()
    at(clock, fourth, time(18), days=-1)
    go(tasks.post_reminders)
    assert sent(kind="session_reminder") == [
        ("Ana", "session_reminder", "day_before.1"),
        ("Marta", "session_reminder", "day_before.1"),
    ]


def test_a_reminder_by_hand_goes_to_that_person_alone(fourth, marta, rosa, clock):
    at(clock, fourth, time(12), days=-2)
    planning.remind(session=fourth, person=marta)
    go()
    assert sent() == [("Marta", "session_reminder", "by_hand")]


def test_two_on_one_phone_get_one_reminder(series, fourth, marta, clock):
    juan = make_person("Juan", series.school, "caregiver")
    give_address(juan, "sms", "+17735550142")
    enrol(series, juan)
    at(clock, fourth, time(18), days=-1)
    go(tasks.post_reminders)
    assert Message.objects.filter(address__channel="sms").count() == 1
    assert [name for name, *_rest in sent()] == ["Ana", "Juan", "Marta"]


# Moved and cancelled


def test_of_two_moves_only_the_newest_is_told(fourth, clock, rosa):
    at(clock, fourth, time(12), days=-3)
    planning.move_session(session=fourth, on=date(2027, 2, 19), starts_at=time(18), by=rosa)
    planning.move_session(session=fourth, on=date(2027, 2, 20), starts_at=time(18), by=rosa)
    go()
    assert {occurrence for _name, _kind, occurrence in sent()} == {"move-2"}
    assert [letter.subject for letter in mail.outbox] == ["Date change: session 4 moves to Saturday, February 20"]


def test_a_cancelled_evening_is_told_with_the_next_date(fourth, clock, rosa):
    at(clock, fourth, time(12), days=-3)
    planning.cancel_session(session=fourth, by=rosa)
    go()
    assert "Thursday, February 25" in mail.outbox[0].body
    assert [kind for _name, kind, _occurrence in sent()] == ["session_cancelled", "session_cancelled"]


# Invitations and places


def invite(series, person, rosa):
    return Invitation.objects.create(series=series, person=person, invited_by=rosa, invited_at=series.published_at)


def test_an_invitation_goes_once_and_not_after_it_was_answered(series, rosa):
    people = [make_person(name, series.school, "caregiver", email=f"{name}@example.org") for name in ("eva", "ines")]
    invitations = [invite(series, person, rosa) for person in people]
    for invitation in invitations:
        inviting.post(invitation)
    joining.decline(invitation=invitations[0])
    go()
    go()
    assert [letter.to for letter in mail.outbox] == [["ines@example.org"]]


def test_an_invitation_names_the_usual_weekday_when_the_next_evening_was_moved(series, fourth, rosa):
    moved = planning.move_session(session=fourth, on=date(2027, 2, 19), starts_at=time(17), by=rosa)
    words = words_of_invitation(series, who="Rosa", first=moved, url="https://x", language="en")
    assert (words["sms_weekdays"], words["sms_hour"], words["on"]) == ("Thursdays", "6:00 pm", date(2027, 2, 19))


def test_a_new_link_makes_the_message_that_still_waits_unwanted(series, rosa):
    invitation = invite(series, make_person("eva", series.school, "caregiver", email="eva@example.org"), rosa)
    inviting.post(invitation)
    inviting.send_again(invitation=invitation, by=rosa)
    go()
    assert sent() == [("eva", "invitation", "turn-2")]


def test_whoever_waits_is_told_so_and_hears_when_a_place_is_hers(series, rosa):
    for number in range(8):
        enrol(series, make_person(f"Familia {number}", series.school, "caregiver"))
    eva = make_person("eva", series.school, "caregiver", email="eva@example.org")
    joining.claim(invitation=invite(series, eva, rosa))
    go()
    joining.leave(enrolment=Enrolment.objects.filter(state="joined").first())
    go()
    assert sent() == [("eva", "place_free", "once"), ("eva", "waiting_list", "once")]


# One segment, and nothing that others may not read

BEFORE = {"today": timedelta(hours=2), "tomorrow": timedelta(days=1), "before": timedelta(days=3)}
LONGEST_NAME = "Escuela Sor Juana I Cruz"


def everything(series, person):
    """Post one message of each of our kinds to a person, and return them."""
    last = series.sessions.get(number=10)
    enrolment = Enrolment.objects.get(person=person)
    invitation = Invitation.objects.create(
        series=series, person=person, invited_by=make_person("Mayo Ana", series.school), invited_at=last.begins
    )
    Attendance.objects.create(session=last, person=person, mode="absent", marked_at=last.begins)
    forms = {kind: opened(series, kind, last, person) for kind in ("window", "before", "after")}
    last.form = forms["window"]
    last.save()
    enrolled = dict.fromkeys(("waiting_list", "place_free"), enrolment.pk)
    before, after = (dict.fromkeys(ASK_ABOUT_ALL, forms[when].pk) for when in ("before", "after"))
    about = {"invitation": invitation.pk, **enrolled, **before}
    address = Address.objects.get(owners=person)
    all_of_them = [*((kind, about.get(kind, last.pk)) for kind in OURS), *after.items()]
    return [
        Message(kind=kind, about=key, occurrence="once", address=address, reference=last.pk)
        for kind, key in all_of_them
    ]


def opened(series, kind, last, person):
    """Open one form about the last evening, or one of the two surveys."""
    return open_form(
        wave=wave_of(school=series.school, ring=series.ring, kind=kind),
        instrument="weekly-feedback",
        people=[person],
        evening_on=last.on if kind == "window" else None,
        opens_at=last.ends,
        closes_at=last.ends + timedelta(days=7),
    )


def written(message):
    """Write a message as the sender does: in the language of its address."""
    with translation.override(message.address.language):
        return channels.compose(message, kinds.named(message.kind).context(message))


@pytest.fixture
def longest(school, clock):
    """The longest names, days and hours that a school may plausibly have."""
    publish(written=WEEKLY)
    school.sms_name = LONGEST_NAME
    school.save()
    series = make_series(school, first_on=date(2027, 7, 28), place="Sótano")
    series.sessions.update(starts_at=time(12, 30))
    make_ring_keys(ring=series.ring_id)
    series.ring.refresh_from_db()
    return series


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("days", [0, 3])
@pytest.mark.parametrize("when", BEFORE)
def test_every_text_fits_one_gsm_segment(longest, clock, language, days, when, settings):
    settings.BASE_URL = "https://ejemplo.org"
    # Wednesday the 29th of September and Saturday the 2nd of October: the longest day, and the one with an accent.
    Session.objects.update(on=date(2027, 9, 29) + timedelta(days=days))
    last = longest.sessions.get(number=10)
    person = make_person("María", longest.school, "caregiver", phone="+17735550199", language=language)
    enrol(longest, person)
    messages = everything(longest, person)
    begins = last.begins.replace(year=2027, month=9, day=29) + timedelta(days=days)
    longest.sessions.update(begins=begins, ends=begins + timedelta(hours=1))
    clock.move_to(
        begins - {"today": timedelta(hours=2), "tomorrow": timedelta(days=1), "before": timedelta(days=3)}[when]
    )
    too_long = {}
    for message in messages:
        body = written(message).said["body"]
        counted = segments(body)
        if (counted.encoding, counted.count) != ("GSM-7", 1):
            too_long[message.kind] = (body, counted)
        assert body.startswith(f"{LONGEST_NAME}: ")
        assert body.endswith({"es": "ALTO para salir", "en": "STOP to end"}[language]), body
        for secret in ("María", "topic", "tema", "childcare", "cuidado", "answered", "contestado"):
            assert secret not in body
    assert too_long == {}


def test_a_letter_outside_the_alphabet_or_a_long_name_leaves_whoever_invites_unnamed(longest):
    def named(who):
        first = longest.sessions.get(number=1)
        return words_of_invitation(longest, who=who, first=first, url="", language="es")["sms_who"]

    assert [named(who) for who in ("Ana Rosa", "Lucía", "Guadalupe", "")] == ["Ana", "", "", ""]


def test_the_count_of_segments_sees_a_text_that_is_too_long():
    assert segments("a" * 161) == Segments("GSM-7", 2, 161, ())
    assert segments("sesión").encoding == "UCS-2"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_mail_has_a_subject_words_and_a_button_that_is_written_out(longest, language, clock):
    person = make_person("Ana", longest.school, "caregiver", email="ana@example.org", language=language)
    enrol(longest, person)
    clock.move_to(longest.sessions.get(number=10).begins - timedelta(days=1))
    for message in everything(longest, person):
        letter = written(message)
        html, _type = letter.alternatives[0]
        assert letter.subject
        assert f'lang="{language}"' in html
        assert "{{" not in letter.body + html
        assert "%(" not in letter.body + html
        assert ".." not in letter.body
        assert ("topic" in letter.body + html, "María" in letter.body) == (False, False)


def test_an_answer_that_somebody_cannot_come_is_in_no_message(longest, clock):
    person = make_person("Ana", longest.school, "caregiver", phone="+17735550199")
    enrol(longest, person)
    last = longest.sessions.get(number=10)
    clock.move_to(last.begins - timedelta(days=1))
    messages = everything(longest, person)
    bodies = [written(message).said["body"] for message in messages]
    Rsvp.objects.create(session=last, person=person, answer="cannot", answered_at=clock.at)
    assert [written(message).said["body"] for message in messages] == bodies


def test_what_is_posted_for_nobody_is_nothing(fourth):
    outbox.post(kind="missed_session", about=fourth.pk)
    go()
    assert (Message.objects.count(), Intent.objects.filter(expanded_at=None).count(), Form.objects.count()) == (0, 0, 0)
