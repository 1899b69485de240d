"""The evenings in people's own calendars: the title says nothing, the hour is right, and access is asked each time."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q
from icalendar import Calendar

from accounts.actions import end_membership, make_new_feed
from dialogue_series import calendar
from dialogue_series.actions import joining
from dialogue_series.models import Enrolment
from notifications import clock
from tests.factories import enrol, make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db

CHICAGO = ZoneInfo("America/Chicago")


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def marta(school):
    return make_person("Marta", school, "caregiver")


@pytest.fixture
def series(school, marta):
    return make_series(school, families=[marta])


def feed(person):
    return f"/calendar/{person.feed_secret}.ics"


def entries(response):
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_a_feed_holds_the_title_the_time_the_place_and_nothing_else(client, series, marta):
    response = client.get(feed(marta))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    first = entries(response)[0]
    assert (str(first["SUMMARY"]), str(first["LOCATION"]), str(first["CLASS"]), str(first["STATUS"])) == (
        "Encuentro",
        "Biblioteca, puerta norte, Academia Mirador",
        "PRIVATE",
        "CONFIRMED",
    )
    assert first.decoded("DTSTART").astimezone(CHICAGO) == datetime(2027, 1, 28, 18, 0, tzinfo=CHICAGO)
    assert set(first) == {
        "UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "LOCATION", "DTSTART", "DTEND", "STATUS", "CLASS",
    }  # fmt: skip
    assert b"topic" not in response.content.lower()
    assert len(entries(response)) == 10


def test_a_feed_speaks_the_persons_language_whatever_the_browsers(client, series, marta):
    marta.language = "en"
    marta.save()
    response = client.get(feed(marta), headers={"accept-language": "es"})
    assert str(entries(response)[0]["SUMMARY"]) == "Meeting"


@pytest.mark.parametrize("night", [date(2027, 3, 14), date(2027, 11, 7)])
def test_both_nights_on_which_the_clock_changes_are_right(school, night):
    series = make_series(school, first_on=night, sessions=1)
    found = Calendar.from_ical(calendar.written(series.sessions.all(), language="es")).walk("VEVENT")[0]
    assert found.decoded("DTSTART").astimezone(CHICAGO).time() == time(18)
    assert found.decoded("DTEND").astimezone(CHICAGO).time() == time(19)


def test_a_moved_evening_keeps_its_identity_and_a_cancelled_one_says_so(client, series, marta):
    before = entries(client.get(feed(marta)))
    series.sessions.filter(number=4).update(moves=1)
    series.sessions.filter(number=5).update(cancelled_at=clock.now())
    after = entries(client.get(feed(marta)))
    assert [str(entry["UID"]) for entry in after] == [str(entry["UID"]) for entry in before]
    assert [int(entry["SEQUENCE"]) for entry in after] == [0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    assert [str(entry["STATUS"]) for entry in after].index("CANCELLED") == 4


def test_whoever_went_to_another_school_has_no_feed(client, series, marta):
    end_membership(membership=marta.memberships.get())
    assert client.get(feed(marta)).status_code == 404


def test_whoever_left_or_was_hired_or_only_waits_has_no_feed(client, series, marta, school):
    assert client.get(feed(marta)).status_code == 200
    joining.leave(enrolment=Enrolment.objects.get())
    assert client.get(feed(marta)).status_code == 404
    hired = make_person("Ana", school, "caregiver")
    enrol(series, hired)
    assert client.get(feed(hired)).status_code == 200
    tie(hired, school, "staff")
    assert client.get(feed(hired)).status_code == 404
    waiting = make_person("Berta", school, "caregiver")
    Enrolment.objects.create(series=series, person=waiting, state="waiting", asked_at=clock.now())
    assert client.get(feed(waiting)).status_code == 404


def test_the_feed_goes_red_when_the_guard_is_out(client, series, marta, school, monkeypatch):
    tie(marta, school, "staff")
    monkeypatch.setattr("dialogue_series.access.families.BARRING_TIE", Q(kind=""))
    assert client.get(feed(marta)).status_code == 200


def test_a_new_address_stops_the_old_one(client, series, marta):
    old = feed(marta)
    make_new_feed(person=marta)
    assert client.get(old).status_code == 404
    assert client.get(feed(marta)).status_code == 200


def test_whoever_facilitates_has_the_evenings_too(client, school):
    elena = make_person("Elena", school, "caregiver")
    make_series(school, facilitator=elena)
    assert len(entries(client.get(feed(elena)))) == 10


@pytest.mark.parametrize("sessions", [1, 10])
def test_a_feed_asks_the_database_the_same_number_of_times(client, school, marta, sessions, django_assert_num_queries):
    make_series(school, families=[marta], sessions=sessions)
    with django_assert_num_queries(6):
        client.get(feed(marta))
