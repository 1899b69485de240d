"""What a member tried, and the worker's list of what waits to be tried."""

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from partnerships.access.spaces import Room
from partnerships.models import Agreement, DoorTrial, Group, Idea, Post, Quote, Reply, Theme, Translation

# A worker that was away this long was away: nobody waits for this answer any more.
LASTS = timedelta(minutes=10)


def last_trial(room: Room) -> DoorTrial | None:
    """Return what the person tried last in this group."""
    return DoorTrial.objects.filter(group=room.group, person=room.person).order_by("-asked_at", "pk").first()


def waiting_trials(*, at: datetime) -> QuerySet[DoorTrial]:
    """Return the tries that wait for the worker."""
    return DoorTrial.objects.filter(answered_at=None, asked_at__gt=at - LASTS).order_by("asked_at", "pk")


def parts_of_addresses(group: Group) -> dict[str, dict]:
    """Return what can stand in the addresses of a group, of its space and of its series, as whoever acts reads it."""
    # The series lies a floor above: its key is all that an address needs.
    return {
        "g": {"group": group.pk, **written_in(group=group)},
        "space": {"school": group.space.school.slug, **written_in(group=None, space=group.space)},
        "s": {"series": group.series.pk, "number": 1, "when": "before", "paper": "letter"},
        "school": {"school": group.space.school.slug},
        "seats": {"school": group.space.school.slug},
    }


def written_in(**place) -> dict:
    """Return the newest of each kind that is written in a place, by the name that addresses use; one's own first."""
    own_first = (F("authorship").desc(nulls_last=True), "-at")
    posts = Post.objects.filter(**place, deleted_at=None, hidden_at=None)
    reply = Reply.objects.filter(post__in=posts, deleted_at=None, hidden_at=None).order_by(*own_first).first()
    agreement = Agreement.objects.filter(group=place["group"], agreed_at__isnull=False).order_by("-version").first()
    found = {
        "post": reply.post if reply else posts.order_by(*own_first).first(),
        "reply": reply,
        "agreement": agreement,
        "translation": Translation.objects.filter(agreement__group=place["group"]).order_by("-at").first(),
        "idea": Idea.objects.filter(**place, merged_into=None).order_by("-at").first(),
        "quote": Quote.objects.filter(post__in=posts).order_by("-asked_at").first(),
        "theme": Theme.objects.filter(group=place["group"]).order_by("-shown_at").first(),
    }
    return {name: row.pk for name, row in found.items() if row}
