"""Who came to an evening, and how."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.database import acting
from accounts.models import Person, StaffContact
from dialogue_series.actions import attending
from dialogue_series.models import Attendance, Enrolment, Invitation, Session
from dialogue_series.run_sheet import shared_out
from tests.factories import make_person, make_school, make_series

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True)


@pytest.fixture
def families(school):
    return [make_person(name, school, "caregiver") for name in ("Ana", "Beto", "Carla")]


@pytest.fixture
def session(school, elena, families):
    series = make_series(school, facilitator=elena, families=families, first_on=date(2027, 1, 28))
    return Session.objects.get(series=series, number=1)


def save(session, by, *modes, audience="facilitator", people=()):
    with acting(audience, by.pk):
        return attending.save_attendance(
            session=session, modes={person.pk: mode for person, mode in zip(people, modes, strict=True)}, by=by
        )


def refused_code(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def marks():
    return dict(Attendance.objects.values_list("person__name", "mode"))


def test_the_head_count_is_of_those_who_came_in_any_way(session, elena, families):
    saved = save(session, elena, "in_person", "video", "absent", people=families)

    assert saved.came == 2
    assert marks() == {"Ana": "in_person", "Beto": "video", "Carla": "absent"}


def test_a_later_save_corrects_an_earlier_one(session, elena, rosa, families):
    save(session, elena, "in_person", "video", "absent", people=families)

    saved = save(session, rosa, "video", audience="coordinator", people=families[2:])

    assert saved.came == 3
    assert marks() == {"Ana": "in_person", "Beto": "video", "Carla": "video"}


def test_nobody_is_marked_before_the_evening_starts(session, elena, families, clock):
    clock.move_to(datetime(2027, 1, 28, 23, 59, 59, tzinfo=UTC))
    assert refused_code(save, session, elena, "in_person", people=families[:1]) == "too_early"

    clock.move_to(datetime(2027, 1, 29, tzinfo=UTC))
    assert save(session, elena, "in_person", people=families[:1]).came == 1


def test_a_cancelled_evening_has_no_attendance(session, elena, families):
    Session.objects.filter(pk=session.pk).update(cancelled_at=datetime(2027, 1, 27, tzinfo=UTC))

    assert refused_code(save, session, elena, "in_person", people=families[:1]) == "cancelled"


def test_an_empty_sheet_is_not_a_head_count_of_nobody(session, elena):
    assert refused_code(save, session, elena) == "nobody"
    session.refresh_from_db()
    assert session.came is None


def test_a_facilitator_adds_who_came_along_by_name_once(session, elena):
    with acting("facilitator", elena.pk):
        people = {
            attending.add_walk_in(session=session, name=name, mode="in_person", by=elena).pk
            for name in ("Dora", "dora", "Dora")
        }

    assert len(people) == 1
    session.refresh_from_db()
    assert (session.came, marks()) == (1, {"Dora": "in_person"})
    assert Enrolment.objects.filter(person__name="Dora").count() == 0


def test_a_coordinator_also_invites_who_came_along(session, rosa):
    with acting("coordinator", rosa.pk):
        dora = attending.add_walk_in(
            session=session, name="Dora", mode="video", by=rosa, channel="sms", value="+17735550177"
        )

    assert list(Invitation.objects.values_list("person", "series")) == [(dora.pk, session.series_id)]
    assert marks() == {"Dora": "video"}


def test_somebody_of_the_staff_list_is_not_added(session, rosa, school):
    StaffContact.objects.create(school=school, value="+17735550177")

    with acting("coordinator", rosa.pk):
        code = refused_code(
            attending.add_walk_in,
            session=session,
            name="Dora",
            mode="video",
            by=rosa,
            channel="sms",
            value="+17735550177",
        )

    assert code == "on_staff_list"
    assert (marks(), Person.objects.filter(name="Dora").count()) == ({}, 0)


@pytest.mark.parametrize("total", range(60, 121))
def test_the_four_parts_of_an_evening_fill_it_to_the_minute(total):
    assert sum(shared_out([10, 10, 30, 10], total)) == total


def test_an_hour_and_a_half_keeps_the_proportions():
    assert shared_out([10, 10, 30, 10], 60) == [10, 10, 30, 10]
    assert shared_out([10, 10, 30, 10], 90) == [15, 15, 45, 15]
