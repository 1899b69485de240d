"""Asking how it was: when the form opens, to whom, until when, and one gentle second request."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db.models import Q

from accounts.database import acting
from dialogue_series import tasks
from dialogue_series.access import due
from dialogue_series.actions import feedback, joining
from dialogue_series.models import Attendance, Enrolment
from notifications import delivery, expand
from notifications.models import Intent, Message, MessagePerson
from surveys.actions import close_form, make_ring_keys, publish, submit
from surveys.models import Form, FormPerson
from tests.factories import make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db

WEEKLY = json.loads((settings.BASE_DIR / "fixtures" / "instruments.json").read_text())[0]
ANSWERS = {item["slug"]: item["options"][0]["value"] for item in WEEKLY["items"]}
NAMES = ("Ana", "Berta", "Carmen")


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def families(school):
    return [make_person(name, school, "caregiver", phone=f"+1773555020{n}") for n, name in enumerate(NAMES)]


@pytest.fixture
def series(school, families):
    publish(written=WEEKLY)
    series = make_series(school, families=families)
    make_ring_keys(ring=series.ring_id)
    series.ring.refresh_from_db()
    return series


@pytest.fixture
def fourth(series, clock):
    """The fourth evening, on Thursday the 18th of February, half an hour after its end."""
    session = series.sessions.get(number=4)
    clock.move_to(session.ends + timedelta(minutes=30))
    return session


def run(task):
    """Run a task as the worker does."""
    with acting("worker"):
        task()


def listed(form):
    return sorted(FormPerson.objects.filter(form=form).values_list("person__name", flat=True))


def told(kind):
    """Expand what waits, and name who has a message of this kind."""
    with acting("worker"):
        expand.waiting()
    return sorted(MessagePerson.objects.filter(kind=kind).values_list("person__name", flat=True))


# The first request


def test_the_form_opens_half_an_hour_after_the_evening_and_not_before(series, fourth, clock):
    clock.move_to(fourth.ends + timedelta(minutes=29))
    run(tasks.open_feedback_forms)
    fourth.refresh_from_db()
    assert fourth.form is None
    clock.move_to(fourth.ends + timedelta(minutes=30))
    run(tasks.open_feedback_forms)
    fourth.refresh_from_db()
    assert (fourth.form.opened_at, fourth.form.evening_on) == (clock.at, fourth.on)
    # 20:00 on Wednesday the 24th, the eve of the fifth evening, in Chicago.
    assert fourth.form.closes_at == datetime(2027, 2, 25, 2, 0, tzinfo=UTC)
    assert listed(fourth.form) == ["Ana", "Berta", "Carmen"]
    assert told("feedback_request") == ["Ana", "Berta", "Carmen"]


def test_opening_twice_opens_once(fourth):
    run(tasks.open_feedback_forms)
    run(tasks.open_feedback_forms)
    feedback.open_feedback(session=fourth)
    assert Form.objects.count() == 1
    assert Intent.objects.filter(kind="feedback_request").count() == 1


def test_evenings_whose_time_is_long_over_stay_without_a_form(series, fourth):
    run(tasks.open_feedback_forms)
    assert list(series.sessions.filter(form__isnull=False).values_list("number", flat=True)) == [4]


def test_whoever_was_marked_absent_gets_the_summary_and_not_the_form(fourth, families, clock):
    Attendance.objects.create(session=fourth, person=families[1], mode="absent", marked_at=clock.at)
    Attendance.objects.create(session=fourth, person=families[0], mode="video", marked_at=clock.at)
    run(tasks.open_feedback_forms)
    fourth.refresh_from_db()
    assert listed(fourth.form) == ["Ana", "Carmen"]
    assert told("feedback_request") == ["Ana", "Carmen"]
    assert told("missed_session") == ["Berta"]


def test_where_everybody_was_absent_no_form_opens(fourth, families, clock):
    for person in families:
        Attendance.objects.create(session=fourth, person=person, mode="absent", marked_at=clock.at)
    run(tasks.open_feedback_forms)
    assert Form.objects.count() == 0
    assert told("missed_session") == ["Ana", "Berta", "Carmen"]


def test_whoever_works_at_the_school_or_left_is_not_on_the_list(series, fourth, families):
    tie(families[0], series.school, "staff")
    joining.leave(enrolment=Enrolment.objects.get(person=families[1]))
    run(tasks.open_feedback_forms)
    fourth.refresh_from_db()
    assert listed(fourth.form) == ["Carmen"]


def test_the_list_goes_red_when_the_guard_is_out(series, fourth, families, monkeypatch):
    tie(families[0], series.school, "staff")
    monkeypatch.setattr("dialogue_series.access.families.BARRING_TIE", Q(kind=""))
    run(tasks.open_feedback_forms)
    fourth.refresh_from_db()
    assert listed(fourth.form) == ["Ana", "Berta", "Carmen"]


def test_a_cancelled_evening_and_a_ring_without_keys_open_nothing(series, fourth, clock):
    fourth.cancelled_at = clock.at
    fourth.save()
    assert fourth not in due.sessions_to_ask_about(at=clock.at)
    fourth.cancelled_at = None
    fourth.save()
    series.ring.made_at = None
    series.ring.save()
    run(tasks.open_feedback_forms)
    assert Form.objects.count() == 0


def test_the_last_form_stays_open_seven_days(series, clock):
    last = series.sessions.get(number=10)
    clock.move_to(last.ends + timedelta(hours=1))
    run(tasks.open_feedback_forms)
    last.refresh_from_db()
    assert last.form.closes_at == clock.at + timedelta(days=7)


def test_a_later_move_of_the_next_evening_does_not_change_the_closing(series, fourth):
    run(tasks.open_feedback_forms)
    series.sessions.filter(number=5).update(on="2027-03-30", begins=fourth.begins + timedelta(days=40))
    fourth.refresh_from_db()
    run(tasks.open_feedback_forms)
    assert Form.objects.get().closes_at == datetime(2027, 2, 25, 2, 0, tzinfo=UTC)


def test_whoever_leaves_keeps_her_line_and_can_answer_no_more(series, fourth, families):
    run(tasks.open_feedback_forms)
    joining.leave(enrolment=Enrolment.objects.get(person=families[0]))
    assert list(FormPerson.objects.order_by("person__name").values_list("person__name", "may_answer")) == [
        ("Ana", False),
        ("Berta", True),
        ("Carmen", True),
    ]


# The second request


@pytest.fixture
def three_days_later(fourth, families, clock):
    """Ana has answered; three days have gone by since the form opened."""
    run(tasks.open_feedback_forms)
    fourth.refresh_from_db()
    submit_as(fourth.form, families[0])
    clock.move_to(fourth.form.opened_at + timedelta(days=3))
    return fourth


def submit_as(form, person):
    submit(form=form, person=person, answers=dict(ANSWERS), comment="")


def test_the_second_request_reaches_only_whoever_has_not_answered_and_leaves_no_row_of_the_others(three_days_later):
    run(tasks.post_second_requests)
    assert told("feedback_second_request") == ["Berta", "Carmen"]
    assert set(Message.objects.filter(kind="feedback_second_request").values_list("secret", flat=True)) == {True}


def test_there_is_one_second_request_and_none_before_three_days(three_days_later, clock):
    opened = three_days_later.form.opened_at
    clock.move_to(opened + timedelta(days=3) - timedelta(minutes=1))
    run(tasks.post_second_requests)
    assert Intent.objects.filter(kind=due.SECOND_REQUEST).count() == 0
    for days in (3, 4, 5):
        clock.move_to(opened + timedelta(days=days))
        run(tasks.post_second_requests)
    assert Intent.objects.filter(kind=due.SECOND_REQUEST).count() == 1


def test_nobody_is_asked_again_about_two_evenings_within_three_days(series, three_days_later, clock):
    run(tasks.post_second_requests)
    fifth = series.sessions.get(number=5)
    fifth.begins, fifth.ends = clock.at - timedelta(days=5), clock.at - timedelta(days=5)
    fifth.form = Form.objects.get()
    Form.objects.filter(pk=fifth.form_id).update(closes_at=clock.at + timedelta(days=9))
    three_days_later.form = None
    three_days_later.save()
    fifth.save()
    assert due.sessions_to_ask_again_about(at=clock.at + timedelta(days=2)) == []
    assert due.sessions_to_ask_again_about(at=clock.at + timedelta(days=3, minutes=1)) == [fifth]


def test_somebody_who_answers_between_the_request_and_its_sending_is_not_asked(three_days_later, families, clock):
    run(tasks.post_second_requests)
    told("feedback_second_request")
    submit_as(three_days_later.form, families[1])
    clock.move_to(clock.at.replace(hour=18))
    with acting("worker"):
        delivery.go_round()
    states = Message.objects.filter(kind=due.SECOND_REQUEST).values_list("for_people__person__name", "state")
    assert sorted(states) == [("Berta", "unwanted"), ("Carmen", "sent")]


def test_at_the_close_nothing_tells_any_more_who_was_asked_again(three_days_later, clock):
    run(tasks.post_second_requests)
    told("feedback_second_request")
    run(tasks.forget_second_requests)
    assert Message.objects.filter(kind=due.SECOND_REQUEST).count() == 2
    clock.move_to(three_days_later.form.closes_at)
    with acting("worker"):
        close_form(form=three_days_later.form_id)
    run(tasks.forget_second_requests)
    assert Message.objects.filter(kind=due.SECOND_REQUEST).count() == 0
    assert MessagePerson.objects.filter(kind=due.SECOND_REQUEST).count() == 0
    run(tasks.post_second_requests)
    assert told(due.SECOND_REQUEST) == []


def test_whether_five_answered_is_written_when_second_requests_go_out(three_days_later, monkeypatch):
    monkeypatch.setattr("surveys.actions.ENOUGH", 1)
    run(tasks.post_second_requests)
    assert Form.objects.get().at_least_five is True
