"""The form page and the whole submit beside the bare yardstick, in interleaved rounds of one run."""

import contextlib
import itertools
import json
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load import Round, Target, run
from benchmarks.processes import cluster, prepare, psql, python, surroundings
from tests.journeys.product import free_port

ROUNDS, SECONDS, PEOPLE = 7, 4, 30_000
SERVER = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1"]
SERVER += ["--workers", "2", "--blocking-threads", "4"]
# Ours beside the bare one.
AT_MOST, AIM = {"get": 1.0, "submit": 1.5}, {"get": 0.33, "submit": 1.0}
LINE = "It helped me. I would like more evenings like this one."


def measure() -> tuple[list[str], bool]:
    """Return the lines of the table, and whether everything held."""
    with cluster() as data:
        return compare(data)


def compare(data: Path) -> tuple[list[str], bool]:
    """Start both sides, let visitors come to each in turn, and look into the database afterwards."""
    secrets = json.loads(prepare_product(data))
    prepare_bare(data)
    with serving(data, "config.wsgi:application") as ours, serving(data, "benchmarks.bare:app") as bare:
        targets = bare_target(bare), product_target(ours, secrets)
        lines, good = [], True
        sent = dict.fromkeys((target.name for target in targets), 0)
        for mode in ("get", "submit"):
            rounds = interleave(targets, mode, sent)
            good &= not any(one.failed for ones in rounds.values() for one in ones)
            good &= statistics.median(ratios_of(rounds)) <= AT_MOST[mode]
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


def ratios_of(rounds: dict[str, list[Round]]) -> list[float]:
    """Return by how much ours costs more than the bare one in each round, sorted."""
    return sorted(ours.cpu_ms / bare.cpu_ms for ours, bare in zip(rounds["product"], rounds["bare"], strict=True))


def line(mode: str, rounds: dict[str, list[Round]]) -> str:
    """Return one row of the table: CPU of each side, and their ratio within each round."""
    ratios = ratios_of(rounds)
    middle = {name: statistics.median(one.cpu_ms for one in ones) for name, ones in rounds.items()}
    what = {"get": "Form page", "submit": "Page, answer and thanks"}[mode]
    missed = " (missed)" if statistics.median(ratios) > AT_MOST[mode] else ""
    return (
        f"| {what} | {middle['bare']:.2f} | {middle['product']:.2f} | **{statistics.median(ratios):.2f}** "
        f"({ratios[0]:.2f} to {ratios[-1]:.2f}) | {AT_MOST[mode]}{missed} | {AIM[mode]} |"
    )


def product_target(port, secrets) -> Target:
    """Return the product: every visitor who submits comes with the link of another person."""
    used = itertools.cycle(secrets)

    def visitors() -> Iterator[tuple[str, str]]:
        for public, secret in used:
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
    prepare(data)
    links = python(data, "worker", "-m", "benchmarks.prepare", str(PEOPLE))
    # What the server does by itself within a minute: so many rows at once are news to its planner.
    psql(data, "dialogue", "ANALYZE")
    return links


def prepare_bare(data: Path) -> None:
    """Make the yardstick's database and table."""
    psql(data, "dialogue", "CREATE DATABASE bare")
    python(data, "web", "-m", "benchmarks.bare")


def count(data: Path, database: str, table: str) -> int:
    """Count the rows of a table, as the administrator."""
    return int(psql(data, database, f"SELECT count(*) FROM {table}"))  # noqa: S608 - names of ours


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
