"""Boards that decide about a school, who sits on them, and the way to a seat."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Membership, School
from notifications.keeping import THREE_YEARS, Kept


class Board(models.Model):
    """A body that decides about a school: its council, a committee of it, a parents' association."""

    class Kind(models.TextChoices):
        LSC = "lsc"
        BAC = "bac"
        PAC = "pac"
        PTA = "pta"
        CUSTOM = "custom"

    class MeetingLaw(models.TextChoices):
        """Which law on open meetings its members are reminded of."""

        NONE = "none"
        ILLINOIS = "illinois"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="boards")
    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=80)
    quorum = models.PositiveSmallIntegerField(default=7)
    is_chaired_by_parent = models.BooleanField(default=True)
    chair = models.ForeignKey("SeatTerm", models.SET_NULL, null=True, related_name="+")
    meeting_law = models.CharField(max_length=8, choices=MeetingLaw, default=MeetingLaw.ILLINOIS)
    # What members complete once they are elected, one course a line.
    training_es = models.TextField(blank=True)
    training_en = models.TextField(blank=True)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "kind",
            "name",
            "quorum",
            "is_chaired_by_parent",
            "chair",
            "meeting_law",
            "training_es",
            "training_en",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="board_named_once_in_a_school"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="board_has_a_quorum"),
        ]

    def __str__(self):
        return self.name

    @property
    def too_many_together(self):
        """Return how many members talking make a meeting: a majority of the quorum."""
        return self.quorum // 2 + 1


class Seat(models.Model):
    """One place on a board; nobody's until a term fills it."""

    class Kind(models.TextChoices):
        """Who it is for; each is the kind of tie that its holder has."""

        PARENT = Membership.Kind.PARENT_SEAT.value
        COMMUNITY = Membership.Kind.COMMUNITY_SEAT.value
        TEACHER = Membership.Kind.TEACHER_SEAT.value
        STAFF = Membership.Kind.STAFF_SEAT.value
        STUDENT = Membership.Kind.STUDENT_SEAT.value
        PRINCIPAL = Membership.Kind.PRINCIPAL_SEAT.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="seats")
    kind = models.CharField(max_length=14, choices=Kind)
    number = models.PositiveSmallIntegerField()

    PRIVACY = dict.fromkeys(["id", "board", "kind", "number"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "kind", "number"], name="seat_of_a_kind_numbered_once"),
        ]

    def __str__(self):
        return f"{self.kind} {self.number}"


class SeatTerm(models.Model):
    """Who holds a seat, from when and until when: public record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="terms")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The tie by which she enters the board's pages; it ends with her term.
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    # As the public record has it: others' pages may not look people up.
    name = models.CharField(max_length=60)
    from_on = models.DateField()
    until_on = models.DateField()

    PRIVACY = {**dict.fromkeys(["id", "seat", "person", "membership", "from_on", "until_on"], "keep"), "name": "blank"}
    PRIVACY_OF = "person"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="seat_term_ends_after_start"),
        ]

    def __str__(self):
        return str(self.pk)

    def is_held(self, *, on):
        """Say whether the seat is held on this day."""
        return self.from_on <= on <= self.until_on


class Election(models.Model):
    """When a board's seats are filled: until when one files, and the day itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="elections")
    filing_from_on = models.DateField()
    filing_until_on = models.DateField()
    held_on = models.DateField()

    PRIVACY = dict.fromkeys(["id", "board", "filing_from_on", "filing_until_on", "held_on"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "held_on"], name="board_elects_once_a_day"),
            models.CheckConstraint(
                condition=Q(filing_until_on__gte=F("filing_from_on"), held_on__gte=F("filing_until_on")),
                name="one_files_before_the_election",
            ),
        ]

    def __str__(self):
        return f"{self.held_on}"


class SeatStep(models.Model):
    """How far somebody says, to herself alone, that she has come on the way to a seat."""

    class Step(models.TextChoices):
        INTERESTED = "interested"
        FILED = "filed"
        ELECTED = "elected"
        TRAINED = "trained"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "board", "person", "step", "at"], "delete")
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("at", THREE_YEARS),)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "person", "step"], name="step_to_a_seat_said_once"),
        ]

    def __str__(self):
        return self.step


class StepCount(models.Model):
    """About how many have come so far, frozen once a month by the worker (trust.md P2): no live number anywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Board, models.CASCADE, related_name="step_counts")
    month_on = models.DateField()
    step = models.CharField(max_length=10, choices=SeatStep.Step)
    # As surveys.disclosure.Label has it; "not_enough" under five.
    n_band = models.CharField(max_length=12)

    PRIVACY = dict.fromkeys(["id", "board", "month_on", "step", "n_band"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "month_on", "step"], name="steps_counted_once_a_month"),
        ]

    def __str__(self):
        return f"{self.step} {self.n_band}"
