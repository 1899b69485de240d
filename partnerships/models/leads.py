"""The outreach lead: a person who is not staff, named by the parents and the school's leaders together."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import School
from notifications.keeping import THREE_YEARS, Kept


class OutreachLead(models.Model):
    """An appointment: it holds once both sides have signed, until its term ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="leads")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # As both sides read it: leaders' pages may not look people up.
    name = models.CharField(max_length=60)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    # Asked plainly of the person herself, who accepts by answering: whoever is paid cannot lead.
    accepted_at = models.DateTimeField(null=True)
    parents_signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    parents_signed_at = models.DateTimeField(null=True)
    leaders_signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    leaders_signed_at = models.DateTimeField(null=True)
    from_on = models.DateField()
    review_on = models.DateField()
    until_on = models.DateField()
    ended_at = models.DateTimeField(null=True)

    PRIVACY = {
        **dict.fromkeys(["id", "school", "person", "proposed_at", "from_on", "review_on", "until_on"], "keep"),
        **dict.fromkeys(["accepted_at", "parents_signed_at", "leaders_signed_at"], "keep"),
        **dict.fromkeys(["proposed_by", "parents_signed_by", "leaders_signed_by"], "blank"),
        "name": "blank",
        "ended_at": "stamp",
    }
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("ended_at", THREE_YEARS),)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=Q(ended_at=None), name="one_outreach_lead_or_proposal_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("from_on"), until_on__gte=F("review_on")),
                name="lead_is_reviewed_within_term",
            ),
            models.CheckConstraint(
                condition=Q(parents_signed_by=None) | ~Q(parents_signed_by=F("person")),
                name="lead_does_not_sign_for_the_parents",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_signed(self):
        """Say whether both sides have signed and the person has accepted."""
        return None not in (self.accepted_at, self.parents_signed_at, self.leaders_signed_at)
