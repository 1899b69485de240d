"""What the families of a group can still keep from the school: themes, and lines of talks with them. Worker only."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse

from dialogue_series.access.families import joined
from dialogue_series.models import Series
from insights.models import ReleasedLine
from partnerships.access.spaces import Role, open_places
from partnerships.models import Theme


class Waiting(NamedTuple):
    """Something that waits: of which series, until when, where it is read, and whether by those with a place too."""

    series: Series
    until: datetime
    path: str
    is_line: bool

    def people(self, *, at: datetime) -> set[UUID]:
        """Return the families who can keep it."""
        members = open_places(at=at).filter(group=self.series.group_id, role=Role.CAREGIVER)
        found = set(members.values_list("person", flat=True))
        # The page of a line opens to whoever holds a place, the group's own only to its members.
        return found | set(joined(self.series, at=at).values_list("pk", flat=True)) if self.is_line else found


def themes(*, at: datetime):
    """Return the themes that wait, without their words."""
    return Theme.objects.filter(is_kept=False, sent_at=None, shown_until__gt=at).only("group", "shown_until")


def lines(*, at: datetime):
    """Return the lines that wait, without their words."""
    found = ReleasedLine.objects.filter(is_kept=False, taken_back_at=None, out_at__gt=at)
    return found.only("series", "out_at")


def all_waiting(*, at: datetime) -> list[UUID]:
    """List all that waits."""
    return [one.pk for one in (*themes(at=at), *lines(at=at))]


def found(pk: UUID, *, at: datetime) -> Waiting | None:
    """Return one of them, or None where nothing waits any more."""
    if theme := themes(at=at).filter(pk=pk).first():
        series = Series.objects.select_related("school").get(group=theme.group_id)
        return Waiting(series, theme.shown_until, reverse("group_themes", args=[theme.group_id]), is_line=False)
    if line := lines(at=at).filter(pk=pk).first():
        series = Series.objects.select_related("school").get(pk=line.series_id)
        return Waiting(series, line.out_at, reverse("series_learning", args=[series.pk]), is_line=True)
    return None
