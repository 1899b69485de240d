"""The inbox: a web role may put a box, and that is all; no box arrives after the close."""

import threading
import time
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction

from accounts.database import acting
from accounts.routes import AUDIENCES
from surveys import actions
from surveys.models import Form, InboxBox
from tests.surveys.conftest import CLOSES, open_form, opened, reopened, sheet

WEB_ROLES = sorted(AUDIENCES | {"web"})
MAY_ANSWER = {"link", "caregiver"}
MAY_TYPE_IN = {"facilitator"}
TOUCHES = {
    "SELECT": "SELECT * FROM surveys_inboxbox",
    "count": "SELECT count(*) FROM surveys_inboxbox",
    "INSERT": "INSERT INTO surveys_inboxbox (key, form_id, box, comment_box) SELECT '', id, '', '' FROM surveys_form",
    "UPDATE": "UPDATE surveys_inboxbox SET box = ''",
    "DELETE": "DELETE FROM surveys_inboxbox",
    "TRUNCATE": "TRUNCATE surveys_inboxbox",
    "lock": "LOCK TABLE surveys_inboxbox IN ROW EXCLUSIVE MODE",
    "copy": "CREATE TEMPORARY TABLE copied AS SELECT * FROM surveys_inboxbox",
}
DENIED = "42501"


def code_of(statement, *values):
    """Run a statement by itself; return the database's reason for refusing it, or None."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return error.__cause__.pgcode
    return None


def put(form, key=b"k" * 32, box=b"b" * 560, comment=b"c" * 2352, by="surveys_put_box"):
    return code_of(f"SELECT {by}(%s, %s, %s, %s)", form.pk, key, box, comment)  # noqa: S608


def answer(form, person, value="a_lot"):
    actions.submit(form=form, person=person, answers=sheet(form, value), comment="")


# What a web role may do


@pytest.mark.django_db
@pytest.mark.parametrize("role", WEB_ROLES)
@pytest.mark.parametrize("touch", TOUCHES)
def test_no_web_role_touches_the_inbox_itself(form, role, touch):
    with acting(role):
        assert code_of(TOUCHES[touch]) == DENIED


@pytest.mark.django_db
@pytest.mark.parametrize("touch", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_a_right_given_by_mistake_would_be_seen(form, touch):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT SELECT, {touch} ON surveys_inboxbox, surveys_form TO ds_leader")
    with acting("leader"):
        assert code_of(TOUCHES[touch]) != DENIED


@pytest.mark.django_db
@pytest.mark.parametrize("role", WEB_ROLES)
def test_only_who_answers_may_put_a_box(form, role):
    with acting(role):
        assert put(form) == (None if role in MAY_ANSWER else DENIED)
        assert put(form, by="surveys_put_paper_box") == (None if role in MAY_TYPE_IN else DENIED)


@pytest.mark.django_db
def test_putting_a_box_tells_nothing_back(form):
    with acting("link"), connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT surveys_put_box(%s, %s, %s, %s)", [form.pk, b"k" * 32, b"b", b"c" * 2352])
            assert (cursor.rowcount, cursor.fetchall()) == (1, [("",)])


@pytest.mark.django_db
def test_a_form_that_never_was_is_refused_as_a_closed_one(form):
    with acting("link"):
        assert put(Form(pk=uuid4())) == "DS001"


@pytest.mark.django_db
def test_a_box_of_a_closed_form_cannot_be_replaced_through_an_open_one(form, school, ring, families):
    answer(form, families[0])
    before = InboxBox.objects.get()
    other = open_form(school, ring, families, evening_on=None)
    Form.objects.filter(pk=form.pk).update(closed_at=CLOSES)
    with acting("link"):
        assert put(other, key=bytes(before.key)) is None
    assert (bytes(InboxBox.objects.get().box), InboxBox.objects.get().form) == (bytes(before.box), form)


@pytest.mark.django_db
def test_the_worker_reads_and_empties_the_inbox_and_makes_no_box(form):
    with acting("worker"):
        assert {touch: code_of(sql) for touch, sql in TOUCHES.items() if touch in {"INSERT", "UPDATE"}} == {
            "INSERT": DENIED,
            "UPDATE": DENIED,
        }
        assert code_of("DELETE FROM surveys_inboxbox") is None


# What the catalog says


NUMBERED = """
SELECT count(*) FROM surveys_inboxbox
WHERE num_nonnulls(
  pg_column_toast_chunk_id(key), pg_column_toast_chunk_id(box), pg_column_toast_chunk_id(comment_box)
) > 0
"""


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


DEFINERS = """
SELECT p.proname::text, p.proconfig, pg_get_userbyid(p.proowner)::text, p.prorettype::regtype::text
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.proname LIKE 'surveys%'
ORDER BY 1
"""
OPEN_TO_EVERYBODY = """
SELECT p.proname::text FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
WHERE p.prosecdef AND p.proname LIKE 'surveys%' AND g.grantee = 0
"""


@pytest.mark.django_db
def test_both_doors_return_nothing_and_search_where_they_were_told():
    pinned = ["search_path=public, pg_temp"]
    owner = rows("SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE relname = 'surveys_inboxbox'")[0][0]
    assert rows(DEFINERS) == [
        ("surveys_put_box", pinned, owner, "void"),
        ("surveys_put_paper_box", pinned, owner, "void"),
    ]


@pytest.mark.django_db
def test_neither_door_is_open_to_everybody():
    assert rows(OPEN_TO_EVERYBODY) == []


@pytest.mark.django_db
def test_a_door_left_open_to_everybody_would_be_seen():
    rows("GRANT EXECUTE ON FUNCTION surveys_put_box TO PUBLIC; SELECT 1")
    assert rows(OPEN_TO_EVERYBODY) == [("surveys_put_box",)]


@pytest.mark.django_db
def test_a_false_table_of_the_callers_own_is_not_written_to(form):
    with acting("link"):
        assert code_of("CREATE TEMPORARY TABLE surveys_inboxbox (LIKE surveys_form)") is None
        assert put(form) is None
    assert rows("SELECT count(*) FROM public.surveys_inboxbox") == [(1,)]


@pytest.mark.django_db
def test_a_box_is_kept_in_its_row_where_no_serial_numbers_it(form, families):
    for person in families:
        answer(form, person)
    assert rows(NUMBERED) == [(0,)]


@pytest.mark.django_db
def test_a_column_kept_out_of_line_would_be_seen(form, families):
    rows("ALTER TABLE surveys_inboxbox ALTER key SET STORAGE EXTENDED; SELECT 1")
    answer(form, families[0])
    assert rows(NUMBERED) == [(1,)]


@pytest.mark.django_db
def test_a_box_has_no_time_no_person_and_no_serial():
    assert rows(
        "SELECT column_name::text, data_type::text, column_default FROM information_schema.columns"
        " WHERE table_name = 'surveys_inboxbox' ORDER BY ordinal_position"
    ) == [
        ("key", "bytea", None),
        ("box", "bytea", None),
        ("comment_box", "bytea", None),
        ("form_id", "uuid", None),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "change"), [("box_key_is_a_hash", {"key": b"k"}), ("comment_boxes_are_of_one_length", {"comment": b""})]
)
def test_a_box_that_would_stand_out_is_refused(form, name, change):
    with acting("link"):
        assert put(form, **change) == "23514"


# Two tabs, and the close


@pytest.mark.django_db(transaction=True)
def test_five_sheets_from_two_tabs_at_once_are_one_box(form, families):
    failures = []

    def tab():
        try:
            with acting("link"), transaction.atomic():
                answer(form, families[0])
        except Exception as failure:  # noqa: BLE001
            failures.append(failure)
        finally:
            connections.close_all()

    tabs = [threading.Thread(target=tab) for _ in range(5)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert failures == []
    assert opened(form, InboxBox.objects.get()) == (sheet(form, "a_lot"), "")


class Answering(threading.Thread):
    """Somebody's answer on its way, on a connection of its own."""

    def __init__(self, form, person):
        super().__init__()
        self.form, self.person, self.refusal = form, person, None

    def run(self):
        try:
            with acting("link"), transaction.atomic():
                answer(self.form, self.person)
        except ValidationError as refusal:
            self.refusal = refusal.code
        finally:
            connections.close_all()


def wait_until_somebody_waits_for_a_lock():
    for _ in range(1500):
        if rows("SELECT count(*) FROM pg_locks WHERE NOT granted") != [(0,)]:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_meets_the_close_waits_for_it_and_is_refused(form, families):
    on_its_way = Answering(reopened(form), families[0])
    with transaction.atomic():
        Form.objects.select_for_update().get(pk=form.pk)
        on_its_way.start()
        assert wait_until_somebody_waits_for_a_lock()
        Form.objects.filter(pk=form.pk).update(closed_at=CLOSES)
    on_its_way.join()
    assert on_its_way.refusal == "closed"
    assert InboxBox.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_close_waits_for_an_answer_that_came_first_and_counts_it(form, families, clock):
    for person in families[:4]:
        answer(form, person)
    closing = threading.Thread(target=lambda: (actions.close_form(form=form.pk), connections.close_all()))
    with transaction.atomic():
        answer(form, families[4])
        clock.move_to(CLOSES)
        closing.start()
        assert wait_until_somebody_waits_for_a_lock()
    closing.join()
    assert (reopened(form).closed_at, reopened(form).at_least_five) == (CLOSES, True)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_box_would_arrive_after_the_close(form, families):
    ((source,),) = rows("SELECT pg_get_functiondef('surveys_put_box'::regproc)")
    rows(source.replace(" FOR SHARE", "") + "; SELECT 1")
    try:
        on_its_way = Answering(reopened(form), families[0])
        with transaction.atomic():
            Form.objects.select_for_update().get(pk=form.pk)
            on_its_way.start()
            # It has looked, and waits for no more than the foreign key.
            assert wait_until_somebody_waits_for_a_lock()
            Form.objects.filter(pk=form.pk).update(closed_at=CLOSES)
        on_its_way.join()
        assert on_its_way.refusal is None
        assert InboxBox.objects.count() == 1
    finally:
        rows(source + "; SELECT 1")
