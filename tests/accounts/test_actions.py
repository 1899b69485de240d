"""What people do about themselves and their schools, once in effect however often it is said."""

import re
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction

from accounts import access, actions, links
from accounts.database import acting
from accounts.models import Link, LogEntry, Membership, Person, School, StaffContact
from accounts.roles import held
from notifications import clock
from tests.factories import make_person, make_school, sign_in

pytestmark = pytest.mark.django_db

PHONE = "+17735550142"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", language="en")


def test_a_tie_granted_twice_is_one(school):
    lucia = make_person("Lucía")
    first = actions.grant_membership(person=lucia, kind="caregiver", school=school)
    assert actions.grant_membership(person=lucia, kind="caregiver", school=school) == first
    assert Membership.objects.count() == 1


def test_a_tie_that_ended_holds_no_more_and_can_be_granted_again(school, clock):
    lucia = make_person("Lucía")
    tie = actions.grant_membership(person=lucia, kind="caregiver", school=school)
    actions.end_membership(membership=tie)
    assert held(lucia).audiences == set()
    actions.grant_membership(person=lucia, kind="caregiver", school=school)
    assert (held(lucia).audiences, Membership.objects.count()) == ({"caregiver"}, 2)


def test_the_invitations_of_a_family_that_goes_end_with_its_tie(school):
    lucia = make_person("Lucía", school, "caregiver")
    links.url_for("invitation", about=uuid4(), person=lucia.pk)
    actions.end_membership(membership=lucia.memberships.get())
    assert Link.objects.get().ends_at == clock.now()


def test_saying_that_one_works_there_closes_the_families_space_that_instant(school):
    lucia = make_person("Lucía", school, "caregiver")
    assert not held(lucia).bars(school.pk)
    actions.say_works_here(person=lucia, school=school)
    assert held(lucia).bars(school.pk)


def test_saying_that_one_does_not_work_there_is_remembered_and_bars_nothing(school):
    lucia = make_person("Lucía", school, "caregiver")
    with acting("link"):
        actions.say_does_not_work_here(person=lucia)
    assert (lucia.asked_about_work_at is not None, held(lucia).bars(school.pk)) == (True, False)


@pytest.mark.parametrize("audience", ["public", "person", "link", "caregiver", "facilitator", "leader", "district"])
def test_no_page_but_the_coordinator_s_writes_memberships(school, audience):
    lucia = make_person("Lucía")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), acting(audience):
        Membership.objects.create(person=lucia, kind="leader", school=school, since=lucia.created_at)


@pytest.mark.parametrize("audience", ["public", "caregiver", "facilitator", "coordinator", "leader", "operator"])
def test_only_a_link_or_a_person_can_say_where_she_works(school, audience):
    lucia = make_person("Lucía")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), acting(audience):
        actions.say_works_here(person=lucia, school=school)


def test_a_revealed_contact_is_written_down(school, rosa):
    lucia = make_person("Lucía", school, "caregiver", phone=PHONE)
    with acting("coordinator", rosa.pk):
        found = actions.reveal_contact(person=lucia, school=school, by=rosa)
    assert [address.value for address in found] == [PHONE]
    assert list(LogEntry.objects.values_list("act", "by", "about_person", "school")) == [
        ("contact_revealed", rosa.pk, lucia.pk, school.pk)
    ]


def masked(response):
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())


def paste(client, school, text):
    return client.post(f"/c/schools/{school.slug}/staff/", {"people": text})


def listed(school):
    return sorted(StaffContact.objects.filter(school=school).values_list("value", flat=True))


LIST = """
Ms. Grant <Grant@Mirador.org>
Pedro Ruiz\t(773) 555-0150\tpedro@mirador.org
773.555.0151
Front office, +1 773 555 0152
"""


def test_the_staff_list_is_pasted_as_it_comes_and_kept_in_one_form(client, school, rosa):
    assert paste(sign_in(client, rosa), school, LIST).url == "/c/schools/mirador/staff/"
    assert listed(school) == [
        "+17735550150",
        "+17735550151",
        "+17735550152",
        "grant@mirador.org",
        "pedro@mirador.org",
    ]
    assert access.listed_as_staff(school) == set(listed(school))


def test_a_line_without_an_address_is_named_and_nothing_is_lost(client, school, rosa):
    response = paste(sign_in(client, rosa), school, LIST + "Somebody else")
    assert (response.status_code, listed(school)) == (200, [])
    assert "We found no phone or e-mail here: Somebody else." in response.content.decode()
    assert "Pedro Ruiz" in response.content.decode()


def test_the_staff_list_pasted_again_replaces_what_was(client, school, rosa):
    paste(sign_in(client, rosa), school, LIST)
    paste(client, school, "grant@mirador.org\n773 555 0160")
    assert listed(school) == ["+17735550160", "grant@mirador.org"]
    assert "grant@mirador.org" in client.get("/c/schools/mirador/staff/").content.decode()


def test_the_staff_list_of_another_school_is_not_there(client, school, rosa):
    make_school("Otra")
    sign_in(client, rosa)
    other, absent = (client.get(f"/c/schools/{slug}/staff/") for slug in ("otra", "nada"))
    assert (other.status_code, absent.status_code) == (404, 404)
    assert masked(other).replace("otra", "nada") == masked(absent)


@pytest.mark.parametrize("kind", ["caregiver", "staff", "leader", "parent_seat", "operator"])
def test_nobody_else_opens_the_staff_list(client, school, kind):
    somebody = make_person("Alguien", school, kind)
    assert sign_in(client, somebody).get("/c/schools/mirador/staff/").status_code == 404


def start(**more):
    given = {
        "district": "Chicago",
        "coordinator_name": "Rosa",
        "coordinator_email": "Rosa@Example.org",
        "phone": "773 555 0100",
        **more,
    }
    call_command("start_school", "Academia Mirador", **given)


def test_a_school_is_started_once_with_its_first_coordinator(capsys):
    start(on_payroll=True)
    start(on_payroll=True)
    school, rosa = School.objects.get(), Person.objects.get()
    assert (school.slug, school.sms_name, school.help_name) == ("academia-mirador", "Academia Mirador", "Rosa")
    assert [address.value for address in access.own_addresses(rosa)] == ["rosa@example.org"]
    tie = Membership.objects.get()
    assert (tie.kind, tie.on_payroll, tie.person_id, tie.school_id) == ("coordinator", True, rosa.pk, school.pk)
    assert "Academia Mirador is ready. Rosa enters at http" in capsys.readouterr().out


def test_a_coordinator_of_whose_pay_nothing_is_said_is_asked_herself():
    start()
    assert Membership.objects.get().has_pay_unsaid


@pytest.mark.parametrize(
    "wrong", [{"coordinator_email": "rosa"}, {"phone": "555"}, {"sms_name": "A name much too long for a text"}]
)
def test_a_school_is_not_started_with_what_cannot_be(wrong):
    with pytest.raises(CommandError):
        start(**wrong)
    assert not School.objects.exists()


def test_a_page_s_login_cannot_start_a_school(settings):
    settings.PROCESS = "web"
    with pytest.raises(CommandError, match="PROCESS=worker"):
        start()


def test_one_open_tie_of_a_kind_is_kept_by_the_database(school):
    lucia = make_person("Lucía", school, "caregiver")
    with pytest.raises(IntegrityError, match="one_open_membership_of_a_kind"), transaction.atomic():
        Membership.objects.create(person=lucia, kind="caregiver", school=school, since=lucia.created_at)
