"""Ideas that come out of what families write: kept after the session, merged, supported, turned into a request."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partnerships.models.spaces import CaregiverSpace, Group
from partnerships.models.voices import Post


class Idea(models.Model):
    """Something that the families would like to see; it can become a request to the school."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(CaregiverSpace, models.CASCADE, related_name="ideas")
    group = models.ForeignKey(Group, models.CASCADE, null=True, related_name="ideas")
    # The post that it was marked in; nobody is named, since that post may have no name.
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="ideas")
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    at = models.DateTimeField()
    # Somebody who offered to see to it.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged")
    # Turned into a request to the school by who facilitates.
    requested_at = models.DateTimeField(null=True)

    PRIVACY = {
        **dict.fromkeys(["id", "space", "group", "post", "at", "language", "merged_into", "requested_at"], "keep"),
        # It became the group's; an owner who was erased has no name, and is nobody.
        **dict.fromkeys(["text", "owner"], "keep"),
    }
    PRIVACY_OF = "owner"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="idea_merges_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(requested_at=None), name="merged_idea_is_no_request"
            ),
        ]

    def __str__(self):
        return str(self.pk)


class IdeaSupport(models.Model):
    """That a member stands behind an idea; shown as a number only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    idea = models.ForeignKey(Idea, models.CASCADE, related_name="support")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    PRIVACY = dict.fromkeys(["id", "idea", "person"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "person"], name="idea_supported_once")]

    def __str__(self):
        return str(self.pk)
