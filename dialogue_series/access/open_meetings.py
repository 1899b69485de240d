"""Whether so many members of a board say they come to an evening that a law on open meetings may apply."""

from accounts.models import Person
from dialogue_series.models import Rsvp, Session
from partnerships.access.open_meetings import meeting_among, told_to
from partnerships.models import Board

COMING = (Rsvp.Answer.IN_PERSON, Rsvp.Answer.VIDEO)


def boards_coming(session: Session, *, member: Person | None = None) -> list[Board]:
    """List such boards for whoever holds the evening; with `member`, those of which somebody is one herself."""
    if session.cancelled_at:
        return []
    coming = set(Rsvp.objects.filter(session=session, answer__in=COMING).values_list("person", flat=True))
    school = session.series.school
    return told_to(member, coming, school) if member else meeting_among(coming, school)
