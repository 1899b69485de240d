"""What the worker does for the spaces and for boards' questions; nothing here has an argument."""

from celery import shared_task

from notifications import clock, outbox
from partnerships.access import decisions
from partnerships.actions import consulting, doors, pathway
from surveys.tasks import each


@shared_task
def try_doors():
    """Try the doors that members asked for."""
    doors.try_waiting()


@shared_task
def open_consultations():
    """Open what boards ask once the keys are made; while it is open keep its close, and ask whoever has joined."""
    each(consulting.open_consultation, "consultation", decisions.consultations_to_keep())


@shared_task
def tell_consultations():
    """Post that families can read what they answered a board; posted again, it is one message."""
    for consultation in decisions.consultations_to_tell(at=clock.now()):
        outbox.post(kind="consultation_answered", about=consultation)


@shared_task
def issue_receipts():
    """Issue the receipt of every consultation whose board's hour has come."""
    each(consulting.issue_receipt, "consultation", decisions.consultations_to_receipt(at=clock.now()))


@shared_task
def count_steps():
    """Freeze, once a month, about how many are on the way to a seat."""
    pathway.count_steps()
