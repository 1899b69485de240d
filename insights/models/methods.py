"""What people said in talks about a series, and what was found out in it: private notes, lines let out, findings."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from dialogue_series.models import Series
from partnerships.languages import other
from surveys.disclosure import MIN_N, THEME_VETO


class Question(models.TextChoices):
    """The four questions that a series is evaluated by; in our words (insights/methods/words.py)."""

    PARTNERSHIP = "partnership"
    GROWTH = "growth"
    CODESIGN = "codesign"
    CONDITIONS = "conditions"


class Talk(models.Model):
    """That a talk about the series was held: which, when, how many came, and whether they said yes to notes."""

    class Kind(models.TextChoices):
        FOCUS_GROUP = "focus_group"
        FIRST_INTERVIEW = "first_interview"
        LAST_INTERVIEW = "last_interview"
        DEBRIEF = "debrief"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="talks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15, choices=Kind)
    held_on = models.DateField()
    came = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    has_consent = models.BooleanField()

    PRIVACY = dict.fromkeys(["id", "series", "by", "kind", "held_on", "came", "has_consent"], "keep")
    PRIVACY_OF = "by"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "by", "kind", "held_on"], name="talk_logged_once"),
            models.CheckConstraint(condition=Q(came__gte=1), name="somebody_came_to_a_talk"),
        ]

    def __str__(self):
        return f"{self.kind} {self.held_on}"

    @property
    def is_with_families(self):
        """Say whether what was said there is families', who can keep a line of it to themselves."""
        return self.kind == self.Kind.FOCUS_GROUP

    @property
    def is_counted(self):
        """Say whether others read how many came: beside "at least three said it", a small number would name them."""
        return not self.is_with_families or self.came >= MIN_N


class TalkNote(models.Model):
    """A line that somebody noted in a talk, with her own short code; nobody else ever reads it (0005_methods)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    talk = models.ForeignKey(Talk, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    code = models.CharField(max_length=24, blank=True)
    written_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "talk", "author", "text", "language", "code", "written_at"], "delete")
    PRIVACY_OF = "author"

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_has_words")]

    def __str__(self):
        return str(self.pk)


class ReleasedLine(models.Model):
    """The copy of one line, in words that name nobody: for leaders, the group and the evaluator.

    What families said waits 72 hours, in which any of them can keep it from the school.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="released_lines")
    talk = models.ForeignKey(Talk, models.CASCADE, related_name="lines")
    talk_kind = models.CharField(max_length=15, choices=Talk.Kind)
    # Of which note it is a copy; not a key, since the copy stays when its author's notes go.
    note = models.UUIDField(unique=True)
    question = models.CharField(max_length=11, choices=Question)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.TextField(blank=True)
    code = models.CharField(max_length=24, blank=True)
    # As its author declares; how many exactly is written nowhere.
    is_said_by_three = models.BooleanField(default=False)
    has_speakers_yes = models.BooleanField(default=False)
    released_at = models.DateTimeField()
    out_at = models.DateTimeField()
    # Neither by whom nor when: in a small group the hour would name her.
    is_kept = models.BooleanField(default=False)
    taken_back_at = models.DateTimeField(null=True)

    # Words of whoever noted them, about several, or with the speaker's yes.
    PRIVACY = dict.fromkeys(
        [
            *("id", "series", "talk", "talk_kind", "note", "question", "text", "language", "translated", "code"),
            *("is_said_by_three", "has_speakers_yes", "released_at", "out_at", "is_kept", "taken_back_at"),
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    talk_kind="focus_group",
                    is_said_by_three=True,
                    has_speakers_yes=False,
                    out_at=F("released_at") + THEME_VETO,
                )
                | ~Q(talk_kind="focus_group")
                & Q(has_speakers_yes=True, is_said_by_three=False, out_at=F("released_at"), is_kept=False),
                name="line_is_of_three_or_with_a_yes",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) & ~Q(text="") & ~Q(translated="")
                | Q(taken_back_at__isnull=False, text="", translated="", code=""),
                name="line_has_words_until_taken_back",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def translated_language(self):
        """Return the language of the translation beside it."""
        return other(self.language)

    def can_be_kept(self, *, at):
        """Say whether a family can still keep it from the school."""
        return not self.is_kept and self.taken_back_at is None and at < self.out_at

    def is_out(self, *, at):
        """Say whether the school reads it."""
        return not self.is_kept and self.taken_back_at is None and at >= self.out_at


class Finding(models.Model):
    """What was found out about one question: a claim, what it stands on, and what it cannot say.

    Published it never changes; words among its sources that are taken back make it a draft again (0005_methods).
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="findings")
    question = models.CharField(max_length=11, choices=Question)
    claim_es = models.TextField()
    claim_en = models.TextField()
    limit_es = models.TextField(blank=True)
    limit_en = models.TextField(blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    # The smallest number behind it, as its sources say; while it is a draft, nothing.
    n_band = models.CharField(max_length=13, blank=True)
    published_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    # Of the evaluator, about a group; the page says to name nobody.
    PRIVACY = dict.fromkeys(
        [
            *("id", "series", "question", "claim_es", "claim_en", "limit_es", "limit_en"),
            *("state", "n_band", "published_at", "taken_back_at"),
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "question", "claim_es"], name="finding_written_once"),
            models.CheckConstraint(
                condition=~Q(claim_es="") & ~Q(claim_en=""), name="finding_claims_in_both_languages"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", n_band="", published_at=None)
                | Q(state="published", published_at__isnull=False) & ~Q(n_band="") & ~Q(limit_es="") & ~Q(limit_en=""),
                name="finding_says_its_n_and_its_limit",
            ),
        ]

    def __str__(self):
        return self.claim_es

    @property
    def is_published(self):
        """Say whether everybody concerned reads it."""
        return self.state == self.State.PUBLISHED


class FindingSource(models.Model):
    """One of the things that a finding stands on, each of which everybody concerned can read."""

    class Kind(models.TextChoices):
        RESULT = "result"
        THEME = "theme"
        QUOTE = "quote"
        LINE = "line"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=6, choices=Kind)
    # Of a result, a theme, a quote or a line; not a key, since the finding outlives what is taken back.
    of = models.UUIDField()

    PRIVACY = dict.fromkeys(["id", "finding", "kind", "of"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "kind", "of"], name="finding_names_a_source_once")]

    def __str__(self):
        return f"{self.kind} {self.of}"
