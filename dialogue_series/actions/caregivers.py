"""Finding or adding somebody whom the coordinator names: a family to invite, a parent who facilitates."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.actions import grant_membership
from accounts.models import Membership, Person, School
from dialogue_series.access.families import works_here
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
    if works_here(person, school, at=clock.now()):
        raise ValidationError(PROBLEMS["on_staff_list"], code="on_staff_list")
    grant_membership(person=person, kind=Membership.Kind.CAREGIVER, school=school)
    return person
