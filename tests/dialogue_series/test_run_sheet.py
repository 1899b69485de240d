"""The sheet of an evening begins with what the group agreed, for whoever may open the group and for nobody else."""

import pytest
from django.urls import reverse

from accounts.database import acting
from dialogue_series.views import attending
from notifications import clock
from partnerships.access import agreements as access
from partnerships.actions import agreements
from partnerships.models import GroupMember
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

WORDS = "Escuchamos hasta el final."
COUNT = "1 persona de este grupo está de acuerdo."


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def series(school, elena):
    series = make_series(school)
    make_member(series.group, elena, "facilitator")
    with acting("facilitator", elena.pk):
        agreed = agreements.agree_together(group=series.group, text=WORDS, language="es")
        agreements.say_yes(agreement=agreed, by=elena)
    return series


def sheet(client, person, series):
    response = sign_in(client, person).get(reverse("run_sheet", args=[series.pk, 4]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_sheet_begins_with_the_agreements_for_whoever_facilitates(client, series, elena):
    shown = sheet(client, elena, series)
    assert (shown.count(WORDS), shown.count(COUNT)) == (1, 1)


def test_there_is_nothing_to_read_before_the_group_agrees(client, school, elena):
    other = make_series(school)
    make_member(other.group, elena, "facilitator")
    assert "agree" not in sheet(client, elena, other)


def test_an_unpaid_coordinator_who_facilitates_reads_them_too(client, series, school):
    ines = make_person("Inés", school, "coordinator")
    make_member(series.group, ines, "facilitator")
    assert WORDS in sheet(client, ines, series)


@pytest.mark.parametrize("is_named_facilitator", [False, True])
def test_a_payroll_coordinator_has_the_sheet_without_them(client, series, school, is_named_facilitator):
    rosa = make_person("Rosa", school, "coordinator", on_payroll=True)
    if is_named_facilitator:
        make_member(series.group, rosa, "facilitator")
    assert WORDS not in sheet(client, rosa, series)


def test_a_coordinator_who_facilitates_elsewhere_has_the_sheet_without_them(client, series, school):
    ines = make_person("Inés", school, "coordinator")
    there = make_school("Roble")
    tie(ines, there, "caregiver")
    make_member(make_series(there).group, ines, "facilitator")
    assert WORDS not in sheet(client, ines, series)


def test_who_has_not_been_asked_whether_she_works_here_has_the_sheet_without_them(client, series, school):
    marta = make_person("Marta", school, "caregiver")
    GroupMember.objects.create(group=series.group, person=marta, role="facilitator", since=clock.now())
    assert WORDS not in sheet(client, marta, series)


def test_negative_control_two_locks_keep_them_from_a_payroll_coordinator(client, series, school, monkeypatch):
    rosa = make_person("Rosa", school, "coordinator", on_payroll=True)

    def let_in(request, group):
        return access.Room(series.group.space, series.group, request.person, True)

    make_member(series.group, rosa, "facilitator")
    # Without the look at her ties the database's policies still show no row.
    monkeypatch.setattr(access, "group_room", let_in)
    assert WORDS not in sheet(client, rosa, series)

    # With both out she reads them: the tests above can go red.
    def past_the_policies(request, group):
        with acting("backup"):
            found = access.versions(let_in(request, group)).current
            found.translation = None
            return found

    monkeypatch.setattr(attending, "opening_words", past_the_policies)
    assert WORDS in sheet(client, rosa, series)
