"""The sender's first step: take one due message, ask once more whether it should go, and say so before it goes."""

import logging
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import translation

from notifications import channels, clock, events, kinds, settle
from notifications.models import Address, Attempt, Message, ProviderEvent
from notifications.quiet_hours import after_quiet

log = logging.getLogger(__name__)

State = Message.State
# Longer than a slow provider needs to answer: a lease that ends too early sends twice.
LEASE = timedelta(minutes=5)
DAY = timedelta(days=1)


class Claim(NamedTuple):
    """A message that is ours for a while, and its letter; no letter where it was decided without a call."""

    message: Message
    letter: channels.Email | channels.Text | None


@transaction.atomic
def claim() -> Claim | None:
    """Take the next due message, or return None when there is none."""
    at = clock.now()
    due = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("address")
    message = due.filter(state=State.DUE, due_at__lte=at).order_by("-urgent", "due_at").first()
    if message is None:
        return None
    try:
        # Its own savepoint: a kind that breaks the transaction must not keep its message from being put off.
        with transaction.atomic():
            letter = prepare(message, at)
    except DatabaseError as error:
        if not transaction.get_connection().is_usable():
            raise
        letter = fail(message, error)
    except Exception as error:  # noqa: BLE001
        letter = fail(message, error)
    if letter is not None:
        begin(message, at)
    return Claim(message, letter)


def prepare(message: Message, at):
    """Ask everything once more; return the letter, or None when the message has been closed or moved."""
    kind = kinds.named(message.kind)
    if message.address.stopped_at is not None and not kind.after_stop:
        return settle.end(message, State.UNWANTED, "stopped")
    message.wanted_by = wanted_by(kind, message, at)
    if not message.wanted_by:
        return settle.end(message, State.UNWANTED, "nobody wants it")
    until = kind.useful_until(message)
    if until is not None and until <= at:
        return settle.end(message, State.UNWANTED, "too late")
    morning = at if kind.urgent else after_quiet(at, message.address.zone)
    if morning > at:
        message.due_at = morning
        return message.save(update_fields=["due_at"])
    with translation.override(message.address.language):
        letter = channels.compose(message, kind.context(message))
    if message.address.channel == Address.Channel.SMS and is_budget_spent(at):
        log.warning("the day's budget of %s texts is spent; message %s waits", settings.SMS_DAILY_BUDGET, message.pk)
        return stumble(message, "budget")
    return letter


def wanted_by(kind: kinds.Kind, message: Message, at) -> list:
    """Return the keys of the people for whom a message still goes; [None] for one that lists nobody."""
    people = [None]
    if not kind.lists_nobody:
        # Whoever gave the address up meanwhile is not told there.
        readers = message.for_people.filter(person__addresses=message.address_id).order_by("person_id")
        people = list(readers.values_list("person_id", flat=True))
    return [person for person in people if kind.still_wanted(message, person, at)]


def is_budget_spent(at) -> bool:
    """Say whether as many texts were tried in the last 24 hours as a day may cost."""
    texts = Attempt.objects.filter(started_at__gt=at - DAY, message__address__channel=Address.Channel.SMS)
    return texts.count() >= settings.SMS_DAILY_BUDGET


def fail(message: Message, error: Exception) -> None:
    """Put off a message that could not be written; its own fault and nobody else's."""
    log.error("message %s of kind %s could not be made: %s", message.pk, message.kind, type(error).__name__)
    return stumble(message, type(error).__name__[:40])


def stumble(message: Message, reason: str) -> None:
    """Count a try that never reached a provider."""
    message.attempts += 1
    settle.put_off(message, reason)


def begin(message: Message, at) -> None:
    """Write down that a call is about to be made, so that a crash cannot hide it."""
    message.attempts += 1
    message.state = State.SENDING
    Message.objects.filter(pk=message.pk).update(
        state=State.SENDING, attempts=message.attempts, lease_until=Now() + LEASE, failure=""
    )
    Attempt.objects.create(message=message, number=message.attempts, started_at=at)


def last_look(message: Message) -> bool:
    """Say whether to make the call: the lease is ours still, and nobody has said STOP since."""
    said_stop = ProviderEvent.objects.filter(
        settled_at=None, word__in=events.STOP, from_value=OuterRef("address__value")
    )
    ours = (
        Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts, lease_until__gt=Now())
        .annotate(said_stop=Exists(said_stop))
        .values_list("said_stop", "address__stopped_at")
        .first()
    )
    if ours is None:
        return False
    if any(ours) and not kinds.named(message.kind).after_stop:
        settle.withdrawn(message, "stopped")
        return False
    return True
