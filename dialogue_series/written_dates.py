"""Reads days as people write them, in English and Spanish: "Nov 26-27, 2026", "del 21 de diciembre al 1 de enero"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dialogue_series.pasted import fold, tidy

DayProblem = Literal["no_date", "bad_date", "backwards", "too_wide"]

LONGEST_LINE = 300
# Nobody lists days of another century, nor a closure longer than a year.
YEARS = range(2000, 2100)
LONGEST_CLOSURE = 366

_MONTHS = {
    short: number
    for number, names in enumerate(
        ("jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic"),
        start=1,
    )
    for short in names.split()
}
_MONTH = (
    r"(?:jan(?:uary)?|ene(?:ro)?|feb(?:ruary|rero)?|mar(?:ch|zo)?|apr(?:il)?|abr(?:il)?|mayo?|june?|junio|july?|julio"
    r"|aug(?:ust)?|ago(?:sto)?|sept?(?:ember|iembre)?|setiembre|oct(?:ober|ubre)?|nov(?:ember|iembre)?"
    r"|dec(?:ember)?|dic(?:iembre)?)(?![a-z])\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|lun(?:es)?|martes|mar(?=\.?,? {0,3}\d{1,2} de)|mie(?:rcoles)?|jue(?:ves)?|vie(?:rnes)?|sab(?:ado)?|dom(?:ingo)?)"
)
# What stands among dates and is none: a weekday, "1/2 day", the hour.
_NOISE = re.compile(rf"\b{_WEEKDAY}\b\.?,?|\b1/2(?= {{0,2}}d[ai])|\b\d{{1,2}}(?::\d\d){{1,2}}\b")
_TO = r"(?: {0,14}-{1,2} {0,14}| {1,14}(?:to|through|thru|until|a|al|hasta|and|y|&) {1,14})(?:(?:del?|el|the) {1,14})?"
_ORDINAL = r"(?:st|nd|rd|th|ro|o|º|°)?"
_YEAR = r"(?:[ ,-]{1,3}(?:del? )?(?P<%s>[12]\d{3})(?!\d))?"
# A date in any form; where the month is a word, with the second day of "Nov 26-27" and "26 al 27 de noviembre".
_DATE = re.compile(
    "|".join(
        (
            r"(?<!\d)(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})(?!\d)",
            r"(?<![\d/])(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>\d{4}|\d\d))?(?![\d/])",
            r"(?<!\d)(?P<one_>\d{1,2})[-.](?P<two_>\d{1,2})[-.](?P<year_>\d{4})(?!\d)",
            rf"(?<![\d/])(?:(?P<from_day>\d{{1,2}}){_ORDINAL}{_TO})?(?P<day>\d{{1,2}}){_ORDINAL}(?: de |[ -]{{0,2}})"
            rf"(?P<month>{_MONTH}){_YEAR % 'day_year'}",
            rf"(?<![a-z\d])(?P<month_>{_MONTH})[ -]{{0,3}}(?P<day_>\d{{1,2}}){_ORDINAL}(?!\d)"
            rf"(?:{_TO}(?P<to_day>\d{{1,2}}){_ORDINAL}(?![\d/]|(?: de |[ -]{{0,2}}){_MONTH}| ?[ap]\.?m))?"
            rf"{_YEAR % 'month_year'}",
        )
    )
)
_BETWEEN_DATES = re.compile(_TO)
_AND = re.compile(r" (?:and|y|&) ")
_BETWEEN_CELLS = re.compile(r" ?[;,/] ?")
_FILLER = re.compile(rf"(?:(?:{_WEEKDAY}|mar|del?|el|los|from|on|the|week of|semana)(?![a-z])[ .,:()-]*)+$")
_TRAILING_WEEKDAY = re.compile(rf"^[ ,(]*{_WEEKDAY}(?![a-z]| ?[a-z])[ .,:)-]*|^[ ,(]*{_WEEKDAY}[.,:)-][ .,:)-]*")
_EDGES = " ,;:|/-–—"


@dataclass(frozen=True)
class WrittenDays:
    """Days found in a line, both ends included; `rest` is the line without them, `more` says another date is in it."""

    first_on: date
    last_on: date
    rest: str
    more: bool


@dataclass(frozen=True)
class _Found:
    """A date as written: the year may be missing, and it may span two days of one month."""

    year: int | None
    month: int
    first: int
    last: int
    has_digits_only: bool


def day_comes_first(lines: Iterable[str]) -> bool:
    """Say whether this list writes 5/11 for November 5: a date such as 26/11 can only be read so, and none as 11/26."""
    pairs = [
        (int(found["one"]), int(found["two"]))
        for line in lines
        for found in _DATE.finditer(_bare(line[:LONGEST_LINE])[1])
        if found["one"]
    ]
    return any(one > 12 for one, _ in pairs) and all(two <= 12 for _, two in pairs)


def read_days_in(line: str, *, school_year_starts: date, day_first: bool = False) -> WrittenDays | DayProblem:
    """Read the day or the range in a line, or say with a code why not; never raises.

    A date without a year is the first such on or after `school_year_starts`. Reads 300 characters of the line.
    """
    text, bare = _bare(line[:LONGEST_LINE])
    matches = list(_DATE.finditer(bare))
    if not matches:
        return "no_date"
    found = [_found(match, day_first=day_first) for match in matches[:2]]
    used = 2 if len(found) > 1 and _are_ends(bare[matches[0].end() : matches[1].start()], *found) else 1
    days = _resolve(found[0], found[used - 1], school_year_starts)
    if isinstance(days, str):
        return days
    start, end = matches[0].start(), matches[used - 1].end()
    rest = _rest(text, start, end)
    # "26 y 27" is a range, "24 y 31" is two days.
    if _AND.search(bare[start:end]) and (days[1] - days[0]).days > 1:
        return WrittenDays(days[0], days[0], rest, more=True)
    return WrittenDays(*days, rest, more=len(matches) > used)


def _bare(line: str) -> tuple[str, str]:
    """Return the line with single spaces, and the same in small bare letters with all that is no date blanked out."""
    text = tidy(line.replace("\t", " ; "), 2 * LONGEST_LINE)
    folded = re.sub("[‐-―−]", "-", fold(text))
    return text, _NOISE.sub(lambda noise: " " * len(noise[0]), folded)


def _found(match: re.Match[str], *, day_first: bool) -> _Found:
    groups = match.groupdict()
    if groups["iso_year"]:
        day = int(groups["iso_day"])
        return _Found(int(groups["iso_year"]), int(groups["iso_month"]), day, day, has_digits_only=True)
    one, two = groups["one"] or groups["one_"], groups["two"] or groups["two_"]
    if one and two:
        day, month = (int(one), int(two)) if day_first or int(one) > 12 else (int(two), int(one))
        year = groups["year"] or groups["year_"]
        return _Found(_full_year(year), month, day, day, has_digits_only=bool(year))
    month = _MONTHS[(groups["month"] or groups["month_"])[:3]]
    year = groups["day_year"] or groups["month_year"]
    last = int(groups["to_day"] or groups["day"] or groups["day_"])
    first = int(groups["from_day"] or groups["day"] or groups["day_"])
    return _Found(_full_year(year), month, first, last, has_digits_only=False)


def _full_year(year: str | None) -> int | None:
    if not year:
        return None
    return int(year) + 2000 if len(year) == 2 else int(year)


def _are_ends(between: str, first: _Found, last: _Found) -> bool:
    """Say whether two dates are the ends of one range, by what stands between them."""
    if first.has_digits_only and last.has_digits_only and _BETWEEN_CELLS.fullmatch(between):
        return True
    return bool(_BETWEEN_DATES.fullmatch(between))


def _resolve(first: _Found, last: _Found, school_year_starts: date) -> tuple[date, date] | DayProblem:
    """Turn what was written into two days, a missing year taken from the other end or from the school year."""
    year = first.year
    if year is None and last.year is not None:
        year = last.year - ((first.month, first.first) > (last.month, last.last) and first is not last)
    elif year is None:
        year = school_year_starts.year + (
            (first.month, first.first) < (school_year_starts.month, school_year_starts.day)
        )
    last_year = last.year
    if last_year is None:
        last_year = year + ((first.month, first.first) > (last.month, last.last) and first is not last)
    if year not in YEARS or last_year not in YEARS:
        return "bad_date"
    try:
        days = date(year, first.month, first.first), date(last_year, last.month, last.last)
    except ValueError:
        return "bad_date"
    if days[1] < days[0]:
        return "backwards"
    return "too_wide" if (days[1] - days[0]).days > LONGEST_CLOSURE else days


def _rest(text: str, start: int, end: int) -> str:
    """Return the words around the date, without the weekday and the small words that belonged to it."""
    folded = fold(text)
    filler = _FILLER.search(folded[:start])
    trailing = _TRAILING_WEEKDAY.search(folded[end:])
    before = text[: filler.start() if filler else start].strip(_EDGES)
    after = text[end + (trailing.end() if trailing else 0) :].strip(_EDGES)
    return " ".join(part for part in (before, after) if part)
