"""The form page and the whole submit beside the bare yardstick, in interleaved rounds of one run."""

import contextlib
import itertools
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import Round, Target, run
from config import embedded
from tests.journeys.product import free_port

ROUNDS, SECONDS, PEOPLE = 2, 2, 6_000
SERVER = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1"]
SERVER += ["--workers", "2", "--blocking-threads", "4"]
LINE = "It helped me. I would like more evenings like this one."


def measure() -> tuple[list[str], bool]:
    """Return the lines of the table, and whether everything held."""
    with tempfile.TemporaryDirectory(prefix="dialogue-bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # noqa: S103 - PostgreSQL's own account passes through
        data = Path(folder) / "data"
        embedded.ensure(data)
        try:
            return compare(data)
        finally:
            embedded.release(data)


def compare(data: Path) -> tuple[list[str], bool]:
    """Start both sides, let visitors come to each in turn, and look into the database afterwards."""
    secrets = json.loads(prepare_product(data))
    prepare_bare(data)
    with serving(data, "config.wsgi:application") as ours, serving(data, "benchmarks.bare:app") as bare:
        used = itertools.count()
        targets = bare_target(bare), product_target(ours, secrets, used)
        lines, good = [], True
        sent = dict.fromkeys((target.name for target in targets), 0)
        for mode in ("get", "submit"):
            rounds = interleave(targets, mode, sent)
            good &= not any(one.failed for ones in rounds.values() for one in ones)
            lines.append(line(mode, rounds))
        stored = {"bare": count(data, "bare", "answer"), "product": count(data, "dialogue", "surveys_inboxbox")}
    lines.append(f"\nVisits that were thanked: {sent}. Rows in the databases afterwards: {stored}.")
    return lines, good and stored == sent


def interleave(targets, mode: str, sent: dict[str, int]) -> dict[str, list[Round]]:
    """Return the rounds of each side, taken by turns; the first of each only warms up."""
    rounds = {target.name: [] for target in targets}
    for number in range(ROUNDS + 1):
        for target in targets:
            one = run(target, mode, SECONDS)
            if mode == "submit":
                sent[target.name] += one.visits
            if number:
                rounds[target.name].append(one)
            sys.stderr.write(f"{mode} {number} {target.name} {one}\n")
    return rounds


def line(mode: str, rounds: dict[str, list[Round]]) -> str:
    """Return one row of the table: CPU of each side, and their ratio within each round."""
    ratios = sorted(ours.cpu_ms / bare.cpu_ms for ours, bare in zip(rounds["product"], rounds["bare"], strict=True))
    middle = {name: statistics.median(one.cpu_ms for one in ones) for name, ones in rounds.items()}
    what = {"get": "Form page", "submit": "Full submit (page, answer, thanks)"}[mode]
    return (
        f"| {what} | {middle['bare']:.2f} | {middle['product']:.2f} | "
        f"**{statistics.median(ratios):.2f}** ({ratios[0]:.2f} to {ratios[-1]:.2f}) |"
    )


def product_target(port, secrets, used) -> Target:
    """Return the product: every visitor comes with the link of another person."""

    def visitors() -> Iterator[tuple[str, str]]:
        for number in used:
            public, secret = secrets[number]
            yield f"/f/{public}/", f"link={secret}"

    return Target(
        "product",
        port,
        visitors,
        {**{f"item-q{n}": f"answer-{n % 5 + 1}" for n in range(1, 11)}, "comment": LINE},
        "data-draft-done",
        re.compile(rf"granian .*--port {port}\b|^postgres: ds_web dialogue "),
    )


def bare_target(port) -> Target:
    """Return the yardstick."""
    return Target(
        "bare",
        port,
        lambda: itertools.repeat(("/form", "")),
        {**{f"q{n}": str(n % 5 + 1) for n in range(1, 11)}, "line": LINE},
        "answers are saved",
        re.compile(rf"granian .*--port {port}\b|^postgres: postgres bare "),
    )


def prepare_product(data: Path) -> bytes:
    """Make roles, tables, and a form open to many people; return their links."""
    for login, command in (("admin", "roles"), ("owner", "migrate"), ("web", "collectstatic --no-input")):
        python(data, login, "manage.py", *command.split(), "--verbosity", "0")
    return python(data, "worker", "-m", "benchmarks.prepare", str(PEOPLE))


def prepare_bare(data: Path) -> None:
    """Make the yardstick's database and table."""
    psql(data, "dialogue", "CREATE DATABASE bare")
    python(data, "web", "-m", "benchmarks.bare")


def count(data: Path, database: str, table: str) -> int:
    """Count the rows of a table, as the administrator."""
    return int(psql(data, database, f"SELECT count(*) FROM {table}"))  # noqa: S608 - names of ours


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


@contextmanager
def serving(data: Path, app: str):
    """Serve one side; both have the same server, as many workers and as many threads. Yield its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", app, *SERVER, "--port", str(port), "--log-level", "warning"],
        env=surroundings(data, "web") | {"PORT": str(port)},
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(port: int) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(port)
