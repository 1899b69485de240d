"""Two senders, two schedulers, a broker that forgets: still once."""

import json
import threading
import time

import pytest
import redis
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.database import acting
from config.celery import app
from notifications import claim, delivery, expand, tasks, wake
from notifications.models import Intent, Message
from tests.notifications.cast import faults, post, somebody

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+17735550101"
ANA = {"Ana": [PHONE]}
FLOOR = [task.name for task in (tasks.settle_events, tasks.expand_intents, tasks.send_due)]
broker = redis.from_url(django_settings.REDIS)


def at_once(count, work):
    """Run the same work in threads, each with a connection of its own."""
    start, errors = threading.Barrier(count), []

    def run():
        try:
            start.wait(60)
            with acting("worker"):
                work()
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []


CLASS = {f"P{number:02}": [f"+177355502{number:02}"] for number in range(12)}


def test_four_senders_at_once_send_each_text_once(twilio):
    for name, (phone,) in CLASS.items():
        post(somebody(name, phone=phone))
    at_once(4, delivery.go_round)
    assert faults([], twilio.ledger, people=CLASS) == []


def test_without_the_lock_on_the_claimed_row_they_would_send_it_twice(twilio, monkeypatch):
    somebody("Ana", phone=PHONE)
    post()
    with acting("worker"):
        expand.waiting()
    # The second lock: an attempt has a number, and one number exists once.
    both_have_it = threading.Barrier(2)
    prepare = claim.prepare

    def prepared(message, at):
        both_have_it.wait(60)
        return prepare(message, at)

    def begin(message, at):
        message.attempts += 1
        Message.objects.filter(pk=message.pk).update(
            state="sending", attempts=message.attempts, lease_until="2100-01-01T00:00Z"
        )

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    monkeypatch.setattr(claim, "prepare", prepared)
    monkeypatch.setattr(claim, "begin", begin)
    # Both come to the call before either has recorded its result.
    both_call = threading.Barrier(2)
    monkeypatch.setattr(delivery, "last_look", lambda message: both_call.wait(60) >= 0)
    at_once(2, delivery.send_due)
    assert faults([], twilio.ledger, people=ANA) == [f"{PHONE} twice"]


def test_an_intent_whose_transaction_is_rolled_back_says_nothing(twilio):
    somebody("Ana", phone=PHONE)
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    with acting("worker"):
        delivery.go_round()
    assert twilio.ledger == []


# Redis


def asked():
    """Take what waits in the broker, and say which tasks."""
    waiting = []
    while raw := broker.lpop("celery"):
        waiting.append(json.loads(raw)["headers"]["task"])
    return waiting


def do_what_is_asked():
    for task in asked():
        app.tasks[task]()


def test_a_post_wakes_the_worker_once_when_it_is_committed():
    ana = somebody("Ana", phone=PHONE)
    with transaction.atomic():
        post(ana, occurrence="one")
        post(ana, occurrence="two")
        assert asked() == []
    assert asked() == [wake.EXPAND]


def test_one_task_wakes_the_next_until_the_text_is_out(twilio):
    somebody("Ana", phone=PHONE)
    post()
    do_what_is_asked()
    do_what_is_asked()
    assert (faults([], twilio.ledger, people=ANA), asked()) == ([], [])


def test_a_broker_that_forgets_everything_loses_nothing(twilio):
    somebody("Ana", phone=PHONE)
    post()
    cache.clear()
    do_what_is_asked()
    # Only the timetable is left; without it the text would be lost.
    assert faults([], twilio.ledger, people=ANA) == ["Ana not told"]
    for task in FLOOR:
        app.tasks[task]()
    assert faults([], twilio.ledger, people=ANA) == []


def test_posting_works_at_once_while_the_broker_is_away_and_the_timetable_sends(twilio, monkeypatch, caplog):
    somebody("Ana", phone=PHONE)
    monkeypatch.setattr(app.conf, "broker_url", "redis+socket:///tmp/no-redis-here.sock?virtual_host=0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    began = time.monotonic()
    post()
    assert time.monotonic() - began < 3
    assert (Intent.objects.count(), "was not woken" in caplog.text) == (1, True)
    for task in FLOOR:
        app.tasks[task]()
    assert faults([], twilio.ledger, people=ANA) == []


def test_the_timetable_runs_every_task_of_the_floor_and_gives_none_an_argument():
    timetable = app.conf.beat_schedule
    assert sorted(task for task in timetable if task.startswith("notifications.")) == sorted(FLOOR)
    assert [task for task, entry in timetable.items() if set(entry) != {"task", "schedule", "options"}] == []
