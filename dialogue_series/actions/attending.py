"""Writing down who came to an evening, and how."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from dialogue_series.actions.inviting import invite
from dialogue_series.models import Attendance, Session
from notifications import clock


@transaction.atomic
def save_attendance(*, session: Session, modes: dict[UUID, str], by: Person) -> Session:
    """Keep how each of these people (by key) took part; the head count follows. A later save corrects an earlier one.

    Raises ValidationError `too_early` before the evening, `cancelled`, or `nobody` where nothing is marked.
    """
    session = Session.objects.select_for_update().get(pk=session.pk)
    refuse_unless_held(session)
    if not modes:
        raise ValidationError(_("Mark at least one person."), code="nobody")
    at = clock.now()
    Attendance.objects.bulk_create(
        (
            Attendance(session=session, person_id=key, mode=mode, marked_by=by, marked_at=at)
            for key, mode in modes.items()
        ),
        update_conflicts=True,
        unique_fields=["session", "person"],
        update_fields=["mode", "marked_by", "marked_at"],
    )
    session.came = Attendance.objects.filter(session=session).exclude(mode=Attendance.Mode.ABSENT).count()
    session.save(update_fields=["came"])
    return session


@transaction.atomic
def add_walk_in(*, session: Session, name: str, mode: str, by: Person, channel: str = "", value: str = "") -> Person:
    """Write down somebody who came along unannounced; with a phone or e-mail she is also invited to the series.

    Raises ValidationError `on_staff_list`, `too_early` or `cancelled`.
    """
    refuse_unless_held(session)
    series = session.series
    if value:
        person = invite(series=series, name=name, channel=channel, value=value, language=series.language, by=by).person
    else:
        # The same name twice is a button pressed twice.
        came = Person.objects.filter(name__iexact=name, attendance__session=session)
        person = came.first() or Person.objects.create(name=name, language=series.language)
    save_attendance(session=session, modes={person.pk: mode}, by=by)
    return person


def refuse_unless_held(session: Session) -> None:
    """Refuse to say who came to an evening that has not begun or is not held."""
    if session.cancelled_at is not None:
        raise ValidationError(_("This session was cancelled."), code="cancelled")
    if not session.has_started(at=clock.now()):
        raise ValidationError(_("Attendance opens when the session starts."), code="too_early")
