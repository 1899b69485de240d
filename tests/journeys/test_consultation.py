"""A board asks, families answer, a receipt comes; the board decides otherwise and says why, and families read it."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from accounts import links
from accounts.models import Link
from partnerships.models import Consultation, Decision
from tests.browsing import follow
from tests.factories import sign_in
from tests.journeys.product import DESKTOP, PHONE
from tests.partnerships.deciding import (
    CLOSES_ON,
    DECIDES_ON,
    VOTES,
    WORDS,
    answer,
    make_town,
    member,
    read_by_board,
    read_by_families,
    send,
    work,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RECEIPT = re.compile(r"\d{4}-\d{4}")


class Reader:
    """Somebody at a browser of her own."""

    def __init__(self, browser, server, language, viewport, **more):
        self.server, self.refused = server, []
        self.page = browser.new_context(viewport=viewport, locale=language, **more).new_page()
        self.page.on("console", lambda said: self.refused.append(said.text) if "Content Security" in said.text else 0)
        self.remember(settings.LANGUAGE_COOKIE_NAME, language)

    def remember(self, name, value, path="/"):
        self.page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": path}])

    def enter(self, person):
        self.remember("sessionid", sign_in(Client(), person).cookies["sessionid"].value)
        return self

    def open(self, where):
        self.page.goto(self.server.url + where)
        return self.page

    def press(self, words):
        controls = self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words))
        follow(controls.first)

    def look(self, name):
        """Keep a picture where somebody wants to look, and see that nothing is cut off, refused or hard to read."""
        if folder := os.environ.get("SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert Axe().run(self.page).response["violations"] == []
        assert self.refused == []


def test_a_board_asks_decides_otherwise_and_says_why(browser, live_server, clock):
    _school, board, families = make_town()
    ana = Reader(browser, live_server, "en", DESKTOP).enter(member(board))
    decision = ask(ana, board)

    consultation = Consultation.objects.get(decision=decision)
    answers(browser, live_server, consultation, families)

    read_by_families(consultation, clock)
    lucia = Reader(browser, live_server, "es", PHONE).enter(families[0])
    page = lucia.open(reverse("ask", args=[consultation.pk]))
    expect(page.get_by_text("Más de la mitad")).to_be_visible()
    lucia.look("family-first")
    page = ana.open(reverse("board_decision", args=[board.pk, decision.pk]))
    expect(page.get_by_text("Friday, February 26")).to_be_visible()
    expect(page.get_by_text("More than half")).to_have_count(0)

    read_by_board(consultation, clock)
    decide_otherwise(ana, board, decision)

    page = lucia.open(reverse("decision_page", args=[decision.pk]))
    for words in ("Más de la mitad", "algo distinto de lo que dijeron las familias", VOTES["decided_es"], RECEIPT):
        expect(page.get_by_text(words).first).to_be_visible()
    lucia.look("family-decided")


def ask(ana, board):
    """Draft a question in both languages and publish it."""
    page = ana.open(reverse("board_new_decision", args=[board.pk]))
    for name in ("title", "background", "question"):
        for language in ("es", "en"):
            page.locator(f"[name={name}_{language}]").fill(WORDS[f"{name}_{language}"])
    for number, option in enumerate(WORDS["options"], start=1):
        for language, words in option.items():
            page.locator(f"[name=option_{number}_{language}]").fill(words)
    page.locator("[name=kind][value=pulse]").check()
    page.locator("[name=decides_on]").fill(DECIDES_ON.isoformat())
    ana.press("Save the draft")
    page.locator("[name=closes_on]").fill(CLOSES_ON.isoformat())
    ana.press("Publish to families")
    expect(page.get_by_text("Friday, February 26")).to_be_visible()
    ana.look("board-asked")
    work()
    send()
    return Decision.objects.get()


def answers(browser, server, consultation, families):
    """Let one family answer by the link of her text, one signed in on the page, and four more."""
    form = Consultation.objects.get(pk=consultation.pk).form_id
    address = families[1].addresses.get()
    secret = links.secret_of("form", about=form, address=address.pk)
    public = Link.objects.get(secret_hash=links.digest(secret)).public
    by_link = Reader(browser, server, "es", PHONE)
    by_link.remember(links.COOKIE, secret, f"/f/{public}/")
    page = by_link.open(f"/f/{public}/")
    expect(page.get_by_text(WORDS["background_es"])).to_be_visible()
    by_link.look("family-by-link")
    page.get_by_label(WORDS["options"][0]["es"]).check()
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Gracias")).to_be_visible()

    signed_in = Reader(browser, server, "es", PHONE, color_scheme="dark").enter(families[0])
    page = signed_in.open(reverse("ask", args=[consultation.pk]))
    expect(page.get_by_text("viernes 26 de febrero")).to_be_visible()
    signed_in.look("family-asked")
    signed_in.press("Dar mi opinión")
    page.get_by_label(WORDS["options"][0]["es"]).check()
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_text("Gracias")).to_be_visible()
    for person in families[2:6]:
        answer(Consultation.objects.get(pk=consultation.pk), person, 1)


def decide_otherwise(ana, board, decision):
    """Take it to the leaders, and record another decision with its reason."""
    page = ana.open(reverse("board_decision", args=[board.pk, decision.pk]))
    expect(page.get_by_text("More than half")).to_be_visible()
    ana.press("Take it to the school's leaders")
    for name in ("votes_for", "votes_against", "votes_abstained", "decided_es", "decided_en"):
        page.locator(f"[name={name}]").fill(str(VOTES[name]))
    page.locator("[name=outcome][value=otherwise]").check()
    ana.press("Record the decision")
    expect(page.get_by_text(VOTES["decided_en"])).to_be_visible()
    page = ana.open(reverse("decision_page", args=[decision.pk]))
    expect(page.get_by_text("differently from what families said")).to_be_visible()
    ana.look("board-decided")
