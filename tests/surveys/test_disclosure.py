"""The rules by which figures leave a group, one by one; what they withstand is in test_disclosure_attacks.py."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from surveys import disclosure
from surveys.disclosure import (
    HELD_BACK,
    NOT_ENOUGH,
    THE_FACT,
    BeforeAfter,
    ItemDefinition,
    Label,
    arranged,
    before_and_after,
    consultation_release_at,
    count_labels,
    facts_of,
    families_release_at,
    help_label,
    label,
    labels_in_blocks,
    labels_of,
    latest_answers,
    leaders_release_at,
    may_break_down,
    may_publish,
    pool,
    post_closes_at,
    pre_closes_at,
    window_of,
)
from surveys.wording import (
    A_FEW,
    ARRANGED_WORDS,
    CHANGE_WORDS,
    NAMED_BAND_WORDS,
    NOTHING_SHOWN_WORDS,
    answered_in_words,
    in_words,
    share_in_words,
)

CHICAGO = "America/Chicago"
SCALE = ItemDefinition("scale", ("no", "little", "much", "very"), frozenset({"much", "very"}))
HELP = ItemDefinition("several", ("ride", "food", "childcare"))
BRANCH = ItemDefinition("scale", ("no", "yes"), frozenset({"yes"}), asked_of_all=False)


def answers(yes, no, silent=0):
    return ["very"] * yes + ["no"] * no + [None] * silent


def bands(n):
    return [label(yes, n).band for yes in range(n + 1)]


# P2, P4: the ladder.


def test_four_answers_or_fewer_give_one_and_the_same_label():
    assert {label(yes, n) for n in range(5) for yes in range(n + 1)} == {NOT_ENOUGH}


def test_from_five_to_nine_answers_there_are_three_bands():
    assert bands(5) == ["fewer_than_half"] * 3 + ["more_than_half"] * 3
    assert bands(6) == ["fewer_than_half"] * 3 + ["half"] + ["more_than_half"] * 3
    assert bands(7) == ["fewer_than_half"] * 4 + ["more_than_half"] * 4
    assert bands(8) == ["fewer_than_half"] * 4 + ["half"] + ["more_than_half"] * 4
    assert bands(9) == ["fewer_than_half"] * 5 + ["more_than_half"] * 5


def test_from_ten_to_fourteen_answers_thirds_hold_their_ends():
    third, between, two_thirds = ["third_or_fewer"], ["between_thirds"], ["two_thirds_or_more"]
    assert bands(10) == third * 4 + between * 3 + two_thirds * 4
    assert bands(11) == third * 4 + between * 4 + two_thirds * 4
    assert bands(12) == third * 5 + between * 3 + two_thirds * 5
    assert bands(13) == third * 5 + between * 4 + two_thirds * 5
    assert bands(14) == third * 5 + between * 5 + two_thirds * 5


def test_from_fifteen_answers_there_are_five_bands_of_twenty_points():
    assert bands(15) == ["0-20"] * 4 + ["20-40"] * 3 + ["40-60"] * 2 + ["60-80"] * 3 + ["80-100"] * 4
    assert bands(29) == ["0-20"] * 6 + ["20-40"] * 6 + ["40-60"] * 6 + ["60-80"] * 6 + ["80-100"] * 6


@pytest.mark.parametrize(
    ("n", "ends"),
    [
        (30, ("0-10", "10-20", "80-90", "90-100")),
        (59, ("0-10", "10-20", "80-90", "90-100")),
        (60, ("0-5", "5-10", "90-95", "95-100")),
        (149, ("0-5", "5-10", "90-95", "95-100")),
        (150, ("0-2", "2-10", "90-98", "98-100")),
        (299, ("0-2", "2-10", "90-98", "98-100")),
        (300, ("0-1", "1-10", "90-99", "99-100")),
        (5000, ("0-1", "1-10", "90-99", "99-100")),
    ],
)
def test_from_thirty_answers_there_are_bands_of_ten_points_with_ends_by_n(n, ends):
    seen = list(dict.fromkeys(bands(n)))
    assert (*seen[:2], *seen[-2:]) == ends
    middle = [f"{low}-{low + 10}" for low in range(10, 90, 10)]
    assert [band for band in seen if band in middle] == middle
    assert len(seen) == len({*ends, *middle})


@pytest.mark.parametrize(("n", "yes"), [(15, 3), (20, 4), (30, 3), (60, 3), (150, 3), (300, 3)])
def test_the_ends_hold_their_boundary_on_both_sides(n, yes):
    assert label(yes, n).band.startswith("0-")
    assert not label(yes + 1, n).band.startswith("0-")
    assert label(n - yes, n).band.endswith("-100")
    assert not label(n - yes - 1, n).band.endswith("-100")


def test_every_end_of_the_ladder_holds_at_least_four_counts_from_seven_answers_on():
    for n in range(7, 1001):
        shown = bands(n)
        assert min(shown.count(shown[0]), shown.count(shown[-1])) >= 4, n


@given(st.integers(5, 2000), st.data())
def test_a_band_holds_the_share_that_it_names(n, data):
    yes = data.draw(st.integers(0, n))
    low, high = label(yes, n).edges
    # Thirds are drawn in whole per cent.
    slack = Fraction(1, 2) if 10 <= n < 15 else 0
    assert low - slack <= Fraction(100 * yes, n) <= high + slack


@given(st.integers(5, 2000), st.data())
def test_no_is_banded_as_yes_is(n, data):
    yes = data.draw(st.integers(0, n))
    low, high = label(yes, n).edges
    if (n < 30 or 2 * yes != n) and low != high:
        assert label(n - yes, n).edges == (100 - high, 100 - low)


def test_n_is_shown_as_a_range_then_rounded_to_five_then_to_ten():
    shown = {n: label(0, n).n_band for n in (5, 9, 10, 14, 15, 17, 18, 29, 30, 59, 60, 147, 149, 150, 154, 155, 300)}
    assert shown == {
        **{5: "5-9", 9: "5-9", 10: "10-14", 14: "10-14", 15: "15", 17: "15", 18: "20", 29: "30", 30: "30"},
        **{59: "60", 60: "60", 147: "145", 149: "150", 150: "150", 154: "150", 155: "160", 300: "300"},
    }


def test_eight_of_eight_and_five_of_eight_are_the_same():
    assert {label(yes, 8) for yes in (5, 6, 7, 8)} == {Label("5-9", "more_than_half")}


@pytest.mark.parametrize(("yes", "n"), [(6, 5), (-1, 5), (1, 0)])
def test_a_count_that_cannot_be_is_refused(yes, n):
    with pytest.raises(ValueError, match="answered"):
        label(yes, n)


# P3: facts.


@pytest.mark.parametrize("kind", ["scale", "choice"])
def test_a_scale_and_a_single_choice_give_one_fact(kind):
    weekly = frozenset({"weekly", "daily"})
    assert facts_of(ItemDefinition(kind, ("never", "monthly", "weekly", "daily"), weekly)) == ((THE_FACT, weekly),)


def test_a_choice_of_several_gives_one_fact_an_option():
    assert facts_of(HELP) == (
        ("ride", frozenset({"ride"})),
        ("food", frozenset({"food"})),
        ("childcare", frozenset({"childcare"})),
    )


@pytest.mark.parametrize("kind", ["number", "text"])
def test_numbers_and_free_text_give_none(kind):
    assert facts_of(ItemDefinition(kind)) == ()
    assert labels_of(ItemDefinition(kind), ["12", "we all agree", "7", "8", "9", "10"]) == {}


@pytest.mark.parametrize("favourable", [frozenset(), frozenset({"a", "b"}), frozenset({"not an option"})])
def test_a_question_that_everybody_answers_alike_gives_none(favourable):
    assert facts_of(ItemDefinition("choice", ("a", "b"), favourable)) == ()


def test_rather_not_answering_does_not_count():
    assert labels_of(SCALE, answers(3, 2, silent=10)) == {THE_FACT: Label("5-9", "more_than_half")}
    assert labels_of(SCALE, answers(3, 1, silent=10)) == {THE_FACT: NOT_ENOUGH}


def test_several_options_share_those_who_answered_the_item():
    chosen = [frozenset({"ride"}), frozenset({"ride", "food"}), ["ride"], ["ride", "food"], ["food"], [], None]
    assert labels_of(HELP, chosen) == {
        "ride": Label("5-9", "more_than_half"),
        "food": Label("5-9", "more_than_half"),
        "childcare": Label("5-9", "fewer_than_half"),
    }


def test_a_person_counts_once_in_a_window_by_the_latest_answer_given():
    first, second, third = {"ana": "no", "eva": "no"}, {"ana": "very", "luz": None}, {"ana": None, "luz": "much"}
    assert latest_answers([first, second, third]) == {"ana": "very", "eva": "no", "luz": "much"}


# P8: before and after.


def test_who_did_both_is_shown_and_every_other_sheet_left_out():
    both = range(5)
    before = dict.fromkeys(both, "no") | dict.fromkeys(range(10, 20), "very")
    after = dict.fromkeys(both, "very") | dict.fromkeys(range(30, 40), "no")
    low, high = Label("5-9", "fewer_than_half"), Label("5-9", "more_than_half")
    assert before_and_after(SCALE, before, after) == {THE_FACT: BeforeAfter(low, high, same_people=True)}


def test_with_four_who_did_both_the_waves_stand_apart_and_no_change_is_said():
    before = dict.fromkeys(range(8), "no")
    after = dict.fromkeys(range(4), "very") | dict.fromkeys(range(10, 13), "very")
    apart = before_and_after(SCALE, before, after)[THE_FACT]
    assert (apart.before.band, apart.after.band, apart.same_people) == ("fewer_than_half", "more_than_half", False)
    assert apart.change is None


def test_who_answered_the_item_only_once_is_not_among_those_who_did_both():
    before = dict.fromkeys(range(6), "no")
    after = dict.fromkeys(range(4), "no") | {4: None, 5: None, 6: "no"}
    assert before_and_after(SCALE, before, after)[THE_FACT].same_people is False


@pytest.mark.parametrize(
    ("pre", "post", "change"),
    [(1, 6, "rose"), (3, 4, "rose"), (4, 3, "fell"), (0, 3, "about_the_same"), (4, 4, "about_the_same")],
)
def test_a_change_is_said_only_where_the_bands_differ(pre, post, change):
    before, after = (dict(enumerate(answers(yes, 8 - yes))) for yes in (pre, post))
    assert before_and_after(SCALE, before, after)[THE_FACT].change == change


def test_nothing_changed_where_nothing_is_shown():
    before = dict(enumerate(answers(2, 2)))
    assert before_and_after(SCALE, before, before)[THE_FACT] == BeforeAfter(NOT_ENOUGH, NOT_ENOUGH, same_people=False)
    assert BeforeAfter(NOT_ENOUGH, NOT_ENOUGH, same_people=True).change is None


SHEETS = st.dictionaries(st.integers(0, 30), st.sampled_from([*SCALE.options, None]), max_size=31)


@given(SHEETS, SHEETS, st.randoms(use_true_random=False))
def test_before_and_after_follows_from_counts_alone(before, after, shuffler):
    everybody = list(range(31))
    shuffler.shuffle(everybody)
    renamed = [{everybody[pair]: answer for pair, answer in wave.items()} for wave in (before, after)]
    assert before_and_after(SCALE, *renamed) == before_and_after(SCALE, before, after)


@given(SHEETS, SHEETS)
def test_before_and_after_shows_either_those_who_did_both_or_each_wave(before, after):
    both = [pair for pair in before if before[pair] and after.get(pair)]
    found = before_and_after(SCALE, before, after)[THE_FACT]
    shown = (
        [[before[pair] for pair in both], [after[pair] for pair in both]]
        if len(both) >= 5
        else [
            [*before.values()],
            [*after.values()],
        ]
    )
    assert [found.before, found.after] == [labels_of(SCALE, wave)[THE_FACT] for wave in shown]
    assert found.same_people is (len(both) >= 5)


# P9, P10: several groups, and parts of one.


def test_three_schools_of_eight_twelve_and_four_give_two_labels_and_no_total():
    assert pool({"A": (6, 8), "B": (6, 12), "C": (4, 4)}) == {
        frozenset("A"): Label("5-9", "more_than_half"),
        frozenset("B"): Label("10-14", "between_thirds"),
        frozenset("C"): NOT_ENOUGH,
    }


def test_small_units_are_pooled_from_ten_people_on():
    assert pool({"A": (6, 8), "C": (4, 4), "D": (1, 3), "E": (0, 3)}) == {
        frozenset("A"): Label("5-9", "more_than_half"),
        frozenset("CDE"): Label("10-14", "between_thirds"),
    }
    assert pool({"C": (4, 4), "D": (1, 3), "E": (0, 2)}) == dict.fromkeys(map(frozenset, "CDE"), NOT_ENOUGH)


def test_a_population_is_published_again_or_beside_disjoint_ones():
    published = [{"A"}, {"C", "D"}]
    assert may_publish({"B"}, published)
    assert may_publish(["D", "C"], published)
    assert not may_publish({"C"}, published)
    assert not may_publish({"A", "B"}, published)
    assert not may_publish({"A", "C", "D"}, published)


def test_a_district_counts_bands_and_not_how_many_answered():
    labels = [label(8, 8), label(5, 9), label(5, 5), label(1, 7), label(2, 4), label(13, 20), label(7, 11)]
    assert [(band.band, schools) for band, schools in count_labels(labels).items()] == [
        *(("fewer_than_half", 1), ("between_thirds", 1), ("more_than_half", 3), ("60-80", 1), ("", 1)),
    ]
    assert {band.n_band for band in count_labels(labels)} == {"", "not_enough"}


@pytest.mark.parametrize("n", [5, 8, 19])
def test_what_only_some_were_asked_is_not_shown_under_twenty(n):
    assert {*labels_of(BRANCH, ["yes"] * n + [None] * 30).values()} == {HELD_BACK}


def test_what_only_some_were_asked_is_shown_from_twenty_if_five_are_outside():
    assert labels_of(BRANCH, ["yes"] * 20 + [None] * 5) == {THE_FACT: Label("20", "80-100")}
    assert labels_of(BRANCH, ["yes"] * 20 + [None] * 4) == {THE_FACT: HELD_BACK}
    assert labels_of(BRANCH, ["yes"] * 8) == {THE_FACT: HELD_BACK}


@pytest.mark.parametrize(
    ("enrolled", "has_begun", "is_broken_down", "may"),
    [
        ({"es": 10, "en": 10}, False, False, True),
        ({"es": 30, "en": 9}, False, False, False),
        ({"es": 10, "en": 10}, True, False, False),
        ({"es": 10, "en": 10}, False, True, False),
        ({"es": 20}, False, False, False),
        ({}, False, False, False),
    ],
)
def test_a_series_is_broken_down_once_before_it_begins_into_blocks_of_ten(enrolled, has_begun, is_broken_down, may):
    assert may_break_down(enrolled, has_begun=has_begun, is_broken_down=is_broken_down) is may


def test_blocks_are_shown_each_alone_or_all_as_one():
    whole = {"": {THE_FACT: Label("10-14", "two_thirds_or_more")}}
    assert labels_in_blocks(SCALE, {"es": answers(5, 0), "en": answers(1, 4)}) == {
        "es": {THE_FACT: Label("5-9", "more_than_half")},
        "en": {THE_FACT: Label("5-9", "fewer_than_half")},
    }
    assert labels_in_blocks(SCALE, {"es": answers(8, 0), "en": answers(1, 3, silent=2)}) == whole


# P1, P7: when.


def test_the_windows_lie_between_the_check_ins():
    windows = {}
    for session in range(1, 11):
        windows.setdefault(window_of(session), []).append(session)
    assert windows == {1: [1], 2: [2, 3], 3: [4, 5, 6, 7, 8, 9], 4: [10]}
    assert [window_of(session, checkins=(2, 5)) for session in range(1, 8)] == [1, 1, 2, 2, 2, 3, 3]


def chicago(*when):
    return datetime(*when, tzinfo=ZoneInfo(CHICAGO))


def test_the_pre_survey_closes_on_the_eve_of_the_second_session():
    assert pre_closes_at(chicago(2027, 2, 4, 19), date(2027, 2, 18), CHICAGO) == chicago(2027, 2, 17, 20)


def test_the_pre_survey_stays_open_seven_days_after_the_first():
    assert pre_closes_at(chicago(2027, 2, 4, 19), date(2027, 2, 11), CHICAGO) == chicago(2027, 2, 11, 19)


@pytest.mark.parametrize("hour", [0, 9, 19, 23])
def test_the_post_survey_closes_between_day_seven_and_day_twenty_one(hour):
    opens = chicago(2027, 4, 15, hour, 30)
    assert post_closes_at(opens, CHICAGO) == chicago(2027, 4, 29, 20)
    assert timedelta(days=7) <= post_closes_at(opens, CHICAGO) - opens <= timedelta(days=21)


@pytest.mark.parametrize(
    ("closed", "families", "leaders"),
    [
        # Wednesday evening, the usual eve.
        ((2027, 2, 10, 20), (2027, 2, 15, 9), (2027, 2, 17, 9)),
        # Sunday evening, Monday before and at and after nine.
        ((2027, 2, 14, 20), (2027, 2, 15, 9), (2027, 2, 17, 9)),
        ((2027, 2, 15, 8, 59), (2027, 2, 15, 9), (2027, 2, 17, 9)),
        ((2027, 2, 15, 9), (2027, 2, 22, 9), (2027, 2, 24, 9)),
        ((2027, 2, 15, 9, 1), (2027, 2, 22, 9), (2027, 2, 24, 9)),
        # Over the night in which the clock goes forward, and back.
        ((2027, 3, 13, 20), (2027, 3, 15, 9), (2027, 3, 17, 9)),
        ((2026, 10, 31, 20), (2026, 11, 2, 9), (2026, 11, 4, 9)),
    ],
)
def test_families_read_on_monday_at_nine_and_leaders_two_days_later(closed, families, leaders):
    released = families_release_at(chicago(*closed).astimezone(UTC), CHICAGO)
    assert (released, leaders_release_at(released)) == (chicago(*families), chicago(*leaders))
    assert released.tzinfo is UTC


def test_nine_is_nine_at_the_school():
    closed = datetime(2027, 2, 15, 8, tzinfo=UTC)
    assert families_release_at(closed, "Pacific/Honolulu") == datetime(2027, 2, 15, 19, tzinfo=UTC)
    assert families_release_at(closed, "Asia/Tokyo") == datetime(2027, 2, 22, 0, tzinfo=UTC)


def test_a_consultation_reaches_the_group_at_the_next_nine_and_the_board_after_48_true_hours():
    group = consultation_release_at(chicago(2027, 3, 13, 8), CHICAGO)
    assert group == chicago(2027, 3, 13, 9)
    # The clock went forward in between: ten on the wall.
    assert leaders_release_at(group) == chicago(2027, 3, 15, 10)
    assert consultation_release_at(chicago(2027, 3, 13, 9), CHICAGO) == chicago(2027, 3, 14, 9)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.sampled_from([CHICAGO, "America/New_York", "UTC"]))  # noqa: DTZ001
@examples(max_examples=200, deadline=None)
def test_families_never_wait_longer_than_a_week_and_always_have_48_hours(closed, zone):
    closed = closed.replace(tzinfo=UTC)
    released = families_release_at(closed, zone)
    on_the_wall = released.astimezone(ZoneInfo(zone))
    assert (on_the_wall.weekday(), on_the_wall.hour, on_the_wall.minute) == (0, 9, 0)
    assert timedelta(0) < released - closed <= timedelta(days=7, hours=1)
    assert leaders_release_at(released) - released == timedelta(hours=48)


# P11: help asked for.


def test_a_kind_of_help_is_named_from_five_people_on():
    assert [help_label(people) for people in range(7)] == ["a_few"] * 5 + ["named"] * 2


@pytest.mark.parametrize(("asked", "met", "word"), [(6, 6, "yes"), (6, 5, "partly"), (6, 1, "partly"), (6, 0, "no")])
def test_help_was_arranged_partly_or_not(asked, met, word):
    assert arranged(asked, met) == word


# The words, in both languages.


@pytest.mark.parametrize(
    ("yes", "n", "english", "spanish"),
    [
        (3, 4, "Fewer than 5 answers: kept private", "Menos de 5 respuestas: no se muestran"),
        (2, 8, "5 to 9 answered; fewer than half", "contestaron de 5 a 9 personas; menos de la mitad"),
        (4, 8, "5 to 9 answered; half", "contestaron de 5 a 9 personas; la mitad"),
        (8, 8, "5 to 9 answered; more than half", "contestaron de 5 a 9 personas; más de la mitad"),
        (4, 12, "10 to 14 answered; a third or fewer", "contestaron de 10 a 14 personas; una tercera parte o menos"),
        (
            *(6, 12, "10 to 14 answered; between a third and two thirds"),
            "contestaron de 10 a 14 personas; entre una y dos terceras partes",
        ),
        (8, 12, "10 to 14 answered; two thirds or more", "contestaron de 10 a 14 personas; dos terceras partes o más"),
        (1, 21, "about 20 answered; 20% or fewer", "contestaron unas 20 personas; el 20% o menos"),
        (9, 21, "about 20 answered; between 40% and 60%", "contestaron unas 20 personas; entre el 40% y el 60%"),
        (61, 62, "about 60 answered; 95% or more", "contestaron unas 60 personas; el 95% o más"),
    ],
)
def test_a_label_is_said_in_both_languages(yes, n, english, spanish):
    with translation.override("en"):
        assert in_words(label(yes, n)) == english
    with translation.override("es"):
        assert in_words(label(yes, n)) == spanish


def test_what_is_held_back_says_why():
    with translation.override("en"):
        assert in_words(HELD_BACK) == "Asked of only some people: kept private"
    with translation.override("es"):
        assert in_words(HELD_BACK) == "Se preguntó solo a algunas personas: no se muestra"


def test_every_band_of_the_ladder_has_its_words():
    for language in ("en", "es"):
        with translation.override(language):
            labels = {label(yes, n) for n in range(5, 401) for yes in range(n + 1)}
            said = {one: (answered_in_words(one), share_in_words(one)) for one in labels}
            assert len(set(said.values())) == len(labels)
            assert all(all(words) and "%(" not in "".join(words) for words in said.values())


def test_the_other_words_are_in_spanish_too():
    with translation.override("es"):
        assert [str(word) for word in CHANGE_WORDS.values()] == ["subió", "bajó", "sigue más o menos igual"]
        assert [str(word) for word in ARRANGED_WORDS.values()] == ["sí", "en parte", "no"]
        assert str(A_FEW) == "unas pocas familias"
    assert NAMED_BAND_WORDS.keys() == disclosure.NAMED_BANDS.keys()
    assert NOTHING_SHOWN_WORDS.keys() == {NOT_ENOUGH, HELD_BACK}
