"""A member's own try of the door as somebody of the school; what the product answered."""

import uuid

from django.conf import settings
from django.db import models

from notifications.keeping import DAY, Kept
from partnerships.models.spaces import Group


class DoorTrial(models.Model):
    """One try: the worker makes a person of that kind, asks every address, keeps the answers and nothing else."""

    class Kind(models.TextChoices):
        PRINCIPAL = "principal"
        TEACHER = "teacher"
        COUNCIL = "council"
        DISTRICT = "district"
        ADMINISTRATOR = "administrator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    # [{"address": "/g/…/", "status": 404}, …], in the order in which they were asked.
    answers = models.JSONField(default=list)

    PRIVACY = dict.fromkeys(["id", "group", "person", "kind", "asked_at", "answered_at", "answers"], "delete")
    PRIVACY_OF = "person"
    PRIVACY_FOR = (Kept("asked_at", DAY),)

    def __str__(self):
        return self.kind
