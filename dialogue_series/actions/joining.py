"""Saying yes or no to an invitation, choosing a name, and leaving."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import LogEntry, Person
from dialogue_series.access.families import barring_ties, caregiver_ties, has_ended, works_here
from dialogue_series.models import Enrolment, Invitation, JoinRequest, Series
from notifications import clock, outbox, wake
from partnerships.actions.spaces import leave_group
from surveys.actions import take_no_more

MOST_OPEN_REQUESTS = 60


@transaction.atomic
def claim(*, invitation: Invitation) -> Enrolment:
    """Give the invited person a place, or a place in line where the series is full; a second claim changes nothing.

    The series' row is locked first: the eleventh of two simultaneous claims waits, and then finds it full.
    """
    series = Series.objects.select_for_update().get(pk=invitation.series_id)
    now = clock.now()
    enrolment = Enrolment.objects.filter(series=series, person=invitation.person_id).first()
    if enrolment is None or enrolment.state == Enrolment.State.LEFT:
        if works_here(invitation.person, series.school, at=now):
            raise ValidationError(_("This invitation is for families only."), code="works_here")
        if has_ended(series, at=now):
            raise ValidationError(_("These ten sessions are over."), code="over")
        enrolment, _made = Enrolment.objects.update_or_create(
            series=series,
            person=invitation.person,
            defaults={"state": Enrolment.State.WAITING, "asked_at": now, "joined_at": None, "left_at": None},
        )
        if series.joined < series.places:
            admit(enrolment, series, at=now)
        else:
            outbox.post(kind="waiting_list", about=enrolment.pk, to=invitation.person)
        Person.objects.filter(pk=invitation.person_id).update(state=Person.State.HERE)
    if invitation.claimed_at is None:
        invitation.claimed_at, invitation.declined_at = now, None
        invitation.save(update_fields=["claimed_at", "declined_at"])
    return enrolment


def admit(enrolment: Enrolment, series: Series, *, at: datetime) -> None:
    """Turn a place in line into a place, with the series' row locked, and write down that it happened."""
    enrolment.state, enrolment.joined_at = Enrolment.State.JOINED, at
    enrolment.save(update_fields=["state", "joined_at"])
    series.joined += 1
    series.save(update_fields=["joined"])
    LogEntry.objects.create(
        by_id=enrolment.person_id,
        act=LogEntry.Act.ADMITTED,
        school_id=series.school_id,
        about_person_id=enrolment.person_id,
        at=at,
    )
    # The questions before it begins go to whoever joins.
    wake.after_commit("dialogue_series.tasks.open_surveys")


@transaction.atomic
def decline(*, invitation: Invitation) -> Invitation:
    """Write down a no; nothing else is sent, and the same link can still say yes later."""
    if invitation.claimed_at is None and invitation.declined_at is None:
        invitation.declined_at = clock.now()
        invitation.save(update_fields=["declined_at"])
    return invitation


@transaction.atomic
def choose_name(*, person: Person, name: str) -> Person:
    """Let somebody appear under a name of her own."""
    person.name = name
    person.save(update_fields=["name"])
    return person


@transaction.atomic
def leave(*, enrolment: Enrolment) -> Enrolment:
    """Give up one's own place, or place in line, and with it the place in the group."""
    leave_group(group=enrolment.series.group_id)
    return give_up(enrolment=enrolment)


@transaction.atomic
def give_up(*, enrolment: Enrolment) -> Enrolment:
    """End a place, or a place in line; whoever waited longest gets a freed place and is told."""
    series = Series.objects.select_for_update().get(pk=enrolment.series_id)
    enrolment.refresh_from_db()
    if enrolment.state == Enrolment.State.LEFT:
        return enrolment
    held_a_place = enrolment.state == Enrolment.State.JOINED
    now = clock.now()
    enrolment.state, enrolment.left_at = Enrolment.State.LEFT, now
    enrolment.save(update_fields=["state", "left_at"])
    take_no_more(ring=series.ring_id, person=enrolment.person)
    if held_a_place:
        series.joined -= 1
        series.save(update_fields=["joined"])
        move_line_up(series, at=now)
    return enrolment


def move_line_up(series: Series, *, at: datetime) -> None:
    """Give a freed place to whoever waited longest, while an evening is still to come."""
    if has_ended(series, at=at):
        return
    line = Enrolment.objects.select_related("person").filter(series=series, state=Enrolment.State.WAITING)
    for following in line.order_by("asked_at", "pk"):
        where = (following.person_id, series.school_id)
        if caregiver_ties(*where, at=at).exists() and not barring_ties(*where, at=at).exists():
            admit(following, series, at=at)
            outbox.post(kind="place_free", about=following.pk, to=following.person)
            return


@transaction.atomic
def ask_to_join(*, series: Series, name: str, channel: str, value: str, language: str) -> None:
    """Keep a flyer's request for the coordinator; nothing is sent, and asking twice changes nothing.

    Raises ValidationError when more requests wait than a coordinator could read.
    """
    waiting = JoinRequest.objects.filter(series=series, state=JoinRequest.State.OPEN)
    if waiting.filter(value=value).exists():
        return
    if waiting.count() >= MOST_OPEN_REQUESTS:
        raise ValidationError(
            _("So many families have asked that we cannot take more requests here. Call the school instead."),
            code="too_many_requests",
        )
    JoinRequest.objects.bulk_create(
        [JoinRequest(series=series, name=name, channel=channel, value=value, language=language, asked_at=clock.now())],
        ignore_conflicts=True,
    )


@transaction.atomic
def enter_group(*, series: Series, person: Person) -> None:
    """Make the acting person a member of the series' group, and remember that she was asked whether she works here.

    A function of the database does it, for whoever holds a place and has no tie that bars; a second call adds nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT dialogue_series_enter_group(%s)", [series.pk])
    person.refresh_from_db(fields=["asked_about_work_at"])
