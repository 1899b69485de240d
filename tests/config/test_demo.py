"""The demonstration exists only with the embedded servers and on loopback."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

ASK = """
import json
from django.conf import settings
from django.core.management import get_commands
import django
django.setup()
from accounts.routes import walk
print(json.dumps([settings.DEMO, settings.CLOCK_MOVES, [where for where, _, _ in walk() if where.startswith("demo")]]))
"""
DEPLOYED = {
    "DATABASE_URL": "postgresql://owner:secret@db/dialogue",
    "REDIS_URL": "redis://redis/0",
    "SECRET_KEY": "x" * 60,
    "BASE_URL": "https://evenings.example.org",
}


def product_with(**environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(answer.stdout)


def test_under_make_run_the_demonstration_is_there(tmp_path):
    demo, moves, addresses = product_with(DATA_DIR=str(tmp_path), EMBEDDED="1")
    assert (demo, moves) == (True, True)
    assert addresses == ["demo/", "demo/enter/", "demo/clock/", "demo/inbox/"]


@pytest.mark.parametrize(
    "environment",
    [
        {"EMBEDDED": "1", "HOST": "0.0.0.0"},  # noqa: S104 - what must not be served
        {"EMBEDDED": "1", **DEPLOYED},
        DEPLOYED,
        {},
    ],
    ids=["listening to everybody", "a database was given", "deployed", "not started by the supervisor"],
)
def test_otherwise_it_is_absent_and_the_clock_stands(environment, tmp_path):
    assert product_with(DATA_DIR=str(tmp_path), **environment) == [False, False, []]
