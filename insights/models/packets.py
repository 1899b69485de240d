"""What leaders read before they talk with whoever facilitates: built from what was released, then frozen."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from dialogue_series.models import CheckIn
from partnerships.languages import other
from surveys.models import Release


class Packet(models.Model):
    """What a conversation with leaders begins from; theirs at one hour, at which nothing of it changes any more."""

    checkin = models.OneToOneField(CheckIn, models.CASCADE, primary_key=True, related_name="packet")
    built_at = models.DateTimeField()
    leaders_at = models.DateTimeField()

    PRIVACY = dict.fromkeys(["checkin", "built_at", "leaders_at"], "keep")
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(leaders_at__gt=models.F("built_at")), name="packet_is_looked_at_first")
        ]

    def __str__(self):
        return f"of {self.checkin_id}"

    def is_open(self, *, at):
        """Say whether a line can still be struck: until the leaders' hour."""
        return at < self.leaders_at


class PacketLine(models.Model):
    """One result or one theme, as it was let out; whoever facilitates may strike it, and nobody rewrites it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    packet = models.ForeignKey(Packet, models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    # Of which theme it is a copy; not a key, since the copy stays whatever becomes of the theme.
    theme = models.UUIDField(null=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    translated = models.TextField(blank=True)
    is_struck = models.BooleanField(default=False)

    # Labels, and words of whoever facilitates about several.
    PRIVACY = dict.fromkeys(
        ["id", "packet", "number", "release", "theme", "text", "language", "translated", "is_struck"], "keep"
    )
    PRIVACY_OF = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["packet", "number"], name="packet_line_numbered_once"),
            models.CheckConstraint(
                condition=Q(release__isnull=False, theme=None, text="")
                | Q(release=None, theme__isnull=False) & ~Q(text="") & ~Q(translated=""),
                name="packet_line_is_a_result_or_a_theme",
            ),
        ]

    def __str__(self):
        return f"line {self.number}"

    @property
    def translated_language(self):
        """Return the language of the translation beside it."""
        return other(self.language)
