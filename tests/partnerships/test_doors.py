"""Try the door: what somebody of the school finds at each address, and that nothing of the trying stays."""

import logging
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import privacy
from accounts.database import acting
from accounts.models import Membership, Person
from accounts.routes import walk
from partnerships import doors
from partnerships.access.doors import LASTS
from partnerships.actions import doors as actions
from partnerships.models import DoorTrial
from partnerships.tasks import try_doors
from tests.factories import enrol, sign_in
from tests.partnerships.walled import MARKER, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Make the group; its writer has a place in the series too."""
    world = make_world()
    world.writer = world.people["writer"]
    enrol(world.group.series, world.writer)
    return world


@pytest.fixture
def client(world):
    """Be signed in as the writer, who reads English."""
    client = sign_in(Client(), world.writer)
    client.cookies["django_language"] = "en"
    return client


def where(world, group=None):
    return f"/g/{(group or world.group).pk}/door/"


def let_the_worker_try():
    with acting("worker"):
        try_doors()


def asked(world, client, kind="principal"):
    """Ask as the page does, let the worker try, and return the try."""
    assert client.post(where(world), {"kind": kind}).headers["Location"] == where(world)
    let_the_worker_try()
    with acting("backup"):
        return DoorTrial.objects.exclude(answered_at=None).get()


@pytest.mark.parametrize("kind", list(DoorTrial.Kind))
def test_nobody_of_the_school_finds_anything_where_a_member_finds_a_page(world, client, kind):
    answers = asked(world, client, kind).answers
    assert {answer["other"] for answer in answers} == {404}
    assert len(answers) >= 14
    there = {"group_posts", "group_thread", "group_members", "group_agreements", "group_door", "space_posts"}
    assert there | {"series_home", "session_calendar"} <= {answer["page"] for answer in answers}


def test_every_address_of_the_wall_is_asked(world):
    with acting("caregiver", world.writer.pk):
        found = doors.addresses(actions.parts_of_addresses(world.group))
    asked_for = {address.page for address in found}
    shut = {"caregiver", "facilitator"}
    behind = {name for pattern, name, view in walk() if set(view.declaration.audiences) <= shut}
    # Of other texts than the newest, of words that are nobody's yet, by a sheet in one's hand, or by a made-up name.
    assert behind - asked_for - NEEDS_MORE - THE_SCHOOL_READS_IT_TOO == set()


NEEDS_MORE = {"own_words", "link_paper", "group_theme_keep", "group_theme_send"}
NEEDS_MORE |= {"group_theme_request", "group_quote_request", "space_quote_request"}
# Of what was answered to a board in free words.
NEEDS_MORE |= {"group_answers", "group_answers_theme", "line_keep", "series_guide"}
# Of a talk, which is its author's alone.
NEEDS_MORE |= {"talks", "talk_notes", "talk_note", "note_remove", "note_release", "line_take_back"}
THE_SCHOOL_READS_IT_TOO = {"commitment_seen", "decision_request", "ask", "ask_answer", "ask_shorten", "ask_count"}


def test_what_opens_to_a_member_has_its_name_in_plain_words(world, client):
    pages = {answer["page"] for answer in asked(world, client).answers}
    assert [page for page in sorted(pages) if not doors.words(page)] == []


def test_nothing_of_a_try_stays_but_its_answers(world, client):
    client.post(where(world), {"kind": "administrator"})

    def rows():
        return [model.objects.order_by("pk").values_list() for model in (Person, Membership, Session)]

    before = [list(found) for found in rows()]
    let_the_worker_try()
    assert [list(found) for found in rows()] == before


def test_a_try_holds_addresses_and_answers_and_nothing_that_is_written(world, client):
    trial = asked(world, client)
    assert all(set(answer) == {"page", "address", "other"} for answer in trial.answers)
    assert MARKER not in str(trial.answers)


def test_the_page_tells_what_each_address_answered(world, client):
    trial = asked(world, client)
    page = client.get(where(world)).content.decode()
    assert f"{len(trial.answers)} pages tried" in page
    assert page.count("does not exist</span>") == len(trial.answers)
    assert "The wall is open" not in page


def test_a_wall_that_opened_is_told_as_that(world, client, monkeypatch):
    """A principal who could be let in, as a family would, stands for a wall that is down."""
    made = actions.stand_in

    def let_in(kind, school):
        person = made(kind, school)
        Membership.objects.filter(person=person).delete()
        Membership.objects.create(
            person=person, school=school, kind="caregiver", since=person.created_at, on_payroll=False
        )
        Person.objects.filter(pk=person.pk).update(asked_about_work_at=person.created_at)
        world.group.members.create(person=person, role="caregiver", since=person.created_at)
        return person

    monkeypatch.setattr(actions, "stand_in", let_in)
    trial = asked(world, client)
    opened = [answer["page"] for answer in trial.answers if answer["other"] != 404]
    assert {"group_posts", "group_thread", "space_posts"} <= set(opened)
    page = client.get(where(world)).content.decode()
    assert "The wall is open" in page
    assert f"{len(opened)} of {len(trial.answers)} pages answered. Do not write here for now" in page
    assert page.count("IT OPENED</span>") == len(opened)


def test_an_address_that_does_not_open_to_the_member_proves_nothing(world, client):
    """Hiding is for whoever facilitates: the writer's try leaves it out."""
    pages = {answer["page"] for answer in asked(world, client).answers}
    assert "group_hide" not in pages
    assert "group_agreement_write" not in pages


def test_a_try_waits_for_the_worker_and_the_page_says_so(world, client):
    client.post(where(world), {"kind": "teacher"})
    client.post(where(world), {"kind": "teacher"})
    with acting("backup"):
        assert DoorTrial.objects.filter(kind="teacher").count() == 1
    assert "one by one" in client.get(where(world)).content.decode()


def test_a_try_that_nobody_answered_is_given_up_and_can_be_made_again(world, client, clock):
    client.post(where(world), {"kind": "teacher"})
    clock.move_to(clock.at + LASTS + timedelta(seconds=1))
    let_the_worker_try()
    page = client.get(where(world)).content.decode()
    assert "No answer came" in page
    assert asked(world, client, "teacher").kind == "teacher"


def test_a_try_that_fails_says_no_more_than_what_kind_of_failure_it_was(world, client, monkeypatch, caplog):
    def fails(trial):
        raise ValueError(MARKER)

    client.post(where(world), {"kind": "teacher"})
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(actions, "answers_to", fails)
        let_the_worker_try()
    assert [record.getMessage().split("could")[1] for record in caplog.records] == [" not be made: ValueError"]
    let_the_worker_try()
    with acting("backup"):
        assert DoorTrial.objects.exclude(answered_at=None).count() == 1


def test_who_tries_has_to_be_one_of_those_on_the_list(world, client):
    for kind in ("", "caregiver"):
        response = client.post(where(world), {"kind": kind})
        assert (response.status_code, "Choose who tries to enter" in response.content.decode()) == (200, True)
    with acting("backup"):
        assert DoorTrial.objects.count() == 1


def test_one_member_s_tries_are_hers_alone(world, client):
    asked(world, client)
    other = sign_in(Client(), world.people["member"])
    other.cookies["django_language"] = "en"
    assert "pages tried" not in other.get(where(world)).content.decode()


def test_a_try_is_forgotten_after_a_day(world, client, clock):
    asked(world, client)
    clock.move_to(clock.at + timedelta(days=1, minutes=1))
    with acting("worker"):
        privacy.forget_old()
    with acting("backup"):
        assert DoorTrial.objects.count() == 0


@pytest.mark.parametrize(
    "relation", ["member of another group", "family of another school", "hired mid-series", "principal"]
)
def test_there_is_no_door_to_try_for_those_whom_it_keeps_out(world, relation):
    client = sign_in(Client(), world.people[relation])
    assert [client.get(where(world)).status_code, client.post(where(world), {"kind": "teacher"}).status_code] == [
        404
    ] * 2
