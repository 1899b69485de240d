"""Asking families, after each evening, how it was. Worker only."""

from django.db import transaction

from dialogue_series.access import due
from dialogue_series.access.families import joined
from dialogue_series.models import Attendance, Session
from notifications import clock, outbox
from notifications.models import Message
from surveys.actions import open_form, wave_of
from surveys.models import Form, Wave


@transaction.atomic
def open_feedback(*, session: Session) -> Form | None:
    """Open an evening's form to everybody joined who was not marked absent, and post both kinds of message.

    Its closing is fixed now. Whoever was marked absent gets the summary and the next date instead. Returns the
    form it has, or None where nobody came.
    """
    # With its series: where a window ends can change until its first form opens.
    session = due.held_sessions().select_for_update(of=("self", "series")).get(pk=session.pk)
    if session.form_id is not None:
        return session.form
    now = clock.now()
    absent = Attendance.objects.filter(session=session, mode=Attendance.Mode.ABSENT)
    if absent.exists():
        outbox.post(kind="missed_session", about=session.pk)
    people = list(joined(session.series, at=now).exclude(pk__in=absent.values("person")))
    if not people:
        return None
    series = session.series
    session.form = open_form(
        wave=wave_of(
            school=series.school, ring=series.ring, kind=Wave.Kind.WINDOW, number=series.window_of(session.number)
        ),
        instrument=series.feedback,
        people=people,
        evening_on=session.on,
        opens_at=now,
        closes_at=due.closing(session, opens=now),
    )
    session.save(update_fields=["form"])
    outbox.post(kind="feedback_request", about=session.pk)
    return session.form


def ask_again(*, session: Session) -> None:
    """Post one gentle second request; the worker finds out who has not answered and tells nobody."""
    outbox.post(kind=due.SECOND_REQUEST, about=session.pk)


@transaction.atomic
def forget_second_requests(*, session: Session) -> None:
    """Delete the rows that tell who was asked again: once the form has closed they serve nobody."""
    Message.objects.filter(kind=due.SECOND_REQUEST, about=session.pk).delete()
