"""Released results as every page, file and mail shows them: the same words everywhere, nothing finer behind them."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.utils.text import capfirst

from surveys import wording
from surveys.disclosure import BeforeAfter, Label
from surveys.models import Release, Wave

Kind = Wave.Kind


class Shown(NamedTuple):
    """One label of one fact: its words, and where the drawing puts it."""

    label: Label
    # Of a window: which one.
    window: int

    @property
    def words(self) -> str:
        """Return the share in words, or why nothing is shown."""
        return wording.share_in_words(self.label) if self.label.is_shown else wording.in_words(self.label)

    @property
    def answered(self) -> str:
        """Return about how many answered; nothing where too few did."""
        return wording.answered_in_words(self.label) if self.label.is_shown else ""

    @property
    def whole(self) -> str:
        """Return all of it in one phrase: "5 to 9 answered; more than half"."""
        return wording.in_words(self.label)


class Line(NamedTuple):
    """One fact of one question, as far as it was released: a label for each wave, in order."""

    question: str
    fact: str
    place: str
    construct: str
    labels: tuple[Shown, ...]
    same_people: bool
    # One of several answers, which says something only beside its question.
    is_option: bool = False

    @property
    def heading(self) -> str:
        """Return what is said, as it stands by itself."""
        return f"{self.question} {self.fact}" if self.is_option else capfirst(self.fact)

    @property
    def change(self) -> str | None:
        """Return rose, fell or about_the_same, where the same people answered before and after."""
        if len(self.labels) != 2:
            return None
        return BeforeAfter(self.labels[0].label, self.labels[1].label, self.same_people).change


class Survey(NamedTuple):
    """Before and after, side by side."""

    lines: list[Line]

    @property
    def is_compared(self) -> bool:
        """Say whether any line may speak of a change."""
        return any(line.same_people for line in self.lines)


class Results(NamedTuple):
    """All that a reader may know of a series today."""

    windows: list[int]
    evenings: list[Line]
    survey: Survey

    @property
    def is_empty(self) -> bool:
        """Say whether nothing was released yet."""
        return not (self.evenings or self.survey.lines)


def of_ring(ring: UUID) -> Results:
    """Return what was released of a series, in one query; the database keeps back what its reader may not see yet."""
    return of_rings([ring])[ring]


def of_rings(rings: Collection[UUID]) -> dict[UUID, Results]:
    """Return the same of several series, in one query too."""
    of_each: dict[UUID, list[Release]] = {ring: [] for ring in rings}
    for row in Release.objects.filter(wave__ring__in=rings).select_related("wave", "item", "option"):
        of_each[row.wave.ring_id].append(row)
    return {ring: side_by_side(rows) for ring, rows in of_each.items()}


def side_by_side(rows: Iterable[Release]) -> Results:
    """Return the released rows of one series as its pages show them."""
    rows = sorted(rows, key=lambda row: (row.item.number, row.option.number if row.option else 0, row.wave.number))
    windows = sorted({row.wave.number for row in rows if row.wave.kind == Kind.WINDOW})
    evenings = lines((row for row in rows if row.wave.kind == Kind.WINDOW), windows)
    both = [row for row in rows if row.wave.kind in (Kind.BEFORE, Kind.AFTER)]
    for row in both:
        row.wave.number = 1 if row.wave.kind == Kind.BEFORE else 2
    return Results(windows, evenings, Survey(lines(both, [1, 2])))


def lines(rows: Iterable[Release], numbers: list[int]) -> list[Line]:
    """Return a line for each fact, with its label in each of these waves where it has one."""
    facts: dict[tuple, dict[int, Release]] = {}
    for row in rows:
        facts.setdefault((row.item.slug, row.option and row.option.value), {})[row.wave.number] = row
    return [line(found, numbers) for found in facts.values()]


def line(found: dict[int, Release], numbers: list[int]) -> Line:
    """Return one fact; an item that a later version of its questions lacks has fewer labels."""
    newest = found[max(found)]
    return Line(
        question=newest.item.text,
        fact=newest.option.text if newest.option else newest.item.fact,
        place=newest.item.place,
        construct=newest.item.construct,
        labels=tuple(Shown(Label(found[n].n_band, found[n].band), n) for n in numbers if n in found),
        same_people=all(row.basis == Release.Basis.BOTH_TIMES for row in found.values()),
        is_option=newest.option is not None,
    )
