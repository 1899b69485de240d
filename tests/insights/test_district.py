"""A district at a glance: counts of what schools did, labels counted in schools, never a school's people."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse

from accounts.database import acting
from accounts.models import District, School
from dialogue_series.models import Series, Session
from insights.models import Evidence
from notifications import clock
from partnerships.models import Board, Commitment
from surveys.disclosure import label
from surveys.models import Instrument, Item, KeyRing, Release, Wave
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db
# Six of them are the page's own; the rest are session, person, ties and role, twice.
STATEMENTS = 16


@pytest.fixture
def district():
    return District.objects.create(name="Distrito del Lago")


@pytest.fixture
def roble(district):
    return make_school("Roble", district=district)


@pytest.fixture
def mirador(district):
    return make_school("Mirador", district=district)


@pytest.fixture
def lead(client, mirador):
    person = make_person("Dr. Bell", mirador, "district_lead", language="en")
    sign_in(client, person)
    return person


@pytest.fixture
def item():
    instrument = Instrument.objects.create(slug="after", title="t", opt_out="no")
    said = {"text": "¿Bienvenidas?", "fact_es": "se sienten bienvenidas", "fact_en": "feel welcome"}
    return Item.objects.create(instrument=instrument, number=1, slug="welcome", kind="scale", **said)


def released(school, item, yes, n, *, days_ago=3, number=1):
    """Release one label of a school's survey after, for leaders so many days ago."""
    at = clock.now()
    ring = KeyRing.objects.create(ends_on=at.date())
    hours = {"leaders_at": at - timedelta(days=days_ago), "families_at": at - timedelta(days=days_ago + 2)}
    wave = Wave.objects.create(
        school=school, ring=ring, kind="after", number=number, sealed_at=at, released_at=at, **hours
    )
    said = label(yes, n)
    with acting("worker"), transaction.atomic():
        Release.objects.create(wave=wave, item=item, n_band=said.n_band, band=said.band, policy=1)


def words(response):
    return words_in(response.content.decode())


def words_in(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(client, district):
    return client.get(reverse("district_page", args=[district.pk]))


def test_schools_stand_by_name_with_what_they_did_and_what_is_missing(client, lead, district, roble, mirador):
    make_series(mirador, families=[make_person("Ana", mirador, "caregiver")])
    Session.objects.filter(number__lte=3).update(came=7)
    board = Board.objects.create(school=mirador, kind="lsc", name="Consejo")
    at = clock.now()
    Commitment.objects.create(school=mirador, text="a", language="es", asked_at=at)
    Commitment.objects.create(
        school=mirador, text="b", language="es", asked_at=at, answered_at=at, state=Commitment.State.DONE
    )
    shown = words(page(client, district))
    assert shown.index("Academia Mirador") < shown.index("Academia Roble")
    came = "Families who came, session by session: 7, 7, 7."
    assert f"Academia Mirador 3 of 10 {came} 1 none yet 1 of 2 0 of 1 1 request of families has no answer yet." in shown
    assert "No board has asked families yet. Rosa can help: 773 555 0100" in shown
    assert "Academia Roble none yet 0 none yet none yet none yet No series has begun yet." in shown
    assert "No series has begun yet. No board is entered yet." in shown
    assert board.name not in shown


def test_the_small_bars_are_those_of_the_newest_series_that_has_begun(client, lead, district, mirador):
    families = [make_person("Ana", mirador, "caregiver"), make_person("Luz", mirador, "caregiver")]
    earlier = make_series(mirador, families=families)
    Series.objects.filter(pk=earlier.pk).update(published_at=F("published_at") - timedelta(days=1))
    Session.objects.update(came=2)
    newest = make_series(mirador, families=families[:1])
    Session.objects.filter(series=newest, number__lte=2).update(came=1)
    shown = page(client, district).content.decode()
    assert "session by session: 1, 1." in words_in(shown)
    [drawn] = re.findall(r'<svg class="strip small".*?</svg>', shown, re.DOTALL)
    came, ahead = re.findall(r'd="([^"]+)"', drawn)
    assert (came.count("M"), ahead.count("M")) == (2, 8)
    Session.objects.filter(series=newest).update(came=None)
    assert "session by session: 2, 2, 2" in words(page(client, district))


def test_of_what_families_say_only_labels_are_counted_in_schools_and_no_school_is_named(
    client, lead, district, roble, mirador, item
):
    third = make_school("Pino", district=district)
    elsewhere = make_school("Lejos")
    for school, yes, n in ((mirador, 7, 8), (roble, 12, 12), (third, 4, 4), (elsewhere, 1, 8)):
        released(school, item, yes, n)
    shown = words(page(client, district))
    assert "Feel welcome" in shown
    assert "More than half: in 1 school" in shown
    assert "Two thirds or more: in 1 school" in shown
    assert "Fewer than 5 answers: kept private: in 1 school" in shown


@pytest.mark.parametrize("others", [[], [4], [0, 4]])
def test_what_one_school_alone_says_is_not_shown_to_whoever_knows_which_it_is(
    client, lead, district, mirador, item, others
):
    released(mirador, item, 7, 8)
    for number, n in enumerate(others):
        released(make_school(f"Escuela{number}", district=district), item, n, n)
    assert "Feel welcome" not in words(page(client, district))


def test_of_a_school_its_newest_series_counts_and_none_before_its_hour(client, lead, district, roble, mirador, item):
    released(roble, item, 8, 8)
    released(mirador, item, 1, 8, days_ago=300)
    released(mirador, item, 7, 8, days_ago=3)
    released(mirador, item, 4, 8, days_ago=-1)
    shown = words(page(client, district))
    assert "Feel welcome More than half: in 2 schools Why are these" in shown


@pytest.mark.parametrize("yes", [5, 6, 7, 8])
def test_a1_five_to_eight_of_eight_are_the_same_words(client, lead, district, roble, mirador, item, yes):
    released(roble, item, 7, 8)
    released(mirador, item, yes, 8)
    assert "More than half: in 2 schools" in words(page(client, district))


def test_another_district_is_as_absent_as_one_that_is_not(client, lead):
    other = District.objects.create(name="Otro")
    found = [client.get(reverse("district_page", args=[key])).status_code for key in (other.pk, lead.pk)]
    assert found == [404, 404]


def busy(school, item):
    """Let a school have something of everything that the page counts."""
    make_series(school, families=[make_person("Inés", school, "caregiver")])
    Session.objects.filter(series__school=school).update(came=9)
    Board.objects.create(school=school, kind="lsc", name="Consejo")
    Commitment.objects.create(school=school, text="Que haya luz.", language="es", asked_at=clock.now())
    released(school, item, 7, 8)


def test_of_schools_elsewhere_the_page_says_nothing_at_all(client, lead, district, mirador, item):
    elsewhere = make_school("Lejos")
    before = words(page(client, district))
    busy(elsewhere, item)
    assert words(page(client, district)) == before


def test_negative_control_without_the_filter_schools_elsewhere_stand_among_the_others(
    client, lead, district, roble, mirador, item, monkeypatch
):
    elsewhere = make_school("Lejos")
    before = words(page(client, district))
    busy(elsewhere, item)
    monkeypatch.setattr(District, "schools", School.objects)
    shown = words(page(client, district))
    assert (elsewhere.name in before, elsewhere.name in shown, "10 of 10" in shown) == (False, True, True)
    # What its families say is kept out by itself: it comes in with the school alone.
    assert "Feel welcome" not in shown
    released(roble, item, 7, 8)
    assert "Feel welcome" not in words(page(client, district))
    School.objects.filter(pk=elsewhere.pk).update(district=district)
    assert "Feel welcome More than half: in 2 schools" in words(page(client, district))


@pytest.fixture
def without_policy():
    """Return what takes out the database's own lock on results that are not yet a reader's."""

    def take_out():
        with connection.cursor() as cursor:
            cursor.execute("DROP POLICY others ON surveys_release")
            cursor.execute("CREATE POLICY others ON surveys_release FOR SELECT TO ds_district USING (true)")

    return take_out


@pytest.fixture
def without_hour(monkeypatch):
    """Return what lets the page believe that every leaders' hour has come."""
    later = clock.now() + timedelta(days=9)
    return lambda: monkeypatch.setattr("insights.district.clock", SimpleNamespace(now=lambda: later))


@pytest.mark.parametrize("without", [(), ("without_policy",), ("without_hour",)])
def test_nothing_is_counted_before_the_leaders_hour_and_either_of_two_locks_is_enough(
    client, lead, district, roble, mirador, item, request, without
):
    before = words(page(client, district))
    for lock in without:
        request.getfixturevalue(lock)()
    for school in (roble, mirador):
        released(school, item, 7, 8, days_ago=-1)
    assert words(page(client, district)) == before


def test_negative_control_without_both_locks_the_page_counts_too_early(
    client, lead, district, roble, mirador, item, without_policy, without_hour
):
    without_policy()
    without_hour()
    for school in (roble, mirador):
        released(school, item, 7, 8, days_ago=-1)
    assert "Feel welcome More than half: in 2 schools" in words(page(client, district))


def test_what_was_done_is_noted_once_under_its_row_and_can_be_taken_out(client, lead, district, mirador):
    where = reverse("evidence_new", args=[district.pk, "staff"])
    said = {"text": "Every teacher met two families.", "language": "en", "on": "2027-02-01", "school": mirador.pk}
    assert [client.post(where, said).status_code for _time in range(2)] == [302, 302]
    [noted] = Evidence.objects.all()
    assert "Every teacher met two families." in words(page(client, district))
    assert client.post(where, {}).context["form"].errors.keys() == {"text", "language", "on"}
    client.post(reverse("evidence_remove", args=[district.pk, noted.pk]))
    assert Evidence.objects.count() == 0
    assert client.get(reverse("evidence_new", args=[district.pk, "nothing"])).status_code == 404


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_page_asks_the_same_of_the_database_for_one_school_and_for_three(
    client, lead, district, mirador, item, how_many, django_assert_num_queries
):
    for number in range(how_many):
        school = make_school(f"Escuela{number}", district=district)
        make_series(school)
        released(school, item, 7, 8)
    page(client, district)
    with django_assert_num_queries(STATEMENTS):
        page(client, district)
