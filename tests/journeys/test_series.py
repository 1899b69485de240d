"""Journeys A, B and C: a series from its plan to the leader's view, as four people live it in a browser.

Web, worker, scheduler, PostgreSQL and Redis are those of `make run`; time passes by moving the one clock.
"""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browsing import follow
from tests.journeys.product import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

# Each journey has weeks and telephone numbers of its own: the clock is the same for all of them.
# The smallest screen in Spanish, a wide one in English: the other two ways show the same pages.
JOURNEYS = [("es", PHONE, 0), ("en", DESKTOP, 1)]
# A Tuesday after the demonstration's own weeks.
PLANNED = date.today() + timedelta(weeks=10, days=(1 - date.today().weekday()) % 7)  # noqa: DTZ011
SAID = {
    "es": {
        "invited": "Un grupo donde las familias se escuchan",
        "name": "¿Con qué nombre quiere aparecer en el grupo?",
        "promise": "Quién puede leer qué",
        "rsvp": "¿Nos acompaña el jueves {day}?",
        "in person": "Voy en persona",
        "needs": "¿Qué le ayudaría a venir?",
        "continue": "Continuar",
        "send": "Enviar",
        "tomorrow": ": mañana ",
        "four questions": "4 preguntas",
        "thanks": "Gracias, ya tenemos sus respuestas",
        "begun": "Los encuentros ya empezaron.",
    },
    "en": {
        "invited": "A group where families listen to each other",
        "name": "What name should the group see?",
        "promise": "Who can read what",
        "rsvp": "Will you join us on Thursday, {day}?",
        "in person": "I'll come in person",
        "needs": "What would help you come?",
        "continue": "Continue",
        "send": "Send",
        "tomorrow": " is tomorrow, ",
        "four questions": "4 questions",
        "thanks": "Thank you, we have your answers",
        "begun": "The sessions have begun.",
    },
}
MONTHS = {
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def in_words(on, language):
    month = MONTHS[language][on.month - 1]
    return f"{on.day} de {month}" if language == "es" else f"{month} {on.day}"


class Journey:
    """Whose journey it is: the language, the screen, and days and telephones of its own."""

    def __init__(self, visit, language, viewport, place):
        self.language, self.says = language, SAID[language]
        self.visit = lambda: visit(language, viewport)
        self.planned = PLANNED + timedelta(weeks=4 * place)
        self.first_on = self.planned + timedelta(days=9)
        self.phones = [f"773 555 {3 + place}0{n:02}" for n in range(12)]

    def sent_to(self, n):
        """Return the telephone as messages are addressed."""
        return "+1" + self.phones[n].replace(" ", "")

    def at(self, visitor, on, hour):
        visitor.move_clock(on.isoformat(), hour)


@pytest.fixture(params=JOURNEYS, ids=lambda journey: f"{journey[0]}-{journey[1]['width']}")
def journey(request, visit):
    language, viewport, place = request.param
    return Journey(visit, language, viewport, place)


def heading(visitor, words):
    """Wait for the page whose one heading says this."""
    expect(visitor.page.locator("h1")).to_contain_text(words)


def press(visitor):
    """Press the page's one filled button."""
    follow(visitor.page.locator("main form button.button:not(.second):not(.quiet)").last)


def is_accessible(visitor):
    """Hold the page against axe's rules, and against sideways scrolling at 320 px."""
    report = Axe().run(visitor.page)
    assert report.violations_count == 0, report.generate_report()
    size = visitor.page.viewport_size
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 320, visitor.page.url
    visitor.page.set_viewport_size(size)


def plan_and_invite(rosa, journey):
    """Journey B: ten dated evenings and twelve families invited, in one go."""
    page = rosa.become("Rosa").page
    rosa.open("/c/series/new/")
    page.locator("input[name=name]").fill(f"Familias {journey.phones[0][-4:]}")
    is_accessible(rosa)
    press(rosa)
    page.locator("input[name=weekday][value='3']").check()
    page.locator("input[name=first_on]").fill(journey.first_on.isoformat())
    is_accessible(rosa)
    press(rosa)
    expect(page.locator("input[name=on]")).to_have_count(10)
    is_accessible(rosa)
    press(rosa)
    page.locator("input[name=place]").fill("Biblioteca")
    page.locator("input[name=video_url]").fill("https://video.example/encuentro")
    page.get_by_label("Elena").check()
    page.locator("input[name=offers][value=childcare]").check()
    is_accessible(rosa)
    press(rosa)
    is_accessible(rosa)
    press(rosa)
    page.locator("textarea").fill(
        "\n".join(f"Familia {n}\t{phone}\t{journey.language}" for n, phone in enumerate(journey.phones))
    )
    is_accessible(rosa)
    press(rosa)
    expect(page.locator(".sms")).to_have_count(2)
    page.locator("input[name=consent]").check()
    is_accessible(rosa)
    press(rosa)
    page.wait_for_url("**/people/")
    is_accessible(rosa)
    return page.url.removesuffix("people/")


def join(family, journey, link):
    """Journey A: six taps and nothing typed. The first tap is on the link."""
    page, says = family.open(link).page, journey.says
    heading(family, says["invited"])
    is_accessible(family)
    taps = 1
    for expected in (
        says["name"],
        says["promise"],
        says["rsvp"].format(day=in_words(journey.first_on, journey.language)),
    ):
        follow(page.locator("main .button:not(.second):not(.quiet)").first)
        taps += 1
        heading(family, expected)
        is_accessible(family)
    follow(page.get_by_role("button", name=says["in person"]))
    heading(family, says["needs"])
    is_accessible(family)
    follow(page.get_by_role("button", name=says["continue"]))
    is_accessible(family)
    assert taps + 2 == 6
    assert in_words(journey.first_on, journey.language) in page.locator("main").inner_text()


def give_opinion(family, journey, link):
    """Answer four questions, one a screen, and see the copy once."""
    page, says = family.open(link).page, journey.says
    is_accessible(family)
    questions = page.locator("main form fieldset")
    for question in questions.all():
        expect(question).to_be_visible()
        question.locator("label").filter(has=page.locator("input[value=a_lot]")).click()
        page.get_by_role("button", name=says["continue"]).click()
        expect(question).to_be_hidden()
    assert questions.count() == 4
    page.get_by_role("button", name=says["send"], exact=True).click()
    family.sees(says["thanks"])
    is_accessible(family)


def test_a_series_runs_from_the_first_invitation_to_the_leaders_view(journey):
    rosa, lucia, principal = journey.visit(), journey.visit(), journey.visit()
    journey.at(rosa, journey.planned, "10:00")
    series = plan_and_invite(rosa, journey)

    invitation = lucia.link_to(journey.sent_to(0))
    join(lucia, journey, invitation)

    # Whoever opens the same invitation elsewhere learns what to do, and nothing more.
    stranger = journey.visit().open(invitation)
    assert journey.says["name"] not in stranger.page.locator("main").inner_text()

    # The day before, the reminder; in it, a change of mind.
    journey.at(rosa, journey.first_on - timedelta(days=1), "18:05")
    lucia.open(lucia.link_to(journey.sent_to(0), journey.says["tomorrow"]))
    is_accessible(lucia)
    follow(lucia.page.locator("button[name=answer][value=video]"))
    rosa.open("/c/")
    is_accessible(rosa)
    rosa.open(f"{series}sessions/1/")
    rosa.sees("Familia 0")
    is_accessible(rosa)

    # The evening, and who came.
    journey.at(rosa, journey.first_on, "19:01")
    rosa.open(series)
    is_accessible(rosa)
    rosa.open(series.replace("/c/series/", "/s/") + "sessions/1/attendance/")
    is_accessible(rosa)
    rosa.page.locator("label").filter(has=rosa.page.locator("input[value=video]")).first.click()
    follow(rosa.page.locator("button[name=save]").first)

    # Half an hour after its end, four questions.
    journey.at(rosa, journey.first_on, "19:31")
    request = lucia.link_to(journey.sent_to(0), journey.says["four questions"])
    give_opinion(lucia, journey, request)

    # The principal sees that families come, and nobody's name.
    principal.become("Dra. Grant").speak(journey.language).open("/l/mirador/")
    heading(principal, journey.says["begun"] if journey.planned == PLANNED else "")
    principal.sees(f"Familias {journey.phones[0][-4:]}")
    assert "Familia 0" not in principal.page.content()
    is_accessible(principal)
