"""What a report says, word for word in both languages: from here page and paper are drawn, and nothing is added.

A part for each language: first what fits on one side of a sheet, then the tables (insights/reports/blocks.py).
"""

from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.templatetags.look import at_school, attendance_strip
from dialogue_series.forms.families import HELP
from dialogue_series.models import Series
from insights import access
from insights.measures import turnout, window_words
from insights.methods.access import results_of
from insights.methods.words import NAMED, QUESTIONS, n_in_words
from insights.models import Finding
from insights.reports.blocks import (
    cell,
    claimed,
    drawings_of,
    labelled,
    length,
    present,
    quoted,
    said_of,
    section,
    table,
    text,
)
from insights.reports.letters import printable
from insights.sentence import rows_of_change, written
from insights.templatetags.results import drawing
from notifications.wording import day_short
from partnerships.access.commitments import commitments_of
from partnerships.forms.quotes import SIGNATURES
from partnerships.models import Commitment, SharedQuote
from partnerships.models.quotes import Signature
from surveys import results
from surveys.disclosure import POLICY_VERSION
from surveys.wording import ARRANGED_WORDS

# What is longer stands whole in the second part, and the first says so.
MOST_REQUESTS, MOST_OF_A_READING, MOST_OF_WORDS = 3, 500, 300
# Of findings and of families' own words together, which come first.
MOST_IN_WORDS = 900


def content_of(series: Series, words: list[SharedQuote], findings: list[Finding], *, version: int, on: date) -> dict:
    """Return the whole report of a series as leaders may read it now, with these shared words and findings."""
    [found] = [one for one in access.published(series.school) if one.pk == series.pk]
    parts = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            parts.append(Part(found, words, findings, language, version, on).laid_out())
    return printable({"on": on.isoformat(), "policy": POLICY_VERSION, "version": version, "parts": parts})


class Part:
    """A report in one language, while that language is spoken."""

    def __init__(self, series, words, findings, language, version, on):
        self.series, self.school, self.language = series, series.school, language
        self.version, self.on = version, on
        self.results = results.of_ring(series.ring_id)
        self.rows = rows_of_change(self.results.survey.lines)
        self.evenings = [{**one, "on": date.fromisoformat(one["on"])} for one in series.evenings]
        self.turnout = turnout(series.joined, [one["count"] for one in self.evenings if one["count"] is not None])
        self.reading = next(iter(series.readings), None)
        self.requests = [one for one in commitments_of(self.school) if one.asked_at >= series.published_at]
        self.words, self.findings = words, sorted(findings, key=lambda one: list(QUESTIONS).index(one.question))

    def laid_out(self) -> dict:
        """Return the title, the first side in its places, and the tables."""
        day = _("%(day)s, %(year)d") % {"day": day_short(self.on, self.language), "year": self.on.year}
        own = present(self.read_by_families(), self.own_words())
        return {
            "language": self.language,
            "title": _("Report of the series: %(name)s") % {"name": self.series.name},
            "subtitle": f"{self.school.name}. "
            + _("Version %(number)d, %(day)s") % {"number": self.version, "day": day},
            "sentence": written(self.turnout.direction, self.rows),
            "size": self.turnout.size,
            "top": present(self.attendance()),
            "left": present(self.changes(), self.help()),
            "right": present(self.asked(), *own, self.found_out(own)),
            "bottom": present(self.feelings(), self.rules()),
            "tables_title": _("Tables: %(name)s") % {"name": self.series.name},
            "tables": present(
                self.attendance_table(),
                self.changes_table(),
                self.feelings_table(),
                self.requests_table(),
                self.all_found_out(),
                *self.whole_words(),
            ),
        }

    # The first side

    def attendance(self):
        """Draw how many came, evening by evening."""
        drawn = attendance_strip(self.evenings, self.turnout.joined)
        came = [f"{one['number']}: {self.came(one)}" for one in self.evenings]
        key = [_("families who came"), _("%(joined)s joined") % {"joined": self.turnout.joined}]
        if drawn.pop("any_ahead"):
            key.append(_("sessions to come"))
        alt = _("Families who came, by session") + ". " + ", ".join(came) + "."
        strip = {"kind": "strip", **drawn, "key": key, "alt": alt}
        return section(_("Are families coming?"), text(self.turnout.held), strip)

    def came(self, evening):
        """Return a head count in words."""
        return _("to come") if evening["count"] is None else str(evening["count"])

    def changes(self):
        """Say what changed, each with its drawing."""
        if not self.rows:
            return None
        told = {
            "kind": "changes",
            "rows": [
                {"fact": line.heading, "said": said_of(line), "drawings": drawings_of(line)} for line in self.rows
            ],
        }
        key = _(
            "The ring, or the outlined band, is before the series; the dot, or the filled band, is now. Only people "
            "who answered both times count."
        )
        return section(
            _("What changed since the start?"), *[text(key, muted=True)] * self.results.survey.is_compared, told
        )

    def feelings(self):
        """Put the released labels of each window side by side."""
        if not self.results.evenings:
            return None
        rows = []
        for line in self.results.evenings:
            shown = {one.window: one for one in line.labels}
            rows.append([cell(line.heading), *(self.feeling(shown.get(n)) for n in self.results.windows)])
        return section(_("How do the evenings feel?"), self.by_window(rows))

    def feeling(self, shown):
        """Return one label, with its drawing."""
        return cell("") if shown is None else cell(shown.words, drawn=drawing(shown))

    def by_window(self, rows):
        """Return a table with a column for each window."""
        windows = [window_words(number, self.series.checkins) for number in self.results.windows]
        return table([_("What families say"), *windows], rows)

    def help(self):
        """Say which kinds of help were asked for, and whether arranged (trust P11)."""
        if not self.series.help:
            return None
        arranged = self.series.help[0]
        rows = [
            [cell(str(words)), cell(_("Arranged: %(word)s") % {"word": ARRANGED_WORDS[arranged[kind]]})]
            for kind, words in HELP.items()
            if kind in arranged
        ]
        private = _("Other help was asked for by a few families, or by none: fewer than five stay private.")
        return section(_("What do families need to come?"), *[table([], rows)] * bool(rows), text(private, muted=True))

    def asked(self):
        """Say what families asked of the school and what it answered, late first."""
        rows = [self.request(one) for one in self.requests[:MOST_REQUESTS]]
        more = len(self.requests) - len(rows)
        left = ngettext("%(count)d more in the tables.", "%(count)d more in the tables.", more) % {"count": more}
        body = [{"kind": "requests", "rows": rows}] if rows else [text(_("Families have asked for nothing yet."))]
        return section(_("What families asked, and what the school answered"), *body, *[text(left)] * bool(more))

    def request(self, one: Commitment):
        """Return a request: its state, what was asked, and where the answer stands."""
        state = [_("Late")] * one.late + [str(one.tag["label"])]
        return {"state": ". ".join(state), **self.said(one), "stands": " ".join(self.stands(one))}

    def stands(self, one: Commitment):
        """Yield when a request was asked and answered, who sees to it until when, and whether families see it."""
        yield pgettext("a request", "Asked on %(day)s.") % {"day": day_short(one.asked_on, self.language)}
        if one.waits is not None:
            days = ngettext("Without an answer for %(days)s day.", "Without an answer for %(days)s days.", one.waits)
            yield days % {"days": one.waits}
        if one.answered_at:
            yield pgettext("a request", "Answered on %(day)s.") % {"day": self.day(one.answered_at)}
        if one.state == Commitment.State.UNDER_WAY and one.due_on:
            until = {"owner": one.owner, "due_words": day_short(one.due_on, self.language)}
            yield _("%(owner)s sees to it, by %(due_words)s.") % until
        if one.confirmed_at:
            yield _("Families said on %(confirmed_on)s that they see it.") % {
                "confirmed_on": self.day(one.confirmed_at)
            }

    def day(self, instant):
        """Return the day of an instant, on the school's calendar."""
        return day_short(at_school(instant, self.school).date(), self.language)

    def read_by_families(self):
        """Put how the group reads its results beside them, in its own words."""
        if not self.reading:
            return None
        title = _("How the families read this")
        if len(self.reading["text"]) > MOST_OF_A_READING:
            return section(title, text(_("Their words stand whole beside the tables.")))
        return section(title, quoted(self.reading["text"], self.reading["language"]))

    def own_words(self):
        """Show the words that their writers let everybody read."""
        if not self.words:
            return None
        allowed = text(_("Shared with permission by families of this school."), muted=True)
        if sum(len(quote.words) for quote in self.words) > MOST_OF_WORDS:
            return section(_("In families' own words"), allowed, text(_("They stand whole beside the tables.")))
        return section(_("In families' own words"), allowed, *map(self.quote, self.words))

    def quote(self, quote):
        """Return shared words, in the reader's language where they are, with the signature that was chosen."""
        by = "" if quote.signature in ("", Signature.NOTHING) else str(SIGNATURES[quote.signature])
        is_translated = quote.translated and quote.language != self.language
        if is_translated:
            return quoted(quote.translated, self.language, by=by)
        return quoted(quote.words, quote.language, by=by)

    def found_out(self, beside):
        """Say what was found out, and of each finding what it cannot say."""
        if not self.findings:
            return None
        pointer = text(_("What each stands on is beside the tables."), muted=True)
        whole = section(_("What we found"), *map(self.claim, self.findings), pointer)
        if length(whole, *beside) <= MOST_IN_WORDS:
            return whole
        pointer = text(_("It is beside the tables, with what it stands on and what it cannot say."))
        return section(whole["title"], pointer)

    def claim(self, finding, sources=()):
        """Return one finding, with the smallest number behind it and what it cannot say."""
        claim, limit = (getattr(finding, f"{name}_{self.language}") for name in ("claim", "limit"))
        said = [n_in_words(finding), f"{_('What it cannot say:')} {limit}"]
        said += [f"{_('What it stands on')}:"] * bool(sources)
        return claimed(claim, *said, sources=sources)

    def rules(self):
        """Say why numbers are coarse, and by which rules."""
        return section(
            _("Why are these words and not numbers?"),
            text(
                _(
                    "So that nobody can work out what one person answered. Nothing is shown when fewer than five "
                    "people answer; from five to nine there are only three answers: fewer than half, half, or more "
                    "than half. Results come out once and do not change afterwards."
                )
            ),
            text(
                _(
                    "Words of families are here only with their writer's yes, and leave this report the same day if "
                    "the writer takes them back. Rules for what is shown: version %(number)d."
                )
                % {"number": POLICY_VERSION}
            ),
        )

    # The tables

    def attendance_table(self):
        """List the head counts."""
        rows = [
            [cell(str(one["number"])), cell(day_short(one["on"], self.language)), cell(self.came(one), number=True)]
            for one in self.evenings
        ]
        return section(
            _("Families who came, by session"), table([_("Session"), _("Date"), _("Families who came")], rows)
        )

    def changes_table(self):
        """List every fact of the surveys before and after."""
        lines = self.results.survey.lines
        if not lines:
            return None
        head = [_("What families say"), _("Before the series"), _("After the series")]
        rows = []
        for line in lines:
            shown = {one.window: one for one in line.labels}
            rows.append([cell(line.heading), *(labelled(shown.get(n)) for n in (1, 2))])
        apart = any(not line.same_people and all(shown.label.is_shown for shown in line.labels) for line in lines)
        note = _("In some rows different people may have answered before and after: these are not compared.")
        return section(_("Before the series and after it"), table(head, rows), *[text(note, muted=True)] * apart)

    def feelings_table(self):
        """List every label of every window, with about how many answered."""
        if not self.results.evenings:
            return None
        rows = []
        for line in self.results.evenings:
            shown = {one.window: one for one in line.labels}
            rows.append([cell(line.heading), *(labelled(shown.get(n)) for n in self.results.windows)])
        return section(_("What the group said, by the evenings it was asked about"), self.by_window(rows))

    def requests_table(self):
        """List every request with what the school said of it last."""
        if not self.requests:
            return None
        head = [_("What families asked"), _("Where it stands"), _("What the school said")]
        rows = []
        for one in self.requests:
            told = self.request(one)
            answer = self.said(one.latest) if one.latest else {"text": "", "language": self.language}
            rows.append(
                [
                    cell(told["text"], language=told["language"]),
                    cell(told["state"] + ".", note=told["stands"]),
                    cell(answer["text"], language=answer["language"]),
                ]
            )
        return section(_("What families asked, and what the school answered"), table(head, rows))

    def all_found_out(self):
        """List every finding under its question, with what it stands on."""
        if not self.findings:
            return None
        known = {one.of: {"text": one.words, "language": self.language} for one in results_of(self.series)}
        known |= {quote.pk: self.quote(quote) for quote in self.words}
        body = []
        for one in self.findings:
            body.append(text(str(QUESTIONS[one.question].title), muted=True))
            body.append(self.claim(one, self.sources(one, known)))
        return section(_("What we found, and what it stands on"), *body)

    def sources(self, finding, known):
        """Return what a finding stands on: results and shared words in the order of the page, then what is named."""
        order = {of: place for place, of in enumerate(known)}
        sources = sorted(finding.sources.all(), key=lambda one: (order.get(one.of, len(order)), one.kind))
        named = {kind: {"text": str(words), "language": self.language} for kind, words in NAMED.items()}
        return [known.get(one.of) or named[one.kind] for one in sources]

    def whole_words(self):
        """Yield what is too long for the first side."""
        if self.reading and len(self.reading["text"]) > MOST_OF_A_READING:
            yield section(_("How the families read this"), quoted(self.reading["text"], self.reading["language"]))
        if sum(len(quote.words) for quote in self.words) > MOST_OF_WORDS:
            yield section(_("In families' own words"), *map(self.quote, self.words))

    def said(self, one):
        """Return words in the reader's language where they are there, else as they were said."""
        if one.translated and one.language != self.language:
            return {"text": one.translated, "language": self.language}
        return {"text": one.text, "language": one.language or self.language}
