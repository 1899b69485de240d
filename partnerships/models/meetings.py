"""Where families and the school's staff meet: caregivers first, who speaks counted, and the principal's questions."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import School


class JointMeeting(models.Model):
    """A meeting of families and staff, which stands once nothing that protects families is missing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="joint_meetings")
    title = models.CharField(max_length=120)
    on = models.DateField()
    starts_at = models.TimeField()
    place = models.CharField(max_length=120)
    # Families alone, before: on which day and at what time.
    families_on = models.DateField(null=True)
    families_at = models.TimeField(null=True)
    families_place = models.CharField(max_length=120, blank=True)
    families_seats = models.PositiveSmallIntegerField(null=True)
    staff_seats = models.PositiveSmallIntegerField(null=True)
    # One speaker or group a line, families first.
    speaking_order = models.TextField(blank=True)
    agreements = models.TextField(blank=True)
    # A leader read the card on how one listens here.
    coached_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    # Counts how often it began to stand, moved or no longer stood, so that each is told once.
    tellings = models.PositiveSmallIntegerField(default=0)
    # What the meeting before this one wanted changed, and what this one wants changed in the next.
    follows = models.OneToOneField("self", models.SET_NULL, null=True, related_name="next")
    change = models.CharField(max_length=300, blank=True)
    change_language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "title",
            "on",
            "starts_at",
            "place",
            "families_on",
            "families_at",
            "families_place",
            "families_seats",
            "staff_seats",
            "speaking_order",
            "agreements",
            "coached_at",
            "published_at",
            "tellings",
            "follows",
            "change",
            "change_language",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None)
                | (
                    Q(families_on__isnull=False)
                    & Q(families_at__isnull=False)
                    & Q(families_seats__gt=models.F("staff_seats"))
                    & ~Q(speaking_order="")
                    & ~Q(agreements="")
                    & Q(coached_at__isnull=False)
                ),
                name="joint_meeting_puts_families_first",
            ),
        ]

    def __str__(self):
        return str(self.pk)


class SpeakingTally(models.Model):
    """Who spoke at a joint meeting and how replies sounded, by group and never by name; counted on one phone."""

    meeting = models.OneToOneField(JointMeeting, models.CASCADE, primary_key=True, related_name="tally")
    # Of the phone that counted: the same count sent twice is one.
    phone_key = models.UUIDField()
    families_spoke = models.PositiveSmallIntegerField(default=0)
    staff_spoke = models.PositiveSmallIntegerField(default=0)
    affirmed = models.PositiveSmallIntegerField(default=0)
    neutral = models.PositiveSmallIntegerField(default=0)
    dismissed = models.PositiveSmallIntegerField(default=0)
    kept_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(
        ["meeting", "phone_key", "families_spoke", "staff_spoke", "affirmed", "neutral", "dismissed", "kept_at"], "keep"
    )
    PRIVACY_OF = None

    def __str__(self):
        return f"of {self.meeting_id}"


class MeetingRating(models.Model):
    """How one side, together, rates a joint meeting; shown to the other once both have."""

    class Side(models.TextChoices):
        FAMILIES = "families"
        STAFF = "staff"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(JointMeeting, models.CASCADE, related_name="ratings")
    side = models.CharField(max_length=8, choices=Side)
    # 1 to 4: not at all, a little, quite a bit, a lot.
    families_were_heard = models.PositiveSmallIntegerField()
    replies_took_it_up = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "meeting", "side", "families_were_heard", "replies_took_it_up", "at"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "side"], name="each_side_rates_a_meeting_once"),
            models.CheckConstraint(
                condition=Q(families_were_heard__range=(1, 4), replies_took_it_up__range=(1, 4)),
                name="meeting_rated_from_1_to_4",
            ),
        ]

    def __str__(self):
        return f"{self.side} of {self.meeting_id}"


class Conversation(models.Model):
    """An open conversation with the principal: informal, nothing follows from a question."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="conversations")
    on = models.DateField()
    starts_at = models.TimeField()
    place = models.CharField(max_length=120)

    PRIVACY = dict.fromkeys(["id", "school", "on", "starts_at", "place"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "on", "starts_at"], name="conversation_once_at_an_hour"),
        ]

    def __str__(self):
        return f"{self.on}"


class Question(models.Model):
    """A question to the principal from the families' box: no author is stored, nor when it was asked.

    Row-level security guards it until it reaches the principal (migrations/0004_boards.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="questions")
    text = models.CharField(max_length=500)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    # A nine o'clock two or three days later; until then whoever facilitates can hold back what names somebody.
    reaches_at = models.DateTimeField()
    is_held_back = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    answer_translated = models.TextField(blank=True)
    answered_on = models.DateField(null=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "text",
            "language",
            "reaches_at",
            "is_held_back",
            "answer",
            "answer_language",
            "answer_translated",
            "answered_on",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_held_back=False) | Q(answer=""), name="what_is_held_back_is_not_answered"
            ),
        ]

    def __str__(self):
        return "a question"
