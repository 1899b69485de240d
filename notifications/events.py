"""What the SMS provider tells us (STOP, START, delivered, failed): kept once, and acted on by the worker."""

import logging
import re
from uuid import UUID

from django.conf import settings
from django.db import transaction

from notifications import actions, clock, providers, settle, wake
from notifications.actions import STOP
from notifications.models import Address, Message, ProviderEvent

log = logging.getLogger(__name__)

START = frozenset({"START", "UNSTOP", "ALTA"})
ARRIVED = "delivered"
LOST = frozenset({"failed", "undelivered"})
ON_ITS_WAY = frozenset({"accepted", "queued", "sending", "sent"})
WORD = re.compile(r"[^\W\d_]+")

State = Message.State


def is_signed(path: str, said: dict, signature: str) -> bool:
    """Say whether a call to one of our addresses comes from the provider; the host is ours, never the caller's."""
    return providers.sms(settings.SMS_URL).signed(settings.BASE_URL + path, said, signature)


def receive(said: dict, reference: str) -> None:
    """Keep what a signed call says, once; a text that is none of our words is not kept."""
    sid = said.get("MessageSid", "")
    if "Body" in said:
        event = {"event": sid, "word": heard(said["Body"]), "from_value": said.get("From", "")[:40]}
    else:
        status = said.get("MessageStatus", "")
        known = status == ARRIVED or status in LOST | ON_ITS_WAY
        event = {"event": f"{sid} {status}", "word": status if known else "", "reference": as_uuid(reference)}
    if event["word"] and sid:
        kept = ProviderEvent(received_at=clock.now(), **{**event, "event": event["event"][:120]})
        ProviderEvent.objects.bulk_create([kept], ignore_conflicts=True)
        wake.after_commit(wake.SETTLE)


def heard(body: str) -> str:
    """Return the word of ours that a text is: STOP may be followed by more, START stands alone."""
    words = WORD.findall(body.upper())
    if words and words[0] in STOP:
        return words[0]
    return words[0] if len(words) == 1 and words[0] in START else ""


def as_uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def settle_waiting() -> None:
    """Act on everything that was kept, in the order in which it came; one that fails keeps no other."""
    for pk in list(ProviderEvent.objects.filter(settled_at=None).order_by("received_at").values_list("pk", flat=True)):
        try:
            act(pk)
        except Exception as error:  # noqa: BLE001
            log.error("event %s could not be settled: %s", pk, type(error).__name__)


@transaction.atomic
def act(pk: UUID) -> None:
    """Do what one event says, unless somebody else does or did."""
    event = ProviderEvent.objects.select_for_update(skip_locked=True).filter(pk=pk, settled_at=None).first()
    if event is None:
        return
    if event.word in STOP:
        actions.stop(channel=Address.Channel.SMS, value=event.from_value, occurrence=str(event.pk))
    elif event.word in START:
        actions.resume(channel=Address.Channel.SMS, value=event.from_value)
    else:
        report(event)
    event.settled_at = clock.now()
    event.save(update_fields=["settled_at"])


def report(event: ProviderEvent) -> None:
    """Note how a text fared; reports come in any order, and the last word is "delivered"."""
    messages = Message.objects.select_for_update(of=("self",)).select_related("address")
    message = messages.filter(reference=event.reference).first()
    if message is None or message.state == State.DELIVERED:
        return
    if event.word == ARRIVED:
        settle.end(message, State.DELIVERED)
    elif event.word in LOST and message.state != State.DEAD:
        settle.give_up(message, f"twilio {event.word}")
    elif message.state == State.UNKNOWN:
        settle.end(message, State.SENT)
