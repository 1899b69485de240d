"""What the tests of delivery say, and to whom: kinds of their own, and how to look at what became of them."""

import itertools
import uuid
from collections import Counter
from datetime import timedelta
from pathlib import Path

from django.db.models.functions import Now
from django.utils import translation

from accounts.models import Person
from notifications import actions, kinds, outbox
from notifications.models import Message

TEMPLATES = Path(__file__).parent / "templates"
ABOUT = uuid.UUID("aaaaaaaa-0000-4000-8000-000000000001")
phones = itertools.count(1)


class Note(kinds.Kind):
    """Says one line to everybody it is told to, or to all."""

    name = "note"
    words = {"es": "Encuentro el jueves", "en": "Session on Thursday"}

    def recipients(self, intent):
        if intent.to_person_id:
            return [intent.to_person_id]
        return list(Person.objects.values_list("pk", flat=True))

    def context(self, message):
        names = Person.objects.filter(pk__in=message.wanted_by).order_by("name").values_list("name", flat=True)
        return {"words": self.words[translation.get_language()[:2]], "names": list(names), "school": "Mirador"}


class Code(kinds.Kind):
    """As a sign-in code: goes to what was typed, at any hour."""

    name = "code"
    urgent = lists_nobody = True

    def context(self, message):
        return {"words": "123456", "names": [], "school": "Mirador"}


class Second(Note):
    """As a second request: who gets it is nobody's business."""

    name = "second"
    secret_recipients = True


def somebody(name="Ana", *, phone=None, email=None, language="es", zone="America/Chicago"):
    person = Person.objects.create(name=name, language=language)
    for channel, value in (("sms", phone), ("email", email)):
        if value:
            actions.own_address(channel=channel, value=value, person=person, language=language, zone=zone)
    return person


def post(to=None, *, kind="note", occurrence="once"):
    outbox.post(kind=kind, about=ABOUT, occurrence=occurrence, to=to)


def states():
    """Each message's channel and state, in order."""
    return sorted(Message.objects.values_list("address__channel", "state"))


def lease_runs_out():
    """Let the time pass in which a dead sender's message is still its own."""
    Message.objects.filter(state="sending").update(lease_until=Now() - timedelta(seconds=1))


def faults(mails, texts, *, people):
    """Say what went wrong, by the providers' own ledgers: somebody told twice, or not at all.

    Distinct Message-IDs are distinct letters. A text may be followed by an e-mail: never by a second text.
    """
    letters = Counter(to for to, _ in {(letter["To"], letter["Message-ID"]) for letter in mails})
    phones = Counter(text["To"] for text in texts)
    found = [f"{to} twice" for to, count in sorted((letters + phones).items()) if count > 1]
    for name, addresses in people.items():
        if not any(letters[address] + phones[address] for address in addresses):
            found.append(f"{name} not told")
    return found
