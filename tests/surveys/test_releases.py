"""Releasing once: what is shown, when, to whom, and that nothing afterwards changes it (trust P1 to P10, P14)."""

import csv
import hashlib
import io
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.database import acting
from notifications import delivery
from surveys import access, actions, disclosure, releases, sealing, tasks
from surveys.cells import plain
from surveys.evaluator_file import together
from surveys.models import EvaluatorFile, Form, KeyRing, Release, Sheet, Wave
from tests.factories import make_person
from tests.surveys.conftest import CLOSES, EVENING, WEEKLY, answer, open_form, over, sheet, whole_wave, work

pytestmark = pytest.mark.django_db

ITEMS = [item["slug"] for item in WEEKLY["items"]]
# Closed on Wednesday evening the 17th of February; the Monday after, at nine in Chicago.
MONDAY = datetime(2027, 2, 22, 15, 0, tzinfo=UTC)


def rows(wave=None):
    found = Release.objects.filter(wave=wave) if wave else Release.objects.all()
    with acting("worker"), transaction.atomic():
        return sorted(found.values_list("wave__kind", "item__slug", "option__value", "basis", "n_band", "band"))


def labels(wave):
    """The label of each item."""
    with acting("worker"):
        found = Release.objects.filter(wave=wave).order_by("item__number")
        return {slug: (n_band, band) for slug, n_band, band in found.values_list("item__slug", "n_band", "band")}


def released(wave, clock):
    """Seal a wave and release it at its hour."""
    wave = over(wave, clock)
    clock.move_to(wave.families_at)
    with acting("worker"):
        tasks.release_due_waves()
    return Wave.objects.get(pk=wave.pk)


def every(form, families, *values):
    for person, value in zip(families, values, strict=False):
        answer(form, person, value)


# When


def test_the_hours_are_fixed_at_the_seal_families_on_monday_at_nine_and_leaders_two_days_later(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    wave = over(form.wave, clock)
    assert (wave.families_at, wave.leaders_at) == (MONDAY, MONDAY + timedelta(hours=48))


def test_nothing_is_written_before_the_hour_and_all_of_it_then(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    wave = over(form.wave, clock)
    clock.move_to(MONDAY - timedelta(seconds=1))
    work(releases.release, wave=wave.pk)
    assert rows() == []
    clock.move_to(MONDAY)
    work(releases.release, wave=wave.pk)
    assert labels(wave) == dict.fromkeys(ITEMS, ("5-9", "more_than_half"))


def test_each_reader_finds_a_result_at_its_hour_and_not_before(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    wave = released(form.wave, clock)
    found = {}
    for at in (MONDAY - timedelta(seconds=1), MONDAY, wave.leaders_at - timedelta(seconds=1), wave.leaders_at):
        clock.move_to(at)
        for audience in ("caregiver", "facilitator", "leader", "coordinator", "board", "district", "evaluator"):
            with transaction.atomic(), acting(audience):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('app.now', %s, true)", [at.isoformat()])
                found[audience, at] = Release.objects.count() > 0
    families_only = {"caregiver", "facilitator"}
    assert found == {
        (audience, at): at >= (MONDAY if audience in families_only else wave.leaders_at) for audience, at in found
    }


def test_families_are_first_by_two_days_also_where_the_worker_was_away(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    wave = over(form.wave, clock)
    late = MONDAY + timedelta(hours=47)
    clock.move_to(late)
    work(releases.release, wave=wave.pk)
    assert whole_wave(form).leaders_at == late + timedelta(hours=48)


# Once, however often, at once or killed


def test_two_runs_write_one_set(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    wave = released(form.wave, clock)
    found = rows(), wave.released_at
    clock.move_to(clock.at + timedelta(days=1))
    work(releases.release, wave=wave.pk)
    assert (rows(), whole_wave(form).released_at) == found
    assert len(rows()) == len(ITEMS)


@pytest.mark.django_db(transaction=True)
def test_runs_in_parallel_write_one_set(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    wave = over(form.wave, clock)
    clock.move_to(wave.families_at)
    begin, failed = threading.Barrier(6), []

    def run():
        begin.wait()
        try:
            with acting("worker"):
                work(releases.release, wave=wave.pk)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=run) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (failed, len(rows())) == ([], len(ITEMS))


def test_nobody_changes_or_deletes_a_result_the_worker_neither(form, families, clock):
    every(form, families, *["a_lot"] * 6)
    released(form.wave, clock)
    before = rows()
    for audience in ("worker", "leader", "coordinator", "caregiver"):
        for change in (lambda: Release.objects.update(band="half"), lambda: Release.objects.all().delete()):
            with transaction.atomic(), acting(audience):
                try:
                    with transaction.atomic():
                        change()
                except DatabaseError:
                    continue
    assert rows() == before


# What: by people, by the numbers, by the ladder


@pytest.mark.parametrize("yes", [5, 6, 7, 8])
def test_five_to_eight_of_eight_write_the_same_rows(form, families, clock, yes):
    every(form, families, *["a_lot"] * yes, *["a_little"] * (8 - yes))
    assert labels(released(form.wave, clock)) == dict.fromkeys(ITEMS, ("5-9", "more_than_half"))


@pytest.mark.parametrize("n", range(5))
def test_none_to_four_write_the_same_rows(form, families, clock, n):
    every(form, families, *["a_lot"] * n)
    assert labels(released(form.wave, clock)) == dict.fromkeys(ITEMS, ("not_enough", ""))


def test_what_is_stored_is_what_the_ladder_says_for_each_item(form, families, clock):
    for place, person in enumerate(families):
        values = ("a_lot" if place < 3 else "a_little", "a_lot" if place < 4 else None, "a_lot", None)
        answer(form, person, dict(zip(ITEMS, values, strict=True)))
    assert list(labels(released(form.wave, clock)).values()) == [
        ("5-9", "fewer_than_half"),
        ("not_enough", ""),
        ("5-9", "more_than_half"),
        ("not_enough", ""),
    ]
    with acting("worker"):
        assert set(Release.objects.values_list("policy", flat=True)) == {disclosure.POLICY_VERSION}


def test_three_forms_of_one_person_count_once(form, school, ring, families, clock):
    for n in range(3):
        one = form if n == 0 else open_form(school, ring, families, evening_on=EVENING + timedelta(weeks=n))
        every(one, families, *["a_lot"] * 4)
    assert labels(released(form.wave, clock)) == dict.fromkeys(ITEMS, ("not_enough", ""))


def shown(wave):
    """Which facts are shown at all; never what they say."""
    with acting("worker"):
        found = Release.objects.filter(wave=wave).values_list("item__slug", "n_band", "band")
        return sorted((slug, n_band, band != "") for slug, n_band, band in found)


def flipped_one_by_one(school, families, clock, n):
    """Release a form that n people answered, then the same with one answer flipped, for each of them."""
    found, start = [], clock.at
    for flip in range(n + 1):
        clock.move_to(start)
        ring = actions.start_ring(ends_on=EVENING)
        actions.make_ring_keys(ring=ring.pk)
        one = open_form(school, ring, families)
        every(one, families, *["a_lot" if place != flip else "not_at_all" for place in range(n)])
        found.append(shown(released(one.wave, clock)))
    return found


@pytest.mark.parametrize("n", [4, 5, 8])
def test_flipping_an_answer_never_changes_whether_something_is_shown(form, school, families, clock, n):
    found = flipped_one_by_one(school, families, clock, n)
    assert found == [found[0]] * (n + 1)


def test_the_look_at_flips_goes_red_where_unanimity_is_hidden(form, school, families, clock, monkeypatch):
    honest = disclosure.label
    monkeypatch.setattr(disclosure, "label", lambda yes, n: disclosure.NOT_ENOUGH if yes in (0, n) else honest(yes, n))
    found = flipped_one_by_one(school, families, clock, 8)
    assert found != [found[0]] * 9


# Nothing afterwards changes it


def everything_after(form, families, clock):
    """Answer late, answer again, be forgotten: by the product's own ways, after the close, the seal, the release."""
    found = []
    wave = form.wave
    every(form, families, *["a_lot"] * 5)
    actions.complete(wave=wave)
    clock.move_to(CLOSES)
    work(actions.close_form, form=form.pk)
    found.append(late(form, families[5]))
    work(releases.open_comments, form=form.pk)
    work(releases.seal, wave=wave.pk)
    found.append(late(form, families[6]))
    clock.move_to(MONDAY)
    work(releases.release, wave=wave.pk)
    found.append(late(form, families[7]))
    return found, Sheet.objects.count(), rows()


def late(form, person):
    """Send answers to a form as a page that was open all the time would; say whether they were taken."""
    key = sealing.Sealer(form.ring_id).box_key(person=person.pk, form=form.pk)
    box = sealing.Sealer(form.ring_id).seal(sheet(form, "not_at_all"), length=512)
    lid = sealing.Sealer(form.ring_id).seal_comment("")
    with pytest.raises(ValidationError) as refusal:
        answer(Form.objects.get(pk=form.pk), person)
    assert refusal.value.code == "closed"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(actions.PUT_BOX, [form.pk, key, box, lid])
    except DatabaseError:
        return False
    return True


def test_an_answer_after_the_close_is_refused_and_changes_nothing(form, families, clock):
    taken, sheets, found = everything_after(form, families, clock)
    assert (taken, sheets) == ([False] * 3, 5)
    work(releases.seal, wave=form.wave_id)
    work(releases.release, wave=form.wave_id)
    assert rows() == found


def test_the_late_answer_counts_where_the_database_does_not_look_at_the_close(form, families, clock):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'surveys_put_box'",
        )
        cursor.execute(cursor.fetchone()[0].replace("AND closed_at IS NULL", ""))
    taken, sheets, _found = everything_after(form, families, clock)
    # The one that came between the close and the seal is among them: the guard is what keeps it out.
    assert (taken[0], sheets) == (True, 6)


def test_being_forgotten_after_the_release_changes_nothing(form, families, clock):
    every(form, families, *["a_lot"] * 5)
    wave = released(form.wave, clock)
    before = rows(wave)
    for person in families:
        work(actions.forget, person=person)
        person.delete()
    work(releases.release, wave=wave.pk)
    assert rows(wave) == before


# Before and after


@pytest.fixture
def surveys(form, school, ring, families):
    """The surveys before and after, both open to everybody."""
    return {kind: open_form(school, ring, families, evening_on=None, kind=kind) for kind in ("before", "after")}


def both_released(surveys, clock):
    before = over(surveys["before"].wave, clock)
    assert before.families_at is None
    after = released(surveys["after"].wave, clock)
    return whole_wave(surveys["before"]), after


def test_before_is_not_released_until_after_is_sealed_and_then_with_it(surveys, families, clock):
    for one in surveys.values():
        every(one, families, *["a_lot"] * 6)
    at = clock.at
    over(surveys["before"].wave, clock)
    clock.move_to(clock.at + timedelta(weeks=30))
    with acting("worker"):
        tasks.release_due_waves()
        work(releases.release, wave=surveys["before"].wave_id)
    assert rows() == []
    clock.move_to(at)
    after = released(surveys["after"].wave, clock)
    before = whole_wave(surveys["before"])
    assert (before.families_at, before.leaders_at, before.released_at) == (
        after.families_at,
        after.leaders_at,
        after.released_at,
    )
    assert {kind for kind, *_rest in rows()} == {"before", "after"}


def test_where_five_did_both_only_theirs_are_used(surveys, families, clock):
    every(surveys["before"], families, *["a_little"] * 5, *["a_lot"] * 3)
    every(surveys["after"], families, *["a_lot"] * 5)
    at = clock.at
    over(surveys["before"].wave, clock)
    clock.move_to(at)
    after = released(surveys["after"].wave, clock)
    assert {row[3] for row in rows()} == {"both_times"}
    assert labels(whole_wave(surveys["before"])) == dict.fromkeys(ITEMS, ("5-9", "fewer_than_half"))
    assert labels(after) == dict.fromkeys(ITEMS, ("5-9", "more_than_half"))


def test_where_fewer_did_both_each_survey_is_released_apart(surveys, families, clock):
    every(surveys["before"], families, *["a_lot"] * 5)
    every(surveys["after"], families[1:], *["a_little"] * 6)
    at = clock.at
    over(surveys["before"].wave, clock)
    clock.move_to(at)
    released(surveys["after"].wave, clock)
    assert {row[3] for row in rows()} == {"everybody"}
    assert labels(whole_wave(surveys["before"])) == dict.fromkeys(ITEMS, ("5-9", "more_than_half"))


def test_a_consultation_is_released_at_the_next_nine_and_to_the_board_two_days_later(form, school, families, clock):
    ring = actions.start_ring(ends_on=EVENING)
    actions.make_ring_keys(ring=ring.pk)
    asked = open_form(school, ring, families, evening_on=None, kind="consultation")
    every(asked, families, *["a_lot"] * 5)
    wave = over(asked.wave, clock)
    nine = datetime(2027, 2, 18, 15, 0, tzinfo=UTC)
    assert (wave.families_at, wave.leaders_at) == (nine, nine + timedelta(hours=48))


# The end of the keys


def ended(ring, clock, days=31):
    clock.move_to(datetime.combine(ring.ends_on, datetime.min.time(), tzinfo=UTC) + timedelta(days=days, hours=18))


def test_keys_are_destroyed_on_the_thirty_first_day_and_not_before(form, families, ring, clock):
    every(form, families, *["a_lot"] * 5)
    over(form.wave, clock)
    ended(ring, clock, days=30)
    with acting("worker"):
        tasks.end_rings()
    assert sealing.Opener(ring.pk)
    ended(ring, clock)
    with acting("worker"):
        tasks.end_rings()
    with pytest.raises(sealing.NoKeys):
        sealing.Sealer(ring.pk).box_key(person=families[0].pk, form=form.pk)
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(ring.pk)
    assert KeyRing.objects.get(pk=ring.pk).destroyed_at == clock.at


@pytest.mark.parametrize("left", ["open", "unsealed"])
def test_keys_outlive_what_is_open_or_sealed_and_the_operator_is_told(form, families, ring, clock, left):
    make_person("Quien opera", None, "operator", email="opera@example.org", language="en")
    every(form, families, *["a_lot"] * 5)
    ended(ring, clock)
    if left == "unsealed":
        work(actions.close_form, form=form.pk)
    with acting("worker"):
        tasks.end_rings()
        tasks.end_rings()
        delivery.go_round()
    assert sealing.Opener(ring.pk)
    [letter] = mail.outbox
    assert (letter.to, str(ring.pk) in letter.body) == (["opera@example.org"], True)
    assert not any(person.name in letter.body for person in families)
    over(form.wave, clock)
    work(releases.destroy_keys, ring=ring.pk)
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(ring.pk)


def test_a_restored_database_brings_no_key_back(form, families, ring, clock):
    every(form, families, *["a_lot"] * 5)
    over(form.wave, clock)
    ended(ring, clock)
    work(releases.destroy_keys, ring=ring.pk)
    KeyRing.objects.update(destroyed_at=None)
    with acting("worker"):
        tasks.make_key_rings()
        tasks.end_rings()
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(ring.pk)
    assert KeyRing.objects.get(pk=ring.pk).destroyed_at == clock.at


def test_no_form_opens_under_destroyed_keys(form, school, families, ring, clock):
    over(form.wave, clock)
    ended(ring, clock)
    work(releases.destroy_keys, ring=ring.pk)
    with pytest.raises(ValidationError) as refusal:
        open_form(school, ring, families, number=2)
    assert refusal.value.code == "no_keys"


# The evaluator's file


def written(ring):
    file = EvaluatorFile.objects.get(ring=ring)
    return bytes(file.content), bytes(file.code_book)


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def file(surveys, form, families, ring, clock):
    """The file of a ring with a window of eight, and surveys of six and five that four people did both."""
    at = clock.at
    values = ["not_at_all", "a_little", "a_little", "a_little", "quite_a_bit", "quite_a_bit", "quite_a_bit", "a_lot"]
    every(form, families, *values)
    every(surveys["before"], families[:6], *["a_lot"] * 6)
    every(surveys["after"], families[2:7], *["a_little"] * 3, *["a_lot"] * 2)
    for one in (form, *surveys.values()):
        clock.move_to(at)
        over(one.wave, clock)
    ended(ring, clock)
    assert list(access.rings_without_file()) == []
    with acting("worker"):
        tasks.end_rings()
    return table(written(ring)[0])


def test_the_file_has_every_sheet_under_a_random_name(file, families):
    assert sorted(row["wave"] for row in file) == ["after"] * 5 + ["before"] * 6 + ["window_1"] * 8
    assert len({row["sheet"] for row in file}) == len(file)
    pairs = [row["pair"] for row in file if row["pair"]]
    assert sorted(map(pairs.count, set(pairs))) == [2] * 4


def test_what_fewer_than_three_said_stands_together_with_what_is_next_to_it(file):
    said = sorted(row["q_weekly_feedback_1"] for row in file if row["wave"] == "window_1")
    assert said == ["not_at_all|a_little"] * 4 + ["quite_a_bit|a_lot"] * 4
    after = sorted(row["q_weekly_feedback_1"] for row in file if row["wave"] == "after")
    assert after == ["a_little|a_lot"] * 5


def test_values_are_put_together_until_three_people_stand_behind_each():
    assert together({}) == {}
    assert together({"a": 2}) == {}
    assert together({"a": 1, "b": 1}) == {}
    assert together({"a": 1, "b": 4, "c": 3}) == {"a": "a|b", "b": "a|b", "c": "c"}
    assert together({"a": 3, "b": 1, "c": 1, "d": 3}) == {"a": "a|b|c", "b": "a|b|c", "c": "a|b|c", "d": "d"}
    assert together({"a": 3, "b": 3}) == {"a": "a", "b": "b"}


def test_the_file_is_the_same_bytes_for_ever(file, ring, clock):
    def sums():
        return [hashlib.sha256(part).hexdigest() for part in written(ring)]

    before = sums()
    clock.move_to(clock.at + timedelta(days=900))
    with acting("worker"):
        tasks.end_rings()
    work(releases.make_evaluator_file, ring=ring.pk)
    assert sums() == before


def test_there_is_no_file_before_the_keys_are_gone(form, families, ring, clock):
    every(form, families, *["a_lot"] * 5)
    over(form.wave, clock)
    work(releases.make_evaluator_file, ring=ring.pk)
    assert EvaluatorFile.objects.count() == 0


def test_the_file_holds_no_key_no_day_no_word_and_no_name_of_a_row(file, ring, families, school):
    content = written(ring)[0].decode()
    keys = [str(pk) for pk in Sheet.objects.values_list("pk", flat=True)]
    keys += [bytes(pair).hex() for pair in Sheet.objects.exclude(pair=None).values_list("pair", flat=True)]
    assert [
        word for word in [*keys, *(person.name for person in families), school.name, "2027"] if word in content
    ] == []
    assert set(file[0]) == {"sheet", "pair", "wave", *(f"q_weekly_feedback_{n}" for n in range(1, 5))}


def test_the_code_book_explains_every_column_and_value_in_both_languages(file, ring):
    book = table(written(ring)[1])
    assert [row["row"] for row in book] == [str(n + 1) for n in range(len(book))]
    assert {row["variable"] for row in book} == set(file[0])
    assert all(row["question_es"] and row["question_en"] for row in book)
    assert all(row["answer_es"] and row["answer_en"] for row in book if row["value"])
    values = {(row["variable"], row["value"]) for row in book}
    columns = [name for name in file[0] if name.startswith("q_")]
    assert {(name, row[name]) for row in file for name in columns if row[name]} <= values
    [joined] = [row for row in book if row["variable"] == columns[0] and row["value"] == "a_little|a_lot"]
    assert (joined["answer_es"], joined["answer_en"]) == ("Un poco, o bien: Mucho", "A little, or: A lot")
    [alone] = [row for row in book if row["variable"] == columns[0] and row["value"] == "a_lot"]
    assert (alone["score"], alone["favourable"]) == ("4", "1")
    assert "El [día], ¿cuánto pudo decir lo que piensa?" in alone["question_es"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula(text):
    assert plain(text) == f"'{text}"
