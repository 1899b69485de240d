"""Meetings of families and staff: nothing stands until families come first, and both sides say apart how it was."""

from datetime import UTC, date, datetime, time
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from accounts.database import acting
from partnerships.actions import meetings as actions
from partnerships.joint_meetings import lacking, rated_by
from partnerships.models import JointMeeting, MeetingRating, SpeakingTally
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

DESK, FAMILIES, LEADERS = "/c/schools/mirador/meetings/", "/school/mirador/meetings/", "/l/mirador/meetings/"
DAY = {"title": "La salida de la escuela", "on": date(2027, 3, 4), "starts_at": time(18), "place": "Biblioteca"}
WHOLE = {
    "families_on": date(2027, 3, 2),
    "families_at": time(18),
    "families_place": "Salón 4",
    "families_seats": 12,
    "staff_seats": 5,
    "speaking_order": "Familias de primero\n\nMaestras",
    "agreements": "Escuchamos hasta el final.",
    "coached_at": datetime(2027, 2, 14, 18, tzinfo=UTC),
}
AFTER = datetime(2027, 3, 5, 2, tzinfo=UTC)
HEARD, TAKEN_UP = "families_were_heard", "replies_took_it_up"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def elena(school):
    person = make_person("Elena", school, "caregiver")
    make_member(make_series(school).group, person, "facilitator")
    return person


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver")


@pytest.fixture
def grant(school):
    return make_person("Dra. Grant", school, "leader")


def make_meeting(school, **fields):
    return JointMeeting.objects.create(school=school, **{**DAY, **fields})


def make_published(school, **fields):
    return make_meeting(school, **{**WHOLE, "published_at": datetime(2027, 2, 14, 19, tzinfo=UTC), **fields})


def page(client, person, where):
    return sign_in(client, person).get(where).content.decode()


def codes(call, /, **said):
    with pytest.raises(ValidationError) as refused:
        call(**said)
    return [error.code for error in refused.value.error_list]


def parts(meeting):
    return [lack.part for lack in lacking(meeting)]


def test_whoever_facilitates_arranges_a_meeting_part_by_part_until_nothing_is_missing(client, elena, grant, school):
    sign_in(client, elena)
    day = {"title": "La salida", "on": "2027-03-04", "starts_at": "18:00", "place": "Biblioteca"}
    where = client.post(f"{DESK}new/", day).headers["Location"]
    meeting = JointMeeting.objects.get()
    assert where == f"/meetings/{meeting.pk}/"
    assert parts(meeting) == ["families", "seats", "order", "agreements", "card"]
    shown = client.get(where).content.decode()
    for part in ("families", "seats", "order", "agreements"):
        assert f'href="{where}change/{part}/"' in shown
    said = {
        "families": {"families_on": "2027-03-02", "families_at": "18:00", "families_place": "Salón 4"},
        "seats": {"families_seats": "12", "staff_seats": "5"},
        "order": {"first": "Familias de primero\n\nFamilias de sexto", "then": "Maestras"},
        "agreements": {"agreements": "Escuchamos hasta el final."},
    }
    for part, words in said.items():
        assert client.post(f"{where}change/{part}/", words).status_code == 302
    assert client.post(where).status_code == 200
    sign_in(client, grant).post(f"{LEADERS}{meeting.pk}/")
    assert sign_in(client, elena).post(where).status_code == 302
    meeting.refresh_from_db()
    assert (lacking(meeting), meeting.published_at is not None) == ([], True)
    assert meeting.speaking_order == "Familias de primero\nFamilias de sexto\n\nMaestras"


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("families", {"families_on": None}),
        ("families", {"families_at": None}),
        ("families", {"families_on": DAY["on"], "families_at": DAY["starts_at"]}),
        ("families", {"families_on": date(2027, 3, 5)}),
        ("seats", {"families_seats": None}),
        ("seats", {"families_seats": 5}),
        ("order", {"speaking_order": ""}),
        ("agreements", {"agreements": ""}),
        ("card", {"coached_at": None}),
    ],
)
def test_while_one_thing_is_missing_nobody_publishes_and_the_page_names_it(client, elena, school, part, without):
    meeting = make_meeting(school, **{**WHOLE, **without})
    with acting("facilitator", elena.pk):
        assert codes(actions.publish, meeting=meeting) == ["missing"]
    assert parts(meeting) == [part]
    shown = sign_in(client, elena).get(f"/meetings/{meeting.pk}/")
    assert [lack["url"] for lack in shown.context["lacks"]] == [
        "#card" if part == "card" else f"/meetings/{meeting.pk}/change/{part}/"
    ]
    assert 'name="publish"' not in shown.content.decode()


@pytest.mark.parametrize("without", [{"families_on": None}, {"families_seats": 5}, {"coached_at": None}])
def test_the_database_publishes_nothing_that_puts_families_second_whoever_asks(school, elena, rosa, without):
    meeting = make_meeting(school, **{**WHOLE, **without})
    for audience, person in (("facilitator", elena), ("coordinator", rosa)):
        with (
            acting(audience, person.pk),
            pytest.raises(IntegrityError, match="joint_meeting_puts_families_first"),
            transaction.atomic(),
        ):
            JointMeeting.objects.filter(pk=meeting.pk).update(published_at=AFTER)


def test_negative_control_without_the_look_the_database_still_refuses(school, elena, monkeypatch):
    meeting = make_meeting(school, **{**WHOLE, "agreements": ""})
    monkeypatch.setattr(actions, "lacking", lambda _meeting: [])
    with acting("facilitator", elena.pk), pytest.raises(IntegrityError), transaction.atomic():
        actions.publish(meeting=meeting)


def test_what_is_changed_into_something_missing_is_published_no_longer(client, elena, lucia, school):
    meeting = make_published(school)
    assert DAY["title"] in page(client, lucia, FAMILIES)
    sign_in(client, elena).post(f"/meetings/{meeting.pk}/change/seats/", {"families_seats": "5", "staff_seats": "5"})
    assert DAY["title"] not in page(client, lucia, FAMILIES)
    sign_in(client, elena).post(f"/meetings/{meeting.pk}/change/seats/", {"families_seats": "6", "staff_seats": "5"})
    assert JointMeeting.objects.get().published_at is None


def test_a_change_that_leaves_nothing_missing_keeps_it_published(client, elena, school):
    meeting = make_published(school)
    sign_in(client, elena).post(f"/meetings/{meeting.pk}/change/seats/", {"families_seats": "9", "staff_seats": "5"})
    meeting.refresh_from_db()
    assert (meeting.families_seats, meeting.published_at is None) == (9, False)


def test_families_read_what_is_published_and_nothing_else(client, school, lucia, elena):
    make_published(school)
    make_meeting(school, title="Un borrador")
    for person in (lucia, elena):
        shown = page(client, person, FAMILIES)
        assert DAY["title"] in shown
        assert "Un borrador" not in shown


@pytest.mark.parametrize("kind", ["staff", "leader", "teacher_seat", "staff_seat", "principal_seat"])
def test_a_family_whom_a_tie_bars_does_not_open_the_families_page(client, school, lucia, kind):
    make_published(school)
    tie(lucia, school, kind)
    assert sign_in(client, lucia).get(FAMILIES).status_code == 404


def test_somebody_of_another_school_arranges_reads_and_rates_nothing_here(client, school):
    meeting, there = make_published(school), make_school("Roble")
    outside = [make_person("Inés", there, "coordinator"), make_person("Dr. Ruiz", there, "leader")]
    elsewhere = make_person("Patricia", there, "caregiver")
    make_member(make_series(there).group, elsewhere, "facilitator")
    own = f"/meetings/{meeting.pk}/"
    pages = [DESK, own, f"{own}change/seats/", f"{own}rate/", f"{own}agreed/", f"{own}next/", f"{own}tally/"]
    for person in [*outside, elsewhere]:
        sign_in(client, person)
        for where in [*pages, FAMILIES, LEADERS, f"{LEADERS}{meeting.pk}/", f"{LEADERS}{meeting.pk}/rate/"]:
            assert (where, client.get(where).status_code) == (where, 404)


def test_a_leader_reads_the_card_once_and_before_that_only_when_and_where(client, school, grant, clock):
    meeting = make_meeting(school, **{**WHOLE, "coached_at": None})
    where = f"{LEADERS}{meeting.pk}/"
    assert WHOLE["agreements"] not in page(client, grant, where)
    client.post(where)
    first = JointMeeting.objects.get().coached_at
    clock.move_to(AFTER)
    client.post(where)
    assert JointMeeting.objects.get().coached_at == first == datetime(2027, 2, 15, 18, tzinfo=UTC)


def rate(client, person, where, heard, taken_up):
    return sign_in(client, person).post(where, {HEARD: heard, TAKEN_UP: taken_up})


def test_neither_side_sees_the_others_answer_before_both_have_given_theirs(client, school, elena, lucia, grant, clock):
    meeting = make_published(school)
    own, led = f"/meetings/{meeting.pk}/", f"{LEADERS}{meeting.pk}/"
    clock.move_to(AFTER)
    rate(client, elena, f"{own}rate/", 1, 2)
    for person, where in ((grant, led), (lucia, FAMILIES), (elena, own)):
        shown = page(client, person, where)
        assert "<td" not in shown
        assert "Las familias ya dijeron cómo la vieron." in shown
    assert sign_in(client, elena).get(f"{own}agreed/").status_code == 302
    rate(client, grant, f"{led}rate/", 4, 3)
    for person, where in ((grant, led), (lucia, FAMILIES), (elena, own)):
        shown = page(client, person, where)
        assert "El personal lo vio mucho mejor que las familias." in shown
        assert "El personal lo vio un poco mejor que las familias." in shown


def test_negative_control_a_page_that_shows_one_answer_is_seen(client, school, elena, grant, clock, monkeypatch):
    meeting = make_published(school)
    clock.move_to(AFTER)
    rate(client, elena, f"/meetings/{meeting.pk}/rate/", 1, 2)
    one = MeetingRating.objects.get()
    monkeypatch.setattr("partnerships.views.meetings.rated_by", lambda _meeting: {"families": one, "staff": one})
    assert "<td" in page(client, grant, f"{LEADERS}{meeting.pk}/")


def test_a_side_rates_once_and_not_before_the_meeting(client, school, elena, grant, clock):
    meeting = make_published(school)
    with acting("leader", grant.pk):
        said = {"meeting": meeting, "side": "staff", HEARD: 4, TAKEN_UP: 4}
        assert codes(actions.rate, **said) == ["early"]
        clock.move_to(AFTER)
        actions.rate(**said)
        actions.rate(**{**said, HEARD: 1})
    assert list(MeetingRating.objects.values_list("side", HEARD)) == [("staff", 4)]


def test_only_whoever_facilitates_speaks_for_the_families(client, school, elena, rosa, clock):
    meeting = make_published(school)
    clock.move_to(AFTER)
    assert rate(client, rosa, f"/meetings/{meeting.pk}/rate/", 4, 4).status_code == 404
    assert MeetingRating.objects.count() == 0


def test_both_sides_write_one_change_and_the_next_meeting_carries_it(client, school, elena, lucia, grant, clock):
    meeting = make_published(school)
    with acting("facilitator", elena.pk):
        said = {"meeting": meeting, "change": "El intérprete se sienta al frente.", "change_language": "es"}
        assert codes(actions.settle_change, **said) == ["not_rated"]
    clock.move_to(AFTER)
    rate(client, elena, f"/meetings/{meeting.pk}/rate/", 2, 2)
    rate(client, grant, f"{LEADERS}{meeting.pk}/rate/", 2, 2)
    sign_in(client, elena).post(f"/meetings/{meeting.pk}/agreed/", {"change": said["change"], "change_language": "es"})
    day = {"title": "La salida, otra vez", "on": "2027-04-01", "starts_at": "18:00", "place": "Biblioteca"}
    where = client.post(f"/meetings/{meeting.pk}/next/", day).headers["Location"]
    assert client.post(f"/meetings/{meeting.pk}/next/", day).headers["Location"] == where
    assert "Qué cambia esta vez" in client.get(where).content.decode()
    following = JointMeeting.objects.get(follows=meeting)
    JointMeeting.objects.filter(pk=following.pk).update(**WHOLE, published_at=AFTER)
    for person, where in ((lucia, FAMILIES), (grant, f"{LEADERS}{following.pk}/")):
        assert said["change"] in page(client, person, where)


def test_what_was_arranged_stays_once_the_meeting_was_held(client, school, elena, clock):
    meeting = make_published(school)
    clock.move_to(AFTER)
    with acting("facilitator", elena.pk):
        assert codes(actions.change, meeting=meeting, staff_seats=1) == ["held"]
    assert sign_in(client, elena).get(f"/meetings/{meeting.pk}/change/seats/").status_code == 404


def test_a_day_that_is_over_is_refused_on_the_form(client, school, rosa):
    day = {"title": "La salida", "on": "2027-02-14", "starts_at": "18:00", "place": "Biblioteca"}
    answer = sign_in(client, rosa).post(f"{DESK}new/", day)
    assert (answer.status_code, JointMeeting.objects.count()) == (200, 0)
    assert [error.code for error in answer.context["form"].errors.as_data()["on"]] == ["past"]


@pytest.mark.parametrize(
    ("audience", "statement"),
    [
        ("caregiver", "UPDATE partnerships_jointmeeting SET title = 'x'"),
        ("leader", "UPDATE partnerships_jointmeeting SET published_at = now()"),
        ("leader", "UPDATE partnerships_jointmeeting SET change = 'x'"),
        ("leader", "INSERT INTO partnerships_speakingtally SELECT * FROM partnerships_speakingtally"),
        ("caregiver", "INSERT INTO partnerships_meetingrating SELECT * FROM partnerships_meetingrating"),
        ("coordinator", "INSERT INTO partnerships_meetingrating SELECT * FROM partnerships_meetingrating"),
        ("facilitator", "UPDATE partnerships_meetingrating SET families_were_heard = 4"),
        ("leader", "UPDATE partnerships_meetingrating SET families_were_heard = 4"),
        ("board", "SELECT FROM partnerships_jointmeeting"),
        ("district", "SELECT FROM partnerships_meetingrating"),
    ],
)
def test_a_role_does_no_more_with_meetings_than_its_pages(school, grant, audience, statement):
    make_published(school)
    with (
        acting(audience, grant.pk),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


RATE = (
    "INSERT INTO partnerships_meetingrating (id, meeting_id, side, families_were_heard, replies_took_it_up, at)"
    " VALUES (gen_random_uuid(), %s, %s, 1, 1, now())"
)
READ = "SELECT side FROM partnerships_meetingrating ORDER BY side"


def in_sql(audience, person, sql, *values):
    """Return what a statement finds or how many rows it writes; None where it is refused; then undo it."""
    with acting(audience, person.pk), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, values)
                found = [side for (side,) in cursor.fetchall()] if cursor.description else cursor.rowcount
                transaction.set_rollback(True)
        except ProgrammingError:
            return None
        return found


def test_in_sql_too_a_side_rates_for_itself_alone_and_of_its_own_school(school, elena, rosa, lucia, grant):
    meeting, there = make_published(school), make_school("Roble")
    elsewhere = make_person("Patricia", there, "caregiver")
    make_member(make_series(there).group, elsewhere, "facilitator")
    outside = [("facilitator", elsewhere), ("leader", make_person("Dr. Ruiz", there, "leader"))]
    inside = [("facilitator", elena), ("leader", grant), ("caregiver", lucia), ("coordinator", rosa)]
    found = {
        (audience, side): in_sql(audience, person, RATE, meeting.pk, side)
        for audience, person in inside
        for side in ("families", "staff")
    }
    assert {who: count for who, count in found.items() if count} == {
        ("facilitator", "families"): 1,
        ("leader", "staff"): 1,
    }
    assert [in_sql(*who, RATE, meeting.pk, side) for who in outside for side in ("families", "staff")] == [None] * 4


def test_in_sql_too_nobody_reads_a_rating_before_both_sides_have_given_theirs(school, elena, rosa, lucia, grant):
    meeting, readers = make_published(school), {"facilitator": elena, "coordinator": rosa, "caregiver": lucia}
    readers["leader"] = grant
    for side, seen in (("families", []), ("staff", ["families", "staff"])):
        MeetingRating.objects.create(meeting=meeting, side=side, families_were_heard=1, replies_took_it_up=2, at=AFTER)
        assert {who: in_sql(who, person, READ) for who, person in readers.items()} == dict.fromkeys(readers, seen)


def test_negative_control_without_row_level_security_the_leader_reads_one_sides_answer(school, grant):
    MeetingRating.objects.create(
        meeting=make_published(school), side="families", families_were_heard=1, replies_took_it_up=2, at=AFTER
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE partnerships_meetingrating DISABLE ROW LEVEL SECURITY"
        )
    assert in_sql("leader", grant, READ) == ["families"]


@pytest.mark.django_db(transaction=True)
def test_both_sides_rate_twice_at_once_and_two_ratings_stay(school, elena, grant, clock):
    meeting, wrong, start = make_published(school), [], Barrier(4)
    clock.move_to(AFTER)

    def say(audience, person, side):
        start.wait()
        try:
            with acting(audience, person.pk):
                actions.rate(meeting=meeting, side=side, families_were_heard=2, replies_took_it_up=3)
        except Exception as error:  # noqa: BLE001 - a thread's error would pass unseen
            wrong.append(error)
        finally:
            connection.close()

    sides = [("facilitator", elena, "families"), ("leader", grant, "staff")] * 2
    threads = [Thread(target=say, args=side) for side in sides]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert (wrong, MeetingRating.objects.count()) == ([], 2)


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_same_few_things_however_many_meetings_there_were(
    client, school, elena, lucia, grant, number, clock
):
    for n in range(number):
        meeting = make_published(school, on=date(2027, 3, 4 + n))
        SpeakingTally.objects.create(meeting=meeting, phone_key=meeting.pk, families_spoke=n, kept_at=clock())
        for side in ("families", "staff"):
            MeetingRating.objects.create(
                meeting=meeting, side=side, families_were_heard=1, replies_took_it_up=2, at=clock()
            )
    clock.move_to(datetime(2027, 3, 9, 18, tzinfo=UTC))
    assert rated_by(meeting) != {}
    found = []
    for person, where in ((elena, DESK), (lucia, FAMILIES), (grant, LEADERS)):
        sign_in(client, person)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where).status_code == 200
        found.append(len(asked))
    assert found == [14, 14, 12]
