"""Scores of a sheet on the constructs that the series is about: for the evaluator's file alone.

No page shows a score: a group this small carries neither a mean nor a test of significance (trust P4, P14).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class ScaleItem:
    """An item that measures a construct: its answers from least to most, in the direction of its own words."""

    slug: str
    options: tuple[str, ...]
    construct: str = ""
    # At home or with school staff, where a construct is asked of both.
    place: str = ""
    # Agreeing with it says less of the construct, not more.
    is_reversed: bool = False


def usually_favourable(item: ScaleItem) -> frozenset[str]:
    """Return the answers that count as favourable unless the instrument says otherwise: those above the middle one."""
    half = len(item.options) // 2
    return frozenset(item.options[:half] if item.is_reversed else item.options[len(item.options) - half :])


def item_score(item: ScaleItem, answer: str | None) -> int | None:
    """Return 1 for the least of the construct, one more for each step; nothing where nobody answered."""
    if answer is None:
        return None
    step = item.options.index(answer) + 1
    return len(item.options) + 1 - step if item.is_reversed else step


def construct_score(items: Sequence[ScaleItem], answers: Mapping[str, str | None]) -> Fraction | None:
    """Return the mean of a sheet's item scores, if at least half of the construct's items were answered.

    Raises ValueError for items whose scales differ in length: their mean would weigh them by their length.
    """
    if len({len(item.options) for item in items}) != 1:
        raise ValueError("The items of a construct need scales of one length.")
    scores = [score for item in items if (score := item_score(item, answers.get(item.slug))) is not None]
    return Fraction(sum(scores), len(scores)) if 2 * len(scores) >= len(items) else None


def scores_of(items: Sequence[ScaleItem], answers: Mapping[str, str | None]) -> dict[tuple[str, str], Fraction | None]:
    """Return a sheet's score on each construct and place that its instrument measures, in the instrument's order."""
    measured = dict.fromkeys((item.construct, item.place) for item in items if item.construct)
    return {
        key: construct_score([item for item in items if (item.construct, item.place) == key], answers)
        for key in measured
    }
