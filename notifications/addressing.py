"""At which address somebody is reached: only those on a roster, never one that said STOP."""

import hmac
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from notifications.models import Address, AddressOwner


def live(people: Iterable[UUID], *, channel: str = "") -> dict[UUID, Address]:
    """Return the one address of each reachable person: SMS before e-mail, confirmed before unconfirmed."""
    owned = AddressOwner.objects.filter(person__in=people, address__stopped_at=None).select_related("address")
    if channel:
        owned = owned.filter(address__channel=channel)
    found = {}
    # "sms" sorts after "email".
    order = ["-address__channel", F("address__verified_at").asc(nulls_last=True), "address_id"]
    for row in owned.order_by(*order):
        found.setdefault(row.person_id, row.address)
    return found


def known(value: str) -> list[Address]:
    """Return where to answer somebody who typed this: nowhere unless it is on a roster.

    After STOP on a phone the code goes to its owner's e-mail; not where a phone is shared, or one owner's mail
    would open the other's account.
    """
    address = (
        Address.objects.annotate(people=Count("owners")).filter(value=tidy(value), people__gt=0).order_by("pk").first()
    )
    if address is None:
        return []
    if address.stopped_at is None:
        return [address]
    if address.channel == Address.Channel.EMAIL or address.people > 1:
        return []
    owners = list(address.owners.values_list("pk", flat=True))
    return list(live(owners, channel=Address.Channel.EMAIL).values())


def alone(person) -> QuerySet[Address]:
    """Return the addresses that somebody reads and nobody else."""
    others = AddressOwner.objects.filter(address=OuterRef("pk")).exclude(person=person)
    return Address.objects.filter(~Exists(others), owners=person)


def digest(value: str) -> bytes:
    """Return what is kept of an address that said STOP: only who knows the address and our key can make it."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"stopped|{tidy(value)}".encode(), "sha256")


def tidy(value: str) -> str:
    """Write an address as it is stored: a phone in E.164 stays as it is, an e-mail in small letters."""
    return value.strip().lower()
