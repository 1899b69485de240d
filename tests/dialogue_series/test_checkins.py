"""Check-ins with the school's leaders: when one opens and is due, who logs it, and what was agreed there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.database import acting
from accounts.models import Person
from dialogue_series import schedule
from dialogue_series.actions import attending, checkins
from dialogue_series.models import CheckIn, Session
from insights.tasks import open_checkins
from notifications.models import Intent
from partnerships.models import Commitment, CommitmentStep
from surveys.disclosure import leaders_release_at
from surveys.models import Wave
from tests.factories import make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db
CHICAGO = "America/Chicago"
HELD = {
    "held_on": date(2027, 2, 12),
    "attendees": {"leaders": 1, "facilitators": 1, "coordinators": 1, "families": 0, "district": 0},
    "community": "Las familias ya se saludan por su nombre.",
    "understanding": "",
    "language": "es",
}
TYPED = {"held_on": "2027-02-12", "leaders": "1", "facilitators": "1", "coordinators": "1"}
TYPED |= {"families": "0", "district": "0", "community": HELD["community"], "understanding": "", "language": "es"}
AGREED = {"text": "Abrir la biblioteca a las seis.", "language": "es", "translated": "Open the library at six."}
AGREED |= {"owner": "Dra. Grant", "due_on": date(2027, 3, 1)}


@pytest.fixture
def principal(school):
    return make_person("Dra. Grant", school, "leader", language="en")


@pytest.fixture
def third(series):
    """The third evening, on Thursday the 11th of February, four days ago; the fourth is still to come."""
    return series.sessions.get(number=3)


@pytest.fixture
def checkin(third):
    run()
    return CheckIn.objects.get(after_session=3)


def run():
    with acting("worker"):
        open_checkins()


def opened():
    return list(CheckIn.objects.order_by("after_session").values_list("after_session", flat=True))


def page(series, number=3):
    return f"/s/{series.pk}/sessions/{number}/checkin/"


def open_page(person, url):
    return sign_in(Client(headers={"accept-language": person.language}), person).get(url)


# Opening


def test_one_opens_half_an_hour_after_the_evening_and_not_before(series, third, clock):
    clock.move_to(third.ends + timedelta(minutes=29))
    run()
    assert opened() == [1]
    clock.move_to(third.ends + timedelta(minutes=30))
    run()
    run()
    assert opened() == [1, 3]
    found = CheckIn.objects.get(after_session=3)
    assert (found.opened_at, found.due_on, found.held_on) == (clock.at, date(2027, 2, 25), None)


def test_saved_attendance_opens_it_at_once(series, third, rosa, lucia, clock):
    clock.move_to(third.begins)
    run()
    assert opened() == [1]
    attending.save_attendance(session=third, modes={lucia.pk: "in_person"}, by=rosa)
    run()
    assert opened() == [1, 3]


def test_an_evening_that_was_called_off_opens_none(series, third, clock):
    Session.objects.filter(pk=third.pk).update(cancelled_at=clock.at)
    run()
    assert opened() == [1]


def test_one_is_not_opened_weeks_after_the_evening(series, third, clock):
    clock.move_to(third.ends + timedelta(days=21))
    run()
    assert opened() == []


def test_a_series_chooses_after_which_sessions_until_families_are_asked(school, rosa, clock):
    series = make_series(school, first_on=date(2027, 3, 4))
    checkins.choose_checkins(series=series, checkins=[6, 2], by=rosa)
    series.refresh_from_db()
    assert series.checkins == [2, 6]
    assert [series.window_of(n) for n in range(1, 11)] == [1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    with pytest.raises(ValidationError) as refusal:
        checkins.choose_checkins(series=series, checkins=[], by=rosa)
    assert refusal.value.code == "none"
    clock.move_to(series.sessions.get(number=2).ends + timedelta(hours=1))
    run()
    assert opened() == [2]
    with pytest.raises(ValidationError) as refusal:
        checkins.choose_checkins(series=series, checkins=[1, 3, 9], by=rosa)
    assert refusal.value.code == "begun"


def test_the_coordinator_chooses_on_a_page_that_stays_once_it_began(school, rosa, clock):
    series = make_series(school, first_on=date(2027, 3, 4))
    client, url = sign_in(Client(headers={"accept-language": "en"}), rosa), f"/c/series/{series.pk}/checkins/"
    assert client.post(url, {"checkins": ["2", "5"]}).status_code == 302
    series.refresh_from_db()
    assert series.checkins == [2, 5]
    assert client.post(url, {"checkins": ["11"]}).status_code == 200
    clock.move_to(series.sessions.get(number=2).ends + timedelta(hours=1))
    run()
    client = sign_in(Client(headers={"accept-language": "en"}), rosa)
    assert "They are held after sessions 2, 5." in client.get(url).content.decode()


# When it is due


def test_it_is_due_14_days_after_the_session_where_nobody_was_asked():
    assert schedule.checkin_due_on(date(2027, 2, 11), None, CHICAGO) == date(2027, 2, 25)


@pytest.mark.parametrize(
    ("leaders_at", "due_on"),
    [
        # Wednesday the 17th: three days later comes before the 25th. A week later comes after it.
        (datetime(2027, 2, 17, 15, tzinfo=UTC), date(2027, 2, 25)),
        (datetime(2027, 2, 22, 15, tzinfo=UTC), date(2027, 2, 25)),
        (datetime(2027, 2, 24, 15, tzinfo=UTC), date(2027, 2, 27)),
        # The day is the school's: in Chicago it is still the 23rd.
        (datetime(2027, 2, 24, 5, tzinfo=UTC), date(2027, 2, 26)),
    ],
)
def test_the_later_of_both_counts(leaders_at, due_on):
    assert schedule.checkin_due_on(date(2027, 2, 11), leaders_at, CHICAGO) == due_on


@pytest.mark.parametrize(
    ("released", "due_on"),
    [
        # 48 true hours from 23:30 end at 0:30 of the third day; from 0:30 in autumn at 23:30 of the second.
        (datetime(2027, 3, 13, 5, 30, tzinfo=UTC), date(2027, 3, 18)),
        (datetime(2027, 11, 6, 5, 30, tzinfo=UTC), date(2027, 11, 10)),
    ],
)
def test_over_a_night_on_which_the_clock_changes_days_are_those_of_the_wall(released, due_on):
    assert schedule.checkin_due_on(date(2027, 2, 25), leaders_release_at(released), CHICAGO) == due_on


@pytest.mark.parametrize(
    ("due_on", "at"),
    [
        (date(2027, 3, 16), datetime(2027, 3, 13, 15, tzinfo=UTC)),
        (date(2027, 3, 17), datetime(2027, 3, 14, 14, tzinfo=UTC)),
        (date(2027, 11, 10), datetime(2027, 11, 7, 15, tzinfo=UTC)),
    ],
)
def test_the_reminder_is_at_nine_on_the_wall_three_days_before(due_on, at):
    assert schedule.checkin_reminder_at(due_on, CHICAGO) == at


def test_the_day_follows_from_when_leaders_will_read_as_soon_as_the_forms_say_so(series, third, clock):
    wave = Wave.objects.create(school=series.school, ring=series.ring, kind="window", number=2)
    clock.move_to(third.ends + timedelta(hours=1))
    run()
    assert CheckIn.objects.get(after_session=3).due_on == date(2027, 2, 25)
    # Closes on Wednesday the 24th: families read on Monday the 1st of March, leaders on Wednesday the 3rd.
    Wave.objects.filter(pk=wave.pk).update(
        families_at=datetime(2027, 3, 1, 15, tzinfo=UTC), leaders_at=datetime(2027, 3, 3, 15, tzinfo=UTC)
    )
    run()
    assert CheckIn.objects.get(after_session=3).due_on == date(2027, 3, 6)


# Holding it


def test_it_is_logged_with_attendees_by_role_and_what_was_learned(checkin, clock):
    checkins.log_checkin(checkin=checkin, **HELD)
    checkin.refresh_from_db()
    assert (checkin.held_on, checkin.leaders, checkin.families) == (date(2027, 2, 12), 1, 0)
    assert (checkin.community, checkin.language) == (HELD["community"], "es")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"held_on": date(2027, 2, 16)}, "future"),
        ({"held_on": date(2027, 2, 10)}, "before"),
        ({"attendees": {**HELD["attendees"], "leaders": 0}}, "no_leader"),
    ],
)
def test_what_cannot_be_is_refused(checkin, change, code):
    with pytest.raises(ValidationError) as refusal:
        checkins.log_checkin(checkin=checkin, **{**HELD, **change})
    assert refusal.value.code == code
    checkin.refresh_from_db()
    assert checkin.held_on is None


@pytest.mark.parametrize("who", ["elena", "rosa"])
def test_whoever_facilitates_or_coordinates_logs_it_and_what_was_agreed_enters_the_ledger(
    request, series, checkin, who
):
    person = request.getfixturevalue(who)
    client = sign_in(Client(headers={"accept-language": "en"}), person)
    assert client.post(page(series), {**TYPED, "save": "1"}).status_code == 302
    agreed = {f"promise-{name}": value for name, value in AGREED.items()}
    for _twice in range(2):
        assert client.post(page(series), {**agreed, "add": "1"}).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.state, commitment.owner, commitment.due_on) == ("under_way", "Dra. Grant", date(2027, 3, 1))
    assert (commitment.school, commitment.group, commitment.after_session) == (series.school, series.group, 3)
    assert commitment.asked_on == date(2027, 2, 12)
    steps = CommitmentStep.objects.filter(commitment=commitment).order_by("at")
    assert [step.step for step in steps] == ["asked", "under_way"]
    assert list(checkin.commitments.all()) == [commitment]
    assert list(Intent.objects.filter(kind="school_answered").values_list("about", "occurrence")) == [
        (commitment.pk, "under_way-agreed")
    ]
    shown = client.get(page(series)).content.decode()
    assert AGREED["text" if person.language == "es" else "translated"] in shown
    assert HELD["community"] in shown


def test_nothing_is_agreed_in_a_check_in_that_was_not_held_or_for_a_day_before_it(checkin):
    with pytest.raises(ValidationError) as refusal:
        checkins.promise(checkin=checkin, **AGREED)
    assert refusal.value.code == "not_held"
    checkins.log_checkin(checkin=checkin, **HELD)
    with pytest.raises(ValidationError) as refusal:
        checkins.promise(checkin=checkin, **{**AGREED, "due_on": date(2027, 2, 11)})
    assert refusal.value.code == "past"
    assert not Commitment.objects.exists()


def test_the_same_promise_with_another_day_is_refused_and_not_dropped(checkin):
    checkins.log_checkin(checkin=checkin, **HELD)
    checkins.promise(checkin=checkin, **AGREED)
    with pytest.raises(ValidationError) as refusal:
        checkins.promise(checkin=checkin, **{**AGREED, "due_on": date(2027, 5, 1)})
    assert (refusal.value.code, Commitment.objects.get().due_on) == ("twice", AGREED["due_on"])


def test_of_two_who_write_at_once_the_second_reads_the_first_before_anything_is_replaced(series, checkin, elena, rosa):
    hers, others = (sign_in(Client(headers={"accept-language": "en"}), person) for person in (elena, rosa))
    late = {**TYPED, "community": "What Rosa heard.", "save": "1"}
    assert hers.post(page(series), {**TYPED, "save": "1"}).status_code == 302
    refused = others.post(page(series), late)
    shown = refused.content.decode()
    assert (refused.status_code, HELD["community"] in shown, "What Rosa heard." in shown) == (200, True, True)
    assert "Somebody wrote here while you did." in shown
    checkin.refresh_from_db()
    assert checkin.community == HELD["community"]
    assert others.post(page(series), {**late, "seen": refused.context["seen"]}).status_code == 302
    checkin.refresh_from_db()
    assert checkin.community == "What Rosa heard."


def test_the_page_says_in_both_languages_what_is_on_the_table(series, third, checkin, school, rosa, principal):
    Session.objects.filter(series=series, number__lte=3).update(came=7)
    with acting("worker"):
        Commitment.objects.create(
            school=school,
            text="¿Puede haber juntas por la tarde?",
            translated="Could meetings be in the evening?",
            language="es",
            asked_at=third.ends,
        )
    words = open_page(rosa, page(series)).content.decode()
    assert "Families who came, session by session: 7, 7, 7" in words
    assert "Could meetings be in the evening?" in words
    Person.objects.filter(pk=rosa.pk).update(language="es")
    spanish = open_page(rosa, page(series)).content.decode()
    assert "Conversación de avance después del encuentro 3" in spanish
    assert "¿Puede haber juntas por la tarde?" in spanish
    # Leaders read the same, and can write nothing.
    client = sign_in(Client(headers={"accept-language": "en"}), principal)
    where = f"/l/mirador/checkins/{checkin.pk}/"
    assert "7, 7, 7" in client.get(where).content.decode()
    assert (client.post(where, TYPED).status_code, client.post(page(series), TYPED).status_code) == (405, 404)


def test_other_sessions_have_no_such_page(series, checkin, rosa, elena):
    for person in (rosa, elena):
        assert open_page(person, page(series, 2)).status_code == 404


# What is late, and who is reminded


def test_today_shows_a_late_check_in_and_no_other(series, checkin, rosa, clock):
    words = "Check-in with the school after session 3"
    Session.objects.filter(series=series).update(came=7)
    CheckIn.objects.filter(after_session=1).update(held_on=date(2027, 2, 1), leaders=1)
    clock.move_to(datetime(2027, 2, 26, 5, 59, tzinfo=UTC))
    assert words not in open_page(rosa, "/c/").content.decode()
    clock.move_to(datetime(2027, 2, 26, 6, 0, tzinfo=UTC))
    assert words in open_page(rosa, "/c/").content.decode()
    checkins.log_checkin(checkin=checkin, **HELD)
    assert words not in open_page(rosa, "/c/").content.decode()


def test_three_days_before_it_is_due_those_who_must_come_are_reminded_once(series, checkin, clock):
    CheckIn.objects.filter(after_session=1).update(held_on=date(2027, 2, 1), leaders=1)
    asked = Intent.objects.filter(kind="checkin_due", about=checkin.pk)
    clock.move_to(datetime(2027, 2, 22, 14, 59, tzinfo=UTC))
    run()
    assert not asked.exists()
    clock.move_to(datetime(2027, 2, 22, 15, 0, tzinfo=UTC))
    run()
    run()
    assert [intent.occurrence for intent in asked] == ["three_days"]


def test_whoever_is_barred_no_longer_finds_the_page(series, checkin, elena, school):
    assert open_page(elena, page(series)).status_code == 200
    tie(elena, school, "staff")
    assert open_page(elena, page(series)).status_code == 404


def test_a_coordinator_elsewhere_finds_nothing(series, checkin):
    stranger = make_person("Inés", make_school("Roble"), "coordinator")
    assert open_page(stranger, page(series)).status_code == 404
    assert open_page(stranger, f"/l/mirador/checkins/{checkin.pk}/").status_code == 404
