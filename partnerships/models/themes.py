"""What several said, in words of nobody's: shown to the group, which can keep it, before the school reads it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import School
from partnerships.languages import other
from partnerships.models.spaces import Group
from partnerships.models.voices import Post
from surveys.disclosure import THEME_VETO
from surveys.models import Comment


class Theme(models.Model):
    """What at least three people said, as whoever facilitates puts it; any member can keep it in the group."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="themes")
    # The question of a board that several answered in their own words.
    consultation = models.ForeignKey("Consultation", models.CASCADE, null=True, related_name="themes")
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.TextField()
    shown_at = models.DateTimeField()
    shown_until = models.DateTimeField()
    # Neither by whom nor when: in a small group the hour would name her.
    is_kept = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)

    # Words of whoever facilitates, about several.
    PRIVACY = dict.fromkeys(
        [
            "id",
            "group",
            "consultation",
            "text",
            "language",
            "translated",
            "shown_at",
            "shown_until",
            "is_kept",
            "sent_at",
        ],
        "keep",
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "text"], name="theme_said_once_in_a_group"),
            models.CheckConstraint(
                condition=Q(shown_until=F("shown_at") + THEME_VETO), name="theme_is_shown_for_72_hours"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(sent_at__gte=F("shown_until"), is_kept=False),
                name="theme_leaves_after_its_time_unless_kept",
            ),
            models.CheckConstraint(condition=~Q(text="") & ~Q(translated=""), name="theme_has_words_in_both_languages"),
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def translated_language(self):
        """Return the language of the translation beside it."""
        return other(self.language)

    def can_be_kept(self, *, at):
        """Say whether a member can still keep it in the group."""
        return not self.is_kept and at < self.shown_until

    def can_be_sent(self, *, at):
        """Say whether its time has passed without anybody keeping it, and it waits to be sent."""
        return not self.is_kept and self.sent_at is None and at >= self.shown_until


class ThemeSource(models.Model):
    """One of the texts that a theme comes from; only whoever facilitates reads which."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    theme = models.ForeignKey(Theme, models.CASCADE, related_name="sources")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")

    PRIVACY = dict.fromkeys(["id", "theme", "post", "comment"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, comment__isnull=False) | Q(post__isnull=False, comment=None),
                name="theme_source_is_one_text",
            ),
            models.UniqueConstraint(
                fields=["theme", "post", "comment"], nulls_distinct=False, name="theme_names_a_text_once"
            ),
        ]

    def __str__(self):
        return str(self.pk)


class SharedTheme(models.Model):
    """The copy of a theme that went to the school, after its time and with nobody keeping it."""

    theme = models.OneToOneField(Theme, models.CASCADE, primary_key=True, related_name="shared")
    school = models.ForeignKey(School, models.CASCADE, related_name="+")
    # Copied, since the leaders' pages may not even look at the group's name.
    group_name = models.CharField(max_length=80)
    consultation = models.ForeignKey("Consultation", models.SET_NULL, null=True, related_name="shared_themes")
    # Something that families need, as whoever facilitates marked it: leaders look for what meets it.
    is_need = models.BooleanField(default=False)
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    translated = models.TextField()
    sent_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(
        [
            "theme",
            "school",
            "group_name",
            "consultation",
            "is_need",
            "text",
            "language",
            "translated",
            "sent_at",
        ],
        "keep",
    )
    PRIVACY_OF = None

    def __str__(self):
        return f"of {self.theme_id}"

    @property
    def translated_language(self):
        """Return the language of the translation beside it."""
        return other(self.language)
