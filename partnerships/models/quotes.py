"""Exact words that a facilitator asks for, and the copy that leaves the group with its writer's yes."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import School
from partnerships.models.voices import Post


class Signature(models.TextChoices):
    """How shared words are signed: never by name."""

    MOTHER = "mother"
    FATHER = "father"
    CAREGIVER = "caregiver"
    NOTHING = "nothing"


class Quote(models.Model):
    """A request to share exact words of a post; only its writer can answer, and take the answer back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="quotes")
    words = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    for_leaders = models.BooleanField(default=False)
    for_public = models.BooleanField(default=False)
    signature = models.CharField(max_length=9, choices=Signature, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    PRIVACY = {
        "id": "keep",
        "post": "keep",
        "words": "blank",
        # As with hidden_by of a text.
        "asked_by": "keep",
        "asked_at": "keep",
        "answered_at": "keep",
        "for_leaders": "blank",
        "for_public": "blank",
        "signature": "blank",
        "withdrawn_at": "stamp",
    }
    PRIVACY_OF = "post__authorship__person"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(for_leaders=False, for_public=False) | (Q(answered_at__isnull=False) & ~Q(signature="")),
                name="quote_shared_only_with_a_yes",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_shared(self):
        """Say whether its writer's yes stands."""
        return (self.for_leaders or self.for_public) and self.withdrawn_at is None


class SharedQuote(models.Model):
    """Words that left the group with their writer's yes; taken back, the words go and the mark stays."""

    quote = models.OneToOneField(Quote, models.CASCADE, primary_key=True, related_name="shared")
    school = models.ForeignKey(School, models.CASCADE, related_name="shared_quotes")
    words = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.TextField(blank=True)
    signature = models.CharField(max_length=9, choices=Signature, blank=True)
    for_leaders = models.BooleanField()
    for_public = models.BooleanField()
    shared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    PRIVACY = {
        "quote": "keep",
        "school": "keep",
        "words": "blank",
        "language": "keep",
        "translated": "blank",
        "signature": "blank",
        "for_leaders": "keep",
        "for_public": "keep",
        "shared_at": "keep",
        "withdrawn_at": "stamp",
    }
    PRIVACY_OF = "quote__post__authorship__person"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(words="", translated="", signature=""),
                name="withdrawn_words_are_gone",
            ),
        ]

    def __str__(self):
        return str(self.pk)
