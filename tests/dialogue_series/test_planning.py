"""Planning ten evenings around a school's calendar, and changing one of them afterwards."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.database import acting
from dialogue_series.actions import planning
from dialogue_series.models import NoSchoolDay, SchoolYear, Series, Session, SupportRequest
from notifications.models import Intent
from partnerships.models import GroupMember
from tests.factories import make_person, make_school, make_series, make_topics

pytestmark = pytest.mark.django_db
THURSDAYS = [(n, date(2027, 2, 18) + timedelta(weeks=n - 1)) for n in range(1, 11)]
SIX = time(18)


@pytest.fixture
def school():
    make_topics()
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True)


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


def plan(school, rosa, facilitators, **said):
    with acting("coordinator", rosa.pk):
        return planning.create_series(
            **{
                "school": school,
                "name": "Primavera 2027",
                "language": "es",
                "evenings": THURSDAYS,
                "starts_at": SIX,
                "minutes": 60,
                "place": "Biblioteca",
                "video_url": "",
                "dial_in": "",
                "offers": ["childcare"],
                "facilitators": facilitators,
                "by": rosa,
                **said,
            }
        )


def move(session, rosa, on, starts_at=SIX, **said):
    with acting("coordinator", rosa.pk):
        return planning.move_session(session=session, on=on, starts_at=starts_at, by=rosa, **said)


def evening(series, number):
    return Session.objects.get(series=series, number=number)


def intents(kind):
    return list(Intent.objects.filter(kind=kind).order_by("occurrence").values_list("about", "occurrence"))


def refused_code(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def test_a_series_is_published_with_ten_dated_evenings_its_group_and_its_ring(school, rosa, elena):
    series = plan(school, rosa, [elena])

    sessions = list(Session.objects.filter(series=series).order_by("number"))
    assert [(session.number, session.on, session.topic_id) for session in sessions] == [
        (number, on, number) for number, on in THURSDAYS
    ]
    assert series.published_at is not None
    assert series.ring.ends_on == THURSDAYS[-1][1]
    assert list(GroupMember.objects.filter(group=series.group).values_list("person", "role")) == [
        (elena.pk, "facilitator")
    ]


def test_an_evening_begins_at_six_on_the_wall_on_both_sides_of_the_clock_change(school, rosa, elena):
    series = plan(school, rosa, [elena])

    assert evening(series, 4).begins == datetime(2027, 3, 12, 0, tzinfo=UTC)
    assert evening(series, 5).begins == datetime(2027, 3, 18, 23, tzinfo=UTC)


def test_the_same_plan_makes_one_series(school, rosa, elena):
    key = uuid4()

    made = [plan(school, rosa, [elena], key=key).pk for _time in range(5)]

    assert made == [key] * 5
    assert Series.objects.count() == 1


@pytest.mark.parametrize("kinds", [("caregiver", "staff"), ("leader",), ("coordinator",)])
def test_a_series_needs_a_parent_whom_the_school_does_not_pay(school, rosa, kinds):
    someone = make_person("Alguien", school, *kinds, on_payroll=True)

    assert refused_code(plan, school, rosa, [someone]) == "no_parent_facilitator"
    assert Series.objects.count() == 0


def test_a_paid_coordinator_may_help_a_parent_to_run_the_sessions(school, rosa, elena):
    series = plan(school, rosa, [elena, rosa])

    assert set(GroupMember.objects.filter(group=series.group).values_list("person", flat=True)) == {elena.pk, rosa.pk}


def test_a_series_of_nine_dates_is_refused(school, rosa, elena):
    assert refused_code(plan, school, rosa, [elena], evenings=THURSDAYS[:9]) == "not_ten"


def test_a_moved_evening_keeps_its_number_and_families_are_told_once(school, rosa, elena):
    series = plan(school, rosa, [elena])
    friday = date(2027, 3, 5)

    for _time in range(5):
        move(evening(series, 3), rosa, friday)

    moved = evening(series, 3)
    assert (moved.number, moved.on, moved.moves) == (3, friday, 1)
    assert (moved.begins, moved.ends) == (datetime(2027, 3, 6, 0, tzinfo=UTC), datetime(2027, 3, 6, 1, tzinfo=UTC))
    assert intents("session_moved") == [(moved.pk, "move-1")]


def test_a_second_move_is_told_anew(school, rosa, elena):
    series = plan(school, rosa, [elena])

    move(evening(series, 3), rosa, date(2027, 3, 5))
    move(evening(series, 3), rosa, date(2027, 3, 6))

    assert [occurrence for _about, occurrence in intents("session_moved")] == ["move-1", "move-2"]


def test_the_ring_ends_with_the_last_evening(school, rosa, elena):
    series = plan(school, rosa, [elena])

    move(evening(series, 10), rosa, date(2027, 4, 29))
    assert Series.objects.get(pk=series.pk).ring.ends_on == date(2027, 4, 29)

    with acting("coordinator", rosa.pk):
        planning.cancel_session(session=evening(series, 10), by=rosa)
    assert Series.objects.get(pk=series.pk).ring.ends_on == THURSDAYS[8][1]


def test_an_evening_does_not_move_onto_a_day_without_school_unless_it_is_used_anyway(school, rosa, elena):
    series = plan(school, rosa, [elena])
    NoSchoolDay.objects.create(school=school, on=date(2027, 3, 5), reason="Día de maestros")

    assert refused_code(move, evening(series, 3), rosa, date(2027, 3, 5)) == "no_school"
    assert evening(series, 3).moves == 0

    assert move(evening(series, 3), rosa, date(2027, 3, 5), use_anyway=True).on == date(2027, 3, 5)


@pytest.mark.parametrize(
    ("number", "on", "code"),
    [
        (3, date(2027, 2, 12), "past"),
        (3, date(2027, 3, 11), "taken_day"),
        (3, date(2027, 3, 12), "out_of_order"),
        (10, date(2027, 6, 20), "after_last_day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_in_words(school, rosa, elena, number, on, code):
    series = plan(school, rosa, [elena])
    SchoolYear.objects.create(school=school, last_day_on=date(2027, 6, 10))

    assert refused_code(move, evening(series, number), rosa, on) == code


def test_an_evening_does_not_move_to_an_hour_that_has_passed(school, rosa, elena, clock):
    series = plan(school, rosa, [elena])

    assert refused_code(move, evening(series, 1), rosa, date(2027, 2, 15), time(9)) == "past"


def test_an_evening_that_was_held_keeps_its_date(school, rosa, elena, clock):
    series = plan(school, rosa, [elena])
    clock.move_to(datetime(2027, 2, 20, 12, tzinfo=UTC))

    assert refused_code(move, evening(series, 1), rosa, date(2027, 2, 22)) == "held"


def test_a_cancelled_evening_is_told_once_and_can_be_given_a_new_date(school, rosa, elena):
    series = plan(school, rosa, [elena])

    with acting("coordinator", rosa.pk):
        for _time in range(5):
            planning.cancel_session(session=evening(series, 2), by=rosa)
    assert [occurrence for _about, occurrence in intents("session_cancelled")] == ["cancel.0"]

    moved = move(evening(series, 2), rosa, date(2027, 2, 26))
    assert (moved.cancelled_at, moved.moves) == (None, 1)


def test_an_evening_that_has_begun_is_not_cancelled(school, rosa, elena, clock):
    series = plan(school, rosa, [elena])
    clock.move_to(evening(series, 1).begins)

    assert refused_code(planning.cancel_session, session=evening(series, 1), by=rosa) == "begun"


def test_help_is_arranged_for_everybody_who_asked_and_can_be_undone(school, rosa, elena):
    series = make_series(school, families=[elena])
    session = evening(series, 4)
    SupportRequest.objects.create(session=session, person=elena, kind="childcare")
    SupportRequest.objects.create(session=session, person=rosa, kind="childcare")
    SupportRequest.objects.create(session=session, person=rosa, kind="ride")

    def arranged():
        return set(SupportRequest.objects.filter(arranged_at__isnull=False).values_list("kind", "person"))

    with acting("coordinator", rosa.pk):
        planning.arrange(session=session, kind="childcare", is_arranged=True)
    assert arranged() == {("childcare", elena.pk), ("childcare", rosa.pk)}

    with acting("coordinator", rosa.pk):
        planning.arrange(session=session, kind="childcare", is_arranged=False)
    assert arranged() == set()


def test_a_reminder_by_hand_goes_once_to_one_person(school, rosa, elena):
    session = evening(make_series(school, families=[elena]), 4)

    with acting("coordinator", rosa.pk):
        for _time in range(5):
            planning.remind(session=session, person=elena)

    assert list(Intent.objects.values_list("kind", "occurrence", "to_person")) == [
        ("session_reminder", "by_hand", elena.pk)
    ]
