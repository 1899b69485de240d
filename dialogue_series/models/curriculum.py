"""The ten topics, in order, with what is needed to hold each evening."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Topic(models.Model):
    """What one of the ten evenings is about."""

    number = models.PositiveSmallIntegerField(primary_key=True)
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=120)
    aim = models.TextField()
    about = models.TextField()
    # One thing to bring a line.
    bring = models.TextField()
    try_at_home = models.TextField()
    referral = models.TextField()
    competencies = ArrayField(models.CharField(max_length=30))
    places = ArrayField(models.CharField(max_length=12))
    # Fear, conflict and safety: the page offers the way to help and a quick exit.
    is_sensitive = models.BooleanField(default=False)

    PRIVACY = dict.fromkeys(
        [
            "number",
            "slug",
            "title",
            "aim",
            "about",
            "bring",
            "try_at_home",
            "referral",
            "competencies",
            "places",
            "is_sensitive",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=10), name="topic_number_between_1_and_10")
        ]

    def __str__(self):
        return self.slug


class RunSheetPart(models.Model):
    """One of the four parts of an evening: minutes, steps and questions to say aloud."""

    class Kind(models.TextChoices):
        WELCOME = "welcome"
        REFLECTION = "reflection"
        ACTIVITY = "activity"
        CLOSURE = "closure"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    minutes = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    steps = models.TextField()
    # One question a line, in the same order in both languages.
    say_aloud = models.TextField()

    PRIVACY = dict.fromkeys(["id", "topic", "number", "kind", "minutes", "title", "steps", "say_aloud"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="run_sheet_part_numbered_once")]

    def __str__(self):
        return f"{self.topic_id}.{self.number}"


class TopicResource(models.Model):
    """A short reading, activity or card of ours that opens a conversation."""

    class Kind(models.TextChoices):
        READING = "reading"
        ACTIVITY = "activity"
        CARD = "card"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="resources")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=120)
    body = models.TextField()
    minutes = models.PositiveSmallIntegerField()

    PRIVACY = dict.fromkeys(["id", "topic", "number", "kind", "title", "body", "minutes"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="topic_resource_numbered_once")]

    def __str__(self):
        return f"{self.topic_id}.{self.number}"
