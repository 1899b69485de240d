"""Where messages go, what was decided to be said, and what became of it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.keeping import BY_HAND, Kept

NINETY_DAYS = timedelta(days=90)


class ClockOffset(models.Model):
    """How far the demonstration's clock has been moved; one row, zero in every real deployment."""

    id = models.BooleanField(primary_key=True, default=True)
    offset = models.DurationField()

    PRIVACY = {"id": "keep", "offset": "keep"}
    PRIVACY_OF = None

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=True), name="clock_has_one_row")]

    def __str__(self):
        return str(self.offset)


class Address(models.Model):
    """A phone number or e-mail at which one or several people can be reached."""

    class Channel(models.TextChoices):
        SMS = "sms"
        EMAIL = "email"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=5, choices=Channel)
    value = models.CharField(max_length=254)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    zone = models.CharField(max_length=40, default="America/Chicago")
    verified_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    owners = models.ManyToManyField(settings.AUTH_USER_MODEL, through="AddressOwner", related_name="addresses")

    # Goes with its last owner; what remains of a STOP is a PastStop.
    PRIVACY = dict.fromkeys(
        ["id", "channel", "value", "language", "zone", "verified_at", "stopped_at", "owners"], "delete"
    )
    PRIVACY_OF = BY_HAND

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "value"], name="address_known_once"),
            models.CheckConstraint(condition=Q(channel__in=["sms", "email"]), name="address_is_sms_or_email"),
        ]

    def __str__(self):
        return f"{self.channel} {self.id}"


class AddressOwner(models.Model):
    """Somebody who reads what arrives at an address; two caregivers may share one phone."""

    address = models.ForeignKey(Address, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    PRIVACY = {"id": "delete", "address": "delete", "person": "delete"}
    PRIVACY_OF = "person"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "person"], name="address_owned_once_by_person")]

    def __str__(self):
        return f"{self.address_id} of {self.person_id}"


class PastStop(models.Model):
    """That an address which nobody owns any more had said STOP: it holds if the address ever comes back."""

    value_hash = models.BinaryField(primary_key=True)
    stopped_at = models.DateTimeField()

    PRIVACY = {"value_hash": "keep", "stopped_at": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return "a STOP"


class Intent(models.Model):
    """That something is to be said, written in the transaction that causes it; the worker finds out to whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    occurrence = models.CharField(max_length=60)
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    # A value and not a foreign key: before sign-in nobody may learn whether an address is known.
    to_value = models.CharField(max_length=254, blank=True)
    posted_at = models.DateTimeField()
    expanded_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(
        ["id", "kind", "about", "occurrence", "to_person", "to_value", "posted_at", "expanded_at"], "delete"
    )
    PRIVACY_OF = "to_person"
    PRIVACY_FOR = (Kept("expanded_at", NINETY_DAYS),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "occurrence", "to_person", "to_value"],
                nulls_distinct=False,
                name="intent_posted_once",
            )
        ]
        indexes = [
            models.Index(fields=["posted_at"], condition=Q(expanded_at=None), name="intent_waiting"),
        ]

    def __str__(self):
        return f"{self.kind} {self.occurrence}"


class Message(models.Model):
    """One text to one address about one occurrence, and how far it has come."""

    class State(models.TextChoices):
        DUE = "due"
        SENDING = "sending"
        SENT = "sent"
        DELIVERED = "delivered"
        UNKNOWN = "unknown"
        DEAD = "dead"
        UNWANTED = "unwanted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.ForeignKey(Address, models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    occurrence = models.CharField(max_length=60)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="MessagePerson", related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    due_at = models.DateTimeField()
    # As its kind says: goes before the others and at any hour; shown on no page or list.
    urgent = models.BooleanField(default=False)
    secret = models.BooleanField(default=False)
    # The number of the last attempt is also what proves to a sender that the lease is still its own.
    attempts = models.PositiveSmallIntegerField(default=0)
    # By the machine's time: a lease is about processes, not about the programme's calendar.
    lease_until = models.DateTimeField(null=True)
    # Follows from address and occurrence, so that even a restored backup asks the provider with the same one.
    reference = models.UUIDField(unique=True)
    provider_id = models.CharField(max_length=80, blank=True)
    failure = models.CharField(max_length=40, blank=True)
    settled_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "address",
            "kind",
            "about",
            "occurrence",
            "people",
            "state",
            "due_at",
            "urgent",
            "secret",
            "attempts",
            "lease_until",
            "reference",
            "provider_id",
            "failure",
            "settled_at",
        ],
        "delete",
    )
    # Goes with the last person whom it was for.
    PRIVACY_OF = BY_HAND
    PRIVACY_FOR = (Kept("settled_at", NINETY_DAYS),)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "kind", "about", "occurrence"], name="message_sent_once"),
        ]
        indexes = [
            models.Index(fields=["-urgent", "due_at"], condition=Q(state="due"), name="message_to_send"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="message_being_sent"),
            models.Index(fields=["settled_at"], condition=~Q(settled_at=None), name="message_settled"),
        ]

    def __str__(self):
        return f"{self.kind} {self.occurrence} {self.state}"


class MessagePerson(models.Model):
    """For whom a message goes: nobody is told the same thing twice on one channel."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="for_people")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    occurrence = models.CharField(max_length=60)
    channel = models.CharField(max_length=5, choices=Address.Channel)

    PRIVACY = dict.fromkeys(["id", "message", "person", "kind", "about", "occurrence", "channel"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "about", "occurrence", "channel"], name="person_told_once_by_channel"
            ),
        ]

    def __str__(self):
        return f"{self.message_id} for {self.person_id}"


class Attempt(models.Model):
    """One call to a provider, recorded before it is made so that a crash cannot hide it."""

    class Outcome(models.TextChoices):
        STARTED = "started"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        UNREACHABLE = "unreachable"
        UNKNOWN = "unknown"

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.STARTED)
    reason = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField()

    # Goes with its message.
    PRIVACY = dict.fromkeys(["id", "message", "number", "outcome", "reason", "started_at"], "delete")
    PRIVACY_OF = BY_HAND

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attempt_numbered_once")]
        indexes = [models.Index(fields=["started_at"], name="attempt_started")]

    def __str__(self):
        return f"{self.message_id} try {self.number}"


class ProviderEvent(models.Model):
    """What a provider told us (delivered, failed, STOP), kept once whatever the number of calls."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.CharField(max_length=120, unique=True)
    # What was said, or a delivery's state: the first word of an incoming text, never its whole body.
    word = models.CharField(max_length=20)
    # Of the message that it is about: the provider hands back what we gave it.
    reference = models.UUIDField(null=True)
    from_value = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    # What somebody said is kept without the number, so that an old START that is played again stays old.
    PRIVACY = {
        **dict.fromkeys(["id", "event", "word", "reference", "received_at", "settled_at"], "keep"),
        "from_value": "blank",
    }
    PRIVACY_OF = BY_HAND
    PRIVACY_FOR = (
        Kept("settled_at", NINETY_DAYS, only=Q(reference__isnull=False)),
        Kept("settled_at", NINETY_DAYS, only=~Q(from_value=""), empties=("from_value",)),
    )

    class Meta:
        indexes = [models.Index(fields=["from_value"], condition=Q(settled_at=None), name="event_waiting")]

    def __str__(self):
        return f"{self.word} {self.event}"
