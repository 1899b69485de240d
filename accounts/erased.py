"""Who was erased, outside of the database: what a restored backup brings back, this list does not forget."""

import contextlib
import os
from pathlib import Path
from uuid import UUID

from django.conf import settings


def write(person: UUID) -> None:
    """Add somebody to the list, and return once it is on the disk; a second time adds nothing."""
    if person in read():
        return
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A line that a crash left half written is ended first, and then read by nobody.
    with path.open("ab") as file:
        file.write(f"\n{person}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read() -> list[UUID]:
    """Return the keys of everybody who was erased, or was about to be when the machine stopped."""
    people = []
    for line in _path().read_text().splitlines() if _path().exists() else ():
        with contextlib.suppress(ValueError):
            people.append(UUID(line))
    return people


def _path():
    return Path(settings.ERASED_DIR) / "people"
