"""Opening a group, entering it, leaving it: what is done to the registers."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Person, School
from partnerships.models import CaregiverSpace, Group, GroupMember


@transaction.atomic
def open_group(*, school: School, name: str, facilitators: list[Person], at: datetime) -> Group:
    """Open a group in the school's space (made if missing) with the people who facilitate it.

    At least one of them must be a caregiver whom the school does not pay: nobody else may lead families here.
    """
    if not any(may_lead(person, school, at=at) for person in facilitators):
        raise ValidationError(
            _("Choose at least one person who facilitates, is a parent here, and is not paid by the school."),
            code="no_parent_facilitator",
        )
    space, _made = CaregiverSpace.objects.get_or_create(school=school)
    group = Group.objects.create(space=space, name=name)
    GroupMember.objects.bulk_create(
        GroupMember(group=group, person=person, role=GroupMember.Role.FACILITATOR, since=at) for person in facilitators
    )
    return group


def may_lead(person: Person, school: School, *, at: datetime) -> bool:
    """Say whether the person is a caregiver of this school and has no tie that bars its caregiver space."""
    ties = [m for m in Membership.objects.filter(person=person, school=school) if m.is_active(at=at)]
    kinds = {m.kind for m in ties}
    return Membership.Kind.CAREGIVER in kinds and not any(m.is_barring for m in ties)


@transaction.atomic
def leave_group(*, group: UUID) -> None:
    """End the acting person's own place in a group; a function of the database does it, for nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partnerships_leave_group(%s)", [group])
