"""Check-ins with the school's leaders: which should open, when leaders read before one, and who may log it."""

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, F, Func, Max, OuterRef, PositiveSmallIntegerField, Q
from django.http import HttpRequest

from accounts.models import School
from accounts.roles import Held
from dialogue_series import schedule
from dialogue_series.access import due
from dialogue_series.access.families import first_or_404
from dialogue_series.access.logistics import coordinated, local_day, session_to_hold
from dialogue_series.models import CheckIn, Series, Session
from partnerships.access.commitments import commitments_of
from partnerships.models import Commitment
from surveys.disclosure import families_release_at, leaders_release_at
from surveys.models import Form, Wave

ITS_NUMBER = Func(F("number"), template="ARRAY[%(expressions)s]", output_field=ArrayField(PositiveSmallIntegerField()))
OPEN = (Commitment.State.RECEIVED, Commitment.State.UNDER_WAY)


# Worker only


def sessions_to_talk_about(*, at: datetime) -> list[Session]:
    """List the evenings lately held after which leaders are met: attendance saved, or over for half an hour."""
    held = Q(came__isnull=False) | Q(ends__lte=at - schedule.FORM_OPENS_AFTER)
    opened = CheckIn.objects.filter(series=OuterRef("series"), after_session=OuterRef("number"))
    lately = due.held_sessions().filter(ends__gt=at - due.FORMS_ARE_FORGOTTEN_AFTER)
    return list(lately.filter(held, ~Exists(opened), series__checkins__contains=ITS_NUMBER))


def wave_of(checkin: CheckIn) -> Wave | None:
    """Return the window of evenings that ends with a check-in, once anybody was asked about one of them."""
    number = checkin.series.window_of(checkin.after_session)
    return Wave.objects.filter(ring=checkin.series.ring_id, kind=Wave.Kind.WINDOW, number=number).first()


def leaders_read_at(checkin: CheckIn) -> datetime | None:
    """Return when leaders read that window, as its forms now stand; None where nobody was asked."""
    wave = wave_of(checkin)
    if wave is None or wave.leaders_at:
        return wave and wave.leaders_at
    closes_at = Form.objects.filter(wave=wave).aggregate(last=Max("closes_at"))["last"]
    return closes_at and leaders_release_at(families_release_at(closes_at, checkin.series.school.zone))


# For whoever holds or coordinates it


def begun(series: Series) -> bool:
    """Say whether the families of a series were asked about an evening, or a check-in opened: the choice stays."""
    asked = Form.objects.filter(ring=series.ring_id, wave__kind=Wave.Kind.WINDOW)
    return asked.exists() or CheckIn.objects.filter(series=series).exists()


def checkin_to_hold(request: HttpRequest, series: UUID, number: int) -> CheckIn:
    """Fetch the check-in after an evening for whoever facilitates or coordinates there; it knows its `session`."""
    session = session_to_hold(request, series, number)
    checkin = first_or_404(CheckIn.objects.filter(series=series, after_session=number))
    checkin.session, checkin.series = session, session.series
    return checkin


def checkins_of(series: Series) -> list[CheckIn]:
    """List the check-ins of a series that are open or were held, in order."""
    return list(CheckIn.objects.filter(series=series).order_by("after_session"))


def checkin_after(session: Session) -> CheckIn | None:
    """Return the check-in after an evening, once it is open."""
    return CheckIn.objects.filter(series=session.series_id, after_session=session.number).first()


def late_checkins(held: Held) -> list[CheckIn]:
    """List the check-ins at somebody's schools that were due by yesterday and not held, longest due first."""
    waiting = CheckIn.objects.select_related("series__school").filter(
        series__school__in=coordinated(held), held_on=None, due_on__lt=held.at.date()
    )
    return [one for one in waiting.order_by("due_on") if one.is_late(today=local_day(one.series.school))]


# What is on the table


def head_counts(checkin: CheckIn) -> list[int]:
    """List how many came to each evening until then, in order; one whose attendance is missing is left out."""
    until = Session.objects.filter(series=checkin.series_id, number__lte=checkin.after_session, came__isnull=False)
    return list(until.order_by("number").values_list("came", flat=True))


def open_commitments(school: School) -> list[Commitment]:
    """List what the school still owes its families, late first."""
    return [commitment for commitment in commitments_of(school) if commitment.state in OPEN]


def agreed_there(checkin: CheckIn) -> list[Commitment]:
    """List what was agreed in a check-in, by its day."""
    return list(checkin.commitments.order_by("due_on", "pk"))
