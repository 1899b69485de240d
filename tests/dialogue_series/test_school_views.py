"""The days without school, the messages of a series and its flyer."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from dialogue_series.models import (
    NoSchoolDay,
    SchoolYear,
)
from tests.dialogue_series.pages import codes

pytestmark = pytest.mark.django_db
CALENDARS = Path(__file__).parent.parent / "data" / "calendars"


def days(school):
    return list(NoSchoolDay.objects.filter(school=school).order_by("on").values_list("on", "reason"))


def bring(desk, school, **said):
    return desk.post(reverse("school_days", args=[school.slug]), said)


def a_file(name, content):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_pasted_days_are_picked_and_saved(desk, school):
    page = bring(desk, school, pasted="2027-03-22 - 2027-03-24 Spring break\n2027-05-04 School picture day")

    boxes = page.context["form"]
    assert [label for _value, label in boxes.fields["days"].choices] == [
        "Monday, March 22 to Wednesday, March 24: Spring break",
        "Tuesday, May 4: School picture day",
    ]
    ticked = boxes["days"].value()
    assert ticked == [boxes.fields["days"].choices[0][0]]

    bring(desk, school, pick="1", days=ticked, last_day="2027-06-10")

    assert days(school) == [(date(2027, 3, 22) + timedelta(days=n), "Spring break") for n in range(3)]
    assert SchoolYear.objects.get(school=school).last_day_on == date(2027, 6, 10)


@pytest.mark.parametrize("name", ["district-closed-days.ics", "district-html-descriptions.ics", "chicago-2026-27.csv"])
def test_a_real_calendar_is_understood(desk, school, name, clock):
    clock.move_to(datetime(2026, 1, 20, 18, tzinfo=UTC))
    page = bring(desk, school, file=a_file(name, (CALENDARS / name).read_bytes()))

    ticked = page.context["form"]["days"].value()
    assert ticked
    bring(desk, school, pick="1", days=ticked)
    assert NoSchoolDay.objects.filter(school=school).exists()


def test_days_that_are_over_are_left_out(desk, school):
    page = bring(desk, school, pasted="2026-11-26 Thanksgiving\n2027-03-22 Spring break")

    assert (page.context["past"], len(page.context["form"].fields["days"].choices)) == (1, 1)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (lambda: {"pasted": ""}, {"pasted": ["empty"]}),
        (lambda: {"file": a_file("c.ics", b"<!DOCTYPE html><html><body>Login</body></html>")}, {"file": ["html"]}),
        (lambda: {"file": a_file("c.ics", b"x" * 20_000_000)}, {"file": ["too_big"]}),
        (lambda: {"file": a_file("c.ics", b"")}, {"file": ["empty"]}),
        (lambda: {"file": a_file("c.xlsx", b"PK\x03\x04")}, {"file": ["binary"]}),
        (lambda: {"pasted": "hello"}, {"pasted": ["no_date"]}),
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused_in_words(desk, school, said, wrong):
    assert codes(bring(desk, school, **said()).context["form"]) == wrong


def test_a_made_up_box_is_refused(desk, school):
    page = bring(desk, school, pick="1", days=['["2027-01-01","2099-01-01","always"]'])

    assert codes(page.context["form"]) == {"days": ["invalid_choice"]}
    assert days(school) == []


def test_days_in_a_row_are_one_line_and_are_taken_off_together(desk, school):
    for n in range(3):
        NoSchoolDay.objects.create(school=school, on=date(2027, 3, 22 + n), reason="Spring break")
    spans = desk.get(reverse("school_days", args=[school.slug])).context["spans"]
    assert [(span["first"].on.day, span["last"].on.day) for span in spans] == [(22, 24)]

    desk.post(reverse("school_day_remove", args=[school.slug, spans[0]["first"].pk, spans[0]["last"].pk]))

    assert days(school) == []
