"""Free lines are read by whoever facilitates the group of their series, mixed, three together, and by nobody else."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from accounts.database import acting
from accounts.models import Membership
from accounts.routes import AUDIENCES
from dialogue_series.access import comments as access
from notifications import clock as product_clock
from notifications.models import Intent, Message
from partnerships.actions import themes
from partnerships.models import GroupMember, SharedTheme, Theme
from surveys import actions
from surveys.models import Comment, CommentBatch, Form, FormPerson, Instrument, WaitingComment
from tests.factories import enrol, make_member, make_person, make_school, make_series, sign_in, tie
from tests.partnerships.test_side_doors import answer as ask
from tests.surveys.conftest import WEEKLY
from tests.surveys.test_traces import everything_logged, in_redis

pytestmark = pytest.mark.django_db

MARKER = "marcador-Kp9"
LINES = (f"{MARKER} uno", f"{MARKER} dos", f"{MARKER} tres")
THEME = {"text": "La hora de la salida preocupa.", "language": "es", "translated": "Dismissal worries families."}


@pytest.fixture
def school():
    actions.publish(written=WEEKLY)
    return make_school("Mirador")


@pytest.fixture
def series(school):
    return make_series(school)


@pytest.fixture
def elena(school, series):
    elena = make_person("Elena", school, "caregiver")
    make_member(series.group, elena, "facilitator")
    return elena


@pytest.fixture
def comments(series):
    return opened(series, *LINES)


def opened(series, *lines, form=None):
    """Put lines of one form into a batch, as the worker does."""
    form = form or form_of(series)
    batch = CommentBatch.objects.create(ring=series.ring, number=series.ring.batches.count() + 1)
    with acting("worker"), transaction.atomic():
        return Comment.objects.bulk_create(Comment(batch=batch, form=form, text=line) for line in lines)


def form_of(series):
    at = product_clock.now()
    return Form.objects.create(
        school=series.school,
        instrument=Instrument.objects.get(),
        ring=series.ring,
        opened_at=at - timedelta(days=6),
        closes_at=at - timedelta(days=1),
    )


def page(client, series, person):
    response = sign_in(client, person).get(reverse("series_comments", args=[series.pk]))
    return response.content.decode() if response.status_code == 200 else response.status_code


def shown(found):
    """Return the lines of a page, in its order."""
    return re.findall(r"<blockquote dir=\"auto\">(.*?)</blockquote>", found)


def test_whoever_facilitates_reads_them_mixed_and_always_in_the_same_order(client, series, elena, comments):
    lines = shown(page(client, series, elena))
    assert sorted(lines) == sorted(LINES)
    assert [shown(page(client, series, elena)) for _ in range(3)] == [lines] * 3
    assert lines == [line.text for line in sorted(comments, key=lambda line: line.pk)]


def test_their_order_is_that_of_random_keys_and_not_of_their_coming(client, series, elena):
    many = [f"línea {n:02}" for n in range(30)]
    opened(series, *many)
    assert shown(page(client, series, elena)) != many


def test_the_page_has_no_time_no_language_and_no_form_of_a_line(client, series, elena, comments):
    found = page(client, series, elena)
    body = found[found.index("<h1>") :]
    body = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", body)
    part = body[body.index("<section") : body.rindex("</section>")]
    assert [word for word in ("lang=", "<time", "2027", "2026", str(comments[0].form_id)) if word in part] == []


def test_two_lines_that_wait_leave_no_trace_on_the_page(client, series, elena):
    before = plain(page(client, series, elena))
    WaitingComment.objects.create(form=form_of(series), box=b"x")
    assert plain(page(client, series, elena)) == before


def plain(found):
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", found)


@pytest.mark.parametrize("kind", ["staff", "leader", "staff_seat"])
def test_a_facilitator_whom_a_tie_bars_finds_nothing(client, school, series, elena, comments, kind):
    tie(elena, school, kind)
    assert page(client, series, elena) == 404


def test_a_family_of_the_group_a_facilitator_elsewhere_and_a_former_one_find_nothing(
    client, school, series, elena, comments
):
    lucia, beatriz = (make_person(name, school, "caregiver") for name in ("Lucía", "Beatriz"))
    make_member(series.group, lucia)
    make_member(make_series(school).group, beatriz, "facilitator")
    assert [page(Client(), series, person) for person in (lucia, beatriz)] == [404, 404]
    GroupMember.objects.filter(person=elena).update(until=product_clock.now())
    assert page(client, series, elena) == 404


def test_were_facilitating_not_asked_for_a_facilitator_of_another_group_would_still_read_no_line(
    client, school, series, comments, monkeypatch
):
    """The database keeps them back whatever the page's code says."""
    beatriz = make_person("Beatriz", school, "caregiver")
    make_member(make_series(school).group, beatriz, "facilitator")
    make_member(series.group, beatriz)
    assert page(client, series, beatriz) == 404
    monkeypatch.setattr("dialogue_series.access.comments.led", lambda room: room)
    assert shown(page(client, series, beatriz)) == []


def test_without_the_policy_s_word_about_facilitating_she_would(client, school, series, comments, monkeypatch):
    beatriz = make_person("Beatriz", school, "caregiver")
    make_member(make_series(school).group, beatriz, "facilitator")
    make_member(series.group, beatriz)
    monkeypatch.setattr("dialogue_series.access.comments.led", lambda room: room)
    with connection.cursor() as cursor:
        cursor.execute("CREATE POLICY careless ON surveys_comment FOR SELECT TO ds_facilitator USING (true)")
    assert len(shown(page(client, series, beatriz))) == 3


@pytest.mark.parametrize("audience", sorted(AUDIENCES - {"facilitator"}) + ["web"])
def test_no_other_role_of_a_page_reads_a_line_for_whoever_facilitates(elena, comments, audience):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with acting(audience, elena.pk), connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("SELECT text FROM surveys_comment")


def test_the_writer_is_told_on_the_page_where_she_writes(client, series, elena):
    form = form_of(series)
    Form.objects.filter(pk=form.pk).update(closes_at=product_clock.now() + timedelta(days=1))
    FormPerson.objects.create(form=form, person=elena)
    series.sessions.filter(number=3).update(form=form)
    enrol(series, elena)
    found = sign_in(client, elena).get(reverse("session_feedback", args=[series.pk, 3])).content.decode()
    assert WEEKLY["comment"]["hint"]["es"] in found
    assert "solo cuando llegaron tres o más. Si llegan menos, esperan" in WEEKLY["comment"]["hint"]["es"]
    assert "only when three or more came in. If fewer come, they wait" in WEEKLY["comment"]["hint"]["en"]


# Themes from comments


def write_theme(client, series, person, lines):
    data = {**THEME, "sources": [line.pk for line in lines]}
    return sign_in(client, person).post(reverse("series_theme", args=[series.pk]), data)


def test_three_comments_of_one_form_make_a_theme_and_two_with_one_of_another_do_not(client, series, elena, comments):
    other = opened(series, f"{MARKER} cuatro", f"{MARKER} cinco")
    response = write_theme(client, series, elena, [*comments[:2], *other])
    assert response.context["form"].errors.as_data()["sources"][0].code == "too_few"
    response = write_theme(client, series, elena, comments)
    assert response.headers["Location"] == reverse("group_themes", args=[series.group_id])
    with acting("backup"):
        assert [theme.text for theme in Theme.objects.all()] == [THEME["text"]]


def test_a_theme_of_comments_reaches_the_school_after_its_time(client, school, series, elena, comments, clock):
    write_theme(client, series, elena, comments)
    with acting("backup"):
        theme = Theme.objects.get()
    clock.move_to(theme.shown_until)
    with acting("facilitator", elena.pk):
        themes.send(theme=theme)
    with acting("backup"):
        assert SharedTheme.objects.get().school == school


def test_comments_of_another_group_are_neither_offered_nor_taken(client, school, series, elena, comments):
    other = make_series(school)
    make_member(other.group, elena, "facilitator")
    foreign = opened(other, "a", "b", "c")
    response = write_theme(client, series, elena, foreign)
    assert response.context["form"].errors.as_data()["sources"][0].code == "invalid_choice"
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with acting("facilitator", elena.pk), refused, transaction.atomic():
        themes.show(group=series.group, **THEME, comments=foreign)


# No side door


def test_a_line_is_found_on_its_page_and_in_no_log_queue_cache_mail_or_message(client, series, elena, comments):
    with everything_logged() as lines:
        assert MARKER in page(client, series, elena)
        write_theme(client, series, elena, comments[:2])
        ask(client, reverse("series_comments", args=[series.pk]))
    assert [line for line in lines if MARKER in line and not line.startswith("(")] == []
    assert MARKER not in in_redis()
    assert MARKER not in "".join(f"{message.subject}{message.body}" for message in mail.outbox)
    assert MARKER not in str([list(model.objects.values()) for model in (Intent, Message)])


def test_a_page_that_fails_reports_no_line(client, series, elena, comments, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("dialogue_series.views.comments.tabs", lambda *_args: 1 / 0)
    with everything_logged() as lines:
        assert page(client, series, elena) == 500
    assert [line for line in lines if MARKER in line] == []
    assert [line for line in lines if "ZeroDivisionError" in line] != []
    assert MARKER not in "".join(message.body for message in mail.outbox)


def test_no_line_is_left_on_the_pages_of_a_hired_facilitator_in_the_middle_of_a_request(
    client, school, series, elena, comments, monkeypatch
):
    read = access.batches

    def hired_meanwhile(of):
        found = read(of)
        with acting("worker"):
            Membership.objects.create(
                person=elena, school=school, kind="staff", since=product_clock.now(), on_payroll=False
            )
        return found

    monkeypatch.setattr(access, "batches", hired_meanwhile)
    assert page(client, series, elena) == 404
