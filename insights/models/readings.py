"""How families read the results of their series, in their own words."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dialogue_series.models import Series


class FamiliesReading(models.Model):
    """What a group says about its results: written for the school too, it stands beside the figures.

    Others read it from `leaders_at` on, the hour of the newest results that its writer had seen.
    """

    series = models.OneToOneField(Series, models.CASCADE, primary_key=True, related_name="reading")
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    written_at = models.DateTimeField()
    leaders_at = models.DateTimeField()

    # The whole group's, written for the school.
    PRIVACY = dict.fromkeys(["series", "text", "language", "written_at", "leaders_at"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="reading_has_words")]

    def __str__(self):
        return f"of {self.series_id}"
