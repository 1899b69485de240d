"""kill -9 at every step of a real sender, judged by the providers' own ledgers."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.models import Person
from notifications.models import Address, Intent, Message
from tests.notifications import cast

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, MAIL = "+17735550101", "ana@example.org"


class Sender:
    """The other process."""

    def __init__(self, database):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notifications.sender"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=django_settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings_test",
                "TEST_DATA_DIR": str(django_settings.DATA_DIR),
                "TEST_DATABASE": database,
            },
        )
        assert self.process.stdout.readline() == "ready\n"

    def round(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def sender(django_db_setup, django_db_blocker):
    process = Sender(connection.settings_dict["NAME"])
    yield process
    process.close()


@pytest.fixture
def rounds(sender, sink, twilio, settings, clock):
    """One round of the other process, against the ledgers of this test."""
    order = {
        "at": clock.at.isoformat(),
        "SMS_URL": twilio.url,
        "EMAIL_BACKEND": settings.EMAIL_BACKEND,
        "EMAIL_HOST": sink.controller.hostname,
        "EMAIL_PORT": sink.port,
        "EMAIL_TIMEOUT": 5,
        "DEFAULT_FROM_EMAIL": settings.DEFAULT_FROM_EMAIL,
    }
    return lambda **more: sender.round(**order, **more)


def begin_again(sink, twilio):
    for model in (Message, Intent, Address, Person):
        model.objects.all().delete()
    sink.ledger.clear()
    twilio.ledger.clear()


def recovered(rounds, clock, without=()):
    """Let the leases run out and the waits pass, and send what is left."""
    for _ in range(2):
        cast.lease_runs_out()
        Message.objects.filter(state="due").update(due_at=clock.at)
        assert rounds(without=without)["exit"] == 0


def told(sink, twilio, **addresses):
    """Tell Ana one thing, on clean ledgers."""
    begin_again(sink, twilio)
    cast.somebody("Ana", **addresses)
    cast.post()


@pytest.fixture
def verdicts(rounds, sink, twilio, clock):
    """Break the sender before each of these steps (all that there are), and ask the ledgers about Ana."""

    def broken(how, *, at=None, without=(), **addresses):
        told(sink, twilio, **addresses)
        steps = rounds(without=without)["steps"]
        assert {"before call", "after call", "before commit", "after commit"} < set(steps)
        found = {}
        for step in range(len(steps)) if at is None else at:
            told(sink, twilio, **addresses)
            answer = rounds(without=without, **{how: step})
            assert answer["signal"] == (9 if how == "die_at" else 0)
            recovered(rounds, clock, without)
            found[step] = cast.faults(sink.letters, twilio.ledger, people={"Ana": addresses.values()})
        return {step: faults for step, faults in found.items() if faults}

    return broken


def test_a_mail_survives_kill_9_at_every_step_once(verdicts):
    assert verdicts("die_at", email=MAIL) == {}


def test_a_text_survives_kill_9_at_every_step_never_twice_and_by_mail_when_in_doubt(verdicts):
    assert verdicts("die_at", phone=PHONE, email=MAIL) == {}


def test_a_mail_survives_a_database_that_goes_away_at_every_step(verdicts):
    assert verdicts("cut_at", email=MAIL) == {}


def test_a_text_survives_a_database_that_goes_away_around_each_commit_and_call(verdicts):
    steps = ["before call", "after call", "before commit", "after commit"]
    assert verdicts("cut_at", at=steps, phone=PHONE, email=MAIL) == {}


def test_a_mail_left_unknown_goes_once_more_with_the_same_name_and_the_same_bytes(rounds, sink, twilio, clock):
    told(sink, twilio, email=MAIL)
    for _ in range(3):
        rounds(die_at="after call")
        cast.lease_runs_out()
        rounds()
        Message.objects.filter(state="due").update(due_at=clock.at)
    first, second = sink.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    assert cast.states() == [("email", "unknown")]


def test_a_text_that_may_have_gone_is_kept_as_unknown_for_the_coordinator(rounds, sink, twilio, clock):
    told(sink, twilio, phone=PHONE)
    rounds(die_at="after call")
    recovered(rounds, clock)
    assert (len(twilio.ledger), cast.states()) == (1, [("sms", "unknown")])


# Negative controls: each guard taken out, the same look at the ledgers sees the loss or the duplicate.


def test_without_an_attempt_written_before_the_call_a_text_goes_twice(verdicts):
    found = verdicts("die_at", at=["after call"], without=["no_attempt_before_the_call"], phone=PHONE, email=MAIL)
    assert found == {"after call": [f"{PHONE} twice"]}


def test_without_a_fixed_name_a_mail_goes_twice(verdicts):
    found = verdicts("die_at", at=["after call"], without=["another_name_each_time"], email=MAIL)
    assert found == {"after call": [f"{MAIL} twice"]}


def test_without_a_look_for_lost_senders_a_mail_is_lost(verdicts):
    found = verdicts("die_at", at=["before call"], without=["no_return_for_the_lost"], email=MAIL)
    assert found == {"before call": ["Ana not told"]}


def test_with_the_call_inside_the_transaction_a_database_that_goes_away_makes_two_texts(verdicts):
    found = verdicts("cut_at", at=["after call"], without=["no_attempt_before_the_call"], phone=PHONE, email=MAIL)
    assert found == {"after call": [f"{PHONE} twice"]}
