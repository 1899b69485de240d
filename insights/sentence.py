"""The leader's written sentence, by rule: whether families come, one thing that rose and one that fell.

Each part says what its labels show and no more: a part that they do not carry is left out.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from insights.measures import Direction
from surveys.models import Item
from surveys.results import Line

Construct, Place = Item.Construct, Item.Place
# What the four rows of "What changed" are about, in the order of the page; chosen by subject, never by success.
SUBJECTS = (
    lambda line: line.place == Place.HOME,
    lambda line: line.place == Place.STAFF and line.construct == Construct.CONFIDENCE,
    lambda line: line.construct == Construct.INCLUSIVENESS,
    lambda line: line.construct == Construct.ADVOCACY,
)


def rows_of_change(lines: Sequence[Line]) -> list[Line]:
    """Return at most four facts of a survey: the first on each subject that it asks about."""
    found = [next(filter(subject, lines), None) for subject in SUBJECTS]
    return [line for line in found if line is not None]


def written(direction: Direction, rows: Sequence[Line]) -> str:
    """Return the sentence: how families come, and of these rows the first that rose and the first that fell."""
    more = next((row.fact for row in rows if row.change == "rose"), "")
    fewer = next((row.fact for row in rows if row.change == "fell"), "")
    return " ".join(filter(None, [str(direction.label), changed(more, fewer)]))


def changed(more: str, fewer: str) -> str:
    """Say what more and what fewer of those who answered both times say now; nothing where there is neither."""
    if more and fewer:
        return _("More now %(more)s; fewer %(fewer)s.") % {"more": more, "fewer": fewer}
    if more:
        return _("More now %(more)s.") % {"more": more}
    if fewer:
        return _("Fewer now %(fewer)s.") % {"fewer": fewer}
    return ""
