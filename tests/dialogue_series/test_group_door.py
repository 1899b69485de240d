"""The door between a series and its group: one question, asked of each who holds a place and of nobody else."""

import pytest
from django.test import Client

from accounts.models import Membership, Person
from dialogue_series.access import families as access
from dialogue_series.models import Enrolment
from partnerships.models import GroupMember
from tests.dialogue_series.pages import text_of
from tests.factories import enrol, make_member, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

WHY = "el espacio de las familias de Academia Mirador"


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
def series(school, lucia, elena):
    make_person("Rosa", school, "coordinator", on_payroll=True)
    return make_series(school, families=[lucia], facilitator=elena)


def browser(person):
    return sign_in(Client(), person)


def door(series):
    return f"/s/{series.pk}/group/"


def places(person):
    return list(GroupMember.objects.filter(person=person).values_list("role", flat=True))


def test_the_first_opening_says_who_can_read_and_asks_one_question(series, lucia):
    words = text_of(browser(lucia).get(door(series)))
    assert "¿Trabaja usted en esta escuela?" in words
    # She and Elena: as the group will be with her in it.
    assert "las 2 personas de este grupo, entre ellas Elena, que lo facilita" in words
    assert "No lo puede leer Rosa, que trabaja en la escuela." in words
    assert "checked" not in words
    assert places(lucia) == []


def test_a_no_lets_her_in_and_is_asked_once(series, lucia):
    client = browser(lucia)
    assert client.post(door(series), {"works_here": "no"})["Location"] == f"/g/{series.group_id}/"
    assert client.get(f"/g/{series.group_id}/").status_code == 200
    assert client.get(door(series))["Location"] == f"/g/{series.group_id}/"
    assert places(lucia) == ["caregiver"]
    client.post(door(series), {"works_here": "no"})
    assert places(lucia) == ["caregiver"]


def test_without_an_answer_nobody_gets_in(series, lucia):
    words = text_of(browser(lucia).post(door(series), {}))
    assert "Elija una de las respuestas" in words
    assert places(lucia) == []
    assert browser(lucia).get(f"/g/{series.group_id}/").status_code == 404


def test_a_yes_is_explained_before_it_counts(series, lucia):
    client = browser(lucia)
    assert client.post(door(series), {"works_here": "yes"})["Location"] == "/me/works-here/mirador/"
    words = text_of(client.get("/me/works-here/mirador/"))
    assert "Lo que sigue abierto para usted" in words
    assert not Membership.objects.filter(person=lucia, kind="staff").exists()
    assert client.get(door(series)).status_code == 200


def test_a_yes_closes_the_group_at_once_and_only_her_own_page_says_why(series, lucia):
    client = browser(lucia)
    client.post(door(series), {"works_here": "no"})
    assert client.post("/me/works-here/mirador/")["Location"] == "/me/"
    assert text_of(client.get("/me/")).count(WHY) == 1
    for address in (door(series), f"/g/{series.group_id}/", "/space/mirador/", f"/s/{series.pk}/"):
        response = client.get(address)
        assert response.status_code == 404
        assert "trabaja" not in text_of(response)
    client.post("/me/works-here/mirador/")
    assert Membership.objects.filter(person=lucia, kind="staff").count() == 1


def test_whoever_facilitates_is_asked_too_and_stays_the_one_who_facilitates(series, elena):
    client = browser(elena)
    assert client.get(f"/g/{series.group_id}/").status_code == 404
    assert client.post(door(series), {"works_here": "no"})["Location"] == f"/g/{series.group_id}/"
    assert client.get(f"/g/{series.group_id}/").status_code == 200
    assert places(elena) == ["facilitator"]


def test_a_coordinator_who_facilitates_unpaid_gets_in_and_has_somewhere_to_say_yes(series, school):
    ines = make_person("Inés", school, "coordinator")
    GroupMember.objects.create(group=series.group, person=ines, role="facilitator", since=ines.created_at)
    client = browser(ines)
    assert client.post(door(series), {"works_here": "yes"})["Location"] == "/me/works-here/mirador/"
    assert client.get("/me/works-here/mirador/").status_code == 200
    assert client.post(door(series), {"works_here": "no"})["Location"] == f"/g/{series.group_id}/"


def strangers(series, school):
    """Name everybody for whom there is no door."""
    there = make_school("Roble")
    people = {
        "elsewhere": make_person("Patricia", there, "caregiver"),
        "no place": make_person("Noemí", school, "caregiver"),
        "waiting": make_person("Sofía", school, "caregiver"),
        "left": make_person("Luisa", school, "caregiver"),
        "hired": make_person("Hilda", school, "caregiver", "staff"),
        "gone": make_person("Graciela", there, "caregiver"),
    }
    for name in ("waiting", "left", "hired", "gone"):
        enrol(series, people[name])
    Enrolment.objects.filter(person=people["waiting"]).update(state="waiting")
    Enrolment.objects.filter(person=people["left"]).update(state="left")
    return people


def test_for_everybody_else_there_is_no_door(series, school):
    people = strangers(series, school)
    answers = {
        (how, method): getattr(browser(person), method)(door(series), {"works_here": "no"}).status_code
        for how, person in people.items()
        for method in ("get", "post")
    }
    assert set(answers.values()) == {404}
    assert [places(person) for person in people.values()] == [[]] * len(people)


@pytest.mark.parametrize("how", ["elsewhere", "no place", "waiting", "left", "hired", "gone"])
def test_without_that_look_the_database_still_lets_nobody_in(series, school, how, monkeypatch):
    person = strangers(series, school)[how]
    series.my_state, series.is_led = "joined", False
    monkeypatch.setattr(access, "my_series", lambda person, pk, *, at: series)
    client = browser(person)
    assert client.post(door(series), {"works_here": "no"}).status_code == 302
    assert places(person) == []
    assert client.get(f"/g/{series.group_id}/").status_code == 404


def test_the_tab_leads_to_the_door_and_from_the_group_back_to_the_evenings(series, lucia):
    client = browser(lucia)
    assert f'href="{door(series)}"' in text_of(client.get(f"/s/{series.pk}/"))
    assert client.get("/s/group/")["Location"] == door(series)
    assert client.get("/s/sessions/")["Location"] == f"/s/{series.pk}/sessions/"


def test_somebody_in_two_series_chooses_whose_group_she_opens(series, school, lucia):
    other = make_series(school, families=[lucia])
    words = text_of(browser(lucia).get("/s/group/"))
    assert f'href="{door(series)}"' in words
    assert f'href="{door(other)}"' in words


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        (("caregiver",), 200),
        (("caregiver", "staff"), 200),
        (("coordinator",), 200),
        (("staff",), 404),
        (("leader",), 404),
        ((), 404),
    ],
)
def test_who_can_say_that_she_works_at_a_school(school, kinds, status):
    person = make_person("Alguien", school, *kinds)
    client = browser(person)
    assert client.get("/me/works-here/mirador/").status_code == status
    assert client.get("/me/works-here/roble/").status_code == 404


def test_somebody_who_was_a_family_there_cannot_say_it_any_more(school):
    person = make_person("Beatriz")
    tie(person, school, "caregiver", until=person.created_at)
    Membership.objects.filter(person=person).update(until=Membership.objects.get(person=person).since)
    assert browser(person).get("/me/works-here/mirador/").status_code == 404


def test_having_been_asked_for_another_group_opens_nothing_here(series, school, lucia):
    other = make_series(school, families=[lucia]).group
    make_member(other, lucia)
    assert Person.objects.get(pk=lucia.pk).asked_about_work_at is not None
    assert browser(lucia).get(f"/g/{series.group_id}/").status_code == 404
    assert "¿Trabaja usted" in text_of(browser(lucia).get(door(series)))
