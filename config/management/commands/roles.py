"""Makes the database, its logins and the role of each audience. Run as administrator; safe to run again."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg2 import sql

from accounts.routes import AUDIENCES

# Neither in the server's log nor, while it runs, in what other connections of the same login can look up.
SAYS_NO_STATEMENT = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "track_activities": "off"}
ENSURE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name_text}) THEN CREATE ROLE {name}; END IF;
END $$
"""


class Command(BaseCommand):
    """Connects by ADMIN_DATABASE_URL; the owner it makes is never a superuser."""

    help = __doc__

    def handle(self, **options):
        logins = {name: urlsplit(url) for name, url in settings.LOGINS.items() if name != "admin"}
        owner = logins["owner"].username
        with connection.cursor() as cursor:
            for login in logins.values():
                make_login(cursor, login)
            self.make_audiences(cursor, logins)
            cursor.execute("ALTER ROLE ds_backup BYPASSRLS")
            for name in ("web", "worker"):
                keep_statements_out_of_sight(cursor, logins[name].username)
            make_database(cursor, logins["owner"].path.lstrip("/"), owner)
            if "tests" in logins:
                cursor.execute("ALTER ROLE ds_tests CREATEDB")

    def make_audiences(self, cursor, logins):
        """Give the web login every audience's role to change into; the demonstration's only where it exists."""
        names = [f"ds_{audience}" for audience in sorted(AUDIENCES) if audience != "demo" or settings.DEMO]
        for name in [*names, "ds_backup"]:
            ensure_role(cursor, name)
        for name in names:
            grant_role(cursor, name, "ds_web")
        # The worker tries the door: as the login of pages, and as each audience. Tests do everything.
        for name in [*names, "ds_web"]:
            grant_role(cursor, name, "ds_worker")
        if "tests" in logins:
            for name in [*names, "ds_web", "ds_worker", "ds_owner", "ds_backup"]:
                grant_role(cursor, name, "ds_tests")


def ensure_role(cursor, name):
    """Make a role that cannot log in, unless it is there."""
    cursor.execute(sql.SQL(ENSURE_ROLE).format(name_text=sql.Literal(name), name=sql.Identifier(name)))


def make_login(cursor, login):
    """Make a role that can log in, with the password that its URL carries."""
    ensure_role(cursor, login.username)
    cursor.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
            sql.Identifier(login.username), sql.Literal(unquote(login.password) if login.password else None)
        )
    )


def keep_statements_out_of_sight(cursor, name):
    """Let the server log why a statement failed, and show none: it holds what somebody typed or sealed."""
    for setting, value in SAYS_NO_STATEMENT.items():
        cursor.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(*map(sql.Identifier, (name, setting, value))))


def grant_role(cursor, name, to):
    """Let a login change into a role without holding its rights by itself."""
    cursor.execute(
        sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(sql.Identifier(name), sql.Identifier(to))
    )


def make_database(cursor, name, owner):
    """Make the product's database, or hand the one that is there to its owner."""
    cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner)))
    elif found != (owner,):
        cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(owner)))
