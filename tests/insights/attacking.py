"""All that the leader of a school can open, and all that is sent to her, word for word."""

import re
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from accounts.database import acting
from dialogue_series.models import CheckIn
from insights import tasks
from insights.models import Report
from notifications.delivery import go_round
from tests.factories import give_address, make_school, sign_in
from tests.insights.reporting import FAMILIES_AT, LEADERS_AT, over, release_all
from tests.insights.test_report import ask

# The day after the first evening; and the first Monday on which leaders have everything.
FIRST_OVER = datetime(2027, 1, 29, 18, 0, tzinfo=UTC)
MONDAY = datetime(2027, 2, 22, 18, 0, tzinfo=UTC)
PDF, BODY = "application/pdf", b"\n\n"


def ended(clock, number, **waves):
    """Let a series go by, its worker at work, until its leader has everything: `(yes, of)` of each wave."""
    clock.move_to(FIRST_OVER)
    school = make_school(f"Mirador{number}")
    # A name of one length, whatever ran before: the length of a page is a header.
    series = over(school, name="Primavera", **waves)
    school.name = school.sms_name = "Academia Mirador"
    school.save()
    give_address(series.principal, "email", f"grant{number}@example.org")
    ask(series, at=FIRST_OVER)
    work()
    clock.move_to(FAMILIES_AT)
    release_all(series)
    work()
    for at in (LEADERS_AT, MONDAY):
        clock.move_to(at)
        work()
    return series


def work():
    """Let the worker do all that is due about what leaders see."""
    with acting("worker"):
        tasks.show_help()
        tasks.open_checkins()
        tasks.tell_results()
        tasks.tell_answers_due()
        go_round()
    tasks.make_reports()


def pages(series):
    """Return every address at which a leader finds something of what families answered."""
    school = f"/l/{series.school.slug}/"
    results, report = f"{school}results/{series.pk}/", f"{school}report/{series.pk}/"
    checkin = CheckIn.objects.filter(series=series, after_session=1).first()
    found = {"overview": school, "results": results, "file": f"{results}file/", "report": report}
    if Report.objects.filter(series=series, state="made").exists():
        found |= {"letter": f"{report}letter/", "a4": f"{report}a4/"}
    return found | ({"check-in": f"{school}checkins/{checkin.pk}/"} if checkin else {})


def browser(series):
    """Return the leader's."""
    return sign_in(Client(headers={"accept-language": "en"}), series.principal)


def opened(series):
    """Return what she finds at each of them, headers too."""
    client = browser(series)
    return {name: said(client.get(page), series) for name, page in pages(series).items()}


def said(response, series):
    """Return all that an answer says, but for what changes with each and where the series lies."""
    assert response.status_code == 200
    headers = str(sorted(response.headers.items())).encode()
    is_paper = response.headers["Content-Type"] == PDF
    return masked(headers, series) + BODY + (response.content if is_paper else masked(response.content, series))


def body_of(said):
    """Return an answer without its headers."""
    return said.partition(BODY)[2]


def masked(words, series):
    """Leave out tokens, keys and the school's address."""
    words = words.replace(series.school.slug.encode(), b"school")
    words = re.sub(rb'csrfmiddlewaretoken" value="\w+"|/u/[\w-]+|grant\d@', b"", words)
    return re.sub(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"key", words)


def sent(series):
    """Return every mail that went to her: subject, text, the other form of it, headers; of one hour in any order."""
    address = series.principal.addresses.get().value
    to_her = [message for message in mail.outbox if message.to == [address]]
    return sorted(
        masked(str((one.subject, one.body, one.alternatives, sorted(one.extra_headers))).encode(), series)
        for one in to_her
    )


def everything(clock, number, **waves):
    """Return all of it, of a group with these answers."""
    mail.outbox.clear()
    series = ended(clock, number, **waves)
    return {**opened(series), "mail": b"\n".join(sent(series))}


def differing(one, other):
    """Name what is not the same."""
    assert one.keys() == other.keys()
    return [name for name in one if one[name] != other[name]]


class Printer:
    """A browser that prints a page as somebody at a school would, with our styles and without any server."""

    def __init__(self, page):
        self.page, self.html = page, b""
        page.route("**/*", self.answer)

    def answer(self, route):
        """Give the page, or one of our own files."""
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=finders.find(path.removeprefix("/static/")))
        else:
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")

    def print(self, html):
        """Return the words that stand on the paper."""
        self.html = html
        self.page.goto("http://mirador.example/page")
        paper = PdfReader(BytesIO(self.page.pdf(format="Letter")))
        return "\n".join(sheet.extract_text() for sheet in paper.pages)
