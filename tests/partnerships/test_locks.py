"""Negative controls of the four locks: each is taken out in turn; its check goes red, and the others still hold."""

import re
from itertools import combinations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.database import acting
from accounts.routes import Declaration, walk
from config import middleware
from notifications import clock
from partnerships.access import spaces
from partnerships.actions import doors
from partnerships.models import CONTENT, DoorTrial, GroupMember
from tests.factories import enrol, sign_in
from tests.partnerships.test_catalog import WRITTEN, rights, unguarded
from tests.partnerships.walled import MARKER, OUTSIDE, make_world, outcome

pytestmark = pytest.mark.django_db
FAMILIES = {"facilitator", "caregiver"}
READ = "SELECT FROM partnerships_post WHERE id = %(post)s"


@pytest.fixture
def world():
    """Make the group, what is written in it and everybody around it."""
    world = make_world()
    enrol(world.group.series, world.people["writer"])
    return world


# The locks, and how each is taken out


def first(monkeypatch):
    """Declare every page of a room for leaders too."""
    for view in behind_the_wall():
        widened = Declaration(view.declaration.resource, (*view.declaration.audiences, "leader"))
        monkeypatch.setattr(view, "declaration", widened)


def second(monkeypatch):
    """Let the way in find a place for whoever asks."""
    monkeypatch.setattr(spaces, "own_places", lambda person, *, at: GroupMember.objects.filter(since__lte=at))


def third(monkeypatch):
    """Say the role of whoever facilitates where a leader acts."""

    def as_facilitator(audience, person=None):
        return acting("facilitator" if audience == "leader" else audience, person)

    monkeypatch.setattr(middleware, "acting", as_facilitator)


def fourth(monkeypatch):
    """Switch row-level security off, until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in CONTENT:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE ROW LEVEL SECURITY")


LOCKS = {"routes": first, "access": second, "roles": third, "rows": fourth}


# The check of each lock: what is wrong with it


def behind_the_wall():
    """Return the pages of rooms."""
    return [view for pattern, _name, view in walk() if pattern.startswith(("g/", "space/"))]


def declared_for_others(world):
    """Return the pages of rooms that are declared for anybody but families and those who facilitate."""
    return [view.__name__ for view in behind_the_wall() if set(view.declaration.audiences) - FAMILIES]


def places_for_others(world):
    """Return those kept out for whom the way in finds a place."""
    people = {name: world.people[name] for name in OUTSIDE if world.people[name]}
    found = {name: spaces.own_places(person, at=clock.now()) for name, person in people.items()}
    return [name for name, places in found.items() if places.filter(group=world.group).exists()]


def roles_for_others(world):
    """Return the roles that a leader's page took and that read what families write."""
    client = sign_in(Client(), world.people["principal"])
    with CaptureQueriesContext(connection) as statements:
        assert client.get(f"/l/{world.school.slug}/").status_code == 200
    said = {role for one in statements for role in re.findall(r"set_config\('role', '(\w+)'", one["sql"])}
    assert said
    return sorted(said & {f"ds_{audience}" for audience in FAMILIES})


def rows_for_others(world):
    """Return those kept out who read a post as a family's role does."""
    return [name for name in OUTSIDE if outcome(world, "caregiver", name, READ) == "+"]


CHECKS = {
    "routes": declared_for_others,
    "access": places_for_others,
    "roles": roles_for_others,
    "rows": rows_for_others,
}


def read_by(world, relation):
    """Return the addresses of the group and its space at which somebody reads what families wrote."""
    client = sign_in(Client(), world.people[relation])
    client.raise_request_exception = False
    group, space = f"/g/{world.group.pk}/", f"/space/{world.school.slug}/"
    tried = [group, f"{group}{world.post.pk}/", f"{group}agreements/", f"{group}ideas/"]
    tried += [space, f"{space}{world.space_post.pk}/"]
    return [where for where in tried if MARKER in client.get(where).content.decode()]


def wrong(world):
    """Return the locks whose check finds something."""
    return [name for name, check in CHECKS.items() if check(world)]


def test_with_every_lock_in_its_place_no_check_finds_anything_and_nobody_reads(world):
    assert wrong(world) == []
    for relation in ("principal", "hired mid-series", "payroll coordinator who facilitates", "teacher who is a parent"):
        assert (relation, read_by(world, relation)) == (relation, [])


@pytest.mark.parametrize("lock", LOCKS)
def test_one_lock_out_is_seen_by_its_check_and_the_others_still_refuse(world, monkeypatch, lock):
    LOCKS[lock](monkeypatch)
    assert wrong(world) == [lock]
    assert read_by(world, "principal") == []


@pytest.mark.parametrize("out", list(combinations(LOCKS, 3)))
def test_any_one_lock_alone_still_refuses_the_principal(world, monkeypatch, out):
    for lock in out:
        LOCKS[lock](monkeypatch)
    assert read_by(world, "principal") == []


def test_with_all_four_out_the_principal_reads_and_whoever_tries_the_door_is_told(world, monkeypatch):
    for take_out in LOCKS.values():
        take_out(monkeypatch)
    assert len(read_by(world, "principal")) == 6
    writer = world.people["writer"]
    with acting("caregiver", writer.pk):
        doors.ask(group=world.group, person=writer, kind=DoorTrial.Kind.PRINCIPAL)
    with acting("worker"):
        doors.try_waiting()
    page = sign_in(Client(), writer).get(f"/g/{world.group.pk}/door/").content.decode()
    assert "La puerta está abierta" in page


# Whoever is a family too holds that audience and its role by right: two locks keep her out.


@pytest.mark.parametrize("lock", ["access", "rows"])
@pytest.mark.parametrize("relation", ["hired mid-series", "teacher who is a parent", "member with a staff seat"])
def test_either_of_two_locks_alone_refuses_a_family_that_works_at_the_school(world, monkeypatch, relation, lock):
    LOCKS[lock](monkeypatch)
    assert read_by(world, relation) == []


def test_with_those_two_out_she_reads(world, monkeypatch):
    second(monkeypatch)
    fourth(monkeypatch)
    assert len(read_by(world, "hired mid-series")) == 6


# Other ways in which a lock can be lost


def test_a_right_given_to_leaders_is_seen_and_their_pages_still_read_nothing(world):
    with connection.cursor() as cursor:
        for model in CONTENT:
            cursor.execute(f"GRANT SELECT ON {model._meta.db_table} TO ds_leader")
    assert rights(["ds_leader"], WRITTEN) == {("leader", name, "SELECT") for name in WRITTEN}
    assert (read_by(world, "principal"), outcome(world, "leader", "principal", READ)) == ([], ".")


def test_a_policy_that_lets_everybody_in_is_seen_and_pages_still_refuse(world):
    with connection.cursor() as cursor:
        cursor.execute("CREATE POLICY all_of_it ON partnerships_post FOR SELECT USING (true)")
    assert (wrong(world), unguarded(WRITTEN)) == (["rows"], set())
    assert (read_by(world, "principal"), read_by(world, "hired mid-series")) == ([], [])


def test_without_force_the_owner_reads_and_the_catalogue_says_so(world):
    """In tests the login that made the tables owns them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT FROM partnerships_post")
        assert cursor.rowcount == 0
        cursor.execute("ALTER TABLE partnerships_post NO FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT FROM partnerships_post")
        assert (cursor.rowcount > 0, unguarded(WRITTEN)) == (True, {"post"})
