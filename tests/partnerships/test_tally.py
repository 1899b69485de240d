"""The speaking tally: counted on one phone, with signal and without; sent twice it is one, no other overwrites it."""

from datetime import UTC, date, datetime, time
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.servers.basehttp import WSGIRequestHandler
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from accounts.database import acting
from config.browser import launch_options
from partnerships.actions import tallies as actions
from partnerships.forms.tallies import COUNTED
from partnerships.models import JointMeeting, SpeakingTally
from tests.browsing import follow
from tests.factories import make_member, make_person, make_school, make_series, sign_in

PHONE = {"width": 360, "height": 740}
A_THUMB = 44
TITLE = "La salida de la escuela"


@pytest.fixture
def elena(db):
    school = make_school("Mirador")
    person = make_person("Elena", school, "caregiver")
    make_member(make_series(school).group, person, "facilitator")
    return person


@pytest.fixture
def meeting(elena):
    at = datetime(2027, 2, 14, 18, tzinfo=UTC)
    return JointMeeting.objects.create(
        school=elena.memberships.get().school,
        title=TITLE,
        on=date(2027, 3, 4),
        starts_at=time(18),
        place="Biblioteca",
        families_on=date(2027, 3, 2),
        families_at=time(18),
        families_seats=12,
        staff_seats=5,
        speaking_order="Familias\n\nMaestras",
        agreements="Escuchamos.",
        coached_at=at,
        published_at=at,
    )


def counts(*numbers):
    return dict(zip(COUNTED, numbers, strict=True))


def sent(client, meeting, phone, *numbers, **more):
    said = {"phone_key": str(phone), "script": "1", **counts(*numbers), **more}
    return client.post(f"/meetings/{meeting.pk}/tally/", said).status_code


def kept():
    return [tuple(row) for row in SpeakingTally.objects.values_list(*COUNTED)]


def test_the_same_count_sent_twice_is_one_and_a_later_one_of_the_phone_replaces_it(client, elena, meeting):
    sign_in(client, elena)
    phone = uuid4()
    assert [sent(client, meeting, phone, 3, 1, 0, 1, 0) for _time in range(2)] == [204, 204]
    assert kept() == [(3, 1, 0, 1, 0)]
    assert sent(client, meeting, phone, 2, 4, 1, 1, 0) == 204
    assert kept() == [(2, 4, 1, 1, 0)]


def test_another_phone_overwrites_nothing_before_somebody_says_so(client, elena, meeting):
    sign_in(client, elena)
    other = uuid4()
    sent(client, meeting, uuid4(), 3, 1, 0, 1, 0)
    assert sent(client, meeting, other, 9, 9, 9, 9, 9) == 409
    assert kept() == [(3, 1, 0, 1, 0)]
    assert "Otro teléfono ya envió su cuenta" in client.get(f"/meetings/{meeting.pk}/tally/").content.decode()
    assert sent(client, meeting, other, 9, 8, 7, 6, 5, replaces="1") == 204
    assert kept() == [(9, 8, 7, 6, 5)]


def test_negative_control_without_the_look_at_the_phone_the_other_count_is_lost(client, elena, meeting, monkeypatch):
    sign_in(client, elena)
    sent(client, meeting, uuid4(), 3, 1, 0, 1, 0)
    monkeypatch.setattr(UUID, "__ne__", lambda _one, _other: False)
    assert sent(client, meeting, uuid4(), 9, 9, 9, 9, 9) == 204
    assert kept() == [(9, 9, 9, 9, 9)]


def test_without_javascript_each_tap_is_a_page_and_one_can_be_taken_back(client, elena, meeting):
    sign_in(client, elena)
    where = f"/meetings/{meeting.pk}/tally/"

    def tap(**button):
        shown = client.get(where).context
        now = {one["name"]: one["count"] for one in [*shown["groups"], *shown["tones"]]}
        said = {"phone_key": str(shown["phone"]), **now, **button}
        return said, client.post(where, said).headers["Location"]

    tap(one="families_spoke")
    last, _next = tap(one="families_spoke")
    client.post(where, last)  # The page was sent again.
    assert kept() == [(2, 0, 0, 0, 0)]
    following = tap(one="dismissed")[1]
    assert client.get(following).context["last"] == "dismissed"
    tap(undo="dismissed")
    assert kept() == [(2, 0, 0, 0, 0)]


def test_a_count_that_is_no_count_is_refused(client, elena, meeting):
    sign_in(client, elena)
    assert sent(client, meeting, uuid4(), -1, 0, 0, 0, 0) == 400
    assert sent(client, meeting, "no", 1, 0, 0, 0, 0) == 400
    assert kept() == []


def test_nothing_is_counted_before_the_meeting_is_published(client, elena, meeting):
    JointMeeting.objects.update(published_at=None)
    assert sent(sign_in(client, elena), meeting, uuid4(), 1, 0, 0, 0, 0) == 302
    with acting("facilitator", elena.pk), pytest.raises(ValidationError) as refusal:
        actions.keep_count(meeting=meeting, phone_key=uuid4(), counts=counts(1, 0, 0, 0, 0))
    assert (refusal.value.code, kept()) == ("draft", [])


def test_what_a_phone_keeps_of_the_page_is_nobodys_words(client, elena, meeting):
    shown = sign_in(client, elena).get(f"/meetings/{meeting.pk}/tally/")
    for words in (TITLE, "Elena", "Biblioteca", "Familias\n"):
        assert words not in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    cookie = shown.cookies["tally"]
    assert (cookie["path"], cookie["httponly"]) == (f"/meetings/{meeting.pk}/tally/", True)


def test_the_worker_opens_this_one_page_and_only_to_whoever_counts(client, elena, meeting):
    where = f"/meetings/{meeting.pk}/tally/worker.js"
    assert Client().get(where).status_code == 302
    shown = sign_in(client, elena).get(where)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "text/javascript")
    assert "Service-Worker-Allowed" not in shown.headers


@pytest.mark.django_db(transaction=True)
def test_two_phones_send_their_first_count_at_once_and_one_of_them_is_told(elena, meeting):
    told, start = [], Barrier(2)

    def send(number):
        start.wait()
        try:
            with acting("facilitator", elena.pk):
                actions.keep_count(meeting=meeting, phone_key=uuid4(), counts=counts(number, 0, 0, 0, 0))
            told.append("kept")
        except ValidationError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=send, args=(number,)) for number in (1, 2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (sorted(told), len(kept())) == (["another_phone", "kept"], 1)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.fixture
def phone(context, page, live_server, elena):
    signed_in = sign_in(Client(), elena).cookies["sessionid"].value
    context.add_cookies(
        [
            {"name": "sessionid", "value": signed_in, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": "es", "url": live_server.url},
        ]
    )
    page.set_viewport_size(PHONE)
    page.refused = []
    page.on("console", lambda said: page.refused.append(said.text) if "Content Security" in said.text else None)
    return page


@pytest.fixture
def signal(monkeypatch, context):
    """Give a switch for the signal: `set_offline` cuts off pages alone, so the server hangs up on the worker too."""
    answers, is_on = WSGIRequestHandler.parse_request, [True]

    def switch(on):
        is_on[0] = on
        context.set_offline(not on)

    def parse_request(handler):
        handler.close_connection = not is_on[0]
        return is_on[0] and answers(handler)

    monkeypatch.setattr(WSGIRequestHandler, "parse_request", parse_request)
    return switch


def shown(phone):
    """Return the numbers on the five buttons."""
    return [int(number) for number in phone.locator("button[name=one] output").all_inner_texts()]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_counts_and_opens_again_without_signal_and_sends_once_it_is_back(phone, signal, live_server, meeting):
    where = f"{live_server.url}/meetings/{meeting.pk}/tally/"
    phone.goto(where)
    expect(phone.get_by_text("Esta página ya funciona sin señal.")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    report = Axe().run(phone)
    assert report.violations_count == 0, report.generate_report()
    sizes = [button.bounding_box() for button in phone.locator("button[name=one]").all()]
    assert [size for size in sizes if min(size["width"], size["height"]) < 2 * A_THUMB] == []
    assert max(size["y"] + size["height"] for size in sizes) <= PHONE["height"]

    signal(False)
    for name in ("families_spoke", "families_spoke", "dismissed", "staff_spoke", "families_spoke", "affirmed"):
        phone.locator(f"button[value={name}]").click()
    expect(phone.get_by_text("No hay señal.")).to_be_visible()
    phone.reload()
    # The kept copy has no token: this page came from the phone.
    assert phone.locator("[data-tally] [name=csrfmiddlewaretoken]").get_attribute("value") == ""
    assert shown(phone) == [3, 1, 1, 0, 1]
    phone.get_by_role("button", name="Deshacer el último toque").click()
    phone.locator("button[value=neutral]").click()
    assert (shown(phone), kept()) == ([3, 1, 0, 1, 1], [])

    signal(True)
    expect(phone.get_by_text("La cuenta está enviada.")).to_be_visible()
    assert kept() == [(3, 1, 0, 1, 1)]
    follow(phone.get_by_role("button", name="La reunión terminó"))
    assert phone.evaluate("caches.keys().then((kept) => [localStorage.length, kept.length])") == [0, 0]
    assert phone.refused == []
