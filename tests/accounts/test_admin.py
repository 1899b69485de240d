"""The operator keeps schools, districts and ties; nothing that a caregiver wrote, and no contact details."""

import pytest

from accounts.admin import site
from accounts.models import Membership, Person, School
from accounts.routes import walk
from tests.factories import make_person, make_school, sign_in

pytestmark = pytest.mark.django_db

PHONE = "+17735550142"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def operator(client, school):
    return sign_in(client, make_person("Quien opera", None, "operator", language="en"))


def test_three_registers_and_no_more():
    assert {model._meta.label for model in site._registry} == {
        "accounts.School",
        "accounts.District",
        "accounts.Membership",
    }


def test_every_address_of_the_system_is_the_operator_s():
    assert {view.declaration.audiences for where, _, view in walk() if where.startswith("system/")} == {("operator",)}


@pytest.mark.parametrize("kind", ["caregiver", "coordinator", "leader", "staff", "district_lead", "evaluator"])
def test_nobody_else_finds_the_system_superusers_included(client, school, kind):
    somebody = make_person("Alguien", school, kind, is_superuser=True, is_staff=True)
    assert sign_in(client, somebody).get("/system/").status_code == 404


@pytest.mark.parametrize("where", ["", "login/", "accounts/membership/"])
def test_a_stranger_is_sent_to_the_one_way_in(client, where):
    assert client.get(f"/system/{where}").url == f"/enter/?next=/system/{where}"


def test_the_operator_reads_each_register(operator, school):
    make_person("Lucía", school, "caregiver", phone=PHONE)
    pages = [operator.get(f"/system/{path}") for path in ("", "accounts/school/", "accounts/membership/")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [word for page in pages for word in ("Lucía", "5550142") if word in page.content.decode()] == []


def test_the_operator_makes_and_corrects_a_school(operator, school):
    fields = {
        "district": str(school.district_id),
        "slug": "norte",
        "name": "Escuela Norte",
        "sms_name": "Norte",
        "zone": "America/Chicago",
        "help_name": "Ana",
        "help_phone": "773 555 0111",
    }
    assert operator.post("/system/accounts/school/add/", fields).status_code == 302
    norte = School.objects.get(slug="norte")
    operator.post(f"/system/accounts/school/{norte.pk}/change/", {**fields, "help_name": "Eva"})
    norte.refresh_from_db()
    assert norte.help_name == "Eva"


def test_the_operator_makes_and_ends_a_tie(operator, school):
    grant = Person.objects.create(name="Grant")
    fields = {"person": str(grant.pk), "kind": "leader", "school": str(school.pk), "district": ""}
    assert operator.post("/system/accounts/membership/add/", fields).status_code == 302
    tie = Membership.objects.get(person=grant)
    ended = {"until_0": "2027-02-15", "until_1": "18:00:00"}
    assert operator.post(f"/system/accounts/membership/{tie.pk}/change/", ended).status_code == 302
    tie.refresh_from_db()
    assert tie.until is not None


def test_nothing_is_deleted_in_the_system(operator, school):
    assert operator.post(f"/system/accounts/school/{school.pk}/delete/", {"post": "yes"}).status_code == 403
    assert School.objects.count() == 1
