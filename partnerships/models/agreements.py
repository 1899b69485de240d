"""What a group agreed about how it talks, version by version, and the copy that it may publish."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import School
from partnerships.languages import other
from partnerships.models.spaces import Group


class Agreement(models.Model):
    """One version of a group's agreements, as written in the first session or later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="agreements")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    drafted_at = models.DateTimeField()
    # Agreed aloud by the group; from then on its words never change.
    agreed_at = models.DateTimeField(null=True)

    # The words of the whole group.
    PRIVACY = dict.fromkeys(["id", "group", "version", "text", "language", "drafted_at", "agreed_at"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["group"], condition=Q(agreed_at=None), name="one_draft_of_agreements_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at=None) | Q(agreed_at__gte=F("drafted_at")), name="agreed_after_drafted"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="agreement_has_words"),
        ]

    def __str__(self):
        return f"version {self.version}"


class AgreementVoice(models.Model):
    """That a member said yes to a version, in the session or on joining later; shown as a number only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="voices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["id", "agreement", "person", "at"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "person"], name="agreed_once")]

    def __str__(self):
        return str(self.pk)


class Reaffirmation(models.Model):
    """That the group read its agreements again together, on the day of a session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reaffirmations")
    on = models.DateField()

    PRIVACY = dict.fromkeys(["id", "agreement", "on"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "on"], name="reaffirmed_once_a_day")]

    def __str__(self):
        return str(self.on)


class SharedAgreement(models.Model):
    """The copy of its agreements that a group chose to publish to the school: the only one leaders can read."""

    group = models.OneToOneField(Group, models.CASCADE, primary_key=True, related_name="shared_agreement")
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    # Copied, since the leaders' pages may not even look at the group's name.
    group_name = models.CharField(max_length=80)
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.TextField(blank=True)
    published_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["group", "school", "group_name", "text", "language", "translated", "published_at"], "keep")
    PRIVACY_OF = None

    def __str__(self):
        return f"of {self.group_id}"

    @property
    def translated_language(self):
        """Return the language of the translation beside it."""
        return other(self.language)
