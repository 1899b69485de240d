"""What families write to each other. Who wrote it stands apart, where only she herself can read it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from partnerships.models.spaces import CaregiverSpace, Group

MOST_CHARACTERS = 2000


class Written(models.Model):
    """A text as it was written: in its own language, signed or without a name, hidden or taken back later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody where it was written without a name: no role of a page can find out who did (Authorship).
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    hidden_reason = models.CharField(max_length=200, blank=True)
    # Its writer took the words back; the place stays, so that replies make sense.
    deleted_at = models.DateTimeField(null=True)

    PRIVACY = {
        "id": "keep",
        "signed_by": "blank",
        "text": "blank",
        "language": "keep",
        "at": "keep",
        # Hidden by whom stays: it is somebody else, and the worker who erases her sees no text but her own.
        "hidden_at": "blank",
        "hidden_by": "keep",
        "hidden_reason": "blank",
        "deleted_at": "stamp",
    }
    PRIVACY_OF = "authorship__person"

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=(Q(deleted_at=None) & ~Q(text="")) | Q(deleted_at__isnull=False, text=""),
                name="%(class)s_has_words_until_taken_back",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), MOST_CHARACTERS), name="%(class)s_has_2000_characters_at_most"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_reason="") | Q(hidden_at__isnull=False) & ~Q(hidden_reason=""),
                name="%(class)s_is_hidden_with_a_reason",
            ),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def is_readable(self):
        """Say whether its words are still there for the group."""
        return self.hidden_at is None and self.deleted_at is None


class Post(Written):
    """Something written to a group, or to the whole space where no group is named."""

    space = models.ForeignKey(CaregiverSpace, models.CASCADE, related_name="posts")
    group = models.ForeignKey(Group, models.CASCADE, null=True, related_name="posts")

    PRIVACY = {**Written.PRIVACY, "space": "keep", "group": "keep"}

    class Meta(Written.Meta):
        indexes = [
            models.Index(fields=["group", "-at"], name="post_of_group"),
            models.Index(fields=["space", "-at"], name="post_of_space"),
        ]


class Reply(Written):
    """An answer to a post; there are no answers to answers."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="replies")

    PRIVACY = {**Written.PRIVACY, "post": "keep"}

    class Meta(Written.Meta):
        indexes = [models.Index(fields=["post", "at"], name="reply_of_post")]


class Authorship(models.Model):
    """Who wrote a text: row-level security shows each row to its person alone, who may take her words back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.OneToOneField(Post, models.CASCADE, null=True, related_name="authorship")
    reply = models.OneToOneField(Reply, models.CASCADE, null=True, related_name="authorship")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    PRIVACY = {"id": "delete", "post": "delete", "reply": "delete", "person": "delete"}
    PRIVACY_OF = "person"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, reply__isnull=False) | Q(post__isnull=False, reply=None),
                name="authorship_is_of_one_text",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="authorship_of_person")]

    def __str__(self):
        return str(self.pk)


class Reaction(models.Model):
    """One of two reactions, in words, to a post; shown as a number only."""

    class Kind(models.TextChoices):
        HELPED = "helped"
        ME_TOO = "me_too"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="reactions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)

    PRIVACY = dict.fromkeys(["id", "post", "person", "kind"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person", "kind"], name="reaction_given_once")]

    def __str__(self):
        return self.kind


class Translation(models.Model):
    """A member's own translation of a text, shown beside it once its writer or who facilitates has reviewed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="translations")
    reply = models.ForeignKey(Reply, models.CASCADE, null=True, related_name="translations")
    agreement = models.ForeignKey("Agreement", models.CASCADE, null=True, related_name="translations")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    # Not by whom: the reviewer may be somebody who wrote without her name.
    reviewed_at = models.DateTimeField(null=True)

    # Hers both if she wrote it and if it is her words in another language.
    PRIVACY = dict.fromkeys(
        ["id", "post", "reply", "agreement", "language", "text", "by", "at", "reviewed_at"], "delete"
    )
    PRIVACY_OF = ("by", "post__authorship__person", "reply__authorship__person")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, reply=None, agreement=None)
                | Q(post=None, reply__isnull=False, agreement=None)
                | Q(post=None, reply=None, agreement__isnull=False),
                name="translation_is_of_one_text",
            ),
            models.UniqueConstraint(
                fields=["post", "reply", "agreement", "language", "by"],
                nulls_distinct=False,
                name="translation_written_once_by_somebody",
            ),
        ]

    def __str__(self):
        return str(self.pk)
