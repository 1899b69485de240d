"""What an attacker learns from everything that is released together (trust P4 and attack cases A7 to A15).

The attacker knows the policy, the roster, exactly who answered an item and so the exact n, every label released, and
the answers of the insiders: people of the group who tell her theirs. Nothing is weighed as likely or unlikely: every
table of answers is a world. A person is *determined* when in all worlds in which the insiders answer as they did and
the labels are those released, some fact about that person's answer is the same. Everybody else's answers count alike,
so insiders may be taken to be the first of the roster; where a test counts tables instead of naming people, one
table stands for all the ways of dealing its sheets to the people, whom nothing released tells apart.

P4 promises that nobody is determined by 1 insider at n = 5 and 6, by 2 at 7 and 8, by 3 at 9, by 2 from 10 on. Fewer
insiders know less: whomever they could name, these could name. Below, a *situation* is one world (or table) as one
attacker meets it; their number is written out, so that an enumeration that shrinks goes red. Each attack also meets a
policy that it breaks: the control that it can.
"""

import random
from functools import cache
from itertools import combinations, combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from surveys.disclosure import (
    HELD_BACK,
    LADDER,
    NOT_ENOUGH,
    THE_FACT,
    ItemDefinition,
    Label,
    before_and_after,
    is_enough,
    label,
    labels_in_blocks,
    labels_of,
    may_publish,
    pool,
)

SMALL = range(5, 10)
INSIDERS = {5: 1, 6: 1, 7: 2, 8: 2, 9: 3}
AGREE = ItemDefinition("scale", ("no", "yes"), frozenset({"yes"}))


def insiders_of(n):
    """Return how many insiders P4 withstands when n people answered."""
    return INSIDERS.get(n, 2) if n >= 5 else 0


# One fact, alone: P4's ladder itself.


def falls(n, insiders, shown=label):
    """Say whether some answer of the insiders, and some label, leave all others with one answer."""
    others = n - insiders
    for own in range(insiders + 1):
        possible = {}
        for yes in range(others + 1):
            possible.setdefault(shown(own + yes, n), set()).add(yes)
        if {0} in possible.values() or {others} in possible.values():
            return True
    return False


def test_nobody_is_determined_by_the_insiders_of_the_ladder_from_5_to_400():
    assert [n for n in range(5, 401) if falls(n, insiders_of(n))] == []


def test_one_insider_more_breaks_the_small_rungs_so_the_ladder_promises_no_less_than_it_can():
    assert [falls(n, insiders_of(n) + 1) for n in SMALL] == [True] * 5


def test_the_edges_of_the_ladder_hold_on_both_sides():
    edges = [n for rung in LADDER for n in (rung.least - 1, rung.least)]
    assert sorted(edges) == [14, 15, 29, 30, 59, 60, 149, 150, 299, 300]
    assert [n for n in edges if falls(n, 2)] == []


def exact(yes, n):
    return yes, n


def bands_of_twenty(yes, n):
    """Five bands of 20 points, ends with their boundary, at any n."""
    return sum(100 * yes > cut * n for cut in (20, 40)) + sum(100 * yes >= cut * n for cut in (60, 80))


def ends_without_their_boundary(yes, n):
    """The ladder, but with a share on the boundary of an end given to the band beside it."""
    cuts = next(rung.cuts for rung in LADDER if n >= rung.least)
    return sum(100 * yes >= cut * n if cut < 50 else 100 * yes > cut * n for cut in cuts)


def the_lowest_rung_at_any_n(yes, n):
    return (2 * yes > n) - (2 * yes < n)


def test_control_exact_shares_of_eight_fall_to_no_insider_at_all():
    assert falls(8, 0, exact)


def test_control_bands_of_twenty_points_fall_to_one_insider_from_five_to_nine():
    assert [falls(n, 1, bands_of_twenty) for n in SMALL] == [True] * 5


def test_control_ends_without_their_boundary_fall_to_two_insiders():
    assert [n for n in range(15, 401) if falls(n, 2, ends_without_their_boundary)] == [15, 30, 60, 150, 300]


def test_control_labels_for_four_people_fall_to_one_insider():
    assert [n for n in range(1, 10) if falls(n, 1, the_lowest_rung_at_any_n)] == [1, 2, 3, 4]


# Worlds with names: each person holds some bits, and every table of bits is tried.


def forced(worlds, bits, mine, seen):
    """Return how many worlds there are, and how many bits of others are forced, counted once an observation.

    A world is an int of `bits` bits, `mine` marks those of the insiders, `seen` is what is released of a world.
    """
    always, ever, situations = {}, {}, 0
    for world in worlds:
        situations += 1
        met = (world & mine, seen(world))
        always[met] = always.get(met, world) & world
        ever[met] = ever.get(met, 0) | world
    theirs = 2**bits - 1 & ~mine
    return situations, sum(((always[met] | ~ever[met]) & theirs).bit_count() for met in always)


def test_a11_one_fact_of_a_single_choice_every_table_by_name_and_every_choice_of_insiders():
    situations = determined = 0
    for n in SMALL:
        labels = [label(yes, n) for yes in range(n + 1)]
        for mine in range(2**n):
            if mine.bit_count() == insiders_of(n):
                counted, found = forced(range(2**n), n, mine, lambda world: labels[world.bit_count()])  # noqa: B023
                situations, determined = situations + counted, determined + found
    assert (situations, determined) == (53_408, 0)


def test_a13_before_and_after_of_those_who_did_both_every_table_by_name():
    """Three facts a person: yes before, yes after, and whether the two differ."""
    situations = determined = 0
    for n in SMALL:
        released = [[released_of_both(n, before, after) for after in range(n + 1)] for before in range(n + 1)]
        first, insiders = 2**n - 1, 2 ** insiders_of(n) - 1
        worlds = (world | ((world ^ world >> n) & first) << 2 * n for world in range(4**n))  # noqa: B023
        counted, found = forced(
            worlds,
            3 * n,
            insiders | insiders << n | insiders << 2 * n,
            lambda world: released[(world & first).bit_count()][(world >> n & first).bit_count()],  # noqa: B023
        )
        situations, determined = situations + counted, determined + found
    assert (situations, determined) == (349_184, 0)


def released_of_both(n, before, after):
    """Return what is released when n did both, so many saying yes; with sheets of others who did one only."""
    found = before_and_after(
        AGREE,
        {person: "yes" if person < before else "no" for person in range(n)} | {"only before": "yes"},
        {person: "no" if person < n - after else "yes" for person in range(n)} | {"only after": "no"},
    )[THE_FACT]
    assert found.same_people
    return found, found.change


def test_control_all_who_answered_before_beside_those_who_did_both_names_who_left():
    everybody, both = 2**8 - 1, 2**7 - 1

    def seen(world):
        return label((world & everybody).bit_count(), 8), label((world & both).bit_count(), 7)

    assert forced(range(2**8), 8, 0, seen) == (256, 2)


def test_a13_waves_apart_every_table_by_name():
    """Waves of 5 to 9 with up to four who did both: whoever they are, the labels are those of each wave."""
    situations = determined = 0
    for before_n, after_n in product(SMALL, repeat=2):
        released = [
            [released_apart(before_n, before, after_n, after) for after in range(after_n + 1)]
            for before in range(before_n + 1)
        ]
        first = 2**before_n - 1
        counted, found = forced(
            range(2 ** (before_n + after_n)),
            before_n + after_n,
            2 ** insiders_of(before_n) - 1 | 2 ** insiders_of(after_n) - 1 << before_n,
            lambda world: released[(world & first).bit_count()][(world >> before_n).bit_count()],  # noqa: B023
        )
        situations, determined = situations + counted, determined + found
    assert (situations, determined) == (984_064, 0)


def released_apart(before_n, before, after_n, after):
    """Return what is released when fewer than five did both: the same for none, one, two, three and four of them."""
    results = {
        before_and_after(
            AGREE,
            {person: "yes" if person < before else "no" for person in range(before_n)},
            {person + before_n - both: "yes" if person < after else "no" for person in range(after_n)},
        )[THE_FACT]
        for both in range(5)
    }
    assert [(result.same_people, result.change) for result in results] == [(False, None)]
    return results.pop()


# Tables without names: so many people gave this sheet, so many that one. A sheet is an int with four bits a fact.


def sheet(*facts):
    return sum(1 << 4 * fact for fact in facts)


def counts_of(total, facts):
    return [total >> 4 * fact & 15 for fact in range(facts)]


def forced_in_tables(sheets, facts, n, insiders, seen):
    """Return how many tables there are for n people, and how many facts of others are forced, once an observation.

    A table is what the insiders gave and what all others gave. `seen` is what is released of the counts of the facts.
    """
    others = n - insiders
    own_tables = [sum(table) for table in combinations_with_replacement(sheets, insiders)]
    tables = [sum(table) for table in combinations_with_replacement(sheets, others)]
    forced_at = {
        total: frozenset((fact, count) for fact, count in enumerate(counts_of(total, facts)) if count in (0, others))
        for total in set(tables)
    }
    released = cache(lambda total: seen(counts_of(total, facts)))
    determined = 0
    for own in set(own_tables):
        possible = {}
        for total, at in forced_at.items():
            met = released(own + total)
            possible[met] = possible[met] & at if met in possible else at
        determined += sum(map(len, possible.values()))
    return len(own_tables) * len(tables), determined


def subsets(options):
    """Return every choice of at least one of so many options."""
    return [sheet(*chosen) for size in range(1, options + 1) for chosen in combinations(range(options), size)]


def labels_of_each(n):
    return lambda counts: tuple(label(count, n) for count in counts)


def test_a11_single_choice_of_up_to_five_options_no_option_is_forced_or_ruled_out():
    situations = determined = 0
    for n, options in product(SMALL, range(2, 6)):
        for favourable in range(1, options):
            counted, found = forced_in_tables(
                [sheet(option) for option in range(options)],
                options,
                n,
                insiders_of(n),
                lambda counts: label(sum(counts[:favourable]), n),  # noqa: B023
            )
            situations, determined = situations + counted, determined + found
    assert (situations, determined) == (65_265, 0)


def test_control_three_labels_of_one_single_choice_of_eight_force_four_four_and_none():
    three = [sheet(option) for option in range(3)]
    # Half chose one, half another: nobody the third, and no insider was needed. Three ways to say which.
    assert forced_in_tables(three, 3, 8, 0, labels_of_each(8)) == (45, 3)


@pytest.mark.parametrize(("options", "expected"), [(2, 682), (3, 121_128), (4, 32_623_680)])
def test_a12_several_options_all_labels_together(options, expected):
    situations = determined = 0
    for n in SMALL:
        counted, found = forced_in_tables(subsets(options), options, n, insiders_of(n), labels_of_each(n))
        situations, determined = situations + counted, determined + found
    assert (situations, determined) == (expected, 0)


@pytest.mark.parametrize(("options", "expected"), [(2, 89), (3, 3_444), (4, 305_184)])
def test_a12_several_options_with_one_that_excludes_the_others(options, expected):
    """The last option is "none of these"."""
    situations = determined = 0
    for n in SMALL:
        sheets = [*subsets(options - 1), sheet(options - 1)]
        counted, found = forced_in_tables(sheets, options, n, insiders_of(n), labels_of_each(n))
        situations, determined = situations + counted, determined + found
    assert (situations, determined) == (expected, 0)


def test_a12_a13_two_options_before_and_after_all_four_labels_together():
    situations = determined = 0
    for n in SMALL:
        sheets = [before | after << 8 for before, after in product(subsets(2), repeat=2)]
        counted, found = forced_in_tables(sheets, 4, n, insiders_of(n), labels_of_each(n))
        situations, determined = situations + counted, determined + found
    assert (situations, determined) == (704_583, 0)


def test_control_two_at_most_of_four_options_gives_options_away():
    sheets = [sheet(*chosen) for size in (1, 2) for chosen in combinations(range(4), size)]
    found = [forced_in_tables(sheets, 4, n, insiders_of(n), labels_of_each(n))[1] for n in SMALL]
    assert found == [24, 96, 72, 348, 160]
    assert forced_in_tables(sheets, 4, 6, 0, labels_of_each(6))[1] == 4


NOT_EMPTY = st.sets(st.integers(0, 5), min_size=1)


@given(st.lists(NOT_EMPTY, min_size=10, max_size=60))
@examples(max_examples=300, deadline=None)
def test_a12_above_nine_several_options_determine_nobody(sheets):
    """The first two are insiders. All others chose something, and every count that the labels allow can be."""
    n, others = len(sheets), len(sheets) - 2
    item = ItemDefinition("several", tuple("012345"))
    released = labels_of(item, [frozenset(map(str, chosen)) for chosen in sheets])
    lowest, highest = [], []
    for option in range(6):
        own = sum(option in chosen for chosen in sheets[:2])
        possible = [yes for yes in range(others + 1) if label(own + yes, n) == released[str(option)]]
        lowest.append(min(possible))
        highest.append(max(possible))
    for option in range(6):
        elsewhere = sum(highest) - highest[option]
        assert highest[option] > 0
        assert max(lowest[option], others - elsewhere) < others


# A14: whether something is shown follows from numbers alone.

ITEMS = st.sampled_from(
    [
        ItemDefinition("scale", ("a", "b", "c", "d"), frozenset("cd")),
        ItemDefinition("choice", ("a", "b", "c"), frozenset("a")),
        ItemDefinition("several", ("a", "b", "c")),
        ItemDefinition("scale", ("a", "b"), frozenset("b"), asked_of_all=False),
    ]
)


def an_answer(item):
    one = st.sampled_from(item.options)
    return st.frozensets(one, min_size=1) if item.kind == "several" else one


@given(ITEMS, st.data())
@examples(max_examples=300, deadline=None)
def test_a14_flipping_one_answer_never_changes_whether_something_is_shown(item, data):
    answers = data.draw(st.lists(st.none() | an_answer(item), min_size=1, max_size=40))
    flipped = list(answers)
    where = data.draw(st.integers(0, len(answers) - 1))
    if answers[where] is not None:
        flipped[where] = data.draw(an_answer(item))
    before, after = labels_of(item, answers), labels_of(item, flipped)
    assert {code: (one.is_shown, one.n_band) for code, one in before.items()} == {
        code: (one.is_shown, one.n_band) for code, one in after.items()
    }


def shown_unless_unanimous(item, answers):
    """A well-meant policy: hide what all agree on."""
    labels = labels_of(item, answers)
    return labels if len(set(answers)) > 1 else dict.fromkeys(labels, NOT_ENOUGH)


def test_control_hiding_unanimity_makes_hiding_a_signal():
    agree, almost = ["yes"] * 8, ["yes"] * 7 + ["no"]
    assert labels_of(AGREE, agree) == labels_of(AGREE, almost)
    assert shown_unless_unanimous(AGREE, agree) != shown_unless_unanimous(AGREE, almost)


# P9: several units, everything published pooled.


def forced_units(units, insiders, published):
    """Return the units whose others all answered alike in every world, given (yes, n) and the insiders' (yes, n)."""
    others = {unit: n - insiders[unit][1] for unit, (_yes, n) in units.items()}
    found = []
    for group in groups_of(published):
        names = sorted(group)
        # Of each population: where its units stand in a table, and how many of its others can have said yes.
        known = [
            ([names.index(unit) for unit in population], possible_totals(population, one, units, insiders))
            for population, one in published.items()
            if population <= group and one.is_shown
        ]
        tables = [
            table
            for table in product(*(range(others[unit] + 1) for unit in names))
            if all(sum(table[place] for place in places) in totals for places, totals in known)
        ]
        for unit, answers in zip(names, zip(*tables, strict=True), strict=True):
            if others[unit] and set(answers) in ({0}, {others[unit]}):
                found.append(unit)
    return found


def possible_totals(population, released, units, insiders):
    n = sum(units[unit][1] for unit in population)
    own, mine = (sum(insiders[unit][part] for unit in population) for part in (0, 1))
    return {yes for yes in range(n - mine + 1) if label(own + yes, n) == released}


def groups_of(published):
    """Return the units of published populations, those together that overlap."""
    groups = []
    for population in published:
        touching = [group for group in groups if group & population]
        groups = [group for group in groups if group not in touching] + [population.union(*touching)]
    return groups


def a_district(rng):
    """Return two to six units, most of them small, with the insiders of each, few enough for every population."""
    units = {}
    for unit in "ABCDEF"[: rng.randint(2, 6)]:
        n = rng.choice((1, 2, 3, 4, 4, rng.randint(5, 9), rng.randint(10, 14), rng.randint(15, 40)))
        units[unit] = (rng.choice((0, n, rng.randint(0, n))), n)
    insiders = dict.fromkeys(units, (0, 0))
    for population in pool(units):
        for _one in range(insiders_of(sum(units[unit][1] for unit in population))):
            unit = rng.choice(sorted(population))
            (yes, n), (own, count) = units[unit], insiders[unit]
            if count < n:
                can = [answer for answer in (0, 1) if (own < yes if answer else count - own < n - yes)]
                insiders[unit] = (own + rng.choice(can), count + 1)
    return units, insiders


def test_a8_of_ten_thousand_random_sets_of_units_nobody_is_determined():
    rng = random.Random(8)
    determined = pooled = shown = 0
    for _district in range(10_000):
        units, insiders = a_district(rng)
        published = pool(units)
        assert sorted(unit for population in published for unit in population) == sorted(units)
        determined += len(forced_units(units, insiders, published))
        pooled += any(len(population) > 1 for population in published)
        shown += sum(one.is_shown for one in published.values())
    assert (determined, pooled, shown) == (0, 2_621, 17_720)


def test_control_totals_beside_their_parts_fall_in_random_sets_of_units_too():
    rng = random.Random(9)
    determined = 0
    for _district in range(300):
        units, insiders = a_district(rng)
        units = {unit: units[unit] for unit in "AB"}
        published = pool(units)
        total = {frozenset(units): label(*map(sum, zip(*units.values(), strict=True)))}
        assert forced_units(units, insiders, published) == []
        determined += len(forced_units(units, insiders, published | total))
    assert determined > 0


def test_a7_three_schools_of_eight_twelve_and_four_leave_the_small_one_open():
    """The accounts of all leaders together, and two insiders in each school that shows anything."""
    views = {}
    situations = 0
    for yes in product(range(9), range(13), range(5)):
        units = dict(zip("ABC", zip(yes, (8, 12, 4), strict=True), strict=True))
        published = pool(units)
        situations += 1
        views.setdefault(tuple(published.items()), set()).add(yes[2])
        assert [population for population, one in published.items() if not one.is_shown] == [frozenset("C")]
        for answers in product((0, 1), repeat=2):
            own = sum(answers)
            insiders = dict.fromkeys("AB", (own, 2)) | {"C": (0, 0)}
            if all(own <= units[unit][0] <= units[unit][1] - 2 + own for unit in "AB"):
                assert forced_units(units, insiders, published) == []
    assert (situations, set(map(frozenset, views.values()))) == (585, {frozenset(range(5))})


def test_control_a_total_beside_its_parts_gives_a_unit_away():
    """Eight of whom half, six of whom fewer than half; with a total of a third or fewer, none of the six."""
    units, nobody = {"A": (4, 8), "B": (0, 6)}, {"A": (0, 0), "B": (0, 0)}
    published = pool(units)
    assert forced_units(units, nobody, published) == []
    total = {frozenset("AB"): label(4, 14)}
    assert forced_units(units, nobody, published | total) == ["B"]
    assert not may_publish("AB", published)


def test_control_a_second_partition_beside_the_first_gives_units_away():
    units = {"A": (7, 7), "B": (0, 3), "C": (0, 4), "D": (3, 7)}
    nobody = dict.fromkeys(units, (0, 0))
    first = {frozenset("AB"): label(7, 10), frozenset("CD"): label(3, 11)}
    second = {frozenset("AD"): label(10, 14), frozenset("BC"): label(0, 7)}
    assert forced_units(units, nobody, first) == forced_units(units, nobody, second) == []
    assert forced_units(units, nobody, first | second) == ["A", "C"]
    assert [may_publish(population, first) for population in second] == [False, False]


# P10: what only some are asked, and blocks.


def test_a10_an_item_that_five_to_eight_of_eight_were_asked_is_not_released():
    part = ItemDefinition("scale", ("no", "yes"), frozenset({"yes"}), asked_of_all=False)
    shown = {
        labels_of(part, ["yes"] * yes + ["no"] * (asked - yes) + [None] * (8 - asked))[THE_FACT]
        for asked in range(5, 9)
        for yes in range(asked + 1)
    }
    assert shown == {HELD_BACK}


PART = ItemDefinition("scale", ("no", "yes"), frozenset({"yes"}), asked_of_all=False)
# What somebody may answer: no; yes and then nothing; yes and then no; yes and then yes. As (yes, answered, yes).
PATHS = ((0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1))


def forced_by_a_branch(n, insiders, shown):
    """Return how many facts of others are forced when the trunk is labelled and the branch as `shown` says."""
    others, situations, determined = n - insiders, 0, 0
    trunk = [label(yes, n) for yes in range(n + 1)]
    branch = {(yes, asked): shown(yes, asked, n) for asked in range(n + 1) for yes in range(asked + 1)}
    tables = [(into, asked, yes) for into in range(others + 1) for asked in range(into + 1) for yes in range(asked + 1)]
    for chosen in combinations_with_replacement(PATHS, insiders):
        own = [sum(path[step] for path in chosen) for step in range(3)]
        possible = {}
        for into, asked, yes in tables:
            met = trunk[own[0] + into], branch[own[2] + yes, own[1] + asked]
            ranges = possible.setdefault(met, [others, 0, others, 0, others, 0])
            possible[met] = [
                *(min(ranges[0], into), max(ranges[1], into), min(ranges[2], yes), max(ranges[3], yes)),
                *(min(ranges[4], asked - yes), max(ranges[5], asked - yes)),
            ]
        situations += len(tables)
        for low_into, high_into, low_yes, high_yes, low_no, high_no in possible.values():
            determined += sum((low_into == others, high_into == 0, low_yes == others, high_yes == 0))
            determined += sum((low_no == others, high_no == 0))
    return situations, determined


def test_a10_trunk_and_branch_together_determine_nobody():
    def shown(yes, asked, n):
        return label(yes, asked) if is_enough(PART, asked, sheets=n) else HELD_BACK

    results = [forced_by_a_branch(n, 2, shown) for n in range(20, 33)]
    assert (sum(counted for counted, _found in results), sum(found for _counted, found in results)) == (403_910, 0)


def test_control_twenty_in_the_branch_with_nobody_required_outside_it_shows_unanimity():
    def shown(yes, asked, n):
        return label(yes, asked) if asked >= 20 else HELD_BACK

    assert [forced_by_a_branch(20, insiders, shown)[1] > 0 for insiders in (0, 1, 2)] == [True, True, True]


@given(st.dictionaries(st.sampled_from("xyz"), st.lists(st.sampled_from(["no", "yes", None]), max_size=20), min_size=2))
@examples(max_examples=200, deadline=None)
def test_blocks_or_all_as_one_but_never_both(blocks):
    found = labels_in_blocks(AGREE, blocks)
    assert found.keys() in (blocks.keys(), {""})
    if found.keys() == blocks.keys():
        assert all(one[THE_FACT].is_shown for one in found.values())
        assert not may_publish(list(blocks), [[block] for block in blocks])


def test_nothing_finer_than_the_two_codes_is_in_a_label():
    assert [*Label.__dataclass_fields__] == ["n_band", "band"]
