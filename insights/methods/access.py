"""Whose talks, lines and findings somebody may open, and what is known so far of each of the four questions."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Membership, Person
from accounts.roles import Held
from dialogue_series.access.comments import led_series
from dialogue_series.models import CheckIn, Series, Session
from insights.measures import window_words
from insights.methods.words import QUESTIONS, Asked, n_in_words
from insights.models import Finding, FindingSource, Question, ReleasedLine, Talk, TalkNote
from partnerships.access.schools import LEADERS
from partnerships.models import Commitment, Decision, SharedQuote, SharedTheme
from surveys import results
from surveys.disclosure import Label
from surveys.models import Release, Wave
from surveys.wording import in_words

Kind, Source = Membership.Kind, FindingSource.Kind


# Whose series


def evaluated(held: Held):
    """Return the series of the districts that somebody evaluates."""
    found = Series.objects.filter(school__district__in=held.districts(Kind.EVALUATOR), published_at__isnull=False)
    return found.select_related("school").only("name", "ring", "school", "checkins", "published_at")


def all_evaluated(held: Held) -> list[Series]:
    """List them by school."""
    return list(evaluated(held).order_by("school__name", "-published_at", "pk"))


def series_evaluated(held: Held, pk: UUID) -> Series:
    """Fetch one of them; else raise Http404."""
    return first_or_404(evaluated(held).filter(pk=pk))


def series_led(held: Held, slug: str, pk: UUID) -> Series:
    """Fetch a series for those who lead its school; else raise Http404."""
    found = Series.objects.select_related("school").only("name", "ring", "school", "checkins", "published_at")
    mine = found.filter(school__in=held.schools(*LEADERS), published_at__isnull=False)
    return first_or_404(mine.filter(pk=pk, school__slug=slug))


def series_talked_about(request: HttpRequest, pk: UUID) -> Series:
    """Fetch a series for its evaluator, or for whoever facilitates it; else raise Http404."""
    if request.audience == "evaluator":
        return series_evaluated(request.held, pk)
    series, _room = led_series(request, pk)
    return series


# One's own talks and notes


def own_talks(person: Person, series: Series) -> list[Talk]:
    """List the talks about a series that somebody logged, the newest first."""
    return list(Talk.objects.filter(by=person, series=series.pk).order_by("-held_on", "pk"))


def own_talk(person: Person, series: Series, pk: UUID) -> Talk:
    """Fetch one of them; else raise Http404."""
    return first_or_404(Talk.objects.filter(by=person, series=series.pk, pk=pk))


def notes_of(talk: Talk, person: Person) -> list[TalkNote]:
    """List somebody's own notes of a talk under their codes; each knows the `line` that was let out of it."""
    notes = list(TalkNote.objects.filter(talk=talk, author=person).order_by("code", "written_at", "pk"))
    lines = {line.note: line for line in ReleasedLine.objects.filter(note__in=[note.pk for note in notes])}
    for note in notes:
        note.line = lines.get(note.pk)
    return notes


def codes_of(person: Person, series: Series) -> list[str]:
    """List the codes that somebody uses for a series."""
    found = TalkNote.objects.filter(author=person, talk__series=series.pk).exclude(code="")
    return list(found.order_by("code").values_list("code", flat=True).distinct())


def own_note(person: Person, talk: Talk, pk: UUID) -> TalkNote:
    """Fetch one note of one's own; else raise Http404."""
    note = first_or_404(TalkNote.objects.filter(author=person, talk=talk, pk=pk))
    note.talk = talk
    return note


def own_line(talk: Talk, note: TalkNote) -> ReleasedLine:
    """Fetch the line that was let out of a note; else raise Http404."""
    return first_or_404(ReleasedLine.objects.filter(talk=talk, note=note.pk, taken_back_at=None))


def line_of_the_group(series: Series, pk: UUID) -> ReleasedLine:
    """Fetch what families said and may still keep, or kept; else raise Http404."""
    found = ReleasedLine.objects.filter(series=series.pk, talk_kind=Talk.Kind.FOCUS_GROUP, taken_back_at=None)
    return first_or_404(found.filter(pk=pk))


def finding_of(held: Held, pk: UUID, **narrower) -> Finding:
    """Fetch a finding and its series for an evaluator of the district; else raise Http404."""
    finding = first_or_404(Finding.objects.filter(pk=pk, **narrower).prefetch_related("sources"))
    finding.series = series_evaluated(held, finding.series_id)
    return finding


def draft_of(held: Held, pk: UUID) -> Finding:
    """Fetch one that is not published, as the form takes it."""
    return written_of(held, pk, state=Finding.State.DRAFT)


def written_of(held: Held, pk: UUID, **narrower) -> Finding:
    """Fetch a finding that knows what is `written` in it, as the form takes it; it may be published meanwhile."""
    finding = finding_of(held, pk, **narrower)
    fields = ("claim_es", "claim_en", "limit_es", "limit_en")
    finding.written = {name: getattr(finding, name) for name in fields}
    finding.written["sources"] = [f"{source.kind} {source.of}" for source in finding.sources.all()]
    return finding


def first_or_404(found):
    """Return the one object of a query, or refuse as if there were none."""
    one = found.first()
    if one is None:
        raise Http404
    return one


# What is known of each question


class Evidence(NamedTuple):
    """Something that a finding can stand on, in words that every reader of the page may read."""

    kind: str
    of: UUID
    words: str
    language: str = ""


class Known(NamedTuple):
    """One of the four questions, what speaks of it, what was found out, and what is still missing."""

    question: str
    asked: Asked
    results: list[results.Line]
    lines: list[ReleasedLine]
    counts: list[str]
    findings: list[Finding]

    @property
    def missing(self) -> list[str]:
        """Return what nothing is known from yet, in sentences."""
        said = [
            "" if self.results or self.question == Question.CONDITIONS else _("No result on this has come out yet."),
            "" if self.lines else _("No line of a talk has been shared on this yet."),
            "" if any(one.is_published for one in self.findings) else _("No finding is published yet."),
        ]
        return list(filter(None, said))


class Learned(NamedTuple):
    """All that is known of a series, question by question, as one reader may read it."""

    known: list[Known]
    results: results.Results
    themes: list[SharedTheme]
    quotes: list[SharedQuote]
    talks: list[Talk]
    # What families said and can still keep; nobody outside the group has them.
    waiting: list[ReleasedLine]
    evidence: dict[tuple[str, UUID], Evidence]


def learned(series: Series, *, at: datetime, drafts: bool = False) -> Learned:
    """Return what is known of a series; the database keeps back what its reader may not read yet, or ever."""
    found = results.of_ring(series.ring_id)
    lines = list(ReleasedLine.objects.filter(series=series.pk).order_by("released_at", "pk"))
    out = [line for line in lines if line.is_out(at=at)]
    since = series.published_at
    themes = list(SharedTheme.objects.filter(school=series.school_id, sent_at__gte=since).order_by("sent_at", "pk"))
    quotes = SharedQuote.objects.filter(school=series.school_id, for_public=True, shared_at__gte=since)
    quotes = list(quotes.exclude(words="").order_by("shared_at", "pk"))
    evidence = {(one.kind, one.of): one for one in (*results_of(series), *words_of(themes, quotes, out))}
    findings = findings_of(series, evidence, drafts=drafts)
    counts = counts_of(series)
    known = [
        Known(
            question,
            asked,
            [line for line in found.survey.lines if line.construct in asked.constructs],
            [line for line in out if line.question == question],
            counts.get(question, []),
            [finding for finding in findings if finding.question == question],
        )
        for question, asked in QUESTIONS.items()
    ]
    talks = list(Talk.objects.filter(series=series.pk).defer("by").order_by("held_on", "kind", "pk"))
    waiting = [line for line in lines if line.text and (line.is_kept or line.can_be_kept(at=at))]
    return Learned(known, found, themes, quotes, talks, waiting, evidence)


def results_of(series: Series) -> list[Evidence]:
    """Return every label that was shown of a series, in words."""
    found = Release.objects.filter(wave__ring=series.ring_id).exclude(band="").select_related("wave", "item", "option")
    rows = sorted(found, key=lambda row: (row.item.number, row.option.number if row.option else 0, row.wave.number))
    return [Evidence(Source.RESULT, row.pk, result_in_words(row, series)) for row in rows]


def result_in_words(row: Release, series: Series) -> str:
    """Say one label: when it was asked, of what, about how many answered and which share said yes."""
    when = {Wave.Kind.BEFORE: _("Before the series"), Wave.Kind.AFTER: _("After the series")}.get(row.wave.kind)
    fact = f"{row.item.text} {row.option.text}" if row.option else capfirst(row.item.fact)
    label = in_words(Label(row.n_band, row.band))
    return f"{when or window_words(row.wave.number, series.checkins)}. {fact}: {label}"


def words_of(themes: list, quotes: list, lines: list) -> list[Evidence]:
    """Return what was said in words, in the reader's language where it is there."""
    said = [Evidence(Source.THEME, theme.pk, *in_mine(theme)) for theme in themes]
    said += [Evidence(Source.QUOTE, quote.pk, quote.words, quote.language) for quote in quotes]
    return said + [Evidence(Source.LINE, line.pk, *in_mine(line)) for line in lines]


def in_mine(said) -> tuple[str, str]:
    """Return a text in the active language, and that language."""
    if said.language == get_language():
        return said.text, said.language
    return said.translated, said.translated_language


def findings_of(series: Series, evidence: dict, *, drafts: bool) -> list[Finding]:
    """List findings, the newest first; each knows its `claim`, `limit`, `n` and the `said` of each of its sources."""
    found = Finding.objects.filter(series=series.pk).prefetch_related("sources")
    if not drafts:
        found = found.filter(state=Finding.State.PUBLISHED)
    findings = list(found.order_by(F("published_at").desc(nulls_first=True), "pk"))
    for finding in findings:
        finding.claim = getattr(finding, f"claim_{get_language()}")
        finding.limit = getattr(finding, f"limit_{get_language()}")
        finding.n = n_in_words(finding) if finding.is_published else ""
        finding.said = said_by(finding, evidence)
    return findings


def said_by(finding: Finding, evidence: dict) -> list[Evidence]:
    """Return what a finding stands on, in the order of the page; what was taken back says so."""
    order = list(evidence)
    sources = [(source.kind, source.of) for source in finding.sources.all()]
    standing = [evidence[key] for key in sorted(filter(evidence.get, sources), key=order.index)]
    gone = [Evidence(kind, of, _("Words that were taken back")) for kind, of in sources if (kind, of) not in evidence]
    return standing + gone


def counts_of(series: Series) -> dict[str, list[str]]:
    """Return, by question, what the product itself counts: head counts of evenings, requests, decisions; no answers."""
    talks = CheckIn.objects.filter(series=series.pk).aggregate(all=Count("pk"), done=Count("held_on"))
    held = Session.objects.filter(series=series.pk, cancelled_at=None).aggregate(all=Count("pk"), done=Count("came"))
    asked = Commitment.objects.filter(school=series.school_id, asked_at__gte=series.published_at)
    asked = asked.aggregate(all=Count("pk"), done=Count("answered_at"))
    decided = Decision.objects.filter(school=series.school_id, decided_at__gte=series.published_at)
    decided = decided.aggregate(all=Count("pk"), done=Count("pk", filter=Q(receipt__isnull=False)))
    said = {
        Question.PARTNERSHIP: [(_("Conversations with the school's leaders held: %(done)s of %(all)s."), talks)],
        Question.CODESIGN: [
            (_("Requests of families that the school answered: %(done)s of %(all)s."), asked),
            (_("Decisions of boards that families were asked about first: %(done)s of %(all)s."), decided),
        ],
        Question.CONDITIONS: [(_("Sessions held: %(done)s of %(all)s."), held)],
    }
    return {question: [words % one for words, one in found if one["all"]] for question, found in said.items()}


def evidence_on(question: str, known: Learned, series: Series) -> list[Evidence]:
    """List what a finding on one question can stand on: its results, and all that was said in words."""
    constructs = QUESTIONS[question].constructs
    wanted = set(
        Release.objects.filter(wave__ring=series.ring_id)
        .filter(Q(item__construct__in=constructs) if constructs else Q(wave__kind=Wave.Kind.WINDOW))
        .values_list("pk", flat=True)
    )
    return [one for one in known.evidence.values() if one.kind != Source.RESULT or one.of in wanted]
