"""What is done about addresses: owned, confirmed, stopped, resumed, and forgotten."""

from uuid import UUID

from django.db import transaction

from notifications import addressing, clock, outbox
from notifications.models import Address, AddressOwner, Intent, Message, MessagePerson, PastStop, ProviderEvent

# The words by which a reader stops every message to her number.
STOP = frozenset({"STOP", "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "ALTO", "BAJA", "PARAR", "CANCELAR"})


@transaction.atomic
def own_address(*, channel: str, value: str, person, language: str, zone: str) -> Address:
    """Make somebody an owner of an address, beside whoever owns it already; language and zone are a new one's."""
    value = addressing.tidy(value)
    stopped_at = PastStop.objects.filter(pk=addressing.digest(value)).values_list("stopped_at", flat=True).first()
    new = Address(channel=channel, value=value, language=language, zone=zone, stopped_at=stopped_at)
    Address.objects.bulk_create([new], ignore_conflicts=True)
    address = Address.objects.get(channel=channel, value=value)
    AddressOwner.objects.bulk_create([AddressOwner(address=address, person=person)], ignore_conflicts=True)
    return address


@transaction.atomic
def verify(*, address: Address) -> Address:
    """Note that somebody proved to read what arrives at an address."""
    if address.verified_at is None:
        address.verified_at = clock.now()
        address.save(update_fields=["verified_at"])
    return address


@transaction.atomic
def speak(*, person, language: str) -> None:
    """Write to a person's addresses in this language from the next message on."""
    Address.objects.filter(owners=person).update(language=language)


@transaction.atomic
def stop(*, channel: str, value: str, occurrence: str = "") -> None:
    """Stop every message to an address at once; `occurrence` names the text that is answered by one confirmation."""
    address = Address.objects.filter(channel=channel, value=value, stopped_at=None).first()
    if address is None:
        return
    stop_quietly(address=address)
    if occurrence:
        outbox.post(kind="stop_confirmation", about=address.pk, occurrence=occurrence)


@transaction.atomic
def stop_quietly(*, address: Address) -> Address:
    """Stop every message to an address, without a word to it."""
    if address.stopped_at is None:
        address.stopped_at = clock.now()
        address.save(update_fields=["stopped_at"])
    return address


@transaction.atomic
def resume(*, channel: str, value: str) -> None:
    """Let messages go to an address again: its reader asked for them."""
    Address.objects.filter(channel=channel, value=value).update(stopped_at=None)


@transaction.atomic
def forget(*, kind: str, about: UUID) -> None:
    """Forget who was told this, as if it had never been said (second requests, when their form closes)."""
    Message.objects.filter(kind=kind, about=about).delete()
    Intent.objects.filter(kind=kind, about=about).delete()


@transaction.atomic
def disown(*, person) -> list[Address]:
    """Forget where somebody is reached and what she was told; return the addresses that went, since nobody else's.

    A STOP that was said there is kept, as a hash: it holds if the address ever comes back.
    """
    gone = list(addressing.alone(person))
    for address in gone:
        unheard = ProviderEvent.objects.filter(settled_at=None, word__in=STOP, from_value=address.value)
        PastStop.objects.filter(pk=addressing.digest(address.value)).delete()
        if address.stopped_at or unheard.exists():
            PastStop.objects.create(
                value_hash=addressing.digest(address.value), stopped_at=address.stopped_at or clock.now()
            )
    ProviderEvent.objects.filter(from_value__in=[address.value for address in gone]).update(from_value="")
    told = MessagePerson.objects.filter(person=person).values("message")
    others = MessagePerson.objects.exclude(person=person).values("message")
    Message.objects.filter(pk__in=told).exclude(pk__in=others).delete()
    Address.objects.filter(pk__in=[address.pk for address in gone]).delete()
    return gone
