"""The report of a series: one frozen document a version, and whether the leader shares it further."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dialogue_series.models import Series


class Report(models.Model):
    """One version of a series' report; what is in it, page and paper alike, never changes (migrations/0004_reports).

    The one thing that happens to it: when words or a finding in it are taken back, all of it goes, and the next
    version is made.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        MADE = "made"
        TAKEN_BACK = "taken_back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="reports")
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    # Every word of it in both languages, as insights/reports/content.py lays it out.
    content = models.JSONField(default=dict)
    # The shared words in it, by their quotes, and what was found out.
    quotes = ArrayField(models.UUIDField(), default=list)
    findings = ArrayField(models.UUIDField(), default=list)
    letter = models.BinaryField(default=bytes)
    a4 = models.BinaryField(default=bytes)

    PRIVACY = dict.fromkeys(
        ["id", "series", "version", "state", "asked_at", "made_at", "content", "quotes", "findings", "letter", "a4"],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="report_version_once"),
            models.CheckConstraint(
                condition=Q(state="made", made_at__isnull=False) & ~Q(content={}) & ~Q(letter=b"") & ~Q(a4=b"")
                | ~Q(state="made") & Q(content={}, letter=b"", a4=b""),
                name="report_is_whole_or_empty",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="asked"), name="report_to_make")]

    def __str__(self):
        return f"version {self.version}"


class SharedReport(models.Model):
    """The leader lets the school's staff and its district read a series' report, in whatever version."""

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="shared_report")
    shared_at = models.DateTimeField()

    PRIVACY = {"series": "keep", "shared_at": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return f"of {self.series_id}"
