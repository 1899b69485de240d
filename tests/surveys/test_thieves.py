"""What a thief learns, for each row of /privacy/: what it says, and no more."""

import shutil
from datetime import timedelta
from itertools import product

import pytest
from django.conf import settings
from django.db import connection

from accounts.database import acting
from surveys import releases, sealing
from surveys.models import FormPerson, InboxBox, Sheet
from tests.surveys.conftest import answer, open_form, over, work

pytestmark = pytest.mark.django_db

MARKER = "marcador-Lx4"


@pytest.fixture
def answered(form, families):
    """The weekly form, answered by the first three; the second wrote something of her own."""
    for person, value, line in zip(families, ("not_at_all", "a_little", "a_lot"), ("", MARKER, ""), strict=False):
        answer(form, person, value, line)
    return form


@pytest.fixture
def before(school, ring, families, answered, clock):
    """The survey before, answered by the first two and sealed."""
    form = open_form(school, ring, families, evening_on=None, kind="before")
    for person in families[:2]:
        answer(form, person, "a_lot")
    at = clock.at
    over(form.wave, clock)
    clock.move_to(at)
    return form


def stolen():
    """Return every row of every table that a backup reads, as text, with where it lies."""
    lines = []
    with acting("backup"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND has_table_privilege(oid, 'SELECT')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT xmin::text, ctid::text, t::text FROM "{table}" t')  # noqa: S608
            lines += [" ".join(row) for row in cursor.fetchall()]
    return lines


def whose(form, families, keys):
    """Say whose boxes the keys name and open: the name, and her first answer."""
    with acting("backup"):
        boxes = {bytes(row.key): row for row in InboxBox.objects.filter(form=form)}
    found = {}
    for person in families:
        box = boxes.get(keys.box_key(person=person.pk, form=form.pk))
        if box:
            found[person.name] = next(iter(keys.open_box(box.box).values()))
    return found


def test_a_stolen_database_tells_who_is_asked_and_how_many_answered_and_no_more(answered, families):
    with acting("backup"):
        asked = set(FormPerson.objects.filter(form=answered).values_list("person__name", flat=True))
        boxes = list(InboxBox.objects.filter(form=answered).values_list("key", "box", "comment_box"))
    assert (asked, len(boxes)) == ({person.name for person in families}, 3)
    dump = stolen()
    assert [line for line in dump if MARKER in line] == []
    # Every sheet has one length, and so has every line, written or not.
    assert {(len(box), len(line)) for _key, box, line in boxes} == {(len(boxes[0][1]), len(boxes[0][2]))}
    # Without the ring's key nobody is known by the key of a box, whatever else the dump holds.
    tries = {cell.encode() for line in dump for cell in line.strip("()").split(",")}
    guessed = {sealing._box_key(key, person.pk, answered.pk) for person in families for key in tries}
    assert guessed.isdisjoint({bytes(key) for key, _box, _line in boxes})


def test_a_stolen_database_with_every_key_tells_whose_the_open_answers_are(before, answered, families):
    keys = sealing.Opener(answered.ring_id)
    assert whose(answered, families, keys) == {"Ana": "not_at_all", "Berta": "a_little", "Carmen": "a_lot"}
    assert paired(before, families, keys) == {"Ana", "Berta"}


def paired(form, families, keys):
    """Return whose sheets wait under the pairing key."""
    with acting("backup"):
        pairs = {bytes(pair) for pair in Sheet.objects.filter(wave=form.wave_id).values_list("pair", flat=True)}
    return {person.name for person in families if keys.pair_of(person=person.pk) in pairs}


def test_of_what_was_sealed_not_even_every_key_tells_whose_it_was(before, answered, school, ring, families, clock):
    after = open_form(school, ring, families, evening_on=None, kind="after")
    for person in families[:2]:
        answer(after, person, "a_little")
    at = clock.at
    over(after.wave, clock)
    clock.move_to(at)
    over(answered.wave, clock)
    keys = sealing.Opener(answered.ring_id)
    assert whose(answered, families, keys) == {}
    assert paired(before, families, keys) | paired(after, families, keys) == set()


def test_once_the_keys_are_gone_a_stolen_database_tells_nothing_of_anybody_s_answer(answered, ring, families, clock):
    over(answered.wave, clock)
    clock.move_to(clock.at + timedelta(days=200))
    work(releases.destroy_keys, ring=ring.pk)
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(ring.pk)
    with acting("backup"):
        sheets = list(Sheet.objects.values_list("pk", "pair"))
        assert {pair for _pk, pair in sheets} == {None}
        assert FormPerson.objects.count() == InboxBox.objects.count() == 0
    names_a_sheet = [str(pk) for pk, _pair in sheets]
    people = [str(person.pk) for person in families]
    both = product(names_a_sheet, people)
    dump = stolen()
    assert len(names_a_sheet) == 3
    assert [(sheet, who) for sheet, who in both if any(sheet in line and who in line for line in dump)] == []


def test_whoever_holds_the_server_reads_what_is_sent_from_then_on(answered, families, monkeypatch):
    heard, seal = [], sealing.Sealer.seal

    def listening(keys, answers, **more):
        heard.append(answers)
        return seal(keys, answers, **more)

    monkeypatch.setattr(sealing.Sealer, "seal", listening)
    answer(answered, families[3], "quite_a_bit")
    assert [set(answers.values()) for answers in heard] == [{"quite_a_bit"}]
    # What was sent before does not open with anything that the web process can reach.
    shutil.rmtree(settings.KEYS_DIR / "worker")
    box = InboxBox.objects.order_by("key").first()
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(answered.ring_id).open_box(box.box)
