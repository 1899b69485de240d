"""Inviting families, and answering those who ask from a flyer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import LogEntry, Person
from dialogue_series.access.families import has_ended
from dialogue_series.actions.caregivers import add_caregiver
from dialogue_series.models import Invitation, JoinRequest, Series
from notifications import clock, outbox


@transaction.atomic
def invite(*, series: Series, name: str, channel: str, value: str, language: str, by: Person) -> Invitation:
    """Invite a family once, known already or new, by a link of its own; inviting it again changes nothing.

    Raises ValidationError `on_staff_list` or `over`.
    """
    series = Series.objects.select_for_update(of=("self",)).select_related("school").get(pk=series.pk)
    if has_ended(series, at=clock.now()):
        raise ValidationError(_("These ten sessions are over."), code="over")
    person = add_caregiver(school=series.school, name=name, channel=channel, value=value, language=language)
    invitation, is_new = Invitation.objects.get_or_create(
        series=series, person=person, defaults={"invited_by": by, "invited_at": clock.now()}
    )
    if is_new:
        LogEntry.objects.create(
            by=by, act=LogEntry.Act.INVITED, school=series.school, about_person=person, at=invitation.invited_at
        )
        post(invitation)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: Person | None) -> Invitation:
    """Send a new link to somebody who has lost the one she was sent, or has used it; those sent before stop.

    `by` is the coordinator, or None when the invited person asks for it herself.
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",)).select_related("series", "person").get(pk=invitation.pk)
    )
    if has_ended(invitation.series, at=clock.now()):
        raise ValidationError(_("These ten sessions are over."), code="over")
    invitation.turn += 1
    # The new link can be used once, as the first could; whoever has a place already keeps it.
    invitation.claimed_at = invitation.declined_at = None
    invitation.save(update_fields=["turn", "claimed_at", "declined_at"])
    post(invitation)
    return invitation


def post(invitation: Invitation) -> None:
    """Let the invitation go out with the link of its turn."""
    outbox.post(kind="invitation", about=invitation.pk, occurrence=f"turn-{invitation.turn}", to=invitation.person)


@transaction.atomic
def accept_request(*, request: JoinRequest, by: Person) -> Invitation:
    """Invite somebody who asked from a flyer; only now is anything sent to that number."""
    request = JoinRequest.objects.select_for_update(of=("self",)).select_related("series").get(pk=request.pk)
    if request.state == JoinRequest.State.REFUSED:
        raise ValidationError(_("This request was already refused."), code="refused")
    invitation = invite(
        series=request.series,
        name=request.name,
        channel=request.channel,
        value=request.value,
        language=request.language,
        by=by,
    )
    request.state = JoinRequest.State.ACCEPTED
    request.save(update_fields=["state"])
    return invitation


@transaction.atomic
def refuse_request(*, request: JoinRequest) -> JoinRequest:
    """Put a request from a flyer aside; nothing is sent to that number."""
    JoinRequest.objects.filter(pk=request.pk, state=JoinRequest.State.OPEN).update(state=JoinRequest.State.REFUSED)
    request.refresh_from_db(fields=["state"])
    return request
