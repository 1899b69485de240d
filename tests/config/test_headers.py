"""What every response tells the browser, whatever was asked for."""

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db

ASKED = ["/", "/health/", "/nowhere/", "/c/", "/system/", "/static/nothing.css"]
SHUT = {"camera", "microphone", "geolocation", "payment", "usb", "serial", "hid", "display-capture"}


@pytest.mark.parametrize("path", ASKED)
def test_every_response_turns_off_what_no_page_of_ours_uses(client, path):
    said = client.get(path).headers["Permissions-Policy"]
    features = dict(part.split("=") for part in said.split(", "))
    assert (SHUT - set(features), set(features.values())) == (set(), {"()"})


def test_passkeys_copying_and_a_lit_screen_stay(client):
    said = client.get("/").headers["Permissions-Policy"]
    used = ("publickey-credentials-get", "publickey-credentials-create", "clipboard-write", "screen-wake-lock")
    assert [feature for feature in used if feature in said] == []


@pytest.mark.parametrize("path", ["/enter/", "/help/", "/nowhere/"])
def test_no_answer_tells_the_second_at_which_it_was_made(client, path):
    assert {"Expires", "Date"} & set(client.get(path).headers) == set()


def test_files_too_pass_the_first_of_the_middlewares():
    assert settings.MIDDLEWARE[0] == "config.middleware.PoliciesMiddleware"


@pytest.mark.parametrize("path", ASKED)
def test_every_response_loads_nothing_but_what_is_ours(client, path):
    said = client.get(path).headers["Content-Security-Policy"]
    policy = dict(part.split(" ", 1) for part in said.split("; "))
    assert policy == {name: " ".join(where) for name, where in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()}
    assert (policy["default-src"], [where for where in policy.values() if "unsafe" in where]) == ("'none'", [])
