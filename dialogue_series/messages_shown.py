"""What the coordinator sees of the messages of a series: what is planned, what went out, what did not arrive."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from dialogue_series import schedule
from dialogue_series.models import Series, Session
from notifications.models import Message

State = Message.State
KINDS = {
    "invitation": _("Invitation"),
    "waiting_list": _("The group is full: place in line"),
    "place_free": _("A place is free"),
    "session_reminder": _("Reminder"),
    "session_moved": _("New date"),
    "session_cancelled": _("Session cancelled"),
    "survey_request": _("The questions before and after the series"),
    "feedback_request": _("What did you think of the session?"),
    "missed_session": _("Summary for those who could not come"),
}
# Whom these reach depends on who has answered by then: only what failed is ever listed by name (trust.md S3).
FAILURES_ONLY = frozenset({"feedback_request", "survey_request"})
WORDS = {
    State.DUE: ("wait", _("On its way")),
    State.SENDING: ("wait", _("On its way")),
    State.SENT: ("ok", _("Sent")),
    State.DELIVERED: ("ok", _("Delivered")),
    State.UNKNOWN: ("late", _("Not known whether it arrived")),
    State.DEAD: ("alert", _("Did not arrive")),
    State.UNWANTED: ("neutral", _("No longer needed")),
}


def planned(evenings: Iterable[Session], series: Series, *, at: datetime) -> list[dict]:
    """List what will be written about the evenings to come, in order: what, about which, on which day at what time."""
    zone = ZoneInfo(series.school.zone)
    found = []
    for session in evenings:
        if session.cancelled_at is not None:
            continue
        where = (session.on, session.starts_at, series.school.zone)
        times = [(_("Reminder, the day before"), schedule.reminder_at("day_before", *where))]
        if series.same_day_reminder:
            times.append((_("Reminder, two hours before"), schedule.reminder_at("two_hours_before", *where)))
        times.append((_("What did you think of the session?"), schedule.opens_at(session.ends)))
        for what, moment in times:
            if moment > at:
                wall = moment.astimezone(zone)
                found.append({"what": what, "number": session.number, "on": wall.date(), "time": wall.time()})
    return found


def told(messages: Iterable[Message], about: Mapping[UUID, int]) -> list[dict]:
    """Gather messages by what they said about which evening: how many arrived, and each person who was not reached."""
    gathered: dict[tuple, dict] = {}
    for message in messages:
        if message.kind not in KINDS:
            continue
        number = about.get(message.about)
        key = (message.kind, number, message.occurrence if number else "")
        group = gathered.setdefault(key, {"what": KINDS[message.kind], "number": number, "lines": [], "failed": 0})
        state, words = WORDS[message.state]
        has_failed = message.state in {State.DEAD, State.UNKNOWN}
        group["failed"] += has_failed
        if has_failed or message.kind not in FAILURES_ONLY:
            names = ", ".join(sorted(person.name for person in message.people.all()))
            group["lines"].append({"names": names, "state": state, "words": words, "has_failed": has_failed})
    for group in gathered.values():
        group["lines"].sort(key=lambda line: (not line["has_failed"], line["names"]))
    return list(gathered.values())
