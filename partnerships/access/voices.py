"""What was written in a room, for those who are in it; who wrote it without a name, nobody is told."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from partnerships.access.spaces import Room
from partnerships.models import Authorship, Post, Reaction, Reply, Translation

Words = Post | Reply


def posts(room: Room) -> QuerySet[Post]:
    """Return the posts of a room, newest first, each with its numbers and whether the reader gave a reaction."""
    reactions = Reaction.objects.filter(post=OuterRef("pk"))
    numbers = {kind: counted(reactions.filter(kind=kind)) for kind in Reaction.Kind}
    own = {f"gave_{kind}": Exists(reactions.filter(kind=kind, person=room.person)) for kind in Reaction.Kind}
    answers = Reply.objects.filter(post=OuterRef("pk"), hidden_at=None, deleted_at=None)
    found = Post.objects.filter(**room.place).annotate(answers=counted(answers), **numbers, **own)
    return _as_read(found, room, "post").order_by("-at", "-pk")


def counted(rows: QuerySet) -> Coalesce:
    """Return how many of these rows a post has."""
    return Coalesce(Subquery(rows.order_by().values("post").annotate(number=Count("pk")).values("number")), 0)


def thread(room: Room, post: UUID) -> Post:
    """Fetch one post of a room."""
    return _first_or_404(posts(room).filter(pk=post))


def replies(room: Room, post: Post) -> QuerySet[Reply]:
    """Return the answers to a post, in the order in which they were given."""
    return _as_read(Reply.objects.filter(post=post), room, "reply").order_by("at", "pk")


def readable_post(room: Room, post: UUID) -> Post:
    """Fetch a post whose words are still there for the group."""
    return _first_or_404(posts(room).filter(hidden_at=None, deleted_at=None, pk=post))


def words(room: Room, post: UUID, reply: UUID | None) -> Words:
    """Fetch a text that was not taken back: a post, or the answer to it that is named."""
    found = thread(room, post)
    if reply:
        found = _first_or_404(replies(room, found).filter(pk=reply))
    if found.deleted_at is not None:
        raise Http404
    return found


def own_words(room: Room, post: UUID, reply: UUID | None) -> Words:
    """Fetch a text of the reader's own."""
    found = words(room, post, reply)
    if not found.is_mine:
        raise Http404
    return found


def readable_words(room: Room, post: UUID, reply: UUID | None) -> Words:
    """Fetch a text whose words are still there for the group."""
    found = words(room, post, reply)
    if not found.is_readable:
        raise Http404
    return found


def hidden_words(room: Room) -> list[Words]:
    """List the texts of a room that were hidden and not taken back, newest first."""
    hidden = {"hidden_at__isnull": False, "deleted_at": None}
    answers = Reply.objects.filter(post__in=Post.objects.filter(**room.place), **hidden)
    found = [*posts(room).filter(**hidden), *_as_read(answers, room, "reply")]
    return sorted(found, key=lambda text: text.hidden_at, reverse=True)


def may_review(room: Room, text: Words) -> bool:
    """Say whether the reader may review translations of a text: its writer, and whoever facilitates."""
    return text.is_mine or room.is_led


def translations_to_review(room: Room, text: Words) -> list[Translation]:
    """List the translations of a text that wait for a review, for whoever may review; none for everybody else."""
    if not has_to_review(room, text):
        return []
    waiting = text.translations.filter(_others(room), reviewed_at=None)
    if text.reviewed:
        waiting = waiting.filter(at__gt=text.reviewed[0].reviewed_at)
    return list(waiting.select_related("by").order_by("at", "pk"))


def has_to_review(room: Room, text: Words) -> bool:
    """Say whether a translation newer than the one beside the text waits for this reader's review.

    Its writer reviews, and whoever facilitates.
    """
    if text.waiting_at is None or not (text.is_mine or room.is_led):
        return False
    return not text.reviewed or text.waiting_at > text.reviewed[0].reviewed_at


def own_translation(room: Room, text: Words) -> Translation | None:
    """Return the translation of a text that the reader wrote herself."""
    return text.translations.filter(by=room.person).exclude(text="").first()


def _others(room):
    """Return what is true of other people's translations.

    Whoever wrote without her name must not accept her own: that it is accepted at once would say whose the text is.
    """
    return ~Q(by=room.person) & ~Q(text="")


def _as_read(texts, room, kind):
    """Add to texts whether they are the reader's own, who signed or hid them, and what there is of translations."""
    own = Authorship.objects.filter(person=room.person, **{kind: OuterRef("pk")})
    waiting = Translation.objects.filter(_others(room), reviewed_at=None, **{kind: OuterRef("pk")}).order_by("-at")
    beside = Translation.objects.filter(reviewed_at__isnull=False).exclude(text="").order_by("-reviewed_at", "pk")
    return (
        texts.select_related("signed_by", "hidden_by")
        .annotate(is_mine=Exists(own), waiting_at=Subquery(waiting.values("at")[:1]))
        .prefetch_related(Prefetch("translations", beside, to_attr="reviewed"))
    )


def _first_or_404(found):
    one = found.first()
    if one is None:
        raise Http404
    return one
