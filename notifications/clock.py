"""The one clock of every rule: the machine's time plus an offset that only a demonstration or a test may move.

The offset arrives with the statement that opens each transaction (config/postgresql/base.py), so that web,
worker and scheduler agree. Leases, sign-in codes and sessions use the machine's own time.
"""

from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())


def now() -> datetime:
    """Return the aware UTC instant by which the programme's rules are decided."""
    return timezone.now() + _offset.get()


def keep(offset: timedelta) -> None:
    """Remember the offset that the database has just said for this transaction."""
    _offset.set(offset)
