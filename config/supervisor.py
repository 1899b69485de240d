"""What `make run` executes: prepares the database, then keeps web, worker and scheduler together until Ctrl-C."""

import asyncio
import contextlib
import functools
import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from config import catalogue, databases, embedded, health
from config.embedded import CHECKOUT, CannotStart

DATA_DIR = Path(os.environ.get("DATA_DIR", CHECKOUT / ".data"))
HOST = os.environ.get("HOST", "localhost")
PORT = os.environ.get("PORT", "8000")
BASE_URL = os.environ.get("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
EMBEDDED = not (databases.given(os.environ) or os.environ.get("REDIS_URL"))
SECONDS_TO_STOP = 15

MANAGE = ["manage.py"]
# The warning that it runs as root is meant for pickled messages, which we never accept.
CELERY = ["-W", "ignore::UserWarning:celery.platforms", "-m", "celery", "--quiet", "-A", "config.celery"]
# Name, the login that it gets, what it runs.
CHILDREN = [
    (
        "web",
        "web",
        [
            *("-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--http", "1", "--no-ws"),
            *("--host", "127.0.0.1" if HOST == "localhost" else HOST, "--port", PORT),
            *("--workers", "2", "--blocking-threads", "4", "--log-level", "warning"),
            # A worker that is still loading does not hear that it should stop.
            *("--workers-kill-timeout", "5"),
        ],
    ),
    (
        "worker",
        "worker",
        [*CELERY, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"],
    ),
    (
        "beat",
        "worker",
        # A schedule file of its own for each run: two runs on one data folder must not share it.
        [*CELERY, "beat", "--pidfile=", "--schedule", str(DATA_DIR / f"beat-{PORT}"), "--loglevel", "WARNING"],
    ),
]

_started: list[asyncio.subprocess.Process] = []


async def run() -> int:
    """Prepare, serve until a child ends or somebody says stop, then stop everything."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, asyncio.current_task().cancel)
    try:
        await prepare()
        return await serve()
    except asyncio.CancelledError:
        return 0
    except CannotStart as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    finally:
        await stop()


async def prepare() -> None:
    """Everything before the first page: servers, words, roles, tables, static files, what comes with the product."""
    check_surroundings()
    catalogue.compile_stale()
    if EMBEDDED:
        os.environ["EMBEDDED"] = "1"
        await asyncio.to_thread(embedded.ensure, DATA_DIR)
    await asyncio.gather(prepare_database(), collect_static())


def check_surroundings() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1" if HOST == "localhost" else HOST, int(PORT)))
        except OSError:
            raise CannotStart(
                f"Port {PORT} is busy: stop what uses it, or choose another with `make run PORT=8001`."
            ) from None
    if not EMBEDDED:
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
            if not os.environ.get(name):
                raise CannotStart(f"Set {name} too (.env.example says what it is for), or leave all three out.")


async def prepare_database() -> None:
    if EMBEDDED or os.environ.get("ADMIN_DATABASE_URL"):
        await step("admin", "roles")
    await step("owner", "migrate", "--verbosity", "0")
    await step("worker", "load")


async def collect_static() -> None:
    """Collect the static files if any changed since the last time: compressing them takes seconds."""
    digest = hashlib.sha256((CHECKOUT / "uv.lock").read_bytes())
    for path in sorted((CHECKOUT / "static").rglob("*")):
        digest.update(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}".encode())
    stamp = DATA_DIR / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    await step("web", "collectstatic", "--no-input", "--verbosity", "0")
    stamp.write_text(digest.hexdigest())


async def step(login: str, *command: str) -> None:
    print(f"{command[0]}…", flush=True)
    process = await start(login, [*MANAGE, *command])
    output, _ = await process.communicate()
    if process.returncode:
        raise CannotStart(f"{output.decode(errors='replace')}\n`manage.py {command[0]}` failed; its reason is above.")


async def serve() -> int:
    """Run the children; if one ends, all end."""
    tasks = {asyncio.create_task(follow(name, await start(login, command))) for name, login, command in CHILDREN}
    announcing = asyncio.create_task(announce())
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        print(f"{done.pop().result()} ended by itself, so everything stops.", file=sys.stderr, flush=True)
        return 1
    finally:
        announcing.cancel()


async def follow(name: str, process: asyncio.subprocess.Process) -> str:
    async for line in process.stdout:
        print(f"{name:<6} | {line.decode(errors='replace').rstrip()}", flush=True)
    await process.wait()
    return name


async def announce() -> None:
    while not await asyncio.to_thread(health.answers):
        await asyncio.sleep(0.1)
    print(f"\n{BASE_URL}/  (Ctrl-C stops everything)\n", flush=True)


async def start(login: str, command: list[str]) -> asyncio.subprocess.Process:
    group, open_until_they_end = guard()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PROCESS": login},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=2**20,
        # Not our own group: Ctrl-C reaches us alone, and we stop the children in good order.
        process_group=group.pid,
        pass_fds=[open_until_they_end],
    )
    _started.append(process)
    return process


@functools.cache
def guard() -> tuple[subprocess.Popen, int]:
    """Start, once, what ends the children should this process be killed: the leader of their group."""
    we_ended, _open_until_we_end = os.pipe()
    they_ended, open_until_they_end = os.pipe()
    group = subprocess.Popen(
        [sys.executable, "-m", "config.guard", str(we_ended), str(they_ended)],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
        pass_fds=[we_ended, they_ended],
    )
    os.close(we_ended)
    os.close(they_ended)
    return group, open_until_they_end


async def stop() -> None:
    for process in _started:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    # Who presses Ctrl-C again waits no longer.
    with contextlib.suppress(TimeoutError, asyncio.CancelledError):
        async with asyncio.timeout(SECONDS_TO_STOP):
            await asyncio.gather(*(process.wait() for process in _started))
    if _started:
        # The whole group: a child that was killed may have left children of its own.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(guard()[0].pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(asyncio.run(run()))
