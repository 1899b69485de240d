"""The way to a seat: private to whoever walks it, counted coarsely once a month; held seats counted exactly."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.database import acting
from partnerships import tasks
from partnerships.actions import boards as actions
from partnerships.actions.pathway import counted_month
from partnerships.models import GroupMember, SeatStep, StepCount
from partnerships.own_data import Spaces
from tests.factories import make_member, make_person, make_school, make_series, sign_in
from tests.partnerships.boards import give, make_board

pytestmark = pytest.mark.django_db

PAGE, LEADERS = "/seats/mirador/", "/l/mirador/seats/"
# In Chicago, where nine o'clock is three in the afternoon of UTC in winter.
FIRST_MONDAY = datetime(2027, 3, 1, 15, tzinfo=UTC)


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True)


@pytest.fixture
def board(school, rosa):
    return make_board(rosa, school)


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone="+17735550111", language="en")


def say(person, board, step, how="step"):
    return sign_in(Client(), person).post(PAGE, {"board": board.pk, how: step})


def page(person, where=PAGE):
    return sign_in(Client(), person).get(where).content.decode()


def kept():
    with acting("backup"), transaction.atomic():
        return sorted(SeatStep.objects.values_list("person__name", "step"))


def families(school, number):
    return [make_person(f"Familia {n}", school, "caregiver") for n in range(number)]


def said_by(people, board, step="filed"):
    """Let each of these say a step; only the person, or the worker, reaches such a row."""
    with acting("worker"):
        SeatStep.objects.bulk_create(
            SeatStep(board=board, person=person, step=step, at=FIRST_MONDAY) for person in people
        )


def count(clock, at=FIRST_MONDAY):
    clock.move_to(at)
    tasks.count_steps()
    return dict(StepCount.objects.values_list("step", "n_band"))


def test_what_somebody_says_of_herself_is_kept_for_her_and_can_be_taken_back(board, lucia):
    assert say(lucia, board, "filed").status_code == 302
    say(lucia, board, "filed")
    say(lucia, board, "interested")
    assert kept() == [("Lucía", "filed"), ("Lucía", "interested")]
    say(lucia, board, "filed", "take_back")
    assert kept() == [("Lucía", "interested")]
    assert page(lucia).count("You said so.") == 1


def test_nobody_else_reads_or_takes_back_what_somebody_said(board, lucia, school):
    say(lucia, board, "filed")
    others = {"caregiver": make_person("Carmen", school, "caregiver"), "facilitator": lucia}
    seen = {}
    for audience, person in others.items():
        with acting(audience, person.pk), transaction.atomic():
            seen[audience] = (SeatStep.objects.count(), SeatStep.objects.filter(person=lucia).delete()[0])
            transaction.set_rollback(True)
    assert seen == {"caregiver": (0, 0), "facilitator": (1, 1)}
    for audience in ("coordinator", "leader", "board", "district", "staff", "person", "public", "link"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, 'partnerships_seatstep', 'SELECT')", [f"ds_{audience}"])
            assert (audience, cursor.fetchone()[0]) == (audience, False)


def test_what_she_said_and_the_seat_she_held_are_in_her_copy(board, lucia, rosa):
    say(lucia, board, "filed")
    give(rosa, board, "parent_seat", lucia)
    with acting("worker", lucia.pk):
        parts = {str(part.title): len(part.rows) for part in Spaces().sections(lucia)}
    assert [rows for title, rows in parts.items() if title in {"Seats on boards", "Puestos en consejos"}] == [1]
    assert sum(rows for title, rows in parts.items() if "a seat" in title or "a un puesto" in title) == 1


def test_the_policy_of_the_steps_is_what_keeps_them_apart(board, lucia, school):
    """Negative control: without row-level security another family reads the row."""
    say(lucia, board, "filed")
    carmen = make_person("Carmen", school, "caregiver")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE partnerships_seatstep DISABLE ROW LEVEL SECURITY"
            )
        with acting("caregiver", carmen.pk):
            assert SeatStep.objects.count() == 1
        transaction.set_rollback(True)


def test_nobody_says_a_step_for_somebody_else(board, lucia, school):
    carmen = make_person("Carmen", school, "caregiver")
    said = (
        "INSERT INTO partnerships_seatstep (id, board_id, person_id, step, at)"
        " VALUES (gen_random_uuid(), %s, %s, 'filed', now())"
    )
    with acting("caregiver", carmen.pk), pytest.raises(DatabaseError, match="row-level"), transaction.atomic():
        connection.cursor().execute(said, [board.pk, lucia.pk])


@pytest.mark.parametrize(
    ("said", "shown"),
    [(0, "not_enough"), (1, "not_enough"), (4, "not_enough"), (5, "5-9"), (9, "5-9"), (10, "10-14"), (17, "15")],
)
def test_steps_are_counted_once_a_month_as_a_band_and_alike_below_five(board, school, clock, said, shown):
    said_by(families(school, said), board)
    assert count(clock) == {"interested": "not_enough", "filed": shown, "trained": "not_enough"}


def test_pages_are_the_same_bytes_whether_nobody_or_four_said_it(board, school, lucia, clock):
    make_person("Dra. Grant", school, "leader")
    leader = make_person("Mr. Vale", school, "leader", language="en")
    member = make_person("Ana", school, "caregiver", language="en", phone="+17735550112")
    make_series(school)
    seen = set()
    people = families(school, 4)
    for number in range(5):
        with transaction.atomic():
            said_by(people[:number], board)
            count(clock)
            seen.add((masked(page(leader, LEADERS)), masked(page(member))))
            transaction.set_rollback(True)
    assert len(seen) == 1


def masked(html):
    return "".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_frozen_count_stays_until_the_next_month(board, school, clock, lucia):
    assert count(clock)["filed"] == "not_enough"
    said_by(families(school, 6), board)
    assert count(clock, FIRST_MONDAY + timedelta(days=20))["filed"] == "not_enough"
    assert "5 to 9 people" not in page(lucia)
    clock.move_to(datetime(2027, 4, 5, 14, tzinfo=UTC))
    tasks.count_steps()
    tasks.count_steps()
    assert StepCount.objects.count() == 6
    assert "5 to 9 people" in page(lucia)


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (FIRST_MONDAY - timedelta(seconds=1), None),
        (FIRST_MONDAY, date(2027, 3, 1)),
        (datetime(2027, 4, 5, 13, 59, tzinfo=UTC), None),
        (datetime(2027, 4, 5, 14, tzinfo=UTC), date(2027, 4, 1)),
        (datetime(2027, 4, 30, 23, tzinfo=UTC), date(2027, 4, 1)),
    ],
)
def test_a_month_is_counted_from_nine_on_its_first_monday_at_the_school(school, at, month):
    assert counted_month(school, at=at) == month


def test_families_seats_are_counted_exactly_before_they_began_to_meet_and_now(board, school, rosa, lucia):
    group = make_series(school).group
    make_member(group, lucia, "facilitator")
    GroupMember.objects.update(since=datetime(2027, 1, 28, 18, tzinfo=UTC))
    people = [make_person(f"M{n}", phone=f"+1773555020{n}") for n in range(6)]
    give(rosa, board, "parent_seat", people[0])
    later = {"from_on": date(2027, 2, 1), "until_on": date(2028, 6, 30)}
    give(rosa, board, "parent_seat", people[1], 2, **later)
    give(rosa, board, "parent_seat", people[2], 3, **later)
    give(rosa, board, "community_seat", people[3], **later)
    give(rosa, board, "teacher_seat", people[4], **later)
    over = {"from_on": date(2025, 7, 1), "until_on": date(2026, 6, 30)}
    give(rosa, board, "community_seat", people[5], 2, **over)
    shown = page(make_person("Dra. Grant", school, "leader", language="en"), LEADERS)
    assert "Families hold 4 seats today." in shown
    assert "1 before families began to meet (January 2027), 4 now." in shown
    assert "4 of the families' seats are vacant." in shown
    assert [person.name for person in people if f"{person.name}," in shown] == []
    assert "1 before families began to meet (January 2027), 4 now." in page(lucia)


def test_elections_to_come_are_shown_to_families_with_their_filing_dates(board, rosa, lucia):
    days = {"filing_from_on": date(2027, 10, 20), "filing_until_on": date(2028, 1, 20), "held_on": date(2028, 3, 18)}
    past = {"filing_from_on": date(2025, 10, 20), "filing_until_on": date(2026, 1, 20), "held_on": date(2026, 3, 18)}
    with acting("coordinator", rosa.pk):
        for said in (days, past):
            actions.announce_election(board=board, **said)
    shown = page(lucia)
    assert "Saturday, March 18, 2028" in shown
    assert "Oct 20, 2027" in shown
    assert "2026" not in shown


@pytest.mark.parametrize(
    ("kind", "answers", "fits"),
    [
        ("parent_seat", {"child": "yes", "employee": "no"}, True),
        ("parent_seat", {"child": "yes", "employee": "yes"}, False),
        ("parent_seat", {"child": "no", "employee": "no"}, False),
        ("community_seat", {"age": "yes", "area": "yes", "no_child": "no"}, True),
        ("community_seat", {"age": "yes", "area": "yes", "no_child": "yes"}, False),
        ("community_seat", {"age": "no", "area": "yes", "no_child": "no"}, False),
    ],
)
def test_the_check_says_who_can_run_and_keeps_nothing(board, lucia, kind, answers, fits):
    said = {f"{kind}-{name}": answer for name, answer in answers.items()}
    answered = sign_in(Client(), lucia).post(PAGE, {"check": kind, **said}).content.decode()
    assert ("you can run for this seat" in answered, "for somebody else" in answered) == (fits, not fits)
    assert kept() == []


def test_the_check_asks_again_for_what_was_not_answered(board, lucia):
    answered = sign_in(Client(), lucia).post(PAGE, {"check": "parent_seat"}).content.decode()
    assert answered.count("Choose yes or no") >= 2
    assert "you can run" not in answered


def test_the_check_of_the_councils_rule_is_not_shown_where_there_is_no_council(rosa, school, lucia):
    make_board(rosa, school, "pta", name="PTA")
    assert "Can I run for the council?" not in page(lucia)
