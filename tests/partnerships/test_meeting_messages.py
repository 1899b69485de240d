"""Families hear of a meeting with staff: once it stands, again when it moves, and nothing of what it is about."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import translation

from accounts.database import acting
from notifications import delivery
from notifications.models import MessagePerson
from notifications.segments import segments
from notifications.wording import day_short
from partnerships.actions import meetings as actions
from partnerships.models import JointMeeting
from tests.factories import make_person, make_school, tie
from tests.partnerships.test_meetings import DAY, WHOLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", email="lucia@example.org")


@pytest.fixture
def denise(school):
    return make_person("Denise", school, "caregiver", phone="+17735550142", language="en")


@pytest.fixture
def meeting(school):
    return JointMeeting.objects.create(school=school, **DAY, **WHOLE)


def publish(meeting, rosa):
    with acting("coordinator", rosa.pk):
        return actions.publish(meeting=meeting)


def change(meeting, rosa, **said):
    with acting("coordinator", rosa.pk):
        return actions.change(meeting=meeting, **said)


def told(kind="meeting_set"):
    with acting("worker"):
        delivery.go_round()
    rows = MessagePerson.objects.filter(message__state="sent", kind=kind)
    return sorted(rows.values_list("person__name", flat=True))


def test_every_family_is_told_once_when_it_stands(meeting, rosa, lucia, denise, school):
    make_person("Dra. Grant", school, "leader", email="grant@example.org")
    assert told() == []
    publish(meeting, rosa)
    publish(meeting, rosa)
    change(meeting, rosa, place="Gimnasio", staff_seats=4)
    assert told() == ["Denise", "Lucía"]
    [letter] = mail.outbox
    assert letter.subject == "Reunión de familias y personal de la escuela: jueves 4 de marzo"
    assert "Antes, el martes 2 de marzo, a las 6:00 p. m., se juntan solo las familias" in letter.body
    assert ".." not in letter.body + letter.alternatives[0][0]
    assert "/school/mirador/meetings/" in letter.body


def test_what_it_is_about_and_what_was_agreed_stay_on_the_page(meeting, rosa, lucia):
    publish(meeting, rosa)
    told()
    [letter] = mail.outbox
    whole = letter.subject + letter.body + letter.alternatives[0][0]
    assert [words for words in (DAY["title"], WHOLE["agreements"], "de primero", "Salón 4") if words in whole] == []


@pytest.mark.parametrize(
    "moved", [{"on": date(2027, 3, 11)}, {"starts_at": time(19)}, {"families_on": date(2027, 3, 1)}]
)
def test_of_another_day_or_hour_they_are_told_again(meeting, rosa, lucia, moved):
    publish(meeting, rosa)
    assert told() == ["Lucía"]
    change(meeting, rosa, **moved)
    assert told() == ["Lucía", "Lucía"]


def test_a_meeting_that_moved_before_the_message_went_is_told_as_it_stands_now(meeting, rosa, lucia):
    publish(meeting, rosa)
    change(meeting, rosa, on=date(2027, 3, 11))
    assert told() == ["Lucía"]
    assert "11 de marzo" in mail.outbox[0].subject


def test_moved_and_moved_back_they_are_told_both_times(meeting, rosa, lucia):
    publish(meeting, rosa)
    told()
    for on in (date(2027, 3, 11), DAY["on"]):
        change(meeting, rosa, on=on)
        told()
    assert [letter.subject[-10:] for letter in mail.outbox] == ["4 de marzo", "1 de marzo", "4 de marzo"]


def test_one_withdrawn_before_the_message_went_is_told_to_nobody(meeting, rosa, lucia):
    publish(meeting, rosa)
    change(meeting, rosa, families_seats=5)
    assert (told(), told("meeting_off")) == ([], [])


def test_one_withdrawn_is_told_to_whoever_knew_of_it_and_again_once_it_stands(meeting, rosa, lucia, school):
    publish(meeting, rosa)
    assert told() == ["Lucía"]
    make_person("Ana", school, "caregiver", email="ana@example.org")
    change(meeting, rosa, families_seats=5)
    assert (told("meeting_off"), mail.outbox[-1].subject) == (
        ["Lucía"],
        "Ya no hay reunión con el personal el jueves 4 de marzo",
    )
    change(meeting, rosa, families_seats=12)
    assert told() == ["Lucía"]
    publish(meeting, rosa)
    assert told() == ["Ana", "Lucía", "Lucía"]


def test_the_families_own_day_is_not_set_into_the_past_and_not_told_once_it_is_over(meeting, rosa, lucia, clock):
    with pytest.raises(ValidationError) as refused:
        change(meeting, rosa, families_on=date(2027, 2, 8))
    assert refused.value.code == "past"
    clock.move_to(datetime(2027, 3, 3, 18, tzinfo=UTC))
    publish(meeting, rosa)
    assert told() == ["Lucía"]
    assert ("4 de marzo" in mail.outbox[0].body, "2 de marzo" in mail.outbox[0].body) == (True, False)


def test_a_meeting_whose_hour_is_over_is_not_published(meeting, rosa, clock):
    clock.move_to(datetime(2027, 3, 5, 0, 30, tzinfo=UTC))
    with pytest.raises(ValidationError) as refused:
        publish(meeting, rosa)
    assert refused.value.code == "past"


def test_who_works_at_the_school_by_now_is_not_told(meeting, rosa, lucia, school):
    publish(meeting, rosa)
    tie(lucia, school, "staff")
    assert told() == []


def test_nobody_is_told_once_it_has_begun(meeting, rosa, lucia, clock):
    publish(meeting, rosa)
    clock.move_to(clock() + timedelta(days=30))
    assert told() == []


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("on", [date(2027, 9, 29), date(2027, 1, 30)])
@pytest.mark.parametrize("kind", ["meeting_set", "meeting_off"])
def test_the_text_message_is_one_segment(language, on, kind):
    context = {
        "sms_name": "Academia Mirador",
        "sms_day": day_short(on, language),
        "sms_hour": "12:00 pm",
        "button_url": "https://dialogos.example.org/school/mirador-del-lago/meetings/",
    }
    with translation.override(language):
        text = render_to_string(f"sms/{kind}.txt", context).strip()
    assert (segments(text).encoding, segments(text).count) == ("GSM-7", 1)
