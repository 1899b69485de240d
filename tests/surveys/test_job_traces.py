"""What the jobs leave behind: sheets and labels in their tables, and nothing anywhere else, whatever goes wrong."""

import pytest
from celery.signals import before_task_publish
from django.core import mail
from django.db import connection, transaction

from accounts.database import acting
from accounts.routes import AUDIENCES
from surveys import actions, tasks
from surveys.models import Comment, Wave
from tests.surveys.conftest import CLOSES, WEEKLY, answer, open_form, over
from tests.surveys.test_traces import MARKER, changed, everything_logged, in_redis, rows_everywhere

pytestmark = pytest.mark.django_db(transaction=True)

SLUG = MARKER.lower()


@pytest.fixture
def marked(school, ring, families, clock):
    """A form whose every answer, and every line, is a word that is nowhere else."""
    option = {"value": SLUG, "text": {"es": "Sí", "en": "Yes"}, "favourable": True}
    items = [{**item, "options": [*item["options"][:3], option]} for item in WEEKLY["items"]]
    actions.publish(written={**WEEKLY, "slug": "marked", "items": items})
    form = open_form(school, ring, families, instrument="marked")
    for person in families:
        answer(form, person, SLUG, comment=f"{MARKER} {person.name}")
    actions.complete(wave=form.wave)
    clock.move_to(CLOSES)
    return form


def found_in(rows):
    return {table for table, lines in rows.items() if SLUG in str(lines).lower()}


def everything():
    """Do all that the timetable does."""
    with acting("worker"):
        tasks.close_due_forms()
        tasks.seal_due_waves()
        tasks.release_due_waves()
        tasks.end_rings()


def test_answers_are_in_the_sheets_lines_in_the_comments_and_neither_anywhere_else(marked, families, clock):
    published = []
    before_task_publish.connect(lambda **told: published.append(told), weak=False)
    with everything_logged() as lines:
        everything()
        clock.move_to(Wave.objects.get(pk=marked.wave_id).families_at)
        everything()
    # The comments are behind a policy of their own, for their owner too.
    assert found_in(rows_everywhere()) == {"surveys_option", "surveys_sheet"}
    with acting("worker"), transaction.atomic():
        assert Comment.objects.filter(text__contains=MARKER).count() == len(families)
    said = [line for line in lines if "INSERT INTO" not in line and "SELECT" not in line]
    assert [line for line in said if SLUG in line.lower()] == []
    assert SLUG not in f"{in_redis()}{mail.outbox}{published}".lower()


REFUSE = """
CREATE FUNCTION tests_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'refused: %', NEW; END $$;
CREATE TRIGGER tests_refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION tests_refuse();
"""


@pytest.fixture(params=["surveys_sheet", "surveys_comment"])
def refusing(request):
    """A database that refuses a row and says all that is in it, as a broken constraint does."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSE.format(table=request.param))
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER tests_refuse ON {request.param}; DROP FUNCTION tests_refuse()")


def product_lines(lines):
    """Lines as the product writes them; statements are logged by tests alone."""
    return [line for line in lines if "INSERT INTO" not in line]


def test_an_error_is_told_by_its_kind_and_never_with_what_was_in_the_row(marked, refusing):
    with everything_logged() as lines:
        everything()
    failed = [line for line in lines if "failed: InternalError" in line]
    assert len(failed) == 1
    assert [line for line in product_lines(lines) if SLUG in line.lower()] == []


def test_the_look_at_the_lines_goes_red_where_an_error_is_written_whole(marked, refusing, monkeypatch):
    monkeypatch.setattr(tasks.log, "error", lambda *told: tasks.log.critical(*told, exc_info=True))
    with everything_logged() as lines:
        everything()
    assert [line for line in lines if "refused: " in line and SLUG in line.lower()] != []


def test_a_seal_writes_sheets_and_the_hours_of_the_wave_and_nothing_else(form, families, clock):
    for person in families:
        answer(form, person)
    actions.complete(wave=form.wave)
    clock.move_to(CLOSES)
    with acting("worker"):
        tasks.close_due_forms()
    before = rows_everywhere()
    with acting("worker"):
        tasks.seal_due_waves()
    after = rows_everywhere()
    emptied = {"surveys_inboxbox", "surveys_formperson"}
    assert set(changed(before, after)) == emptied | {"surveys_sheet", "surveys_wave"}
    assert [after[table] for table in emptied] == [[], []]
    # One transaction wrote them all: no sheet is older than another.
    assert len({row[0] for row in after["surveys_sheet"]}) == 1


def test_between_two_dumps_a_seal_leaves_no_row_that_both_have(form, families, clock):
    for person in families:
        answer(form, person)
    before = str(rows_everywhere()["surveys_inboxbox"])
    over(form.wave, clock)
    after = rows_everywhere()
    names = [str(person.pk) for person in families]
    assert [name for name in names if name in str(after["surveys_sheet"])] == []
    sheets = [row[2].strip("()").split(",")[0] for row in after["surveys_sheet"]]
    assert len(sheets) == len(families)
    assert [sheet for sheet in sheets if sheet in before] == []


@pytest.mark.parametrize("table", ["sheet", "inboxbox", "waitingcomment"])
def test_no_pages_role_reads_sheets_boxes_or_waiting_lines(table):
    may = []
    for audience in AUDIENCES:
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_any_column_privilege(%s, %s, 'SELECT')", [f"ds_{audience}", f"surveys_{table}"])
            may += [audience] * cursor.fetchone()[0]
    assert may == []
