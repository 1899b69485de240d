"""Reads a school's calendar (pasted, CSV or iCalendar), so that the coordinator can pick the no-school days."""

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import BinaryIO, Literal
from zoneinfo import ZoneInfo

from icalendar import Event

from dialogue_series.closing_words import is_last_day, is_likely_closed
from dialogue_series.pasted import FileProblem, plain, read_text, tidy
from dialogue_series.written_dates import LONGEST_CLOSURE, YEARS, DayProblem, WrittenDays, day_comes_first, read_days_in

MAX_BYTES = 2_000_000
MAX_LINES = 3_000
MAX_EVENTS = 10_000
MAX_ENTRIES = 1_000
MAX_PROBLEMS = 50
# A reason as NoSchoolDay keeps it.
MAX_WHAT = 120
LONGEST_DESCRIPTION = 4_000

COLUMNS = (
    dict.fromkeys(
        ("first day", "first", "start", "start date", "starts", "from", "date", "day", "begin", "begin date")
        + ("fecha", "inicio", "fecha de inicio", "fecha inicio", "desde", "primer dia", "dia", "comienza"),
        "first",
    )
    | dict.fromkeys(
        ("last day", "last", "end", "end date", "ends", "to", "until", "through")
        + ("fin", "fecha de fin", "fecha fin", "fecha final", "hasta", "ultimo dia", "termina"),
        "last",
    )
    | dict.fromkeys(
        ("what", "name", "event", "event name", "reason", "description", "subject", "title", "summary", "holiday")
        + ("que", "nombre", "evento", "motivo", "razon", "descripcion", "asunto", "titulo", "feriado", "actividad"),
        "what",
    )
)

_TAG = re.compile(r"<[^<>]{0,300}>")
_KEPT = ("SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "DURATION")


CalendarProblem = (
    FileProblem | DayProblem | Literal["not_calendar", "two_dates", "too_many", "bad_quotes", "bad_event", "repeats"]
)


@dataclass(frozen=True)
class Entry:
    """Days of the calendar, both ends included; `likely` when its words suggest no school, `past` when it is over."""

    first_on: date
    last_on: date
    what: str
    likely: bool
    past: bool


@dataclass(frozen=True)
class Problem:
    """What could not be read: the line (0 for the whole file), a code of wording.PROBLEMS, the words it is about."""

    line: int
    code: CalendarProblem
    text: str


@dataclass(frozen=True)
class CalendarReading:
    """Everything found, in order of date, and the last day of school when an entry names it."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    last_day: date | None = None


# One thing found in the calendar: days, words, further words that may say that school is closed.
_Item = tuple[date, date, str, str]


def read_days(
    raw: str | bytes | BinaryIO, filename: str = "", *, school_year_starts: date, today: date, zone: str
) -> CalendarReading:
    """Read a calendar of at most 2 MB: iCalendar, CSV, or one day or range a line in English or Spanish.

    Days without a year belong to the school year that starts on `school_year_starts`; times in UTC are read in `zone`.
    Never raises on bad input: what is wrong comes back as problems.
    """
    text, problem = read_text(raw, max_bytes=MAX_BYTES)
    if problem:
        return CalendarReading(problems=[Problem(0, problem, "")])
    if "BEGIN:VCALENDAR" in text[:2000].upper():
        read = _read_icalendar(text, ZoneInfo(zone))
    else:
        read = _read_table(text, school_year_starts) or _read_lines(text, school_year_starts)
    found, problems = [], []
    for item in read:
        (problems if isinstance(item, Problem) else found).append(item)
    if not found and filename:
        return CalendarReading(problems=[Problem(0, "not_calendar", "")])
    return _reading(found, problems, school_year_starts, today)


def _reading(found: list[_Item], problems: list[Problem], school_year_starts: date, today: date) -> CalendarReading:
    """Put entries in order, each once; when there are too many, keep those to come."""
    items = sorted(dict.fromkeys(found), key=lambda item: (item[1] < today, item[0], item[1]))
    if len(items) > MAX_ENTRIES:
        problems = [*problems, Problem(0, "too_many", str(MAX_ENTRIES))]
    entries = [
        Entry(first, last, what[:MAX_WHAT], is_likely_closed(what, more), last < today)
        for first, last, what, more in items[:MAX_ENTRIES]
    ]
    entries.sort(key=lambda entry: (entry.first_on, entry.last_on, entry.what))
    last_days = [
        entry.first_on for entry in entries if entry.first_on >= school_year_starts and is_last_day(entry.what)
    ]
    problems = sorted(problems, key=lambda problem: problem.line)[:MAX_PROBLEMS]
    return CalendarReading(entries, problems, min(last_days, default=None))


def _read_lines(text: str, school_year_starts: date) -> Iterator[_Item | Problem]:
    """Read one day or one range a line."""
    lines = [line for line in enumerate(text.splitlines(), start=1) if line[1].strip("\ufeff \t,;")]
    day_first = day_comes_first(line for _, line in lines[:MAX_LINES])
    for number, line in lines[:MAX_LINES]:
        days = read_days_in(line, school_year_starts=school_year_starts, day_first=day_first)
        yield from _item_or_problem(number, days, line)
    if len(lines) > MAX_LINES:
        yield Problem(0, "too_many", str(MAX_LINES))


def _item_or_problem(number: int, days: WrittenDays | DayProblem, line: str) -> Iterator[_Item | Problem]:
    if isinstance(days, str):
        yield Problem(number, days, tidy(line, MAX_WHAT))
        return
    yield days.first_on, days.last_on, days.rest, ""
    if days.more:
        yield Problem(number, "two_dates", tidy(line, MAX_WHAT))


def _read_table(text: str, school_year_starts: date) -> Iterator[_Item | Problem] | None:
    """Read a CSV whose headings name a date, in English or Spanish; nothing if it has no such headings."""
    heading = text.lstrip("\ufeff\r\n").split("\n", 1)[0]
    mark = next((mark for mark in "\t;" if mark in heading), ",")
    columns = [COLUMNS.get(plain(cell)) for cell in heading.strip()[:1000].split(mark)]
    if "first" not in columns or len(columns) < 2:
        return None
    return _read_rows(text.lstrip("\ufeff\r\n"), mark, columns, school_year_starts)


def _read_rows(text: str, mark: str, columns: list[str | None], school_year_starts: date) -> Iterator[_Item | Problem]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    next(rows, None)
    try:
        read = list(islice(rows, MAX_LINES + 1))
    except csv.Error:
        yield Problem(rows.line_num, "bad_quotes", "")
        return
    by_column = [dict(reversed(list(zip(columns, row, strict=False)))) for row in read[:MAX_LINES]]
    spans = [" to ".join(filter(str.strip, (row.get("first", ""), row.get("last", "")))) for row in by_column]
    day_first = day_comes_first(spans)
    for number, (row, span) in enumerate(zip(by_column, spans, strict=True), start=2):
        if any(cell.strip() for cell in row.values()):
            yield from _table_item(number, row, span, school_year_starts, day_first=day_first)
    if len(read) > MAX_LINES:
        yield Problem(0, "too_many", str(MAX_LINES))


def _table_item(
    number: int, row: dict[str | None, str], span: str, school_year_starts: date, *, day_first: bool
) -> Iterator[_Item | Problem]:
    what = tidy(row.get("what", ""), MAX_WHAT)
    days = read_days_in(span, school_year_starts=school_year_starts, day_first=day_first)
    if isinstance(days, str):
        yield Problem(number, days, tidy(f"{span} {what}", MAX_WHAT))
    else:
        yield days.first_on, days.last_on, what, ""


def _read_icalendar(text: str, zone: ZoneInfo) -> Iterator[_Item | Problem]:
    """Read the events of a calendar; a repeated event counts once, with a note."""
    for count, (number, lines) in enumerate(_events(text)):
        if count == MAX_EVENTS:
            yield Problem(0, "too_many", str(MAX_EVENTS))
            return
        if any(line.upper().startswith("STATUS:CANCELLED") for line in lines):
            continue
        try:
            item = _event_item(lines, zone)
        # The library raises many kinds of error on a broken event; each is one unreadable entry.
        except Exception:
            item = None
        if item is None:
            yield Problem(number, "bad_event", _summary_of(lines))
            continue
        yield item
        if any(line.upper().startswith("RRULE") for line in lines):
            yield Problem(number, "repeats", item[2][:MAX_WHAT])


def _events(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each event's own lines, unfolded, with the number of the first; time zones and alarms are left out.

    Time zones are not expanded: a hostile one holds a rule for every second.
    """
    inside: list[str] = []
    lines: list[str] = []
    started = 0
    for number, line in _unfolded(text):
        name = line.strip().upper()
        if name.startswith("BEGIN:"):
            inside.append(name[6:])
            if name == "BEGIN:VEVENT":
                lines, started = [], number
        elif name.startswith("END:"):
            if name == "END:VEVENT" and inside[-1:] == ["VEVENT"]:
                yield started, lines
            del inside[-1:]
        elif inside[-1:] == ["VEVENT"]:
            lines.append(line)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    parts: list[str] = []
    started = 1
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield started, "".join(parts)
        parts, started = [line], number
    yield started, "".join(parts)


def _event_item(lines: list[str], zone: ZoneInfo) -> _Item | None:
    """Return an event's days and words, or nothing when it has no readable first day."""
    first_of_each: dict[str, str] = {}
    for line in lines:
        name = re.split("[:;]", line, maxsplit=1)[0].strip().upper()
        if name in _KEPT:
            first_of_each.setdefault(name, line[: 2 * LONGEST_DESCRIPTION])
    event = Event.from_ical("\r\n".join(("BEGIN:VEVENT", *first_of_each.values(), "END:VEVENT", "")))
    start = event["DTSTART"].dt
    end = event["DTEND"].dt if "DTEND" in event else None
    if "DURATION" in event:
        end = start + event["DURATION"].dt
    first, last = _days(start, end, zone)
    if first.year not in YEARS or last.year not in YEARS or (last - first).days > LONGEST_CLOSURE:
        return None
    summary, description = _words(event.get("SUMMARY", "")), _words(event.get("DESCRIPTION", ""))
    return first, last, summary or description[:MAX_WHAT], description


def _days(start: date, end: date | None, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day of an event: its end is exclusive, also at midnight."""
    first = _local(start, zone)
    last = _local(end, zone) if end is not None else first
    if last > first:
        last -= timedelta(microseconds=1) if isinstance(last, datetime) else timedelta(days=1)
    first_on, last_on = (moment.date() if isinstance(moment, datetime) else moment for moment in (first, last))
    return first_on, max(first_on, last_on)


def _local(moment: date, zone: ZoneInfo) -> date:
    """Return the day or the time on the wall; a time in UTC is read in the school's zone, any other as it stands."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is not None and moment.utcoffset() == timedelta() and moment.tzname() == "UTC":
        moment = moment.astimezone(zone)
    return moment.replace(tzinfo=None)


def _words(written: object) -> str:
    """Return the words of a text that may be HTML."""
    return tidy(html.unescape(_TAG.sub(" ", str(written))), LONGEST_DESCRIPTION)


def _summary_of(lines: list[str]) -> str:
    return next((line.partition(":")[2][:MAX_WHAT].strip() for line in lines if line.upper().startswith("SUMMARY")), "")
