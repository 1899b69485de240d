"""What may leave a group (trust P1-P15): counts and sheets go in, coarse labels come out.

Nothing here knows a person, a form or a row. Every figure a leader, a family or a district reads is made by these
functions and by no others; what they promise is shown in tests/surveys/test_disclosure_attacks.py.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

# Printed on each release; a change of any rule below is a new version.
POLICY_VERSION = 1

MIN_N = 5  # P2
MIN_N_OF_A_PART = 20  # P10, for what only some are asked
MIN_POOLED_UNITS, MIN_POOLED_PEOPLE = 2, 10  # P9
MIN_ENROLLED_TO_BREAK_DOWN, MIN_ENROLLED_IN_A_BLOCK = 20, 10  # P10

CHECKINS = (1, 3, 9)  # P1
RELEASE_WEEKDAY, RELEASE_HOUR = 0, time(9)  # P7: a Monday, counted from 0
LEADERS_WAIT = timedelta(hours=48)  # P7
SURVEY_CLOSES_AT = time(20)  # P7
PRE_OPEN_AFTER_FIRST = timedelta(days=7)  # P7
POST_STAYS_OPEN = timedelta(days=14)  # P7 allows 7 to 21
CONSULTATION_SHORTEST = timedelta(hours=48)  # P7

COMMENTS_TOGETHER = 3  # P12
THEME_AUTHORS, THEME_VETO = 3, timedelta(hours=72)  # P12
EVALUATOR_MERGES_UNDER = 3  # P14


# P4: the ladder.


class Rung(NamedTuple):
    """A row of the ladder: from `least` answers on, n is rounded to `step` and bands end at `cuts` per cent."""

    least: int
    step: int
    cuts: tuple[int, ...]


TENS = (10, 20, 30, 40, 50, 60, 70, 80, 90)
LADDER = (
    Rung(300, 10, (1, *TENS, 99)),
    Rung(150, 10, (2, *TENS, 98)),
    Rung(60, 5, (5, *TENS, 95)),
    Rung(30, 5, TENS),
    Rung(15, 5, (20, 40, 60, 80)),
)
# Below it n is a range, and the bands have names; here with what they span, in per cent, for those who draw them.
NAMED_BANDS = {
    "fewer_than_half": (0, 50),
    "half": (50, 50),
    "more_than_half": (50, 100),
    "third_or_fewer": (0, 33),
    "between_thirds": (33, 67),
    "two_thirds_or_more": (67, 100),
}


@dataclass(frozen=True)
class Label:
    """All that is ever stored or shown of a fact: about how many answered, and within which band they said yes.

    `n_band` is "5-9", "10-14", or n rounded ("15", "20"...); `band` a name, or its ends in per cent ("20-40").
    """

    n_band: str
    band: str

    @property
    def is_shown(self) -> bool:
        """Say whether there is anything to show."""
        return bool(self.band)

    @property
    def edges(self) -> tuple[int, int]:
        """Return the ends of the band in per cent; bands of one rung sort by them."""
        low, high = NAMED_BANDS.get(self.band) or self.band.split("-")
        return int(low), int(high)


NOT_ENOUGH = Label("not_enough", "")
# Not asked of everybody: how many were asked is itself an answer, so one and the same label whatever the number.
HELD_BACK = Label("held_back", "")


def label(yes: int, n: int) -> Label:
    """Return the label of a fact to which `yes` of `n` people said yes.

    A share on the end of two bands belongs to the one farther from the middle, and half of a group to "50-60".
    """
    if not 0 <= yes <= n:
        raise ValueError("More people said yes than answered.")
    if n < MIN_N:
        return NOT_ENOUGH
    if n < 10:
        sign = (2 * yes > n) - (2 * yes < n)
        return Label("5-9", ("half", "more_than_half", "fewer_than_half")[sign])
    if n < 15:
        sign = (3 * yes >= 2 * n) - (3 * yes <= n)
        return Label("10-14", ("between_thirds", "two_thirds_or_more", "third_or_fewer")[sign])
    rung = next(rung for rung in LADDER if n >= rung.least)
    passed = sum(100 * yes > cut * n if cut < 50 else 100 * yes >= cut * n for cut in rung.cuts)
    ends = (0, *rung.cuts, 100)
    return Label(str((n + rung.step // 2) // rung.step * rung.step), f"{ends[passed]}-{ends[passed + 1]}")


# P3: what is asked of a sheet.

# One option, several, or None for who would rather not answer, and who was not asked.
Answer = str | Collection[str] | None
# The code of the one fact of an item; where several options may be chosen, each option is a fact under its value.
THE_FACT = ""


@dataclass(frozen=True)
class ItemDefinition:
    """What disclosure must know of an item: fixed in the version of its instrument.

    Its one fact is whether the answer is among the `favourable`: agreeing, at least weekly, this option. "several"
    must take any number of its options: with "two at most" the labels of some would give another away. An item is
    `asked_of_all` where nothing but one's own wish leaves it empty.
    """

    kind: Literal["scale", "choice", "several", "number", "text"]
    options: tuple[str, ...] = ()
    favourable: frozenset[str] = frozenset()
    asked_of_all: bool = True


class Fact(NamedTuple):
    """A question of yes or no about a sheet: is one of these answers on it?"""

    code: str
    options: frozenset[str]

    def is_true_of(self, answer: Answer) -> bool:
        """Say whether this answer is a yes."""
        return answer in self.options if isinstance(answer, str) else not self.options.isdisjoint(answer)


def facts_of(item: ItemDefinition) -> tuple[Fact, ...]:
    """Return the facts by which an item is released: one, or one per option where several may be chosen, or none."""
    if item.kind == "several":
        return tuple(Fact(option, frozenset([option])) for option in item.options)
    favourable = item.favourable & frozenset(item.options)
    # A question to which every answer is a yes, or a no, asks nothing.
    if item.kind not in ("scale", "choice") or len(favourable) in (0, len(item.options)):
        return ()
    return (Fact(THE_FACT, favourable),)


def is_enough(item: ItemDefinition, n: int, *, sheets: int) -> bool:
    """Say whether an item that `n` of these sheets answer may be shown: by the numbers, never by the answers.

    Of a part, 20 must have answered (P10) and 5 not: with nobody outside it, being in the part is unanimous.
    """
    if item.asked_of_all:
        return n >= MIN_N
    return n >= MIN_N_OF_A_PART and sheets - n >= MIN_N


def labels_of(item: ItemDefinition, answers: Collection[Answer]) -> dict[str, Label]:
    """Return the label of each fact of an item, given its answers on all sheets of a wave, one sheet a person."""
    given = [answer for answer in answers if answer]
    facts = facts_of(item)
    if not is_enough(item, len(given), sheets=len(answers)):
        return dict.fromkeys((fact.code for fact in facts), NOT_ENOUGH if item.asked_of_all else HELD_BACK)
    return {fact.code: label(sum(map(fact.is_true_of, given)), len(given)) for fact in facts}


def latest_answers(forms: Iterable[Mapping[Hashable, Answer]]) -> dict[Hashable, Answer]:
    """Return one answer a person to an item, from the forms of a window in order: the latest that was given (P1)."""
    latest: dict[Hashable, Answer] = {}
    for answers in forms:
        latest |= {person: answer for person, answer in answers.items() if answer or person not in latest}
    return latest


# P8: before and after.

Change = Literal["rose", "fell", "about_the_same"]


@dataclass(frozen=True)
class BeforeAfter:
    """A fact in the pre and in the post survey, of the same people or else of each survey's own, never of both."""

    before: Label
    after: Label
    same_people: bool

    @property
    def change(self) -> Change | None:
        """Return what the two labels show; nothing where the people are not the same."""
        if not (self.same_people and self.before.is_shown and self.after.is_shown):
            return None
        if self.before.edges == self.after.edges:
            return "about_the_same"
        return "rose" if self.before.edges < self.after.edges else "fell"


def before_and_after(
    item: ItemDefinition, before: Mapping[Hashable, Answer], after: Mapping[Hashable, Answer]
) -> dict[str, BeforeAfter]:
    """Return each fact of an item before and after, from answers by pair; to be called once both waves are sealed.

    Where enough people answered both times, theirs are used and every other sheet is left out.
    """
    pairs = [(before[pair], after[pair]) for pair in before.keys() & after.keys()]
    both = [answers if all(answers) else (None, None) for answers in pairs]
    same_people = is_enough(item, sum(all(answers) for answers in both), sheets=len(both))
    if same_people:
        waves = [labels_of(item, [answers[wave] for answers in both]) for wave in (0, 1)]
    else:
        waves = [labels_of(item, before.values()), labels_of(item, after.values())]
    return {code: BeforeAfter(waves[0][code], waves[1][code], same_people) for code in waves[0]}


# P9 and P10: several groups.

# The one block of what is not broken down.
WHOLE = ""


def pool(units: Mapping[Hashable, tuple[int, int]]) -> dict[frozenset[Hashable], Label]:
    """Return the label of each population made of these units, given (yes, n) of each; all are disjoint.

    Units too small to be shown make one population together if that is allowed. No total stands beside it.
    """
    small = frozenset(unit for unit, (_yes, n) in units.items() if n < MIN_N)
    together = len(small) >= MIN_POOLED_UNITS and sum(units[unit][1] for unit in small) >= MIN_POOLED_PEOPLE
    populations = [frozenset([unit]) for unit in units if not (together and unit in small)]
    populations += [small] if together else []
    return {people: label(*map(sum, zip(*(units[unit] for unit in people), strict=True))) for people in populations}


def may_publish(population: Collection[Hashable], published: Iterable[Collection[Hashable]]) -> bool:
    """Say whether a population may be published for an item beside others: one of them again, or disjoint from all."""
    people = frozenset(population)
    return all(people == frozenset(other) or people.isdisjoint(other) for other in published)


def count_labels(labels: Iterable[Label]) -> dict[Label, int]:
    """Return in how many groups each band was released, from the lowest, those with nothing to show last.

    All that a district sees. How many answered is left out: by it a group of a rare size would be known.
    """
    bands = Counter(Label("", one.band) if one.is_shown else one for one in labels)
    return dict(sorted(bands.items(), key=lambda entry: (not entry[0].is_shown, entry[0].is_shown and entry[0].edges)))


def may_break_down(enrolled: Mapping[str, int], *, has_begun: bool, is_broken_down: bool) -> bool:
    """Say whether a series may be broken down into blocks of this many enrolled: once, and before its first wave."""
    return (
        not has_begun
        and not is_broken_down
        and len(enrolled) >= 2
        and sum(enrolled.values()) >= MIN_ENROLLED_TO_BREAK_DOWN
        and min(enrolled.values()) >= MIN_ENROLLED_IN_A_BLOCK
    )


def labels_in_blocks(item: ItemDefinition, blocks: Mapping[str, Collection[Answer]]) -> dict[str, dict[str, Label]]:
    """Return the labels of each block, or of all as one where a block has too few answers: never of both."""
    answered = {block: sum(map(bool, answers)) for block, answers in blocks.items()}
    if all(is_enough(item, n, sheets=len(blocks[block])) for block, n in answered.items()):
        return {block: labels_of(item, answers) for block, answers in blocks.items()}
    return {WHOLE: labels_of(item, [answer for answers in blocks.values() for answer in answers])}


# P7: when. A weekly form's closing is dialogue_series.schedule.closes_at; a wave closes with its last form.


def window_of(session: int, checkins: tuple[int, ...] = CHECKINS) -> int:
    """Return which window an evening's form belongs to, from 1: {1}, {2,3}, {4..9}, {10} by default (P1)."""
    return bisect_left(checkins, session) + 1


def pre_closes_at(first_ends: datetime, second_on: date, zone: str) -> datetime:
    """Return when the pre survey closes: 20:00 on the eve of session 2, or 7 days after session 1 if later."""
    eve = _instant(second_on - timedelta(days=1), SURVEY_CLOSES_AT, zone)
    return max(eve, first_ends.astimezone(UTC) + PRE_OPEN_AFTER_FIRST)


def post_closes_at(opens: datetime, zone: str) -> datetime:
    """Return when the post survey closes: 20:00 on the fourteenth day."""
    return _instant(opens.astimezone(ZoneInfo(zone)).date() + POST_STAYS_OPEN, SURVEY_CLOSES_AT, zone)


def families_release_at(closed_at: datetime, zone: str) -> datetime:
    """Return when families see a wave: the first Monday, 09:00 at the school, after its close."""
    monday = _next_nine(closed_at, zone)
    while monday.astimezone(ZoneInfo(zone)).weekday() != RELEASE_WEEKDAY:
        monday = _next_nine(monday, zone)
    return monday


def consultation_release_at(closed_at: datetime, zone: str) -> datetime:
    """Return when the group sees the result of its consultation: the next 09:00 at the school."""
    return _next_nine(closed_at, zone)


def leaders_release_at(families_at: datetime) -> datetime:
    """Return when leaders, or the board, see what families have seen for 48 hours.

    True hours: over a night on which the clock changes it is 08:00 or 10:00, never an hour less for the families.
    """
    return families_at.astimezone(UTC) + LEADERS_WAIT


def _next_nine(after, zone):
    day = after.astimezone(ZoneInfo(zone)).date()
    nine = _instant(day, RELEASE_HOUR, zone)
    return nine if nine > after else _instant(day + timedelta(days=1), RELEASE_HOUR, zone)


def _instant(on, at, zone):
    return datetime.combine(on, at, tzinfo=ZoneInfo(zone)).astimezone(UTC)


# P11: help asked for.


def help_label(people: int) -> Literal["named", "a_few"]:
    """Say whether a kind of help is named, given how many different people asked for it; the same for 0 to 4."""
    return "named" if people >= MIN_N else "a_few"


def arranged(asked: int, met: int) -> Literal["yes", "partly", "no"]:
    """Say in a word how much of the help asked for was arranged."""
    if met >= asked:
        return "yes"
    return "partly" if met else "no"
