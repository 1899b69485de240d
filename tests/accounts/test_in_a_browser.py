"""Entering and one's own account in a real browser: the app's codes, a passkey, and every page as axe sees it."""

import time

import pytest
from allauth.mfa.totp.internal import auth
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from playwright.sync_api import expect

from accounts import codes
from accounts.models import SignInCode
from config.browser import launch_options
from tests.browsing import follow
from tests.factories import make_person, make_school

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
HALF_MINUTE = 30


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.fixture(scope="session", autouse=True)
def _no_connection_left(playwright, django_db_blocker):
    """Close what was opened beside Playwright's event loop: there Django keeps a connection of its own."""
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", email="rosa@example.org")


@pytest.fixture
def phone(context, page, live_server):
    page.set_viewport_size(PHONE)
    page.refused = []
    page.on("console", lambda said: page.refused.append(said.text) if "Content Security" in said.text else None)
    speak(page, live_server, "en")
    return page


def speak(page, server, language):
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": server.url}])


def is_well_made(page):
    """Say that nothing sticks out sideways, axe finds nothing, and the strict policy was never in the way."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.refused == []


def ask_and_type(page, server, address, going="/me/"):
    """Enter by a code as far as the code reaches."""
    page.goto(f"{server.url}/enter/?next={going}")
    page.get_by_role("textbox").fill(address)
    follow(page.get_by_role("button", name="Send me a code"))
    expect(page.get_by_text("If we know you, a code is on its way.")).to_be_visible()
    code = SignInCode.objects.get(value=address, used_at=None)
    page.get_by_role("textbox").fill(codes.digits_of(code.pk))
    follow(page.get_by_role("button", name="Enter", exact=True))


def shown_by_app(secret):
    """Return the app's code, of a half minute that still lasts a while."""
    if time.time() % HALF_MINUTE > HALF_MINUTE - 10:
        time.sleep(11)
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // HALF_MINUTE))


def forget_used_codes():
    """Let a code of the app be typed again at once, as if the half minute had gone by."""
    cache.clear()


def test_with_an_app_she_sets_up_signs_out_and_enters_again(live_server, phone, rosa):
    ask_and_type(phone, live_server, "rosa@example.org", "/c/schools/mirador/staff/")
    expect(phone).to_have_url(f"{live_server.url}/me/second/")
    is_well_made(phone)
    follow(phone.get_by_role("link", name="Add an app"))
    is_well_made(phone)
    secret = phone.locator("code").inner_text()
    phone.get_by_label("The 6 numbers").fill(shown_by_app(secret))
    follow(phone.get_by_role("button", name="Add the app"))
    expect(phone.get_by_role("heading", name="Write these codes down")).to_be_visible()
    assert phone.locator("main li code").count() == 10
    is_well_made(phone)

    phone.goto(f"{live_server.url}/me/")
    is_well_made(phone)
    follow(phone.get_by_role("button", name="Sign out"))
    forget_used_codes()
    ask_and_type(phone, live_server, "rosa@example.org", "/c/schools/mirador/staff/")
    expect(phone).to_have_url(f"{live_server.url}/enter/second/")
    is_well_made(phone)
    phone.get_by_role("textbox").fill(shown_by_app(secret))
    follow(phone.get_by_role("button", name="Continue"))
    expect(phone).to_have_url(f"{live_server.url}/c/schools/mirador/staff/")
    is_well_made(phone)


def has_a_passkey(page):
    """Give the browser a fingerprint reader that always agrees."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_with_a_passkey_she_sets_up_signs_out_and_enters_again(live_server, phone, rosa):
    has_a_passkey(phone)
    ask_and_type(phone, live_server, "rosa@example.org", "/c/schools/mirador/staff/")
    follow(phone.get_by_role("link", name="Add this device"))
    is_well_made(phone)
    follow(phone.get_by_role("button", name="Add this device"))
    expect(phone.get_by_role("heading", name="Write these codes down")).to_be_visible()
    phone.goto(f"{live_server.url}/me/second/devices/")
    expect(phone.get_by_text("My device", exact=True)).to_be_visible()
    is_well_made(phone)

    phone.goto(f"{live_server.url}/me/")
    follow(phone.get_by_role("button", name="Sign out"))
    ask_and_type(phone, live_server, "rosa@example.org", "/c/schools/mirador/staff/")
    is_well_made(phone)
    follow(phone.get_by_role("button", name="Use my device"))
    expect(phone).to_have_url(f"{live_server.url}/c/schools/mirador/staff/")

    phone.goto(f"{live_server.url}/me/second/codes/new/")
    expect(phone).to_have_url(f"{live_server.url}/me/second/app/confirm/?next=%2Fme%2Fsecond%2Fcodes%2Fnew%2F")
    is_well_made(phone)
    follow(phone.get_by_role("link", name="Use my device instead"))
    is_well_made(phone)
    follow(phone.get_by_role("button", name="Use my device"))
    expect(phone.get_by_role("heading", name="Make new recovery codes?")).to_be_visible()
    is_well_made(phone)


def test_two_people_on_one_phone_choose_who_they_are(live_server, phone, school):
    for name in ("Ana", "Lucía"):
        make_person(name, school, "caregiver", phone="+17735550142", language="en")
    ask_and_type(phone, live_server, "+17735550142")
    is_well_made(phone)
    follow(phone.get_by_role("button", name="Lucía"))
    expect(phone.get_by_role("heading", name="My account")).to_be_visible()
    expect(phone.locator("dd").first).to_contain_text("Lucía")


@pytest.mark.parametrize(("language", "viewport"), [("es", PHONE), ("en", DESKTOP)])
def test_every_page_before_entering_is_well_made(live_server, phone, school, language, viewport):
    phone.set_viewport_size(viewport)
    speak(phone, live_server, language)
    for path in ("/", "/help/", "/privacy/", "/link/", "/enter/", "/enter/code/", "/nothing/"):
        phone.goto(live_server.url + path)
        assert phone.locator("html").get_attribute("lang") == language
        is_well_made(phone)


def test_a_wrong_address_and_a_wrong_code_are_said_and_take_the_focus(live_server, phone):
    phone.goto(f"{live_server.url}/enter/")
    phone.get_by_role("textbox").fill("555")
    follow(phone.get_by_role("button", name="Send me a code"))
    expect(phone.locator("[data-error-summary]")).to_be_focused()
    is_well_made(phone)
    phone.get_by_role("textbox").fill("773 555 0142")
    follow(phone.get_by_role("button", name="Send me a code"))
    phone.get_by_role("textbox").fill("000000")
    follow(phone.get_by_role("button", name="Enter", exact=True))
    expect(phone.locator("[data-error-summary]")).to_contain_text("That is not the code we sent.")
    is_well_made(phone)
