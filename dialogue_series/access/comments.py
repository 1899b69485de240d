"""Free lines of a series, for whoever facilitates its group and nobody else; the database keeps all others back."""

from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest

from dialogue_series.access.families import first_or_404
from dialogue_series.models import Series
from partnerships.access.spaces import Room, group_room, led
from surveys.models import Comment, CommentBatch


def led_series(request: HttpRequest, pk: UUID) -> tuple[Series, Room]:
    """Fetch a series, and the room of its group, for whoever facilitates it; looked for again in the end."""
    series = first_or_404(Series.objects.filter(pk=pk, published_at__isnull=False))
    return series, led(group_room(request, series.group_id))


def batches(series: Series) -> list[CommentBatch]:
    """List what was opened together, newest first; within each the order of its random keys, the same for ever."""
    lines = Prefetch("comments", Comment.objects.order_by("pk"), to_attr="lines")
    found = CommentBatch.objects.filter(ring=series.ring_id).prefetch_related(lines)
    return list(found.order_by("-number"))
