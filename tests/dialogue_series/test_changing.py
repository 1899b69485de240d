"""Changing the room and what is offered of a series that families know of; no message goes."""

import pytest
from django.urls import reverse

from dialogue_series.models import Series
from notifications.models import Intent
from tests.dialogue_series.pages import codes, text_of
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db

SAID = {
    "place": "Gimnasio, puerta sur",
    "video_url": "https://video.example.org/sur",
    "dial_in": "312 555 0199",
    "offers": ["food"],
}


@pytest.fixture
def elena(school):
    return make_person("Elena Ruiz", school, "caregiver")


@pytest.fixture
def series(school, elena):
    return make_series(school, facilitator=elena)


@pytest.fixture
def page(series):
    return reverse("series_change", args=[series.pk])


def said_of(series):
    return Series.objects.values(*SAID).get(pk=series.pk)


def test_the_page_shows_what_is_said_now_and_who_facilitates(desk, series, page):
    shown = desk.get(page)
    assert {name: shown.context["form"][name].value() for name in SAID} == said_of(series)
    assert [person.name for person in shown.context["facilitators"]] == ["Elena Ruiz"]
    assert "No message goes out about this" in text_of(shown)
    assert page in text_of(desk.get(reverse("series_page", args=[series.pk])))


def test_a_change_is_seen_at_once_and_sends_nothing(desk, client, series, page, elena):
    for _time in range(2):
        assert desk.post(page, SAID).url == reverse("series_page", args=[series.pk])
    assert said_of(series) == SAID
    assert not Intent.objects.exists()
    assert "Gimnasio, puerta sur" in text_of(sign_in(client, elena).get(reverse("series_home", args=[series.pk])))


def test_video_and_phone_can_be_taken_away(desk, series, page):
    desk.post(page, {"place": "Gimnasio"})
    assert said_of(series) == {"place": "Gimnasio", "video_url": "", "dial_in": "", "offers": []}


def test_all_that_is_wrong_is_said_at_once_and_nothing_changes(desk, series, page):
    before = said_of(series)
    refused = desk.post(page, {"place": "", "video_url": "x y", "offers": ["a boat"]})
    wrong = {"place": ["required"], "video_url": ["invalid"], "offers": ["invalid_choice"]}
    assert (codes(refused.context["form"]), said_of(series)) == (wrong, before)
    assert refused.context["form"]["video_url"].value() == "x y"


def test_another_school_s_coordinator_finds_nothing(client, series, page):
    other = make_person("Inés", make_school("Roble"), "coordinator")
    answers = [sign_in(client, other).post(page, SAID).status_code, client.get(page).status_code]
    assert (answers, said_of(series)["place"]) == ([404, 404], "Biblioteca, puerta norte")
