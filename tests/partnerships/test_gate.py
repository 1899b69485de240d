"""With school leaders a decision goes only with a receipt of these very words, or with the public reason why not."""

import contextlib
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError, connection, transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.database import acting
from notifications import clock as product_clock
from partnerships.actions import consulting
from partnerships.actions import decisions as actions
from partnerships.models import Consultation, Decision, NotConsulted, Receipt
from surveys.actions import start_ring
from tests.conftest import NOON
from tests.factories import make_member, make_person, make_series
from tests.partnerships.deciding import (
    CLOSES_ON,
    THREE,
    VOTES,
    WORDS,
    answer,
    as_board,
    as_leader,
    asked,
    drafted,
    make_town,
    member,
    publish,
    read_by_board,
    work,
)
from tests.partnerships.gate import ROLES, TRIES, WEB_ROLES, attempt, faults, kept, tries_of

pytestmark = pytest.mark.django_db

BECAUSE = {"because_es": "La ley no da tiempo.", "because_en": "The law leaves no time."}
GATE = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE partnerships_decision DISABLE TRIGGER decision_moves,
  DROP CONSTRAINT families_were_asked_or_it_says_why_not, DROP CONSTRAINT consulted_has_a_receipt,
  DROP CONSTRAINT receipt_is_of_these_words, DROP CONSTRAINT reason_is_of_these_words
"""


def refused(act, *args, **said):
    with pytest.raises(ValidationError) as refusal:
        act(*args, **said)
    return refusal.value.code


# The machine


class Course(RuleBasedStateMachine):
    """Everybody does whatever she can think of, on pages and in SQL, in any order, while days go by."""

    clock, reached = None, set()

    def __init__(self):
        super().__init__()
        self.clock.move_to(NOON)
        self.example = transaction.atomic()
        self.example.__enter__()
        _school, self.board, self.families = make_town(2)
        group = make_series(self.board.school).group
        self.elena = make_person("Elena", self.board.school, "caregiver")
        make_member(group, self.elena, "facilitator")
        self.leader = make_person("Dra. Grant", self.board.school, "leader")
        self.people = {"leader": self.leader, "facilitator": self.elena, "caregiver": self.families[0]}
        self.people["board"] = member(self.board)
        self.decision = drafted(self.board)
        self.stood = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def do(self, act, **said):
        """Let it be done, or refused in words."""
        with contextlib.suppress(ValidationError), transaction.atomic():
            act(decision=self.decision, **said)

    @rule(seat=st.sampled_from(["parent_seat", "teacher_seat"]))
    def publish(self, seat):
        by = member(self.board, seat)
        with acting("board", by.pk):
            self.do(actions.publish, closes_on=(product_clock.now() + timedelta(days=7)).date(), by=by)

    @rule(title=st.sampled_from(["Una", "Otra"]), options=st.sampled_from([[], THREE]))
    def change_words(self, title, options):
        with acting("board", self.people["board"].pk):
            self.do(actions.change_words, **{**WORDS, "title_es": title, "options": options, "decides_on": FAR})

    @rule()
    def say_not_consulted(self):
        with acting("board", self.people["board"].pk):
            self.do(actions.say_not_consulted, **BECAUSE)

    @rule()
    def take_to_leaders(self):
        with acting("board", self.people["board"].pk):
            self.do(actions.take_to_leaders)

    @rule()
    def record(self):
        with acting("board", self.people["board"].pk):
            self.do(actions.record, **VOTES)

    @rule()
    def leaders(self):
        with acting("leader", self.leader.pk):
            self.do(actions.answer_as_leaders, text="Bien.", language="es")
            self.do(actions.carry_out)

    @rule()
    def ask_and_wait_for_the_answer(self):
        self.publish("parent_seat")
        for _ in range(3):
            self.days_go_by(4)

    @rule(days=st.sampled_from([0, 2, 8]))
    def days_go_by(self, days):
        """Let the worker do what is due, at once or after days."""
        self.clock.move_to(self.clock.at + timedelta(days=days))
        work()

    @rule(hours=st.sampled_from([1, 30, 60]))
    def shorten(self, hours):
        found = Consultation.objects.filter(decision=self.decision).order_by("-version").first()
        if found:
            with acting("facilitator", self.elena.pk), contextlib.suppress(ValidationError):
                consulting.shorten(consultation=found, closes_at=self.clock.at + timedelta(hours=hours))

    # Those who may change a decision at all try more often.
    @rule(role=st.sampled_from([*ROLES, *["board", "leader", "worker"] * 5]), data=st.data())
    def try_in_sql(self, role, data):
        person = self.people.get(role, self.leader)
        sql = data.draw(st.sampled_from(tries_of(role)))
        with acting("board", person.pk):
            ring = start_ring(ends_on=CLOSES_ON)
        attempt(role, person.pk, sql, decision=self.decision.pk, ring=ring.pk)

    @invariant()
    def the_gate_holds(self):
        assert faults() == []
        self.reached.update(Decision.objects.values_list("state", flat=True))

    @invariant()
    def what_stands_for_ever_stands(self):
        now = kept()
        assert self.stood <= now
        self.stood = now


FAR = WORDS["decides_on"] + timedelta(days=300)
BOUNDED = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


def test_no_sequence_of_steps_passes_the_gate(clock):
    Course.clock = clock
    run_state_machine_as_test(Course, settings=BOUNDED)
    assert Course.reached == set(Decision.State.values)


def test_the_machine_finds_a_way_when_the_gate_is_out(clock):
    with connection.cursor() as cursor:
        cursor.execute(GATE)
    Course.clock = clock
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Course, settings=BOUNDED)


# Every statement, from every state, as every role


def reach(state, clock):
    """Bring a decision of its own to a state; return it with the people who may try something."""
    school, board, _families = make_town(1)
    group = make_series(school).group
    elena, leader = make_person("Elena", school, "caregiver"), make_person("Dra. Grant", school, "leader")
    make_member(group, elena, "facilitator")
    if state == "draft":
        decision = drafted(board)
    else:
        decision, consultation = asked(board)
        if state == "consulted":
            read_by_board(consultation, clock)
    return decision, {"facilitator": elena, "leader": leader, "board": member(board)}


@pytest.mark.parametrize("state", ["draft", "consulting", "consulted"])
def test_no_statement_of_a_page_s_role_passes_the_gate(state, clock):
    decision, people = reach(state, clock)
    with acting("board", people["board"].pk):
        ring = start_ring(ends_on=CLOSES_ON)
    before, went = kept(), []
    for role in ROLES:
        for sql in tries_of(role):
            with transaction.atomic():
                attempt(role, people.get(role, people["leader"]).pk, sql, decision=decision.pk, ring=ring.pk)
                if faults() or not before <= kept():
                    went.append((role, sql))
                transaction.set_rollback(True)
    assert went == []


def test_every_try_is_a_statement_that_the_database_understands(clock):
    decision, people = reach("consulted", clock)
    with acting("board", people["board"].pk):
        ring = start_ring(ends_on=CLOSES_ON)
    wrong = []
    for sql in TRIES:
        with contextlib.suppress(IntegrityError, OperationalError), transaction.atomic(), connection.cursor() as cursor:
            try:
                cursor.execute(sql, {"decision": decision.pk, "ring": ring.pk})
            except ProgrammingError as error:
                wrong.append((sql, str(error)))
            transaction.set_rollback(True)
    assert wrong == []


def test_every_role_of_the_web_tries(clock):
    decision, people = reach("draft", clock)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE pg_has_role('ds_web', oid, 'SET') AND rolname <> 'ds_web'")
        found = {name for (name,) in cursor.fetchall()}
    assert found - {"ds_demo"} == {f"ds_{role}" for role in WEB_ROLES}


# Step by step


def test_a_decision_goes_from_draft_to_carried_out_with_the_receipt_of_its_words(clock):
    decision, people = reach("consulted", clock)
    decision = as_board(actions.take_to_leaders, decision)
    as_leader(actions.answer_as_leaders, decision, people["leader"], text="Lo apoyamos.", language="es")
    as_board(actions.record, decision, **VOTES)
    done = as_leader(actions.carry_out, decision, people["leader"])
    assert (done.state, done.receipt.version, done.outcome) == ("carried_out", 1, "otherwise")


def test_without_asking_it_goes_with_the_public_reason_alone(clock):
    decision, people = reach("draft", clock)
    assert refused(as_board, actions.take_to_leaders, decision) == "state"
    taken = as_board(actions.say_not_consulted, decision, **BECAUSE)
    assert (taken.state, taken.not_consulted.because_en) == ("with_leaders", BECAUSE["because_en"])
    assert refused(as_board, actions.say_not_consulted, drafted(decision.board), because_es="x", because_en=" ") == (
        "lacking"
    )


def test_a_step_that_is_not_next_is_refused_in_words(clock):
    decision, people = reach("consulting", clock)
    assert [
        refused(as_board, actions.take_to_leaders, decision),
        refused(as_board, actions.record, decision, **VOTES),
        refused(as_board, actions.say_not_consulted, decision, **BECAUSE),
        refused(as_leader, actions.carry_out, decision, people["leader"]),
        refused(as_leader, actions.answer_as_leaders, decision, people["leader"], text="x", language="es"),
        refused(as_board, actions.change_words, decision, **WORDS),
    ] == ["state"] * 5 + ["asking"]


def test_nobody_voted_is_no_vote(clock):
    decision, _people = reach("consulted", clock)
    as_board(actions.take_to_leaders, decision)
    nobody = {**VOTES, "votes_for": 0, "votes_against": 0, "votes_abstained": 0}
    assert refused(as_board, actions.record, decision, **nobody) == "votes"


@pytest.mark.parametrize("changed", [{"question_en": "Which hour?"}, {"options": THREE}, {"kind": "group_position"}])
def test_other_words_are_asked_about_again_and_the_earlier_receipt_stays(changed, clock):
    decision, _people = reach("consulted", clock)
    as_board(actions.take_to_leaders, decision)
    again = as_board(actions.change_words, decision, **{**WORDS, "decides_on": FAR, **changed})
    assert (again.state, again.version, again.receipt, again.with_leaders_at) == ("draft", 2, None, None)
    assert refused(as_board, actions.take_to_leaders, again) == "state"
    assert Receipt.objects.filter(decision=decision).values_list("version", flat=True).get() == 1
    read_by_board(asked_again(again), clock)
    assert Decision.objects.get(pk=decision.pk).receipt.version == 2


def asked_again(decision):
    consultation = publish(decision, closes_on=(product_clock.now() + timedelta(days=8)).date())
    work()
    return Consultation.objects.get(pk=consultation.pk)


def test_the_same_words_on_another_day_keep_their_receipt(clock):
    decision, _people = reach("consulted", clock)
    later = as_board(actions.change_words, decision, **{**WORDS, "decides_on": FAR})
    assert (later.state, later.version, later.receipt_id is None) == ("consulted", 1, False)


def test_decided_words_stay(clock):
    decision, _people = reach("consulted", clock)
    as_board(actions.take_to_leaders, decision)
    as_board(actions.record, decision, **VOTES)
    assert refused(as_board, actions.change_words, decision, **{**WORDS, "title_es": "x"}) == "decided"
    assert refused(as_board, actions.record, decision, **{**VOTES, "votes_for": 1}) == "state"


# Two at once


def at_once(*works):
    """Do these at the same moment, each on a connection of its own; return what each came to."""
    begin, came = threading.Barrier(len(works)), {}

    def run(number, act):
        try:
            begin.wait(30)
            came[number] = act()
        except (ValidationError, DatabaseError) as error:
            came[number] = getattr(error, "code", type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [came[number] for number in range(len(works))]


def with_leaders(clock):
    decision, _people = reach("consulted", clock)
    return as_board(actions.take_to_leaders, decision)


def recording(decision, votes):
    """Record a vote, slowly enough that the other is there meanwhile."""
    return lambda: as_board(actions.record, decision, **{**VOTES, "votes_for": votes}).votes_for


def lingering(monkeypatch):
    """Let everybody who has looked at a decision wait until the other has too, or for a moment."""
    both, move = threading.Barrier(2), actions.move

    def slow(*args):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return move(*args)

    monkeypatch.setattr(actions, "move", slow)


@pytest.mark.django_db(transaction=True)
def test_of_two_members_who_decide_at_once_one_is_told_and_the_other_s_vote_stands(clock, monkeypatch):
    decision = with_leaders(clock)
    lingering(monkeypatch)
    came = at_once(recording(decision, 5), recording(decision, 6))
    assert "state" in came
    [stands] = set(came) - {"state"}
    assert Decision.objects.get(pk=decision.pk).votes_for == stands


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_gate_one_vote_is_lost(clock, monkeypatch):
    decision = with_leaders(clock)
    lingering(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partnerships_decision DISABLE TRIGGER decision_moves")
    try:
        assert sorted(at_once(recording(decision, 5), recording(decision, 6))) == [5, 6]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE partnerships_decision ENABLE TRIGGER decision_moves")


@pytest.mark.django_db(transaction=True)
def test_two_members_who_publish_at_once_ask_once(clock, monkeypatch):
    decision, _people = reach("draft", clock)
    lingering(monkeypatch)
    came = at_once(lambda: publish(decision).pk, lambda: publish(decision).pk)
    assert came == [Consultation.objects.get(decision=decision).pk] * 2


@pytest.mark.django_db(transaction=True)
def test_one_who_asks_and_one_who_says_why_not_do_not_both(clock, monkeypatch):
    decision, _people = reach("draft", clock)
    lingering(monkeypatch)
    came = at_once(
        lambda: publish(decision).version, lambda: as_board(actions.say_not_consulted, decision, **BECAUSE).version
    )
    assert sorted(map(str, came)) == ["1", "state"]
    assert Consultation.objects.count() + NotConsulted.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_makes_it_shorter_and_who_tells_the_count_at_once_are_both_heard(clock):
    school, board, _families = make_town(1)
    _decision, consultation = asked(board, kind="group_position")
    elena, group = make_person("Elena", school, "caregiver"), make_series(school).group
    make_member(group, elena, "facilitator")
    earlier = consultation.published_at + timedelta(days=3)

    def as_elena(act, **said):
        with acting("facilitator", elena.pk):
            return act(consultation=consultation, **said).pk

    came = at_once(
        lambda: as_elena(consulting.shorten, closes_at=earlier), lambda: as_elena(consulting.tell_count), work
    )
    work()
    found = Consultation.objects.select_related("form").get()
    assert came == [found.pk, found.pk, None]
    assert (found.closes_at, found.form.closes_at, found.count_agreed_at) == (earlier, earlier, NOON)


def receipting(consultation):
    def issue():
        with acting("worker"):
            return consulting.issue_receipt(consultation=consultation.pk).number

    return issue


def due(clock, monkeypatch):
    """Bring a consultation to the board's hour with no receipt; both workers have looked before either writes."""
    decision, consultation = asked(make_town(5)[1])
    with monkeypatch.context() as idle:
        idle.setattr("partnerships.tasks.consulting.issue_receipt", lambda **which: None)
        read_by_board_without_receipt(consultation, clock)
    both, frozen = threading.Barrier(2), consulting.frozen

    def slow(*args):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(1)
        return frozen(*args)

    monkeypatch.setattr(consulting, "frozen", slow)
    return decision, consultation


def read_by_board_without_receipt(consultation, clock):
    clock.move_to(consultation.closes_at)
    work()
    clock.move_to(consultation.closes_at + timedelta(days=1))
    work()
    clock.move_to(consultation.closes_at + timedelta(days=4))
    work()


@pytest.mark.django_db(transaction=True)
def test_two_workers_issue_one_receipt(clock, monkeypatch):
    decision, consultation = due(clock, monkeypatch)
    came = at_once(receipting(consultation), receipting(consultation))
    assert came == [Receipt.objects.get().number] * 2
    assert Decision.objects.get(pk=decision.pk).state == "consulted"


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_workers_run_into_each_other(clock, monkeypatch):
    _decision, consultation = due(clock, monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    came = at_once(receipting(consultation), receipting(consultation))
    assert "IntegrityError" in came


@pytest.mark.django_db(transaction=True)
def test_answers_given_at_once_all_arrive(clock):
    _school, board, families = make_town(8)
    _decision, consultation = asked(board)
    came = at_once(*(lambda person=person: answer(consultation, person, 1) for person in families))
    assert came == [None] * 8
    receipt = read_by_board(consultation, clock)
    assert [label["band"] for label in receipt.labels] == ["more_than_half"]
