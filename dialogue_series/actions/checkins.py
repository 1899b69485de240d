"""What becomes of a check-in with the school's leaders: chosen, opened, dated, held, and what was agreed there."""

from collections.abc import Iterable
from datetime import date, datetime, time
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from dialogue_series import schedule
from dialogue_series.access.checkins import begun
from dialogue_series.access.logistics import local_day
from dialogue_series.models import CheckIn, Series, Session
from notifications import clock, outbox
from partnerships.actions.commitments import write
from partnerships.models import Commitment, CommitmentStep

Step = CommitmentStep.Step


@transaction.atomic
def choose_checkins(*, series: Series, checkins: Iterable[int], by: Person) -> Series:
    """Say after which sessions leaders are met: the windows of feedback end there.

    Raises ValidationError `none`, or `begun` once families were asked about a session.
    """
    series = Series.objects.select_for_update(of=("self",)).get(pk=series.pk)
    checkins = sorted(set(checkins))
    if checkins == series.checkins:
        return series
    if not checkins:
        raise ValidationError(_("Choose at least one session."), code="none")
    if begun(series):
        raise ValidationError(_("The sessions have begun, so the check-ins stay as they are."), code="begun")
    series.checkins = checkins
    series.save(update_fields=["checkins"])
    return series


@transaction.atomic
def open_checkin(*, session: Session) -> CheckIn:
    """Open the check-in after an evening that was held. Worker only."""
    # Before it, so that the choice of sessions cannot change meanwhile.
    Series.objects.select_for_update(of=("self",)).get(pk=session.series_id)
    opened = {"opened_at": clock.now(), "due_on": schedule.checkin_due_on(session.on, None, "")}
    return CheckIn.objects.get_or_create(series=session.series, after_session=session.number, defaults=opened)[0]


@transaction.atomic
def date_checkin(*, checkin: CheckIn, leaders_at: datetime | None) -> CheckIn:
    """Write down until when a check-in is due, given when leaders read before it. Worker only."""
    on = Session.objects.get(series=checkin.series_id, number=checkin.after_session).on
    due_on = schedule.checkin_due_on(on, leaders_at, checkin.series.school.zone)
    CheckIn.objects.filter(pk=checkin.pk, held_on=None).exclude(due_on=due_on).update(due_on=due_on)
    return checkin


@transaction.atomic
def log_checkin(
    *,
    checkin: CheckIn,
    held_on: date,
    attendees: dict[str, int],
    community: str,
    understanding: str,
    language: str,
    seen: str = "",
) -> CheckIn:
    """Write down that a check-in was held, how many of each came and what was learned; later words replace these.

    `seen` is `mark_of` what was written when the page was opened. Raises ValidationError `changed` where somebody has
    written since, `future`, `before` the evening, or `no_leader`.
    """
    checkin = CheckIn.objects.select_for_update(of=("self",)).select_related("series__school").get(pk=checkin.pk)
    session = Session.objects.get(series=checkin.series_id, number=checkin.after_session)
    if held_on > local_day(checkin.series.school):
        raise ValidationError(_("That day is still to come"), code="future")
    if held_on < session.on:
        raise ValidationError(_("The session was later than that day"), code="before")
    if not attendees.get("leaders"):
        raise ValidationError(_("Count at least one person who leads the school"), code="no_leader")
    if seen != mark_of(checkin) and (community, understanding) != (checkin.community, checkin.understanding):
        raise ValidationError(
            _("Somebody wrote here while you did. Their words stand above: put them with yours, and save again."),
            code="changed",
        )
    said = {"held_on": held_on, "community": community, "understanding": understanding, "language": language}
    for field, value in (said | attendees).items():
        setattr(checkin, field, value)
    checkin.save(update_fields=[*said, *attendees])
    return checkin


def mark_of(checkin: CheckIn) -> str:
    """Return what tells the words of one state from those of another; nothing where none are written."""
    words = checkin.community + checkin.understanding
    return sha256(f"{checkin.community}\0{checkin.understanding}".encode()).hexdigest()[:16] if words else ""


@transaction.atomic
def promise(*, checkin: CheckIn, text: str, language: str, translated: str, owner: str, due_on: date) -> Commitment:
    """Write down what the school agreed to do; families are told, and read it among what they asked for.

    The same words are one promise. Raises ValidationError `not_held`, `past` for a day before it was agreed, or `twice`
    for the same words with another person or day.
    """
    checkin = (
        CheckIn.objects.select_for_update(of=("self",))
        .select_related("series__school", "series__group")
        .get(pk=checkin.pk)
    )
    if checkin.held_on is None:
        raise ValidationError(_("Say first when the check-in was held."), code="not_held")
    if due_on < checkin.held_on:
        raise ValidationError(_("Choose a day after the check-in"), code="past")
    if same := checkin.commitments.filter(text=text).first():
        if (same.owner, same.due_on) != (owner, due_on):
            raise ValidationError(_("The school agreed to this already, with another person or day."), code="twice")
        return same
    series, at = checkin.series, clock.now()
    asked_at = schedule.instant(checkin.held_on, time(0), series.school.zone)
    commitment = Commitment(
        school=series.school,
        group=series.group,
        group_name=series.group.name,
        after_session=checkin.after_session,
        text=text,
        language=language,
        translated=translated,
        asked_at=asked_at,
        state=Commitment.State.UNDER_WAY,
        answered_at=at,
        owner=owner,
        due_on=due_on,
    )
    commitment.save(force_insert=True)
    write(commitment, Step.ASKED, at=asked_at)
    write(commitment, Step.UNDER_WAY, at=at, owner=owner, due_on=due_on)
    checkin.commitments.add(commitment)
    outbox.post(kind="school_answered", about=commitment.pk, occurrence=f"{commitment.state}-agreed")
    return commitment
