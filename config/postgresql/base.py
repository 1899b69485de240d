"""PostgreSQL, with the acting role, the person and the clock said at the start of every transaction."""

from datetime import timedelta

from django.conf import settings
from django.db.backends.postgresql import base

from accounts import database
from notifications import clock

SAY = "SELECT set_config('role', %s, true), set_config('app.person', %s, true)"
SAY_AND_ASK_THE_TIME = (
    "SELECT set_config('role', %s, true), set_config('app.person', %s, true),"
    ' (SELECT "offset" FROM notifications_clockoffset)'
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own wrapper; `SET LOCAL` cannot leak into the next request of a pooled connection."""

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        actor = database.current()
        if not autocommit and actor is not None:
            self.say(actor)

    def say(self, actor):
        """Change role and person until this transaction ends."""
        with self.cursor() as cursor:
            if settings.CLOCK_MOVES:
                cursor.execute(SAY_AND_ASK_THE_TIME, actor)
                clock.keep(cursor.fetchone()[2] or timedelta())
            else:
                cursor.execute(SAY, actor)
