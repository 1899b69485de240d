"""Words asked for: as whoever facilitates sees them, whoever wrote them, and those they were let out to."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest

from accounts.models import Membership, School
from partnerships.access.spaces import Room, group_room, space_room
from partnerships.models import Quote, SharedQuote, Translation

Kind = Membership.Kind
# The principal and the council, each by the role in which the page runs.
READERS = {
    "leader": (Kind.LEADER, Kind.PRINCIPAL_SEAT),
    "board": (Kind.PARENT_SEAT, Kind.COMMUNITY_SEAT, Kind.TEACHER_SEAT, Kind.STAFF_SEAT, Kind.STUDENT_SEAT),
}


def asked_of(room: Room) -> list[Quote]:
    """List what the reader herself is asked about her own words in this room, and what she let out of it."""
    return list(
        Quote.objects.filter(
            Q(answered_at=None, post__hidden_at=None) | Q(for_leaders=True) | Q(for_public=True),
            post__space=room.space,
            post__group=room.group,
            post__authorship__person=room.person,
            post__deleted_at=None,
            withdrawn_at=None,
        ).order_by("asked_at", "pk")
    )


def quotes(room: Room) -> list[Quote]:
    """List, for whoever facilitates, all that was asked for in a room, newest first; whose words, no page knows."""
    found = Quote.objects.filter(post__space=room.space, post__group=room.group)
    return list(found.select_related("post").order_by("-asked_at", "pk"))


def own_quote(request: HttpRequest, pk: UUID) -> tuple[Quote, Room]:
    """Fetch a question about the reader's own words, and the room that they stand in; for nobody else is there one.

    Whoever facilitates reads the row too, so that her page asks for her own authorship, which only she can see.
    """
    found = Quote.objects.filter(pk=pk, post__authorship__person=request.person)
    quote = found.select_related("post__space__school", "post__group").first()
    if quote is None:
        raise Http404
    post = quote.post
    return quote, group_room(request, post.group_id) if post.group_id else space_room(request, post.space.school.slug)


def translation_of(quote: Quote) -> Translation | None:
    """Return the reviewed translation that goes along: only where the whole post is asked for, or it would say more."""
    if quote.words != quote.post.text:
        return None
    found = Translation.objects.filter(post=quote.post, reviewed_at__isnull=False).exclude(text="")
    return found.order_by("-reviewed_at", "pk").first()


def shared_words(request: HttpRequest, slug: str) -> tuple[School, list[SharedQuote]]:
    """Return a school and the words let out to its leaders and council, for those who lead it or sit there."""
    school = School.objects.filter(slug=slug, pk__in=request.held.schools(*READERS[request.audience])).first()
    if school is None:
        raise Http404
    return school, list(SharedQuote.objects.filter(school=school, for_leaders=True).order_by("-shared_at", "pk"))
