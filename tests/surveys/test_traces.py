"""Answering leaves a sealed box and no other trace: no row, no log line, no cache entry, no report."""

import io
import logging
from contextlib import contextmanager

import pytest
from celery import current_app
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.views.debug import ExceptionReporter
from redis import Redis

from config.reports import WithoutLinks
from surveys import actions, sealing
from surveys.models import InboxBox
from tests.factories import sign_in
from tests.surveys.conftest import holding_link, opened, posted

MARKER = "marcador-7Qz"


def rows_everywhere():
    """Every row of every table with the transaction that wrote it and where it lies, sequences too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        seen = {}
        for table in tables:
            cursor.execute(f'SELECT xmin::text, ctid::text, t::text FROM "{table}" t')  # noqa: S608
            seen[table] = sorted(cursor.fetchall())
        cursor.execute("SELECT sequencename::text, last_value::text FROM pg_sequences ORDER BY 1")
        seen["sequences"] = cursor.fetchall()
    return seen


def changed(before, after):
    return sorted(table for table in after if before.get(table) != after[table])


def everything_readable():
    """All that the database holds, as text; bytes both as they are and as hexadecimal."""
    return str(rows_everywhere())


@contextmanager
def everything_logged():
    """Collect every line of every logger, tracebacks included, in the shape of the product's own lines."""
    lines = []
    collector = logging.Handler()
    collector.emit = lambda record: lines.append(logging.Formatter("%(message)s %(pathname)s").format(record))
    root, level = logging.getLogger(), logging.getLogger().level
    quiet = [logging.getLogger(name) for name in settings.LOGGING["loggers"]]
    levels = [one.level for one in quiet]
    root.addHandler(collector)
    for one in [root, *quiet]:
        one.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(collector)
        root.setLevel(level)
        for one, before in zip(quiet, levels, strict=True):
            one.setLevel(before)


def in_redis():
    """Everything that cache and queue hold."""
    found = []
    for url in {settings.CACHES["default"]["LOCATION"]}:
        client = Redis.from_url(url)
        for key in client.scan_iter():
            found.append((key, client.dump(key)))
    return str(found)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("signed_in", [False, True])
def test_an_answer_writes_its_box_and_no_other_row(form, families, signed_in):
    browser = sign_in(Client(), families[0]) if signed_in else Client()
    client, page = holding_link(form, families[0], browser)
    before = rows_everywhere()
    client.get(page)
    assert changed(before, rows_everywhere()) == []
    client.post(page, posted(form))
    client.post(page, {})
    client.post(page, posted(form, "a_little"))
    assert changed(before, rows_everywhere()) == ["surveys_inboxbox"]


@pytest.mark.django_db(transaction=True)
def test_any_other_row_written_would_be_seen(form, families):
    before = rows_everywhere()
    families[0].save(update_fields=["last_login"])
    assert changed(before, rows_everywhere()) == ["accounts_person"]


@pytest.mark.django_db(transaction=True)
def test_a_marker_in_an_answer_is_found_in_its_box_alone(form, families, settings):
    settings.DEBUG = False
    client, page = holding_link(form, families[0])
    with everything_logged() as lines:
        response = client.post(page, posted(form, comment=MARKER))
    assert MARKER in response.content.decode()
    assert opened(form, InboxBox.objects.get())[1] == MARKER
    hidden = [everything_readable(), "\n".join(lines), in_redis(), str([m.message() for m in mail.outbox])]
    assert [MARKER in text for text in hidden] == [False] * 4
    assert [MARKER.encode().hex() in text for text in hidden] == [False] * 4
    assert [str(families[0].pk) in line for line in lines] == [False] * len(lines)


@pytest.mark.django_db(transaction=True)
def test_a_marker_that_got_out_would_be_found(form, families):
    families[0].name = MARKER
    families[0].save()
    cache.set("x", MARKER)
    current_app.send_task("x", [MARKER], retry=False, queue="x", connection=None)
    with everything_logged() as lines:
        logging.getLogger("surveys").info("answered %s", MARKER)
    assert [MARKER in text for text in (everything_readable(), "\n".join(lines), in_redis())] == [True] * 3


@pytest.mark.django_db(transaction=True)
def test_when_sealing_breaks_no_report_holds_the_answers(form, families, monkeypatch):
    client, page = holding_link(form, families[0])
    client.raise_request_exception = False

    def breaks(*args, **kwargs):
        raise ImproperlyConfigured("no key")

    monkeypatch.setattr(sealing.Sealer, "seal", breaks)
    with everything_logged() as lines:
        response = client.post(page, posted(form, comment=MARKER))
    assert response.status_code == 500
    assert "no key" in "\n".join(lines)
    assert MARKER not in "\n".join(lines) + response.content.decode()
    assert InboxBox.objects.count() == 0


@pytest.mark.django_db
def test_an_error_report_drops_body_and_variables(rf, form):
    request = rf.post("/f/x/", posted(form, comment=MARKER))
    request.POST  # noqa: B018
    local_answer = MARKER
    try:
        raise ImproperlyConfigured(len(local_answer))
    except ImproperlyConfigured as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    text = reporter.get_traceback_text() + reporter.get_traceback_html()
    assert MARKER not in text.replace("local_answer = MARKER", "")


@pytest.fixture
def console(monkeypatch):
    """What the process would print: the product's own handler, its lines kept here."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, WithoutLinks))
    stream = io.StringIO()
    monkeypatch.setattr(handler, "stream", stream)
    return stream


@pytest.mark.django_db(transaction=True)
def test_a_log_line_about_an_answer_page_tells_neither_link_nor_person(form, families, monkeypatch, console):
    client, page = holding_link(form, families[0], Client(enforce_csrf_checks=True))
    client.post(page, posted(form))
    assert console.getvalue() == "WARNING django.security.csrf Forbidden (CSRF cookie not set.): /f/…\n"
    client, page = holding_link(form, families[0])
    client.raise_request_exception = False
    monkeypatch.setattr(actions, "submit", lambda **_: 1 / 0)
    client.post(page, posted(form, comment=MARKER))
    lines = console.getvalue().splitlines()
    assert lines[1] == "ERROR django.request Internal Server Error: /f/…"
    assert lines[-1] == "ZeroDivisionError: division by zero"
    public = page.split("/")[2]
    assert [word in console.getvalue() for word in (public, MARKER, str(families[0].pk))] == [False] * 3


def test_with_an_ordinary_formatter_the_link_would_be_read():
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "%s: %s", ("Error", "/f/K7QX2PbR9mT4/"), None)
    assert (logging.Formatter().format(record), WithoutLinks().format(record)) == (
        "Error: /f/K7QX2PbR9mT4/",
        "Error: /f/…",
    )


@pytest.mark.django_db
def test_no_statement_stands_in_the_databases_log_or_in_its_list_of_what_is_going_on():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname::text, rolconfig FROM pg_roles WHERE rolname IN ('ds_web', 'ds_worker') ORDER BY 1"
        )
        kept_out = ["log_min_error_statement=panic", "log_error_verbosity=terse", "track_activities=off"]
        assert cursor.fetchall() == [("ds_web", kept_out), ("ds_worker", kept_out)]


def test_no_line_of_the_log_holds_the_secret_of_a_calendar():
    where = "/calendar/5b0f7a52-0c1e-4a67-9a59-8f9a3f7d1c10.ics"
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (where,), None)
    assert WithoutLinks().format(record) == "Internal Server Error: /calendar/…"
