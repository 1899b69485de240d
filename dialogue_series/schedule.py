"""When the evenings of a series fall, and when the messages and forms around them are due.

A date belongs to the school's calendar and a time to the clock on its wall; an instant is an aware datetime in UTC.
Weekdays count from Monday, 0.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

SESSIONS_PER_SERIES = 10

# Nobody plans an evening further away than this: a later date is a slip of the finger.
FURTHEST = timedelta(weeks=104)
# Without a last day of school, a plan looks this far ahead and no further.
LOOK_AHEAD = timedelta(weeks=52)

FORM_OPENS_AFTER = timedelta(minutes=30)
FORM_STAYS_OPEN = timedelta(days=5)
LAST_FORM_STAYS_OPEN = timedelta(days=7)
FORM_CLOSES_AT = time(20)

CHECKIN_DUE_AFTER = timedelta(days=14)
# At least so long have leaders had what they read before it.
CHECKIN_READ_FOR = timedelta(days=3)
CHECKIN_REMINDED = timedelta(days=3)
CHECKIN_REMINDED_AT = time(9)

EARLIEST_REMINDER = time(9)
LATEST_REMINDER = time(20)


DateProblem = Literal["past", "too_far"]
MoveProblem = Literal["past", "too_far", "after_last_day", "taken_day", "out_of_order", "no_school"]


@dataclass(frozen=True)
class SkippedDay:
    """An evening that could not be, and why."""

    on: date
    reason: str


@dataclass(frozen=True)
class PlannedRow:
    """A line of the table of dates: an evening has a number, a skipped day has none.

    An evening with a reason falls on a no-school day on purpose.
    """

    on: date
    number: int | None
    reason: str


@dataclass(frozen=True)
class Plan:
    """The dates of a series. `fits` counts the weekly evenings found before the last day of school."""

    evenings: tuple[tuple[int, date], ...]
    skipped: tuple[SkippedDay, ...]
    fits: int
    rows: tuple[PlannedRow, ...]
    is_complete: bool


def plan_dates(
    first_on: date,
    weekday: int,
    no_school: Mapping[date, str],
    count: int = SESSIONS_PER_SERIES,
    last_day: date | None = None,
    *,
    use_anyway: AbstractSet[date] = frozenset(),
    moves: Mapping[int, date] | None = None,
) -> Plan:
    """Plan `count` weekly evenings from `first_on`, skipping no-school days unless they are in `use_anyway`.

    `moves` puts a numbered evening on a day of its own; the others stay, and its week is not given to another.
    It also adds a day for an evening that did not fit. When the year is too short, the plan holds fewer.
    """
    moves = moves or {}
    weekly: list[date] = []
    skipped: list[SkippedDay] = []
    for on in _weekly_days(first_on, weekday, last_day):
        if len(weekly) == count:
            break
        if on in no_school and on not in use_anyway:
            skipped.append(SkippedDay(on, no_school[on]))
        else:
            weekly.append(on)
    evenings = dict(enumerate(weekly, start=1)) | dict(moves)
    rows = [PlannedRow(on, number, no_school.get(on, "")) for number, on in evenings.items()]
    # A skipped day to which an evening was moved is no longer skipped.
    skipped = [day for day in skipped if day.on not in moves.values()]
    rows += [PlannedRow(day.on, None, day.reason) for day in skipped]
    return Plan(
        evenings=tuple(sorted(evenings.items())),
        skipped=tuple(skipped),
        fits=len(weekly),
        rows=tuple(sorted(rows, key=lambda row: (row.on, row.number or 0))),
        is_complete=len(evenings) == count,
    )


def _weekly_days(first_on: date, weekday: int, last_day: date | None) -> list[date]:
    """List every such weekday from the first day to the last, both included."""
    first = first_on.toordinal() + (weekday - first_on.weekday()) % 7
    horizon = min(date.max.toordinal(), first + LOOK_AHEAD.days)
    last = min(horizon, last_day.toordinal()) if last_day else horizon
    return [date.fromordinal(day) for day in range(first, last + 1, 7)]


def date_problem(on: date, today: date) -> DateProblem | None:
    """Say why no evening can be planned on this day, or nothing; today itself is fine."""
    if on < today:
        return "past"
    return "too_far" if on - today > FURTHEST else None


def move_problem(
    on: date,
    no_school: Mapping[date, str],
    others: Mapping[int, date],
    today: date,
    *,
    number: int,
    last_day: date | None = None,
) -> MoveProblem | None:
    """Say why evening `number` should not move to this day, or nothing.

    `others` holds the dates of the series by number (the evening's own may be among them). Topics build on each
    other, so an evening stays between its neighbours. "no_school" comes last: it is the one a coordinator may overrule.
    """
    neighbours = {other: day for other, day in others.items() if other != number}
    if problem := date_problem(on, today):
        return problem
    problems: dict[MoveProblem, bool] = {
        "after_last_day": last_day is not None and on > last_day,
        "taken_day": on in neighbours.values(),
        "out_of_order": any((on < day) != (number < other) for other, day in neighbours.items()),
        "no_school": on in no_school,
    }
    return next((code for code, applies in problems.items() if applies), None)


def instant(on: date, at: time, zone: str) -> datetime:
    """Return the UTC instant of a wall time in an IANA zone.

    A time that the clock jumps over becomes the first valid time after; a time that comes twice is the first one.
    Raises ZoneInfoNotFoundError for an unknown zone.
    """
    wall = datetime.combine(on, at.replace(tzinfo=None, fold=0), tzinfo=ZoneInfo(zone))
    if not _is_on_the_clock(wall):
        wall = wall.replace(second=0, microsecond=0)
    while not _is_on_the_clock(wall):
        wall += timedelta(minutes=1)
    return wall.astimezone(UTC)


def _is_on_the_clock(wall: datetime) -> bool:
    back = wall.astimezone(UTC).astimezone(wall.tzinfo)
    return back.replace(tzinfo=None) == wall.replace(tzinfo=None)


def opens_at(ends: datetime) -> datetime:
    """Return when the form of an evening opens: half an hour after the evening ends."""
    return ends + FORM_OPENS_AFTER


def closes_at(opens: datetime, next_on: date | None, zone: str) -> datetime:
    """Return the UTC instant at which a weekly form closes: 20:00 on the eve of the next evening (trust P7).

    It stays open five full days at least, so that two forms are open together when the next evening comes sooner;
    the last one (`next_on` is None) stays open seven. Fixed when the form opens: a later move does not change it.
    """
    opens = opens.astimezone(UTC)
    if next_on is None:
        return opens + LAST_FORM_STAYS_OPEN
    return max(instant(next_on - timedelta(days=1), FORM_CLOSES_AT, zone), opens + FORM_STAYS_OPEN)


def reminder_at(occurrence: Literal["day_before", "two_hours_before"], on: date, starts: time, zone: str) -> datetime:
    """Return the UTC instant of a reminder.

    The day before, at the hour of the evening but between 9:00 and 20:00 on the wall; or two real hours before.
    """
    if occurrence == "two_hours_before":
        return instant(on, starts, zone) - timedelta(hours=2)
    at = min(max(starts.replace(tzinfo=None, fold=0), EARLIEST_REMINDER), LATEST_REMINDER)
    return instant(on - timedelta(days=1), at, zone)


def checkin_due_on(on: date, leaders_at: datetime | None, zone: str) -> date:
    """Return until when leaders are met after an evening: 14 days, or 3 from the day on which they can read (if any).

    The later counts; both are days on the school's calendar.
    """
    due_on = on + CHECKIN_DUE_AFTER
    if leaders_at is None:
        return due_on
    return max(due_on, leaders_at.astimezone(ZoneInfo(zone)).date() + CHECKIN_READ_FOR)


def checkin_reminder_at(due_on: date, zone: str) -> datetime:
    """Return the UTC instant of the reminder of a check-in: three days before it is due, at nine on the wall."""
    return instant(due_on - CHECKIN_REMINDED, CHECKIN_REMINDED_AT, zone)
