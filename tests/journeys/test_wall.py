"""A caregiver writes; the principal tries every address that opens to her, and so does the product when she asks it.

The worker that tries the door here is the real one, with its own login.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import follow
from tests.journeys.product import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

SAID = {
    "es": {
        "nothing": "No hay nada en esta dirección",
        "no": "No",
        "principal": "La dirección de la escuela",
        "try": "Probar la puerta",
        "look": "Ver la respuesta",
        "shut": "a usted se le abren todas",
        "gone": "no existe",
    },
    "en": {
        "nothing": "There is nothing at this address",
        "no": "No",
        "principal": "The principal",
        "try": "Try the door",
        "look": "See the answer",
        "shut": "to you they all open",
        "gone": "does not exist",
    },
}


def enter_the_group(family):
    """Go into the group, answering the question at its door where it is asked; return its address."""
    page = family.open("/s/group/").page
    while "/g/" not in page.url:
        if page.locator("input[type=radio]").count():
            page.locator("input[type=radio][value=no]").check()
            follow(page.locator("main form button").last)
        else:
            follow(page.locator('main a[href*="/group/"]').first)
    return re.search(r"/g/[0-9a-f-]+/", page.url).group()


def write(family, group, words):
    """Write to the group, and return the address of the text."""
    page = family.open(f"{group}new/").page
    page.get_by_role("textbox").first.fill(words)
    follow(page.locator("main form button").last)
    family.sees(words)
    link = page.locator("section", has_text=words).first.locator("a[href]").last
    return re.search(rf"{group}[0-9a-f-]+/", link.get_attribute("href")).group()


def addresses(family, group, text):
    """Return what opens to the caregiver, each address asked once more to see that it does."""
    family.open("/s/sessions/")
    series = re.search(r"/s/[0-9a-f-]{36}/", family.page.content()).group()
    space = "/space/mirador/"
    found = [
        group,
        *(f"{group}{page}/" for page in ("new", "members", "agreements", "ideas", "door")),
        *(text + page for page in ("", "translate/", "delete/")),
        *(space + page for page in ("", "new/", "members/")),
        series,
        f"{series}sessions/",
        f"{series}sessions/1/session.ics",
    ]
    opened = {where: family.page.context.request.get(family.product.address + where).status for where in found}
    assert opened == dict.fromkeys(found, 200)
    assert len(found) >= 14
    return found


def told(visitor, where):
    """Return status and bytes of what an address answers, but for that address and the token of its form."""
    answered = visitor.page.goto(visitor.product.address + where)
    body = answered.text().replace(where, "")
    return answered.status, re.sub(r'csrfmiddlewaretoken" value="\w+"', "", body)


@pytest.mark.parametrize(("language", "viewport"), [("es", PHONE), ("en", DESKTOP)])
def test_what_a_caregiver_writes_is_nowhere_for_the_principal_and_she_can_see_that_it_is(visit, language, viewport):
    words = SAID[language]
    family = visit(language, viewport).become("Lucía").speak(language)
    group = enter_the_group(family)
    text = write(family, group, f"Nadie de la escuela lee esto ({language}).")
    behind = addresses(family, group, text)

    principal = visit(language, viewport).become("Dra. Grant").speak(language)
    principal.open("/l/")
    expect(principal.page.locator("h1")).to_be_visible()
    absent = told(principal, "/g/00000000-0000-4000-8000-000000000000/")
    assert absent[0] == 404
    for where in behind:
        assert (where, *told(principal, where)) == (where, *absent)
        expect(principal.page.get_by_role("heading", name=words["nothing"])).to_be_visible()

    page = family.open(f"{group}door/").page
    page.get_by_role("radio", name=words["principal"]).check()
    follow(page.get_by_role("button", name=words["try"]))
    for _try in range(30):
        look = page.get_by_role("link", name=words["look"])
        if not look.count():
            break
        page.wait_for_timeout(1000)
        follow(look)
    family.sees(words["shut"])
    assert page.locator("td .tag", has_text=words["gone"]).count() >= 14
    assert page.locator(".tag.alert").count() == 0
