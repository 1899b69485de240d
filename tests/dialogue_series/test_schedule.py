"""The dates of a series around a real school year, and the instants of its messages and forms on both DST nights."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue_series.calendar_import import read_days
from dialogue_series.schedule import (
    SESSIONS_PER_SERIES,
    PlannedRow,
    SkippedDay,
    closes_at,
    date_problem,
    instant,
    move_problem,
    opens_at,
    plan_dates,
    reminder_at,
)

CHICAGO = "America/Chicago"
THURSDAY = 3
SPRING_FORWARD = date(2027, 3, 14)
FALL_BACK = date(2026, 11, 1)
CALENDAR = Path(__file__).parents[1] / "data/calendars/chicago-2026-27.csv"
TODAY = date(2027, 2, 15)


@pytest.fixture(scope="module")
def chicago_year():
    """No-school days of Chicago's 2026-27 year by date, and its last day."""
    reading = read_days(
        CALENDAR.read_bytes(), CALENDAR.name, school_year_starts=date(2026, 8, 24), today=date(2026, 9, 1), zone=CHICAGO
    )
    closed = {
        entry.first_on + timedelta(days=day): entry.what
        for entry in reading.entries
        if entry.likely
        for day in range((entry.last_on - entry.first_on).days + 1)
    }
    return closed, reading.last_day


def test_ten_thursdays_skip_spring_break_and_say_why(chicago_year):
    no_school, last_day = chicago_year

    plan = plan_dates(date(2027, 2, 4), THURSDAY, no_school, last_day=last_day)

    assert [on.isoformat() for _, on in plan.evenings] == [
        *("2027-02-04", "2027-02-11", "2027-02-18", "2027-02-25", "2027-03-04", "2027-03-11", "2027-03-18"),
        *("2027-04-01", "2027-04-08", "2027-04-15"),
    ]
    assert [number for number, _ in plan.evenings] == list(range(1, SESSIONS_PER_SERIES + 1))
    assert plan.skipped == (SkippedDay(date(2027, 3, 25), "Spring break"),)
    assert plan.is_complete


def test_a_skipped_day_stands_in_its_place_among_the_evenings(chicago_year):
    no_school, _ = chicago_year

    plan = plan_dates(date(2027, 3, 18), THURSDAY, no_school, count=2)

    assert plan.rows == (
        PlannedRow(date(2027, 3, 18), 1, ""),
        PlannedRow(date(2027, 3, 25), None, "Spring break"),
        PlannedRow(date(2027, 4, 1), 2, ""),
    )


def test_the_first_evening_is_the_first_such_weekday_from_the_date_given():
    plan = plan_dates(date(2027, 2, 1), THURSDAY, {}, count=1)

    assert plan.evenings == ((1, date(2027, 2, 4)),)


def test_a_year_too_short_says_how_many_evenings_fit(chicago_year):
    no_school, last_day = chicago_year

    plan = plan_dates(date(2027, 4, 22), THURSDAY, no_school, last_day=last_day)

    assert (plan.fits, plan.is_complete, plan.evenings[-1]) == (8, False, (8, date(2027, 6, 10)))


def test_a_day_added_by_hand_completes_a_year_too_short():
    last_day = date(2027, 2, 18)
    moves = {3: date(2027, 2, 16)}

    plan = plan_dates(date(2027, 2, 4), THURSDAY, {}, count=4, last_day=last_day, moves=moves | {4: date(2027, 2, 18)})

    assert (plan.fits, plan.is_complete) == (3, True)


def test_use_anyway_keeps_a_no_school_day_and_its_reason():
    day = date(2027, 3, 25)

    plan = plan_dates(day, THURSDAY, {day: "Spring break"}, count=1, use_anyway={day})

    assert (plan.skipped, plan.rows) == ((), (PlannedRow(day, 1, "Spring break"),))


def test_a_moved_evening_keeps_its_number_and_the_others_stay():
    plan = plan_dates(date(2027, 2, 4), THURSDAY, {}, count=3, moves={2: date(2027, 2, 10)})

    assert plan.evenings == ((1, date(2027, 2, 4)), (2, date(2027, 2, 10)), (3, date(2027, 2, 18)))


def test_an_evening_moved_onto_a_skipped_day_is_shown_once():
    day = date(2027, 3, 25)

    plan = plan_dates(date(2027, 3, 18), THURSDAY, {day: "Spring break"}, count=2, moves={2: day})

    assert plan.rows == (PlannedRow(date(2027, 3, 18), 1, ""), PlannedRow(day, 2, "Spring break"))


def test_a_school_that_is_always_closed_gets_a_plan_without_evenings():
    closed = {date(2027, 2, 4) + timedelta(days=day): "Closed" for day in range(800)}

    plan = plan_dates(date(2027, 2, 4), THURSDAY, closed)

    assert (plan.fits, plan.evenings, plan.is_complete) == (0, (), False)


@given(
    first_on=st.dates(),
    weekday=st.integers(0, 6),
    offsets=st.sets(st.integers(0, 120)),
    length=st.none() | st.integers(-5, 200),
)
def test_every_plan_is_in_order_on_the_weekday_and_on_school_days(first_on, weekday, offsets, length):
    def later(days):
        return date.fromordinal(min(first_on.toordinal() + days, date.max.toordinal()))

    closed = {later(days): "Closed" for days in offsets}
    last_day = None if length is None else date.fromordinal(max(1, later(max(length, 0)).toordinal()))

    plan = plan_dates(first_on, weekday, closed, last_day=last_day)

    days = [on for _, on in plan.evenings]
    assert [number for number, _ in plan.evenings] == list(range(1, len(days) + 1))
    assert days == sorted(set(days))
    assert {on.weekday() for on in days} <= {weekday}
    assert not set(days) & set(closed)
    assert all(first_on <= on and (last_day is None or on <= last_day) for on in days)


OTHERS = {1: date(2027, 2, 4), 2: date(2027, 2, 18), 3: date(2027, 2, 25)}


@pytest.mark.parametrize(
    ("on", "problem"),
    [
        (date(2027, 2, 14), "past"),
        (TODAY, None),
        (date(2029, 2, 16), "too_far"),
        (date(2027, 2, 25), "taken_day"),
        (date(2027, 2, 26), "out_of_order"),
        (date(2027, 2, 19), "no_school"),
        (date(2027, 2, 18), None),
    ],
)
def test_a_move_is_refused_with_its_reason(on, problem):
    no_school = {date(2027, 2, 19): "Records day", date(2027, 2, 25): "Closed"}

    assert move_problem(on, no_school, OTHERS, TODAY, number=2) == problem


def test_the_last_evening_does_not_move_beyond_the_last_day_of_school():
    problem = move_problem(date(2027, 6, 14), {}, OTHERS, TODAY, number=3, last_day=date(2027, 6, 11))

    assert problem == "after_last_day"


def test_a_first_date_lies_between_today_and_two_years_from_now():
    days = (TODAY - timedelta(days=1), TODAY, TODAY + timedelta(weeks=104), TODAY + timedelta(weeks=105))

    assert [date_problem(on, TODAY) for on in days] == ["past", None, None, "too_far"]


def test_an_evening_keeps_its_wall_time_on_both_sides_of_a_clock_change():
    before, after = (instant(on, time(18), CHICAGO) for on in (date(2027, 3, 11), date(2027, 3, 18)))

    assert (before, after) == (datetime(2027, 3, 12, 0, tzinfo=UTC), datetime(2027, 3, 18, 23, tzinfo=UTC))


@pytest.mark.parametrize("at", [time(2), time(2, 0, 30), time(2, 30), time(2, 59, 59), time(3)])
def test_a_time_that_the_clock_jumps_over_becomes_the_first_valid_time_after(at):
    assert instant(SPRING_FORWARD, at, CHICAGO) == datetime(2027, 3, 14, 8, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_first_one():
    assert instant(FALL_BACK, time(1, 30), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert instant(FALL_BACK, time(1, 30, fold=1), CHICAGO) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_day_that_a_country_left_out_becomes_the_next_midnight():
    assert instant(date(2011, 12, 30), time(12), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)


@given(
    on=st.dates(date(1990, 1, 1), date(2090, 1, 1)) | st.sampled_from([SPRING_FORWARD, FALL_BACK]),
    at=st.times(),
    zone=st.sampled_from([CHICAGO, "America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "America/Phoenix"]),
)
def test_an_instant_reads_back_as_its_wall_time_or_as_the_end_of_a_gap(on, at, zone):
    back = instant(on, at, zone).astimezone(ZoneInfo(zone))

    wall = datetime.combine(on, at)  # noqa: DTZ001
    assert back.fold == 0
    if back.replace(tzinfo=None) != wall:
        a_moment_before = (back.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert a_moment_before < wall < back.replace(tzinfo=None)


@given(
    moments=st.lists(
        st.datetimes(datetime(2027, 3, 13, 23), datetime(2027, 3, 14, 5))  # noqa: DTZ001
        | st.datetimes(datetime(2026, 10, 31, 23), datetime(2026, 11, 1, 0, 59)),  # noqa: DTZ001
        min_size=2,
        max_size=2,
    )
)
def test_a_later_wall_time_is_never_an_earlier_instant(moments):
    earlier, later = sorted(moments)

    assert instant(earlier.date(), earlier.time(), CHICAGO) <= instant(later.date(), later.time(), CHICAGO)


def closing(*, session, next_on):
    """Return the wall time at which the form of an evening of 18:00 to 19:00 closes."""
    opens = opens_at(instant(session, time(19), CHICAGO))
    return closes_at(opens, next_on, CHICAGO).astimezone(ZoneInfo(CHICAGO)).strftime("%Y-%m-%d %H:%M")


def test_a_form_opens_half_an_hour_after_the_evening():
    ends = instant(date(2027, 2, 18), time(19), CHICAGO)

    assert opens_at(ends) == ends + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("session", "next_on", "closes"),
    [
        (date(2027, 2, 18), date(2027, 2, 25), "2027-02-24 20:00"),
        (date(2027, 3, 18), date(2027, 4, 1), "2027-03-31 20:00"),
        # Six days: the eve comes after five full days. Five days: two forms are open together.
        (date(2027, 2, 18), date(2027, 2, 24), "2027-02-23 20:00"),
        (date(2027, 2, 18), date(2027, 2, 23), "2027-02-23 19:30"),
        (date(2027, 2, 18), date(2027, 2, 19), "2027-02-23 19:30"),
        # The last one; and over the night of March 14, when seven days are seven times 24 hours.
        (date(2027, 4, 15), None, "2027-04-22 19:30"),
        (date(2027, 3, 11), None, "2027-03-18 20:30"),
        (date(2027, 3, 11), date(2027, 3, 18), "2027-03-17 20:00"),
    ],
)
def test_a_weekly_form_closes_on_the_eve_of_the_next_evening_but_stays_open_five_days(session, next_on, closes):
    assert closing(session=session, next_on=next_on) == closes


@given(on=st.dates(date(2020, 1, 1), date(2040, 1, 1)), ends=st.times(), days=st.none() | st.integers(1, 40))
def test_no_form_is_open_for_less_than_five_full_days(on, ends, days):
    opens = opens_at(instant(on, ends, CHICAGO))

    closes = closes_at(opens, None if days is None else on + timedelta(days=days), CHICAGO)

    assert closes - opens >= timedelta(days=7 if days is None else 5)


@pytest.mark.parametrize(
    ("starts", "reminder"),
    [
        (time(18), "2027-02-17 18:00"),
        (time(7, 30), "2027-02-17 09:00"),
        (time(20, 30), "2027-02-17 20:00"),
    ],
)
def test_the_day_before_is_told_at_the_hour_of_the_evening_but_not_early_or_late(starts, reminder):
    at = reminder_at("day_before", date(2027, 2, 18), starts, CHICAGO)

    assert at.astimezone(ZoneInfo(CHICAGO)).strftime("%Y-%m-%d %H:%M") == reminder


def test_two_hours_before_are_two_real_hours_on_the_night_the_clock_changes():
    starts = instant(SPRING_FORWARD, time(3, 30), CHICAGO)

    assert starts - reminder_at("two_hours_before", SPRING_FORWARD, time(3, 30), CHICAGO) == timedelta(hours=2)
