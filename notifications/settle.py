"""What became of a message: every end of a call, and the way on from each."""

import logging
from datetime import datetime, timedelta
from random import SystemRandom

from django.db import transaction
from django.db.models.functions import Now

from notifications import actions, addressing, clock, expand, kinds, wake
from notifications.models import Address, Attempt, Message
from notifications.providers import Refused, Unknown, Unreachable

log = logging.getLogger(__name__)

State, Outcome = Message.State, Attempt.Outcome

BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
# Up to a fifth longer, so that what failed together does not come back together.
jitter = SystemRandom().uniform


@transaction.atomic
def accepted(sent: Message, provider_id: str) -> None:
    """Record that the provider took it, unless the lease has gone over to somebody else."""
    ours = Message.objects.filter(pk=sent.pk, state=State.SENDING, attempts=sent.attempts)
    if ours.update(state=State.SENT, provider_id=provider_id, failure="", lease_until=None, settled_at=clock.now()):
        record_attempt(sent, Outcome.ACCEPTED)


@transaction.atomic
def failed(sent: Message, error: Exception) -> None:
    """Record how a call failed, unless the lease has gone over to somebody else."""
    message = still_ours(sent)
    if message is None:
        return
    match error:
        case Refused():
            record_attempt(message, Outcome.REFUSED, error.reason)
            if error.has_stopped:
                actions.stop_quietly(address=message.address)
            give_up(message, error.reason)
        case Unreachable():
            record_attempt(message, Outcome.UNREACHABLE, error.reason)
            put_off(message, error.reason)
        case _:
            leave_unknown(message, error.reason if isinstance(error, Unknown) else type(error).__name__[:40])


@transaction.atomic
def withdrawn(claimed: Message, reason: str) -> None:
    """Record that the call was never made."""
    if message := still_ours(claimed):
        record_attempt(message, Outcome.REFUSED, reason)
        end(message, State.UNWANTED, reason)


def still_ours(claimed: Message) -> Message | None:
    """Lock and return a message that we claimed; None once another sender has it."""
    mine = Message.objects.select_for_update(of=("self",)).select_related("address")
    return mine.filter(pk=claimed.pk, state=State.SENDING, attempts=claimed.attempts).first()


def lost() -> None:
    """Find the messages whose sender died or hangs: nobody knows whether the provider has them."""
    with transaction.atomic():
        overdue = Message.objects.select_for_update(skip_locked=True, of=("self",)).select_related("address")
        for message in overdue.filter(state=State.SENDING, lease_until__lt=Now()).order_by("lease_until")[:100]:
            leave_unknown(message, "sender lost")


@transaction.atomic
def doubt_texts() -> int:
    """Close every text that a restored backup holds as due, as unknown, and return how many they were."""
    texts = Message.objects.select_for_update(of=("self",)).select_related("address")
    due = texts.filter(
        state__in=[State.DUE, State.SENDING], due_at__lte=clock.now(), address__channel=Address.Channel.SMS
    )
    found = list(due.order_by("pk"))
    for message in found:
        leave_unknown(message, "restored")
    return len(found)


# What follows changes a message whose row is locked by the caller.


def leave_unknown(message: Message, reason: str) -> None:
    """Send an e-mail again once, under the same Message-ID; an SMS never: it goes by another channel."""
    before = message.tries.filter(outcome=Outcome.UNKNOWN).exists()
    record_attempt(message, Outcome.UNKNOWN, reason)
    if message.address.channel == Address.Channel.EMAIL and not before:
        put_off(message, reason)
    else:
        end(message, State.UNKNOWN, reason)
        take_another_channel(message)


def put_off(message: Message, reason: str) -> None:
    """Come back later, while there is still a use in it; else give up."""
    if message.attempts > len(BACK_OFF):
        return give_up(message, reason)
    wait = BACK_OFF[message.attempts - 1]
    due_at = clock.now() + wait * jitter(1, 1.2)
    until = useful_until(message)
    if until and until <= due_at:
        return give_up(message, reason)
    message.state, message.due_at, message.lease_until, message.failure = State.DUE, due_at, None, reason
    message.save(update_fields=["state", "due_at", "lease_until", "failure", "attempts"])
    return None


def useful_until(message: Message) -> datetime | None:
    """Ask its kind; one that cannot even say that must not keep the message from its end."""
    try:
        with transaction.atomic():
            return kinds.named(message.kind).useful_until(message)
    except Exception as error:  # noqa: BLE001
        log.error("nobody can say how long message %s is of use: %s", message.pk, type(error).__name__)
        return None


def give_up(message: Message, reason: str) -> None:
    """Write the message off here, and try the same people elsewhere."""
    end(message, State.DEAD, reason)
    take_another_channel(message)


def end(message: Message, state: str, reason: str = "") -> None:
    """Close a message for good."""
    message.state, message.failure, message.lease_until, message.settled_at = state, reason, None, clock.now()
    message.save(update_fields=["state", "failure", "lease_until", "settled_at", "attempts"])


def take_another_channel(message: Message) -> None:
    """Write the same to each of its people who has a live address of the other sort and was not told there."""
    kind = kinds.registry.get(message.kind)
    if kind is None or kind.lists_nobody or kind.channel:
        return
    other = Address.Channel.EMAIL if message.address.channel == Address.Channel.SMS else Address.Channel.SMS
    people = set(message.for_people.values_list("person_id", flat=True)) - expand.told(message, channel=other)
    reached = addressing.live(people, channel=other)
    expand.write(message, expand.grouped(reached), due_at=clock.now())
    wake.after_commit(wake.SEND)


def record_attempt(message: Message, outcome: str, reason: str = "") -> None:
    """Say how the message's present attempt ended."""
    message.tries.filter(number=message.attempts).update(outcome=outcome, reason=reason)
