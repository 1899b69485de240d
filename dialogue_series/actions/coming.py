"""Saying whether one comes to an evening, and what would help."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from dialogue_series.models import Rsvp, Series, Session, SupportRequest
from notifications import clock


def help_for(series: Series, answer: str) -> list[str]:
    """List the kinds of help that make sense after an answer, among those the coordinator can arrange."""
    if answer == Rsvp.Answer.CANNOT:
        return []
    if answer == Rsvp.Answer.VIDEO:
        return [kind for kind in series.offers if kind == Series.Help.INTERPRETER]
    return [kind for kind in Series.Help.values if kind in series.offers]


@transaction.atomic
def answer(*, session: Session, person: Person, answer: str) -> Rsvp:
    """Say, or say anew, whether somebody comes; help that no longer fits the answer is taken back."""
    refuse_if_too_late(session)
    rsvp, _made = Rsvp.objects.update_or_create(
        session=session, person=person, defaults={"answer": answer, "answered_at": clock.now()}
    )
    asked = SupportRequest.objects.filter(session=session, person=person)
    asked.exclude(kind__in=help_for(session.series, answer)).delete()
    return rsvp


@transaction.atomic
def ask_for_help(*, session: Session, person: Person, kinds: list[str], note: str = "") -> None:
    """Ask for exactly these kinds of help for an evening; the note, of at most 140 letters, goes with "other"."""
    refuse_if_too_late(session)
    said = Rsvp.objects.filter(session=session, person=person).first()
    offered = help_for(session.series, said.answer) if said else []
    if not set(kinds) <= set(offered):
        raise ValidationError(_("We cannot arrange that for this session. Call us and we will look for a way."), "help")
    SupportRequest.objects.filter(session=session, person=person).exclude(kind__in=kinds).delete()
    for kind in kinds:
        SupportRequest.objects.update_or_create(
            session=session,
            person=person,
            kind=kind,
            defaults={"note": note if kind == Series.Help.OTHER else ""},
        )


def refuse_if_too_late(session: Session) -> None:
    """Raise ValidationError once an evening has begun or was cancelled."""
    if session.cancelled_at is not None:
        raise ValidationError(_("This session was cancelled."), code="cancelled")
    if session.has_started(at=clock.now()):
        raise ValidationError(_("This session has already begun, so answers are closed."), code="started")
