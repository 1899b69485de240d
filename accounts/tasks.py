"""What the timetable does for accounts."""

from celery import shared_task

from accounts import privacy, rights


@shared_task
def answer_requests():
    """Make the copies, and erase the people, that were asked for."""
    rights.answer_waiting()


@shared_task
def forget_old():
    """Delete or empty what has been kept long enough."""
    privacy.forget_old()
