"""Entering by a code: the same for everybody until the right six digits, then the person and nobody else."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import actions, codes, limits, privacy
from accounts.models import Person, SignInCode
from notifications.models import Address, Intent
from tests.factories import give_address, make_person, make_school

pytestmark = pytest.mark.django_db

PHONE, TYPED = "+17735550142", "(773) 555-0142"
# Session, person and ties are not asked about: nobody is signed in.
STATEMENTS_TO_ASK = 10


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone=PHONE)


def ask(client, typed=TYPED, **more):
    return client.post("/enter/", {"address": typed}, **more)


def newest():
    return SignInCode.objects.order_by("-asked_at").first()


def right():
    return codes.digits_of(newest().pk)


def wrong():
    return f"{(int(right()) + 1) % 10**6:06d}"


def type_code(client, digits, path="/enter/code/"):
    return client.post(path, {"code": digits})


def who_is_in(client):
    key = client.session.get("_auth_user_id")
    return key and Person.objects.get(pk=key).name


def masked(response):
    body = re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", response.content.decode())
    # One header holds the browser's own secrets.
    headers = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
    return response.status_code, body, headers


def test_a_known_phone_and_the_right_code_let_her_in(client, lucia):
    response = ask(client)
    assert (response.status_code, response.url) == (302, "/enter/code/")
    response = type_code(client, right())
    assert (response.status_code, response.url, who_is_in(client)) == (302, "/", "Lucía")


def test_a_code_may_be_typed_with_spaces_or_a_dash(client, lucia):
    ask(client)
    type_code(client, f" {right()[:3]}-{right()[3:]} ")
    assert who_is_in(client) == "Lucía"


def test_an_email_works_as_a_phone_does_whatever_its_letters(client, school):
    make_person("Grant", school, "caregiver", email="grant@example.org")
    ask(client, " Grant@Example.org ")
    type_code(client, right())
    assert who_is_in(client) == "Grant"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write a phone number or an e-mail"),
        ("555", "Enter a 10-digit phone number, like 773 555 0142"),
        ("123 555 0142", "Enter a 10-digit phone number, like 773 555 0142"),
        ("lucia@", "Enter an e-mail address like name@example.org"),
        ("x" * 300, "Enter a 10-digit phone number, like 773 555 0142"),
    ],
)
def test_what_cannot_be_an_address_is_said_beside_the_field(client, typed, sentence):
    client.cookies["django_language"] = "en"
    response = ask(client, typed)
    assert (response.status_code, response.context["form"].errors["address"]) == (200, [sentence])
    assert not SignInCode.objects.exists()


def pages_and_statements(client, django_assert_num_queries, typed):
    with django_assert_num_queries(STATEMENTS_TO_ASK):
        asked = ask(client, typed)
    tried = type_code(client, "000000")
    return [masked(each) for each in (asked, client.get("/enter/code/"), tried)]


def test_an_unknown_number_gets_the_same_bytes_and_takes_the_same_statements(lucia, django_assert_num_queries):
    known = pages_and_statements(Client(), django_assert_num_queries, "773 555 0142")
    unknown = pages_and_statements(Client(), django_assert_num_queries, "773 555 0199")
    assert [str(page).replace("+17735550199", PHONE) for page in unknown] == [str(page) for page in known]
    assert list(Intent.objects.order_by("to_value").values_list("kind", "to_value")) == [
        ("sign_in_code", PHONE),
        ("sign_in_code", "+17735550199"),
    ]


def test_a_page_that_looked_for_the_address_would_be_seen_by_its_statements(
    lucia, monkeypatch, django_assert_num_queries
):
    asked = actions.ask_for_code

    def peeking(**given):
        known = Address.objects.filter(value=given["contact"].value).first()
        return known and known.owners.count() and asked(**given)

    monkeypatch.setattr(actions, "ask_for_code", peeking)
    with pytest.raises(pytest.fail.Exception):
        pages_and_statements(Client(), django_assert_num_queries, "773 555 0199")


def test_the_right_digits_for_an_address_nobody_has_let_nobody_in(client):
    ask(client, "773 555 0199")
    type_code(client, right())
    assert (who_is_in(client), newest().used_at, newest().tries) == (None, None, 1)


def test_a_code_takes_five_tries_and_the_sixth_page_says_what_to_do(client, lucia):
    client.cookies["django_language"] = "en"
    ask(client)
    said = [type_code(client, wrong()).context["form"].errors["code"] for _ in range(5)]
    assert said == [["That is not the code we sent. Check the message or ask for a new one."]] * 5
    sixth = type_code(client, right())
    assert sixth.context["form"].errors.as_data()["code"][0].code == "code_over"
    assert "Ask for a new one." in sixth.content.decode()
    assert (who_is_in(client), newest().tries) == (None, 5)


def test_without_the_count_a_sixth_try_would_enter(client, lucia, monkeypatch):
    monkeypatch.setattr(codes, "MOST_TRIES", 6)
    ask(client)
    for _ in range(4):
        type_code(client, wrong())
    type_code(client, right())
    assert who_is_in(client) == "Lucía"


def test_a_code_works_only_in_the_browser_that_asked(client, lucia):
    ask(client)
    other = Client()
    ask(other, "773 555 0199")
    type_code(other, codes.digits_of(SignInCode.objects.get(value=PHONE).pk))
    assert who_is_in(other) is None
    type_code(Client(), codes.digits_of(SignInCode.objects.get(value=PHONE).pk))
    type_code(client, codes.digits_of(SignInCode.objects.get(value=PHONE).pk))
    assert who_is_in(client) == "Lucía"


def test_without_the_binding_another_browser_would_enter(client, lucia, monkeypatch):
    monkeypatch.setattr(codes, "browser_hash", lambda secret: b"the same for all")
    ask(client)
    other = Client()
    type_code(other, right())
    assert who_is_in(other) == "Lucía"


def test_a_code_is_over_after_ten_minutes(client, lucia, clock):
    ask(client)
    clock.move_to(clock.at + timedelta(minutes=10))
    assert type_code(client, right()).status_code == 200
    assert who_is_in(client) is None


def test_a_code_works_a_moment_before(client, lucia, clock):
    ask(client)
    clock.move_to(clock.at + timedelta(minutes=9, seconds=59))
    type_code(client, right())
    assert who_is_in(client) == "Lucía"


def test_a_code_works_once(client, lucia):
    ask(client)
    digits, cookie = right(), client.cookies["enter"].value
    type_code(client, digits)
    client.logout()
    client.cookies["enter"] = cookie
    assert type_code(client, digits).status_code == 200
    assert client.get("/enter/who/").url == "/enter/"
    assert who_is_in(client) is None


def test_a_code_that_comes_late_still_opens_after_a_second_was_asked_for(client, lucia, clock):
    ask(client)
    first = right()
    clock.move_to(clock.at + timedelta(minutes=2))
    ask(client)
    type_code(client, first)
    assert who_is_in(client) == "Lucía"


def test_people_who_share_a_phone_are_asked_who_they_are(client, school, lucia):
    make_person("Ana", school, "caregiver", phone=PHONE)
    make_person("Pedro", school, "caregiver", phone="+17735550143")
    ask(client)
    assert type_code(client, right()).url == "/enter/who/"
    page = client.get("/enter/who/")
    assert [choice["label"] for choice in page.context["choices"]] == ["Ana", "Lucía"]
    assert who_is_in(client) is None
    client.post("/enter/who/", {"person": str(lucia.pk)})
    assert who_is_in(client) == "Lucía"


def test_nobody_enters_as_somebody_who_does_not_read_that_phone(client, school, lucia):
    make_person("Ana", school, "caregiver", phone=PHONE)
    pedro = make_person("Pedro", school, "caregiver", phone="+17735550143")
    ask(client)
    type_code(client, right())
    assert client.post("/enter/who/", {"person": str(pedro.pk)}).status_code == 200
    assert who_is_in(client) is None


def test_who_are_you_is_not_asked_before_the_right_code(client, school, lucia):
    make_person("Ana", school, "caregiver", phone=PHONE)
    ask(client)
    type_code(client, wrong())
    assert client.get("/enter/who/").url == "/enter/"
    assert client.post("/enter/who/", {"person": str(lucia.pk)}).url == "/enter/"
    assert who_is_in(client) is None


def test_choosing_after_ten_minutes_is_too_late(client, school, lucia, clock):
    make_person("Ana", school, "caregiver", phone=PHONE)
    ask(client)
    type_code(client, right())
    clock.move_to(clock.at + timedelta(minutes=11))
    client.post("/enter/who/", {"person": str(lucia.pk)})
    assert who_is_in(client) is None


def test_a_code_lets_in_one_person_not_first_one_and_then_the_other(client, school, lucia):
    ana = make_person("Ana", school, "caregiver", phone=PHONE)
    ask(client)
    code = newest()
    actions.try_code(browser=client.cookies["enter"].value, digits=right())
    actions.come_in(code=code, person=lucia)
    with pytest.raises(ValidationError) as refusal:
        actions.come_in(code=code, person=ana)
    assert refusal.value.code == "code_over"


def test_somebody_who_was_closed_out_cannot_enter(client, lucia):
    Person.objects.update(is_active=False)
    ask(client)
    type_code(client, right())
    assert who_is_in(client) is None


def test_entering_marks_the_address_as_read_by_her(client, school):
    address = give_address(make_person("Ana", school, "caregiver"), "sms", PHONE)
    Address.objects.update(verified_at=None)
    ask(client)
    address.refresh_from_db()
    assert address.verified_at is None
    type_code(client, right())
    address.refresh_from_db()
    assert address.verified_at is not None


def test_the_session_is_another_after_entering(client, lucia):
    client.session["before"] = "somebody may have planted this key"
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    ask(client)
    type_code(client, right())
    assert (who_is_in(client), client.session.session_key != planted) == ("Lucía", True)
    other = Client()
    other.cookies["sessionid"] = planted
    assert other.get("/me/").status_code == 302


def test_pages_of_entering_are_kept_by_no_cache(client, lucia):
    ask(client)
    pages = [client.get("/enter/"), client.get("/enter/code/")]
    type_code(client, right())
    pages += [client.get("/me/")]
    assert ["no-store" in page.headers["Cache-Control"] for page in pages] == [True] * 3


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [
        ("/me/", "/me/"),
        ("/me/?a=1", "/me/?a=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_entering_she_lands_where_she_wanted_and_never_elsewhere(client, lucia, wanted, landed):
    response = client.post("/enter/", {"address": TYPED}, query_params={"next": wanted})
    response = type_code(client, right(), response.url)
    assert (response.status_code, response.url) == (302, landed)


def test_a_page_for_people_sends_to_the_entrance_and_back(client, lucia):
    assert client.get("/me/name/").url == "/enter/?next=/me/name/"


def test_one_address_is_sent_three_codes_in_ten_minutes_and_the_page_is_the_same(client, lucia, clock):
    answers = [masked(ask(client)) for _ in range(4)]
    assert [answer == answers[0] for answer in answers] == [True] * 4
    assert (SignInCode.objects.count(), Intent.objects.count()) == (3, 3)
    clock.move_to(clock.at + timedelta(minutes=10, seconds=1))
    ask(client)
    assert Intent.objects.count() == 4


def test_one_address_is_sent_ten_codes_a_day(client, lucia, clock):
    for _ in range(12):
        ask(client)
        clock.move_to(clock.at + timedelta(minutes=11))
    assert Intent.objects.count() == 10
    clock.move_to(clock.at + timedelta(days=1))
    ask(client)
    assert Intent.objects.count() == 11


def test_another_browser_does_not_get_round_the_limit_of_an_address(lucia):
    for _ in range(5):
        ask(Client())
    assert Intent.objects.count() == 3


def test_without_the_limit_an_address_would_be_flooded(client, lucia, monkeypatch):
    monkeypatch.setattr(actions, "LIMITS", ((timedelta(days=1), 1000),))
    for _ in range(5):
        ask(client)
    assert Intent.objects.count() == 5


def test_a_network_asks_at_most_sixty_times_in_ten_minutes_and_gets_the_same_page(monkeypatch):
    monkeypatch.setattr(limits, "MOST_BY_NETWORK", 3)
    answers = [masked(ask(Client(), f"773 555 01{n:02}")) for n in range(5)]
    assert [answer == answers[0] for answer in answers] == [True] * 5
    assert Intent.objects.count() == 3
    ask(Client(), "773 555 0150", REMOTE_ADDR="192.0.2.7")
    assert Intent.objects.count() == 4


def test_a_network_of_the_new_kind_is_its_first_half(rf):
    here, beside, elsewhere = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"
    for _ in range(limits.MOST_BY_NETWORK):
        assert limits.network_may_ask(rf.post("/enter/", REMOTE_ADDR=here))
    assert [limits.network_may_ask(rf.post("/enter/", REMOTE_ADDR=each)) for each in (beside, elsewhere)] == [
        False,
        True,
    ]


def test_a_cache_that_cannot_be_reached_locks_nobody_out_and_one_address_keeps_its_limit(client, lucia, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    for _ in range(4):
        assert ask(client).url == "/enter/code/"
    assert Intent.objects.count() == 3
    type_code(client, right())
    assert who_is_in(client) == "Lucía"


def test_no_address_or_network_is_readable_in_the_cache(client, lucia, monkeypatch):
    kept = []
    monkeypatch.setattr(cache, "add", lambda key, *rest: kept.append(key))
    monkeypatch.setattr(cache, "incr", lambda key: 1)
    ask(client, REMOTE_ADDR="192.0.2.7")
    assert [word for key in kept for word in ("192.0.2.7", "5550142") if word in key] == []
    assert len(kept) == 1


def test_the_digits_are_written_in_no_row(client, lucia):
    ask(client)
    digits = right()
    rows = [*SignInCode.objects.values(), *Intent.objects.values()]
    assert [row for row in rows for value in row.values() if digits == str(value)] == []


def test_the_digits_of_every_code_are_six_and_differ():
    some = {codes.digits_of(n) for n in range(200)}
    assert {len(digits) for digits in some} == {6}
    assert len(some) > 195


def test_a_day_old_code_is_forgotten(client, lucia, clock):
    ask(client)
    clock.move_to(clock.at + timedelta(hours=23))
    privacy.forget_old()
    assert SignInCode.objects.count() == 1
    clock.move_to(clock.at + timedelta(hours=2))
    privacy.forget_old()
    assert SignInCode.objects.count() == 0


def test_somebody_who_is_in_does_not_see_the_entrance_again(client, lucia):
    ask(client)
    type_code(client, right())
    assert [client.get(path).url for path in ("/enter/", "/enter/code/", "/enter/?next=/me/")] == ["/", "/", "/me/"]


def test_signing_out_is_a_post_and_ends_the_session(client, lucia):
    ask(client)
    type_code(client, right())
    assert client.get("/me/out/").status_code == 405
    assert client.post("/me/out/").url == "/"
    assert who_is_in(client) is None
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("path", ["/enter/", "/enter/code/", "/enter/who/"])
def test_reading_a_page_of_entering_writes_nothing(client, lucia, path):
    assert client.head(path).status_code in {200, 302}
    client.get(path)
    assert (SignInCode.objects.count(), Intent.objects.count()) == (0, 0)
