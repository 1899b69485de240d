"""Which audience a request runs as, who proves it twice, and what a change in mid-request does."""

import pytest

from accounts.database import acting
from accounts.models import Membership
from config import middleware
from notifications import clock
from partnerships.models import GroupMember
from tests.factories import enrol, make_person, make_school, make_series, sign_in

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


@pytest.fixture
def lucia(school, elena):
    """A family that has opened its series' page before."""
    lucia = make_person("Lucía", school, "caregiver")
    enrol(school.series.get(), lucia)
    return lucia


@pytest.fixture
def hired_between_two_looks(monkeypatch, school):
    """Let whoever asks for a page be hired after the first look at what she holds."""
    looked = []
    look = middleware.roles.held

    def held(person):
        if looked:
            with acting("tests"):
                Membership.objects.create(person=person, kind="staff", school=school, since=clock.now())
        looked.append(person)
        return look(person)

    monkeypatch.setattr(middleware.roles, "held", held)


def test_somebody_hired_while_the_request_was_on_its_way_gets_a_404_and_nothing_stays(
    client, lucia, school, hired_between_two_looks
):
    assert sign_in(client, lucia).get(f"/s/{school.series.get().pk}/").status_code == 404
    assert Membership.objects.filter(kind="staff").count() == 0


def test_without_the_second_look_she_would_be_let_in(client, lucia, school, hired_between_two_looks, monkeypatch):
    look_again = middleware.is_barred_meanwhile
    monkeypatch.setattr(middleware, "is_barred_meanwhile", lambda *given: look_again(*given) and False)
    assert sign_in(client, lucia).get(f"/s/{school.series.get().pk}/").status_code == 200
    assert Membership.objects.filter(kind="staff").count() == 1


def test_the_same_page_opens_when_nothing_happens_meanwhile(client, lucia, school):
    assert sign_in(client, lucia).get(f"/s/{school.series.get().pk}/").status_code == 200
