"""The pages that anybody may read."""

import pytest
from django.utils import translation

from accounts.promises import AUDIENCES, MATRIX, RIGHTS, promises
from tests.factories import make_person, make_school, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school("Mirador")


def read(client, path, language="en"):
    client.cookies["django_language"] = language
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_page_says_what_this_is_and_where_to_enter(client, school):
    page = read(client, "/")
    assert page.count("<li>") == 5
    assert 'href="/enter/"' in page
    assert "Ask Rosa at Academia Mirador, 773 555 0100." in page


def test_with_several_schools_the_front_page_names_nobody(client, school):
    make_school("Otra")
    assert "Rosa" not in read(client, "/")


@pytest.mark.parametrize(
    ("kinds", "home"),
    [
        (["coordinator", "caregiver"], "/help/"),
        (["leader"], "/privacy/"),
        (["caregiver"], "/enter/"),
        (["operator"], "/system/"),
        (["staff"], "/me/"),
        ([], "/me/"),
    ],
)
def test_somebody_signed_in_goes_to_her_first_place(client, school, settings, kinds, home):
    settings.HOMES = (
        ("coordinator", "help"),
        ("leader", "privacy"),
        ("caregiver", "enter"),
        ("operator", "admin:index"),
    )
    response = sign_in(client, make_person("Alguien", school, *kinds)).get("/")
    assert (response.status_code, response.url) == (302, home)


def test_every_home_of_the_settings_is_an_address(client, school, settings):
    for kind in ("coordinator", "leader", "caregiver", "operator", "staff"):
        assert sign_in(client, make_person("Alguien", school, kind)).get("/").status_code == 302


def test_help_names_the_person_of_one_s_own_school(client, school):
    make_school("Otra", help_name="Elena", help_phone="773 555 0200")
    lucia = make_person("Lucía", school, "caregiver", language="en")
    page = read(sign_in(client, lucia), "/help/")
    assert ('href="tel:+17735550100"' in page, "Elena" in page) == (True, False)


def test_help_gives_the_numbers_for_danger_and_despair(client, school):
    page = read(client, "/help/")
    assert [f'href="{link}"' in page for link in ("tel:911", "tel:988", "sms:988")] == [True] * 3
    assert "press 2 for Spanish" in page
    assert "Text AYUDA to 988" in page


def test_privacy_is_honest(client, school):
    page = read(client, "/privacy/")
    assert "No screen, export or person on our team can look up who wrote what." in page
    assert "While a survey is open, someone who broke into the server could try" in page
    untrue = ("fully anonymous", "impossible to trace", "end-to-end encrypted", "we cannot read", "FERPA")
    assert [words for words in untrue if words in page.lower()] == []


def test_every_row_of_the_table_uses_words_that_exist_and_every_word_is_used():
    used = {right for row in MATRIX for right in row.rights.values()}
    assert used == set(RIGHTS)
    assert {who for row in MATRIX for who in row.rights} == set(AUDIENCES)


@pytest.mark.parametrize("language", ["en", "es"])
def test_whoever_may_not_is_named_too(language):
    with translation.override(language):
        for row in promises():
            said = [str(who) for reader in row.readers for who in reader.who] + [str(who) for who in row.nobody]
            assert sorted(said) == sorted(str(who) for who in AUDIENCES.values())


def test_nobody_of_the_school_is_said_to_read_what_families_write():
    assert set(MATRIX[0].rights) == {"caregiver", "facilitator", "coordinator", "parent_seat"}


@pytest.mark.parametrize(
    ("chosen", "hers", "browser", "spoken"),
    [
        ("en", "es", "es", "en"),
        (None, "en", "es", "en"),
        (None, None, "en-US,en;q=0.9", "en"),
        (None, None, "fr", "es"),
        (None, None, "", "es"),
        ("xx", None, "en", "en"),
    ],
)
def test_language_is_the_choice_else_hers_else_the_browser_s_else_spanish(
    client, school, chosen, hers, browser, spoken
):
    if hers:
        sign_in(client, make_person("Lucía", school, "caregiver", language=hers))
    if chosen:
        client.cookies["django_language"] = chosen
    response = client.get("/help/", headers={"accept-language": browser} if browser else {})
    assert response.headers["Content-Language"] == spoken
    assert f'<html lang="{spoken}">' in response.content.decode()
