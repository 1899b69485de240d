"""Browsers of their own for the people of a journey, before the whole product."""

import re
import time

import pytest
from playwright.sync_api import expect

from config.browser import launch_options
from tests.browsing import follow
from tests.journeys.product import PHONE, running

LINK = r"http://localhost:\d+/[ir]/[A-Za-z0-9_-]{22}"


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    """Start the product once for all journeys."""
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Drive the Chromium of this machine."""
    return launch_options()


class Visitor:
    """Somebody at a browser: what a person can do, in the order she would do it."""

    def __init__(self, page, product):
        self.page, self.product = page, product
        self.complaints = []
        page.on("console", lambda message: self.hear(message.text))

    def hear(self, text):
        """Keep what the browser refused; a strict policy must never be in the way of our own pages."""
        if "Content Security Policy" in text:
            self.complaints.append(text)

    def open(self, path):
        """Open an address of the product, or a whole link out of a message."""
        self.page.goto(path if path.startswith("http") else self.product.address + path)
        return self

    def become(self, name):
        """Sign in as somebody of the cast."""
        self.open("/demo/")
        follow(self.page.locator("form button[name=person]").filter(has_text=re.compile(rf"^\s*{re.escape(name)}")))
        return self

    def speak(self, language):
        """Read in this language from now on."""
        self.page.context.add_cookies([{"name": "django_language", "value": language, "url": self.product.address}])
        return self

    def tap(self, words):
        """Tap the button or link that says this."""
        control = self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words))
        control.first.click()
        return self

    def sees(self, words):
        """Wait until the page says this."""
        expect(self.page.get_by_text(words).first).to_be_visible()
        return self

    def move_clock(self, on, at):
        """Let it be this day and hour at the school, for web, worker and scheduler alike."""
        self.open("/demo/")
        self.page.locator("input[name=on]").fill(on)
        # As text: a field for an hour takes no seconds.
        self.page.locator("input[name=at]").evaluate("(field, at) => { field.type = 'text'; field.value = at; }", at)
        follow(self.page.locator("form:has(input[name=on]) button"))
        return self

    def message_to(self, value, containing="", *, within=120):
        """Return the newest message to a phone or mailbox, as its reader sees it."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            self.open("/demo/inbox/")
            for card in self.page.locator("article").all():
                text = card.inner_text()
                if value in text and containing in text:
                    return text
            time.sleep(1)
        pytest.fail(f"No message {containing!r} to {value} within {within} s.")

    def link_to(self, value, containing="", **how):
        """Return the link in the newest message to a phone or mailbox."""
        return re.search(LINK, self.message_to(value, containing, **how)).group()


@pytest.fixture
def visit(browser, product):
    """Give browsers of their own to as many people as a journey needs."""
    contexts, visitors = [], []

    def new(language="es", viewport=PHONE, **options):
        context = browser.new_context(viewport=viewport, locale=language, **options)
        contexts.append(context)
        visitor = Visitor(context.new_page(), product)
        visitors.append(visitor)
        return visitor.speak(language)

    yield new
    complaints = [words for visitor in visitors for words in visitor.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
