"""Draws the main screens of the demonstration school into docs/screenshots/: `python -m tests.screenshots`.

The clock stands at the day of the next evening, so that only the dates in the pictures follow the calendar.
"""

import re
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import expect, sync_playwright

from config.browser import launch_options
from tests.browsing import follow
from tests.journeys.conftest import Visitor
from tests.journeys.product import DESKTOP, PHONE, ROOT, THURSDAY, next_evening, running

FOLDER = ROOT / "docs" / "screenshots"
LETTER = {"width": 710, "height": 949}  # Within the margins of static/app.css.


class Look(NamedTuple):
    """How a page is looked at: width and height, how many screens of it, and on what."""

    size: dict
    screens: int = 1
    scheme: str = "light"
    media: str = "screen"


SCREENS = {"phone": Look(PHONE), "desktop": Look(DESKTOP)}
# What leaders read is longer than a phone, and goes on paper.
OF_LEADERS = {
    "phone": Look(PHONE, screens=2),
    "desktop": Look(DESKTOP),
    "phone-dark": Look(PHONE, scheme="dark"),
    "desktop-dark": Look(DESKTOP, scheme="dark"),
    "print": Look(LETTER, media="print"),
}
# As config/demo/story.py tells it.
NEXT = 6
INVITED = "+17735550141"
LIST = """Ana María, 773 555 0151, español
Pedro, 773 555 01
Rita, rita@familia.example, English
Luz, 773 555 0153, español
Tomás, 773 555 0154, español
"""


class Photographer(Visitor):
    """Somebody of the cast who keeps what she sees, in both languages and sizes."""

    def take(self, screen, path, prepare=None, looks=SCREENS, start="body"):
        """Open a page once for each picture, from `start` on; `prepare` does on it what no address says."""
        for language in ("es", "en"):
            self.speak(language)
            for name, look in looks.items():
                self.page.set_viewport_size(look.size)
                self.page.emulate_media(media=look.media, color_scheme=look.scheme)
                self.open(path)
                if prepare:
                    prepare(self.page)
                self.keep(FOLDER / f"{screen}-{language}-{name}.png", look, start)
        self.page.emulate_media(media="screen", color_scheme="light")
        return self

    def keep(self, path, look, start):
        """Keep so many screens of a page, or all that there is."""
        if (start, look.screens) == ("body", 1):
            self.page.screenshot(path=path)
            return
        top = self.page.locator(start).first.bounding_box()["y"]
        left = self.page.evaluate("document.documentElement.scrollHeight") - top
        height = min(left, look.screens * look.size["height"])
        self.page.screenshot(path=path, full_page=True, clip={**look.size, "x": 0, "y": top, "height": height})

    def link(self, page, words, place=-1):
        """Return an address to which a page leads, known by a part of it: the last of them."""
        return self.open(page).page.locator(f"main a[href*='{words}']").nth(place).get_attribute("href")


def press(page):
    """Press the page's one filled button."""
    follow(page.locator("main form button.button:not(.second, .quiet)").last)


def plan_dates(first_on):
    """Return what fills in the plan up to its dates, one of which falls on a holiday."""

    def prepare(page):
        press(page)
        page.locator(f"input[name=weekday][value='{THURSDAY}']").check()
        page.locator("input[name=first_on]").fill(first_on.isoformat())
        press(page)
        expect(page.locator("tr.skipped")).to_be_visible()

    return prepare


def paste_list(page):
    """Paste a list of families, one line of which is doubtful."""
    page.locator("textarea").fill(LIST)
    press(page)
    expect(page.locator(".sms")).to_have_count(2)


def start_the_hour(page):
    """Let the clock of the run sheet go, unless it goes already."""
    if page.locator("[data-timer-start]").is_visible():
        page.locator("[data-timer-start]").click()
    expect(page.locator("output")).to_be_visible()


def draw(new):
    """Live through the day of an evening, and take each screen when it has most to show."""
    on = next_evening()
    rosa, lucia, elena, principal = new(), new(), new(), new()
    rosa.move_clock(on.isoformat(), "15:00")

    home = lucia.become("Lucía").open("/s/").page.url
    evening = f"{home}sessions/{NEXT}/"
    lucia.take("home", home).take("sessions", f"{home}sessions/").take("rsvp", f"{evening}rsvp/")
    lucia.take("group", "/s/group/").take("families-results", f"{home}results/")
    lucia.take("consultation", lucia.link(lucia.link("/school/mirador/", "/ask/"), "/answer/"))

    rosa.become("Rosa").take("today", "/c/").take("dates", "/c/series/new/", plan_dates(on + timedelta(weeks=1)))
    ahead = rosa.open("/c/").page.get_by_role("link", name=re.compile("primavera")).last.get_attribute("href")
    rosa.take("invite-check", f"{ahead}invite/", paste_list)
    draw_leaders(principal.become("Dra. Grant"), new())

    rosa.move_clock(on.isoformat(), "18:10")
    elena.become("Elena").take("run-sheet", f"{evening}run/", start_the_hour)
    elena.take("attendance", f"{evening}attendance/")

    rosa.move_clock(on.isoformat(), "19:31")
    press(elena.open(f"{evening}attendance/").page)
    questions = lucia.open(f"{evening}feedback/").page.locator("form[data-one-at-a-time]")
    while not questions.count():  # The scheduler opens them within a minute.
        lucia.page.wait_for_timeout(1000)
        lucia.page.reload()
    lucia.take("feedback", f"{evening}feedback/")

    # Last, in the morning that follows: invitations wait for the day, and the clock may have been moved back.
    rosa.move_clock((on + timedelta(days=1)).isoformat(), "10:00")
    new().take("invitation", new().link_to(INVITED))


def draw_leaders(principal, bell):
    """Take what leaders see: of the series that runs, and of the one that is over, in which belonging fell."""
    overview = "/l/mirador/"
    before = principal.link(overview, "/results/").split("/")[-2]
    pages = {
        "overview": overview,
        "results": f"{overview}results/{before}/",
        "report": f"{overview}report/{before}/",
        "learning": f"{overview}learning/{before}/",
        "commitments": f"{overview}commitments/",
        "check-in": principal.link(overview, "/checkins/", place=1),
    }
    for screen, path in pages.items():
        principal.take(screen, path, looks=OF_LEADERS)
    principal.take("what-fell", overview, looks=OF_LEADERS, start=".page section.loose:has(> h2)")
    bell.become("Dr. Bell").take("district", "/d/", looks=OF_LEADERS)


def main():
    """Start a product of its own, and draw."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as product, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        draw(lambda: Photographer(browser.new_page(reduced_motion="reduce"), product))
        browser.close()


if __name__ == "__main__":
    main()
