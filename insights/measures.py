"""The leader's written sentence, by rule, from head counts alone: it never claims more than they show."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from dialogue_series.schedule import SESSIONS_PER_SERIES

# Two evenings say little; a direction is named from the third on, comparing halves.
ALL_EVENINGS = 10
EVENINGS_FOR_A_DIRECTION = 3
# A change smaller than one family in eight is "keeps steady".
STEADY_WITHIN = 1 / 8


def window_words(number: int, checkins: list[int]) -> str:
    """Say which evenings a window holds: those since a conversation with the leaders, until the next."""
    starts = (1, *(evening + 1 for evening in checkins))
    ends = (*checkins, SESSIONS_PER_SERIES)
    first, last = starts[number - 1], ends[number - 1]
    if first == last:
        return gettext("After session %(number)s") % {"number": first}
    if last == first + 1:
        return gettext("After sessions %(first)s and %(last)s") % {"first": first, "last": last}
    return gettext("After sessions %(first)s to %(last)s") % {"first": first, "last": last}


class Direction(models.TextChoices):
    """Whether families come: what the sentence says first."""

    NOT_STARTED = "not_started", _("The sessions have not begun yet.")
    BEGINNING = "beginning", _("The sessions have begun.")
    MORE = "more", _("More families come now than at the start.")
    STEADY = "steady", _("Families keep coming.")
    FEWER = "fewer", _("Fewer families come now than at the start.")


class Turnout(NamedTuple):
    """How a series is attended: families who joined, the head count of each evening held, and the direction."""

    joined: int
    counts: tuple[int, ...]
    direction: Direction

    @property
    def usual(self) -> int:
        """Return about how many come: the average of the evenings held, rounded."""
        return round(sum(self.counts) / len(self.counts)) if self.counts else 0

    @property
    def size(self) -> str:
        """Say in words how many joined and about how many come."""
        joined = ngettext("%(count)d family joined.", "%(count)d families joined.", self.joined) % {
            "count": self.joined
        }
        if not self.usual:
            return joined
        came = ngettext("About %(count)d comes each time.", "About %(count)d come each time.", self.usual)
        return f"{joined} {came % {'count': self.usual}}"

    @property
    def held(self) -> str:
        """Say how many of the ten evenings were held."""
        if not self.counts:
            return gettext("The first session is still to come.")
        if len(self.counts) == ALL_EVENINGS:
            return gettext("All ten sessions were held.")
        held = ngettext("%(count)d of ten sessions was held.", "%(count)d of ten sessions were held.", len(self.counts))
        return held % {"count": len(self.counts)}


def turnout(joined: int, counts: list[int]) -> Turnout:
    """Return how a series is attended; `counts` are the head counts of the evenings held, in order."""
    return Turnout(joined, tuple(counts), direction(counts))


def direction(counts: list[int]) -> Direction:
    """Compare the first half of the evenings held with the second, leaving out the middle one of an odd number."""
    if not counts:
        return Direction.NOT_STARTED
    if len(counts) < EVENINGS_FOR_A_DIRECTION:
        return Direction.BEGINNING
    half = len(counts) // 2
    before, now = sum(counts[:half]), sum(counts[-half:])
    if abs(now - before) <= before * STEADY_WITHIN:
        return Direction.STEADY
    return Direction.MORE if now > before else Direction.FEWER
