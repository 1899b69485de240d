"""967 real sheets of 82 groups, from a district's spreadsheet to the labels that families read.

What comes out is compared with figures that this module works out by itself, in fractions, from the words in the file.
"""

import csv
from collections import Counter, defaultdict
from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.conf import settings
from django.db import transaction

from accounts.database import acting
from accounts.models import Membership, Person
from surveys import actions, authoring, releases, xlsform
from surveys.models import InboxBox, Release, Sheet, Wave
from tests.surveys import carpentries
from tests.surveys.conftest import OPENED, open_form, over

FILE = settings.BASE_DIR / "tests" / "data" / "answers" / "carpentries-training-2018.csv"
GOOD = {
    **dict.fromkeys(
        ["InformationReasonableTime", "AtmosphereWelcoming", "LearnedSkills", "Material", "Recommend", "Worth"],
        {"Strongly Agree", "Agree"},
    ),
    **dict.fromkeys(
        ["TrainersClearAnswers", "TrainersConsiderate", "TrainersCommunicators", "TrainersEnthusiastic"],
        {"Often", "All of the time"},
    ),
    "Pace": {"Just right"},
    "HandsOn": {"Balanced (lecture/hands-on)"},
    "NewInformation": {"Most of it", "All of it"},
}


def expected_label(yes, n):
    """What may be said of `yes` of `n` (trust P2, P4), written once more from the paper."""
    if n < 5:
        return "not_enough", ""
    share = Fraction(yes, n)
    if n < 10:
        if share == Fraction(1, 2):
            return "5-9", "half"
        return "5-9", "more_than_half" if share > Fraction(1, 2) else "fewer_than_half"
    if n < 15:
        low, high = share <= Fraction(1, 3), share >= Fraction(2, 3)
        return "10-14", "third_or_fewer" if low else "two_thirds_or_more" if high else "between_thirds"
    end, step = (20, 20) if n < 30 else (10, 10) if n < 60 else (5, 10)
    ends = [0, end, *[cut for cut in range(step, 100, step) if end < cut < 100 - end], 100 - end, 100]
    bands = list(zip(ends, ends[1:], strict=False))
    # What lies between two bands belongs to the one farther from the middle.
    low, high = next(
        (low, high)
        for low, high in (bands if share < Fraction(1, 2) else reversed(bands))
        if (100 * share <= high if share < Fraction(1, 2) else 100 * share >= low) or low < 50 < high
    )
    return str(round(Fraction(n, 5)) * 5), f"{low}-{high}"


def expected():
    """The label of every question in every group, from the file alone."""
    said = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for name in GOOD:
                said[row["MemberSite"], name].append(row[name].replace("\xa0", " ").strip())
    labels = {}
    for (group, name), words in said.items():
        given = [one for one in words if one]
        labels[group, name] = expected_label(sum(one in GOOD[name] for one in given), len(given))
    return labels


@pytest.fixture
def groups():
    """The sheets of each group."""
    groups = defaultdict(list)
    for group, answers in carpentries.sheets(FILE):
        groups[group].append(answers)
    return groups


@pytest.fixture
def released(school, ring, groups, clock):
    """The wave of each group, after all that happens between a spreadsheet and a release."""
    written = xlsform.read(carpentries.form())
    draft = authoring.bring(written=written, district=school.district)
    instrument = authoring.publish(draft=draft)
    waves = {}
    for number, (group, sheets) in enumerate(groups.items(), start=1):
        people = members(school, len(sheets))
        form = open_form(school, ring, people, evening_on=None, instrument=instrument.slug, number=number)
        for person, answers in zip(people, sheets, strict=True):
            with acting("link"), transaction.atomic():
                actions.submit(form=form, person=person, answers=answers, comment="")
        waves[group] = form.wave
    assert InboxBox.objects.count() == 967
    sealed = {group: over(wave, clock) for group, wave in waves.items()}
    assert InboxBox.objects.count() == 0
    clock.move_to(datetime(2027, 2, 22, 15, 0, tzinfo=UTC))
    with acting("worker"):
        for wave in sealed.values():
            releases.release(wave=wave.pk)
    return {group: Wave.objects.get(pk=wave.pk) for group, wave in sealed.items()}


def members(school, number):
    people = Person.objects.bulk_create(Person(name=f"Person {n}", password="!") for n in range(number))
    Membership.objects.bulk_create(
        Membership(person=person, kind="caregiver", school=school, since=OPENED) for person in people
    )
    return people


@pytest.mark.django_db
def test_every_group_is_told_what_its_sheets_say_and_nothing_finer(released, groups):
    sizes = sorted(map(len, groups.values()))
    assert (len(sizes), sizes[0], sizes[-1], sum(sizes)) == (82, 1, 129, 967)
    assert {group: wave.sheets.count() for group, wave in released.items()} == {
        group: len(sheets) for group, sheets in groups.items()
    }
    names = {wave.pk: group for group, wave in released.items()}
    with acting("worker"):
        rows = list(Release.objects.select_related("item"))
    labels = {(names[row.wave_id], row.item.slug): (row.n_band, row.band) for row in rows}
    assert len(rows) == len(labels) == 82 * 13
    assert labels == expected()
    assert Sheet.objects.filter(pair__isnull=False).count() == 0


def test_the_file_stands_on_five_rungs_of_the_ladder():
    bands = Counter(n_band for n_band, _band in expected().values())
    assert sorted(bands) == ["10-14", "120", "125", "130", "15", "20", "5-9", "not_enough"]
    assert (bands["not_enough"], bands["5-9"], sum(bands.values())) == (260, 311, 82 * 13)


@pytest.mark.parametrize(
    ("yes", "n", "label"),
    [
        (4, 4, ("not_enough", "")),
        (4, 8, ("5-9", "half")),
        (8, 8, ("5-9", "more_than_half")),
        (4, 12, ("10-14", "third_or_fewer")),
        (8, 12, ("10-14", "two_thirds_or_more")),
        (3, 15, ("15", "0-20")),
        (10, 20, ("20", "40-60")),
        (12, 20, ("20", "60-80")),
        (16, 20, ("20", "80-100")),
        (15, 30, ("30", "50-60")),
        (12, 30, ("30", "30-40")),
        (57, 60, ("60", "95-100")),
        (54, 60, ("60", "90-95")),
        (6, 60, ("60", "5-10")),
    ],
)
def test_the_figures_compared_with_are_right_by_hand(yes, n, label):
    assert expected_label(yes, n) == label
