"""Scores against worked examples that others have published, each with its source."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.scoring import ScaleItem, construct_score, item_score, scores_of, usually_favourable

HOW_MUCH = ("not_at_all", "slightly", "moderately", "quite", "extremely")
FREQUENCY = ("never", "rarely", "sometimes", "often", "always")
FIVE = ("1", "2", "3", "4", "5")
FOUR = ("1", "2", "3", "4")


def items(count, options=FIVE, reverse=()):
    return [ScaleItem(f"q{number}", options, is_reversed=number in reverse) for number in range(1, count + 1)]


def sheet(*answers):
    """Answer q1, q2, ... in order; None for who would rather not."""
    return {f"q{number}": answer and str(answer) for number, answer in enumerate(answers, start=1)}


def test_a_reversed_item_is_scored_as_in_the_mean_of_three_of_cognisant():
    """Ocean eForms help, "Reverse Coding": answers 5, 4, 1, the first two reversed, mean 1.33.

    support.cognisantmd.com/hc/en-us/articles/231110068
    """
    score = construct_score(items(3, reverse=(1, 2)), sheet(5, 4, 1))
    assert (score, f"{float(score):.2f}") == (Fraction(4, 3), "1.33")


def test_words_are_scored_as_in_the_example_of_kidscreen():
    """KIDSCREEN, "Evaluation by hand": quite a bit fit is 4, often full of energy is 4, never sad (reversed) is 5.

    www.kidscreen.org/english/analysis/evaluation-by-hand/
    """
    fit = ScaleItem("fit", ("not_at_all", "slightly", "moderately", "quite_a_bit", "extremely"))
    energy, sad = ScaleItem("energy", FREQUENCY), ScaleItem("sad", FREQUENCY, is_reversed=True)
    assert [item_score(fit, "quite_a_bit"), item_score(energy, "often"), item_score(sad, "never")] == [4, 4, 5]


def test_a_reversed_scale_of_five_turns_over_as_in_kindl():
    """KINDL-R, "Evaluation by hand", step 1: 1 becomes 5, 2 becomes 4, 3 stays, 4 becomes 2, 5 becomes 1.

    www.kindl.org/english/analysis/evaluation-by-hand/
    """
    assert [item_score(ScaleItem("ill", FIVE, is_reversed=True), answer) for answer in FIVE] == [5, 4, 3, 2, 1]


def test_a_mean_of_seven_items_is_that_of_anglim():
    """J. Anglim, "Calculating Scale Scores for Psychological Tests" (4 October 2009): 9 over 7 items is 1.3."""
    score = construct_score(items(7), sheet(1, 1, 1, 1, 1, 2, 2))
    assert f"{float(score):.1f}" == "1.3"


def test_four_answers_of_eight_are_averaged_as_in_misty():
    """R package misty, item.scores: who answers 4 of 8 items gets the average of the 4 responses."""
    assert construct_score(items(8), sheet(2, None, 4, None, 5, None, 3, None)) == Fraction(7, 2)


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ((1, 2, 3, 4), Fraction(5, 2)),
        ((1, 2, 3, None), 2),
        ((1, 2, None, None), Fraction(3, 2)),
        ((4, None, None, None), None),
        ((None, None, None, None), None),
    ],
)
def test_a_score_needs_half_of_the_items_as_in_the_manual_of_eortc(answers, score):
    """EORTC QLQ-C30 Scoring Manual, 3rd edition (2001): at least half of the items answered, then their mean.

    Four items of four points, as in its emotional functioning. PedsQL (www.pedsql.org/score.html) draws the line at
    the same place: no score if more than 50% of the items are missing.
    """
    assert construct_score(items(4, FOUR), sheet(*answers)) == score


def test_of_five_items_two_are_too_few_and_three_enough():
    assert construct_score(items(5), sheet(5, 5, None, None, None)) is None
    assert construct_score(items(5), sheet(5, 5, 2, None, None)) == 4


@pytest.mark.parametrize(
    ("count", "favourable"), [(2, ["2"]), (3, ["3"]), (4, ["3", "4"]), (5, ["4", "5"]), (7, ["5", "6", "7"])]
)
def test_the_answers_above_the_middle_are_favourable_as_at_panorama(count, favourable):
    """Panorama Education: usually the top two of five, the top three of seven; the middle answer is not favourable.

    academy.panoramaed.com/hc/en-us/articles/10713911990292
    """
    options = tuple(str(step) for step in range(1, count + 1))
    assert sorted(usually_favourable(ScaleItem("q", options))) == favourable


def test_strong_agreement_with_a_negative_item_is_not_favourable():
    """Panorama Education, "percent favorable and means": "I hate being in school" counts the other way round.

    academy.panoramaed.com/article/693
    """
    assert usually_favourable(ScaleItem("hate", HOW_MUCH, is_reversed=True)) == {"not_at_all", "slightly"}


def test_scales_of_two_lengths_are_not_averaged():
    with pytest.raises(ValueError, match="one length"):
        construct_score([ScaleItem("q1", FOUR), ScaleItem("q2", FIVE)], sheet(1, 1))


def test_a_construct_without_items_has_no_score():
    with pytest.raises(ValueError, match="one length"):
        construct_score([], {})


def test_an_answer_that_the_item_does_not_have_is_not_scored_as_one():
    with pytest.raises(ValueError, match="tuple"):
        item_score(ScaleItem("q1", FOUR), "5")


@given(st.lists(st.sampled_from(FIVE), min_size=1, max_size=9))
def test_reversing_every_item_mirrors_the_score(answers):
    plain = construct_score(items(len(answers)), sheet(*answers))
    mirrored = construct_score(items(len(answers), reverse=range(1, len(answers) + 1)), sheet(*answers))
    assert plain + mirrored == 6


def test_a_construct_is_scored_at_home_and_with_staff_apart():
    measured = [
        ScaleItem("q1", FOUR, "confidence", "home"),
        ScaleItem("q2", FOUR, "confidence", "staff"),
        ScaleItem("q3", FOUR, "confidence", "home", is_reversed=True),
        ScaleItem("q4", FIVE, "inclusiveness"),
        ScaleItem("q5", FIVE),
    ]
    assert scores_of(measured, sheet(4, 2, 2, None, 5)) == {
        ("confidence", "home"): Fraction(7, 2),
        ("confidence", "staff"): 2,
        ("inclusiveness", ""): None,
    }
