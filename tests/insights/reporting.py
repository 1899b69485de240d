"""A series that is over, with all that its report is made of."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from django.db import transaction
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import ContentStream, NameObject

from accounts.database import acting
from accounts.models import Person
from dialogue_series.models import Series, Session
from insights.methods import actions as methods
from insights.models import FamiliesReading, HelpShown, Report
from insights.tasks import make_reports
from partnerships.actions import quotes
from surveys import actions, releases
from surveys.models import Instrument, Release, Sheet, Wave
from tests.factories import make_member, make_person, make_post, make_series, sign_in

INSTRUMENTS = Path(__file__).resolve().parent.parent.parent / "fixtures" / "instruments.json"
FAMILIES_AT = datetime(2027, 2, 15, 15, 0, tzinfo=UTC)
LEADERS_AT = FAMILIES_AT + timedelta(hours=48)


def answers(slug, yes, of):
    """Return sheets in which so many say yes to everything that can be said yes to."""
    written = next(one for one in json.loads(INSTRUMENTS.read_text()) if one["slug"] == slug)
    items = [one for one in written["items"] if one["kind"] == "scale"]
    return [
        {item["slug"]: next(o["value"] for o in item["options"] if o["favourable"] == (n < yes)) for item in items}
        for n in range(of)
    ]


def seal(series, slug, sheets, kind=Wave.Kind.WINDOW, number=1, pairs=None):
    """Put sheets into a wave that is sealed already, to be read at the usual hours."""
    if not Instrument.objects.filter(slug=slug).exists():
        actions.publish(written=next(one for one in json.loads(INSTRUMENTS.read_text()) if one["slug"] == slug))
    closed = FAMILIES_AT - timedelta(days=3)
    wave = Wave.objects.create(
        school=series.school,
        ring=series.ring,
        kind=kind,
        number=number,
        complete_at=closed,
        sealed_at=closed,
        families_at=FAMILIES_AT,
        leaders_at=LEADERS_AT,
    )
    wave.forms.create(
        school=series.school,
        instrument=Instrument.objects.get(slug=slug),
        ring=series.ring,
        closed_at=closed,
        opened_at=closed - timedelta(days=9),
        closes_at=closed,
    )
    named = zip(sheets, pairs or [None] * len(sheets), strict=True)
    Sheet.objects.bulk_create(Sheet(wave=wave, answers=given, pair=pair) for given, pair in named)
    return wave


def release_all(series):
    """Release everything that was sealed, punctually."""
    with acting("worker"):
        for wave in Wave.objects.filter(ring=series.ring).order_by("kind", "number"):
            releases.release(wave=wave.pk)
    Wave.objects.filter(ring=series.ring).update(leaders_at=LEADERS_AT)


def over(school, *, before=(6, 8), after=(3, 8), windows=((5, 8), (6, 8), (7, 8), (2, 3)), came=8, **fields):
    """Make a series that is over: `(yes, of)` of each wave, and the head counts."""
    elena = make_person("Elena", school, "caregiver", language="en")
    lucia = make_person("Lucía", school, "caregiver", language="en")
    series = make_series(school, facilitator=elena, families=[lucia], **fields)
    make_member(series.group, lucia)
    Session.objects.filter(series=series).update(came=came)
    Series.objects.filter(pk=series.pk).update(joined=8)
    for kind, (yes, of) in ((Wave.Kind.BEFORE, before), (Wave.Kind.AFTER, after)):
        seal(
            series,
            "before-and-after",
            answers("before-and-after", yes, of),
            kind,
            pairs=[bytes([n]) * 16 for n in range(of)],
        )
    for number, (yes, of) in enumerate(windows, start=1):
        seal(series, "weekly-feedback", answers("weekly-feedback", yes, of), number=number)
    series.elena, series.lucia = elena, lucia
    series.principal = make_person("Dra. Grant", school, "leader", language="en")
    return series


def with_words(series, text="Aquí sí me escuchan.", *, words=None, for_public=True, signature="mother"):
    """Let a family share words; return the quote."""
    post = make_post(series.group, series.lucia, text)
    with acting("facilitator", series.elena.pk):
        quote = quotes.ask(post=post, words=words or text, by=series.elena)
    with acting("caregiver", series.lucia.pk):
        quotes.allow(quote=quote, for_leaders=True, for_public=for_public, signature=signature)
    return quote


def taken_back(series, quote):
    """Let whoever wrote words take them back."""
    with acting("caregiver", series.lucia.pk):
        quotes.withdraw(quote=quote)


def with_reading(series, text="Nos sentimos en confianza."):
    """Let the group write how it reads its results."""
    with acting("worker"):
        return FamiliesReading.objects.create(
            series=series, text=text, language="es", written_at=FAMILIES_AT, leaders_at=LEADERS_AT
        )


def with_finding(series, *more, claim="Se sienten escuchadas.", limit="Solo se preguntó a quienes vinieron."):
    """Publish, as its evaluator, a finding that stands on the survey after the series, and perhaps on more."""
    sam = Person.objects.filter(name="Sam").first() or make_person("Sam", series.school, "evaluator", language="en")
    said = {"claim_es": claim, "claim_en": f"EN {claim}", "limit_es": limit, "limit_en": f"EN {limit}"}
    with acting("evaluator", sam.pk), transaction.atomic():
        result = Release.objects.filter(wave__ring=series.ring, wave__kind="after").exclude(band="")
        result = result.order_by("item__number").first()
        finding = methods.draft_finding(
            series=series, question="partnership", sources=[("result", result.pk), *more], **said
        )
        methods.publish_finding(finding=finding)
    return finding


def with_help(series, **arranged):
    """Say which help was asked for by at least five."""
    return HelpShown.objects.create(series=series, window=4, arranged=arranged)


def out(clock, series):
    """Release everything, and let it be the leaders' hour."""
    clock.move_to(max(FAMILIES_AT, clock()))
    release_all(series)
    clock.move_to(max(LEADERS_AT, clock()))


def made(clock, series):
    """Release everything, let the worker make the report at the leaders' hour, and return it."""
    out(clock, series)
    return made_again(series)


def made_again(series):
    """Let the worker look whether a version is to be made, and return the newest."""
    make_reports()
    return Report.objects.filter(series=series, state="made").order_by("-version").first()


def leaders_page(series):
    return f"/l/{series.school.slug}/report/{series.pk}/"


def families_page(series):
    return f"/s/{series.pk}/report/"


def open_page(person, url):
    return sign_in(Client(headers={"accept-language": "en"}), person).get(url)


class Article(HTMLParser):
    """Collect every word of the report's own part of a page, those in drawings too."""

    def __init__(self):
        super().__init__()
        self.is_inside, self.words = False, []

    def handle_starttag(self, tag, attrs):
        """Begin at the report."""
        self.is_inside = self.is_inside or tag == "article"

    def handle_endtag(self, tag):
        """End with it."""
        self.is_inside = self.is_inside and tag != "article"

    def handle_data(self, data):
        """Keep its words."""
        self.words += [data] if self.is_inside else []


def said_on_page(response):
    """Return what a report says on its page, without white space."""
    assert response.status_code == 200
    article = Article()
    article.feed(response.content.decode())
    return "".join("".join(article.words).split())


def without_artifacts(page, reader):
    """Return the drawing of a page without what no reader reads aloud: feet, lines, headings that are repeated."""
    content, kept, depth = ContentStream(page.get_contents(), reader, "bytes"), [], 0
    for operands, operator in content.operations:
        if operator in (b"BDC", b"BMC") and (depth or operands[0] == "/Artifact"):
            depth += 1
        if not depth:
            kept.append((operands, operator))
        if operator == b"EMC" and depth:
            depth -= 1
    content.operations = kept
    return content


def said_on_paper(paper):
    """Return what a report says on paper to somebody who has it read aloud, without white space."""
    reader, said = PdfReader(BytesIO(paper)), []
    for page in reader.pages:
        page[NameObject("/Contents")] = without_artifacts(page, reader)
        said.append(page.extract_text())
    return "".join("".join(said).split())
