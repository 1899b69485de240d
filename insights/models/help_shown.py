"""Which kinds of help families of a series asked for, as leaders may read it (trust.md P11)."""

import uuid

from django.db import models

from dialogue_series.models import Series


class HelpShown(models.Model):
    """Frozen when a window of evenings reaches leaders: the kinds that at least five asked for, and whether arranged.

    Of the whole series until then, with no dates and no counts; the newest is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    series = models.ForeignKey(Series, models.CASCADE, related_name="help_shown")
    window = models.PositiveSmallIntegerField()
    # {"childcare": "yes" | "partly" | "no"}; what fewer than five asked for is not in it.
    arranged = models.JSONField()

    PRIVACY = dict.fromkeys(["id", "series", "window", "arranged"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "window"], name="help_shown_once_a_window")]

    def __str__(self):
        return f"of {self.series_id}"
