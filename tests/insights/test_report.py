"""One report a series: made once leaders may read everything, frozen, the same words for all; taken back words go."""

import csv
import io
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client

from accounts.database import acting
from accounts.models import Person
from insights.methods import actions as methods
from insights.models import Report, SharedReport
from insights.reports import actions
from insights.tasks import make_reports
from notifications.delivery import go_round
from partnerships.models import Commitment, CommitmentStep
from surveys.models import Wave
from tests.factories import give_address, make_person, make_school, sign_in
from tests.insights.reporting import (
    FAMILIES_AT,
    LEADERS_AT,
    families_page,
    leaders_page,
    made,
    made_again,
    open_page,
    out,
    over,
    release_all,
    said_on_page,
    said_on_paper,
    taken_back,
    with_finding,
    with_help,
    with_reading,
    with_words,
)
from tests.insights.talking import shared_theme

pytestmark = pytest.mark.django_db
PDF = "application/pdf"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def series(school):
    return over(school, name="Primavera")


def said(words):
    return "".join(words.split())


def words_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def post(person, url, **data):
    return sign_in(Client(), person).post(url, data)


def ask(series, text="Un intérprete en las juntas.", *, at):
    one = Commitment.objects.create(
        school=series.school, group=series.group, text=text, language="es", translated="An interpreter.", asked_at=at
    )
    CommitmentStep.objects.create(commitment=one, step="asked", at=at)
    return one


def finding_taken_back(finding):
    with acting("evaluator", Person.objects.get(name="Sam").pk), transaction.atomic():
        methods.take_back_finding(finding=finding)


# When


def test_the_report_is_made_by_itself_at_the_leaders_hour_and_not_before(clock, series):
    clock.move_to(FAMILIES_AT)
    release_all(series)
    make_reports()
    assert Report.objects.count() == 0
    for person, page in ((series.lucia, families_page(series)), (series.principal, leaders_page(series))):
        assert "on Wednesday, February 17." in words_of(open_page(person, page))
    clock.move_to(LEADERS_AT)
    assert "The report is being made." in words_of(open_page(series.principal, leaders_page(series)))
    make_reports()
    assert said("Families keep coming.") in said_on_page(open_page(series.principal, leaders_page(series)))


def test_before_the_series_is_over_the_page_says_what_it_waits_for(clock, series):
    Wave.objects.filter(ring=series.ring, kind="after").update(families_at=None, leaders_at=None)
    assert "when the series is over" in words_of(open_page(series.principal, leaders_page(series)))


def test_everybody_who_may_read_it_reads_the_same_words(clock, series, school):
    made(clock, series)
    pages = [(series.lucia, families_page(series)), (series.elena, families_page(series))]
    seat, coordinator = (make_person(kind, school, kind) for kind in ("parent_seat", "coordinator"))
    pages += [(person, leaders_page(series)) for person in (series.principal, seat, coordinator)]
    assert len({said_on_page(open_page(person, page)) for person, page in pages}) == 1
    papers = {open_page(person, f"{page}letter/").content for person, page in pages}
    assert len(papers) == 1


# What


def test_it_says_how_families_come_what_changed_and_what_was_asked_answered_and_shared(clock, series):
    with_words(series)
    with_words(series, "Esto es para la escuela.", for_public=False)
    with_reading(series)
    with_help(series, childcare="partly")
    ask(series, at=FAMILIES_AT - timedelta(days=30))
    page = said_on_page((made(clock, series), open_page(series.principal, leaders_page(series)))[1])
    for words in (
        "Las familias siguen viniendo.",
        "Families keep coming. Fewer now know how to help their children with what they feel.",
        "Ya se hicieron los diez encuentros.",
        "Fewer now: more than half before, fewer than half now. 5 to 9 answered.",
        "Childcare during the session Arranged: partly",
        "Late. Received. An interpreter. Asked on January 16. Without an answer for 32 days.",
        "How the families read this Nos sentimos en confianza.",
        "Shared with permission by families of this school. Aquí sí me escuchan. A mother",
        "Rules for what is shown: version 1.",
    ):
        assert said(words) in page
    assert said("Esto es para la escuela.") not in page
    assert len(Report.objects.get().content["parts"][0]["left"][0]["body"][-1]["rows"]) == 4


def test_no_family_is_named_and_no_day_stands_beside_what_a_group_said(clock, series):
    report = made(clock, series)
    everything = said_on_page(open_page(series.principal, leaders_page(series))) + said_on_paper(bytes(report.letter))
    assert [name for name in ("Lucía", "Elena", str(series.lucia.pk)) if name in everything] == []


def test_the_file_and_the_mail_of_results_have_the_words_of_the_report(clock, series):
    report = made(clock, series)
    answer = open_page(series.principal, f"/l/mirador/results/{series.pk}/file/")
    rows = list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))[1:]
    page, paper = said_on_page(open_page(series.principal, leaders_page(series))), said_on_paper(bytes(report.a4))
    missing = [cell for row in rows for cell in row[1:] if said(cell) not in page or said(cell) not in paper]
    assert (len(rows), missing) == (48, [])


# Versions


def test_a_task_that_is_run_again_or_stopped_before_any_statement_makes_one_report(clock, series):
    clock.move_to(FAMILIES_AT)
    release_all(series)
    clock.move_to(LEADERS_AT)
    with acting("worker"):
        report = actions.begin(series)
    stopped = 0
    while True:
        left = stopped

        def stop(execute, *said):
            nonlocal left
            left -= 1
            if left < 0:
                raise OperationalError("the line went away")
            return execute(*said)

        try:
            with acting("worker"), transaction.atomic(), connection.execute_wrapper(stop):
                actions.make(report=report.pk)
            break
        except OperationalError:
            assert Report.objects.get().state == "asked"
            stopped += 5
    make_reports()
    make_reports()
    assert list(Report.objects.values_list("version", "state")) == [(1, "made")]


@pytest.mark.parametrize(
    ("role", "change"),
    [
        ("worker", "UPDATE insights_report SET content = '{\"parts\": []}'"),
        ("worker", "UPDATE insights_report SET letter = 'x'"),
        ("worker", "UPDATE insights_report SET state = 'asked', content = '{}', letter = '', a4 = ''"),
        ("worker", "DELETE FROM insights_report"),
        ("leader", "UPDATE insights_report SET made_at = now()"),
    ],
)
def test_what_was_made_is_never_changed(clock, series, role, change):
    report = made(clock, series)
    refused = pytest.raises(DatabaseError)
    with refused, transaction.atomic(), acting(role), connection.cursor() as cursor:
        cursor.execute(change)
    assert Report.objects.get().content == report.content


def test_nobody_puts_in_a_report_that_the_worker_did_not_make(clock, series):
    with pytest.raises(DatabaseError), transaction.atomic(), acting("leader"):
        Report.objects.create(
            series_id=series.pk,
            version=1,
            state="made",
            asked_at=clock(),
            made_at=clock(),
            content={"parts": []},
            letter=b"x",
            a4=b"x",
        )


def test_a_new_version_is_made_only_when_something_new_came_out(clock, series):
    first = made(clock, series)
    page, again = leaders_page(series), f"{leaders_page(series)}again/"
    assert "Make a new version" not in words_of(open_page(series.principal, page))
    with pytest.raises(ValidationError) as refusal, acting("leader"):
        actions.ask(series=series)
    assert refusal.value.code == "nothing_new"
    clock.move_to(LEADERS_AT + timedelta(days=1))
    ask(series, at=clock())
    assert "Make a new version" in words_of(open_page(series.principal, page))
    assert "Make a new version" in words_of(open_page(series.elena, families_page(series)))
    assert "Make a new version" not in words_of(open_page(series.lucia, families_page(series)))
    assert {
        post(series.principal, again).status_code,
        post(series.elena, f"{families_page(series)}again/").status_code,
    } == {302}
    assert "A new version is being made." in words_of(open_page(series.principal, page))
    second = made_again(series)
    assert (first.version, second.version, Report.objects.count()) == (1, 2, 2)
    assert said("An interpreter.") in said_on_page(open_page(series.principal, page))
    assert Report.objects.get(version=1).content == first.content


# What was found out


def test_a_finding_is_printed_with_its_number_its_limit_and_its_sources(clock, series):
    quote = with_words(series)
    out(clock, series)
    finding = with_finding(series, ("quote", quote.pk))
    report = made_again(series)
    page = said_on_page(open_page(series.principal, leaders_page(series)))
    for words in (
        "What we found EN Se sienten escuchadas. The smallest number behind it: 5 to 9 answered. "
        "What it cannot say: EN Solo se preguntó a quienes vinieron. What each stands on is beside the tables.",
        "What we found, and what it stands on Do families and educators become partners? EN Se sienten escuchadas.",
        "What it cannot say: EN Solo se preguntó a quienes vinieron. What it stands on: After the series.",
        "5 to 9 answered; fewer than half Aquí sí me escuchan.",
        "Lo que se encontró, y en qué se apoya ¿Llegan a ser un equipo",
    ):
        assert said(words) in page
    assert (report.findings, said_on_paper(bytes(report.letter))) == ([finding.pk], page)


def test_a_draft_is_not_printed_and_a_theme_or_a_line_is_only_named(clock, series):
    out(clock, series)
    world = SimpleNamespace(series=series, school=series.school, lucia=series.lucia, elena=series.elena)
    theme = shared_theme(world, clock, "Faltan intérpretes.")
    with_finding(series, ("theme", theme.pk))
    with acting("evaluator", Person.objects.get(name="Sam").pk), transaction.atomic():
        words = {"claim_es": "Un borrador.", "claim_en": "A draft.", "limit_es": "x", "limit_en": "x"}
        methods.draft_finding(series=series, question="growth", sources=[], **words)
    made_again(series)
    page = said_on_page(open_page(series.principal, leaders_page(series)))
    assert said("A theme that the families let the school read.") in page
    assert [words for words in ("Faltan intérpretes.", "A draft.", "Un borrador.") if said(words) in page] == []


def test_a_finding_that_is_published_after_a_version_is_news_for_the_next(clock, series):
    made(clock, series)
    clock.move_to(LEADERS_AT + timedelta(hours=1))
    with_finding(series)
    for person, page in ((series.principal, leaders_page(series)), (series.elena, families_page(series))):
        assert "Make a new version" in words_of(open_page(person, page))


def test_a_finding_that_is_taken_back_takes_the_report_that_holds_it_with_it(clock, series):
    out(clock, series)
    finding = with_finding(series)
    other = with_finding(series, claim="Vienen más.")
    made_again(series)
    finding_taken_back(finding)
    assert list(Report.objects.values_list("state", "content", "letter", "a4")) == [("taken_back", {}, b"", b"")]
    assert open_page(series.principal, f"{leaders_page(series)}letter/").status_code == 404
    report = made_again(series)
    page = said_on_page(open_page(series.principal, leaders_page(series)))
    assert (said("EN Vienen más.") in page, said("Se sienten escuchadas.") in page) == (True, False)
    assert (report.version, report.findings) == (2, [other.pk])


def test_a_report_without_the_finding_stays_when_it_is_taken_back(clock, series):
    made(clock, series)
    finding_taken_back(with_finding(series))
    assert Report.objects.get().state == "made"


def test_words_under_a_finding_take_the_report_with_them_too(clock, series):
    quote = with_words(series)
    out(clock, series)
    with_finding(series, ("quote", quote.pk))
    made_again(series)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE partnerships_sharedquote DISABLE TRIGGER leaves_reports")
    taken_back(series, quote)
    assert Report.objects.get().state == "taken_back"


def test_without_the_trigger_the_finding_would_have_stayed(clock, series):
    out(clock, series)
    finding = with_finding(series)
    made_again(series)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE insights_finding DISABLE TRIGGER leaves_reports")
    finding_taken_back(finding)
    assert said("Se sienten escuchadas.") in said_on_page(open_page(series.principal, leaders_page(series)))


# Who is told


def mails():
    with acting("worker"):
        go_round()
    return [(one.to, one.subject) for one in mail.outbox]


def test_whoever_leads_is_told_of_the_first_version_and_of_those_asked_for_with_nothing_of_them(clock, series):
    for person in (series.principal, series.elena, series.lucia):
        give_address(person, "email", f"{person.pk}@example.org")
    to = [f"{series.principal.pk}@example.org"]
    out(clock, series)
    finding = with_finding(series)
    made_again(series)
    make_reports()
    first = [(to, "The report is ready: Primavera, version 1")]
    assert (mails(), mails()) == (first, first)
    assert f"{leaders_page(series)}" in mail.outbox[0].body
    assert [words for words in ("escuchadas", "coming", "5 to 9") if words in mail.outbox[0].body] == []
    finding_taken_back(finding)
    assert (made_again(series).version, mails()) == (2, first)
    clock.move_to(LEADERS_AT + timedelta(hours=1))
    ask(series, at=clock())
    with acting("leader", series.principal.pk):
        actions.ask(series=series)
    assert (made_again(series).version, mails()) == (3, [*first, (to, "The report is ready: Primavera, version 3")])


def test_a_version_that_is_taken_back_before_the_mail_goes_is_told_to_nobody(clock, series):
    give_address(series.principal, "email", "grant@example.org")
    out(clock, series)
    finding = with_finding(series)
    made_again(series)
    finding_taken_back(finding)
    assert mails() == []


# A19


def test_a19_words_that_are_taken_back_leave_page_and_paper_at_once_and_the_next_version_lacks_them(clock, series):
    kept, gone = with_words(series, "Esto se queda."), with_words(series, "Esto se va.")
    made(clock, series)
    clock.move_to(LEADERS_AT + timedelta(hours=1))
    assert said("Esto se va.") in said_on_page(open_page(series.principal, leaders_page(series)))
    taken_back(series, gone)
    assert list(Report.objects.values_list("state", "content", "letter", "a4")) == [("taken_back", {}, b"", b"")]
    assert "being made" in words_of(open_page(series.principal, leaders_page(series)))
    assert open_page(series.principal, f"{leaders_page(series)}letter/").status_code == 404
    report = made_again(series)
    found = said_on_page(open_page(series.principal, leaders_page(series))) + said_on_paper(bytes(report.letter))
    assert (said("Esto se queda.") in found, said("Esto se va.") in found) == (True, False)
    assert (report.version, report.quotes) == (2, [kept.pk])


def test_a19_without_the_trigger_the_words_would_have_stayed(clock, series):
    gone = with_words(series, "Esto se va.")
    made(clock, series)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE partnerships_sharedquote DISABLE TRIGGER leaves_reports")
    taken_back(series, gone)
    assert said("Esto se va.") in said_on_page(open_page(series.principal, leaders_page(series)))


@pytest.mark.django_db(transaction=True)
def test_a19_words_taken_back_while_a_version_is_being_made_leave_it_too(clock, series):
    with transaction.atomic():
        quote = with_words(series)
    clock.move_to(FAMILIES_AT)
    release_all(series)
    clock.move_to(LEADERS_AT)

    def take_back():
        taken_back(series, quote)
        connection.close()

    other = Thread(target=take_back)
    with acting("worker"), transaction.atomic():
        actions.make(report=actions.begin(series).pk)
        other.start()
        other.join(1)
        assert other.is_alive()
    other.join(30)
    assert list(Report.objects.values_list("state", "quotes", "letter")) == [("taken_back", [quote.pk], b"")]


# Who


@pytest.mark.parametrize("kind", ["staff", "district_lead"])
def test_staff_and_district_read_it_only_while_the_leader_shares_it(clock, series, school, kind):
    made(clock, series)
    reader, page = make_person("Alguien", school, kind), leaders_page(series)
    assert open_page(reader, page).status_code == 404
    assert post(series.principal, f"{page}share/", share="yes").status_code == 302
    assert (open_page(reader, page).status_code, open_page(reader, f"{page}a4/")["Content-Type"]) == (200, PDF)
    assert post(reader, f"{page}share/", share="no").status_code == 404
    assert post(series.principal, f"{page}share/", share="no").status_code == 302
    assert (open_page(reader, page).status_code, SharedReport.objects.count()) == (404, 0)


def test_whoever_is_shut_out_finds_what_somebody_finds_where_nothing_is(clock, series, school):
    made(clock, series)
    elsewhere = make_school("Roble")
    for person in (make_person("Otra", elsewhere, "leader"), make_person("Ana", school, "caregiver")):
        for page in (leaders_page(series), families_page(series), f"{leaders_page(series)}letter/"):
            assert open_page(person, page).status_code == 404
    assert open_page(series.principal, f"{leaders_page(series)}legal/").status_code == 404
