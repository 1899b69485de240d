"""What comes out of sealed boxes: sheets that nobody can look up, comments without a time, frozen results."""

import uuid

from django.db import models
from django.db.models import Q

from notifications.keeping import BY_HAND
from surveys.models.forms import Form, KeyRing, Wave
from surveys.models.instruments import Item, Option


class Sheet(models.Model):
    """One person's answers in a wave, inserted shuffled with the others: no person, no day, no order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="sheets")
    # Of the survey before: who it was, under a key only the worker has, until the one after is sealed. Then, and on
    # the sheets of the one after, a random name that both sheets of a person share.
    pair = models.BinaryField(null=True)
    answers = models.JSONField()

    PRIVACY = {
        "id": "keep",
        "wave": "keep",
        # While it can be computed.
        "pair": "blank",
        # Nobody can find whose they are.
        "answers": "keep",
    }
    PRIVACY_OF = BY_HAND

    def __str__(self):
        return "a sheet"


class CommentBatch(models.Model):
    """Free lines opened together, at least three, shuffled: whoever facilitates reads them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ring = models.ForeignKey(KeyRing, models.CASCADE, related_name="batches")
    number = models.PositiveSmallIntegerField()

    PRIVACY = {"id": "keep", "ring": "keep", "number": "keep"}
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ring", "number"], name="batch_numbered_once")]

    def __str__(self):
        return f"batch {self.number}"


class Comment(models.Model):
    """One free line, nothing beside it but the form it came with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(CommentBatch, models.CASCADE, related_name="comments")
    # Themes count distinct authors within one form; no screen shows it.
    form = models.ForeignKey(Form, models.CASCADE, related_name="+")
    text = models.TextField()

    PRIVACY = {"id": "keep", "batch": "keep", "form": "keep", "text": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return "a comment"


class WaitingComment(models.Model):
    """A free line that waits, sealed, for others to be opened with; where too few come, it ends with its ring's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.ForeignKey(Form, models.CASCADE, related_name="+")
    box = models.BinaryField()

    # Taken out of the inbox, it is nobody's that could be found.
    PRIVACY = {"id": "keep", "form": "keep", "box": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return "a sealed line"


# Too few answered, or too few for a question that only some are asked.
WITHHELD = ("not_enough", "held_back")


class Release(models.Model):
    """One frozen result: the label of one fact of one item in one wave. Nothing finer is stored anywhere."""

    class Basis(models.TextChoices):
        EVERYBODY = "everybody"
        BOTH_TIMES = "both_times"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="releases")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    # Of an item with several answers: which one.
    option = models.ForeignKey(Option, models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.EVERYBODY)
    # The two codes of surveys.disclosure.Label; `band` is empty where too few answered.
    n_band = models.CharField(max_length=12)
    band = models.CharField(max_length=20, blank=True)
    policy = models.PositiveSmallIntegerField()

    PRIVACY = dict.fromkeys(["id", "wave", "item", "option", "basis", "n_band", "band", "policy"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "item", "option"], nulls_distinct=False, name="fact_released_once_in_a_wave"
            ),
            models.CheckConstraint(
                condition=Q(band="", n_band__in=WITHHELD) | ~Q(band="") & ~Q(n_band__in=WITHHELD),
                name="too_few_show_nothing",
            ),
        ]

    def __str__(self):
        return f"{self.n_band} {self.band}"


class EvaluatorFile(models.Model):
    """The one file of a series for its evaluator, made after its keys were destroyed; the same bytes for ever."""

    ring = models.OneToOneField(KeyRing, models.CASCADE, primary_key=True, related_name="evaluator_file")
    content = models.BinaryField()
    code_book = models.BinaryField()

    PRIVACY = {"ring": "keep", "content": "keep", "code_book": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return "a sealed file"
