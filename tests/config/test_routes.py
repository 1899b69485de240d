"""First lock: no address is served that does not say what it shows and to whom."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.urls import path

from accounts.routes import AUDIENCES, declare, undeclared, walk
from config.middleware import AudienceMiddleware


def page(request):
    return HttpResponse("ok")


def test_every_address_declares_resource_and_audience():
    assert undeclared() == []


def test_every_declared_audience_exists():
    assert {a for _, _, view in walk() for a in view.declaration.audiences} - AUDIENCES == set()


def test_the_product_does_not_start_with_an_undeclared_address(monkeypatch):
    monkeypatch.setattr("accounts.routes.get_resolver", lambda: type("R", (), {"url_patterns": [path("x/", page)]}))
    with pytest.raises(ImproperlyConfigured):
        AudienceMiddleware(page)


def test_an_audience_that_does_not_exist_is_refused():
    with pytest.raises(ImproperlyConfigured):
        declare(page, resource="logistics", audience="everybody")


# The addresses that anybody may open, each with its reason; a new one is added here by hand or fails.
PUBLIC = {
    "health": "a load balancer asks",
    "robots": "search engines ask",
    "set_language": "chosen before anybody is known",
    "front": "says what this is",
    "help": "whom to call, and the numbers for danger",
    "privacy": "who can read what",
    "open_invitation": "moves a sent secret into a cookie",
    "open_link": "moves a sent secret into a cookie",
    "open_paper": "moves a printed secret into a cookie",
    "link_unknown": "says what to do with a link that is over",
    "enter": "asks for a code",
    "account_login": "the same page, by the name allauth knows",
    "enter_code": "takes the code",
    "enter_who": "asks who is entering, where an address is shared",
    "mfa_authenticate": "takes the second factor of somebody on the way in",
    "join_request": "a flyer asks for a name and a number",
    "join_request_kept": "says that the request was kept",
    "sms_event": "the provider calls, and signs",
    "unsubscribe": "a mail program's one click",
}


def test_every_open_address_is_known_to_be_open():
    named = {name for _, name, view in walk() if "public" in view.declaration.audiences}
    assert named - set(PUBLIC) == set()
