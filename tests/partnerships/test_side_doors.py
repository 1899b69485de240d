"""What families write leaves by no side door: each door has its test, and each finding its proof that it is found."""

import logging
import re
from contextlib import contextmanager
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views.debug import ExceptionReporter

from accounts.admin import System
from accounts.database import acting
from accounts.routes import walk
from dialogue_series.models import Session
from notifications import kinds, unsubscribing
from notifications.models import Intent, Message
from partnerships.access import doors as parts
from partnerships.access import spaces
from partnerships.models import CONTENT, Post, Quote
from partnerships.views import spaces as pages
from tests.factories import enrol, make_person, make_post, make_reply, sign_in
from tests.partnerships.walled import MARKER, make_world
from tests.surveys.test_traces import everything_logged, in_redis
from tests.test_access_matrix import address, plain

pytestmark = pytest.mark.django_db

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
OUTSIDE = (
    "stranger",
    "principal",
    "staff",
    "staff seat",
    "payroll coordinator who facilitates",
    "hired mid-series",
    "family of another school",
    "district",
    "evaluator",
    "operator and superuser",
)


@pytest.fixture
def world():
    """Make the group with its series, and the people of the school, the district and the service."""
    world = make_world()
    here, people = world.school, world.people
    for name in ("writer", "member"):
        enrol(world.group.series, people[name])
    people["stranger"] = None
    people["staff"] = make_person("Mr. Okafor", here, "staff")
    people["staff seat"] = make_person("Ms. Lewis", here, "staff_seat")
    people["district"] = make_person("Dr. Bell", here, "district_lead")
    people["evaluator"] = make_person("Sam", here, "evaluator")
    people["operator and superuser"] = make_person("Raíz", None, "operator", is_superuser=True, is_staff=True)
    return world


def browser(world, relation):
    """Be at a browser of one's own, signed in with both factors."""
    person = world.people[relation]
    return sign_in(Client(), person) if person else Client()


def values(world):
    """Return what stands in the addresses of the school, by parameter and by the first word of the address."""
    with acting("caregiver", world.people["writer"].pk):
        found = parts.parts_of_addresses(world.group)
    person, school = world.people["member"], world.school
    everywhere = {
        "school": school.slug,
        "slug": school.slug,
        "series": world.group.series.pk,
        "number": 1,
        "person": person.pk,
        "pk": person.pk,
        "code": world.group.series.flyer_code,
        "secret": person.feed_secret,
        "address": uuid4(),
        "first": uuid4(),
        "last": uuid4(),
        "public": "a" * 12,
        "object_id": school.pk,
        "app_label": "accounts",
        "content_type_id": 1,
        "url": "nowhere",
        "token": "a",
        "quote": world.quote.pk,
        "idea": world.idea.pk,
        "theme": world.theme.pk,
    }
    # Whatever else an address names does not exist.
    unknown = {one: uuid4() for pattern, _name, _view in walk() for one in PARAMETER.findall(pattern)}
    return {place: {**unknown, **everywhere, **found.get(place, {})} for place in (*found, "elsewhere")}


def every_address(world, absent=None):
    """Return each address of the product with real things of this school in it."""
    named = values(world)
    found = []
    for pattern, name, _view in walk():
        there = named.get(pattern.partition("/")[0], named["elsewhere"])
        found.append(address(pattern, name, {**there, **(absent or {})}))
    return found


def behind_the_wall(world, absent=None):
    """Return each address that begins with the group or its space."""
    return [where for where in every_address(world, absent) if where.startswith(("/g/", "/space/"))]


def told(response):
    """Return all that a response says, its head too, as text."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers} {body.decode(errors='replace')}"


# Every door at once


@pytest.mark.parametrize("relation", OUTSIDE)
def test_no_address_of_the_product_tells_anybody_outside_a_word_of_it(world, relation):
    client = browser(world, relation)
    assert [where for where in every_address(world) if MARKER in told(answer(client, where))] == []


def test_what_is_told_inside_is_found_that_way(world):
    client = browser(world, "writer")
    heard = [where for where in every_address(world) if MARKER in told(answer(client, where))]
    assert {f"/g/{world.group.pk}/", f"/space/{world.school.slug}/"} <= set(heard)
    assert len(heard) > 8


def answer(client, where):
    """Return what an address answers, a crash included; nothing that the request did stays."""
    client.raise_request_exception = False
    with transaction.atomic():
        response = client.get(where)
        transaction.set_rollback(True)
    return response


# Search, exports, admin


def test_no_address_searches_exports_or_feeds_what_families_write():
    words = ("search", "find", "query", "export", "feed", "rss", "atom", "download", "print", "pdf", "csv", "api")
    behind = [name for pattern, name, _view in walk() if pattern.startswith(("g/", "space/"))]
    assert [name for name in behind if any(word in name.split("_") for word in words)] == []
    assert len(behind) > 20


SEARCHED = {"q": MARKER, "search": MARKER, "author": "x"}


def without_token(body):
    """Return a page but for the token that changes with each."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", body)


def test_no_page_of_a_room_reads_a_search_from_its_address(world):
    client = browser(world, "writer")
    for page in (f"/g/{world.group.pk}/", f"/space/{world.school.slug}/"):
        asked, plainly = (client.get(page, data).content.decode() for data in (SEARCHED, {}))
        assert without_token(asked.replace(f"?{urlencode(SEARCHED)}".replace("&", "&amp;"), "")) == without_token(
            plainly
        )


def test_the_administration_knows_no_register_of_the_spaces():
    site = next(view.admin_site for _p, _n, view in walk() if hasattr(view, "admin_site"))
    assert isinstance(site, System)
    for one in (site, admin.site):
        assert {model._meta.app_label for model in one._registry} & {"partnerships"} == set()


def test_an_administrator_who_searches_every_register_finds_no_word_of_it(world):
    client = browser(world, "operator and superuser")
    walked = [where for where in every_address(world) if where.startswith("/system/")]
    found = {where: client.get(where, {"q": MARKER}) for where in walked}
    # The search itself stands in its box, and in the address to come back to.
    repeated = re.compile(rf'value="[^"]*{MARKER}"|q(=|%3D){MARKER}')
    assert [where for where, response in found.items() if MARKER in repeated.sub("", told(response))] == []
    assert sum(response.status_code == 200 for response in found.values()) > 5


# Badges, counters, feeds, mail


def homes(world):
    """Return what stands on the first pages of those outside, and on a member's own."""
    found = {}
    for relation in (*OUTSIDE, "member", "member of another group"):
        client = browser(world, relation)
        for where in ("/", "/me/", "/s/", "/c/", "/l/", f"/l/{world.school.slug}/", "/system/", SERIES.format(world)):
            found[relation, where] = plain(answer(client, where))
            found[relation, where][1].pop("Expires", None)
    found["calendar"] = plain(Client().get(f"/calendar/{world.people['member'].feed_secret}.ics"))
    return found


SERIES = "/c/series/{0.group.series.pk}/"


def write_much(world):
    """Write in the group as much as in a lively week."""
    writer = world.people["writer"]
    for n in range(3):
        make_reply(make_post(world.group, writer, f"{n} {MARKER}"), writer)
        make_post(world.space, writer, f"{n} {MARKER}", without_name=True)


def test_no_badge_and_no_counter_outside_a_room_moves_when_families_write(world):
    before = homes(world)
    write_much(world)
    after = homes(world)
    assert [place for place in before if before[place] != after[place]] == []


def test_a_counter_that_moved_would_be_seen(world):
    client = browser(world, "member")
    before = plain(client.get(f"/g/{world.group.pk}/"))
    write_much(world)
    assert plain(client.get(f"/g/{world.group.pk}/")) != before


def test_writing_sends_nothing_to_anybody(world):
    write_much(world)
    client = browser(world, "writer")
    client.post(f"/g/{world.group.pk}/new/", {"text": MARKER, "language": "es"})
    assert (Intent.objects.count(), Message.objects.count(), mail.outbox) == (0, 0, [])


def test_no_message_means_something_written_in_a_space():
    ours = {name for name, kind in kinds.registry.items() if type(kind).__module__.startswith("partnerships")}
    # What boards ask and are told, and when families meet with staff: nobody wrote that in a space.
    assert ours == {"consultation_request", "consultation_answered", "receipt_issued", "meeting_set", "meeting_off"}


def test_calendars_hold_nothing_of_the_group_not_even_its_name(world):
    member = world.people["member"]
    Session.objects.filter(series=world.group.series).update(cancelled_at=None)
    client = browser(world, "member")
    for where in (
        f"/calendar/{member.feed_secret}.ics",
        reverse("session_calendar", args=[world.group.series.pk, 10]),
    ):
        calendar = client.get(where)
        assert (calendar.status_code, "BEGIN:VEVENT" in calendar.content.decode()) == (200, True)
        assert (MARKER in told(calendar), world.group.name in told(calendar)) == (False, False)


def test_the_page_of_an_unsubscribe_link_is_the_same_however_much_was_written(world):
    person = make_person("Noemí", world.school, "caregiver", email="noemi@example.org")
    where = f"/u/{unsubscribing.secret(person.addresses.get().pk)}"
    before = plain(Client().get(where))
    write_much(world)
    assert plain(Client().get(where)) == before
    assert MARKER not in str(before)


# Permalinks, pages that are not there, their length and what they cost


ABSENT = ("group", "school", "post", "reply", "idea", "agreement", "translation", "quote", "series")


def absent_values():
    """Return what stands in addresses of things that never were."""
    return {**{name: uuid4() for name in ABSENT}, "school": "nowhere"}


@pytest.mark.parametrize("relation", [one for one in OUTSIDE if one != "stranger"])
def test_what_is_forbidden_costs_and_says_exactly_what_is_absent_does(world, relation):
    client = browser(world, relation)
    pairs = list(zip(behind_the_wall(world), behind_the_wall(world, absent_values()), strict=True))
    for method in ("get", "post", "head", "options", "put", "delete", "patch"):
        for there, nowhere in pairs if method in {"get", "post"} else pairs[:3]:
            forbidden, absent = (asked(client, method, where) for where in (there, nowhere))
            assert (method, there, *forbidden) == (method, there, *absent)
            # A page that takes forms only says that to everybody who is a family somewhere, whatever the group.
            assert forbidden[0] in {404, 405}


def asked(client, method, where):
    """Return all that an address tells, its length too, and the statements that it took to tell it."""
    with CaptureQueriesContext(connection) as statements:
        response = getattr(client, method)(where)
    status, headers, body = plain(response)
    # The page offers itself in the other language: its own address is all that differs.
    itself = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "key", where)
    return status, headers, body.replace(itself, "address"), [shape(one["sql"]) for one in statements]


def shape(sql):
    """Return the beginning of a statement, by which two kinds of it differ."""
    return re.sub(r"_x\d+", "", " ".join(sql.split()[:6]))[:60]


def test_a_member_finds_a_thread_of_another_group_as_absent_as_one_that_never_was(world):
    other = make_post(world.beside, world.people["member of another group"], MARKER)
    client = browser(world, "member")
    forbidden, absent = (asked(client, "get", f"/g/{world.group.pk}/{key}/") for key in (other.pk, uuid4()))
    assert (forbidden[0], forbidden) == (404, absent)


def test_the_page_for_what_is_not_there_holds_nothing_of_any_school(world):
    there = f"/g/{world.group.pk}/"
    for relation in OUTSIDE[1:]:
        client = browser(world, relation)
        body = client.get(there).content.decode().replace(there, "")
        assert [
            word for word in (MARKER, world.group.name, world.school.name, str(world.group.pk)) if word in body
        ] == []


def test_the_way_in_says_the_same_of_every_group_to_who_has_not_entered(world):
    there, nowhere = (Client().get(f"/g/{key}/").headers["Location"] for key in (world.group.pk, uuid4()))
    assert there.replace(str(world.group.pk), "") == nowhere.replace(nowhere.split("/g/")[1][:36], "")
    assert there.startswith("/enter/")


# Language, memory of browsers


def test_choosing_a_language_goes_back_to_a_group_as_to_any_address(world):
    client = browser(world, "principal")
    for where in (f"/g/{world.group.pk}/", f"/g/{uuid4()}/"):
        answered = client.post("/language/", {"language": "en", "next": where})
        assert (answered.status_code, answered.headers["Location"], answered.content) == (302, where, b"")
        assert client.get(where).status_code == 404


def test_no_page_of_a_room_is_kept_by_a_browser_or_told_to_another_site(world):
    for relation in ("writer", "facilitator", "principal"):
        client = browser(world, relation)
        for where in behind_the_wall(world):
            headers = client.get(where).headers
            kept = headers["Cache-Control"], headers["Referrer-Policy"], headers["X-Frame-Options"]
            assert (where, *kept) == (where, "no-store", "same-origin", "DENY")
            assert ("ETag" in headers, "Last-Modified" in headers) == (False, False)


def test_asking_a_room_what_it_takes_tells_no_word(world):
    client = browser(world, "writer")
    for where in behind_the_wall(world):
        for method in ("head", "options"):
            assert (where, getattr(client, method)(where).content) == (where, b"")


# Crashes, logs, queue, cache, reports


@contextmanager
def crashing(monkeypatch):
    """Let a page of a room fail with words in hand."""

    def fails(room, at):
        words = MARKER
        raise ValueError(len(words))

    with monkeypatch.context() as patched:
        patched.setattr(pages, "members", fails)
        yield


def test_a_page_that_fails_tells_neither_its_reader_nor_a_log_what_was_written(world, monkeypatch):
    client = browser(world, "writer")
    client.raise_request_exception = False
    with crashing(monkeypatch), everything_logged() as lines:
        response = client.get(f"/g/{world.group.pk}/members/")
    assert response.status_code == 500
    assert "ValueError" in "\n".join(lines)
    assert MARKER not in told(response) + "\n".join(lines)
    report = report_of(client, world)
    assert MARKER not in report.replace("words = MARKER", "")


def report_of(client, world):
    """Return an error report about a request that carried words, as text and as a page."""
    request = client.request().wsgi_request
    request.POST = {"text": MARKER}
    try:
        raise ValueError(len(MARKER))
    except ValueError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
        return reporter.get_traceback_text() + reporter.get_traceback_html()


def test_what_the_database_refuses_it_does_not_repeat(world):
    writer = world.people["writer"]
    with everything_logged() as lines, acting("caregiver", writer.pk):
        for text in (MARKER * 500, ""):
            try:
                with transaction.atomic():
                    make_post(world.group, writer, text)
            except Exception:  # noqa: BLE001
                logging.getLogger("partnerships").exception("refused")
    assert "has_words_until_taken_back" in "\n".join(lines)
    assert MARKER not in "\n".join(lines)


TABLES = """
SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND has_table_privilege(oid, 'SELECT')
"""


def rows_with(word):
    """Return the tables in which a word stands, read as the backup reads."""
    with transaction.atomic(), acting("backup"), connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = set()
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT FROM "{table}" t WHERE t::text LIKE %s', [f"%{word}%"])  # noqa: S608
            found |= {table} if cursor.rowcount else set()
    return found


PLANTED = "semilla-9Xw"


def plant(world):
    """Write the same word through every page on which something is written."""
    group = f"/g/{world.group.pk}/"
    said = {"text": PLANTED, "language": "es"}
    member, leads = browser(world, "member"), browser(world, "facilitator")
    posts = [
        (member, "new/", said),
        (member, f"{world.post.pk}/", said | {"is_nameless": "on"}),
        (member, f"{world.post.pk}/translate/", {"text": PLANTED}),
        (member, "ideas/", said),
        (leads, f"{world.nameless.pk}/hide/", {"reason": PLANTED}),
        (leads, "agreements/write/", said),
    ]
    answered = [client.post(group + where, data).status_code for client, where, data in posts]
    with transaction.atomic(), acting("backup"):
        post = Post.objects.get(text=PLANTED)
    answered.append(leads.post(f"{group}{post.pk}/quote/", {"words": PLANTED}).status_code)
    with transaction.atomic(), acting("backup"):
        quote = Quote.objects.get(post=post)
    yes = {"answer": "yes", "audiences": ["leaders"], "signature": "mother"}
    answered.append(member.post(f"/quotes/{quote.pk}/", yes).status_code)
    return answered


@pytest.mark.django_db(transaction=True)
def test_a_word_that_is_written_stands_among_families_words_and_nowhere_else(world, settings):
    settings.DEBUG = False
    with everything_logged() as lines:
        assert set(plant(world)) <= {200, 302}
        client = browser(world, "member")
        client.raise_request_exception = False
        assert PLANTED in told(client.get(f"/g/{world.group.pk}/"))
        client.post(f"/g/{world.group.pk}/new/", {"text": PLANTED * 500, "language": "xx"})
    written = {f"partnerships_{name}" for name in ("post", "reply", "translation", "idea", "agreement", "quote")}
    # The copy to which its writer has just said yes.
    assert rows_with(PLANTED) == written | {"partnerships_sharedquote"}
    assert written <= {model._meta.db_table for model in CONTENT}
    assert [PLANTED in found for found in ("\n".join(lines), in_redis(), str(mail.outbox))] == [False] * 3


@pytest.mark.django_db(transaction=True)
def test_a_word_that_got_out_would_be_found(world):
    cache.set("x", PLANTED)
    make_person(PLANTED)
    assert (rows_with(PLANTED), PLANTED in in_redis()) == ({"accounts_person"}, True)


def stamps():
    """Return of every row of every table which transaction wrote it, and where it lies, read as the backup reads."""
    with transaction.atomic(), acting("backup"), connection.cursor() as cursor:
        cursor.execute(TABLES)
        seen = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT xmin::text, ctid::text FROM "{table}"')  # noqa: S608
            seen[table] = sorted(cursor.fetchall())
    return seen


@pytest.mark.django_db(transaction=True)
def test_writing_without_a_name_leaves_its_row_its_authorship_and_no_third_one(world):
    """A row of the same transaction that names her, a session say, would tell a facilitator whose words these are."""
    client = browser(world, "writer")
    client.get(f"/g/{world.group.pk}/new/")
    before = stamps()
    data = {"text": "Sin mi nombre", "language": "es", "is_nameless": "on"}
    assert client.post(f"/g/{world.group.pk}/new/", data).status_code == 302
    after = stamps()
    assert {table for table in after if before[table] != after[table]} == {
        "partnerships_post",
        "partnerships_authorship",
    }


def test_the_rules_of_a_room_are_asked_once_more_as_the_last_thing(world, monkeypatch):
    """Hired while the page was being made: what it had read is thrown away."""
    client, calls = browser(world, "member"), []
    asked_at_the_door = spaces.own_places

    def then_hired(person, *, at):
        calls.append(at)
        found = asked_at_the_door(person, at=at)
        return found.none() if len(calls) > 1 else found

    monkeypatch.setattr(spaces, "own_places", then_hired)
    response = client.get(f"/g/{world.group.pk}/members/")
    assert (response.status_code, MARKER in told(response), len(calls)) == (404, False, 2)
