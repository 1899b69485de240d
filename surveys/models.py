"""Questions, forms opened to people, and the boxes in which answers stay sealed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from accounts.models import School


class KeyRing(models.Model):
    """The keys of one series, kept outside the database; no form can open before the worker has made them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ends_on = models.DateField()
    made_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(["id", "ends_on", "made_at", "destroyed_at"], "keep")

    def __str__(self):
        return str(self.pk)


class Instrument(models.Model):
    """A version of a set of questions; published ones are never edited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField()
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    intro = models.TextField(blank=True)
    comment_text = models.CharField(max_length=200, blank=True)
    comment_hint = models.CharField(max_length=500, blank=True)
    opt_out = models.CharField(max_length=60)
    published_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(
        ["id", "slug", "version", "title", "intro", "comment_text", "comment_hint", "opt_out", "published_at"], "keep"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="instrument_version_once")]

    def __str__(self):
        return f"{self.slug} {self.version}"


class Item(models.Model):
    """One question of an instrument."""

    class Kind(models.TextChoices):
        SCALE = "scale"
        CHOICE = "choice"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField()
    kind = models.CharField(max_length=8, choices=Kind)
    # May hold %(weekday)s, the evening that is asked about.
    text = models.CharField(max_length=300)

    PRIVACY = dict.fromkeys(["id", "instrument", "number", "slug", "kind", "text"], "keep")

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="option_numbered_once"),
            models.UniqueConstraint(fields=["item", "value"], name="option_valued_once"),
        ]

    def __str__(self):
        return self.value


class Form(models.Model):
    """An instrument opened to a list of people for a while; its closing is fixed when it opens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Whose staff may not answer, and who is called when something is not clear.
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="forms")
    ring = models.ForeignKey(KeyRing, models.PROTECT, related_name="forms")
    # The evening it asks about, for the words of the questions; nothing where it asks about no evening.
    evening_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Written by the worker twice: when second requests go out, and at the close. Nothing finer is ever shown.
    at_least_five = models.BooleanField(default=False)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="FormPerson", related_name="+")

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "instrument",
            "ring",
            "evening_on",
            "opened_at",
            "closes_at",
            "closed_at",
            "at_least_five",
            "people",
        ],
        "keep",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opened_at")), name="form_closes_after_opening"),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(closed_at=None), name="form_to_close")]

    def __str__(self):
        return str(self.pk)

    def is_open(self, *, at):
        """Say whether answers are taken at this instant."""
        return self.closed_at is None and self.opened_at <= at < self.closes_at


class FormPerson(models.Model):
    """Somebody who may answer a form; the list is never shortened while the form is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Somebody who left stays on the list: a box already given counts, a new one is not taken.
    may_answer = models.BooleanField(default=True)

    PRIVACY = dict.fromkeys(["id", "form", "person", "may_answer"], "delete when the form is sealed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "person"], name="form_lists_person_once")]

    def __str__(self):
        return str(self.pk)


class InboxBox(models.Model):
    """One sealed answer sheet. No time, no person, no serial: the key says nothing without the ring's files.

    No web role holds any privilege here; the web calls surveys_put_box (migrations/0003_inbox.py).
    """

    key = models.BinaryField(primary_key=True)
    form = models.ForeignKey(Form, models.CASCADE, related_name="+", db_index=False)
    box = models.BinaryField()
    comment_box = models.BinaryField()

    PRIVACY = {
        "key": "delete on erasure: recomputed from person and form",
        "form": "delete with its box",
        "box": "delete with its box",
        "comment_box": "delete with its box",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Exact(Length("key"), 32), name="box_key_is_a_hash"),
            # A length would tell who wrote a comment, and how long a one.
            models.CheckConstraint(
                condition=Exact(Length("comment_box"), 2352), name="comment_boxes_are_of_one_length"
            ),
        ]

    def __str__(self):
        return "a sealed box"
