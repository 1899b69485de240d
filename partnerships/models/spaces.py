"""The families' space of a school, the groups inside it and who belongs to them: registers, nothing written."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import School


class CaregiverSpace(models.Model):
    """One lasting space per school, which no school staff can enter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.OneToOneField(School, models.CASCADE, related_name="space")

    PRIVACY = {"id": "keep", "school": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return str(self.pk)


class Group(models.Model):
    """The families of one series."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(CaregiverSpace, models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)

    PRIVACY = {"id": "keep", "space": "keep", "name": "keep"}
    PRIVACY_OF = None

    def __str__(self):
        return self.name


class GroupMember(models.Model):
    """Who belongs to a group, dated; facilitating is a role in this table."""

    class Role(models.TextChoices):
        CAREGIVER = "caregiver"
        FACILITATOR = "facilitator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="group_memberships")
    role = models.CharField(max_length=11, choices=Role)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    PRIVACY = dict.fromkeys(["id", "group", "person", "role", "since", "until"], "delete")
    PRIVACY_OF = "person"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person", "role"], condition=Q(until=None), name="one_open_place_in_group_by_role"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="place_in_group_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="group_member_person")]

    def __str__(self):
        return f"{self.role} {self.person_id}"
