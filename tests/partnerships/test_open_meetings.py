"""Members of one board who come together are told what a law may mean: from names alone, never by blocking."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from accounts.database import acting
from dialogue_series.models import Rsvp
from notifications import clock
from partnerships.access import open_meetings as access
from partnerships.actions import boards as actions
from partnerships.models import Authorship, Board
from tests.factories import make_member, make_person, make_post, make_reply, make_school, make_series, sign_in
from tests.partnerships.boards import give, make_board

pytestmark = pytest.mark.django_db

TOLD = "this may count as a meeting"
REACHED, WOULD_BE = "4 members of the board are together here", "If you take part here with your name, 4 members"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True, language="en")


@pytest.fixture
def board(school, rosa):
    return make_board(rosa, school)


@pytest.fixture
def series(school):
    return make_series(school)


@pytest.fixture
def members(school, rosa, board, series):
    """Seat five families in the parents' seats of the council, quorum seven."""
    found = []
    for n in range(1, 6):
        person = make_person(f"Madre {n}", school, "caregiver", phone=f"+1773555030{n}", language="en")
        make_member(series.group, person)
        give(rosa, board, "parent_seat", person, n)
        found.append(person)
    return found


@pytest.fixture
def lucia(school, series):
    person = make_person("Lucía", school, "caregiver", language="en")
    make_member(series.group, person)
    return person


def thread(group, writers, *, without_name=()):
    post = make_post(group, writers[0])
    for writer in writers[1:]:
        make_reply(post, writer)
    for writer in without_name:
        make_reply(post, writer, without_name=True)
    return post


def page(person, where):
    return sign_in(Client(), person).get(where).content.decode()


def in_thread(person, post):
    return page(person, f"/g/{post.group_id}/{post.pk}/")


def test_three_of_seven_writing_say_nothing_to_themselves(members, series):
    post = thread(series.group, members[:3])
    assert [TOLD in in_thread(person, post) for person in members[:3]] == [False] * 3


def test_four_of_seven_are_told_and_can_go_on_writing(members, series):
    post = thread(series.group, members[:4])
    assert [REACHED in in_thread(person, post) for person in members] == [True] * 5
    answered = sign_in(Client(), members[0]).post(
        f"/g/{post.group_id}/{post.pk}/", {"text": "Otra cosa.", "language": "es"}
    )
    assert answered.status_code == 302


def test_a_member_who_would_be_the_fourth_is_told_before_she_writes(members, series):
    post = thread(series.group, members[:3])
    assert WOULD_BE in in_thread(members[3], post)


def test_a_family_on_no_board_is_told_nothing(members, series, lucia):
    assert TOLD not in in_thread(lucia, thread(series.group, members[:4]))


def test_who_wrote_without_a_name_never_counts(members, series):
    post = thread(series.group, members[:3], without_name=members[3:])
    assert [TOLD in in_thread(person, post) for person in members[:3]] == [False] * 3


def test_the_count_from_authorship_would_betray_who_wrote(members, series, monkeypatch):
    """Negative control: counted with the nameless one, the page of the others changes."""

    def told_to(person, people, school):
        return access.told_to(person, people | set(Authorship.objects.values_list("person", flat=True)), school)

    post = thread(series.group, members[:3], without_name=members[3:])
    monkeypatch.setattr("partnerships.views.voices.told_to", told_to)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE partnerships_authorship DISABLE ROW LEVEL SECURITY")
    assert TOLD in in_thread(members[0], post)


def test_members_of_two_boards_are_counted_apart(school, rosa, members, series):
    other = make_board(rosa, school, "lsc_k8", name="Otro consejo")
    ana = make_person("Ana", school, "caregiver", phone="+17735550399", language="en")
    make_member(series.group, ana)
    give(rosa, other, "parent_seat", ana)
    post = thread(series.group, [*members[:3], ana])
    assert [TOLD in in_thread(person, post) for person in (members[0], ana)] == [False, False]


def test_where_no_such_law_holds_nobody_is_told(rosa, board, members, series):
    post = thread(series.group, members[:4])
    said = {"name": board.name, "quorum": 7, "is_chaired_by_parent": True, "training_es": "", "training_en": ""}
    with acting("coordinator", rosa.pk):
        actions.change_settings(board=board, meeting_law="none", **said)
    assert TOLD not in in_thread(members[0], post)


@pytest.mark.parametrize(("quorum", "told"), [(5, True), (6, False), (8, False)])
def test_the_majority_follows_the_boards_own_quorum(rosa, board, members, series, quorum, told):
    post = thread(series.group, members[:3])
    Board.objects.filter(pk=board.pk).update(quorum=quorum)
    assert (TOLD in in_thread(members[0], post)) == told


def test_a_term_that_is_over_does_not_count(rosa, board, members, series):
    post = thread(series.group, members[:4])
    with acting("coordinator", rosa.pk):
        actions.end_term(term=board.seats.get(kind="parent_seat", number=4).terms.get())
    assert TOLD not in in_thread(members[0], post)


def coming(series, people, number=5, answer="in_person"):
    session = series.sessions.get(number=number)
    Rsvp.objects.bulk_create(
        Rsvp(session=session, person=person, answer=answer, answered_at=clock.now()) for person in people
    )


def test_an_evening_to_which_four_members_come_is_told_at_the_desk_and_to_members(school, rosa, members, lucia):
    series = make_series(school, families=[*members, lucia], facilitator=None)
    desk, detail = f"/c/series/{series.pk}/sessions/5/", f"/s/{series.pk}/sessions/5/"
    coming(series, members[:3])
    assert TOLD not in page(rosa, desk)
    coming(series, members[3:4], answer="video")
    assert REACHED in page(rosa, desk)
    assert [TOLD in page(person, detail) for person in (members[0], lucia)] == [True, False]
    assert date(2027, 2, 25) == series.sessions.get(number=5).on


def test_the_sheet_of_who_came_tells_whoever_holds_the_evening(school, rosa, members):
    elena = make_person("Elena", school, "caregiver", language="en")
    series = make_series(school, families=members, facilitator=elena)
    make_member(series.group, elena)
    coming(series, members[:4], number=1)
    assert REACHED in page(elena, f"/s/{series.pk}/sessions/1/attendance/")
