"""What the demonstration may do that the product may not: sign in at a tap, and move the clock."""

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.utils.timezone import now as machine_now  # noqa: TID251 - the offset is counted from the machine's time

from accounts.models import Person
from config.celery import TIMETABLE
from notifications import wake
from notifications.models import ClockOffset

BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter_as(request, *, person: Person) -> None:
    """Sign this browser in, marked as confirmed by a second factor."""
    login(request, person, backend=BACKEND)
    record_authentication(request, person, method="mfa", type="totp")


def move_clock_by(step: timedelta) -> None:
    """Move everybody's clock by a step from where it stands."""
    found = ClockOffset.objects.first()
    keep_offset((found.offset if found else timedelta()) + step)


def move_clock_to(at: datetime) -> None:
    """Let it be this aware instant now."""
    keep_offset(at - machine_now())


def keep_offset(offset: timedelta) -> None:
    """Write the one row that every process reads, and let the worker look at once for what is due by now."""
    ClockOffset.objects.update_or_create(id=True, defaults={"offset": offset})
    for task in TIMETABLE:
        wake.after_commit(task)
