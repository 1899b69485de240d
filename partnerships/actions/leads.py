"""Appointing who reaches out to families: proposed, asked, signed by both sides, ended by either."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, School
from notifications import clock
from partnerships.access.leads import leads
from partnerships.actions.spaces import may_lead
from partnerships.days import today_at
from partnerships.models import OutreachLead


@transaction.atomic
def propose(
    *, school: School, person: Person, by: Person, from_on: date, review_on: date, until_on: date
) -> OutreachLead:
    """Propose a caregiver whom the school does not pay, for a term with a review in it.

    Raises ValidationError `dates`, `past`, `barred` for somebody of the school, `another` while one is open already.
    """
    today = today_at(school)
    if not from_on < review_on <= until_on:
        raise ValidationError(
            _("Put the review after the beginning, and no later than the end of the term."), code="dates"
        )
    if until_on < today:
        raise ValidationError(_("This term is over already."), code="past")
    if not may_lead(person, school, at=clock.now()):
        raise ValidationError(_("Choose somebody from the families, whom the school does not pay."), code="barred")
    # What is over or has lapsed makes room.
    for earlier in leads(school).filter(ended_at=None):
        if earlier.is_barred or earlier.until_on < today:
            OutreachLead.objects.filter(pk=earlier.pk, ended_at=None).update(ended_at=clock.now())
    proposal = OutreachLead(
        school=school,
        person=person,
        name=person.name,
        proposed_by=by,
        proposed_at=clock.now(),
        from_on=from_on,
        review_on=review_on,
        until_on=until_on,
    )
    OutreachLead.objects.bulk_create([proposal], ignore_conflicts=True)
    if not OutreachLead.objects.filter(pk=proposal.pk).exists():
        raise ValidationError(_("Somebody is proposed already. That has to end first."), code="another")
    return proposal


@transaction.atomic
def say_unpaid(*, lead: OutreachLead) -> None:
    """Let the person who was proposed accept, saying that the school does not pay her."""
    lead = _open(lead)
    if lead.accepted_at is None:
        lead.accepted_at = clock.now()
        lead.save(update_fields=["accepted_at"])


@transaction.atomic
def end(*, lead: OutreachLead) -> None:
    """End a proposal or an appointment, today: either side may, and so does a person whom the school pays."""
    OutreachLead.objects.filter(pk=lead.pk, ended_at=None).update(ended_at=clock.now())


@transaction.atomic
def sign_for_parents(*, lead: OutreachLead, by: Person) -> None:
    """Sign as a parent of the school, once she has accepted; raises ValidationError `herself` or `no_parent`."""
    lead = _open(lead, is_accepted=True)
    if by.pk == lead.person_id:
        raise ValidationError(_("Somebody else signs for the parents."), code="herself")
    if not may_lead(by, lead.school, at=clock.now()):
        raise ValidationError(_("A parent whom the school does not pay signs here."), code="no_parent")
    if lead.parents_signed_at is None:
        lead.parents_signed_by, lead.parents_signed_at = by, clock.now()
        lead.save(update_fields=["parents_signed_by", "parents_signed_at"])


@transaction.atomic
def sign_for_leaders(*, lead: OutreachLead, by: Person) -> None:
    """Sign for the school's leaders, once she has accepted."""
    lead = _open(lead, is_accepted=True)
    if lead.leaders_signed_at is None:
        lead.leaders_signed_by, lead.leaders_signed_at = by, clock.now()
        lead.save(update_fields=["leaders_signed_by", "leaders_signed_at"])


def _open(lead, *, is_accepted=False):
    """Lock an appointment; refuse one that ended, that lapsed, whose term is over, or that nobody accepted yet."""
    lead = leads(lead.school).select_for_update(of=["self"]).get(pk=lead.pk)
    if lead.ended_at or lead.is_barred or lead.until_on < today_at(lead.school):
        raise ValidationError(_("This appointment has ended."), code="ended")
    if is_accepted and lead.accepted_at is None:
        raise ValidationError(_("First the person says whether they accept."), code="not_accepted")
    return lead
