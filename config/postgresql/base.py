"""PostgreSQL, with the acting role, the person and the clock said at the start of every transaction."""

import select
from datetime import timedelta

from django.conf import settings
from django.db.backends.postgresql import base
from django.utils import timezone

from accounts import database
from notifications import clock

SAY = (
    "SELECT set_config('role', %s, true), set_config('app.person', %s, true),"
    " set_config('app.now', (%s::timestamptz)::text, true)"
)
SAY_AND_ASK_THE_TIME = (
    "SELECT set_config('role', %s, true), set_config('app.person', %s, true),"
    " set_config('app.now', (%s::timestamptz + coalesce(moved.by, interval '0'))::text, true), moved.by"
    ' FROM (SELECT (SELECT "offset" FROM notifications_clockoffset) AS by) AS moved'
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; `SET LOCAL` cannot leak into the next request of a pooled connection."""

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        actor = database.current()
        if not autocommit and actor is not None:
            self.say(actor)

    def is_usable(self):
        """Say whether a kept line still leads to the server: one that it has closed has something to read at once."""
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0) or super().is_usable()

    def say(self, actor):
        """Change role, person and the policies' clock until this transaction ends."""
        machine_now = timezone.now()  # noqa: TID251 - the offset is added in the same statement
        with self.cursor() as cursor:
            if settings.CLOCK_MOVES:
                cursor.execute(SAY_AND_ASK_THE_TIME, [*actor, machine_now])
                clock.keep(cursor.fetchone()[3] or timedelta())
            else:
                cursor.execute(SAY, [*actor, machine_now])
