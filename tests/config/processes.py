"""Which processes of this machine have to do with a data folder; Linux only, as is everything that asks."""

import time
from pathlib import Path

from config import embedded


def using(data_dir: Path) -> dict[int, str]:
    """The command line of each process that names the data folder or its sockets, or was started for it."""
    marks = [str(Path(data_dir).resolve()), str(embedded.socket_folder(data_dir))]
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            told = (folder / "environ").read_bytes().decode(errors="replace")
        except (OSError, ProcessLookupError):
            continue
        if command and any(mark in command + told for mark in marks):
            found[int(folder.name)] = command
    return found


def left_after(seconds: float, data_dir: Path) -> dict[int, str]:
    deadline = time.monotonic() + seconds
    while (left := using(data_dir)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
