"""`make run`, the real one: each test starts everything on a data folder of its own."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from config import embedded, supervisor
from tests.config.processes import left_after, using

SECONDS_TO_START, SECONDS_TO_END = 300, 40


@pytest.fixture(scope="module")
def data_dir():
    tree = Path(tempfile.mkdtemp(prefix="dialogue-test-"))
    tree.chmod(0o755)
    yield tree / "data"
    for process in using(tree / "data"):
        os.kill(process, signal.SIGKILL)
    shutil.rmtree(tree)


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def make_run(data_dir, port, program=("-m", "config.supervisor"), **more):
    """What `make run` does, with as little environment as a machine may have."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(data_dir.parent), "DATA_DIR": str(data_dir), "PORT": port}
    return subprocess.Popen(
        [sys.executable, *program],
        cwd=embedded.CHECKOUT,
        env=bare | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for_address(running, port):
    """Read until the one address is said; return all that was said until then."""
    said, deadline = [], time.monotonic() + SECONDS_TO_START
    for line in running.stdout:
        said.append(line)
        if line.startswith(f"http://localhost:{port}/"):
            return said
        assert time.monotonic() < deadline, "".join(said)
    raise AssertionError("".join(said))


def status(port, path):
    connection = http.client.HTTPConnection("localhost", int(port), timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    connection.close()
    return answer.status


def children(running):
    """The web, the worker, the scheduler and the guard: the supervisor's own children."""
    folder = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    return {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in folder.read_text().split()}


def test_one_address_is_said_and_ctrl_c_stops_everything_and_a_second_run_comes_up_again(data_dir, port):
    for _ in range(2):
        running = make_run(data_dir, port)
        said = wait_for_address(running, port)
        assert len([line for line in said if "://" in line]) == 1
        assert status(port, "/health/") == 200
        parts = [re.search("granian|worker|beat|guard", command)[0] for command in children(running).values()]
        assert sorted(parts) == ["beat", "granian", "guard", "worker"]

        running.send_signal(signal.SIGINT)
        running.communicate(timeout=SECONDS_TO_END)
        assert running.returncode == 0
        assert left_after(SECONDS_TO_END, data_dir) == {}


def test_sigterm_while_it_prepares_stops_everything(data_dir, port):
    running = make_run(data_dir, port)
    assert running.stdout.readline() != ""
    running.terminate()
    running.communicate(timeout=SECONDS_TO_END)
    assert running.returncode == 0
    assert left_after(SECONDS_TO_END, data_dir) == {}


def test_kill_9_leaves_nothing_behind(data_dir, port):
    running = make_run(data_dir, port)
    wait_for_address(running, port)
    running.kill()
    running.communicate()
    assert left_after(SECONDS_TO_END, data_dir) == {}


DEAF = """
import asyncio, signal, sys
from config import supervisor

sleep = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
supervisor.CHILDREN = [("web", "web", ["-c", sleep])]
supervisor.prepare = lambda: asyncio.sleep(0)
sys.exit(asyncio.run(supervisor.run()))
"""


def test_kill_9_leaves_nothing_behind_that_does_not_listen_to_sigterm(data_dir, port):
    running = make_run(data_dir, port, program=["-c", DEAF])
    assert running.stdout.readline() == "web    | deaf\n"
    running.kill()
    running.communicate()
    assert left_after(SECONDS_TO_END, data_dir) == {}


def test_who_presses_ctrl_c_again_waits_no_longer(data_dir, port):
    running = make_run(data_dir, port, program=["-c", DEAF])
    assert running.stdout.readline() == "web    | deaf\n"
    began = time.monotonic()
    while running.poll() is None:
        running.send_signal(signal.SIGINT)
        time.sleep(0.5)
    assert time.monotonic() - began < supervisor.SECONDS_TO_STOP
    assert running.communicate() == ("", None)
    assert running.returncode == 0
    assert left_after(SECONDS_TO_END, data_dir) == {}


def test_when_one_part_ends_all_end(data_dir, port):
    running = make_run(data_dir, port)
    wait_for_address(running, port)
    beat = next(pid for pid, command in children(running).items() if "\0beat\0" in command)
    os.kill(beat, signal.SIGKILL)
    said, _ = running.communicate(timeout=SECONDS_TO_END)
    assert running.returncode == 1
    assert "beat ended by itself, so everything stops." in said
    assert left_after(SECONDS_TO_END, data_dir) == {}


def test_a_busy_port_is_said_in_one_sentence_before_anything_starts(data_dir, port):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", int(port)))
        somebody.listen()
        running = make_run(data_dir, port)
        said, _ = running.communicate(timeout=SECONDS_TO_END)
    assert said == f"Port {port} is busy: stop what uses it, or choose another with `make run PORT=8001`.\n"
    assert running.returncode == 1
    assert using(data_dir) == {}


def test_nothing_embedded_starts_where_a_database_is_given(data_dir, port):
    running = make_run(data_dir, port, DATABASE_URL="postgresql://ds_owner@localhost/dialogue", SECRET_KEY="x" * 50)
    said, _ = running.communicate(timeout=SECONDS_TO_END)
    assert said == "Set REDIS_URL too (.env.example says what it is for), or leave all three out.\n"
    assert running.returncode == 1
    assert using(data_dir) == {}
