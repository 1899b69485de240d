"""Needs: a theme that its group sent as one, what leaders found for it, and since when it is met."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.database import acting
from partnerships.actions import commitments as actions
from partnerships.actions import themes
from partnerships.models import Resource, SharedTheme
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db

FOUND = {"text": "A full scholarship.", "language": "en", "translated": "Una beca completa."}


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def group(school):
    return make_series(school).group


@pytest.fixture
def elena(school, group):
    elena = make_person("Elena", school, "caregiver")
    make_member(group, elena, "facilitator")
    return elena


@pytest.fixture
def family(school):
    """Somebody of the school who is in no group."""
    return make_person("Carmen", school, "caregiver")


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", language="en")


def shown_theme(group, elena, clock, text="Falta dinero para la universidad."):
    people = [make_person(name, group.space.school, "caregiver") for name in ("Noemí", "Rut", "Sofía")]
    for person in people:
        make_member(group, person)
    posts = [make_post(group, person, f"Dice {person.name}") for person in people]
    with acting("facilitator", elena.pk):
        theme = themes.show(group=group, posts=posts, text=text, language="es", translated=f"{text} (en)")
    clock.move_to(theme.shown_until)
    return theme


def need_of(group, elena, clock, **fields):
    theme = shown_theme(group, elena, clock, **fields)
    with acting("facilitator", elena.pk):
        themes.send(theme=theme, is_need=True)
        return SharedTheme.objects.get(theme=theme)


def find(need, clock, **fields):
    return actions.find(need=need, **{**FOUND, "found_on": clock().date(), **fields})


def read(client, person, where="/l/mirador/needs/"):
    return sign_in(client, person).get(where).content.decode()


def test_whoever_facilitates_marks_a_theme_as_a_need_as_she_sends_it(client, group, elena, principal, clock):
    theme = shown_theme(group, elena, clock)
    sign_in(client, elena).post(reverse("group_theme_send", args=[group.pk, theme.pk]), {"is_need": "yes"})
    other = shown_theme(group, elena, clock, text="La salida preocupa.")
    client.post(reverse("group_theme_send", args=[group.pk, other.pk]))
    page = read(client, principal)
    assert ("Falta dinero" in page, "La salida preocupa." in page) == (True, False)


def test_leaders_find_something_and_say_since_when_it_is_met_and_families_read_it(
    client, group, elena, family, principal, clock
):
    need = need_of(group, elena, clock)
    assert "Todavía no se ha encontrado nada." in read(client, family, "/school/mirador/")
    sign_in(client, principal).post(f"/l/mirador/needs/{need.pk}/", {**FOUND, "found_on": "2027-02-10"})
    [resource] = Resource.objects.all()
    shown = read(client, family, "/school/mirador/")
    assert ("Una beca completa." in shown, "Todavía no se cubre" in shown) == (True, True)
    assert "Se encontró el 10 de febrero." in shown
    sign_in(client, principal).post(f"/l/mirador/resources/{resource.pk}/", {"met_on": "2027-02-17"})
    assert "Cubierta desde el 17 de febrero" in read(client, family, "/school/mirador/")


def test_the_same_thing_found_twice_is_one(group, elena, clock):
    need = need_of(group, elena, clock)
    assert find(need, clock) == find(need, clock)


@pytest.mark.parametrize(("days", "code"), [(-1, "before"), (1, "future")])
def test_it_is_met_neither_before_it_was_found_nor_in_time_to_come(group, elena, principal, clock, days, code):
    resource = find(need_of(group, elena, clock), clock)
    with acting("leader", principal.pk), pytest.raises(ValidationError) as refusal:
        actions.meet(resource=resource, on=clock().date() + timedelta(days=days))
    assert (refusal.value.code, Resource.objects.get().met_on) == (code, None)


def test_the_council_reads_needs_without_the_forms_and_staff_do_not(client, school, group, elena, clock):
    need = need_of(group, elena, clock)
    member = make_person("Ana", school, "parent_seat", language="en")
    page = read(client, member)
    assert (need.text in page or need.translated in page, f"/needs/{need.pk}/" in page) == (True, False)
    assert sign_in(client, member).get(f"/l/mirador/needs/{need.pk}/").status_code == 404
    assert sign_in(client, make_person("Mr. Okafor", school, "staff")).get("/l/mirador/needs/").status_code == 404


def test_a_theme_that_is_no_need_and_a_need_elsewhere_are_not_there(client, group, elena, principal, clock):
    theme = shown_theme(group, elena, clock)
    with acting("facilitator", elena.pk):
        themes.send(theme=theme)
    there = make_school("Roble")
    other = make_series(there).group
    leads = make_person("Olga", there, "caregiver")
    make_member(other, leads, "facilitator")
    elsewhere = need_of(other, leads, clock)
    sign_in(client, principal)
    for pk in (theme.pk, elsewhere.pk):
        assert client.get(f"/l/mirador/needs/{pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_the_same_few_things_however_long_it_is(
    client, group, elena, principal, number, clock, django_assert_num_queries
):
    for n in range(number):
        need = need_of(group, elena, clock, text=f"Falta {n}.")
        find(need, clock)
        find(need, clock, text="Another.", met_on=date(2027, 2, 20))
    sign_in(client, principal)
    with django_assert_num_queries(13):
        client.get("/l/mirador/needs/")
