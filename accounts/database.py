"""Which database role acts, and for whom: said at each transaction's start by config/postgresql/base.py."""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.db import connection
from psycopg2.extensions import TRANSACTION_STATUS_INERROR


class Actor(NamedTuple):
    """A database role (`ds_caregiver`) and the person for whom it acts (a UUID in words, or nothing)."""

    role: str
    person: str


# "none" gives back the login's own role, which by itself reaches only what sign-in needs.
NOBODY = Actor("none", "")
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current() -> Actor | None:
    """Return who acts now, or None where the login's own role is meant to do the work (migrations)."""
    return _actor.get()


@contextmanager
def acting(audience: str, person=None):
    """Let every transaction inside run as the audience's database role, for the person with this key.

    Inside an open transaction the role changes at once and the earlier one returns at the end.
    """
    token = _actor.set(Actor(f"ds_{audience}", str(person or "")))
    inside = connection.in_atomic_block
    if inside:
        connection.say(current())
    try:
        yield
    finally:
        _actor.reset(token)
        if inside and is_alive():
            connection.say(current() or NOBODY)


def is_alive() -> bool:
    """Say whether the open transaction still takes statements."""
    return connection.in_atomic_block and connection.connection.info.transaction_status != TRANSACTION_STATUS_INERROR
