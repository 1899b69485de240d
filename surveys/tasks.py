"""What the worker does for surveys, whenever it is woken and at each interval of the timetable."""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from celery import shared_task

from notifications import clock
from surveys import access, actions, releases

log = logging.getLogger(__name__)


def each(act: Callable, what: str, keys: Iterable[UUID]) -> None:
    """Do it to each: one that fails keeps no other, and the log says nothing that a row may hold."""
    for key in list(keys):
        try:
            act(**{what: key})
        except Exception as error:  # noqa: BLE001
            log.error("%s of %s %s failed: %s", act.__name__, what, key, type(error).__name__)


@shared_task
def make_key_rings():
    """Make the keys of every ring that has none yet."""
    each(actions.make_ring_keys, "ring", access.rings_without_keys())


@shared_task
def close_due_forms():
    """Close every form whose time is over, and open its free lines."""
    each(actions.close_form, "form", access.forms_to_close(at=clock.now()))
    each(releases.open_comments, "form", access.forms_to_open_comments_of())


@shared_task
def seal_due_waves():
    """Seal every wave whose last form has closed."""
    each(releases.seal, "wave", access.waves_to_seal())


@shared_task
def release_due_waves():
    """Freeze the results of every wave whose hour has come."""
    each(releases.release, "wave", access.waves_to_release(at=clock.now()))


@shared_task
def end_rings():
    """Destroy the keys of every ring that ended 30 days ago, and then write its evaluator's file."""
    each(releases.destroy_keys, "ring", access.rings_to_end(at=clock.now()))
    each(releases.make_evaluator_file, "ring", access.rings_without_file())
