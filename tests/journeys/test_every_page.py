"""Every page that somebody can walk to: accessible, within its policy, within 320 px, and light on a phone."""

import re
from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

# Who begins where, and reads in which language; the strangers' pages in both.
WALKERS = [
    ("", "/", "es"),
    ("", "/", "en"),
    ("Lucía", "/s/", "es"),
    ("Elena", "/s/", "es"),
    ("Rosa", "/c/", "es"),
    ("Dra. Grant", "/l/", "en"),
    ("Ana", "/b/", "es"),
    ("Dr. Bell", "/d/", "en"),
]
NOT_PAGES = re.compile(r"\.ics$|^/demo/|^/system/|\.txt$|^/static/|/file/$")
# What everybody finds alike is walked by the first in each language.
ALIKE = re.compile(r"^/(me/.+|help/|privacy/)")
ANY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
KNOWN: defaultdict[tuple[str, bool], set[str]] = defaultdict(set)
FIRST_LOAD, FIRST_FLIGHT = 40 * 1024, 14 * 1024


def shape(address):
    """Return what kind of page an address is: the tenth evening looks like the ninth."""
    return ANY.sub("*", urlsplit(address).path)


def walk(visitor, start, known):
    """Yield every kind of page that links lead to, while the browser shows it; of those alike, none `known`."""
    waiting, seen = [start], {page for page in known if ALIKE.search(page)}
    while waiting:
        address = waiting.pop(0)
        if shape(address) in seen or NOT_PAGES.search(urlsplit(address).path):
            continue
        seen.add(shape(address))
        known.add(shape(address))
        answer = visitor.page.goto(visitor.product.address + address)
        yield address, answer
        links = visitor.page.locator("a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        waiting += [link.partition("#")[0] for link in links]


def faults(page, answer, language):
    """Return what is wrong with the page that the browser shows."""
    found = []
    if answer.status != 200:
        return [f"answers {answer.status}"]
    if "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
        found.append("no strict policy")
    if page.locator("html").get_attribute("lang") != language:
        found.append("another language")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} headings of the first rank")
    if ".." in page.locator("body").inner_text().replace("...", ""):
        found.append("two full stops, as after an hour")
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        found.append("scrolls sideways at 320 px")
    page.set_viewport_size({"width": 360, "height": 740})
    report = Axe().run(page)
    return found + ([report.generate_report()] if report.violations_count else [])


@pytest.mark.parametrize(
    ("who", "start", "language"), WALKERS, ids=[f"{who or 'a stranger'} {language}" for who, _, language in WALKERS]
)
def test_every_page_that_links_lead_to_is_in_order(visit, who, start, language):
    visitor = visit(language)
    if who:
        visitor.become(who).speak(language)
    found = {
        address: faults(visitor.page, answer, language)
        for address, answer in walk(visitor, start, KNOWN[language, bool(who)])
    }
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
    assert len(found) >= 3


def test_a_caregivers_first_load_stays_light(visit):
    visitor = visit("es")
    visitor.become("Lucía")
    heavy = {}
    for address in ("/s/", "/me/", "/privacy/", "/enter/", "/s/group/", "/space/mirador/"):
        page = visitor.page.context.browser.new_context(storage_state=visitor.page.context.storage_state()).new_page()
        weights = {}
        page.on("requestfinished", lambda request, weights=weights: weights.update({request.url: weight(request)}))
        page.goto(visitor.product.address + address, wait_until="networkidle")
        flight = sum(size for url, size in weights.items() if not url.endswith((".js", ".svg")))
        if sum(weights.values()) > FIRST_LOAD or flight > FIRST_FLIGHT:
            heavy[address] = weights
        page.context.close()
    assert heavy == {}


def weight(request):
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
