"""The doors of the answer page, and that each test of them sees a door that stands open."""

import pytest
from django.db import connection
from django.test import Client

from accounts import links
from notifications import clock
from surveys import access
from tests.factories import tie
from tests.surveys.conftest import holding_link

pytestmark = pytest.mark.django_db


def opens(client, page):
    """Say whether the questions are behind the page for this browser."""
    return client.get(page).status_code == 200


def change(*, this, into):
    """Change the database's question who may answer, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('surveys_who_answers'::regproc)")
        [(written,)] = cursor.fetchall()
        assert written.count(this) == 1
        cursor.execute(written.replace(this, into))


def test_a_family_s_link_opens_the_questions(form, families):
    assert opens(*holding_link(form, families[0]))


def test_somebody_hired_since_finds_the_door_shut(form, families, school):
    client, page = holding_link(form, families[0])
    tie(families[0], school, "staff")
    assert not opens(client, page)


def test_without_the_bar_somebody_hired_would_come_in(form, families, school):
    client, page = holding_link(form, families[0])
    tie(families[0], school, "staff")
    change(this="bar.person_id = line.person_id", into="false")
    assert opens(client, page)


def test_somebody_who_went_to_another_school_finds_the_door_shut(form, families):
    client, page = holding_link(form, families[0])
    families[0].memberships.update(until=clock.now())
    assert not opens(client, page)


def test_without_the_question_for_the_tie_somebody_who_went_would_come_in(form, families):
    client, page = holding_link(form, families[0])
    families[0].memberships.update(until=clock.now())
    change(
        this="tie.person_id = line.person_id AND tie.school_id = form.school_id AND tie.kind = 'caregiver'", into="true"
    )
    assert opens(client, page)


def test_both_ways_to_a_form_ask_the_same(form, families, school):
    """The link's question stands in SQL and the signed-in person's in Python: they let the same people answer."""
    tie(families[0], school, "staff")
    tie(families[1], school, "coordinator", on_payroll=True)
    tie(families[2], school, "coordinator", on_payroll=False)
    tie(families[3], school, "coordinator", on_payroll=None)
    tie(families[4], school, "parent_seat")
    families[5].memberships.update(until=clock.now())
    by_link = {person.pk for person in families if opens(*holding_link(form, person))}
    assert by_link == set(access.who_may_answer().filter(form=form).values_list("person", flat=True))
    assert by_link == {families[n].pk for n in (2, 4, 6, 7)}


def test_a_browser_without_the_secret_finds_the_door_shut(form, families):
    _holder, page = holding_link(form, families[0])
    assert not opens(Client(), page)


def test_were_the_secret_not_asked_for_any_browser_would_come_in(form, families, monkeypatch):
    holder, page = holding_link(form, families[0])
    stored = links.digest(holder.cookies[links.COOKIE].value)
    monkeypatch.setattr(links, "digest", lambda _secret: stored)
    assert opens(Client(), page)
