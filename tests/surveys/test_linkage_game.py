"""The linkage game (trust A23, A24): two dumps, one new answer between them, and attackers who say whose it is.

A thousand groups of eight play at once with the product's own functions and tables; each answer is a transaction of
its own. An attacker has both dumps, and more than a thief of dumps has: `xmin` and `ctid` of every row, the order in
which people asked for other things, the length of what each of them writes. He wins as often as chance allows: once in
as many as the dump's message rows leave possible. In the other worlds one mistake is made, and he wins.
"""

import hashlib
import random
from collections import Counter, defaultdict
from math import comb
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from accounts.database import acting
from accounts.models import Membership, Person
from accounts.routes import AUDIENCES
from notifications import clock as now
from notifications.models import Address, Message, MessagePerson
from surveys import access, actions, sealing
from surveys.models import Form, FormPerson, Wave
from tests.surveys.conftest import CLOSES, OPENED, WEEKLY, sheet

GAMES, GAMES_WITH_A_MISTAKE, SIZE = 1000, 100, 8
# An honest product fails one of these tests once in a million runs.
LUCK = 1e-6


class Game(NamedTuple):
    """One group: its form, who may answer, who had answered on the first day, and who on the second."""

    form: Form
    people: list[Person]
    before: list[Person]
    author: Person
    is_reminded: bool


class Seen(NamedTuple):
    """What an attacker knows of one group."""

    form: UUID
    roster: list[UUID]  # in the order of the dump
    possible: list[UUID]  # whom the message rows leave possible
    boxes: list[dict]  # of the second dump, in its order
    new: dict
    acts: dict[UUID, tuple[int, int]]  # the latest row of each person, in any table: xmin, and its place
    changed: list[UUID]  # whose rows are not the same in both dumps
    habits: dict[UUID, int]  # how many characters each usually writes


# The world


def groups(school, ring, number):
    """Make groups of one school, each with a form of its own; names and roster rows come in no order of theirs."""
    chance = random.Random(23)
    people = [Person(name=f"P{n}", language=chance.choice(["es", "en"]), password="!") for n in range(number * SIZE)]
    Person.objects.bulk_create(people)
    addresses = [Address(channel="email", value=f"{one.pk}@example.org", language="es") for one in people]
    Address.objects.bulk_create(addresses)
    Membership.objects.bulk_create(
        Membership(person=one, kind="caregiver", school=school, since=OPENED) for one in people
    )
    instrument = actions.publish(written=WEEKLY)
    waves = [Wave(school=school, ring=ring, kind="window", number=n) for n in range(number)]
    Wave.objects.bulk_create(waves)
    common = {"school": school, "ring": ring, "instrument": instrument, "opened_at": OPENED, "closes_at": CLOSES}
    forms = Form.objects.bulk_create(Form(wave=wave, **common) for wave in waves)
    chance.shuffle(people)
    games = []
    for form in forms:
        group = [people.pop() for _ in range(SIZE)]
        FormPerson.objects.bulk_create(FormPerson(form=form, person=one) for one in group)
        answers = chance.sample(group, chance.randint(1, SIZE - 1))
        games.append(Game(form, group, answers[:-1], answers[-1], chance.random() < 0.5))
    return games, {address.value.split("@")[0]: address for address in addresses}


def play(games, addresses, chance, *, answer, habits):
    """Let two days pass; return what every row of both dumps says."""
    first = [(game.form, person) for game in games for person in game.before]
    happens(chance, first, games, answer, habits)
    with acting("worker"), transaction.atomic():
        for game in games:
            if game.is_reminded:
                remind(game, addresses)
    dump = dumped()
    happens(chance, [(game.form, game.author) for game in games], games, answer, habits)
    return dump, dumped()


def happens(chance, answers, games, answer, habits):
    """Let these answers come in any order, and between them let people do other things."""
    doings = [(answer, form, person, "x" * habits[person.pk]) for form, person in answers]
    doings += [(change_language, person) for game in games for person in chance.sample(game.people, 1)]
    chance.shuffle(doings)
    for act, *about in doings:
        act(*about)


def change_language(person):
    """What people do beside answering."""
    with acting("person", person.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET language = language WHERE id = %s", [person.pk])


def submit(form, person, comment):
    """Answer as a page does."""
    with acting("link"), transaction.atomic():
        actions.submit(form=form, person=person, answers=sheet(form, "a_lot"), comment=comment)


def remind(game, addresses):
    """Write the rows of second requests, as the worker does: for those alone who have not answered."""
    waiting = access.who_has_not_answered(game.form)
    assert waiting == {one.pk for one in game.people} - {one.pk for one in game.before}
    about = {"kind": "form_again", "about": game.form.pk, "occurrence": "1"}
    for person in waiting:
        row = Message.objects.create(address=addresses[str(person)], due_at=now.now(), reference=uuid4(), **about)
        MessagePerson.objects.create(message=row, person_id=person, channel="email", **about)


TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def dumped():
    """Every row of every table in the order in which a dump writes them, with what a dump leaves out beside it."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronize_seqscans = off")
        cursor.execute(TABLES)
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT xmin::text::bigint AS xmin, ctid::text AS ctid, * FROM "{table}"')  # noqa: S608
            names = [column.name for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return found


def seen(games, before, after, habits):
    """Return what an attacker knows of each group."""
    known = {bytes(row["key"]) for row in before["surveys_inboxbox"]}
    boxes, roster, reminded = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in after["surveys_inboxbox"]:
        boxes[row["form_id"]].append(row)
    for row in after["surveys_formperson"]:
        roster[row["form_id"]].append(row["person_id"])
    for row in after["notifications_messageperson"]:
        reminded[row["about"]].append(row["person_id"])
    acts, changed = doings(before, after)
    for game in games:
        of = game.form.pk
        (new,) = [row for row in boxes[of] if bytes(row["key"]) not in known]
        theirs = set(roster[of])
        yield Seen(
            form=of,
            roster=roster[of],
            possible=[one for one in roster[of] if one in reminded[of]] or roster[of],
            boxes=boxes[of],
            new=new,
            acts={one: acts[one] for one in theirs},
            changed=[one for one in roster[of] if one in changed],
            habits=habits,
        )


def doings(before, after):
    """Return each person's latest row, and whose rows differ between two dumps, transactions and places included."""
    acts, rows = {}, []
    for dump in (before, after):
        of = defaultdict(set)
        for table, found in dump.items():
            for place, row in enumerate(found):
                person = row["id"] if table == "accounts_person" else row.get("person_id")
                of[person].add((table, str(row)))
                acts[person] = max(acts.get(person, (0, 0)), (row["xmin"], place))
        rows.append(of)
    return acts, {person for person in rows[1] if rows[0][person] != rows[1][person]}


# The attackers: each names one of the possible


def at_rank(seen, rank):
    """Name whoever has this place among all of the group, or the nearest who is possible."""
    order = seen.roster[rank % len(seen.roster) :] + seen.roster
    return next(one for one in order if one in seen.possible)


def by_place(seen):
    """The boxes lie as the list does."""
    return at_rank(seen, seen.boxes.index(seen.new))


def by_place_among_acts(seen):
    """The boxes came in the order in which people did something else."""
    order = sorted(seen.possible, key=lambda one: seen.acts[one])
    from_the_end = len(seen.boxes) - seen.boxes.index(seen.new)
    return order[-min(from_the_end, len(order))]


def by_latest_act(seen):
    """The new box is of whoever did something last."""
    return max(seen.possible, key=lambda one: seen.acts[one])


def by_xmin(seen):
    """The new box is of whoever wrote a row in the nearest transaction."""
    return min(seen.possible, key=lambda one: abs(seen.acts[one][0] - seen.new["xmin"]))


def by_ctid(seen):
    """The place of the box in its table stands for a place in the list."""
    page, line = seen.new["ctid"].strip("()").split(",")
    return at_rank(seen, int(page) * 2 + int(line))


def by_change(seen):
    """The new box is of whoever has a row that changed."""
    return next((one for one in seen.changed if one in seen.possible), seen.possible[0])


def by_change_of_the_list(seen):
    """The list's row that was written last is of whoever answered last."""
    return next(one for one in reversed(seen.roster) if one in seen.possible)


def by_key(seen):
    """The key is what anybody could compute, or lies near the person's."""
    named = {hashlib.sha256(f"{one}|{seen.form}".encode()).digest(): one for one in seen.possible}
    key = bytes(seen.new["key"])
    return named.get(key) or min(seen.possible, key=lambda one: abs(one.int - int.from_bytes(key[:16])))


def by_key_order(seen):
    """Keys and people are sorted alike."""
    rank = sorted(bytes(row["key"]) for row in seen.boxes).index(bytes(seen.new["key"]))
    order = sorted(seen.possible)
    return order[rank * len(order) // len(seen.boxes)]


def by_bytes(seen):
    """What is sealed stands for a person."""
    return seen.possible[sum(bytes(seen.new["box"]) + bytes(seen.new["comment_box"])) % len(seen.possible)]


def by_length(seen):
    """Who writes much has a long box."""
    length = len(seen.new["comment_box"]) - OVERHEAD
    return min(seen.possible, key=lambda one: abs(seen.habits[one] - length))


def by_message(seen):
    """The new box is of whoever was written to last."""
    return seen.possible[-1]


ATTACKERS = [
    by_place, by_place_among_acts, by_latest_act, by_xmin, by_ctid, by_change, by_change_of_the_list,
    by_key, by_key_order, by_bytes, by_length, by_message,
]  # fmt: skip
OVERHEAD = 48 + 1


# The games


@pytest.fixture
def world(school, ring, monkeypatch):
    """Play so many games with one way of answering; return who won how often, and how often chance would."""

    def begin(number, answer=submit):
        games, addresses = groups(school, ring, number)
        chance = random.SystemRandom()
        habits = {person.pk: chance.randint(0, 499) for game in games for person in game.people}
        dumps = play(games, addresses, chance, answer=answer, habits=habits)
        won, odds = Counter(), []
        for game, known in zip(games, seen(games, *dumps, habits), strict=True):
            k = SIZE - len(game.before) if game.is_reminded else SIZE
            assert len(known.possible) == k
            odds.append(1 / k)
            won.update(attack for attack in ATTACKERS if attack(known) == game.author.pk)
        return won, odds

    return begin


def most_by_chance(odds):
    """Return how many of independent guesses with these odds come true, at most, but for once in a million."""
    law = [1.0]
    for p in odds:
        law = [a * (1 - p) + b * p for a, b in zip([*law, 0.0], [0.0, *law], strict=True)]
    tail = 0.0
    for hits in reversed(range(len(law))):
        tail += law[hits]
        if tail > LUCK:
            return hits
    return 0


def test_the_bound_is_that_of_the_binomial_law():
    beyond = sum(
        comb(GAMES, hits) * 7 ** (GAMES - hits) for hits in range(most_by_chance([1 / 8] * GAMES) + 1, GAMES + 1)
    )
    assert beyond * 10**6 <= 8**GAMES < 2 * beyond * 10**6
    assert most_by_chance([1.0] * 5) == 5


@pytest.mark.django_db(transaction=True)
def test_nobody_links_the_new_box_to_a_person_more_often_than_chance(world):
    won, odds = world(GAMES)
    assert len(odds) == GAMES
    assert {attack.__name__: won[attack] for attack in ATTACKERS if won[attack] > most_by_chance(odds)} == {}


def flagged(form, person, comment):
    """A mistake: who has answered is written on the list."""
    with acting("link"), transaction.atomic():
        actions.submit(form=form, person=person, answers=sheet(form, "a_lot"), comment=comment)
        with acting("worker"):
            FormPerson.objects.filter(form=form, person=person).update(may_answer=True)


def opened_before(form, person, comment):
    """A mistake: opening the page leaves its trace, in the order in which answers come."""
    change_language(person)
    submit(form, person, comment)


def unpadded(form, person, comment):
    """A mistake: a comment is as long as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "COMMENT_BYTES", len(comment) + 1)
        submit(form, person, comment)


def without_a_key(form, person, comment):
    """A mistake: what names a box can be computed by anybody (the test below takes the ring's key away)."""
    submit(form, person, comment)


def computable(_keys, *, person, form):
    return hashlib.sha256(f"{person}|{form}".encode()).digest()


MISTAKES = [
    (flagged, {by_xmin, by_change_of_the_list}),
    # However the boxes lie: whoever did something between the dumps is found without them.
    (opened_before, {by_xmin, by_change}),
    (unpadded, {by_length}),
    (without_a_key, {by_key}),
]


@pytest.fixture
def any_length(transactional_db):
    """Boxes of all lengths, for as long as a test needs them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_inboxbox DROP CONSTRAINT comment_boxes_are_of_one_length")
        yield
        cursor.execute("DELETE FROM surveys_inboxbox")
        cursor.execute(
            "ALTER TABLE surveys_inboxbox"
            " ADD CONSTRAINT comment_boxes_are_of_one_length CHECK (length(comment_box) = 2352)"
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("any_length")
@pytest.mark.parametrize(("mistake", "winners"), MISTAKES, ids=[mistake.__name__ for mistake, _winners in MISTAKES])
def test_with_a_mistake_the_same_attackers_win(world, monkeypatch, mistake, winners):
    if mistake is without_a_key:
        monkeypatch.setattr(sealing.Sealer, "box_key", computable)
    won, odds = world(GAMES_WITH_A_MISTAKE, mistake)
    assert winners - {attack for attack in ATTACKERS if won[attack] > most_by_chance(odds)} == set()


# Live SQL

READABLE = """
SELECT c.relname::text, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
  AND (a.attnum > 0 OR a.attname IN ('xmin', 'ctid'))
  AND has_column_privilege(c.oid, a.attnum, 'SELECT')
GROUP BY 1 ORDER BY 1
"""
ASIDE = (
    "SELECT schemaname::text, sequencename::text, last_value FROM pg_sequences ORDER BY 1, 2",
    "SELECT relname::text, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables"
    " WHERE relname <> 'surveys_inboxbox' ORDER BY 1",
)


def readable(role, person):
    """Everything that a web role reads by SQL of its own while it acts for this person."""
    with acting(role, person), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(READABLE)
        asked = [f"SELECT {columns} FROM {table}" for table, columns in cursor.fetchall()]  # noqa: S608
        found = {}
        for statement in [*asked, *ASIDE]:
            cursor.execute(statement)
            found[statement] = [str(row) for row in cursor.fetchall()]
        return found


def flushed():
    """Let what this connection has done count in the statistics."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")


def what_roles_see(answer, form, person):
    """Return which roles see a difference when this person answers."""
    flushed()
    viewers = [(role, who) for role in sorted(AUDIENCES | {"web"}) for who in (None, person.pk)]
    before = [readable(*viewer) for viewer in viewers]
    answer(form, person, "")
    flushed()
    after = [readable(*viewer) for viewer in viewers]
    return {role for (role, _who), old, new in zip(viewers, before, after, strict=True) if old != new}


@pytest.mark.django_db(transaction=True)
def test_no_web_role_sees_anything_change_when_somebody_answers(form, families):
    submit(form, families[0], "")
    assert what_roles_see(submit, form, families[1]) == set()


@pytest.mark.django_db(transaction=True)
def test_a_flag_on_the_list_would_be_seen(form, families):
    assert {"link", "caregiver", "coordinator"} <= what_roles_see(flagged, form, families[1])
