"""A leader answers what families asked; it goes late, is done, and a family says on her phone that she sees it."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browsing import follow
from tests.journeys.product import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

ASKED = "Que en la oficina siempre conteste alguien que hable español."


@pytest.fixture
def clock_of(visit):
    """Give the product's day, and put its clock back in the end: other journeys live by it too."""
    visitor = visit().open("/demo/")
    on, at = (visitor.page.locator(f"input[name={name}]").input_value() for name in ("on", "at"))
    yield visitor, date.fromisoformat(on)
    visitor.move_clock(on, at[:5])


def the_request(visitor, where):
    """Open the list, and return the card of the request."""
    return visitor.open(where).page.locator("section.card", has_text=ASKED).first


def answer(leader, state, words, **more):
    """Open the request and answer it."""
    follow(the_request(leader, "/l/mirador/commitments/").locator("a.button"))
    page = leader.page
    page.locator(f"input[name=state][value={state}]").check()
    page.locator("textarea[name=text]").fill(words)
    page.locator("input[name=language][value=es]").check()
    for name, value in more.items():
        page.locator(f"input[name={name}]").fill(value)
    follow(page.locator("main form button.button"))


def test_a_leader_answers_a_request_it_goes_late_and_is_done_and_a_family_confirms_it(visit, clock_of):
    visitor, today = clock_of
    leader = visit("es", DESKTOP).become("Dra. Grant").speak("es")
    leader.open("/l/mirador/").tap("Responder a las familias")
    answer(
        leader, "under_way", "Una persona que habla español empieza el lunes.", owner="Sra. Lewis", due_on=f"{today}"
    )
    card = the_request(leader, "/l/mirador/commitments/")
    expect(card.locator(".tag")).to_have_text(["En camino"])

    visitor.move_clock(f"{today + timedelta(days=1)}", "09:00")
    card = the_request(leader, "/l/mirador/commitments/")
    expect(card.locator(".tag")).to_have_text(["Atrasado", "En camino"])
    late = leader.page.locator("section.card").evaluate_all("cards => cards.map(one => /Atrasado/.test(one.innerText))")
    assert late == sorted(late, reverse=True)

    answer(leader, "done", "Ya hay alguien que contesta en español todos los días.")
    family = visit().become("Lucía").speak("es")
    card = the_request(family.open("/s/"), "/school/mirador/")
    expect(card).to_contain_text("Ya hay alguien que contesta en español todos los días.")
    follow(card.get_by_role("button", name="Sí, lo vemos"))
    expect(the_request(family, "/school/mirador/")).to_contain_text("dijeron que ya lo ven")

    expect(the_request(leader, "/l/mirador/commitments/")).to_contain_text("dijeron que ya lo ven")
    assert "Lucía" not in leader.page.content()
