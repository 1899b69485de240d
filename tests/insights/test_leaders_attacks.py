"""Attack cases of trust.md 7 on all that leaders get: pages, file, report, papers, mail, and what a browser prints."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.shortcuts import render
from django.test import Client

from accounts.database import acting
from accounts.routes import HELD_BY_TIES, walk
from config.browser import launch_options
from dialogue_series.models import Rsvp, Series, Session, SupportRequest
from insights.tasks import tell_results
from insights.views import overview
from notifications.delivery import go_round
from partnerships.actions import ideas, questions, quotes, themes, voices
from partnerships.models import Consultation, Decision
from surveys import actions, disclosure, releases
from surveys import tasks as survey_tasks
from surveys.models import Form, FormPerson, Instrument, Item, KeyRing, Option, Wave
from tests.factories import make_member, make_person, make_post, make_reply, make_school, make_series, sign_in
from tests.insights.attacking import (
    MONDAY,
    PDF,
    Printer,
    body_of,
    browser,
    differing,
    ended,
    everything,
    opened,
    pages,
    said,
    sent,
    work,
)
from tests.insights.reporting import FAMILIES_AT, LEADERS_AT, answers, seal
from tests.surveys.conftest import EVENING, OPENED, WEEKLY, answer, open_form

pytestmark = pytest.mark.django_db
ALL = ["overview", "results", "file", "report", "letter", "a4", "check-in", "mail"]
# Of the form that tests/surveys opens; looked at twice a day, at half past one.
FAMILIES_READ, LEADERS_READ = datetime(2027, 2, 23, 1, 30, tzinfo=UTC), datetime(2027, 2, 25, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


def printed(printer, found):
    """Return the words on paper of each page that a leader may print."""
    return {name: printer.print(body_of(found[name])) for name in ("overview", "results")}


def all_say(yes):
    """Return waves of eight in which so many say yes; of the second window as many as leave the sum alone."""
    return {"before": (yes, 8), "after": (yes, 8), "windows": ((yes, 8), (13 - yes, 8), (yes, 8), (yes, 8))}


def so_many_answer(n):
    return {"before": (n, n), "after": (n, n), "windows": ((n, n),) * 4}


def finer(yes, n):
    """Label a group of five to nine as finely as one of fifteen."""
    passed = sum(100 * yes >= cut * n for cut in (20, 40, 60, 80))
    return disclosure.Label("5-9", f"{20 * passed}-{20 * passed + 20}")


# A1


def test_a1_five_six_seven_and_eight_of_eight_are_the_same_bytes_in_all_that_leaders_get(clock):
    found = [everything(clock, yes, **all_say(yes)) for yes in (5, 6, 7, 8)]
    assert list(found[0]) == ALL
    assert found[0]["mail"].count(b"5 to 9 answered") > 4
    assert [differing(one, found[0]) for one in found] == [[]] * 4


def test_a1_with_a_finer_ladder_the_comparison_is_red_everywhere(clock, monkeypatch):
    monkeypatch.setattr(disclosure, "label", finer)
    assert differing(*(everything(clock, yes, **all_say(yes)) for yes in (6, 7))) == ALL


# A2


def test_a2_no_answer_to_four_answers_are_the_same_bytes_in_all_that_leaders_get(clock):
    found = [everything(clock, n, **so_many_answer(n)) for n in range(5)]
    assert [differing(one, found[0]) for one in found] == [[]] * 5


def test_a2_with_a_lower_limit_the_comparison_is_red_everywhere(clock, monkeypatch):
    monkeypatch.setattr(disclosure, "MIN_N", 4)
    assert differing(*(everything(clock, n, **so_many_answer(n)) for n in (3, 4))) == ALL


# A3


def polled(clock, series):
    """Ask for every page twice a day while families answer, the wave is sealed and released; return what was seen."""
    families = [make_person(f"Familia {n}", series.school, "caregiver") for n in range(8)]
    actions.publish(written=WEEKLY)
    ring = actions.start_ring(ends_on=EVENING + timedelta(weeks=7))
    actions.make_ring_keys(ring=ring.pk)
    Series.objects.filter(pk=series.pk).update(ring=ring)
    form = open_form(series.school, ring, families, number=2)
    actions.complete(wave=form.wave)
    seen = []
    for step in range(1, 27):
        clock.move_to(OPENED + timedelta(hours=12 * step))
        if step <= len(families):
            answer(form, families[step - 1])
        with acting("worker"):
            survey_tasks.close_due_forms()
            survey_tasks.seal_due_waves()
            survey_tasks.release_due_waves()
        work()
        seen.append((clock.at, {**opened(series), "mail": b"".join(sent(series))}))
    return seen


def changes(seen):
    """Return what changed from one look to the next, and by when."""
    return {
        at: differing(before, now)
        for (_before, before), (at, now) in zip(seen, seen[1:], strict=False)
        if differing(before, now)
    }


@pytest.fixture
def led(clock):
    """Return a series whose third evening is just over, and whom its results will reach."""
    clock.move_to(OPENED)
    school = make_school("Mirador")
    series = make_series(school, name="Primavera")
    series.principal = make_person("Dra. Grant", school, "leader", language="en", email="grant1@example.org")
    return series


def test_a3_nothing_that_leaders_get_changes_while_families_answer_but_once_at_their_hour(clock, led):
    assert changes(polled(clock, led)) == {LEADERS_READ: ["overview", "results", "file", "mail"]}


def test_a3_without_the_leaders_hour_the_same_look_is_red(clock, led):
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY others ON surveys_release")
        cursor.execute("CREATE POLICY others ON surveys_release FOR SELECT TO ds_leader USING (true)")
    found = changes(polled(clock, led))
    # At the leaders' hour the overview says which help was asked for.
    assert found == {FAMILIES_READ: ["overview", "results", "file"], LEADERS_READ: ["overview", "mail"]}


def test_a3_a_mail_that_goes_a_week_late_says_nothing_that_is_not_yet_theirs(clock, led):
    waves = [seal(led, "weekly-feedback", answers("weekly-feedback", 8, 8), number=number) for number in (1, 2)]
    a_week = timedelta(days=7)
    Wave.objects.filter(pk=waves[1].pk).update(families_at=FAMILIES_AT + a_week, leaders_at=LEADERS_AT + a_week)
    clock.move_to(FAMILIES_AT)
    with acting("worker"):
        releases.release(wave=waves[0].pk)
    clock.move_to(FAMILIES_AT + a_week - timedelta(minutes=1))
    with acting("worker"):
        tell_results()
    clock.move_to(FAMILIES_AT + a_week)
    with acting("worker"):
        releases.release(wave=waves[1].pk)
        go_round()
    [mail] = sent(led)
    assert (b"After session 1" in mail, b"After sessions 2 and 3" in mail) == (True, False)


# A6


QUERIES = ("from=2027-02-01", "session=1", "window=1", "n=1", "format=json", "language=es", "page=2", "min=1", "q=a")
HEADERS = (
    {"accept": "application/json"},
    {"x-requested-with": "XMLHttpRequest"},
    {"hx-request": "true"},
    {"range": "bytes=0-9"},
    {"if-none-match": "*"},
    {"if-modified-since": "Mon, 01 Jan 2035 00:00:00 GMT"},
    {"x-forwarded-for": "10.0.0.1"},
    {"x-http-method-override": "DELETE"},
)
BODY = {"session": 1, "window": 1, "n": 1, "item": "said", "from": "2027-02-01"}


def without_query(said):
    """Leave out where the page's own language switch leads back to, and the length of that."""
    return re.sub(rb'name="next" value="[^"]*"|\(\'Content-Length\', \'\d+\'\)', b"", said)


def narrowed(client, series, page):
    """Return which parameters, headers and bodies change what a page says."""
    usual = without_query(said(client.get(page), series))
    asked = {query: client.get(f"{page}?{query}") for query in QUERIES}
    asked |= {str(header): client.get(page, headers=header) for header in HEADERS}
    asked["a body"] = client.generic("GET", page, urlencode(BODY), "application/x-www-form-urlencoded")
    return [how for how, response in asked.items() if without_query(said(response, series)) != usual]


def test_a6_no_parameter_header_or_body_changes_a_byte_of_what_leaders_get(clock):
    series = ended(clock, 1)
    client = browser(series)
    for name, page in pages(series).items():
        usual = without_query(said(client.get(page), series))
        assert narrowed(client, series, page) == [], name
        others = [client.generic(method, page, urlencode(BODY)) for method in ("PUT", "PATCH", "DELETE", "OPTIONS")]
        logs = name == "check-in"
        assert {response.status_code for response in (*others, client.post(page, BODY))} <= {405, *[200] * logs}
        assert without_query(said(client.get(page), series)) == usual


def test_a6_a_page_that_shows_one_window_alone_when_asked_is_seen(clock, monkeypatch):
    series = ended(clock, 1)
    monkeypatch.setattr(
        overview,
        "render",
        lambda request, template, context: render(
            request, template, {**context, "current": [] if "window" in request.GET else context["current"]}
        ),
    )
    assert narrowed(browser(series), series, pages(series)["overview"]) == ["window=1"]


# A17


SURVEY = {
    "slug": "mine",
    "title_es": "Mía",
    "title_en": "Mine",
    "text": "x",
    "session": 1,
    "window": 1,
    "audience": "all",
}
WINDOWS = {"After session 1", "After sessions 2 and 3", "After sessions 4 to 9", "After session 10"}
SURVEYS = {"Before the series", "After the series"}


def asked_about(found):
    """Return of which evenings pages, file and mail give a figure of what families answered."""
    html = b"".join(found[name] for name in ("overview", "results", "report", "check-in")).decode()
    _headings, *rows = csv.reader(io.StringIO(body_of(found["file"]).decode()))
    cells = re.findall(r'data-l="(After sessions? [^"]+)"', html)
    mails = re.findall(r"(After sessions? [\w ]+): ", found["mail"].decode())
    return {"pages": {*cells}, "file": {row[0] for row in rows} - SURVEYS, "mail": {*mails}}


def test_a17_no_figure_stands_by_a_single_evening_of_a_window(clock):
    found = asked_about(everything(clock, 1))
    assert found == {"pages": WINDOWS, "file": WINDOWS, "mail": WINDOWS}


def test_a17_with_a_window_for_each_evening_the_same_look_is_red(clock, monkeypatch):
    monkeypatch.setattr("insights.measures.window_words", lambda number, _checkins: f"After session {number + 3}")
    assert {"After session 5", "After session 6"} <= asked_about(everything(clock, 1))["pages"]


# A20


SURVEY = {"slug": "mine", "title_es": "Mía", "title_en": "Mine", "text": "x", "session": 1, "window": 1, "to": "all"}


def asked_of_families():
    """Count every row that says what families are asked, when, and who they are."""
    tables = (Instrument, Item, Option, KeyRing, Wave, Form, FormPerson, Series, Session, Decision, Consultation)
    with acting("backup"), transaction.atomic():
        return {model.__name__: model.objects.count() for model in tables}


def posted(series, person):
    """Post a survey, a window and an audience to every address that asks who one is; say what each answers."""
    named = {"slug": series.school.slug, "school": series.school.slug, "district": series.school.district_id}
    named |= {"group": series.group_id, "number": 1, "row": "staff", "kind": "debrief", "paper": "a4"}
    client, told = sign_in(Client(), person), {}
    for pattern, name, view in walk():
        if "(?P" in pattern or not HELD_BY_TIES & {*view.declaration.audiences}:
            continue
        where = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(named.get(found[1], series.pk)), pattern)
        with transaction.atomic():
            told[name] = client.post(where, SURVEY).status_code
            transaction.set_rollback(told[name] >= 400)
    return told


def test_a20_a_leader_who_posts_makes_no_survey_no_window_and_no_audience(clock):
    series = ended(clock, 1)
    before = asked_of_families()
    told = posted(series, series.principal)
    hers = {name for _pattern, name, view in walk() if "leader" in view.declaration.audiences}
    assert {name: status for name, status in told.items() if name not in hers and status != 404} == {}
    assert {"instrument_new", "series_new", "board_new_decision", "series_results", "group_new"} <= told.keys() - hers
    assert asked_of_families() == before


def test_a20_where_somebody_may_ask_the_same_posts_are_seen(clock):
    series = ended(clock, 1)
    before = asked_of_families()
    posted(series, make_person("Rosa", series.school, "coordinator"))
    assert [name for name, rows in asked_of_families().items() if rows != before[name]] == ["Instrument"]


# A21


def walked(series):
    """Return every page that links lead her to, by address; on those of her second step a secret is new each time."""
    client, waiting, found = browser(series), [f"/l/{series.school.slug}/"], {}
    while waiting:
        where = waiting.pop()
        if where in found:
            continue
        response = client.get(where, follow=True)
        found[where] = said(response, series)
        is_paper = response.headers["Content-Type"] == PDF
        waiting += (
            [] if is_paper else re.findall(r'href="(/(?!demo/|static/|me/second/)[^"#]*)', response.content.decode())
        )

    return found


def stir(series):
    """Let families do all that they do among themselves, and let none of it out."""
    people = [make_person(name, series.school, "caregiver") for name in ("Ana", "Berta", "Carmen")]
    for person in people:
        make_member(series.group, person)
    posts = [make_post(series.group, person, "Los miércoles trabajo.") for person in people]
    make_reply(posts[0], people[1])
    make_post(series.group.space, people[2])
    [asked, next_evening] = Session.objects.filter(series=series, number__in=(9, 10))
    for person in people:
        Rsvp.objects.create(session=next_evening, person=person, answer="video", answered_at=MONDAY)
        SupportRequest.objects.create(session=asked, person=person, kind="childcare")
    with acting("caregiver", people[0].pk):
        voices.react(post=posts[1], kind="me_too", by=people[0])
        ideas.write_idea(space=series.group.space, group=series.group, text="Un huerto.", language="es", post=posts[0])
        questions.ask(school=series.school, key=uuid4(), text="¿Y el comedor?", language="es")
    with acting("facilitator", series.elena.pk):
        themes.show(group=series.group, text="Trabajo", language="es", translated="Work", posts=posts)
        return quotes.ask(post=posts[0], words="Los miércoles trabajo.", by=series.elena)


def test_a21_no_badge_and_no_page_of_a_leader_moves_when_families_do_something_among_themselves(clock):
    series = ended(clock, 1)
    quiet = walked(series)
    stir(series)
    assert differing(walked(series), quiet) == []
    assert len(quiet) > 20
    searching = re.compile(rb'type="search"|role="(?:search|combobox)"|<datalist|class="[^"]*badge')
    assert [where for where, page in quiet.items() if searching.search(page)] == []


def test_a21_words_that_a_family_lets_out_are_seen_by_the_same_look(clock):
    series = ended(clock, 1)
    quiet, quote = walked(series), stir(series)
    with acting("caregiver", quote.post.signed_by_id):
        quotes.allow(quote=quote, for_leaders=True, for_public=False, signature="nothing")
    assert differing(walked(series), quiet) == ["/l/mirador1/words/"]


# Print


@pytest.mark.browser
def test_a1_a2_and_a17_hold_for_what_a_browser_prints(clock, page):
    printer = Printer(page)
    eight = [printed(printer, everything(clock, yes, **all_say(yes))) for yes in (5, 8)]
    few = [printed(printer, everything(clock, n, **so_many_answer(n))) for n in (0, 4)]
    fewer = printed(printer, everything(clock, 9, **all_say(3)))
    assert [differing(*eight), differing(*few), differing(eight[0], fewer)] == [[], [], ["overview", "results"]]
    windows = re.findall(r"After sessions? \d+(?: (?:and|to) \d+)?", " ".join(few[0]["results"].split()))
    assert {*windows} == WINDOWS
    for words in few[0].values():
        assert "So that nobody can work out what one person answered." in " ".join(words.split())
        assert "See the words as a table" not in words
