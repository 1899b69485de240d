"""Who may see an address or a message: the holder of its link, and the coordinator whom it worries."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from notifications import unsubscribing
from notifications.models import Address, Message, MessagePerson


def address_by_secret(secret: str) -> Address:
    """Return the address that an unsubscribe link was made for, or raise Http404."""
    address = Address.objects.filter(pk=unsubscribing.read(secret)).first()
    if address is None:
        raise Http404
    return address


def not_delivered(people: Iterable[UUID]) -> QuerySet[MessagePerson]:
    """Return what did not, or perhaps not, reach these people; second requests for an answer never among it."""
    troubled = [Message.State.DEAD, Message.State.UNKNOWN]
    return MessagePerson.objects.filter(
        person__in=people, message__state__in=troubled, message__secret=False
    ).select_related("message", "message__address")
