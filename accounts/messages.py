"""What is said about entering: the code, and nothing else."""

from datetime import datetime

from django.utils.translation import gettext

from accounts import codes
from accounts.models import Membership, SignInCode
from notifications import clock, kinds
from notifications.models import Message


@kinds.register
class SignInCodeMessage(kinds.Kind):
    """Six digits to whoever asked, at an address that is known; kept nowhere, made when the message goes."""

    name = "sign_in_code"
    urgent = True
    lists_nobody = True

    def useful_until(self, message: Message) -> datetime:
        """Return the code's end, which is the machine's time, by the clock of every rule."""
        return SignInCode.objects.get(pk=message.about).ends_at + (clock.now() - codes.machine_now())

    def still_wanted(self, message: Message, person_id, at: datetime) -> bool:
        """Say whether the code has not opened the door meanwhile."""
        return SignInCode.objects.filter(pk=message.about, used_at=None).exists()

    def context(self, message: Message) -> dict:
        """Return the digits, and the school that the address's people belong to."""
        tie = (
            Membership.objects.filter(person__addresses=message.address_id, school__isnull=False)
            .select_related("school")
            .order_by("since", "pk")
            .first()
        )
        # A district's lead belongs to no school: then the product speaks in its own name.
        names = (tie.school.name, tie.school.sms_name) if tie else [gettext("Ten evenings")] * 2
        return {"digits": codes.digits_of(message.about), "school": names[0], "sms_name": names[1]}
