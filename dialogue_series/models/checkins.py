"""Check-ins with the school's leaders: when each is due, whether it was held, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from dialogue_series.models.series import Series
from partnerships.models import Commitment


class CheckIn(models.Model):
    """A check-in with the school's leaders after an evening, opened when that evening was held."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="+")
    after_session = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    # Known for good once it is known when leaders read the results of its window.
    due_on = models.DateField()
    held_on = models.DateField(null=True)
    # How many of each came; nobody is named.
    leaders = models.PositiveSmallIntegerField(default=0)
    facilitators = models.PositiveSmallIntegerField(default=0)
    families = models.PositiveSmallIntegerField(default=0)
    coordinators = models.PositiveSmallIntegerField(default=0)
    district = models.PositiveSmallIntegerField(default=0)
    # What was learned there: how community builds, and how well all understand learning and partnership.
    community = models.TextField(blank=True)
    understanding = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    commitments = models.ManyToManyField(Commitment, related_name="+")

    PRIVACY = dict.fromkeys(
        [
            "id",
            "series",
            "after_session",
            "opened_at",
            "due_on",
            "held_on",
            "leaders",
            "facilitators",
            "families",
            "coordinators",
            "district",
            "community",
            "understanding",
            "language",
            "commitments",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "after_session"], name="one_checkin_after_a_session"),
            models.CheckConstraint(
                condition=Q(after_session__gte=1, after_session__lte=10), name="checkin_follows_one_of_ten"
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=False) | Q(community="", understanding="", leaders=0),
                name="nothing_learned_before_it_is_held",
            ),
        ]

    def __str__(self):
        return f"after session {self.after_session}"

    def is_late(self, *, today):
        """Say whether it was due by yesterday and has not been held."""
        return self.held_on is None and self.due_on < today
