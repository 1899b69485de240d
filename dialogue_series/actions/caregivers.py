"""Finding or adding somebody whom the coordinator names: a family to invite, a parent who facilitates."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import grant_membership
from accounts.models import Membership, Person, School
from dialogue_series.access.families import works_here
from dialogue_series.access.logistics import staff_addresses
from dialogue_series.pasted import plain
from dialogue_series.wording import PROBLEMS
from notifications import clock
from notifications.actions import own_address


@transaction.atomic
def add_caregiver(*, school: School, name: str, channel: str, value: str, language: str) -> Person:
    """Return the caregiver of this name at this address, known already or new: two names on a phone are two people.

    Raises ValidationError `on_staff_list` for an address or a person of somebody who works at the school.
    """
    with connection.cursor() as cursor:
        # The same family named twice at once is still one person.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [value])
    owners = Person.objects.filter(addresses__channel=channel, addresses__value=value)
    person = next((owner for owner in owners if plain(owner.name) == plain(name)), None)
    if person is None:
        person = Person.objects.create(name=name, language=language)
    own_address(channel=channel, value=value, person=person, language=language, zone=school.zone)
    refuse_staff(person, school, value)
    grant_membership(person=person, kind=Membership.Kind.CAREGIVER, school=school)
    return person


@transaction.atomic
def add_address(*, person: Person, school: School, channel: str, value: str) -> None:
    """Let somebody who was invited, and has not come yet, be reached somewhere else too.

    Whoever reads an address can enter as its owner: so nobody but herself adds one once she is here, has entered
    (who facilitates may never be invited), or has a tie to anything else than this school's families. Raises
    ValidationError `here_already` or `on_staff_list`.
    """
    elsewhere = Membership.objects.filter(person=person).exclude(school=school, kind=Membership.Kind.CAREGIVER)
    if person.state != Person.State.INVITED or person.last_login or elsewhere.exists():
        raise ValidationError(
            _("This family has already joined. Only they can change how we reach them."), code="here_already"
        )
    own_address(channel=channel, value=value, person=person, language=person.language, zone=school.zone)
    refuse_staff(person, school, value)


def refuse_staff(person: Person, school: School, value: str) -> None:
    """Refuse a person who works at the school, and an address that somebody who does reads too."""
    if value in staff_addresses(school) or works_here(person, school, at=clock.now()):
        raise ValidationError(PROBLEMS["on_staff_list"], code="on_staff_list")
