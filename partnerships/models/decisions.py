"""What a board decides, what it asked families before, and the receipt without which it goes no further."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import School
from partnerships.models.boards import Board
from surveys.models import Form, KeyRing


class Kind(models.TextChoices):
    """What the board reads of families' answers, declared before anybody answers (trust.md P13)."""

    PULSE = "pulse"
    GROUP_POSITION = "group_position"


class Decision(models.Model):
    """Something that a board is to decide, in its words of one version; other words are asked about again.

    The database keeps its course (migrations/0004_boards.py): with school leaders it goes only with a receipt of these
    very words, or with a public "not consulted, because…".
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        CONSULTING = "consulting"
        CONSULTED = "consulted"
        WITH_LEADERS = "with_leaders"
        DECIDED = "decided"
        CARRIED_OUT = "carried_out"

    class Outcome(models.TextChoices):
        """How what was decided stands to what families said."""

        AS_FAMILIES = "as_families"
        PARTLY = "partly"
        OTHERWISE = "otherwise"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="decisions")
    school = models.ForeignKey(School, models.CASCADE, related_name="decisions")
    version = models.PositiveSmallIntegerField(default=1)
    title_es = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    background_es = models.TextField()
    background_en = models.TextField()
    question_es = models.CharField(max_length=300)
    question_en = models.CharField(max_length=300)
    # [{"es": "…", "en": "…"}]: none where families answer in their own words.
    options = models.JSONField(default=list)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.PULSE)
    decides_on = models.DateField()
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    receipt = models.ForeignKey("Receipt", models.PROTECT, null=True, related_name="+")
    not_consulted = models.ForeignKey("NotConsulted", models.PROTECT, null=True, related_name="+")
    with_leaders_at = models.DateTimeField(null=True)
    # What school leaders say of it, in their own stage.
    leaders_said = models.TextField(blank=True)
    leaders_said_language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=11, choices=Outcome, blank=True)
    decided_es = models.TextField(blank=True)
    decided_en = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    votes_abstained = models.PositiveSmallIntegerField(null=True)
    carried_out_at = models.DateTimeField(null=True)

    PRIVACY = {
        **dict.fromkeys(["id", "board", "school", "version", "title_es", "title_en", "background_es"], "keep"),
        **dict.fromkeys(["background_en", "question_es", "question_en", "options", "kind", "decides_on"], "keep"),
        **dict.fromkeys(["drafted_at", "state", "receipt", "not_consulted", "with_leaders_at"], "keep"),
        **dict.fromkeys(["leaders_said", "leaders_said_language", "decided_at", "outcome", "decided_es"], "keep"),
        **dict.fromkeys(["decided_en", "votes_for", "votes_against", "votes_abstained", "carried_out_at"], "keep"),
        "drafted_by": "blank",
    }
    PRIVACY_OF = "drafted_by"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "consulting", "consulted"])
                | Q(receipt__isnull=False)
                | Q(not_consulted__isnull=False),
                name="families_were_asked_or_it_says_why_not",
            ),
            models.CheckConstraint(
                condition=~Q(state="consulted") | Q(receipt__isnull=False), name="consulted_has_a_receipt"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "carried_out"])
                | (
                    Q(decided_at__isnull=False)
                    & Q(votes_for__isnull=False)
                    & Q(votes_against__isnull=False)
                    & Q(votes_abstained__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(decided_es="")
                    & ~Q(decided_en="")
                ),
                name="decided_says_what_and_why",
            ),
        ]

    def __str__(self):
        return str(self.pk)


class Consultation(models.Model):
    """A question of a board, put to every family of the school in the words of one version, and answered sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="consultations")
    version = models.PositiveSmallIntegerField()
    school = models.ForeignKey(School, models.CASCADE, related_name="consultations")
    # As they were published: what was asked about stays readable when the words change.
    board_name = models.CharField(max_length=80)
    title_es = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    background_es = models.TextField()
    background_en = models.TextField()
    question_es = models.CharField(max_length=300)
    question_en = models.CharField(max_length=300)
    options = models.JSONField()
    kind = models.CharField(max_length=14, choices=Kind)
    decides_on = models.DateField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # By whoever facilitates, for the group: never under 48 hours.
    shortened_at = models.DateTimeField(null=True)
    # Of a group position: whoever facilitates said for the group, before the close, that the board reads its count.
    count_agreed_at = models.DateTimeField(null=True)
    ring = models.OneToOneField(KeyRing, models.PROTECT, related_name="+")
    # Opened by the worker, once the keys are made.
    form = models.OneToOneField(Form, models.PROTECT, null=True, related_name="+")

    PRIVACY = {
        **dict.fromkeys(["id", "decision", "version", "school", "board_name", "title_es", "title_en"], "keep"),
        **dict.fromkeys(["background_es", "background_en", "question_es", "question_en", "options", "kind"], "keep"),
        **dict.fromkeys(["decides_on", "published_at", "closes_at", "shortened_at", "count_agreed_at"], "keep"),
        **dict.fromkeys(["ring", "form"], "keep"),
        "published_by": "blank",
    }
    PRIVACY_OF = "published_by"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "version"], name="words_are_asked_about_once"),
            models.CheckConstraint(
                condition=Q(count_agreed_at=None) | Q(kind=Kind.GROUP_POSITION),
                name="only_a_group_position_tells_a_count",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def is_open(self, *, at):
        """Say whether families can answer at this instant."""
        return self.form_id is not None and at < self.closes_at

    @property
    def can_be_counted(self):
        """Say whether the group can let the board read how many said what: not of answers in free words."""
        return self.kind == Kind.GROUP_POSITION and bool(self.options)


class Receipt(models.Model):
    """That families were consulted about these very words, and what the board may read of their answers.

    Issued by the worker at the board's hour, however many answered, and never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # As people say it on the telephone.
    number = models.CharField(max_length=9, unique=True)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="receipts")
    version = models.PositiveSmallIntegerField()
    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="receipt")
    issued_at = models.DateTimeField()
    # [{"es": …, "en": …, "n_band": …, "band": …}], and "yes" and "n" where the group chose to tell its count.
    labels = models.JSONField()

    PRIVACY = dict.fromkeys(["id", "number", "decision", "version", "consultation", "issued_at", "labels"], "keep")
    PRIVACY_OF = None

    def __str__(self):
        return self.number


class NotConsulted(models.Model):
    """Why a board did not ask families about these words: public, and it stands for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="not_consulted_before")
    version = models.PositiveSmallIntegerField()
    because_es = models.TextField()
    because_en = models.TextField()
    said_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "decision", "version", "because_es", "because_en", "said_at"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "version"], name="not_consulted_is_said_once"),
            models.CheckConstraint(condition=~Q(because_es="") & ~Q(because_en=""), name="not_consulted_says_why"),
        ]

    def __str__(self):
        return str(self.pk)
