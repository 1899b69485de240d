"""Nobody is woken, also on the two nights when the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.quiet_hours import after_quiet

CHICAGO = "America/Chicago"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        pytest.param(utc(2027, 2, 16, 2, 59, 59), utc(2027, 2, 16, 2, 59, 59), id="a second before nine"),
        pytest.param(utc(2027, 2, 16, 3, 0), utc(2027, 2, 16, 14, 0), id="nine in the evening"),
        pytest.param(utc(2027, 2, 16, 6, 0), utc(2027, 2, 16, 14, 0), id="midnight"),
        pytest.param(utc(2027, 2, 16, 13, 59, 59), utc(2027, 2, 16, 14, 0), id="a second before eight"),
        pytest.param(utc(2027, 2, 16, 14, 0), utc(2027, 2, 16, 14, 0), id="eight in the morning"),
        pytest.param(utc(2027, 3, 14, 4, 0), utc(2027, 3, 14, 13, 0), id="the night of 23 hours"),
        pytest.param(utc(2027, 3, 14, 8, 30), utc(2027, 3, 14, 13, 0), id="inside the gap of spring"),
        pytest.param(utc(2027, 11, 7, 3, 0), utc(2027, 11, 7, 14, 0), id="the night of 25 hours"),
        pytest.param(utc(2027, 11, 7, 6, 30), utc(2027, 11, 7, 14, 0), id="the first half past one"),
        pytest.param(utc(2027, 11, 7, 7, 30), utc(2027, 11, 7, 14, 0), id="the second half past one"),
    ],
)
def test_a_message_of_the_night_goes_at_eight_by_the_clock_on_the_wall(at, goes):
    assert after_quiet(at, CHICAGO) == goes


def test_the_same_instant_is_night_in_one_zone_and_day_in_another():
    at = utc(2027, 2, 16, 3, 30)
    assert after_quiet(at, CHICAGO) == utc(2027, 2, 16, 14, 0)
    assert after_quiet(at, "America/Los_Angeles") == at


def test_counting_eleven_hours_from_nine_instead_would_be_an_hour_off_on_both_nights():
    eleven = timedelta(hours=11)
    spring, autumn = utc(2027, 3, 14, 3, 0), utc(2027, 11, 7, 2, 0)
    assert after_quiet(spring, CHICAGO) - (spring + eleven) == timedelta(hours=-1)
    assert after_quiet(autumn, CHICAGO) - (autumn + eleven) == timedelta(hours=1)
