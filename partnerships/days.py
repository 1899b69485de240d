"""What day it is at a school."""

from datetime import date
from zoneinfo import ZoneInfo

from accounts.models import School
from notifications import clock


def today_at(school: School) -> date:
    """Return the day on a school's own calendar."""
    return clock.now().astimezone(ZoneInfo(school.zone)).date()
