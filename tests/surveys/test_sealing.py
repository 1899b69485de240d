"""Keys lie outside the database, and a sealed sheet says nothing by its size."""

import stat
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from nacl.public import PrivateKey

from surveys import sealing

WORDS = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20)
INSTRUMENTS = st.dictionaries(WORDS, st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=40)
SEALED_BOX_ADDS = 48


@pytest.fixture(scope="module")
def ring():
    ring = uuid4()
    sealing.make_keys(ring)
    return ring


@pytest.fixture(autouse=True)
def _keys_of_this_module(ring):
    sealing.make_keys(ring)


def files(ring):
    return {place: settings.KEYS_DIR / place / f"{ring}.json" for place in ("worker", "web")}


@given(st.data())
@examples(max_examples=60, deadline=None)
def test_what_is_sealed_is_read_again_by_the_worker(ring, data):
    values = data.draw(INSTRUMENTS)
    answers = {question: data.draw(st.sampled_from([None, *possible])) for question, possible in values.items()}
    box = sealing.Sealer(ring).seal(answers, length=sealing.sheet_length(values))
    assert sealing.Opener(ring).open_box(box) == answers


@given(st.data())
@examples(max_examples=60, deadline=None)
def test_all_sheets_of_an_instrument_have_one_length(ring, data):
    values = data.draw(INSTRUMENTS)
    length = sealing.sheet_length(values)
    extremes = [
        dict.fromkeys(values),
        {question: min(possible, key=len) for question, possible in values.items()},
        {question: max(possible, key=len) for question, possible in values.items()},
    ]
    lid = sealing.Sealer(ring)
    assert {len(lid.seal(answers, length=length)) for answers in extremes} == {length + SEALED_BOX_ADDS}
    assert length % sealing.STEP == 0


def test_without_the_filling_the_lengths_would_tell_the_answers():
    assert len(sealing.canonical({"q": "a_lot"})) != len(sealing.canonical({"q": "not_at_all"}))


@given(st.text(max_size=sealing.COMMENT_CHARACTERS))
@examples(max_examples=60, deadline=None)
def test_all_comments_have_one_length_and_are_read_again(ring, comment):
    box = sealing.Sealer(ring).seal_comment(comment)
    assert len(box) == sealing.COMMENT_BYTES + SEALED_BOX_ADDS
    assert sealing.Opener(ring).open_comment(box) == comment


def test_the_longest_comment_of_the_longest_letters_fits(ring):
    comment = "\N{FAMILY}" * sealing.COMMENT_CHARACTERS
    assert sealing.Opener(ring).open_comment(sealing.Sealer(ring).seal_comment(comment)) == comment


def test_a_sheet_too_long_for_its_kind_is_refused_rather_than_made_to_stand_out(ring):
    with pytest.raises(ValueError, match="longer than every sheet"):
        sealing.Sealer(ring).seal({"q": "x" * 256}, length=256)


def test_two_boxes_of_the_same_answers_differ(ring):
    assert sealing.Sealer(ring).seal({"q": "a"}, length=256) != sealing.Sealer(ring).seal({"q": "a"}, length=256)


def test_a_box_lies_under_a_key_of_its_person_and_form(ring):
    person, other, form = uuid4(), uuid4(), uuid4()
    names = sealing.Sealer(ring)
    key = names.box_key(person=person, form=form)
    assert key == sealing.Sealer(ring).box_key(person=person, form=form)
    assert len(key) == 32
    assert len({key, names.box_key(person=other, form=form), names.box_key(person=person, form=other)}) == 3


def test_another_rings_keys_neither_name_nor_open_a_box(ring):
    other = uuid4()
    sealing.make_keys(other)
    person, form = uuid4(), uuid4()
    whose = {"person": person, "form": form}
    assert sealing.Sealer(ring).box_key(**whose) != sealing.Sealer(other).box_key(**whose)
    with pytest.raises(sealing.Unreadable):
        sealing.Opener(other).open_box(sealing.Sealer(ring).seal({"q": "a"}, length=256))


def test_keys_that_are_there_are_never_changed(ring):
    before = {place: path.read_bytes() for place, path in files(ring).items()}
    sealing.make_keys(ring)
    assert {place: path.read_bytes() for place, path in files(ring).items()} == before


def test_a_crash_between_the_two_files_is_mended_without_a_second_private_key():
    ring = uuid4()
    sealing.make_keys(ring)
    private = files(ring)["worker"].read_bytes()
    files(ring)["web"].unlink()
    sealing.make_keys(ring)
    assert files(ring)["worker"].read_bytes() == private
    assert sealing.Opener(ring).open_box(sealing.Sealer(ring).seal({"q": "a"}, length=256)) == {"q": "a"}


def test_a_ring_whose_private_key_was_lost_is_not_said_to_be_made():
    ring = uuid4()
    sealing.make_keys(ring)
    files(ring)["worker"].unlink()
    with pytest.raises(sealing.NoKeys):
        sealing.make_keys(ring)


def test_two_workers_at_once_make_one_set_of_keys():
    ring = uuid4()
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(sealing.make_keys, [ring] * 8))
    assert sealing.Opener(ring).open_box(sealing.Sealer(ring).seal({"q": "a"}, length=256)) == {"q": "a"}
    assert [path.name for path in files(ring)["web"].parent.glob("tmp*")] == []


def test_only_their_owner_reads_the_keys(ring):
    modes = {
        place: (stat.S_IMODE(path.parent.stat().st_mode), stat.S_IMODE(path.stat().st_mode))
        for place, path in files(ring).items()
    }
    assert modes == {"worker": (0o700, 0o600), "web": (0o700, 0o600)}


def test_the_webs_files_hold_nothing_that_opens(ring):
    kept = sealing._read("web", ring)
    assert set(kept) == {"hmac", "public"}
    assert bytes(PrivateKey(sealing._read("worker", ring)["private"]).public_key) == kept["public"]
    files(ring)["worker"].unlink()
    box = sealing.Sealer(ring).seal({"q": "a"}, length=256)
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(ring).open_box(box)


def test_once_the_files_are_gone_no_process_remembers_them():
    ring = uuid4()
    sealing.make_keys(ring)
    sealing.Sealer(ring).box_key(person=uuid4(), form=uuid4())
    for path in files(ring).values():
        path.unlink()
    with pytest.raises(sealing.NoKeys):
        sealing.Sealer(ring).box_key(person=uuid4(), form=uuid4())
    with pytest.raises(sealing.NoKeys):
        sealing.Sealer(ring).seal({"q": "a"}, length=256)
