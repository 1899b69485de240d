"""Boards, their seats and terms: public record, with a tie that lasts as long as the term and bars what it bars."""

from collections import Counter
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from accounts.database import acting
from accounts.models import Membership, Person
from partnerships.access import boards as access
from partnerships.actions import boards as actions
from partnerships.models import Board, Election, Seat, SeatTerm
from tests.factories import make_member, make_person, make_school, make_series, sign_in
from tests.partnerships.boards import TERM, give, make_board, seat_of

pytestmark = pytest.mark.django_db

DESK = "/c/schools/mirador/boards/"
# Noon of the clock is Monday, February 15, 2027; in Chicago a day begins at six in the morning of UTC.
TODAY, TOMORROW = date(2027, 2, 15), date(2027, 2, 16)


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
    return make_person("Lucía", school, "caregiver", phone="+17735550111")


def seats(board):
    return Counter(Seat.objects.filter(board=board).values_list("kind", flat=True))


def refused(act, **said):
    with pytest.raises(ValidationError) as refusal:
        act(**said)
    return refusal.value.code


def new(name="Inés Vega", value="+17735550177", **said):
    return {"name": name, "channel": "sms", "value": value, "language": "es", **TERM, **said}


def opens(person, where):
    return sign_in(Client(), person).get(where).status_code


@pytest.mark.parametrize(
    ("plan", "students", "in_all"), [("lsc_high", 3, 15), ("lsc_k8", 1, 13), ("lsc_k6", 0, 12), ("pta", 0, 0)]
)
def test_a_council_comes_with_the_seats_of_its_kind_of_school(school, rosa, plan, students, in_all):
    board = make_board(rosa, school, plan)
    found = seats(board)
    assert found.total() == in_all
    assert found["student_seat"] == students
    if in_all:
        rest = {"principal_seat": 1, "parent_seat": 6, "community_seat": 2, "teacher_seat": 2, "staff_seat": 1}
        assert {kind: found[kind] for kind in rest} == rest


def test_a_term_makes_a_tie_of_the_seats_kind_from_its_first_midnight_to_its_last(rosa, board):
    with acting("coordinator", rosa.pk):
        term = actions.give_seat(seat=seat_of(board, "parent_seat"), **new())
    tie = term.membership
    assert (tie.kind, tie.school_id, tie.person.name) == ("parent_seat", board.school_id, "Inés Vega")
    assert (tie.since, tie.until) == (
        datetime(2026, 7, 1, 5, tzinfo=UTC),
        datetime(2028, 7, 1, 5, tzinfo=UTC),
    )


def test_somebody_known_by_her_address_is_the_same_person_however_her_name_is_typed(rosa, board, lucia):
    with acting("coordinator", rosa.pk):
        term = actions.give_seat(seat=seat_of(board, "parent_seat"), **new(name=" LUCÍA ", value="+17735550111"))
    assert term.person == lucia
    assert Person.objects.filter(name__icontains="luc").count() == 1


def test_two_names_on_one_phone_are_asked_about_and_are_two_people(client, rosa, board, lucia):
    seat = seat_of(board, "parent_seat")
    where = f"{DESK}{board.pk}/seats/{seat.pk}/"
    said = {"step": "give", "name": "Jorge", "contact": "773 555 0111", "language": "es", **TERM}
    asked = sign_in(client, rosa).post(where, said)
    assert asked.status_code == 200
    assert "Lucía" in asked.content.decode()
    assert SeatTerm.objects.count() == 0
    assert client.post(where, {**said, "who": "other"}).status_code == 302
    term = SeatTerm.objects.get()
    assert (term.name, term.person.name) == ("Jorge", "Jorge")
    assert term.person != lucia


def test_a_nickname_chosen_among_those_who_share_the_phone_is_the_person_herself(client, rosa, board, lucia):
    where = f"{DESK}{board.pk}/seats/{seat_of(board, 'parent_seat').pk}/"
    said = {"step": "give", "name": "Lucía Hernández", "contact": "773 555 0111", "language": "es", **TERM}
    sign_in(client, rosa).post(where, {**said, "who": str(lucia.pk)})
    term = SeatTerm.objects.get()
    assert (term.name, term.person) == ("Lucía Hernández", lucia)


@pytest.mark.parametrize(
    ("from_on", "until_on", "code"),
    [
        (date(2028, 6, 30), date(2029, 6, 30), "held"),
        (date(2026, 1, 1), date(2026, 7, 1), "held"),
        (date(2025, 1, 1), date(2030, 1, 1), "held"),
        (date(2027, 1, 2), date(2027, 1, 1), "dates"),
        (date(2028, 7, 1), date(2030, 6, 30), None),
    ],
)
def test_two_terms_of_a_seat_never_share_a_day(rosa, board, from_on, until_on, code):
    seat = seat_of(board, "parent_seat")
    with acting("coordinator", rosa.pk):
        actions.give_seat(seat=seat, **new())
        said = {"seat": seat, **new("Marta", "+17735550178", from_on=from_on, until_on=until_on)}
        assert (refused(actions.give_seat, **said) if code else actions.give_seat(**said) and None) == code


def test_nobody_holds_two_seats_of_a_board_at_once(rosa, board, lucia):
    give(rosa, board, "parent_seat", lucia)
    assert refused(give, coordinator=rosa, board=board, kind="community_seat", person=lucia) == "sits"


@pytest.mark.django_db(transaction=True)
def test_of_two_people_given_one_seat_at_once_one_gets_it(rosa, board):
    seat, together, said = seat_of(board, "parent_seat"), Barrier(2), []

    def give_it(name, value):
        try:
            together.wait()
            with acting("coordinator", rosa.pk):
                actions.give_seat(seat=seat, **new(name, value))
                said.append("given")
        except ValidationError as refusal:
            said.append(refusal.code)
        finally:
            connection.close()

    both = [Thread(target=give_it, args=each) for each in (("A", "+17735550181"), ("B", "+17735550182"))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(said) == ["given", "held"]
    assert SeatTerm.objects.filter(seat=seat).count() == 1


@pytest.mark.parametrize("kind", ["teacher_seat", "staff_seat", "student_seat", "principal_seat"])
def test_a_seat_of_the_school_bars_a_family_while_its_term_lasts_and_not_a_moment_longer(
    school, rosa, board, lucia, clock, kind
):
    group = make_series(school, families=[lucia]).group
    make_member(group, lucia)
    where = f"/g/{group.pk}/"
    give(rosa, board, kind, lucia, from_on=TOMORROW, until_on=date(2027, 2, 17))
    seen = []
    for at in (
        datetime(2027, 2, 16, 5, 59, 59, tzinfo=UTC),
        datetime(2027, 2, 16, 6, tzinfo=UTC),
        datetime(2027, 2, 18, 5, 59, 59, tzinfo=UTC),
        datetime(2027, 2, 18, 6, tzinfo=UTC),
    ):
        clock.move_to(at)
        seen.append(opens(lucia, where))
    assert seen == [200, 404, 404, 200]


@pytest.mark.parametrize("kind", ["parent_seat", "community_seat"])
def test_a_seat_of_the_families_leaves_a_family_where_she_is(school, rosa, board, lucia, kind):
    group = make_series(school, families=[lucia]).group
    make_member(group, lucia)
    give(rosa, board, kind, lucia)
    assert (opens(lucia, f"/g/{group.pk}/"), opens(lucia, f"/b/{board.pk}/")) == (200, 200)


def test_the_desk_says_what_follows_before_a_family_gets_a_seat_of_the_school(client, rosa, board, lucia):
    where = f"{DESK}{board.pk}/seats/{seat_of(board, 'staff_seat').pk}/"
    said = {"step": "give", "name": "Lucía", "contact": "773 555 0111", "language": "es", **TERM}
    asked = sign_in(client, rosa).post(where, said)
    assert "el grupo de las familias se le cierra" in asked.content.decode()
    assert Membership.objects.filter(person=lucia, kind="staff_seat").count() == 0
    assert client.post(where, {**said, "knows": "on"}).status_code == 302
    assert Membership.objects.filter(person=lucia, kind="staff_seat").count() == 1


def test_a_term_that_ends_early_closes_the_boards_pages_at_once_and_leaves_the_seat_vacant(rosa, board, lucia):
    term = give(rosa, board, "parent_seat", lucia)
    assert opens(lucia, f"/b/{board.pk}/") == 200
    with acting("coordinator", rosa.pk):
        actions.end_term(term=term)
    term.refresh_from_db()
    assert term.until_on == date(2027, 2, 14)
    assert not term.membership.is_active(at=datetime(2027, 2, 15, 18, tzinfo=UTC))
    assert opens(lucia, f"/b/{board.pk}/") == 404
    [shown] = access.boards_at(board.school)
    assert len(shown.vacant) == 15


def test_a_term_that_has_not_begun_goes_altogether_and_its_tie_never_holds(rosa, board, lucia):
    term = give(rosa, board, "staff_seat", lucia, from_on=TOMORROW)
    with acting("coordinator", rosa.pk):
        actions.end_term(term=term)
    tie = Membership.objects.get(person=lucia, kind="staff_seat")
    assert SeatTerm.objects.count() == 0
    assert tie.since == tie.until


def test_a_coordinator_of_another_school_ends_no_term(rosa, board, lucia):
    term = give(rosa, board, "parent_seat", lucia)
    ines = make_person("Inés", make_school("Roble"), "coordinator")
    with acting("coordinator", ines.pk), connection.cursor() as cursor:
        cursor.execute("SELECT partnerships_end_seat(%s, now())", [term.pk])
    term.membership.refresh_from_db()
    assert term.membership.until == datetime(2028, 7, 1, 5, tzinfo=UTC)


def test_another_term_follows_the_first_without_a_gap(client, rosa, board, lucia):
    term = give(rosa, board, "parent_seat", lucia)
    where = f"{DESK}{board.pk}/seats/{term.seat_id}/"
    said = {"step": "again", "term": term.pk, "again-from_on": "2028-07-01", "again-until_on": "2030-06-30"}
    assert sign_in(client, rosa).post(where, said).status_code == 302
    ties = Membership.objects.filter(person=lucia, kind="parent_seat").order_by("since")
    assert [tie.until for tie in ties][0] == [tie.since for tie in ties][1]


def test_only_a_parent_chairs_where_the_boards_rule_says_so(rosa, board, lucia):
    parent = give(rosa, board, "parent_seat", lucia)
    teacher = give(rosa, board, "teacher_seat", make_person("Ms. Lewis", email="lewis@mirador.example"))
    with acting("coordinator", rosa.pk):
        assert refused(actions.choose_chair, board=board, term=teacher) == "parent"
        actions.choose_chair(board=board, term=parent)
        said = {"name": board.name, "quorum": 8, "meeting_law": "none", "training_es": "", "training_en": ""}
        actions.change_settings(board=board, is_chaired_by_parent=False, **said)
        actions.choose_chair(board=board, term=teacher)
        assert refused(actions.change_settings, board=board, is_chaired_by_parent=True, **said) == "chair"
    board.refresh_from_db()
    assert (board.quorum, board.too_many_together, board.chair_id) == (8, 5, teacher.pk)


def test_nobody_is_in_the_chair_once_her_term_is_over(rosa, board, lucia, clock):
    term = give(rosa, board, "parent_seat", lucia)
    with acting("coordinator", rosa.pk):
        actions.choose_chair(board=board, term=term)
    assert access.boards_at(board.school)[0].chaired_by == term
    clock.move_to(datetime(2028, 7, 1, 18, tzinfo=UTC))
    assert access.boards_at(board.school)[0].chaired_by is None


def test_a_seat_that_somebody_held_stays_on_the_record(rosa, board, lucia):
    term = give(rosa, board, "parent_seat", lucia)
    with acting("coordinator", rosa.pk):
        assert refused(actions.remove_seat, seat=term.seat) == "record"
        actions.remove_seat(seat=seat_of(board, "parent_seat", 6))
    assert seats(board)["parent_seat"] == 5


def test_seats_are_added_and_numbered_on_up_to_a_limit(client, rosa, school):
    board = make_board(rosa, school, "bac", name="BAC")
    where = f"{DESK}{board.pk}/"
    sign_in(client, rosa).post(where, {"kind": "parent_seat", "number": "2"})
    client.post(where, {"kind": "parent_seat", "number": "1"})
    assert list(Seat.objects.filter(board=board).values_list("number", flat=True).order_by("number")) == [1, 2, 3]
    with acting("coordinator", rosa.pk):
        assert refused(actions.add_seats, board=board, kind="parent_seat", number=38) == "too_many"


def test_a_name_is_given_to_one_board_of_a_school(client, rosa, board):
    said = {"plan": "pta", "name": board.name, "quorum": "5"}
    assert sign_in(client, rosa).post(f"{DESK}new/", said).status_code == 200
    assert Board.objects.count() == 1
    assert client.post(f"{DESK}new/", {**said, "name": "PTA"}).status_code == 302


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (("2027-10-20", "2028-01-20", "2028-03-18"), None),
        (("2028-01-20", "2027-10-20", "2028-03-18"), "dates"),
        (("2027-10-20", "2028-03-19", "2028-03-18"), "dates"),
    ],
)
def test_an_election_is_held_after_people_filed_and_once_a_day(rosa, board, days, code):
    names = ("filing_from_on", "filing_until_on", "held_on")
    said = dict(zip(names, map(date.fromisoformat, days), strict=True))
    with acting("coordinator", rosa.pk):
        if code:
            assert refused(actions.announce_election, board=board, **said) == code
        else:
            actions.announce_election(board=board, **said)
            assert refused(actions.announce_election, board=board, **said) == "twice"
    assert Election.objects.count() == (code is None)


def test_only_the_coordinator_of_the_school_finds_its_boards(rosa, board):
    ines = make_person("Inés", make_school("Roble"), "coordinator")
    where = f"{DESK}{board.pk}/"
    assert (opens(rosa, where), opens(ines, where), opens(ines, "/c/schools/roble/boards/")) == (200, 404, 200)


def test_a_member_finds_her_own_board_and_none_of_another(rosa, board, lucia, school):
    other = make_board(rosa, school, "pta", name="PTA")
    give(rosa, board, "parent_seat", lucia)
    assert [opens(lucia, f"/b/{each.pk}/") for each in (board, other)] == [200, 404]


def test_a_tie_without_a_term_opens_no_board(board, school):
    """The register is looked at as well as the tie: a seat on one board opens no other of the school."""
    ana = make_person("Ana", school, "parent_seat")
    assert (opens(ana, f"/b/{board.pk}/"), opens(ana, "/b/")) == (404, 200)


def test_the_seat_check_goes_red_when_the_term_is_not_asked_for(board, school, monkeypatch):
    ana = make_person("Ana", school, "parent_seat")
    monkeypatch.setattr(access, "_my_seat_kind", lambda request, found: "parent_seat")
    assert opens(ana, f"/b/{board.pk}/") == 200
