"""What each message means: every app declares its kinds in messages.py, and the floor asks them at each step."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from notifications import addressing, clock
from notifications.models import Address, Intent, Message

registry: dict[str, "Kind"] = {}


class Kind:
    """One sort of message: to whom, when, with which words, and whether it should still go.

    The words are templates/sms/<name>.txt and templates/emails/<name>_subject.txt, <name>.txt and <name>.html.
    """

    name = ""
    # Ignores quiet hours and goes before everything else: codes, and the answer to a STOP.
    urgent = False
    # Only by this channel ("sms", "email"); otherwise SMS where the person has a live one, else e-mail.
    channel = ""
    # Shown on no page or list and to no role of the web: who got it would tell who has not answered.
    secret_recipients = False
    # Goes to an address and not to people: codes, and the answer to a STOP.
    lists_nobody = False
    # Goes to an address that has said STOP.
    after_stop = False

    def recipients(self, intent: Intent) -> Iterable[UUID]:
        """Return the keys of the people whom an intent is for."""
        return [intent.to_person_id] if intent.to_person_id else []

    def addresses(self, intent: Intent) -> Iterable[Address]:
        """Return the addresses of an intent that lists nobody."""
        return addressing.known(intent.to_value)

    def due_at(self, intent: Intent) -> datetime:
        """Return when the message should go, quiet hours aside."""
        return clock.now()

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say, just before sending, whether this person is still to be told (None where nobody is listed)."""
        return True

    def useful_until(self, message: Message) -> datetime | None:
        """Return when it is too late to say this, or None."""
        return None

    def context(self, message: Message) -> dict:
        """Return what the templates need, made at sending; `message.wanted_by` has the keys of its people."""
        return {}


class ForReaders(Kind):
    """One for whoever may read something: asked when it is expanded, and again of each just before it goes."""

    def readers(self, said: Intent | Message, at: datetime) -> set[UUID]:
        """Return the keys of the people who may read it at this instant: nobody, until a kind says who."""
        return set()

    def recipients(self, intent: Intent) -> set[UUID]:
        """Return who may read it now."""
        return self.readers(intent, clock.now())

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether this person still may."""
        return person_id in self.readers(message, at)


def register(declared: type[Kind]) -> type[Kind]:
    """Make a kind known by its name."""
    registry[declared.name] = declared()
    return declared


def named(name: str) -> Kind:
    """Return a kind, or raise LookupError: a message nobody has declared cannot be said."""
    return registry[name]
