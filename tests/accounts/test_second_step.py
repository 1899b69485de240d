"""The second step: asked of everybody but caregivers, once an entrance, and set up by each person alone."""

from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path
from django.utils import translation

from accounts import codes, routes
from accounts.models import SignInCode
from accounts.routes import route
from accounts.second_step_forms import ConfirmDeviceForm
from tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db


def page(request):
    return HttpResponse(f"as {request.audience}")


urlpatterns = [
    path("", include("config.urls")),
    route("for-coordinators/", page, name="for_coordinators", resource="logistics", audience="coordinator"),
    route("for-families/", page, name="for_families", resource="logistics", audience="caregiver"),
]


@pytest.fixture(autouse=True)
def pages():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", email="rosa@example.org", language="en")


@pytest.fixture
def secret(rosa):
    return add_app(rosa)


def add_app(person):
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


class HalfMinutes:
    """The half minute in which the app and the server are."""

    now = 1_000

    def __call__(self):
        yield self.now


@pytest.fixture(autouse=True)
def half_minutes(monkeypatch):
    half_minutes = HalfMinutes()
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", half_minutes)
    return half_minutes


def shown_by_app(secret):
    return auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))


def enter(client, email="rosa@example.org", going=""):
    client.cookies["django_language"] = "en"
    client.post("/enter/", {"address": email})
    digits = codes.digits_of(SignInCode.objects.get(value=email, used_at=None).pk)
    return client.post(f"/enter/code/?next={going}", {"code": digits})


def test_the_code_alone_signs_in_nobody_who_has_a_second_step(client, secret):
    assert enter(client).url == "/enter/second/"
    assert "_auth_user_id" not in client.session
    assert client.get("/me/").url == "/enter/?next=/me/"


def test_the_app_s_code_lets_her_in_where_she_was_going(client, rosa, secret):
    enter(client, going="/for-coordinators/")
    response = client.post("/enter/second/", {"code": shown_by_app(secret)})
    assert (response.status_code, response.url) == (302, "/for-coordinators/")
    assert client.get("/for-coordinators/").content == b"as coordinator"
    assert client.session["_auth_user_id"] == str(rosa.pk)


def test_a_wrong_code_of_the_app_is_said_and_lets_nobody_in(client, secret):
    enter(client)
    page = client.post("/enter/second/", {"code": "000000"})
    assert "That code does not match." in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_five_wrong_codes_of_the_app_even_the_right_one_waits(client, secret):
    enter(client)
    for _ in range(5):
        client.post("/enter/second/", {"code": "000000"})
    page = client.post("/enter/second/", {"code": shown_by_app(secret)})
    assert "Wait five minutes" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_works_once(client, rosa, secret):
    code = Authenticator.objects.get(user=rosa, type="recovery_codes").wrap().get_unused_codes()[0]
    enter(client)
    assert client.post("/enter/second/", {"code": code}).url == "/"
    client.logout()
    enter(client)
    assert client.post("/enter/second/", {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_the_second_step_cannot_come_first(client, secret):
    assert client.get("/enter/second/").url == "/enter/"
    assert client.post("/enter/second/", {"code": shown_by_app(secret)}).url == "/enter/"


def test_a_coordinator_without_one_is_asked_to_add_it(client, rosa):
    enter(client)
    assert client.get("/for-coordinators/").url == "/me/second/"
    assert "Before you go on, add a second step." in client.get("/me/second/").content.decode()


def test_adding_an_app_is_the_proof_and_shows_recovery_codes(client, rosa):
    enter(client)
    secret = client.get("/me/second/app/").context["form"].secret
    response = client.post("/me/second/app/", {"code": shown_by_app(secret)})
    assert response.url == "/me/second/codes/"
    page = client.get("/me/second/codes/")
    assert len(page.context["unused_codes"]) == 10
    assert client.get("/for-coordinators/").content == b"as coordinator"


def test_a_wrong_first_code_adds_no_app(client, rosa):
    enter(client)
    client.get("/me/second/app/")
    page = client.post("/me/second/app/", {"code": "000000"})
    assert "That code does not match." in page.content.decode()
    assert not Authenticator.objects.exists()


def test_a_session_from_before_the_app_was_added_elsewhere_must_prove_it(client, rosa):
    enter(client)
    secret = add_app(rosa)
    asked = client.get("/for-coordinators/?a=1")
    assert asked.url == "/me/second/confirm/?next=/for-coordinators/%3Fa%3D1"
    form = client.get(asked.url, follow=True)
    assert form.redirect_chain[-1][0] == "/me/second/app/confirm/?next=/for-coordinators/%3Fa%3D1"
    answer = client.post(form.redirect_chain[-1][0], {"code": shown_by_app(secret), "next": "/for-coordinators/?a=1"})
    assert answer.url == "/for-coordinators/?a=1"
    assert client.get("/for-coordinators/").content == b"as coordinator"


def test_confirming_never_leads_to_another_site(client, rosa):
    enter(client)
    secret = add_app(rosa)
    answer = client.post(
        "/me/second/app/confirm/?next=https://evil.example/",
        {"code": shown_by_app(secret), "next": "https://evil.example/"},
    )
    assert answer.url == "/"


def test_what_protects_the_account_is_changed_only_after_proving_again(client, rosa, secret):
    enter(client)
    client.post("/enter/second/", {"code": shown_by_app(secret)})
    for path_ in ("/me/second/app/remove/", "/me/second/codes/", "/me/second/devices/add/", "/me/second/codes/new/"):
        assert unquote(client.get(path_).url) == f"/me/second/app/confirm/?next={path_}"
    assert client.post("/me/second/app/remove/").url.startswith("/me/second/app/confirm/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_the_secrets_of_the_second_step_are_stored_sealed(rosa, secret):
    stored = str(list(Authenticator.objects.filter(user=rosa).values_list("data", flat=True)))
    assert (secret in stored, len(secret)) == (False, 32)


def test_after_proving_again_the_app_can_be_taken_away(client, rosa, secret, half_minutes):
    enter(client)
    client.post("/enter/second/", {"code": shown_by_app(secret)})
    half_minutes.now += 1
    client.post("/me/second/app/confirm/", {"code": shown_by_app(secret)})
    assert client.get("/me/second/app/remove/").status_code == 200
    assert client.post("/me/second/app/remove/").url == "/me/second/"
    assert not Authenticator.objects.exists()


def test_a_code_of_the_app_works_once(client, secret):
    enter(client)
    client.post("/enter/second/", {"code": shown_by_app(secret)})
    client.logout()
    enter(client)
    assert client.post("/enter/second/", {"code": shown_by_app(secret)}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_caregiver_needs_no_second_step(client, school):
    make_person("Lucía", school, "caregiver", email="lucia@example.org")
    enter(client, "lucia@example.org")
    assert client.get("/for-families/").content == b"as caregiver"


@pytest.mark.parametrize("kind", ["app", "devices"])
def test_whoever_has_no_second_step_is_led_to_set_one_up_instead_of_confirming_it(client, rosa, kind):
    enter(client)
    assert client.get(f"/me/second/{kind}/confirm/").url == "/me/second/"


def test_without_the_rule_a_code_alone_would_open_the_coordinator_s_page(client, rosa, monkeypatch):
    monkeypatch.setattr("config.middleware.WITHOUT_SECOND_FACTOR", routes.AUDIENCES)
    enter(client)
    assert client.get("/for-coordinators/").content == b"as coordinator"


def test_a_proof_of_somebody_else_s_does_not_count(client, rosa, school, secret):
    make_person("Elena", school, "coordinator", email="elena@example.org")
    enter(client)
    client.post("/enter/second/", {"code": shown_by_app(secret)})
    client.post("/me/out/")
    enter(client, "elena@example.org")
    assert client.get("/for-coordinators/").url == "/me/second/"


NO_DEVICE = {
    "en": "Your device did not answer. Try again, or use an app with codes.",
    "es": "Su dispositivo no respondió. Intente otra vez, o use una aplicación con códigos.",
}


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("credential", ["", "null", "x"])
def test_a_device_that_sends_nothing_as_without_scripts_is_said_in_our_words(
    client, rosa, secret, language, credential
):
    enter(client)
    client.cookies["django_language"] = language
    page = client.post("/enter/second/", {"credential": credential})
    assert page.context["webauthn_form"].errors == {"credential": [NO_DEVICE[language]]}
    assert NO_DEVICE[language] in page.content.decode()
    with translation.override(language):
        again = ConfirmDeviceForm(user=rosa, data={"credential": credential})
        assert again.errors == {"credential": [NO_DEVICE[language]]}


def test_nothing_else_of_allauth_is_served():
    allauth = {name for _, name, view in routes.walk() if "allauth" in getattr(view, "__module__", "")}
    assert allauth == {name for _, name, _ in routes.walk() if name and name.startswith("mfa_")} - {
        "mfa_activate_totp",
        "mfa_add_webauthn",
    } | {"second_factor_start"}
