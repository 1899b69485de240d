"""Themes of a group for its members, what they can be made from for whoever facilitates, and what the school reads."""

from uuid import UUID

from django.http import Http404, HttpRequest

from accounts.models import School
from partnerships.access.quotes import READERS
from partnerships.access.spaces import Room
from partnerships.models import Post, SharedTheme, Theme

# So many posts are offered to make a theme from: more than a series of ten evenings writes.
MOST_POSTS = 200


def themes(room: Room) -> list[Theme]:
    """List the themes of a group, newest first."""
    return list(Theme.objects.filter(group=room.group).order_by("-shown_at", "pk"))


def theme(room: Room, pk: UUID) -> Theme:
    """Fetch one of them."""
    found = Theme.objects.filter(group=room.group, pk=pk).first()
    if found is None:
        raise Http404
    return found


def signed_posts(room: Room) -> list[Post]:
    """List what was written in a group with a name, newest first: what has none is counted by nobody."""
    found = Post.objects.filter(**room.place, signed_by__isnull=False, hidden_at=None, deleted_at=None)
    return list(found.select_related("signed_by").order_by("-at", "pk")[:MOST_POSTS])


def shared_themes(request: HttpRequest, slug: str) -> tuple[School, list[SharedTheme]]:
    """Return a school and the themes sent to it, for those who lead it or sit on its council."""
    school = School.objects.filter(slug=slug, pk__in=request.held.schools(*READERS[request.audience])).first()
    if school is None:
        raise Http404
    return school, list(SharedTheme.objects.filter(school=school).order_by("-sent_at", "pk"))
