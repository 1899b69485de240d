"""What a meeting of families and staff lacks before it may stand, and how far apart both sides see it afterwards."""

from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from partnerships.models import JointMeeting, MeetingRating, SpeakingTally

Side = MeetingRating.Side
# Between those who speak first and those who follow, in the order that is kept.
THEN = "\n\n"
GROUPS = ("families_spoke", "staff_spoke")
TONES = ("affirmed", "neutral", "dismissed")


class Lack(NamedTuple):
    """One thing that a meeting still needs: the page on which it is said, and the sentence that asks for it."""

    part: str
    sentence: str


def lacking(meeting: JointMeeting) -> list[Lack]:
    """List what is missing until families come first, in the order in which one would settle it."""
    return [Lack(part, sentence) for part, sentence in _lacks(meeting) if sentence]


def _lacks(meeting):
    yield "families", _before(meeting)
    yield "seats", _balance(meeting)
    if not meeting.speaking_order:
        yield "order", _("Write in which order people speak: families first.")
    if not meeting.agreements:
        yield "agreements", _("Write what everybody agrees to keep in this meeting.")
    if meeting.coached_at is None:
        yield "card", _("Somebody who leads the school has to read the card on how to listen here.")


def _before(meeting):
    if meeting.families_on is None or meeting.families_at is None:
        return _("Say when families meet alone before, without staff.")
    if (meeting.families_on, meeting.families_at) >= (meeting.on, meeting.starts_at):
        return _("Families meet alone before the meeting with staff, not after it begins.")
    return ""


def _balance(meeting):
    if meeting.families_seats is None or meeting.staff_seats is None:
        return _("Say how many seats there are for families and for staff.")
    if meeting.families_seats <= meeting.staff_seats:
        return _("Give families more seats than staff.")
    return ""


def speaking_order(first: str, then: str) -> str:
    """Write the order down: families before everybody else, by construction."""
    return THEN.join(part for part in (first.strip(), then.strip()) if part)


def in_turn(order: str) -> tuple[str, str]:
    """Return who speaks first, and who follows."""
    first, _between, then = order.partition(THEN)
    return first, then


def begins(meeting: JointMeeting) -> datetime:
    """Return the instant at which both sides sit down."""
    return datetime.combine(meeting.on, meeting.starts_at, ZoneInfo(meeting.school.zone))


def when(meeting: JointMeeting) -> tuple[date | time | None, ...]:
    """Return both days and hours: as long as they are the same, families who were told know enough."""
    return meeting.on, meeting.starts_at, meeting.families_on, meeting.families_at


def tally_of(meeting: JointMeeting) -> SpeakingTally | None:
    """Return what was counted, if anything was."""
    return getattr(meeting, "tally", None)


def rated_by(meeting: JointMeeting) -> dict[str, MeetingRating]:
    """Return each side's rating, and nothing at all before both have given theirs."""
    found = {rating.side: rating for rating in meeting.ratings.all()}
    return found if set(found) == set(Side) else {}


def has_rated(meeting: JointMeeting, side: Side) -> bool:
    """Say whether one side has rated already; how, the database tells once both have."""
    return side in meeting.sides_rated.split()
