"""What the worker does for the spaces; nothing here has an argument."""

from celery import shared_task

from partnerships.actions import doors


@shared_task
def try_doors():
    """Try the doors that members asked for."""
    doors.try_waiting()
