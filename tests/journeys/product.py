"""The whole product, started as `make run` starts it, with a data folder and a port of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START, SECONDS_TO_STOP = 300, 60
THURSDAY, FORM_IS_OPEN = 3, timedelta(hours=19, minutes=35)
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Product:
    """A running product: its address, and whether it answers there."""

    def __init__(self, address):
        self.address = address

    def is_well(self):
        """Say whether it answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/health/", timeout=10) as answer:  # noqa: S310 - loopback
                return answer.status == 200
        except OSError:
            return False


class NotStartedError(Exception):
    """What the product wrote in place of starting."""


def next_evening():
    """Return the day of the demonstration's sixth evening, as config/demo/story.py tells it: a Thursday.

    From the hour at which a Thursday's form is open, the story counts that evening as the fifth.
    """
    as_told = (datetime.now(ZoneInfo("America/Chicago")) - FORM_IS_OPEN).date()
    return as_told + timedelta(days=(THURSDAY - 1 - as_told.weekday()) % 7 + 1)


@contextmanager
def running(data: Path):
    """Start web, worker, scheduler, PostgreSQL and Redis on this folder, and stop them as Ctrl-C does."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = {**kept, "DATA_DIR": str(data), "PORT": str(port), "LANG": "C.UTF-8"}
    with (data / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.supervisor"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        product = Product(f"http://localhost:{port}")
        deadline = time.monotonic() + SECONDS_TO_START
        while not product.is_well():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise NotStartedError((data / "log").read_text())
            time.sleep(0.3)
        try:
            yield product
        finally:
            process.terminate()
            process.wait(timeout=SECONDS_TO_STOP)


def free_port():
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
