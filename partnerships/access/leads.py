"""The appointment of who reaches out to families: for the families of the space, and for the school's leaders."""

from datetime import date

from django.db.models import BooleanField, F, Func, QuerySet
from django.http import HttpRequest

from accounts.models import Membership, Person, School
from notifications import clock
from partnerships.access.schools import led_school
from partnerships.access.spaces import Room, members
from partnerships.models import OutreachLead

Kind = Membership.Kind
# A function of the database: leaders' pages may not read people's ties.
IS_BARRED = Func(F("person"), F("school"), function="partnerships_is_barred", output_field=BooleanField())


def leads(school: School) -> QuerySet[OutreachLead]:
    """Return a school's appointments and proposals, newest first; each knows `is_barred`, asked at this moment."""
    return OutreachLead.objects.filter(school=school).annotate(is_barred=IS_BARRED).order_by("-proposed_at", "pk")


def lead(room: Room) -> OutreachLead | None:
    """Return the newest appointment or proposal, as families see it."""
    return leads(room.school).select_related("proposed_by", "parents_signed_by", "leaders_signed_by").first()


def is_open(found: OutreachLead | None, *, today: date) -> bool:
    """Say whether there is an appointment or a proposal that has not ended, by itself or by anybody."""
    return found is not None and state_of(found, today=today) in {"asked", "accepted", "signed"}


def state_of(found: OutreachLead, *, today: date) -> str:
    """Say how far an appointment is: asked, accepted, signed, or ended, lapsed, over.

    It lapses the moment a tie bars its person, whatever was signed.
    """
    if found.ended_at:
        return "ended"
    if found.is_barred:
        return "lapsed"
    if found.until_on < today:
        return "over"
    if found.accepted_at is None:
        return "asked"
    return "signed" if found.is_signed else "accepted"


def eligible(room: Room) -> list[Person]:
    """List who can be proposed: the space's own families, none of whom any tie bars."""
    places = members(room, at=clock.now())
    ties = Membership.objects.filter(person__in=[place.person_id for place in places], school=room.school)
    caregivers = {tie.person_id for tie in ties if tie.kind == Kind.CAREGIVER and tie.is_active(at=clock.now())}
    return [place.person for place in places if place.person_id in caregivers]


def may_end(room: Room, found: OutreachLead) -> bool:
    """Say whether somebody may end it for the parents: its person, who facilitates, who proposed it until it holds."""
    proposed = found.proposed_by_id == room.person.pk and not found.is_signed
    return room.is_led or found.person_id == room.person.pk or proposed


def lead_of_school(request: HttpRequest, slug: str) -> tuple[School, OutreachLead | None]:
    """Return a school and its newest appointment, for those who lead it; nobody is named before she accepted."""
    school = led_school(request, slug)
    return school, leads(school).filter(accepted_at__isnull=False).first()
