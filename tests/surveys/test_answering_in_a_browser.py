"""The page of questions on a phone: one question at a time, a draft that outlives a reload, and no signal."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from accounts import links
from config.browser import launch_options
from surveys.models import InboxBox
from tests.browsing import follow
from tests.factories import give_address
from tests.surveys.conftest import holding_link, opened, sheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
A_THUMB = 44


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.fixture
def phone(context, page):
    page.set_viewport_size(PHONE)
    page.refused = []
    page.on("console", lambda said: page.refused.append(said.text) if "Content Security" in said.text else None)
    return page


def follow_link(phone, server, form, person, language="es"):
    client, path = holding_link(form, person)
    phone.context.add_cookies(
        [
            {"name": links.COOKIE, "value": client.cookies[links.COOKIE].value, "domain": "localhost", "path": path},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": server.url},
        ]
    )
    phone.goto(server.url + path)


def choose(phone, place):
    """Tap one of the answers of the question that is shown."""
    phone.locator("fieldset:visible label").nth(place).click()


def onward(phone):
    phone.locator("form[data-one-at-a-time] button[type=button]:not(.quiet):visible").click()


def answer_all(phone):
    for _ in range(4):
        choose(phone, 3)
        onward(phone)


def send(phone):
    phone.locator("form[data-one-at-a-time] button[type=submit]").click()


def is_well_made(phone):
    """Say that nothing sticks out sideways, axe finds nothing, and the strict policy was never in the way."""
    phone.wait_for_load_state()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()
    assert phone.refused == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_four_questions_take_nine_taps_one_a_screen(live_server, phone, form, families, language):
    follow_link(phone, live_server, form, families[0], language)
    for _ in range(4):
        expect(phone.locator("fieldset:visible")).to_have_count(1)
        choose(phone, 3)
        box = phone.locator("form button:visible:not(.quiet):not(.pill)").bounding_box()
        assert box["y"] + A_THUMB <= PHONE["height"]
        is_well_made(phone)
        onward(phone)
    is_well_made(phone)
    send(phone)
    expect(phone.locator("[data-draft-done]")).to_be_attached()
    is_well_made(phone)
    assert opened(form, InboxBox.objects.get()) == (sheet(form, "a_lot"), "")


def test_a_draft_outlives_a_reload_and_goes_when_the_server_has_the_answers(live_server, phone, form, families):
    follow_link(phone, live_server, form, families[0])
    choose(phone, 3)
    onward(phone)
    choose(phone, 1)
    phone.reload()
    expect(phone.locator("fieldset:visible input:checked")).to_have_value("a_little")
    onward(phone)
    for _ in range(2):
        choose(phone, 4)
        onward(phone)
    phone.locator("textarea").fill("Gracias")
    send(phone)
    expect(phone.locator("[data-draft-done]")).to_be_attached()
    assert phone.evaluate("localStorage.length") == 0
    answers, comment = opened(form, InboxBox.objects.get())
    assert (list(answers.values()).count(None), sorted(filter(None, answers.values())), comment) == (
        2,
        ["a_little", "a_lot"],
        "Gracias",
    )


def test_without_signal_the_answers_wait_and_are_sent_when_it_returns(live_server, phone, form, families):
    follow_link(phone, live_server, form, families[0])
    answer_all(phone)
    phone.context.set_offline(True)
    send(phone)
    expect(phone.locator("form [role=status].note")).to_be_visible()
    assert InboxBox.objects.count() == 0
    phone.context.set_offline(False)
    expect(phone.locator("[data-draft-done]")).to_be_attached(timeout=60_000)
    assert opened(form, InboxBox.objects.get())[0] == sheet(form, "a_lot")


def test_on_a_phone_of_two_people_nothing_is_kept(live_server, phone, form, families):
    for person in families[:2]:
        give_address(person, "sms", "+17735550777")
    families[0].addresses.exclude(value="+17735550777").delete()
    follow_link(phone, live_server, form, families[0])
    is_well_made(phone)
    follow(phone.get_by_role("link", name="Berta"))
    choose(phone, 3)
    onward(phone)
    assert phone.evaluate("localStorage.length") == 0
    is_well_made(phone)


def test_without_javascript_all_questions_stand_on_one_page(live_server, browser, form, families):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    follow_link(page, live_server, form, families[0])
    expect(page.locator("fieldset:visible")).to_have_count(4)
    for number in range(4):
        page.locator("fieldset").nth(number).locator("label").nth(3).click()
    send(page)
    expect(page.locator("[data-draft-done]")).to_be_attached()
    assert opened(form, InboxBox.objects.get())[0] == sheet(form, "a_lot")
    context.close()
