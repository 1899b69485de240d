"""The coordinator's pages in a real browser: on a phone and a desk, in both languages, light and dark."""

import os
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from config.browser import launch_options
from dialogue_series.models import (
    Attendance,
    Invitation,
    JoinRequest,
    NoSchoolDay,
    Rsvp,
    SchoolYear,
    Session,
    SupportRequest,
)
from notifications.models import Message
from tests.browsing import follow
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
NAMES = ["Ana", "Beto", "Carla", "Dora", "Ernesto", "Fátima", "Gloria", "Hilda", "Inés", "Jorge", "Karla", "Lucía"]
ANSWERS = ["in_person", "in_person", "video", "cannot", "unknown", None, None, "in_person"]


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.fixture
def scene():
    """A school in the middle of a series, with something of everything on its pages."""
    call_command("load_curriculum")
    school = make_school("Mirador")
    rosa = make_person("Rosa Jiménez", school, "coordinator", on_payroll=True)
    elena = make_person("Elena Ruiz", school, "caregiver", phone="+17735550101")
    people = [make_person(name, school, "caregiver", phone=f"+177355502{n:02}") for n, name in enumerate(NAMES)]
    series = make_series(school, facilitator=elena, families=people[:8], name="Primavera 2027")
    series.rosa, series.elena, series.people = rosa, elena, people
    fill(series)
    return series


def fill(series):
    at = datetime(2027, 1, 10, 18, tzinfo=UTC)
    for person in series.people[:11]:
        Invitation.objects.create(series=series, person=person, invited_at=at)
    sessions = list(Session.objects.filter(series=series).order_by("number"))
    for session, came in zip(sessions[:2], (8, 7), strict=True):
        Session.objects.filter(pk=session.pk).update(came=came)
    following = sessions[3]
    for person, answer in zip(series.people, ANSWERS, strict=False):
        Attendance.objects.create(session=sessions[0], person=person, mode="in_person", marked_at=at)
        if answer:
            Rsvp.objects.create(session=following, person=person, answer=answer, answered_at=at)
    SupportRequest.objects.create(session=following, person=series.people[0], kind="childcare")
    SupportRequest.objects.create(session=following, person=series.people[1], kind="childcare")
    SupportRequest.objects.create(session=following, person=series.people[2], kind="interpreter", arranged_at=at)
    JoinRequest.objects.create(
        series=series, name="Marta Salas", channel="sms", value="+17735550166", language="es", asked_at=at
    )
    for n in range(5):
        NoSchoolDay.objects.create(
            school=series.school, on=date(2027, 3, 22) + timedelta(days=n), reason="Vacaciones de primavera"
        )
    SchoolYear.objects.create(school=series.school, last_day_on=date(2027, 6, 10))
    for n, state in enumerate(("delivered", "delivered", "dead")):
        person = series.people[n]
        message = Message.objects.create(
            address=person.addresses.get(),
            kind="session_reminder",
            about=sessions[2].pk,
            occurrence="day_before",
            state=state,
            due_at=at,
            settled_at=datetime(2027, 2, 14, tzinfo=UTC),
            reference=person.pk,
        )
        message.for_people.create(
            person=person, kind=message.kind, about=message.about, occurrence="day_before", channel="sms"
        )


@pytest.fixture
def enter(context, page, live_server):
    """Let somebody enter in a language."""
    page.refused = []
    page.on("console", lambda said: page.refused.append(said.text) if "Content Security" in said.text else None)

    def entered(person, language):
        client = sign_in(Client(), person)
        cookies = {"sessionid": client.cookies["sessionid"].value, settings.LANGUAGE_COOKIE_NAME: language}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page.at = live_server.url
        return page

    return entered


def is_well_made(page, *, name, language):
    """Say that nothing sticks out sideways, all is large enough to tap, axe finds nothing, no policy is in the way."""
    width = page.viewport_size["width"]
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main a.button, main summary, main label.option")]
          .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
          .map(one => one.textContent.trim())"""
    )
    assert small == [], name
    assert page.locator("h1").count() == 1, name
    assert page.locator("main .button:not(.second):not(.quiet):not(.danger):visible").count() <= 1, name
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    assert page.refused == []
    if where := os.environ.get("PICTURES"):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.screenshot(path=f"{where}/{name}-{width}-{language}-{theme}.png", full_page=True)
        page.emulate_media(color_scheme="light")


def page_addresses(series):
    evening = [series.pk, 4]
    return {
        "today": reverse("today"),
        "series_page": reverse("series_page", args=[series.pk]),
        "session_page": reverse("session_page", args=evening),
        "session_move": reverse("session_move", args=evening),
        "session_cancel": reverse("session_cancel", args=evening),
        "session_held": reverse("session_page", args=[series.pk, 1]),
        "series_change": reverse("series_change", args=[series.pk]),
        "series_people": reverse("series_people", args=[series.pk]),
        "family_page": reverse("family_page", args=[series.people[0].pk]),
        "series_messages": reverse("series_messages", args=[series.pk]),
        "series_poster": reverse("series_poster", args=[series.pk]),
        "school_days": reverse("school_days", args=[series.school.slug]),
        "attendance": reverse("attendance", args=[series.pk, 3]),
        "attendance_not_yet": reverse("attendance", args=evening),
        "run_sheet": reverse("run_sheet", args=evening),
    }


@pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESK, "en")], ids=["phone es", "desk en"])
def test_every_page_is_well_made(enter, scene, size, language):
    page = enter(scene.rosa, language)
    page.set_viewport_size(size)
    for name, address in page_addresses(scene).items():
        page.goto(page.at + address)
        is_well_made(page, name=name, language=language)


@pytest.mark.parametrize(("size", "language"), [(PHONE, "es"), (DESK, "en")], ids=["phone es", "desk en"])
def test_a_series_is_planned_and_families_are_invited(enter, scene, size, language):
    page = enter(scene.rosa, language)
    page.set_viewport_size(size)
    go_on = page.locator("main .button:not(.second):not(.quiet)")

    page.goto(page.at + reverse("series_new"))
    is_well_made(page, name="plan_1_group", language=language)
    follow(go_on)
    is_well_made(page, name="plan_2_when", language=language)
    page.fill("[name=first_on]", "2027-02-18")
    follow(go_on)
    is_well_made(page, name="plan_3_dates", language=language)
    assert page.locator("tr.skipped").count() == 1
    follow(go_on)
    page.fill("[name=place]", "Biblioteca, puerta norte")
    follow(go_on)
    is_well_made(page, name="plan_4_place", language=language)
    page.locator("label.option", has_text="Elena Ruiz").click()
    follow(go_on)
    is_well_made(page, name="plan_5_check", language=language)
    follow(go_on)
    is_well_made(page, name="invite_1_paste", language=language)
    page.fill(
        "[name=pasted]", "Marta Salas, 773 555 0170, Spanish\nJohn Doe\t(773) 555-0171\tEnglish\nPaco, 773 555 01"
    )
    follow(go_on)
    is_well_made(page, name="invite_2_check", language=language)
    page.locator("label.option", has=page.locator("[name$=leave_out]")).click()
    page.locator("label.option", has=page.locator("[name=consent]")).click()
    follow(go_on)
    is_well_made(page, name="invite_3_people", language=language)
    assert page.locator(".rows > li").count() == 2


def test_attendance_of_twelve_fits_two_phone_screens_one_tap_a_person(enter, scene):
    for person in scene.people[8:]:
        Attendance.objects.create(
            session=Session.objects.get(series=scene, number=3),
            person=person,
            mode="video",
            marked_at=datetime(2027, 2, 12, tzinfo=UTC),
        )
    page = enter(scene.elena, "es")
    page.set_viewport_size(PHONE)
    page.goto(page.at + reverse("attendance", args=[scene.pk, 3]))

    rows = page.locator("fieldset.person")
    assert rows.count() == 12
    first, last = rows.first.bounding_box(), rows.last.bounding_box()
    assert last["y"] + last["height"] - first["y"] <= 2 * PHONE["height"]

    for n in range(12):
        rows.nth(n).locator("label").nth(n % 3).click()
    follow(page.locator("button[name=save]"))

    assert Session.objects.get(series=scene, number=3).came == 8


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_run_sheet_and_the_flyer_print_on_one_page(enter, scene, language):
    page = enter(scene.rosa, language)
    printed = {}
    for number in range(1, 11):
        page.goto(page.at + reverse("run_sheet", args=[scene.pk, number]))
        printed[number] = page.pdf(format="Letter").count(b"/Type /Page\n")
    page.goto(page.at + reverse("series_poster", args=[scene.pk]))
    printed["flyer"] = page.pdf(format="Letter").count(b"/Type /Page\n")

    assert printed == dict.fromkeys([*range(1, 11), "flyer"], 1)


def test_a_typed_date_is_kept_by_enter_and_by_continue(enter, scene):
    page = enter(scene.rosa, "es")
    page.goto(page.at + reverse("series_new"))
    go_on = page.locator("main .button:not(.second):not(.quiet)")
    follow(go_on)
    page.fill("[name=first_on]", "2027-02-18")
    follow(go_on)

    page.locator("tr", has_text="Encuentro 2").first.locator("summary").click()
    page.fill("#id_2_on", "2027-02-26")
    with page.expect_navigation():
        page.press("#id_2_on", "Enter")
    page.wait_for_selector("text=Viernes 26 de febrero")

    page.locator("tr", has_text="Encuentro 3").first.locator("summary").click()
    page.fill("#id_3_on", "2027-03-05")
    follow(go_on)
    page.wait_for_url("**/place/")
    page.goto(page.at + reverse("series_new_dates"))
    assert [page.input_value(f"#id_{number}_on") for number in (2, 3)] == ["2027-02-26", "2027-03-05"]


def test_the_number_to_call_stays_on_one_line_of_the_flyer(enter, scene):
    page = enter(scene.rosa, "es")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(page.at + reverse("series_poster", args=[scene.pk]))
    lines = page.locator(".poster .nowrap").evaluate_all("all => all.map(one => one.getClientRects().length)")
    assert lines == [1, 1]


SIZES = [{"width": 1280, "height": 720}, {"width": 360, "height": 740}]


def is_above_the_fold(page):
    """Say whether the page's one filled button is wholly on the first screen."""
    box = page.locator("main .button:not(.second):not(.quiet):visible").first.bounding_box()
    return box["y"] + box["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("size", SIZES, ids=["desk", "phone"])
@pytest.mark.parametrize("is_late", [True, False], ids=["late", "in time"])
def test_the_first_thing_to_do_today_is_on_the_first_screen(enter, scene, size, language, is_late):
    if not is_late:
        Session.objects.filter(ends__lte=datetime(2027, 2, 15, tzinfo=UTC)).update(came=5)
    page = enter(scene.rosa, language)
    page.set_viewport_size(size)
    page.goto(page.at + reverse("today"))
    assert (page.locator("#late").count(), is_above_the_fold(page)) == (1, True)


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_family_s_next_session_is_on_the_first_screen_of_a_phone(enter, scene, language):
    page = enter(scene.people[0], language)
    page.set_viewport_size(SIZES[1])
    page.goto(page.at + reverse("series_home", args=[scene.pk]))
    assert is_above_the_fold(page)
