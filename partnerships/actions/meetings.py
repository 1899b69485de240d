"""Arranging a meeting of families and staff, and what both sides make of it afterwards."""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import School
from notifications import clock, outbox
from partnerships.access.meetings import whole_meetings
from partnerships.days import today_at
from partnerships.joint_meetings import Side, begins, lacking, rated_by, when
from partnerships.models import JointMeeting, MeetingRating


@transaction.atomic
def arrange(
    *, school: School, title: str, on: date, starts_at: time, place: str, follows: JointMeeting | None = None
) -> JointMeeting:
    """Begin to arrange a meeting; the same title, day and hour, or the next one of a meeting, is the same meeting.

    Raises ValidationError `past` for a day that is over.
    """
    _not_past(school, on)
    if follows is not None:
        follows = _locked(follows)
        found = JointMeeting.objects.filter(follows=follows).first()
    else:
        found = JointMeeting.objects.filter(school=school, title=title, on=on, starts_at=starts_at).first()
    return found or JointMeeting.objects.create(
        school=school, title=title, on=on, starts_at=starts_at, place=place, follows=follows
    )


@transaction.atomic
def change(*, meeting: JointMeeting, **said) -> JointMeeting:
    """Change one part of a meeting; where something is missing now, it is published no longer.

    Raises ValidationError `held` once it has begun, `past` for a new day that is over.
    """
    meeting = _locked(meeting)
    if meeting.published_at and begins(meeting) <= clock.now():
        raise ValidationError(_("This meeting has been held. What was arranged stays as it was."), code="held")
    for name in {"on", "families_on"} & set(said):
        _not_past(meeting.school, said[name])
    told = meeting.published_at and when(meeting)
    for name, value in said.items():
        setattr(meeting, name, value)
    if lacking(meeting):
        meeting.published_at = None
    meeting.save(update_fields=[*said, "published_at"])
    if meeting.published_at is None and told:
        tell(meeting, kind="meeting_off")
    elif told and when(meeting) != told:
        tell(meeting, kind="meeting_set")
    return meeting


@transaction.atomic
def publish(*, meeting: JointMeeting) -> JointMeeting:
    """Let families see the meeting, and know of it; raises ValidationError `missing` with what it lacks in words."""
    meeting = _locked(meeting)
    if lacks := lacking(meeting):
        raise ValidationError([ValidationError(lack.sentence, code="missing") for lack in lacks])
    if meeting.published_at is None:
        _not_past(meeting.school, meeting.on)
        if begins(meeting) <= clock.now():
            raise ValidationError(_("This hour is over. Choose another one."), code="past")
        meeting.published_at = clock.now()
        meeting.save(update_fields=["published_at"])
        tell(meeting, kind="meeting_set")
    return meeting


def tell(meeting, *, kind):
    """Let families know how a meeting stands now; what was to be said of it before is not news any more."""
    meeting.tellings += 1
    meeting.save(update_fields=["tellings"])
    outbox.post(kind=kind, about=meeting.pk, occurrence=f"told-{meeting.tellings}")


@transaction.atomic
def read_card(*, meeting: JointMeeting) -> None:
    """Let somebody who leads the school say that she has read how to listen here."""
    JointMeeting.objects.filter(pk=meeting.pk, coached_at=None).update(coached_at=clock.now())


@transaction.atomic
def rate(*, meeting: JointMeeting, side: Side, families_were_heard: int, replies_took_it_up: int) -> None:
    """Keep how one side saw the meeting, once; raises ValidationError `early` before it has begun."""
    if meeting.published_at is None or begins(meeting) > clock.now():
        raise ValidationError(_("Say how the meeting was once it has been held."), code="early")
    rating = MeetingRating(
        meeting=meeting,
        side=side,
        families_were_heard=families_were_heard,
        replies_took_it_up=replies_took_it_up,
        at=clock.now(),
    )
    # What was said first stays: the other side may have read it since.
    MeetingRating.objects.bulk_create([rating], ignore_conflicts=True)


@transaction.atomic
def settle_change(*, meeting: JointMeeting, change: str, change_language: str) -> JointMeeting:
    """Write down the one thing that both sides change next time; raises ValidationError `not_rated` before both rated.

    It can be written better afterwards; there is always one.
    """
    meeting = _locked(meeting)
    if not rated_by(meeting):
        raise ValidationError(_("First both sides say how they saw the meeting."), code="not_rated")
    meeting.change, meeting.change_language = change, change_language
    meeting.save(update_fields=["change", "change_language"])
    return meeting


def _locked(meeting):
    return whole_meetings().select_for_update(of=["self"]).get(pk=meeting.pk)


def _not_past(school, on):
    if on < today_at(school):
        raise ValidationError(_("This day is over. Choose another one."), code="past")
