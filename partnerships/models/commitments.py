"""What families asked of the school, what it answered and did, and what was found for their needs."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import School
from partnerships.models.decisions import Decision
from partnerships.models.ideas import Idea
from partnerships.models.quotes import SharedQuote
from partnerships.models.spaces import Group
from partnerships.models.themes import SharedTheme

# Groups meet once a week: at the second evening without a word they have waited long enough to wonder.
ANSWER_WITHIN = timedelta(days=14)


class Commitment(models.Model):
    """A request of the families, in the words that left the group, and where the school's answer stands."""

    class State(models.TextChoices):
        RECEIVED = "received"
        UNDER_WAY = "under_way"
        DONE = "done"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="commitments")
    # Whose request it is; where it comes from is one of the four, or a conversation with leaders (from above).
    group = models.ForeignKey(Group, models.SET_NULL, null=True, related_name="commitments")
    group_name = models.CharField(max_length=80, blank=True)
    idea = models.OneToOneField(Idea, models.SET_NULL, null=True, related_name="commitment")
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="commitments")
    quote = models.ForeignKey(SharedQuote, models.SET_NULL, null=True, related_name="commitments")
    theme = models.ForeignKey(SharedTheme, models.SET_NULL, null=True, related_name="commitments")
    # The evening after which it was asked, as the series numbers it; written from above.
    after_session = models.PositiveSmallIntegerField(null=True)
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.RECEIVED)
    # Who of the school sees to it, as the leader writes it: families read it.
    owner = models.CharField(max_length=80, blank=True)
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    # Families said that they see it done; taken back when they say that they do not.
    confirmed_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "group",
            "group_name",
            "idea",
            "decision",
            "quote",
            "theme",
            "after_session",
            "text",
            "language",
            "translated",
            "asked_at",
            "state",
            "owner",
            "due_on",
            "answered_at",
            "confirmed_at",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(state="done"), name="families_confirm_what_is_done"
            ),
            models.CheckConstraint(
                condition=Q(state="received") | Q(answered_at__isnull=False), name="answered_once_it_moves"
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def asked_on(self):
        """Return the day on which it was asked, on the school's calendar."""
        return self._day_of(self.asked_at)

    @property
    def owed_on(self):
        """Return until when the school owes something: its answer, or what it said it would do; None once neither.

        What families do not see yet was perhaps never promised for a day: it counts from the first answer.
        """
        if self.state == self.State.RECEIVED:
            return self.asked_on + ANSWER_WITHIN
        if self.state == self.State.UNDER_WAY:
            return self.due_on or self._day_of(self.answered_at) + ANSWER_WITHIN
        return None

    def is_late(self, *, today):
        """Say whether that day is over."""
        return self.owed_on is not None and self.owed_on < today

    def _day_of(self, at):
        return at.astimezone(ZoneInfo(self.school.zone)).date()


class CommitmentStep(models.Model):
    """One line of a request's dated history; never changed, never taken out."""

    class Step(models.TextChoices):
        ASKED = "asked"
        RECEIVED = "received"
        UNDER_WAY = "under_way"
        DONE = "done"
        DECLINED = "declined"
        CONFIRMED = "confirmed"
        NOT_YET = "not_yet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=9, choices=Step)
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    translated = models.TextField(blank=True)
    owner = models.CharField(max_length=80, blank=True)
    due_on = models.DateField(null=True)

    PRIVACY = dict.fromkeys(
        ["id", "commitment", "step", "at", "text", "language", "translated", "owner", "due_on"], "keep"
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(step="declined") | ~Q(text=""), name="a_no_says_why"),
        ]

    def __str__(self):
        return self.step


class Resource(models.Model):
    """What leaders found for a need that families let the school know of, and since when it is met."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(SharedTheme, models.CASCADE, related_name="resources")
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.CharField(max_length=300, blank=True)
    found_on = models.DateField()
    met_on = models.DateField(null=True)

    PRIVACY = dict.fromkeys(["id", "need", "text", "language", "translated", "found_on", "met_on"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "text"], name="resource_found_once_for_a_need"),
        ]

    def __str__(self):
        return str(self.pk)
