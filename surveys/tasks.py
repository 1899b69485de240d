"""What the worker does for surveys, whenever it is woken and at each interval of the timetable."""

from celery import shared_task

from notifications import clock
from surveys import access, actions


@shared_task
def make_key_rings():
    """Make the keys of every ring that has none yet."""
    for ring in list(access.rings_without_keys()):
        actions.make_ring_keys(ring=ring)


@shared_task
def close_due_forms():
    """Close every form whose time is over."""
    for form in list(access.forms_to_close(at=clock.now())):
        actions.close_form(form=form)
