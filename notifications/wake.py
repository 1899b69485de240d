"""Tell the worker that there is something to do; the timetable looks every few seconds anyway."""

import logging
from functools import cache

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

EXPAND = "notifications.tasks.expand_intents"
SEND = "notifications.tasks.send_due"
SETTLE = "notifications.tasks.settle_events"
SECONDS = 30


def now(task: str) -> None:
    """Ask for one run of a task; a broker that is away costs milliseconds and loses nothing."""
    try:
        current_app.send_task(task, retry=False, expires=SECONDS, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("%s was not woken (%s); the timetable will", task, type(error).__name__)


@cache
def _waker(task: str):
    def wake():
        now(task)

    return wake


def after_commit(task: str) -> None:
    """Ask for one run of a task when this transaction has ended well, once however often it is said."""
    waker = _waker(task)
    if all(waker is not said for _, said, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(waker, robust=True)
