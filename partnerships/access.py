"""Who may see what of the families' spaces; so far only who facilitates."""

from django.db.models import Q, QuerySet

from partnerships.models import GroupMember


def active_places(*, at) -> QuerySet:
    """Return the places in groups that are held at this instant."""
    return GroupMember.objects.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


def facilitates(person, *, at) -> bool:
    """Say whether the person facilitates any group at this instant."""
    return active_places(at=at).filter(person=person, role=GroupMember.Role.FACILITATOR).exists()
