"""One cast, one clock, and a database login that may take every role of the product."""

import fcntl
import gc
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect
from xdist.scheduler import LoadScopeScheduling

# A Monday noon in Chicago, between the third and the fourth evening of the cast's series.
NOON = datetime(2027, 2, 15, 18, 0, tzinfo=UTC)

# What a page shows in the end is asked about, not how fast the machine is.
expect.set_options(timeout=30_000)


class JourneysTogether(LoadScopeScheduling):
    """Give each worker the next test, and all journeys to one: they share a product that takes long to start.

    By folder, since pytest-xdist 3.8 cannot write the group of a mark into the names that pytest 9.2 makes.
    """

    def _split_scope(self, nodeid):
        return "journeys" if nodeid.startswith("tests/journeys/") else nodeid


def pytest_xdist_make_scheduler(config, log):
    """Deal the tests out to workers."""
    return JourneysTogether(config, log)


def pytest_collection_finish(session):
    """Keep all that is loaded by now out of the garbage collector's rounds, which took a tenth of the time."""
    gc.freeze()


class FrozenClock:
    """The instant at which a test happens; it moves only when asked."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def move_to(self, at):
        """Continue the test at another instant."""
        self.at = at


@pytest.fixture(autouse=True)
def clock(request, monkeypatch):
    """Stop the clock of every rule, unless the test lives in real time (`@pytest.mark.real_time`)."""
    if request.node.get_closest_marker("real_time"):
        return None
    frozen = FrozenClock(NOON)
    monkeypatch.setattr(timezone, "now", frozen)
    return frozen


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """Make the cluster's roles before the test database, one test process at a time."""
    environment = {**os.environ, "PROCESS": "admin", "DJANGO_SETTINGS_MODULE": "config.settings"}
    with (settings.DATA_DIR / "roles.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "manage.py", "roles"], check=True, env=environment, cwd=settings.BASE_DIR)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the test database go though a browser may still hold a line to the server of the tests open."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
