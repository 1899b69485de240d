"""From a pasted list to invitations, and the families they went to."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.models import LogEntry, Person, StaffContact
from dialogue_series.models import (
    Enrolment,
    Invitation,
)
from notifications import clock
from notifications.models import Address, Message
from tests.dialogue_series.pages import codes, text_of
from tests.factories import enrol, make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db


SPREADSHEET = (
    "Nombre\tTeléfono\tIdioma\n"
    "Lucía Hernández 🌻\t(773) 555-0142\tEspañol\n"
    "José Núñez\t773.555.0143\tes\n"
    "Mary O’Brien\t+1 773 555 0144\tEnglish\n"
)


def paste(desk, series, text):
    return desk.post(reverse("series_invite", args=[series.pk]), {"pasted": text})


def rows_of(page):
    """Return what the check page would send back."""
    said = {"rows": str(len(page.context["rows"]))}
    for row in page.context["rows"]:
        for name in ("name", "address", "language"):
            said[row.add_prefix(name)] = row[name].value()
        if row["leave_out"].value():
            said[row.add_prefix("leave_out")] = "on"
    return said


def invited(series):
    found = Invitation.objects.filter(series=series).order_by("person__name")
    return [
        (one.person.name, *one.person.addresses.values_list("value", flat=True), one.person.language) for one in found
    ]


@pytest.fixture
def new_series(school, elena):
    return make_series(school, facilitator=elena, first_on=date(2027, 2, 18), name="Primavera 2027")


def test_a_list_pasted_from_a_spreadsheet_is_understood_and_invited(desk, new_series):
    page = paste(desk, new_series, SPREADSHEET)
    assert (len(page.context["good"]), page.context["doubtful"]) == (3, [])
    assert [(text.language, text.count) for text in page.context["texts"]] == [("es", 1), ("en", 1)]

    done = desk.post(reverse("series_invite", args=[new_series.pk]), {**rows_of(page), "consent": "on"})

    assert done.url == reverse("series_people", args=[new_series.pk])
    assert invited(new_series) == [
        ("José Núñez", "+17735550143", "es"),
        ("Lucía Hernández", "+17735550142", "es"),
        ("Mary O’Brien", "+17735550144", "en"),
    ]


def test_sending_five_times_invites_once(desk, new_series):
    said = {**rows_of(paste(desk, new_series, SPREADSHEET)), "consent": "on"}

    for _time in range(5):
        desk.post(reverse("series_invite", args=[new_series.pk]), said)

    assert len(invited(new_series)) == 3


def test_nothing_is_sent_without_the_families_yes(desk, new_series):
    said = rows_of(paste(desk, new_series, SPREADSHEET))

    page = desk.post(reverse("series_invite", args=[new_series.pk]), said)

    assert codes(page.context["form"]) == {"consent": ["required"]}
    assert (invited(new_series), len(page.context["rows"])) == ([], 3)


def test_doubtful_lines_stand_on_top_and_are_mended_in_place(desk, new_series):
    page = paste(desk, new_series, "Ana, 773 555 0150\nBeto, 773 555 01\n")
    assert [row["name"].value() for row in page.context["rows"]] == ["Beto", "Ana"]
    said = {**rows_of(page), "consent": "on"}

    page = desk.post(reverse("series_invite", args=[new_series.pk]), said)
    assert [row.row.problems for row in page.context["doubtful"]] == [("bad_phone",)]
    assert invited(new_series) == []

    said[page.context["rows"][0].add_prefix("address")] = "773 555 0151"
    desk.post(reverse("series_invite", args=[new_series.pk]), said)
    assert invited(new_series) == [("Ana", "+17735550150", "es"), ("Beto", "+17735550151", "es")]


def test_a_line_left_out_is_not_invited(desk, new_series):
    page = paste(desk, new_series, "Ana, 773 555 0150\nBeto, 773 555 01\n")
    said = {**rows_of(page), "consent": "on", page.context["rows"][0].add_prefix("leave_out"): "on"}

    desk.post(reverse("series_invite", args=[new_series.pk]), said)

    assert invited(new_series) == [("Ana", "+17735550150", "es")]


def test_repeats_staff_and_families_already_here_are_said_and_left_out(desk, school, new_series, lucia):
    enrol(new_series, lucia)
    StaffContact.objects.create(school=school, value="+17735550199")

    page = paste(desk, new_series, "Ana, 773 555 0150\nana, 773 555 0150\nMaestra, 773 555 0199\nLucía, 773 555 0142\n")

    assert {row["name"].value(): row.row.problems for row in page.context["doubtful"]} == {
        "ana": ("duplicate_in_list",),
        "Maestra": ("on_staff_list",),
        "Lucía": ("already_enrolled",),
    }
    assert [row["leave_out"].value() for row in page.context["doubtful"]] == [True] * 3
    assert page.context["count"] == 1


def test_a_shared_phone_is_a_warning_and_can_be_sent(desk, new_series):
    page = paste(desk, new_series, "Ana, 773 555 0150\nBeto, 773 555 0150\n")
    assert [row.row.problems for row in page.context["doubtful"]] == [("shared_address",)]

    desk.post(reverse("series_invite", args=[new_series.pk]), {**rows_of(page), "consent": "on"})

    assert [name for name, *_rest in invited(new_series)] == ["Ana", "Beto"]


def test_somebody_of_the_staff_is_refused_even_if_the_line_is_kept(desk, school, new_series):
    StaffContact.objects.create(school=school, value="+17735550199")
    said = rows_of(paste(desk, new_series, "Maestra, 773 555 0199\nAna, 773 555 0150\n"))
    said = {key: value for key, value in said.items() if not key.endswith("leave_out")}

    page = desk.post(reverse("series_invite", args=[new_series.pk]), {**said, "consent": "on"})

    assert [row.row.problems for row in page.context["doubtful"]] == [("on_staff_list",)]
    assert invited(new_series) == []


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("x" * 100_001, "too_big"), ("<html><body>", "html")])
def test_a_list_that_cannot_be_read_is_refused_in_words(desk, new_series, text, code):
    assert codes(paste(desk, new_series, text).context["form"]) == {"pasted": [code]}


def test_the_people_page_says_where_each_stands(desk, series, lucia, school):
    for name, moments in (
        ("Beto", {}),
        ("Carla", {"declined_at": datetime(2027, 2, 1, tzinfo=UTC)}),
        ("Dora", {"claimed_at": datetime(2027, 2, 1, tzinfo=UTC)}),
    ):
        person = make_person(name, school, "caregiver")
        Invitation.objects.create(series=series, person=person, invited_at=datetime(2027, 1, 1, tzinfo=UTC), **moments)
        if name == "Dora":
            Enrolment.objects.create(
                series=series, person=person, state="waiting", asked_at=datetime(2027, 2, 1, tzinfo=UTC)
            )
    Invitation.objects.create(series=series, person=lucia, invited_at=datetime(2027, 1, 1, tzinfo=UTC))

    page = desk.get(reverse("series_people", args=[series.pk]))

    assert {row["person"].name: row["state"] for row in page.context["rows"]} == {
        "Beto": "silent",
        "Carla": "declined",
        "Dora": "waiting",
        "Lucía": "joined",
    }
    assert "+17735550142" not in text_of(page)
    assert "··· 0142" in text_of(page)


def test_showing_a_phone_is_written_down(desk, series, lucia, rosa):
    url = reverse("family_page", args=[lucia.pk])
    assert "+17735550142" not in text_of(desk.get(url))
    assert LogEntry.objects.count() == 0

    assert "+17735550142" in text_of(desk.post(url, {"show": "1"}))
    assert list(LogEntry.objects.values_list("by", "act", "about_person")) == [(rosa.pk, "contact_revealed", lucia.pk)]


@pytest.fixture
def invited_family(desk, new_series):
    """A family whose phone was mistyped: invited, not here yet."""
    page = paste(desk, new_series, "Ana, 773 555 0150")
    desk.post(reverse("series_invite", args=[new_series.pk]), {**rows_of(page), "consent": "on"})
    return Person.objects.get(name="Ana")


def reach(desk, person, contact):
    return desk.post(reverse("family_page", args=[person.pk]), {"add": "1", "contact": contact})


def values(person):
    return sorted(Address.objects.filter(owners=person).values_list("value", flat=True))


def test_an_invited_family_can_be_given_another_address(desk, invited_family):
    reach(desk, invited_family, "ana@example.org")

    assert values(invited_family) == ["+17735550150", "ana@example.org"]


@pytest.mark.parametrize("contact", ["555", ""])
def test_an_address_that_is_none_is_refused_in_words(desk, invited_family, contact):
    page = reach(desk, invited_family, contact)

    assert codes(page.context["form"]) == {"contact": ["phone" if contact else "required"]}
    assert values(invited_family) == ["+17735550150"]


def test_nobody_adds_an_address_to_somebody_who_is_here(desk, series, lucia):
    page = reach(desk, lucia, "rosa@example.org")

    assert codes(page.context["form"]) == {"contact": ["here_already"]}
    assert values(lucia) == ["+17735550142"]


def test_nobody_adds_an_address_to_somebody_who_has_entered(desk, series, elena):
    Person.objects.filter(pk=elena.pk).update(state="invited", last_login=clock.now())

    assert codes(reach(desk, elena, "rosa@example.org").context["form"]) == {"contact": ["here_already"]}
    assert values(elena) == []


def test_nobody_adds_an_address_to_a_family_of_another_school_too(desk, invited_family):
    tie(invited_family, make_school("Roble"), "caregiver")

    assert codes(reach(desk, invited_family, "rosa@example.org").context["form"]) == {"contact": ["here_already"]}
    assert values(invited_family) == ["+17735550150"]


def test_an_address_of_the_staff_list_is_not_added(desk, school, invited_family):
    StaffContact.objects.create(school=school, value="maestra@example.org")

    assert codes(reach(desk, invited_family, "maestra@example.org").context["form"]) == {"contact": ["on_staff_list"]}
    assert values(invited_family) == ["+17735550150"]


def test_an_invitation_that_did_not_arrive_is_said(desk, new_series, invited_family):
    invitation = Invitation.objects.get(person=invited_family)
    Message.objects.create(
        address=invited_family.addresses.get(),
        kind="invitation",
        about=invitation.pk,
        occurrence="turn.1",
        state="dead",
        due_at=invitation.invited_at,
        reference=invitation.pk,
    )

    rows = desk.get(reverse("series_people", args=[new_series.pk])).context["rows"]

    assert [(row["person"].name, row["is_lost"], str(row["sent"])) for row in rows] == [("Ana", True, "Did not arrive")]
