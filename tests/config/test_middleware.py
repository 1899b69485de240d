"""Which audience a request runs as, who proves it twice, and what a change in mid-request does."""

import pytest

from accounts.database import acting
from accounts.models import Membership
from config import middleware
from notifications import clock
from partnerships.models import GroupMember
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def elena(school):
    elena = make_person("Elena", school, "caregiver")
    make_series(school, facilitator=elena)
    return elena


def attendance_of(client, person, school):
    series = school.series.get()
    session = series.sessions.get(number=1)
    return client.get(f"/s/{series.pk}/sessions/{session.number}/attendance/")


def test_a_parent_who_facilitates_needs_no_second_factor(client, elena, school):
    client.force_login(elena)
    assert attendance_of(client, elena, school).status_code == 200


def test_a_paid_coordinator_who_helps_to_facilitate_does(client, elena, school):
    rosa = make_person("Rosa", school, "coordinator", on_payroll=True)
    GroupMember.objects.create(group=school.series.get().group, person=rosa, role="facilitator", since=clock.now())
    client.force_login(rosa)
    assert attendance_of(client, rosa, school).status_code == 302
    assert attendance_of(sign_in(client, rosa), rosa, school).status_code == 200


@pytest.mark.parametrize("leads", ["the same evening", "another school's"])
def test_a_coordinator_who_facilitates_does_too_wherever_she_facilitates(client, elena, school, leads):
    ines = make_person("Inés", school, "coordinator")
    group = school.series.get().group if leads == "the same evening" else make_series(make_school("Roble")).group
    GroupMember.objects.create(group=group, person=ines, role="facilitator", since=clock.now())
    client.force_login(ines)
    assert attendance_of(client, ines, school).status_code == 302
    assert attendance_of(sign_in(client, ines), ines, school).status_code == 200


def test_somebody_hired_while_the_request_was_on_its_way_gets_a_404_and_nothing_stays(
    client, elena, school, monkeypatch
):
    path_ = f"/s/{school.series.get().pk}/"
    series = school.series.get()
    lucia = make_person("Lucía", school, "caregiver")
    series.enrolments.create(person=lucia, state="joined", asked_at=clock.now(), joined_at=clock.now())
    sign_in(client, lucia)
    assert client.get(path_).status_code == 200

    looked = []
    look = middleware.roles.held

    def hired_between_two_looks(person):
        if looked:
            with acting("tests"):
                Membership.objects.create(person=person, kind="staff", school=school, since=clock.now())
        looked.append(person)
        return look(person)

    monkeypatch.setattr(middleware.roles, "held", hired_between_two_looks)
    assert client.get(path_).status_code == 404
    assert Membership.objects.filter(kind="staff").count() == 0
