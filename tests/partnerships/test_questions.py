"""The question box keeps neither author nor hour; each question shows its answer, or that there is none yet."""

import logging
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from celery import current_app
from celery.signals import before_task_publish
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.database import acting
from notifications import outbox
from notifications.delivery import go_round
from partnerships.actions import questions as actions
from partnerships.models import Conversation, Question
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie
from tests.surveys.test_traces import everything_logged, in_redis

pytestmark = pytest.mark.django_db

BOX, LEADERS = "/school/mirador/questions/", "/l/mirador/questions/"
WORD = "marcador-Qx9"
MARKER = f"¿Por qué {WORD} cambió la hora?"
REACHES = datetime(2027, 2, 18, 15, tzinfo=UTC)  # Thursday 09:00 in Chicago; asked on Monday at noon.
LATER = REACHES + timedelta(hours=1)


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver")


@pytest.fixture
def elena(school):
    person = make_person("Elena", school, "caregiver")
    make_member(make_series(school).group, person, "facilitator")
    return person


@pytest.fixture
def grant(school):
    return make_person("Dra. Grant", school, "leader")


def asks(client, person, text=MARKER, key=None):
    said = {"key": str(key or uuid4()), "text": text, "language": "es"}
    return sign_in(client, person).post(BOX, said)


def kept():
    with acting("backup"), transaction.atomic():
        return list(Question.objects.order_by("pk"))


def page(client, person, where):
    return sign_in(client, person).get(where).content.decode()


def everything():
    """Return every row of every table but the box's, as a dump has it."""
    with acting("backup"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND has_table_privilege('ds_backup', oid, 'SELECT')"
        )
        names = sorted(name for (name,) in cursor.fetchall() if name != "partnerships_question")
        found = {}
        for name in names:
            cursor.execute(f'SELECT ctid::text, xmin::text, "{name}"::text FROM "{name}"')  # noqa: S608 - names of our tables
            found[name] = sorted(cursor.fetchall())
        return found


def test_asking_writes_one_row_without_author_and_hour_and_touches_nothing_else(client, school, lucia):
    sign_in(client, lucia)
    client.get(BOX)
    before = everything()
    key = uuid4()
    answer = client.post(BOX, {"key": str(key), "text": MARKER, "language": "es"})
    assert (answer.status_code, everything() == before) == (302, True)
    with acting("backup"), transaction.atomic():
        assert Question.objects.values().get() == {
            "id": key,
            "school_id": school.pk,
            "text": MARKER,
            "language": "es",
            "reaches_at": REACHES,
            "is_held_back": False,
            "answer": "",
            "answer_language": "",
            "answer_translated": "",
            "answered_on": None,
        }


def test_negative_control_a_row_that_tells_who_was_there_is_seen(client, lucia):
    sign_in(client, lucia)
    before = everything()
    lucia.last_login = REACHES
    lucia.save(update_fields=["last_login"])
    assert [name for name, rows in everything().items() if rows != before[name]] == ["accounts_person"]


def test_whoever_asks_and_whenever_on_a_day_the_rows_are_alike_but_for_the_words(client, school, lucia, elena, clock):
    for person, at in ((lucia, 16), (elena, 22)):
        clock.move_to(datetime(2027, 2, 15, at, tzinfo=UTC))
        asks(client, person, "La misma pregunta")
    one, two = ({**row.__dict__, "id": "", "_state": ""} for row in kept())
    assert one == two


@contextmanager
def watched():
    """Collect what is logged and what is put in line for the worker; in the end, where the words are found."""
    published, found = [], []

    def put_in_line(**told):
        published.append(told)

    before_task_publish.connect(put_in_line)
    try:
        with everything_logged() as lines:
            yield found
    finally:
        before_task_publish.disconnect(put_in_line)
    places = {"log": lines, "queue": published, "cache": in_redis(), "rows": everything(), "mail": mail.outbox}
    found += [name for name, held in places.items() if WORD in str(held)]


def test_the_words_reach_no_log_no_queue_no_cache_and_nobodys_phone(client, school, lucia, elena, grant, clock):
    with watched() as found:
        asks(client, lucia)
        [question] = kept()
        sign_in(client, elena).post(BOX, {"question": question.pk, "hold": "1"})
        client.post(BOX, {"question": question.pk, "pass": "1"})
        clock.move_to(LATER)
        assert MARKER in page(client, grant, LEADERS)
        client.post(f"{LEADERS}{question.pk}/", {"text": "Por el autobús.", "language": "es", "translated": "The bus."})
        assert MARKER in page(client, lucia, BOX)
        with acting("worker"):
            go_round()
    assert found == []


def test_negative_control_words_that_got_out_are_found_wherever_they_are(client, lucia, settings):
    with watched() as found:
        asks(client, lucia)
        logging.getLogger("partnerships").info("asked: %s", MARKER)
        current_app.send_task("x", [MARKER], retry=False, queue="x")
        cache.set("last", MARKER)
        outbox.post(kind="sign_in_code", about=lucia.pk, to=MARKER)
        mail.outbox.append(MARKER)
    assert found == ["log", "queue", "cache", "rows", "mail"]


def test_two_taps_ask_once(client, lucia):
    key = uuid4()
    assert [asks(client, lucia, key=key).status_code for _tap in range(2)] == [302, 302]
    assert len(kept()) == 1


def test_a_question_reaches_the_principal_at_a_nine_o_clock_48_hours_later_or_more(school, clock):
    for asked, reaches in (
        (datetime(2027, 2, 15, 14, 59, tzinfo=UTC), datetime(2027, 2, 17, 15, tzinfo=UTC)),
        (datetime(2027, 2, 15, 15, 1, tzinfo=UTC), REACHES),
        (
            datetime(2027, 3, 12, 18, tzinfo=UTC),
            datetime(2027, 3, 15, 14, tzinfo=UTC),
        ),
    ):
        clock.move_to(asked)
        assert actions.reaches_at(school) == reaches


def test_until_it_reaches_her_only_whoever_facilitates_reads_it(client, lucia, elena, grant, clock):
    asks(client, lucia)
    assert MARKER in page(client, elena, BOX)
    assert MARKER not in page(client, lucia, BOX)
    assert MARKER not in page(client, grant, LEADERS)
    clock.move_to(LATER)
    for person, where in ((elena, BOX), (lucia, BOX), (grant, LEADERS)):
        shown = page(client, person, where)
        assert MARKER in shown
        assert "Todavía sin respuesta" in shown


def test_what_is_held_back_never_reaches_her_and_can_pass_until_its_hour(client, lucia, elena, grant, clock):
    for text in ("Una que pasa", "Una que nombra", "Una que pasa después"):
        asks(client, lucia, text)
    keys = {question.text: str(question.pk) for question in kept()}
    sign_in(client, elena)
    for text in ("Una que nombra", "Una que pasa después"):
        client.post(BOX, {"question": keys[text], "hold": "1"})
    client.post(BOX, {"question": keys["Una que pasa después"], "pass": "1"})
    clock.move_to(LATER)
    shown = page(client, grant, LEADERS)
    assert ("Una que pasa" in shown, "Una que pasa después" in shown, "Una que nombra" in shown) == (True, True, False)
    assert "Una que nombra" not in page(client, lucia, BOX)
    assert sign_in(client, elena).post(BOX, {"question": keys["Una que pasa"], "hold": "1"}).status_code == 404


def test_a_family_holds_back_nothing(client, lucia, elena):
    asks(client, elena)
    [question] = kept()
    for key in (str(question.pk), str(uuid4()), "no"):
        assert sign_in(client, lucia).post(BOX, {"question": key, "hold": "1"}).status_code == 404
    assert sign_in(client, elena).post(BOX, {"question": "no", "hold": "1"}).status_code == 404
    assert kept()[0].is_held_back is False


def test_the_principal_answers_before_all_families_and_what_waits_stands_first(client, lucia, grant, clock):
    asks(client, lucia, "La primera")
    clock.move_to(LATER)
    asks(client, lucia, "La segunda")
    [first] = [question for question in kept() if question.text == "La primera"]
    where = f"{LEADERS}{first.pk}/"
    said = {"text": "Desde el lunes abrimos antes.", "language": "es", "translated": "From Monday we open earlier."}
    assert sign_in(client, grant).post(where, said).status_code == 302
    shown = page(client, lucia, BOX)
    assert '<p lang="es">Desde el lunes abrimos antes.</p>' in shown
    assert '<p lang="en">From Monday we open earlier.</p>' in shown
    clock.move_to(LATER + timedelta(days=4))
    assert [question.text for question in client.get(BOX).context["questions"]] == ["La segunda", "La primera"]
    sign_in(client, grant)
    assert [question.text for question in client.get(LEADERS).context["questions"]] == ["La segunda", "La primera"]
    assert kept()[0].answered_on or kept()[1].answered_on == date(2027, 2, 18)


def test_she_answers_nothing_that_has_not_reached_her(client, lucia, grant):
    asks(client, lucia)
    where = f"{LEADERS}{kept()[0].pk}/"
    assert sign_in(client, grant).get(where).status_code == 404
    assert client.post(where, {"text": "x", "language": "es"}).status_code == 404


def test_the_box_takes_so_many_a_day_for_the_whole_school_and_no_count_by_person(
    client, school, lucia, elena, monkeypatch
):
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    assert [asks(client, lucia).status_code for _time in range(3)] == [302, 302, 200]
    with acting("caregiver", elena.pk), pytest.raises(ValidationError) as refusal:
        actions.ask(school=school, key=uuid4(), text="x", language="es")
    assert refusal.value.code == "full"


def test_too_long_a_question_keeps_its_words_on_the_form(client, lucia):
    answer = asks(client, lucia, "¿" * 501)
    assert (answer.status_code, kept()) == (200, [])
    assert "¿" * 501 in answer.content.decode()


@pytest.mark.parametrize("kind", ["staff", "leader", "teacher_seat", "staff_seat", "student_seat", "principal_seat"])
def test_whom_a_tie_bars_neither_opens_the_box_nor_asks(client, school, lucia, kind):
    tie(lucia, school, kind)
    assert sign_in(client, lucia).get(BOX).status_code == 404
    assert asks(client, lucia).status_code == 404
    assert kept() == []


def test_on_a_phone_that_others_use_the_box_asks_for_a_new_code(client, lucia, monkeypatch):
    monkeypatch.setattr("partnerships.views.questions.code_is_old", lambda *_args, **_kwargs: True)
    assert sign_in(client, lucia).get(BOX).headers["Location"] == f"/enter/?next={BOX}"


INSERT = (
    "INSERT INTO partnerships_question (id, school_id, text, language, reaches_at, is_held_back, answer,"
    " answer_language, answer_translated) VALUES (gen_random_uuid(), %(school)s, 'x', 'es', {}, false, '', '', '')"
)
SOON, PAST = "%(reaches)s", "%(reaches)s::timestamptz - interval '9 days'"
STATEMENTS = {
    "ask": INSERT.format(SOON),
    "ask so that she reads it at once": INSERT.format(PAST),
    "read what waits": "SELECT FROM partnerships_question WHERE id = %(waiting)s",
    "read what has passed": "SELECT FROM partnerships_question WHERE id = %(passed)s",
    "read what was held back": "SELECT FROM partnerships_question WHERE id = %(held)s",
    "hold back what waits": "UPDATE partnerships_question SET is_held_back = true WHERE id = %(waiting)s",
    "hold back what has passed": "UPDATE partnerships_question SET is_held_back = true WHERE id = %(passed)s",
    "answer what waits": "UPDATE partnerships_question SET answer = 'x' WHERE id = %(waiting)s",
    "answer what has passed": "UPDATE partnerships_question SET answer = 'x' WHERE id = %(passed)s",
    "answer what was held back": "UPDATE partnerships_question SET answer = 'x' WHERE id = %(held)s",
    "rewrite a question": "UPDATE partnerships_question SET text = 'x' WHERE id = %(passed)s",
    "take a question out": "DELETE FROM partnerships_question WHERE id = %(passed)s",
}
# In the order of STATEMENTS: + something happens, . no row is reached, - refused.
RIGHTS = {
    ("caregiver", "lucia"): "+-.+.-------",
    ("facilitator", "elena"): "+-++++.-----",
    ("leader", "grant"): "--.+.--.+.--",
    ("caregiver", "family elsewhere"): "--...-------",
    ("facilitator", "facilitates elsewhere"): "--.....-----",
    ("leader", "leads elsewhere"): "--...--...--",
    ("caregiver", "teacher"): "--...-------",
    ("facilitator", "teacher"): "--.....-----",
    ("caregiver", "nobody"): "--...-------",
    ("leader", "nobody"): "--...--...--",
    **{
        (audience, "lucia"): "-" * 12
        for audience in (
            "public",
            "person",
            "link",
            "coordinator",
            "staff",
            "board",
            "district",
            "evaluator",
            "operator",
        )
    },
}


@pytest.fixture
def people(school, lucia, elena, grant):
    there = make_school("Roble")
    elsewhere = make_person("Patricia", there, "caregiver")
    make_member(make_series(there).group, elsewhere, "facilitator")
    teacher = make_person("Marta", school, "caregiver", "staff")
    make_member(make_series(school).group, teacher, "facilitator")
    return {
        "lucia": lucia,
        "elena": elena,
        "grant": grant,
        "family elsewhere": make_person("Rut", there, "caregiver"),
        "facilitates elsewhere": elsewhere,
        "leads elsewhere": make_person("Dr. Ruiz", there, "leader"),
        "teacher": teacher,
        "nobody": None,
    }


@pytest.fixture
def rows(school):
    made = {"waiting": {}, "passed": {"reaches_at": REACHES - timedelta(days=9)}}
    made["held"] = {**made["passed"], "is_held_back": True}
    with acting("worker"), transaction.atomic():
        return {
            name: Question.objects.create(
                school=school, text=name, language="es", **{"reaches_at": REACHES, **fields}
            ).pk
            for name, fields in made.items()
        }


def outcome(audience, person, sql, values):
    """Say what a statement does in a role: + something, . nothing, - refused; then undo it."""
    with acting(audience, person and person.pk), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, values)
                found = "+" if cursor.rowcount else "."
                transaction.set_rollback(True)
        except Exception as error:
            if error.__cause__.pgcode != "42501":
                raise
            return "-"
        return found


@pytest.mark.parametrize(("audience", "who"), RIGHTS)
def test_each_role_does_with_the_box_what_its_pages_need_in_raw_sql(school, people, rows, audience, who):
    values = {**rows, "school": school.pk, "reaches": REACHES}
    found = {name: outcome(audience, people[who], sql, values) for name, sql in STATEMENTS.items()}
    assert found == dict(zip(STATEMENTS, RIGHTS[audience, who], strict=True))


def test_negative_control_without_row_level_security_the_principal_reads_what_waits(school, people, rows):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE partnerships_question DISABLE ROW LEVEL SECURITY")
    assert outcome("leader", people["grant"], STATEMENTS["read what waits"], rows) == "+"


def test_the_principal_invites_to_talk_families_read_when_and_she_calls_it_off(client, school, lucia, grant, clock):
    said = {"on": "2027-03-01", "starts_at": "08:15", "place": "Cafetería"}
    sign_in(client, grant)
    assert [client.post(LEADERS, said).status_code for _tap in range(2)] == [302, 302]
    assert Conversation.objects.count() == 1
    past = client.post(LEADERS, {**said, "on": "2027-02-14"})
    assert [error.code for error in past.context["form"].errors.as_data()["on"]] == ["past"]
    assert "Cafetería" in page(client, lucia, BOX)
    talk = Conversation.objects.get()
    sign_in(client, grant)
    assert "Cancelar la plática" in client.get(f"/l/mirador/conversations/{talk.pk}/").content.decode()
    client.post(f"/l/mirador/conversations/{talk.pk}/")
    assert "Cafetería" not in page(client, lucia, BOX)


def test_a_conversation_of_another_school_is_not_hers_to_call_off(client, grant):
    there = make_school("Roble")
    talk = Conversation.objects.create(school=there, on=date(2027, 3, 1), starts_at=time(8), place="x")
    sign_in(client, grant)
    assert client.post(f"/l/mirador/conversations/{talk.pk}/").status_code == 404
    assert client.post(f"/l/roble/conversations/{talk.pk}/").status_code == 404
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_same_few_things_however_many_questions_there_are(
    client, school, lucia, elena, grant, number
):
    with acting("worker"), transaction.atomic():
        for n in range(number):
            for reaches in (REACHES, REACHES - timedelta(days=9)):
                Question.objects.create(school=school, text=f"{n}", language="es", reaches_at=reaches)
    found = []
    for person, where in ((lucia, BOX), (elena, BOX), (grant, LEADERS)):
        sign_in(client, person)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        found.append(len(asked))
    assert found == [14, 16, 13]
