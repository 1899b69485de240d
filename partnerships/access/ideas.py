"""The ideas of a room, for those who are in it: who stands behind one is a number, who sees to it has a name."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from partnerships.access.spaces import Room
from partnerships.models import Idea, IdeaSupport


def ideas(room: Room) -> QuerySet[Idea]:
    """Return the ideas that stand by themselves, newest first.

    Each knows `supporters` (distinct people, those of the ideas merged into it too), `is_mine` (the reader stands
    behind it), and `others`, the ideas merged into it.
    """
    behind = IdeaSupport.objects.filter(Q(idea=OuterRef("pk")) | Q(idea__merged_into=OuterRef("pk"))).order_by()
    people = behind.annotate(all=Value(1)).values("all").annotate(number=Count("person", distinct=True))
    return (
        Idea.objects.filter(**room.place, merged_into=None)
        .select_related("owner")
        .annotate(
            supporters=Coalesce(Subquery(people.values("number")), 0),
            is_mine=Exists(behind.filter(person=room.person)),
        )
        .prefetch_related(Prefetch("merged", Idea.objects.order_by("at", "pk"), to_attr="others"))
        .order_by("-at", "pk")
    )


def idea(room: Room, pk: UUID) -> Idea:
    """Fetch one of them; one that was merged has no address of its own any more."""
    found = ideas(room).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def mergeable(room: Room, with_idea: Idea) -> list[Idea]:
    """List the ideas into which another one can be merged."""
    return list(ideas(room).exclude(pk=with_idea.pk))
