"""Ends what the supervisor started once the supervisor itself is gone, even by kill -9: nothing may keep the port.

A program of its own, so that a `pkill -f` meant for the supervisor leaves it alone. It leads the process group of all
that the supervisor starts, and waits for the end of two pipes: one is open as long as the supervisor lives, the other
as long as anything does that it started.
"""

import os
import select
import signal
import sys

SECONDS_TO_STOP = 5


def guard(supervisor: int, started: int) -> None:
    """Sleep until the supervisor is gone; ask the whole group to end, wait a little, and make it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.read(supervisor, 1)
    os.killpg(0, signal.SIGTERM)
    select.select([started], [], [], SECONDS_TO_STOP)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    guard(int(sys.argv[1]), int(sys.argv[2]))
