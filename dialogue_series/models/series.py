"""A series at a school, who is invited to it and who takes part."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import School
from notifications.keeping import BY_HAND, THREE_YEARS, Kept
from partnerships.models import Group
from surveys.disclosure import CHECKINS, window_of
from surveys.models import KeyRing


def usual_checkins():
    """Return after which evenings whoever facilitates meets the school's leaders, unless it is said otherwise."""
    return list(CHECKINS)


class NoSchoolDay(models.Model):
    """A day on which this school is closed, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="no_school_days")
    on = models.DateField()
    reason = models.CharField(max_length=120)

    PRIVACY = dict.fromkeys(["id", "school", "on", "reason"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "on"], name="no_school_day_listed_once")]

    def __str__(self):
        return f"{self.on} {self.reason}"


class SchoolYear(models.Model):
    """Until when this school's year runs: no evening is planned after its last day."""

    school = models.OneToOneField(School, models.CASCADE, primary_key=True, related_name="school_year")
    last_day_on = models.DateField()

    PRIVACY = {"school": "keep", "last_day_on": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return f"until {self.last_day_on}"


class Series(models.Model):
    """Ten evenings of one group, planned around the school's calendar."""

    class Help(models.TextChoices):
        CHILDCARE = "childcare"
        INTERPRETER = "interpreter"
        RIDE = "ride"
        FOOD = "food"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="series", db_index=False)
    group = models.OneToOneField(Group, models.PROTECT, related_name="series")
    ring = models.OneToOneField(KeyRing, models.PROTECT, related_name="series")
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="es")
    starts_at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=160)
    video_url = models.URLField(blank=True)
    dial_in = models.CharField(max_length=40, blank=True)
    # What the coordinator can arrange, at no cost to families.
    offers = ArrayField(models.CharField(max_length=12, choices=Help), default=list, blank=True)
    places = models.PositiveSmallIntegerField(default=10)
    # How many hold a place: kept here, under this row's lock, so that an eleventh cannot slip in.
    joined = models.PositiveSmallIntegerField(default=0)
    flyer_code = models.CharField(max_length=12, unique=True)
    published_at = models.DateTimeField(null=True)
    # Reminders two hours before go by this channel; the day before by every channel a person has.
    same_day_reminder = models.BooleanField(default=True)
    # Which questions it asks, by the name that all versions of an instrument share.
    survey = models.SlugField(default="before-and-after")
    feedback = models.SlugField(default="weekly-feedback")
    # After which evenings whoever facilitates meets the school's leaders: there each window of feedback ends.
    checkins = ArrayField(models.PositiveSmallIntegerField(), default=usual_checkins)

    PRIVACY = dict.fromkeys(
        [
            "id",
            "school",
            "group",
            "ring",
            "name",
            "language",
            "starts_at",
            "minutes",
            "place",
            "video_url",
            "dial_in",
            "offers",
            "places",
            "joined",
            "flyer_code",
            "published_at",
            "same_day_reminder",
            "survey",
            "feedback",
            "checkins",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=10), name="at_most_ten_places"),
            models.CheckConstraint(condition=Q(joined__lte=F("places")), name="no_more_families_than_places"),
            models.CheckConstraint(
                condition=Q(minutes__gte=60, minutes__lte=120), name="evening_lasts_one_to_two_hours"
            ),
            models.CheckConstraint(
                condition=Q(checkins__contained_by=list(range(1, 11))), name="checkin_follows_an_evening"
            ),
        ]
        indexes = [models.Index("school", F("published_at").desc(), "id", name="newest_series_of_school")]

    def __str__(self):
        return self.name

    def window_of(self, session):
        """Return in which window an evening, by its number, is asked about: from 1, one up to each check-in."""
        return window_of(session, tuple(self.checkins))


class Invitation(models.Model):
    """That somebody was asked to join a series; the link in it works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField()
    # Counts the links sent: asking for a new one makes the old ones stop.
    turn = models.PositiveSmallIntegerField(default=1)
    claimed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    PRIVACY = {
        **dict.fromkeys(["id", "series", "person", "invited_at", "turn", "claimed_at", "declined_at"], "delete"),
        "invited_by": "blank",
    }
    PRIVACY_OF = "person"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "person"], name="person_invited_once_to_series")]

    def __str__(self):
        return str(self.pk)


class JoinRequest(models.Model):
    """Somebody who asked to join from a flyer; nothing is sent to the number until the coordinator accepts."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="join_requests")
    name = models.CharField(max_length=60)
    channel = models.CharField(max_length=5)
    value = models.CharField(max_length=254)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "series", "name", "channel", "value", "language", "state", "asked_at"], "delete")
    PRIVACY_OF = BY_HAND
    PRIVACY_FOR = (Kept("asked_at", timedelta(days=90)),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "value"], condition=Q(state="open"), name="one_open_request_by_address"
            )
        ]

    def __str__(self):
        return str(self.pk)


class Enrolment(models.Model):
    """A family's place in a series, or its place in the line for one."""

    class State(models.TextChoices):
        JOINED = "joined"
        WAITING = "waiting"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    state = models.CharField(max_length=8, choices=State)
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(["id", "series", "person", "state", "asked_at", "joined_at", "left_at"], "keep")
    # She has left; the coordinator's list says "a person who left".
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("left_at", THREE_YEARS),)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "person"], name="person_enrolled_once_in_series")]

    def __str__(self):
        return f"{self.state} {self.person_id}"
