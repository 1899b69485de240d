"""The evenings of a series: when, who comes, what helps, who came."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from dialogue_series.models.curriculum import Topic
from dialogue_series.models.series import Series
from notifications.keeping import THREE_YEARS, Kept
from surveys.models import Form

DOOR_OPENS_BEFORE = timedelta(minutes=30)
MATERIAL_COMES_BEFORE = timedelta(days=1)


class Session(models.Model):
    """One of the ten evenings; its date moves, its number does not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Found by the index of its number, which begins with it.
    series = models.ForeignKey(Series, models.CASCADE, related_name="sessions", db_index=False)
    number = models.PositiveSmallIntegerField()
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    on = models.DateField()
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    # Local wall time and zone decide; these instants follow from them and are what the clock is compared with.
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    # Counts the moves, so that each change is told once.
    moves = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True)
    form = models.OneToOneField(Form, models.SET_NULL, null=True, related_name="session")
    # Head count, nothing until attendance is saved: the only number about an evening that leaders see.
    came = models.PositiveSmallIntegerField(null=True)
    summary = models.TextField(blank=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "series",
            "number",
            "topic",
            "on",
            "starts_at",
            "minutes",
            "begins",
            "ends",
            "moves",
            "cancelled_at",
            "form",
            "came",
            "summary",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"], include=["cancelled_at", "came"], name="session_numbered_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=10), name="session_number_between_1_and_10"),
        ]
        indexes = [models.Index(fields=["begins"], name="session_begins")]

    def __str__(self):
        return f"session {self.number}"

    def has_started(self, *, at):
        """Say whether the evening has begun at this instant."""
        return self.begins <= at

    def is_over(self, *, at):
        """Say whether the evening has ended at this instant."""
        return self.ends <= at

    def has_open_door(self, *, at):
        """Say whether the video room can be entered: from half an hour before until the end."""
        return self.cancelled_at is None and self.begins - DOOR_OPENS_BEFORE <= at < self.ends

    def has_material(self, *, at):
        """Say whether what is read together is out: from one day before."""
        return self.begins - MATERIAL_COMES_BEFORE <= at

    @property
    def ends_at(self):
        """Return the wall time at which the evening ends."""
        return (datetime.combine(self.on, self.starts_at) + timedelta(minutes=self.minutes)).time()


class Rsvp(models.Model):
    """What somebody said about coming to an evening."""

    class Answer(models.TextChoices):
        IN_PERSON = "in_person"
        VIDEO = "video"
        CANNOT = "cannot"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="rsvps")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rsvps")
    answer = models.CharField(max_length=9, choices=Answer)
    answered_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "session", "person", "answer", "answered_at"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_rsvp_for_an_evening")]

    def __str__(self):
        return self.answer


class SupportRequest(models.Model):
    """A kind of help that would let somebody come to an evening."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="support_requests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="support_requests")
    kind = models.CharField(max_length=12, choices=Series.Help)
    note = models.CharField(max_length=140, blank=True)
    arranged_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(["id", "session", "person", "kind", "note", "arranged_at"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person", "kind"], name="help_asked_once_for_an_evening")
        ]

    def __str__(self):
        return self.kind


class Attendance(models.Model):
    """Whether somebody came to an evening, and how."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person"
        VIDEO = "video"
        ABSENT = "absent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="attendance")
    mode = models.CharField(max_length=9, choices=Mode)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    marked_at = models.DateTimeField()

    # Without her name: the head count of the evening still adds up.
    PRIVACY = {**dict.fromkeys(["id", "session", "person", "mode", "marked_at"], "keep"), "marked_by": "blank"}
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("marked_at", THREE_YEARS),)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_mark_for_an_evening")]

    def __str__(self):
        return self.mode
