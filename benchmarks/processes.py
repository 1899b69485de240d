"""A cluster for one run of measurements, and the product's processes in it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded


@contextmanager
def cluster() -> Iterator[Path]:
    """Start servers of their own, and stop them at the end."""
    with tempfile.TemporaryDirectory(prefix="dialogue-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - PostgreSQL's own account passes through
        data = Path(folder) / "data"
        embedded.ensure(data)
        try:
            yield data
        finally:
            embedded.release(data)


def prepare(data: Path) -> None:
    """Make roles, tables and static files."""
    for login, command in (("admin", "roles"), ("owner", "migrate"), ("web", "collectstatic --no-input")):
        python(data, login, "manage.py", *command.split(), "--verbosity", "0")


def psql(data: Path, database: str, statement: str) -> str:
    """Run one statement as the administrator."""
    code = (
        "import psycopg2, sys\n"
        "connection = psycopg2.connect(dbname=sys.argv[1], host=sys.argv[2], user='postgres')\n"
        "connection.autocommit = True\n"
        "cursor = connection.cursor()\n"
        "cursor.execute(sys.argv[3])\n"
        "print(cursor.fetchone()[0] if cursor.description else '')"
    )
    return python(data, "web", "-c", code, database, str(embedded.socket_folder(data)), statement).decode().strip()


def python(data: Path, login: str, *words: str) -> bytes:
    """Run Python with the surroundings of one of the product's processes."""
    return subprocess.run(
        [sys.executable, *words], env=surroundings(data, login), check=True, stdout=subprocess.PIPE
    ).stdout


def surroundings(data: Path, login: str) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DATA_DIR": str(data),
        "PROCESS": login,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BARE_DATABASE_HOST": str(embedded.socket_folder(data)),
    }
