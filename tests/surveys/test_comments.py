"""Free lines: three together, shuffled, or they wait, sealed; nothing of them stays in the inbox."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.database import acting
from surveys import actions, releases, sealing
from surveys.models import Comment, CommentBatch, InboxBox, WaitingComment
from tests.surveys.conftest import CLOSES, EVENING, answer, open_form, over, reopened, sheet, work

pytestmark = pytest.mark.django_db


def close(form, clock):
    """Close one form, and see to its lines."""
    clock.move_to(max(CLOSES, clock.at))
    with acting("worker"):
        work(actions.close_form, form=form.pk)
        work(releases.open_comments, form=form.pk)


def batches():
    with acting("worker"):
        found = CommentBatch.objects.order_by("number")
        return [sorted(batch.comments.values_list("text", flat=True)) for batch in found]


def lines(*columns):
    with acting("worker"):
        return list(Comment.objects.order_by("pk").values_list(*columns))


def write(form, families, *said):
    for person, line in zip(families, said, strict=False):
        answer(form, person, comment=line)


def test_three_lines_are_opened_at_the_close_and_not_before(form, families, clock):
    write(form, families, "uno", "dos", "", "tres")
    work(releases.open_comments, form=form.pk)
    assert batches() == []
    close(form, clock)
    assert batches() == [["dos", "tres", "uno"]]


def test_two_lines_wait_for_a_third_of_the_next_form(form, school, ring, families, clock):
    later = open_form(school, ring, families, evening_on=EVENING + timedelta(weeks=1), number=2)
    write(form, families, "uno", "dos")
    write(later, families, "", "", "tres")
    close(form, clock)
    assert (batches(), WaitingComment.objects.count()) == ([], 2)
    close(later, clock)
    assert (batches(), WaitingComment.objects.count()) == ([["dos", "tres", "uno"]], 0)
    assert set(lines("text", "form")) == {
        ("uno", form.pk),
        ("dos", form.pk),
        ("tres", later.pk),
    }


def test_lines_wait_on_when_their_wave_is_sealed(form, school, ring, families, clock):
    later = open_form(school, ring, families, evening_on=EVENING + timedelta(weeks=1), number=2)
    write(form, families, "uno", "dos")
    over(form.wave, clock)
    assert InboxBox.objects.count() == 0
    write_at = clock.at
    clock.move_to(later.opened_at)
    write(later, families, "tres")
    clock.move_to(write_at)
    close(later, clock)
    assert batches() == [["dos", "tres", "uno"]]


def test_lines_of_another_ring_do_not_help(form, school, families, clock):
    other = actions.start_ring(ends_on=EVENING)
    actions.make_ring_keys(ring=other.pk)
    write(form, families, "uno", "dos")
    elsewhere = open_form(school, other, families)
    write(elsewhere, families, "tres")
    close(form, clock)
    close(elsewhere, clock)
    assert batches() == []


def test_blank_lines_are_none(form, families, clock):
    write(form, families, "uno", "dos", "  \n ", "\t")
    close(form, clock)
    assert batches() == []


def test_once_opened_no_box_holds_a_line_and_none_tells_whether_it_did(form, families, clock):
    write(form, families, "uno", "dos", "tres", "")
    close(form, clock)
    lids = {bytes(box) for box in InboxBox.objects.values_list("comment_box", flat=True)}
    assert len(lids) == 1
    assert sealing.Opener(form.ring_id).open_comment(lids.pop()) == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM surveys_inboxbox")
        assert cursor.fetchone() == (1,)


def test_the_answers_beside_a_line_are_sealed_as_they_were(form, families, clock):
    write(form, families, "uno", "dos", "tres")
    before = {bytes(key): bytes(box) for key, box in InboxBox.objects.values_list("key", "box")}
    close(form, clock)
    assert {bytes(key): bytes(box) for key, box in InboxBox.objects.values_list("key", "box")} == before


def test_a_waiting_line_is_not_the_box_that_lay_in_the_inbox(form, families, clock):
    write(form, families, "uno", "dos")
    before = {bytes(box) for box in InboxBox.objects.values_list("comment_box", flat=True)}
    close(form, clock)
    assert before.isdisjoint(bytes(box) for box in WaitingComment.objects.values_list("box", flat=True))


def test_a_second_opening_changes_nothing(form, families, clock):
    write(form, families, "uno", "dos", "tres")
    close(form, clock)
    found = lines("pk", "text"), reopened(form).comments_opened_at
    clock.move_to(clock.at + timedelta(hours=1))
    work(releases.open_comments, form=form.pk)
    assert (lines("pk", "text"), reopened(form).comments_opened_at) == found


def test_a_line_that_cannot_be_read_fails_alone_and_is_counted(form, families, clock, caplog):
    write(form, families, "uno", "dos", "tres")
    key = sealing.Sealer(form.ring_id).box_key(person=families[3].pk, form=form.pk)
    box = sealing.Sealer(form.ring_id).seal(sheet(form), length=512)
    with connection.cursor() as cursor:
        cursor.execute("SELECT surveys_put_box(%s, %s, %s, %s)", [form.pk, key, box, b"m" * 2352])
    close(form, clock)
    assert batches() == [["dos", "tres", "uno"]]
    assert "1 free lines could not be read" in caplog.text


def test_lines_that_waited_to_the_end_die_with_the_keys(form, ring, families, clock):
    write(form, families, "uno", "dos")
    over(form.wave, clock)
    clock.move_to(clock.at + timedelta(days=200))
    work(releases.destroy_keys, ring=ring.pk)
    assert WaitingComment.objects.count() == 0
    with pytest.raises(sealing.NoKeys):
        sealing.Opener(ring.pk)


def test_where_a_line_lies_says_nothing_of_when_it_came(school, families, form, clock):
    places, start = set(), clock.at
    for _ in range(12):
        clock.move_to(start)
        ring = actions.start_ring(ends_on=EVENING)
        actions.make_ring_keys(ring=ring.pk)
        one = open_form(school, ring, families)
        write(one, families, "uno", "dos", "tres", "cuatro")
        close(one, clock)
        with acting("worker"), connection.cursor() as cursor:
            cursor.execute("SELECT text FROM surveys_comment WHERE form_id = %s ORDER BY ctid", [one.pk])
            places.add(cursor.fetchall()[0])
    assert len(places) > 1
