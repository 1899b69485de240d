"""The doors of the answer page, and that each test of them sees a door that stands open."""

import pytest
from django.test import Client

from accounts import links
from surveys import access
from surveys.models import FormPerson
from tests.factories import tie
from tests.surveys.conftest import holding_link

pytestmark = pytest.mark.django_db


def opens(client, page):
    """Say whether the questions are behind the page for this browser."""
    return client.get(page).status_code == 200


def without_bars():
    """Every line of every list: the guard taken out."""
    return FormPerson.objects.select_related("form__school", "person")


def test_a_family_s_link_opens_the_questions(form, families):
    assert opens(*holding_link(form, families[0]))


def test_somebody_hired_since_finds_the_door_shut(form, families, school):
    client, page = holding_link(form, families[0])
    tie(families[0], school, "staff")
    assert not opens(client, page)


def test_without_the_bar_somebody_hired_would_come_in(form, families, school, monkeypatch):
    client, page = holding_link(form, families[0])
    tie(families[0], school, "staff")
    monkeypatch.setattr(access, "who_may_answer", without_bars)
    assert opens(client, page)


def test_a_browser_without_the_secret_finds_the_door_shut(form, families):
    _holder, page = holding_link(form, families[0])
    assert not opens(Client(), page)


def test_were_the_secret_not_asked_for_any_browser_would_come_in(form, families, monkeypatch):
    holder, page = holding_link(form, families[0])
    stored = links.digest(holder.cookies[links.COOKIE].value)
    monkeypatch.setattr(links, "digest", lambda _secret: stored)
    assert opens(Client(), page)
