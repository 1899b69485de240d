"""Released results on every page, file and mail: the same labels everywhere, nothing finer, each reader at her hour."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.database import acting
from insights.models import FamiliesReading
from insights.tasks import tell_results
from notifications.delivery import go_round
from surveys import actions, releases
from surveys.models import Release, Sheet, Wave
from tests.factories import enrol, make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db
FAMILIES_AT = datetime(2027, 2, 15, 15, 0, tzinfo=UTC)
LEADERS_AT = FAMILIES_AT + timedelta(hours=48)
YES, NO = {"said": "much"}, {"said": "little"}


def instrument():
    words = {"es": "¿Cuánto pudo decir?", "en": "How much could you say?"}
    return {
        "slug": "weekly-feedback",
        "title": words,
        "intro": words,
        "items": [
            {
                "slug": "said",
                "kind": "scale",
                "text": words,
                "fact": {"es": "pudieron decir lo que piensan", "en": "could say what they think"},
                "options": [
                    {"value": "little", "text": {"es": "Poco", "en": "Little"}, "favourable": False},
                    {"value": "much", "text": {"es": "Mucho", "en": "Much"}, "favourable": True},
                ],
            }
        ],
        "comment": {"text": {"es": "", "en": ""}, "hint": {"es": "", "en": ""}},
        "opt_out": {"es": "Prefiero no contestar", "en": "I'd rather not answer"},
    }


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def family(school):
    return make_person("Lucía", school, "caregiver", language="en", email="lucia@example.org")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver", language="en")


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", language="en", email="grant@example.org")


@pytest.fixture
def series(school, family, elena):
    return make_series(school, facilitator=elena, families=[family])


def seal(series, answers, *, kind=Wave.Kind.WINDOW, number=1, pairs=None):
    """Put sheets into a wave that is sealed already, to be read at the usual hours."""
    if not actions.Instrument.objects.filter(slug="weekly-feedback").exists():
        actions.publish(written=instrument())
    wave = Wave.objects.create(
        school=series.school,
        ring=series.ring,
        kind=kind,
        number=number,
        complete_at=FAMILIES_AT - timedelta(days=3),
        sealed_at=FAMILIES_AT - timedelta(days=2),
        families_at=FAMILIES_AT,
        leaders_at=LEADERS_AT,
    )
    wave.forms.create(
        school=series.school,
        instrument=actions.Instrument.objects.get(slug="weekly-feedback"),
        ring=series.ring,
        opened_at=FAMILIES_AT - timedelta(days=9),
        closes_at=FAMILIES_AT - timedelta(days=3),
        closed_at=FAMILIES_AT - timedelta(days=3),
    )
    pairs = pairs or [None] * len(answers)
    Sheet.objects.bulk_create(
        Sheet(wave=wave, answers=given, pair=pair) for given, pair in zip(answers, pairs, strict=True)
    )
    return wave


def release(wave):
    with acting("worker"):
        releases.release(wave=wave.pk)


def open_page(person, url):
    return sign_in(Client(headers={"accept-language": "en"}), person).get(url)


def families_page(series):
    return f"/s/{series.pk}/results/"


def leaders_page(series, *, file=False):
    return f"/l/mirador/results/{series.pk}/{'file/' if file else ''}"


def words_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_families_read_results_at_their_hour_and_leaders_two_days_later(clock, series, family, principal):
    wave = seal(series, [YES] * 6 + [NO] * 2)
    clock.move_to(FAMILIES_AT - timedelta(seconds=1))
    release(wave)
    assert "more than half" not in words_of(open_page(family, families_page(series)))
    clock.move_to(FAMILIES_AT)
    release(wave)
    assert "<strong>more than half</strong>" in words_of(open_page(family, families_page(series)))
    assert "<strong>more than half</strong>" not in words_of(open_page(principal, leaders_page(series)))
    assert "more than half" not in words_of(open_page(principal, leaders_page(series, file=True)))
    clock.move_to(LEADERS_AT)
    assert "<strong>more than half</strong>" in words_of(open_page(principal, leaders_page(series)))
    assert "more than half" in words_of(open_page(principal, leaders_page(series, file=True)))


def everything(series, family, principal):
    """Return what every form of the results says, headers too, but for what changes with each answer."""
    found = []
    for person, url in (
        (family, families_page(series)),
        (principal, leaders_page(series)),
        (principal, leaders_page(series, file=True)),
    ):
        response = open_page(person, url)
        found.append((sorted(response.headers.items()), masked(words_of(response))))
    with acting("worker"):
        tell_results()
        go_round()
    found += [(message.subject, message.body, message.alternatives) for message in mail.outbox]
    mail.outbox.clear()
    return found


def masked(page):
    """Leave out the token that is new on every page."""
    start = 'name="csrfmiddlewaretoken" value="'
    return "".join(part if n == 0 else part[part.index('"') :] for n, part in enumerate(page.split(start)))


def plain(found, series):
    return str(found).replace(str(series.pk), "series").replace(series.name, "name")


def of_group(answers, clock, number):
    """Return all that a group of its own with these answers shows once everybody may read it."""
    clock.move_to(FAMILIES_AT - timedelta(days=1))
    school = make_school(f"Mirador{number}")
    family = make_person("Lucía", school, "caregiver", language="en", email=f"lucia{number}@example.org")
    principal = make_person("Dra. Grant", school, "leader", language="en", email=f"grant{number}@example.org")
    elena = make_person("Elena", school, "caregiver")
    # A name of one length, whatever ran before: the length of a page is a header.
    series = make_series(school, facilitator=elena, families=[family], name="Primavera")
    wave = seal(series, answers)
    clock.move_to(LEADERS_AT)
    release(wave)
    Wave.objects.filter(pk=wave.pk).update(leaders_at=LEADERS_AT)
    clock.move_to(LEADERS_AT + timedelta(hours=1))
    said = []
    for person, url in (
        (family, families_page(series)),
        (principal, leaders_page(series).replace("mirador", school.slug)),
        (principal, leaders_page(series, file=True).replace("mirador", school.slug)),
    ):
        response = open_page(person, url)
        said.append((sorted(response.headers.items()), masked(words_of(response))))
    return plain(said, series).replace(f"Mirador{number}", "Mirador").replace(school.slug, "mirador")


def test_a1_five_six_seven_and_eight_of_eight_are_the_same_bytes(clock):
    pages = {of_group([YES] * yes + [NO] * (8 - yes), clock, yes) for yes in (5, 6, 7, 8)}
    assert len(pages) == 1


def test_a1_the_comparison_sees_a_difference_where_there_is_one(clock):
    assert of_group([YES] * 5 + [NO] * 3, clock, 1) != of_group([YES] * 3 + [NO] * 5, clock, 2)


def test_a2_no_answer_to_four_answers_are_the_same_bytes(clock):
    pages = {of_group([YES] * n, clock, n) for n in range(5)}
    assert len(pages) == 1


def test_a3_a_page_that_is_asked_again_and_again_changes_once_at_the_release(clock, series, family):
    seen = []
    wave = seal(series, [YES] * 8)
    for hours in range(-12, 12):
        clock.move_to(FAMILIES_AT + timedelta(hours=hours))
        release(wave)
        seen.append(masked(words_of(open_page(family, families_page(series)))))
    assert len(set(seen)) == 2
    assert [a != b for a, b in zip(seen, seen[1:], strict=False)].index(True) == 11


def test_a3_without_the_hour_it_would_have_changed_before(clock, series, family, monkeypatch):
    wave = seal(series, [YES] * 8)
    Wave.objects.filter(pk=wave.pk).update(families_at=FAMILIES_AT - timedelta(days=1))
    clock.move_to(FAMILIES_AT - timedelta(hours=12))
    release(wave)
    assert "more than half" in words_of(open_page(family, families_page(series)))


def test_a6_no_parameter_header_or_body_changes_a_word(clock, series, family, principal):
    wave = seal(series, [YES] * 6 + [NO] * 2)
    clock.move_to(LEADERS_AT)
    release(wave)
    clock.move_to(LEADERS_AT + timedelta(hours=48))
    client = sign_in(Client(headers={"accept-language": "en"}), principal)
    usual = masked(words_of(client.get(leaders_page(series))))
    for query in ({"from": "2027-02-01"}, {"session": 1}, {"n": 8}, {"filter": "es"}, {"format": "json"}):
        page = masked(words_of(client.get(leaders_page(series), query)))
        assert page.replace(f"?{next(iter(query))}={next(iter(query.values()))}", "") == usual
    assert masked(words_of(client.get(leaders_page(series), headers={"x-forwarded-for": "1.2.3.4"}))) == usual
    assert client.post(leaders_page(series), {"n": 1}).status_code == 405


def test_a17_no_figure_stands_beside_a_single_evening(clock, series, principal):
    wave = seal(series, [YES] * 8, number=2)
    clock.move_to(LEADERS_AT)
    release(wave)
    clock.move_to(LEADERS_AT + timedelta(hours=48))
    page = words_of(open_page(principal, leaders_page(series)))
    assert "After sessions 2 and 3" in page
    assert "2027-02" not in page
    assert "8 of 8" not in page


def test_a20_a_leader_can_create_nothing(series, principal):
    client = sign_in(Client(), principal)
    for url in ("/d/instruments/", f"/s/{series.pk}/results/", f"/s/{series.pk}/results/reading/"):
        assert client.post(url, {"text": "x", "slug": "mine"}).status_code == 404


def test_somebody_of_another_school_and_absence_look_alike(clock, series, school):
    elsewhere = make_school("Roble")
    stranger = make_person("Patricia", elsewhere, "leader")
    wave = seal(series, [YES] * 8)
    clock.move_to(LEADERS_AT)
    release(wave)
    forbidden = open_page(stranger, leaders_page(series))
    absent = open_page(stranger, f"/l/mirador/results/{uuid4()}/")
    assert (forbidden.status_code, absent.status_code) == (404, 404)
    assert open_page(make_person("Ana", elsewhere, "caregiver"), families_page(series)).status_code == 404


def test_before_and_after_are_compared_for_the_people_who_answered_both_times(clock, series, family):
    pairs = [bytes([n]) * 16 for n in range(8)]
    before = seal(series, [YES] * 6 + [NO] * 2, kind=Wave.Kind.BEFORE, pairs=pairs)
    seal(series, [YES] * 2 + [NO] * 6, kind=Wave.Kind.AFTER, pairs=pairs)
    clock.move_to(FAMILIES_AT)
    release(before)
    with acting("worker"):
        assert set(Release.objects.values_list("basis", flat=True)) == {"both_times"}
    page = words_of(open_page(family, families_page(series)))
    assert "Fewer now: more than half before, fewer than half now. 5 to 9 answered. Worth a conversation" in " ".join(
        page.split()
    )


def test_where_too_few_answered_both_times_nothing_is_called_a_change(clock, series, family):
    before = seal(series, [YES] * 6, kind=Wave.Kind.BEFORE, pairs=[bytes([n]) * 16 for n in range(6)])
    seal(series, [NO] * 6, kind=Wave.Kind.AFTER, pairs=[bytes([n]) * 16 for n in range(4, 10)])
    clock.move_to(FAMILIES_AT)
    release(before)
    page = " ".join(words_of(open_page(family, families_page(series))).split())
    assert "Before the series: 5 to 9 answered; more than half. After it: 5 to 9 answered; fewer than half." in page
    assert "Fewer now" not in page


def test_whoever_facilitates_writes_how_the_group_reads_it_and_leaders_read_it_beside(
    clock, series, elena, family, principal
):
    wave = seal(series, [YES] * 8)
    clock.move_to(FAMILIES_AT)
    release(wave)
    page = f"/s/{series.pk}/results/reading/"
    assert sign_in(Client(), family).get(page).status_code == 404
    client = sign_in(Client(), elena)
    assert client.post(page, {"text": "", "language": "es"}).status_code == 200
    assert client.post(page, {"text": "Nos sentimos <b>en confianza</b>.", "language": "es"}).status_code == 302
    with acting("worker"):
        assert FamiliesReading.objects.get().language == "es"
    clock.move_to(LEADERS_AT)
    assert "Nos sentimos &lt;b&gt;en confianza&lt;/b&gt;." in words_of(open_page(principal, leaders_page(series)))


def test_what_a_group_says_of_results_waits_for_the_hour_of_these_results(clock, series, elena, family, principal):
    first, newest = seal(series, [YES] * 8), seal(series, [NO] * 8, number=2)
    clock.move_to(FAMILIES_AT)
    release(first)
    release(newest)
    Wave.objects.filter(pk=first.pk).update(
        families_at=FAMILIES_AT - timedelta(days=7), leaders_at=FAMILIES_AT - timedelta(days=5)
    )
    Wave.objects.filter(pk=newest.pk).update(leaders_at=LEADERS_AT)
    words = "Esta vez nos fuimos tristes."
    sign_in(Client(), elena).post(f"/s/{series.pk}/results/reading/", {"text": words, "language": "es"})
    overview = f"/l/{series.school.slug}/"

    def read_by():
        pages = {overview: principal, leaders_page(series): principal, families_page(series): family}
        return [words in words_of(open_page(person, url)) for url, person in pages.items()]

    assert read_by() == [False, False, True]
    with connection.cursor() as cursor:
        cursor.execute("ALTER POLICY others ON insights_familiesreading USING (true)")
    assert read_by() == [True, True, True]
    with connection.cursor() as cursor:
        cursor.execute("ALTER POLICY others ON insights_familiesreading USING (leaders_at <= partnerships_now())")
    clock.move_to(LEADERS_AT)
    assert read_by() == [True, True, True]


def test_families_are_told_first_and_leaders_at_their_own_hour(clock, series, family, principal):
    wave = seal(series, [YES] * 8)
    clock.move_to(FAMILIES_AT)
    release(wave)
    with acting("worker"):
        tell_results()
        tell_results()
        go_round()
    assert [message.to for message in mail.outbox] == [["lucia@example.org"]]
    assert "5 to 9 answered" in mail.outbox[0].body
    clock.move_to(LEADERS_AT)
    with acting("worker"):
        tell_results()
        go_round()
    assert [message.to for message in mail.outbox] == [["lucia@example.org"], ["grant@example.org"]]


@pytest.mark.parametrize("windows", [1, 4])
def test_the_results_page_asks_the_same_of_the_database_for_one_result_and_for_many(
    clock, series, principal, django_assert_num_queries, windows
):
    waves = [seal(series, [YES] * 8, number=number) for number in range(1, windows + 1)]
    clock.move_to(LEADERS_AT)
    for wave in waves:
        release(wave)
    clock.move_to(LEADERS_AT + timedelta(hours=48))
    client = sign_in(Client(), principal)
    with django_assert_num_queries(13):
        assert words_of(client.get(leaders_page(series))).count("</strong>") == windows


def test_a_second_series_of_the_school_has_its_own_results(clock, series, school, family, elena):
    other = make_series(school, facilitator=elena)
    enrol(other, make_person("Otra", school, "caregiver"))
    wave = seal(series, [YES] * 8)
    clock.move_to(FAMILIES_AT)
    release(wave)
    assert open_page(family, families_page(other)).status_code == 404
    assert "more than half" not in words_of(open_page(elena, families_page(other))).replace("half, or more than", "")
