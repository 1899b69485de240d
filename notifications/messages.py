"""The one thing the floor says by itself: that a STOP was heard."""

from notifications import kinds
from notifications.models import Address


@kinds.register
class StopConfirmation(kinds.Kind):
    """The last text to a number that said STOP; `about` is the address."""

    name = "stop_confirmation"
    channel = Address.Channel.SMS
    urgent = lists_nobody = after_stop = True

    def addresses(self, intent):
        """Return the number itself."""
        return Address.objects.filter(pk=intent.about)

    def still_wanted(self, message, person_id, at):
        """Say nothing to somebody who has come back meanwhile."""
        return message.address.stopped_at is not None
