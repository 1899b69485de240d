"""Sets of questions, version by version: what is asked, in which words, and what is released of it."""

import uuid

from django.db import models

from accounts.models import District


class Instrument(models.Model):
    """A version of a set of questions; published ones are never edited (a trigger of the database sees to it)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody for those that come with the product.
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True, related_name="+")
    slug = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    # What it is about, above the questions: the background of something a board asks.
    about = models.TextField(blank=True)
    intro = models.TextField(blank=True)
    comment_text = models.CharField(max_length=200, blank=True)
    comment_hint = models.CharField(max_length=500, blank=True)
    opt_out = models.CharField(max_length=60)
    published_at = models.DateTimeField(null=True)
    # One question of a board, which is nobody's to ask again.
    is_asked_once = models.BooleanField(default=False)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "district",
            "slug",
            "version",
            "title",
            "about",
            "intro",
            "comment_text",
            "comment_hint",
            "opt_out",
            "published_at",
            "is_asked_once",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="instrument_version_once")]

    def __str__(self):
        return f"{self.slug} {self.version}"


class Item(models.Model):
    """One question of an instrument."""

    class Kind(models.TextChoices):
        SCALE = "scale"
        CHOICE = "choice"
        SEVERAL = "several"
        NUMBER = "number"
        TEXT = "text"

    class Construct(models.TextChoices):
        UNDERSTANDING = "understanding"
        CONFIDENCE = "confidence"
        FREQUENCY = "frequency"
        IDEAS = "ideas"
        INCLUSIVENESS = "inclusiveness"
        ADVOCACY = "advocacy"

    class Place(models.TextChoices):
        HOME = "home"
        STAFF = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    kind = models.CharField(max_length=8, choices=Kind)
    # May hold %(weekday)s, the evening that is asked about.
    text = models.CharField(max_length=300)
    construct = models.CharField(max_length=13, choices=Construct, blank=True)
    place = models.CharField(max_length=5, choices=Place, blank=True)
    # What a favourable answer says, as it stands after "more than half": "could say what they think".
    fact = models.CharField(max_length=200, blank=True)
    # Scored the other way round: a high answer is a low score.
    is_reversed = models.BooleanField(default=False)
    # Asked only of whoever gave this answer before; its base is then unequal (trust.md P10).
    asked_if = models.ForeignKey("Option", models.PROTECT, null=True, blank=True, related_name="+")

    PRIVACY = dict.fromkeys(
        [
            "id",
            "instrument",
            "number",
            "slug",
            "kind",
            "text",
            "construct",
            "place",
            "fact",
            "is_reversed",
            "asked_if",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="item_numbered_once"),
            models.UniqueConstraint(fields=["instrument", "slug"], name="item_named_once"),
        ]

    def __str__(self):
        return self.slug


class Option(models.Model):
    """An answer in words, and whether it counts as favourable when results are released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()
    value = models.SlugField()
    text = models.CharField(max_length=120)
    favourable = models.BooleanField(default=False)

    PRIVACY = dict.fromkeys(["id", "item", "number", "value", "text", "favourable"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="option_numbered_once"),
            models.UniqueConstraint(fields=["item", "value"], name="option_valued_once"),
        ]

    def __str__(self):
        return self.value
