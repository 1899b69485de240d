"""A leader sees head counts, and nothing else about families."""

import re
from datetime import timedelta

import pytest

from dialogue_series.models import Series, Session
from tests.factories import make_person, make_school, make_series, sign_in
from tests.insights import reporting

pytestmark = pytest.mark.django_db
STATEMENTS = 14


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía Marisol", school, "caregiver", phone="+17735550142")


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", language="en")


def without_token(response):
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)


def counted(series, *counts):
    for number, came in enumerate(counts, start=1):
        Session.objects.filter(series=series, number=number).update(came=came)
    return series


def test_the_principal_reads_first_whether_families_come(client, school, lucia, principal):
    counted(make_series(school, families=[lucia], name="Primavera"), 8, 8, 7)
    page = sign_in(client, principal).get("/l/mirador/").content.decode()
    assert "<h1>Families keep coming.</h1>" in page
    assert "1 family joined. About 8 come each time." in page


def test_no_family_is_named(client, school, lucia, principal):
    counted(make_series(school, families=[lucia]), 8)
    page = sign_in(client, principal).get("/l/mirador/").content.decode()
    assert [word for word in ("Lucía", "Marisol", "5550142", str(lucia.pk)) if word in page] == []


def test_before_the_first_series_the_page_says_what_will_come(client, school, principal):
    page = sign_in(client, principal).get("/l/mirador/").content.decode()
    assert "No series has begun at your school yet." in page


@pytest.mark.parametrize("kind", ["caregiver", "coordinator", "staff", "parent_seat", "evaluator", "operator"])
def test_nobody_else_finds_the_page(client, school, kind):
    somebody = make_person("Alguien", school, kind)
    assert sign_in(client, somebody).get("/l/mirador/").status_code == 404


def test_a_leader_of_another_school_gets_the_same_404_as_for_a_school_that_is_not(client, principal):
    sign_in(client, principal)
    absent = client.get("/l/otra/")
    make_school("Otra")
    forbidden = client.get("/l/otra/")
    assert (forbidden.status_code, without_token(forbidden)) == (404, without_token(absent))


def test_without_a_second_factor_the_leader_is_asked_for_one(client, principal):
    client.force_login(principal)
    assert client.get("/l/").status_code == 302


@pytest.mark.parametrize("page", ["", "commitments/", "words/", "needs/", "meetings/", "seats/", "consultations/"])
def test_every_page_of_a_leader_leads_to_what_families_are_told_and_what_is_absent_does_not(client, principal, page):
    sign_in(client, principal)
    told = '<a href="/privacy/">What families are told you can see</a>'
    assert told in client.get(f"/l/mirador/{page}").content.decode()
    assert told not in client.get(f"/l/otra/{page}").content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_overview_takes_the_same_statements_for_any_number_of_series(
    client, school, principal, how_many, django_assert_num_queries
):
    for _ in range(how_many):
        counted(make_series(school), 8, 7)
    sign_in(client, principal)
    with django_assert_num_queries(STATEMENTS):
        client.get("/l/mirador/")


def test_what_changed_in_the_series_before_stays_on_the_page_while_the_next_one_runs(
    client, clock, school, principal, django_assert_num_queries
):
    over = reporting.over(school, name="Otoño")
    Series.objects.filter(pk=over.pk).update(published_at=reporting.FAMILIES_AT - timedelta(days=500))
    counted(make_series(school, name="Primavera"), 8, 7, 7)
    clock.move_to(reporting.FAMILIES_AT)
    reporting.release_all(over)
    clock.move_to(reporting.LEADERS_AT)
    sign_in(client, principal)
    with django_assert_num_queries(STATEMENTS):
        page = client.get("/l/mirador/").content.decode()
    now, before = page.split(f"<h2>{over.name}</h2>")
    assert "<h1>Families keep coming.</h1>" in now
    assert "What changed since the start?" not in now
    assert "Fewer now know how to help their children with what they feel." in before
    assert before.count("Fewer now:") == 4
