"""The leader's written sentence over every combination of labels, in both languages: it claims no more than they do."""

from itertools import product

import pytest
from django.utils import translation

from insights.measures import Direction
from insights.sentence import rows_of_change, written
from surveys.disclosure import HELD_BACK, NOT_ENOUGH, label
from surveys.results import Line, Shown

# Every label that there is, with the lowest and the highest share that can stand behind it, per number who answered.
NUMBERS = (5, 6, 7, 8, 9, 10, 14, 15, 29, 30, 59, 60, 149, 150, 299, 300)
LANGUAGES = {
    "es": ("Ahora más personas", "Ahora menos personas", "; menos "),
    "en": ("More now", "Fewer now", "; fewer "),
}


def line(before, after, same_people=True, fact="hacen algo", place="home", construct=""):
    return Line("?", fact, place, construct, (Shown(before, 1), Shown(after, 2)), same_people)


def labels_of(n):
    """Return each label of n people with every count that it may stand for."""
    found = {}
    for yes in range(n + 1):
        found.setdefault(label(yes, n), []).append(yes)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("n", NUMBERS)
def test_more_and_fewer_are_said_only_where_every_count_behind_the_labels_says_so(n, language):
    more, fewer, _both = LANGUAGES[language]
    with translation.override(language):
        for (before, befores), (after, afters) in product(labels_of(n).items(), repeat=2):
            for direction in Direction:
                said = written(direction, [line(before, after)])
                assert said.startswith(str(direction.label))
                if more in said.removeprefix(str(direction.label)):
                    assert max(befores) < min(afters)
                elif fewer in said.removeprefix(str(direction.label)):
                    assert min(befores) > max(afters)
                else:
                    assert (before, said) == (after, str(direction.label))


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_different_people_or_of_what_is_kept_private_nothing_is_said(language):
    shown = [*labels_of(8), *labels_of(12), *labels_of(40)]
    hidden = [NOT_ENOUGH, HELD_BACK]
    pairs = [(one, other, False) for one, other in product(shown, repeat=2)]
    pairs += [(one, other, same) for one, other in product(shown, hidden) for same in (True, False)]
    pairs += [(other, one, True) for one, other in product(shown, hidden)] + [(*hidden, True)]
    with translation.override(language):
        for before, after, same_people in pairs:
            for direction in Direction:
                assert written(direction, [line(before, after, same_people)]) == str(direction.label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_four_rows_one_that_rose_and_one_that_fell_are_named_each_by_its_own_words(language):
    low, middle, high = label(1, 8), label(4, 8), label(7, 8)
    more, fewer, both = LANGUAGES[language]
    with translation.override(language):
        for changes in product(((low, high), (high, low), (middle, middle)), repeat=4):
            rows = [line(*change, fact=f"dicen {number}") for number, change in enumerate(changes)]
            rose = [f"dicen {number}" for number, change in enumerate(changes) if change == (low, high)]
            fell = [f"dicen {number}" for number, change in enumerate(changes) if change == (high, low)]
            said = written(Direction.STEADY, rows).removeprefix(f"{Direction.STEADY.label}").strip()
            expected = {
                (True, True): f"{more} {rose[:1] and rose[0]}{both}{fell[:1] and fell[0]}.",
                (True, False): f"{more} {rose[:1] and rose[0]}.",
                (False, True): f"{fewer} {fell[:1] and fell[0]}.",
                (False, False): "",
            }
            assert said == expected[bool(rose), bool(fell)]


def test_the_four_rows_are_chosen_by_subject_whatever_was_answered():
    subjects = [("home", "frequency"), ("home", "understanding"), ("staff", "frequency"), ("staff", "confidence")]
    subjects += [("", "ideas"), ("", "inclusiveness"), ("", "inclusiveness"), ("", "advocacy")]
    for labels in ((label(8, 8), label(0, 8)), (label(0, 8), label(8, 8)), (NOT_ENOUGH, NOT_ENOUGH)):
        lines = [line(*labels, fact=str(n), place=p, construct=c) for n, (p, c) in enumerate(subjects)]
        assert [row.fact for row in rows_of_change(lines)] == ["0", "3", "5", "7"]
    assert rows_of_change([]) == []
