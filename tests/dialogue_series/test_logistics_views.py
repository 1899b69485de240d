"""The coordinator's pages from the first question to the last evening, and who may not open them."""

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from accounts.models import LogEntry, Membership, Person, StaffContact
from dialogue_series.models import (
    Enrolment,
    Invitation,
    NoSchoolDay,
    Rsvp,
    SchoolYear,
    Series,
    Session,
    SupportRequest,
)
from notifications.models import Address, Message
from partnerships.models import GroupMember
from tests.factories import enrol, make_person, make_school, make_series, make_topics, sign_in

pytestmark = pytest.mark.django_db
CALENDARS = Path(__file__).parent.parent / "data" / "calendars"


@pytest.fixture
def school():
    make_topics()
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True, language="en")


@pytest.fixture
def desk(client, rosa):
    """A browser in which the coordinator has entered."""
    return sign_in(client, rosa)


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone="+17735550142")


@pytest.fixture
def series(school, elena, lucia):
    return make_series(school, facilitator=elena, families=[lucia], name="Primavera 2027")


def text_of(response):
    return " ".join(response.content.decode().split())


def codes(form):
    return {field: [error.code for error in errors.as_data()] for field, errors in form.errors.items()}


# Planning


GROUP = {"name": "Spring 2027", "language": "es"}
WHEN = {"weekday": "3", "first_on": "2027-02-18", "starts_at": "18:00", "ends_at": "19:00"}


def where(**said):
    return {
        "place": "Library, north door",
        "video_url": "",
        "dial_in": "",
        "added_name": "Elena Ruiz",
        "added_contact": "(773) 555-0101",
        "offers": ["childcare", "ride"],
        **said,
    }


def begin(desk):
    desk.post(reverse("series_new"), GROUP)
    desk.post(reverse("series_new_when"), WHEN)


def dates(desk):
    return desk.get(reverse("series_new_dates")).context["rows"]


def test_a_series_is_planned_in_five_pages(desk, school, rosa):
    assert desk.get(reverse("series_new")).context["form"]["name"].value() == "Spring 2027"
    assert desk.post(reverse("series_new"), GROUP).url == reverse("series_new_when")
    assert desk.post(reverse("series_new_when"), WHEN).url == reverse("series_new_dates")
    assert [line["number"] for line in dates(desk)] == list(range(1, 11))
    assert desk.post(reverse("series_new_dates")).url == reverse("series_new_place")
    assert desk.post(reverse("series_new_place"), where()).url == reverse("series_new_check")
    desk.get(reverse("series_new_check"))

    made = desk.post(reverse("series_new_check"))

    series = Series.objects.get()
    assert made.url == reverse("series_invite", args=[series.pk])
    assert (series.name, series.place, series.offers) == ("Spring 2027", "Library, north door", ["childcare", "ride"])
    assert Session.objects.filter(series=series).count() == 10
    leader = GroupMember.objects.get(group=series.group)
    assert (leader.person.name, leader.role) == ("Elena Ruiz", "facilitator")
    assert list(Address.objects.filter(owners=leader.person).values_list("value", flat=True)) == ["+17735550101"]


def test_pressing_create_five_times_makes_one_series(desk):
    begin(desk)
    desk.post(reverse("series_new_place"), where())

    for _time in range(5):
        desk.post(reverse("series_new_check"))

    assert Series.objects.count() == 1


def test_going_away_and_back_loses_nothing(desk):
    begin(desk)
    desk.post(reverse("series_new_place"), where())

    assert desk.get(reverse("series_new")).context["form"]["name"].value() == "Spring 2027"
    assert desk.get(reverse("series_new_when")).context["form"]["first_on"].value() == "2027-02-18"
    assert desk.get(reverse("series_new_place")).context["form"]["place"].value() == "Library, north door"


@pytest.mark.parametrize("step", ["when", "dates", "place", "check"])
def test_a_step_without_its_draft_leads_to_the_first(desk, step):
    assert desk.get(reverse(f"series_new_{step}")).url == reverse("series_new")


def test_a_skipped_day_stands_in_its_place_with_its_reason_and_can_be_used(desk, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 3, 25), reason="Spring break")
    begin(desk)

    assert [(line["number"], line["reason"]) for line in dates(desk)][4:7] == [
        (5, ""),
        (None, "Spring break"),
        (6, ""),
    ]

    desk.post(reverse("series_new_dates"), {"anyway": "2027-03-25"})
    assert [(line["number"], line["is_anyway"]) for line in dates(desk)][4:7] == [(5, False), (6, True), (7, False)]

    desk.post(reverse("series_new_dates"), {"skip": "2027-03-25"})
    assert [line["number"] for line in dates(desk)][5] is None


def test_a_date_moves_and_keeps_its_number(desk, school):
    begin(desk)

    desk.post(reverse("series_new_dates"), {"move": "1", "number": "3", "on": "2027-03-05"})
    assert [(line["number"], line["on"]) for line in dates(desk)][2] == (3, date(2027, 3, 5))

    desk.post(reverse("series_new_dates"), {"back": "3"})
    assert [(line["number"], line["on"]) for line in dates(desk)][2] == (3, date(2027, 3, 4))


@pytest.mark.parametrize(
    ("on", "code"),
    [("2027-03-05", "no_school"), ("2027-03-11", "taken_day"), ("2027-01-01", "past"), ("marzo", "invalid")],
)
def test_a_date_that_cannot_be_is_refused_beside_its_row(desk, school, on, code):
    NoSchoolDay.objects.create(school=school, on=date(2027, 3, 5), reason="Día de maestros")
    begin(desk)

    page = desk.post(reverse("series_new_dates"), {"move": "1", "number": "3", "on": on})

    assert codes(page.context["form"]) == {"on": [code]}
    assert [line["is_refused"] for line in page.context["rows"] if line["number"] == 3] == [True]
    assert ("Use this day although there is no school" in text_of(page)) == (code == "no_school")


def test_a_date_without_school_is_used_when_asked_for(desk, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 3, 5), reason="Día de maestros")
    begin(desk)

    desk.post(reverse("series_new_dates"), {"move": "1", "number": "3", "on": "2027-03-05", "use_anyway": "on"})

    assert dates(desk)[2]["on"] == date(2027, 3, 5)


def test_too_late_in_the_year_is_said_in_words_and_a_day_can_be_added(desk, school):
    SchoolYear.objects.create(school=school, last_day_on=date(2027, 4, 14))
    begin(desk)

    page = desk.get(reverse("series_new_dates"))
    assert "Only 8 Thursdays are left before school ends on April 14. Start earlier or add a day." in text_of(page)
    assert desk.post(reverse("series_new_dates")).status_code == 200

    for number, on in ((9, "2027-04-12"), (10, "2027-04-14")):
        desk.post(reverse("series_new_dates"), {"move": "1", "number": number, "on": on})
    assert desk.post(reverse("series_new_dates")).url == reverse("series_new_place")


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"first_on": "2027-02-14"}, {"first_on": ["past"]}),
        ({"first_on": "2099-02-14"}, {"first_on": ["too_far"]}),
        ({"first_on": "31/31"}, {"first_on": ["invalid"]}),
        ({"ends_at": "18:30"}, {"ends_at": ["length"]}),
        ({"ends_at": "17:00"}, {"ends_at": ["length"]}),
    ],
)
def test_a_bad_date_or_hour_is_refused_and_what_was_typed_stays(desk, said, wrong):
    desk.post(reverse("series_new"), GROUP)

    page = desk.post(reverse("series_new_when"), {**WHEN, **said})

    assert codes(page.context["form"]) == wrong
    for field, typed in said.items():
        assert page.context["form"][field].value() == typed


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"added_name": "", "added_contact": ""}, {"added_name": ["no_parent_facilitator"]}),
        ({"added_contact": ""}, {"added_contact": ["no_address"]}),
        ({"added_contact": "555"}, {"added_contact": ["phone"]}),
        ({"added_contact": "maestra@example.org"}, {"added_contact": ["on_staff_list"]}),
        ({"added_name": ""}, {"added_name": ["no_name"]}),
        ({"place": ""}, {"place": ["required"]}),
        ({"video_url": "x y"}, {"video_url": ["invalid"]}),
    ],
)
def test_where_and_who_is_refused_in_words(desk, school, said, wrong):
    StaffContact.objects.create(school=school, value="maestra@example.org")
    begin(desk)

    assert codes(desk.post(reverse("series_new_place"), where(**said)).context["form"]) == wrong


def test_a_paid_coordinator_alone_does_not_facilitate(desk, elena, rosa):
    begin(desk)

    page = desk.post(reverse("series_new_place"), where(added_name="", added_contact="", co_runs="on"))

    assert codes(page.context["form"]) == {"people": ["no_parent_facilitator"]}


def test_people_added_by_name_can_be_taken_off_again(desk):
    begin(desk)
    desk.post(reverse("series_new_place"), where(add="1"))
    assert [one["name"] for one in desk.get(reverse("series_new_place")).context["added"]] == ["Elena Ruiz"]

    desk.post(reverse("series_new_place"), {"remove": "0"})
    assert desk.get(reverse("series_new_place")).context["added"] == []


def test_a_paid_coordinator_reads_what_follows_from_it(desk, client, school):
    words = "The school pays you: you have the logistics, not the group"
    assert words in text_of(desk.get(reverse("series_new")))

    unpaid = make_person("Irma", school, "coordinator", language="en")
    assert words not in text_of(sign_in(client, unpaid).get(reverse("series_new")))


# The school's calendar


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


# Inviting


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


# People


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

    assert "+17735550142" in text_of(desk.post(url))
    assert list(LogEntry.objects.values_list("by", "act", "about_person")) == [(rosa.pk, "contact_revealed", lucia.pk)]


# An evening


def test_moving_shows_the_message_before_anything_is_sent(desk, series):
    url = reverse("session_move", args=[series.pk, 5])

    page = desk.post(url, {"on": "2027-02-26", "starts_at": "18:00"})
    assert [text.count for text in page.context["texts"]] == [1, 1]
    assert "Feb 26" in page.context["texts"][1].text
    assert Session.objects.get(series=series, number=5).moves == 0

    desk.post(url, {"on": "2027-02-26", "starts_at": "18:00", "move": "1"})
    assert Session.objects.get(series=series, number=5).on == date(2027, 2, 26)


def test_moving_onto_a_day_without_school_is_refused_in_words_and_possible(desk, series, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 2, 26), reason="Día de maestros")
    url = reverse("session_move", args=[series.pk, 5])
    said = {"on": "2027-02-26", "starts_at": "18:00", "move": "1"}

    page = desk.post(url, said)
    assert codes(page.context["form"]) == {"on": ["no_school"]}
    assert "There is no school that day. Choose another day, or use it anyway." in text_of(page)

    desk.post(url, {**said, "use_anyway": "on"})
    assert Session.objects.get(series=series, number=5).on == date(2027, 2, 26)


def test_cancelling_shows_the_message_first(desk, series):
    url = reverse("session_cancel", args=[series.pk, 5])
    assert [text.count for text in desk.get(url).context["texts"]] == [1, 1]
    assert Session.objects.get(series=series, number=5).cancelled_at is None

    desk.post(url)
    assert Session.objects.get(series=series, number=5).cancelled_at is not None


def test_the_messages_page_never_lists_who_was_asked_again(desk, series, lucia):
    session = Session.objects.get(series=series, number=1)
    for kind, secret in (("session_reminder", False), ("feedback_request", False), ("feedback_second_request", True)):
        message = Message.objects.create(
            address=lucia.addresses.get(),
            kind=kind,
            about=session.pk,
            occurrence="once",
            state="delivered",
            due_at=session.begins,
            secret=secret,
            reference=session.pk if kind == "session_reminder" else lucia.pk if secret else series.pk,
        )
        message.for_people.create(person=lucia, kind=kind, about=session.pk, occurrence="once", channel="sms")

    told = desk.get(reverse("series_messages", args=[series.pk])).context["told"]

    assert {str(group["what"]): [line["names"] for line in group["lines"]] for group in told} == {
        "Reminder": ["Lucía"],
        "What did you think of the session?": [],
    }


def test_the_flyer_asks_to_join_in_both_languages(desk, series):
    page = text_of(desk.get(reverse("series_poster", args=[series.pk])))

    assert f"/j/{series.flyer_code}/" in page
    assert "Un grupo donde las familias se escuchan" in page
    assert "A group where families listen to each other" in page
    assert "style=" not in page
    assert "<svg" in page


# Who may open them


PAGES = [
    "series_page",
    "series_invite",
    "series_people",
    "series_messages",
    "series_poster",
]
EVENING_PAGES = ["session_page", "session_move", "session_cancel", "attendance", "run_sheet"]


def addresses(series):
    school = series.school
    return (
        [reverse(name, args=[series.pk]) for name in PAGES]
        + [reverse(name, args=[series.pk, 1]) for name in EVENING_PAGES]
        + [reverse("school_days", args=[school.slug])]
        + [reverse("family_page", args=[person.pk]) for person in Person.objects.filter(enrolments__series=series)]
    )


def statuses(client, series):
    return {client.get(url).status_code for url in addresses(series)}


def test_her_own_coordinator_opens_every_page(desk, series):
    assert statuses(desk, series) == {200}


def test_a_coordinator_of_another_school_finds_nothing(client, series):
    other = make_person("Otra", make_school("Lejos"), "coordinator")

    assert statuses(sign_in(client, other), series) == {404}


@pytest.mark.parametrize("kind", ["caregiver", "staff", "leader", "parent_seat"])
def test_nobody_else_of_the_school_finds_them(client, series, school, kind):
    assert statuses(sign_in(client, make_person("Alguien", school, kind)), series) == {404}


def test_a_coordinator_whose_time_is_over_finds_nothing(client, series, rosa):
    Membership.objects.filter(person=rosa).update(until=datetime(2027, 2, 1, tzinfo=UTC))

    assert statuses(sign_in(client, rosa), series) == {404}


def test_the_facilitator_opens_the_run_sheet_and_attendance_only(client, series, elena):
    opened = {url for url in addresses(series) if sign_in(client, elena).get(url).status_code == 200}

    assert opened == {reverse(name, args=[series.pk, 1]) for name in ("attendance", "run_sheet")}


def test_a_facilitator_of_another_group_finds_nothing(client, series, school):
    other = make_person("Otra", school, "caregiver")
    make_series(school, facilitator=other)

    assert statuses(sign_in(client, other), series) == {404}


def test_a_facilitator_who_is_hired_finds_nothing(client, series, elena):
    Membership.objects.create(person=elena, kind="staff", school=series.school, since=datetime(2027, 1, 1, tzinfo=UTC))

    assert statuses(sign_in(client, elena), series) == {404}


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("session_arrange", lambda series, lucia: [series.pk, 4]),
        ("session_remind", lambda series, lucia: [series.pk, 4, lucia.pk]),
        ("session_cancel", lambda series, lucia: [series.pk, 4]),
        ("series_invite", lambda series, lucia: [series.pk]),
        ("family_page", lambda series, lucia: [lucia.pk]),
    ],
)
def test_a_coordinator_of_another_school_changes_nothing(client, series, lucia, name, args):
    other = sign_in(client, make_person("Otra", make_school("Lejos"), "coordinator"))

    assert other.post(reverse(name, args=args(series, lucia)), {"kind": "childcare"}).status_code == 404
    assert LogEntry.objects.count() == 0


def test_the_tests_of_doors_see_a_door_left_open(client, series, monkeypatch):
    monkeypatch.setattr("dialogue_series.access.logistics.coordinated", lambda held: {series.school_id})
    other = make_person("Otra", make_school("Lejos"), "coordinator")

    found = statuses(sign_in(client, other), series)

    assert 200 in found


# How many questions a page asks the database


@pytest.fixture
def count(desk, django_assert_num_queries):
    """Say that a page asks exactly so many."""

    def counted(statements, name, *args):
        desk.get(reverse(name, args=args))
        with django_assert_num_queries(statements):
            assert desk.get(reverse(name, args=args)).status_code == 200

    return counted


def full(school, families, sessions=10):
    people = [make_person(f"Familia {n}", school, "caregiver", phone=f"+1773555010{n}") for n in range(families)]
    series = make_series(school, first_on=date(2027, 2, 18), sessions=sessions, families=people)
    for person in people:
        Invitation.objects.create(series=series, person=person, invited_at=datetime(2027, 1, 1, tzinfo=UTC))
        Rsvp.objects.create(
            session=Session.objects.get(series=series, number=1),
            person=person,
            answer="in_person",
            answered_at=datetime(2027, 2, 14, tzinfo=UTC),
        )
        SupportRequest.objects.create(
            session=Session.objects.get(series=series, number=1), person=person, kind="childcare"
        )
    return series


@pytest.mark.parametrize(("families", "sessions"), [(1, 1), (3, 1), (1, 10), (3, 10)])
def test_no_page_asks_more_when_there_is_more(school, count, families, sessions):
    series = full(school, families, sessions)
    for n in range(families):
        NoSchoolDay.objects.create(school=school, on=date(2027, 3, 22 + 2 * n), reason=f"Break {n}")

    count(19, "today")
    count(12, "series_page", series.pk)
    count(14, "session_page", series.pk, 1)
    count(13, "series_people", series.pk)
    count(14, "series_messages", series.pk)
    count(14, "school_days", school.slug)
    count(17, "family_page", Person.objects.filter(enrolments__series=series).first().pk)
