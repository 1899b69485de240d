"""What the operator is told of surveys: by keys alone, never by names or answers."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from accounts.models import Membership
from notifications import clock, kinds
from notifications.models import Message
from surveys.models import KeyRing


@kinds.register
class KeysKept(kinds.Kind):
    """That the keys of a ring could not be destroyed in time; `about` is the ring."""

    name = "keys_kept"
    channel = "email"

    def recipients(self, intent) -> set[UUID]:
        """Return who runs the product at this moment."""
        at = clock.now()
        operators = Membership.objects.filter(
            Q(until=None) | Q(until__gt=at), kind=Membership.Kind.OPERATOR, since__lte=at
        )
        return set(operators.values_list("person", flat=True))

    def still_wanted(self, message: Message, person_id, at) -> bool:
        """Say whether the keys are still there, and the person still runs the product."""
        kept = KeyRing.objects.filter(pk=message.about, destroyed_at=None)
        return kept.exists() and person_id in self.recipients(message)

    def context(self, message: Message) -> dict:
        """Return the ring's key; an operator belongs to no school."""
        return {"ring": message.about, "school": gettext("Ten evenings"), "sms_name": gettext("Ten evenings")}
