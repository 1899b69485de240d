"""What the timetable does for accounts."""

from celery import shared_task

from accounts import actions


@shared_task
def forget_codes():
    """Delete sign-in codes a day old."""
    actions.forget_codes()
