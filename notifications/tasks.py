"""What the worker is woken for, and does every few seconds anyway; nothing here has an argument."""

from celery import shared_task

from notifications import delivery, events, expand, wake


@shared_task
def expand_intents():
    """Turn what was posted into messages."""
    expand.waiting()


@shared_task
def send_due():
    """Send what is due, a short round at a time."""
    if delivery.send_due():
        wake.now(wake.SEND)


@shared_task
def settle_events():
    """Act on what the provider told us."""
    events.settle_waiting()
