"""Who gets into a group and into the space of its school, and whom the lists show to each other."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.database import acting
from accounts.models import Membership, Person
from notifications import clock as product_clock
from partnerships.access import spaces
from partnerships.models import GroupMember, Post
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

# A page that is there, and one that takes words.
PAGES = ("", "new/", "members/")


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver")


@pytest.fixture
def group(school, elena, lucia):
    group = make_series(school, families=[lucia]).group
    make_member(group, elena, "facilitator")
    make_member(group, lucia)
    return group


@pytest.fixture
def last_years(school):
    """A group whose ten evenings were last year, with one family."""
    marta = make_person("Marta", school, "caregiver")
    group = make_series(school, families=[marta]).group
    make_member(group, marta)
    return group


def browser(person):
    return sign_in(Client(), person)


def found(person, *addresses):
    client = browser(person)
    return [client.get(address).status_code for address in addresses]


def rooms(group):
    return [f"{room}{page}" for room in (f"/g/{group.pk}/", "/space/mirador/") for page in PAGES]


def test_a_member_finds_her_group_and_the_space_of_its_school(group, lucia, elena):
    assert found(lucia, *rooms(group)) == [200] * 6
    assert found(elena, *rooms(group)) == [200] * 6


def test_whoever_took_part_in_an_earlier_series_stays_in_the_space_and_out_of_the_newer_group(group, last_years):
    marta = Person.objects.get(name="Marta")
    assert found(marta, f"/g/{group.pk}/", f"/g/{last_years.pk}/", "/space/mirador/") == [404, 200, 200]


def test_what_is_written_in_the_space_is_for_every_group_and_stands_in_none(group, last_years, lucia):
    browser(lucia).post("/space/mirador/new/", {"text": "Hola a todas las familias", "language": "es"})
    with acting("backup"):
        assert [(post.space_id, post.group_id) for post in Post.objects.all()] == [(group.space_id, None)]
    marta = Person.objects.get(name="Marta")
    assert "Hola a todas las familias" in browser(marta).get("/space/mirador/").content.decode()
    assert "Hola a todas las familias" not in browser(lucia).get(f"/g/{group.pk}/").content.decode()
    make_post(group, lucia, "Solo para el grupo")
    assert "Solo para el grupo" not in browser(marta).get("/space/mirador/").content.decode()


def test_the_space_says_who_can_read_it_and_leads_to_ones_own_groups(group, last_years, lucia):
    words = " ".join(browser(lucia).get("/space/mirador/").content.decode().split())
    assert "las 3 personas de los grupos de familias de esta escuela, también los de antes." in words
    assert f'href="/g/{group.pk}/"' in words
    assert f'href="/g/{last_years.pk}/"' not in words


def test_all_members_see_who_the_members_are_and_who_sits_on_the_council(group, school, lucia, elena):
    ana = make_person("Ana", school, "caregiver", "parent_seat")
    make_member(group, ana)
    words = " ".join(browser(lucia).get(f"/g/{group.pk}/members/").content.decode().split())
    listed = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<li>(?!<a)(.*?)</li>", words)]
    shown = [" ".join(row) for row in listed if "desde" in row]
    assert shown == [
        "Elena facilita desde el 11 de enero",
        "Ana está en el consejo escolar desde el 11 de enero",
        "Lucía desde el 11 de enero",
    ]


def stories(group, school):
    """Name everybody who must find nothing, and how she came to be nobody here."""
    people = {
        "nobody asked her yet": make_person("Sofía", school, "caregiver"),
        "elsewhere": make_person("Patricia", make_school("Roble"), "caregiver"),
        "no member": make_person("Noemí", school, "caregiver"),
        "hired": make_person("Hilda", school, "caregiver", "staff"),
        "staff seat": make_person("Berta", school, "caregiver", "staff_seat"),
        "paid coordinator": make_person("Rosa", school, "caregiver", "coordinator", on_payroll=True),
        "unpaid coordinator": make_person("Inés", school, "coordinator"),
        "leader": make_person("Dra. Grant", school, "leader"),
        "left": make_person("Luisa", school, "caregiver"),
        "gone from the school": make_person("Graciela", school),
    }
    ended = {"until": product_clock.now() - timedelta(days=1)}
    tie(people["gone from the school"], school, "caregiver", **ended)
    for name in ("hired", "staff seat", "paid coordinator", "leader", "left", "gone from the school"):
        make_member(group, people[name])
    GroupMember.objects.create(
        group=group, person=people["nobody asked her yet"], role="caregiver", since=product_clock.now()
    )
    GroupMember.objects.filter(person=people["left"]).update(**ended)
    return people


def test_nobody_else_finds_anything(group, school, lucia):
    post = make_post(group, lucia)
    addresses = [*rooms(group), f"/g/{group.pk}/{post.pk}/", f"/g/{group.pk}/{post.pk}/translate/"]
    assert {how: set(found(person, *addresses)) for how, person in stories(group, school).items()} == dict.fromkeys(
        stories_of(), {404}
    )


def stories_of():
    return (
        "nobody asked her yet",
        "elsewhere",
        "no member",
        "hired",
        "staff seat",
        "paid coordinator",
        "unpaid coordinator",
        "leader",
        "left",
        "gone from the school",
    )


def test_without_the_look_at_ties_the_words_themselves_still_stay_shut(group, school, lucia, monkeypatch):
    make_post(group, lucia, "Entre nosotras")
    people = stories(group, school)
    monkeypatch.setattr(spaces, "open_places", spaces.active_places)
    hired = browser(people["hired"])
    response = hired.get(f"/g/{group.pk}/")
    assert response.status_code == 200
    assert "Entre nosotras" not in response.content.decode()


def test_without_the_question_a_member_would_be_in(group, school, monkeypatch):
    sofia = stories(group, school)["nobody asked her yet"]
    assert found(sofia, f"/g/{group.pk}/") == [404]
    monkeypatch.setattr(spaces, "own_places", lambda person, *, at: spaces.open_places(at=at).filter(person=person))
    assert found(sofia, f"/g/{group.pk}/") == [200]


def test_somebody_hired_finds_nothing_from_the_next_request_on(group, school, lucia):
    client = browser(lucia)
    assert client.get(f"/g/{group.pk}/").status_code == 200
    Membership.objects.create(person=lucia, kind="staff", school=school, since=product_clock.now())
    assert {client.get(address).status_code for address in rooms(group)} == {404}


def test_a_family_has_her_own_tabs_and_a_coordinator_who_facilitates_the_desks(group, school, lucia):
    ines = make_person("Inés", school, "coordinator")
    make_member(group, ines, "facilitator")
    tabs = {
        person: re.findall(r'<li><a href="([^"]+)"', browser(person).get(f"/g/{group.pk}/").content.decode())[:3]
        for person in (lucia, ines)
    }
    assert tabs[lucia] == ["/s/", "/s/sessions/", f"/g/{group.pk}/"]
    assert tabs[ines][:2] == ["/c/", f"/g/{group.pk}/"]
