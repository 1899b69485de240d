"""What a district does for families' partnership, row by row, each with its evidence."""

import uuid

from django.conf import settings
from django.db import models

from accounts.models import District, School


class Evidence(models.Model):
    """Something that a district or one of its schools did, which a row of the scorecard stands on."""

    class Row(models.TextChoices):
        """The seven actions of the pilot's framework, then what it asks of partners; in our words."""

        SYSTEMS = "systems"
        STAFF = "staff"
        TEACHING = "teaching"
        MEASURE = "measure"
        YOUTH = "youth"
        POLICIES = "policies"
        CAREGIVERS = "caregivers"
        TRUST = "trust"
        LEARNING = "learning"
        WELL_BEING = "well_being"
        VISION = "vision"
        RESOURCES = "resources"
        CODESIGN = "codesign"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, models.CASCADE, related_name="evidence")
    school = models.ForeignKey(School, models.CASCADE, null=True, related_name="+")
    row = models.CharField(max_length=10, choices=Row)
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    on = models.DateField()

    # Of institutions; the page says to name no family.
    PRIVACY = dict.fromkeys(["id", "district", "school", "row", "text", "language", "on"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["district", "row", "text"], name="evidence_noted_once_in_a_row"),
        ]

    def __str__(self):
        return self.row
