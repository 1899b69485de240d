"""The keys of a series, forms opened to people, and the boxes in which answers stay sealed."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from accounts.models import School
from notifications.keeping import BY_HAND
from surveys.models.instruments import Instrument


class KeyRing(models.Model):
    """The keys of one series, kept outside the database; no form can open before the worker has made them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ends_on = models.DateField()
    made_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(["id", "ends_on", "made_at", "destroyed_at"], "keep")
    PRIVACY_OF = None

    def __str__(self):
        return str(self.pk)


class Wave(models.Model):
    """What is released together: the survey before, the one after, a window of evenings, or a consultation."""

    class Kind(models.TextChoices):
        BEFORE = "before"
        WINDOW = "window"
        AFTER = "after"
        CONSULTATION = "consultation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    ring = models.ForeignKey(KeyRing, models.PROTECT, related_name="waves")
    kind = models.CharField(max_length=12, choices=Kind)
    # Of a window: 1 to 4. Otherwise 1.
    number = models.PositiveSmallIntegerField(default=1)
    # Said by the app that opens the forms: no further form of this wave will come.
    complete_at = models.DateTimeField(null=True)
    # Written together in the one transaction that opens its boxes.
    sealed_at = models.DateTimeField(null=True)
    # When results are to be read, fixed at the seal: by families first, by leaders later.
    families_at = models.DateTimeField(null=True)
    leaders_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "ring",
            "kind",
            "number",
            "complete_at",
            "sealed_at",
            "families_at",
            "leaders_at",
            "released_at",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ring", "kind", "number"], name="wave_of_ring_once"),
            models.CheckConstraint(
                condition=Q(families_at=None, leaders_at=None) | Q(leaders_at__gt=F("families_at")),
                name="families_read_before_leaders",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(sealed_at__isnull=False), name="wave_released_after_its_seal"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.number}"


class Form(models.Model):
    """An instrument opened to a list of people for a while; its closing is fixed when it opens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Whose staff may not answer, and who is called when something is not clear.
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="forms")
    ring = models.ForeignKey(KeyRing, models.PROTECT, related_name="forms")
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, related_name="forms")
    # The evening it asks about, for the words of the questions; nothing where it asks about no evening.
    evening_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # Written by the worker twice: when second requests go out, and at the close. Nothing finer is ever shown.
    at_least_five = models.BooleanField(default=False)
    # Its free lines were opened, or there were too few and they wait for the next form's.
    comments_opened_at = models.DateTimeField(null=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="FormPerson", related_name="+")

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "instrument",
            "ring",
            "wave",
            "evening_on",
            "opened_at",
            "closes_at",
            "closed_at",
            "at_least_five",
            "comments_opened_at",
            "people",
        ],
        "keep",
    )
    PRIVACY_OF = None

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

    PRIVACY = dict.fromkeys(["id", "form", "person", "may_answer"], "delete")
    PRIVACY_OF = "person"

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

    # Found by its key, which follows from person and form while the ring lasts.
    PRIVACY = dict.fromkeys(["key", "form", "box", "comment_box"], "delete")
    PRIVACY_OF = BY_HAND

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
