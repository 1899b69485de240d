"""From an intent to messages: any number of processes may do it, each message is written once."""

import logging
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications import addressing, clock, kinds, wake
from notifications.kinds import Kind
from notifications.models import Address, Intent, Message, MessagePerson
from notifications.quiet_hours import after_quiet

log = logging.getLogger(__name__)

REFERENCES = uuid.UUID("6f1c4f0e-54c5-4f0c-9a3e-0f0c3b0b7a52")


def waiting() -> None:
    """Expand every waiting intent; one that cannot be stays, and keeps no other."""
    for pk in list(Intent.objects.filter(expanded_at=None).order_by("posted_at").values_list("pk", flat=True)):
        try:
            expand(pk)
        except Exception as error:  # noqa: BLE001
            log.error("intent %s could not be expanded: %s", pk, type(error).__name__)


@transaction.atomic
def expand(pk: UUID) -> None:
    """Write the messages of one intent, unless somebody else does or did."""
    intent = Intent.objects.select_for_update(skip_locked=True).filter(pk=pk, expanded_at=None).first()
    if intent is None:
        return
    kind = kinds.named(intent.kind)
    due_at = kind.due_at(intent)
    if kind.lists_nobody:
        write(intent, dict.fromkeys(kind.addresses(intent), ()), due_at=due_at)
    else:
        people = set(kind.recipients(intent)) - told(intent)
        write(intent, grouped(addressing.live(people, channel=kind.channel)), due_at=due_at)
    # Typed by somebody we may not know: not kept.
    intent.to_value, intent.expanded_at = "", clock.now()
    intent.save(update_fields=["to_value", "expanded_at"])
    wake.after_commit(wake.SEND)


def occurrence_of(said: Intent | Message) -> dict:
    """Return what says which occurrence an intent or message is about."""
    return {"kind": said.kind, "about": said.about, "occurrence": said.occurrence}


def told(said: Intent | Message, **narrower) -> set[UUID]:
    """Return the keys of the people who have a message about this occurrence already."""
    rows = MessagePerson.objects.filter(**occurrence_of(said), **narrower)
    return set(rows.values_list("person_id", flat=True))


def grouped(reached: Mapping[UUID, Address]) -> dict[Address, list[UUID]]:
    """Return the people by address: those who share one get one message."""
    people = {}
    for person, address in reached.items():
        people.setdefault(address, []).append(person)
    return people


def write(said: Intent | Message, readers: Mapping[Address, Iterable[UUID]], *, due_at: datetime) -> None:
    """Write one message to each address, and for whom it is; what is there already stays as it is."""
    occurrence, kind = occurrence_of(said), kinds.named(said.kind)
    # In one order everywhere: two processes that write the same rows wait for each other, and never in a ring.
    addresses = sorted(readers, key=lambda address: address.pk)
    Message.objects.bulk_create(
        (new(address, kind, occurrence, due_at=due_at) for address in addresses), ignore_conflicts=True
    )
    keys = dict(Message.objects.filter(**occurrence, address__in=addresses).values_list("address_id", "pk"))
    people = [
        MessagePerson(message_id=keys[address.pk], person_id=person, channel=address.channel, **occurrence)
        for address in addresses
        for person in sorted(readers[address])
    ]
    MessagePerson.objects.bulk_create(people, ignore_conflicts=True)
    # Those it was for before did not want it any more; somebody who came since does.
    revived = {row.message_id for row in people}
    Message.objects.filter(pk__in=revived, state=Message.State.UNWANTED).update(
        state=Message.State.DUE, due_at=due_at, settled_at=None, failure=""
    )


def new(address: Address, kind: Kind, occurrence: Mapping, *, due_at: datetime) -> Message:
    """Return an unsaved message whose reference follows from what it is."""
    name = f"{address.pk}|{occurrence['kind']}|{occurrence['about']}|{occurrence['occurrence']}"
    return Message(
        address=address,
        due_at=due_at if kind.urgent else after_quiet(due_at, address.zone),
        urgent=kind.urgent,
        secret=kind.secret_recipients,
        reference=uuid.uuid5(REFERENCES, name),
        **occurrence,
    )
