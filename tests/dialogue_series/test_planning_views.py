"""Planning a series page by page: nothing is lost, and every refusal is in words."""

import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import StaffContact
from dialogue_series.models import (
    NoSchoolDay,
    SchoolYear,
    Series,
    Session,
)
from notifications.models import Address
from partnerships.models import GroupMember
from tests.dialogue_series.pages import codes, text_of
from tests.factories import make_person, sign_in

pytestmark = pytest.mark.django_db


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


def send_dates(desk, days=None, **more):
    """Send the page of dates as a browser does: all ten rows, these with another day."""
    shown = {line["number"]: line["on"].isoformat() if line["on"] else "" for line in dates(desk) if line["number"]}
    typed = shown | (days or {})
    rows = {"number": list(shown), "was": list(shown.values()), "on": [typed[number] for number in shown]}
    return desk.post(reverse("series_new_dates"), rows | more)


def days_of(desk):
    return {line["number"]: line["on"] for line in dates(desk) if line["number"]}


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

    send_dates(desk, {3: "2027-03-05"}, move="3")
    assert [(line["number"], line["on"]) for line in dates(desk)][2] == (3, date(2027, 3, 5))

    send_dates(desk, back="3")
    assert [(line["number"], line["on"]) for line in dates(desk)][2] == (3, date(2027, 3, 4))


@pytest.mark.parametrize(
    ("on", "code"),
    [("2027-03-05", "no_school"), ("2027-03-11", "taken_day"), ("2027-01-01", "past"), ("marzo", "invalid")],
)
def test_a_date_that_cannot_be_is_refused_beside_its_row(desk, school, on, code):
    NoSchoolDay.objects.create(school=school, on=date(2027, 3, 5), reason="Día de maestros")
    begin(desk)

    page = send_dates(desk, {3: on}, move="3")

    assert codes(page.context["form"]) == {"on": [code]}
    assert [line["is_refused"] for line in page.context["rows"] if line["number"] == 3] == [True]
    assert ("Use this day although there is no school" in text_of(page)) == (code == "no_school")


def test_a_date_without_school_is_used_when_asked_for(desk, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 3, 5), reason="Día de maestros")
    begin(desk)

    send_dates(desk, {3: "2027-03-05"}, move="3", use_anyway=["3"])

    assert dates(desk)[2]["on"] == date(2027, 3, 5)


STAYING = [{"keep": "1"}, {"move": "7"}, {"back": "7"}, {"skip": "2027-03-18"}, {"anyway": "2027-04-29"}]


@pytest.mark.parametrize("button", [{}, *STAYING], ids=lambda button: "".join(button) or "continue")
def test_whichever_button_is_pressed_no_day_that_was_typed_is_lost(desk, school, button):
    NoSchoolDay.objects.create(school=school, on=date(2027, 4, 29), reason="Día de maestros")
    begin(desk)

    sent = send_dates(desk, {2: "2027-02-26", 3: "2027-03-05"}, **button)

    assert sent.url == reverse("series_new_dates" if button else "series_new_place")
    assert [days_of(desk)[number] for number in (2, 3)] == [date(2027, 2, 26), date(2027, 3, 5)]


def test_going_back_to_its_own_day_drops_what_was_typed_in_that_row(desk):
    begin(desk)
    send_dates(desk, {3: "2027-03-05"})

    send_dates(desk, {3: "marzo"}, back="3")

    assert days_of(desk)[3] == date(2027, 3, 4)


def test_of_several_days_the_good_ones_are_kept_and_the_others_stay_as_typed(desk):
    begin(desk)

    page = send_dates(desk, {2: "2027-02-26", 3: "2027-03-11", 5: "marzo"})

    rows = {line["number"]: line for line in page.context["rows"]}
    assert [number for number, line in rows.items() if line["is_refused"]] == [3, 5]
    assert [codes(rows[number]["form"]) for number in (3, 5)] == [{"on": ["taken_day"]}, {"on": ["invalid"]}]
    assert [rows[number]["form"]["on"].value() for number in (3, 5)] == ["2027-03-11", "marzo"]
    assert page.context["form"] is rows[3]["form"]
    assert page.content.decode().count("<details open>") == 2
    assert days_of(desk)[2] == date(2027, 2, 26)


@pytest.mark.parametrize("days", [{5: "2027-03-25", 6: "2027-03-26"}, {5: "2027-03-10", 4: "2027-03-09"}])
def test_days_that_move_together_make_room_for_one_another(desk, days):
    begin(desk)

    send_dates(desk, days)

    assert {number: days_of(desk)[number].isoformat() for number in days} == days


def test_an_old_page_moves_only_the_days_that_were_typed_in_it(desk, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 2, 25), reason="Día de maestros")
    begin(desk)
    shown = [line["on"].isoformat() for line in dates(desk) if line["number"]]
    send_dates(desk, anyway="2027-02-25")

    typed = [*shown[:9], "2027-05-07"]
    desk.post(reverse("series_new_dates"), {"number": list(range(1, 11)), "was": shown, "on": typed})

    assert [days_of(desk)[number].isoformat() for number in (2, 10)] == ["2027-02-25", "2027-05-07"]


def test_a_day_that_its_neighbours_have_passed_by_is_said_before_going_on(desk, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 2, 25), reason="Día de maestros")
    begin(desk)
    send_dates(desk, {3: "2027-03-16"})
    send_dates(desk, anyway="2027-02-25")

    page = send_dates(desk)

    assert codes(page.context["form"]) == {"on": ["out_of_order"]}
    assert page.context["form"].number == 3


def test_enter_presses_the_button_that_only_keeps_what_was_typed(desk):
    begin(desk)

    page = desk.get(reverse("series_new_dates")).content.decode()

    buttons = re.findall(r'(?:<button|type="submit")[^>]*?name="(\w+)"', page[page.index("<main") :])
    assert buttons[0] == "keep"


def test_too_late_in_the_year_is_said_in_words_and_a_day_can_be_added(desk, school):
    SchoolYear.objects.create(school=school, last_day_on=date(2027, 4, 14))
    begin(desk)

    page = desk.get(reverse("series_new_dates"))
    assert "Only 8 Thursdays are left before school ends on April 14. Start earlier or add a day." in text_of(page)
    assert desk.post(reverse("series_new_dates")).status_code == 200

    send_dates(desk, {9: "2027-04-12", 10: "2027-04-14"}, move="9")
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
        # Everything that is wrong is said at once.
        (
            {"place": "", "video_url": "x y", "added_name": "", "added_contact": ""},
            {"place": ["required"], "video_url": ["invalid"], "added_name": ["no_parent_facilitator"]},
        ),
        ({"place": "", "added_name": ""}, {"place": ["required"], "added_name": ["no_name"]}),
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
    words = "The school pays you: you organize, and the group does not open for you"
    assert words in text_of(desk.get(reverse("series_new")))

    unpaid = make_person("Irma", school, "coordinator", language="en")
    assert words not in text_of(sign_in(client, unpaid).get(reverse("series_new")))
