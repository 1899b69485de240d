"""Nobody's phone rings between nine in the evening and eight in the morning, by the clock on their wall."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING = time(21)
# No zone changes its clocks at this hour, so that it comes exactly once a day.
MORNING = time(8)


def after_quiet(at: datetime, zone: str) -> datetime:
    """Return the instant itself, or the end of the quiet hours that it falls into."""
    wall = at.astimezone(ZoneInfo(zone))
    if MORNING <= wall.time() < EVENING:
        return at
    on = wall.date() + timedelta(days=wall.time() >= EVENING)
    return datetime.combine(on, MORNING, tzinfo=ZoneInfo(zone)).astimezone(UTC)
