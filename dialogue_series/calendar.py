"""Evenings for people's own calendars: a title that says nothing, the time and the place, and no more."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext
from icalendar import Calendar, Event

from dialogue_series.models import Session
from notifications import clock

CONTENT_TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN_AFTER = timedelta(hours=6)


def written(sessions: Iterable[Session], *, language: str) -> bytes:
    """Write evenings as a calendar file in one language; a cancelled one says so, and keeps its identity."""
    calendar = Calendar()
    calendar.add("prodid", "-//Ten evenings//ES EN//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("refresh-interval", ASK_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    with translation.override(language):
        title = pgettext("in a calendar that others may see", "Meeting")
    calendar.add("x-wr-calname", title)
    for session in sessions:
        calendar.add_component(event(session, title=title))
    return calendar.to_ical()


def event(session: Session, *, title: str) -> Event:
    """Make one entry; its sequence grows with every change, so that calendars replace what they had."""
    is_cancelled = session.cancelled_at is not None
    entry = Event()
    entry.add("uid", f"{session.pk}@{urlsplit(settings.BASE_URL).hostname}")
    entry.add("dtstamp", clock.now())
    entry.add("sequence", session.moves + is_cancelled)
    entry.add("summary", title)
    entry.add("location", f"{session.series.place}, {session.series.school.name}")
    # The wall time was turned into an instant when the evening was planned: both nights of the year are right.
    entry.add("dtstart", session.begins.astimezone(UTC))
    entry.add("dtend", session.ends.astimezone(UTC))
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    entry.add("class", "PRIVATE")
    return entry
