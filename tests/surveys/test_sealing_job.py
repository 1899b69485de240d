"""The seal of a wave: one sheet a person, in no order that means anything, and an empty inbox."""

import logging
import secrets
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from nacl.public import PublicKey, SealedBox

from accounts.database import acting
from accounts.models import Person
from surveys import access, actions, pairing, releases, sealing, tasks
from surveys.models import FormPerson, InboxBox, Sheet, Wave
from tests.factories import make_person
from tests.surveys.conftest import CLOSES, EVENING, WEEKLY, answer, open_form, over, sheet, whole_wave, work

pytestmark = pytest.mark.django_db

ITEMS = [item["slug"] for item in WEEKLY["items"]]


def sheets(wave):
    return list(Sheet.objects.filter(wave=wave).values_list("answers", flat=True))


def counted(wave):
    """The answers of a wave, whoever gave them."""
    return Counter(tuple(sorted(answers.items())) for answers in sheets(wave))


# One wave of one form


def test_a_seal_keeps_every_sheet_and_leaves_nothing_in_the_inbox_and_no_list(form, families, clock):
    given = [sheet(form, value) for value in ("a_lot", "a_lot", "a_little")]
    for person, answers in zip(families, given, strict=False):
        actions.submit(form=form, person=person, answers=answers, comment="")
    wave = over(form.wave, clock)
    assert counted(wave) == Counter(tuple(sorted(answers.items())) for answers in given)
    assert (InboxBox.objects.count(), FormPerson.objects.count()) == (0, 0)
    assert list(Sheet.objects.values_list("pair", flat=True)) == [None, None, None]


def test_a_second_seal_changes_nothing(form, families, clock):
    answer(form, families[0])
    wave = over(form.wave, clock)
    before = list(Sheet.objects.values_list("pk", "answers")), wave.sealed_at
    clock.move_to(clock.at + timedelta(hours=1))
    work(releases.seal, wave=wave.pk)
    wave.refresh_from_db()
    assert (list(Sheet.objects.values_list("pk", "answers")), wave.sealed_at) == before


def test_no_wave_is_sealed_while_a_form_may_come_or_is_open_or_its_lines_wait(form, families, clock):
    answer(form, families[0])
    wave, refused = form.wave, []
    for step in (
        lambda: None,
        lambda: actions.complete(wave=wave),
        lambda: clock.move_to(CLOSES),
        lambda: work(actions.close_form, form=form.pk),
        lambda: work(releases.open_comments, form=form.pk),
    ):
        step()
        refused.append((list(access.waves_to_seal()), work(releases.seal, wave=wave.pk), Sheet.objects.count()))
    assert [count for _ready, _sealed, count in refused] == [0, 0, 0, 0, 1]
    assert [ready for ready, _sealed, _count in refused] == [[], [], [], [], [wave.pk]]


def test_a_wave_takes_no_form_after_it_was_said_to_be_complete(form, school, ring, families):
    actions.complete(wave=form.wave)
    assert open_form(school, ring, families).pk == form.pk
    with pytest.raises(actions.ValidationError) as refusal:
        open_form(school, ring, families, evening_on=EVENING + timedelta(weeks=1))
    assert refusal.value.code == "complete"


def test_somebody_who_was_barred_after_she_answered_counts(form, families, ring, clock):
    answer(form, families[0])
    actions.take_no_more(ring=ring, person=families[0])
    assert len(sheets(over(form.wave, clock))) == 1


# A window


@pytest.fixture
def three(school, ring, families, form):
    """Three forms of one window."""
    later = [open_form(school, ring, families, evening_on=EVENING + timedelta(weeks=n)) for n in (1, 2)]
    return [form, *later]


def test_three_forms_of_one_person_count_once_with_her_latest_answer_to_each_item(three, families, clock):
    first, second, third = three
    mine = dict.fromkeys(ITEMS, "not_at_all")
    answer(first, families[0], mine)
    answer(second, families[0], {**mine, ITEMS[0]: "a_lot", ITEMS[1]: "a_lot"})
    answer(third, families[0], {**mine, ITEMS[0]: "a_little", ITEMS[1]: None})
    wave = over(first.wave, clock)
    assert sheets(wave) == [{**mine, ITEMS[0]: "a_little", ITEMS[1]: "a_lot"}]


def test_a_form_that_has_closed_stays_sealed_until_the_last_of_its_window(three, families, clock):
    answer(three[0], families[0])
    actions.complete(wave=three[0].wave)
    clock.move_to(CLOSES)
    for form in three[:2]:
        work(actions.close_form, form=form.pk)
        work(releases.open_comments, form=form.pk)
    work(releases.seal, wave=three[0].wave_id)
    assert (Sheet.objects.count(), InboxBox.objects.count()) == (0, 1)


def test_all_forms_of_a_ring_ask_in_the_version_with_which_it_began(form, school, ring, families):
    actions.publish(written={**WEEKLY, "title": {"es": "Otro", "en": "Another"}})
    later = open_form(school, ring, families, evening_on=EVENING + timedelta(weeks=1), number=2)
    assert later.instrument_id == form.instrument_id


# Boxes that cannot be read


def put(form, key, box):
    """Put a box as a web process that was taken over might."""
    with connection.cursor() as cursor:
        lid = sealing.Sealer(form.ring_id).seal_comment("")
        cursor.execute("SELECT surveys_put_box(%s, %s, %s, %s)", [form.pk, key, box, lid])


def crafted(form, person, text):
    """Seal anything at all as somebody's answers."""
    public = sealing._read("web", form.ring_id)["public"]
    box = SealedBox(PublicKey(public)).encrypt(sealing.sodium_pad(text, 512))
    put(form, sealing.Sealer(form.ring_id).box_key(person=person.pk, form=form.pk), box)


POISON = [b"marcador", b"[]", b'"marcador"', b"{}", b'{"a": {}}', b"\xff\xfe", b"null", b"12", b'{"marcador": "a_lot"}']


@pytest.mark.parametrize("text", POISON)
def test_a_box_with_anything_but_answers_fails_alone_and_is_told_by_its_number_only(
    form, families, clock, caplog, text
):
    crafted(form, families[0], text)
    answer(form, families[1])
    with caplog.at_level(logging.DEBUG):
        wave = over(form.wave, clock)
    assert len(sheets(wave)) == 1
    assert [record.getMessage() for record in caplog.records if record.name.startswith("surveys")] == [
        f"wave {wave.pk}: 1 boxes could not be read"
    ]


def test_values_that_no_answer_has_are_poison_too(form, families, clock):
    for person, value in zip(families, ({}, [], ["a_lot"], 7, True, "marcador", "a_lot"), strict=False):
        crafted(form, person, sealing.canonical(dict.fromkeys(ITEMS, value)))
    assert sheets(over(form.wave, clock)) == [dict.fromkeys(ITEMS, "a_lot")]


def test_a_box_sealed_for_other_keys_or_changed_on_the_way_fails_alone(form, families, clock):
    answer(form, families[0])
    put(form, sealing.Sealer(form.ring_id).box_key(person=families[1].pk, form=form.pk), secrets.token_bytes(300))
    assert len(sheets(over(form.wave, clock))) == 1


def test_boxes_that_nobody_on_the_list_can_have_given_count_for_nobody(form, families, school, clock, caplog):
    stranger = make_person("Nadie", school, "caregiver")
    answer(form, families[0])
    box = sealing.Sealer(form.ring_id).seal(sheet(form), length=512)
    put(form, sealing.Sealer(form.ring_id).box_key(person=stranger.pk, form=form.pk), box)
    put(form, secrets.token_bytes(32), box)
    wave = over(form.wave, clock)
    assert (len(sheets(wave)), InboxBox.objects.count()) == (1, 0)
    assert f"wave {wave.pk}: 2 boxes could not be read" in caplog.text


def test_without_the_keys_nothing_is_sealed_and_no_box_is_lost(form, families, clock, caplog):
    answer(form, families[0])
    sealing.destroy_keys(form.ring_id)
    actions.complete(wave=form.wave)
    clock.move_to(CLOSES)
    with acting("worker"):
        for _ in range(2):
            tasks.close_due_forms()
            tasks.seal_due_waves()
    assert (InboxBox.objects.count(), Sheet.objects.count()) == (1, 0)
    assert f"open_comments of form {form.pk} failed: NoKeys" in caplog.text


def test_a_wave_that_cannot_be_sealed_keeps_no_other(form, families, school, clock):
    ring = actions.start_ring(ends_on=EVENING)
    actions.make_ring_keys(ring=ring.pk)
    other = open_form(school, ring, families)
    for one in (form, other):
        answer(one, families[0])
        actions.complete(wave=one.wave)
    sealing.destroy_keys(form.ring_id)
    clock.move_to(CLOSES)
    with acting("worker"):
        tasks.close_due_forms()
        tasks.seal_due_waves()
    assert [(one.sealed_at is not None) for one in (whole_wave(form), whole_wave(other))] == [False, True]


# Order


def order_of_sheets(form):
    """Who lies where, by a word only she chose; as a dump or a look at the table gives it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answers->>%s FROM surveys_sheet WHERE wave_id = %s ORDER BY ctid", [ITEMS[0], form.wave_id]
        )
        return [value for (value,) in cursor.fetchall()]


FOUR = ("not_at_all", "a_little", "quite_a_bit", "a_lot")


def orders(school, families, clock, times):
    """Seal the same four answers, given in the same order, so many times."""
    found, start = [], clock.at
    for _ in range(times):
        clock.move_to(start)
        ring = actions.start_ring(ends_on=EVENING)
        actions.make_ring_keys(ring=ring.pk)
        form = open_form(school, ring, families[:4])
        for person, value in zip(families, FOUR, strict=False):
            answer(form, person, value)
        over(form.wave, clock)
        found.append(order_of_sheets(form))
    return found


def test_where_a_sheet_lies_says_nothing_of_when_it_came_or_of_the_list(form, school, families, clock):
    found = orders(school, families, clock, 40)
    # Each of four places would be the same in all of them once in 4 ** 39.
    assert [len({order[place] for order in found}) for place in range(4)] == [4, 4, 4, 4]


def test_the_look_at_their_places_goes_red_when_nothing_is_shuffled(form, school, families, clock, monkeypatch):
    monkeypatch.setattr(releases, "RandomUUID", lambda: F("pk"))
    # One order; where a page of the table was full, the rest of a wave may lie before its beginning, and make it two.
    # Shuffled, five waves have two orders or fewer once in a thousand times.
    assert len({tuple(order) for order in orders(school, families, clock, 5)}) <= 2


def test_the_shuffle_is_the_systems_own_randomness_and_no_seed_of_a_session(form):
    assert "ORDER BY GEN_RANDOM_UUID()" in str(Person.objects.order_by(releases.RandomUUID()).query)
    assert "ORDER BY gen_random_uuid()" in pairing.PAIRED


# Before and after


@pytest.fixture
def surveys(form, school, ring, families, clock):
    """The survey before, answered by Ana, Berta and Carmen and sealed, and the open one after."""
    both = {kind: open_form(school, ring, families, evening_on=None, kind=kind) for kind in ("before", "after")}
    for person, value in zip(families, FOUR[:3], strict=False):
        answer(both["before"], person, value)
    at = clock.at
    over(both["before"].wave, clock)
    clock.move_to(at)
    return both


def paired(form):
    return {
        bytes(pair) if pair else None: answers[ITEMS[0]]
        for pair, answers in Sheet.objects.filter(wave=form.wave).values_list("pair", "answers")
    }


def test_a_sheet_of_before_waits_under_the_rings_pairing_key(surveys, families):
    wanted = {
        sealing.pair_of(surveys["before"].ring_id, person=person.pk): value
        for person, value in zip(families, FOUR[:3], strict=False)
    }
    assert paired(surveys["before"]) == wanted


def test_once_after_is_sealed_both_sheets_share_a_random_name_and_the_others_have_none(surveys, families, clock):
    for person, value in zip(families[1:4], ("a_lot", "quite_a_bit", "not_at_all"), strict=True):
        answer(surveys["after"], person, value)
    before_keys = set(Sheet.objects.values_list("pk", flat=True))
    over(surveys["after"].wave, clock)
    before, after = paired(surveys["before"]), paired(surveys["after"])
    both = before.keys() & after.keys() - {None}
    assert {(before[pair], after[pair]) for pair in both} == {("a_little", "a_lot"), ("quite_a_bit", "quite_a_bit")}
    assert (before[None], after[None]) == ("not_at_all", "not_at_all")
    computed = {sealing.pair_of(surveys["before"].ring_id, person=person.pk) for person in families}
    assert both.isdisjoint(computed)
    # Under new keys, so that an older copy of the database does not lead to them either.
    assert before_keys.isdisjoint(Sheet.objects.values_list("pk", flat=True))


def test_after_waits_for_before(school, ring, families, form, clock):
    both = {kind: open_form(school, ring, families, evening_on=None, kind=kind) for kind in ("before", "after")}
    for one in both.values():
        answer(one, families[0])
        actions.complete(wave=one.wave)
    clock.move_to(CLOSES)
    work(actions.close_form, form=both["after"].pk)
    work(releases.open_comments, form=both["after"].pk)
    work(releases.seal, wave=both["after"].wave_id)
    assert whole_wave(both["after"]).sealed_at is None


# Being forgotten


def test_who_is_forgotten_loses_her_boxes_her_lines_and_her_pair_and_nothing_shows_whose_it_was(
    surveys, form, families, clock
):
    answer(form, families[0])
    answer(form, families[1])
    before = paired(surveys["before"])
    work(actions.forget, person=families[0])
    assert InboxBox.objects.count() == 1
    assert not FormPerson.objects.filter(person=families[0]).exists()
    now = paired(surveys["before"])
    mine = sealing.pair_of(form.ring_id, person=families[0].pk)
    assert before.keys() - now.keys() == {mine}
    [new] = now.keys() - before.keys()
    # No gap: the name looks like the others, and leads nowhere.
    assert (len(new), now[new]) == (32, before[mine])
    answer(surveys["after"], families[1], "a_lot")
    over(surveys["after"].wave, clock)
    assert {value for pair, value in paired(surveys["before"]).items() if pair} == {"a_little"}


def test_forgetting_somebody_twice_or_after_the_keys_are_gone_changes_nothing(surveys, families):
    work(actions.forget, person=families[0])
    found = sorted(Sheet.objects.values_list("pk", flat=True))
    work(actions.forget, person=families[0])
    sealing.destroy_keys(surveys["before"].ring_id)
    work(actions.forget, person=families[1])
    assert sorted(Sheet.objects.values_list("pk", flat=True)) == found


# Two at once


@pytest.mark.django_db(transaction=True)
def test_two_workers_seal_a_wave_once(form, families, clock):
    for person in families:
        answer(form, person)
    actions.complete(wave=form.wave)
    clock.move_to(CLOSES)
    work(actions.close_form, form=form.pk)
    work(releases.open_comments, form=form.pk)
    begin = threading.Barrier(4)

    def run():
        begin.wait()
        try:
            with acting("worker"):
                work(releases.seal, wave=form.wave_id)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Sheet.objects.count() == len(families)
    assert Wave.objects.get().sealed_at == clock.at
