"""The written sentence follows from head counts by rule."""

from itertools import product

import pytest
from django.utils import translation

from insights.measures import Direction, direction, turnout


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([], Direction.NOT_STARTED),
        ([8], Direction.BEGINNING),
        ([8, 2], Direction.BEGINNING),
        ([8, 8, 8], Direction.STEADY),
        ([8, 0, 7], Direction.STEADY),
        ([8, 0, 6], Direction.FEWER),
        ([4, 9, 8], Direction.MORE),
        ([8, 7, 6, 5], Direction.FEWER),
        ([0, 0, 0], Direction.STEADY),
        ([0, 0, 1], Direction.MORE),
    ],
)
def test_the_direction_compares_the_first_half_with_the_last(counts, said):
    assert direction(counts) == said


def test_no_sentence_claims_a_direction_that_the_halves_do_not_show():
    for counts in product(range(0, 11, 2), repeat=4):
        before, now = counts[0] + counts[1], counts[2] + counts[3]
        said = direction(list(counts))
        assert said in {Direction.MORE, Direction.STEADY, Direction.FEWER}
        assert (said == Direction.MORE) <= (now > before)
        assert (said == Direction.FEWER) <= (now < before)


def test_the_size_is_said_in_words_in_both_languages():
    seen = turnout(9, [8, 8, 7])
    with translation.override("en"):
        assert seen.size == "9 families joined. About 8 come each time."
        assert turnout(1, [1]).size == "1 family joined. About 1 comes each time."
    with translation.override("es"):
        assert seen.size == "Se unieron 9 familias. Vienen unas 8 cada vez."


def test_how_many_were_held_is_said_in_words_and_all_ten_in_one():
    with translation.override("en"):
        assert [turnout(9, [8] * held).held for held in range(11)] == [
            "The first session is still to come.",
            "1 of ten sessions was held.",
            *[f"{held} of ten sessions were held." for held in range(2, 10)],
            "All ten sessions were held.",
        ]
    with translation.override("es"):
        assert [turnout(9, [8] * held).held for held in (9, 10)] == [
            "Ya se hicieron 9 de los diez encuentros.",
            "Ya se hicieron los diez encuentros.",
        ]
