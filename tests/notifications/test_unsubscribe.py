"""The link in each e-mail: asks on GET, stops on POST, needs nothing kept and nobody signed in."""

import uuid

import pytest
from django.core import mail

from accounts.database import acting
from notifications import delivery, unsubscribing
from notifications.models import Address
from tests.notifications.cast import post, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    return somebody("Ana", email="ana@example.org").addresses.get()


@pytest.fixture
def url(address):
    return f"/u/{unsubscribing.secret(address.pk)}"


def is_stopped():
    return Address.objects.get().stopped_at is not None


def test_the_link_in_the_head_and_in_the_words_is_the_same(address):
    post()
    with acting("worker"):
        delivery.go_round()
    letter = mail.outbox[0]
    html = letter.alternatives[0].content
    assert letter.extra_headers["List-Unsubscribe"] == f"<{unsubscribing.url(address)}>"
    assert (unsubscribing.url(address) in letter.body, unsubscribing.url(address) in html) == (True, True)


def test_opening_the_link_stops_nothing(client, url):
    response = client.get(url)
    assert (response.status_code, is_stopped()) == (200, False)
    assert "<h1>" in response.content.decode()


def test_one_click_stops_at_once_without_cookie_or_token(client, url):
    client.handler.enforce_csrf_checks = True
    response = client.post(url, {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, is_stopped()) == (200, True)


def test_after_it_nothing_goes_there(client, url):
    client.post(url)
    post()
    with acting("worker"):
        delivery.go_round()
    assert mail.outbox == []


def test_whoever_stopped_by_mistake_comes_back(client, url):
    client.post(url)
    client.post(url, {"again": "1"})
    assert not is_stopped()


def test_the_page_speaks_the_addresss_language(client, url, address):
    Address.objects.update(language="en")
    assert client.get(url, headers={"Accept-Language": "es"}).headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda secret: secret[:-1],
        lambda secret: secret + "A",
        lambda secret: ("B" if secret[0] == "A" else "A") + secret[1:],
        lambda secret: secret[:22] + "A" * 22,
        lambda secret: "á" * 44,
        lambda secret: unsubscribing.secret(uuid.uuid4()),
    ],
)
def test_a_link_we_did_not_make_finds_nothing(client, address, wrong):
    secret = wrong(unsubscribing.secret(address.pk))
    assert client.post(f"/u/{secret}").status_code == 404
    assert not is_stopped()


def test_without_the_mark_anybody_who_learns_a_key_could_stop_it(client, address, monkeypatch):
    monkeypatch.setattr(unsubscribing.hmac, "compare_digest", lambda ours, given: True)
    client.post(f"/u/{unsubscribing.secret(address.pk)[:22]}{'A' * 22}")
    assert is_stopped()
