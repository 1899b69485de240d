"""Key rings on disk, outside the database, and the boxes that only the worker can open.

`worker/` holds what opens and pairs, `web/` what seals and names. Nothing of a ring is kept in memory: once its
files are destroyed, nobody can look up a box, the running processes included.
"""

import contextlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

from django.conf import settings
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

# A sheet of answers is filled up to the next multiple that its instrument's longest sheet needs.
STEP = 256
COMMENT_CHARACTERS = 500
# More than 500 characters of four bytes each, so that every comment, none included, has one length.
COMMENT_BYTES = 2304

# A word, several words, or None for who would rather not answer.
Answers = dict[str, str | list[str] | None]


class NoKeys(Exception):
    """The ring's keys are not there: not made yet, destroyed, or not within this process's reach."""


class Unreadable(Exception):
    """What is in a box was not sealed for this ring, or was changed since, or is no sheet."""


def make_keys(ring: UUID) -> None:
    """Make a ring's keys, or finish making them; keys that are there are never changed."""
    private = {"private": bytes(PrivateKey.generate()), "pairing": secrets.token_bytes(32)}
    _write_once(_path("worker", ring), private)
    kept = PrivateKey(_read("worker", ring)["private"])
    _write_once(_path("web", ring), {"hmac": secrets.token_bytes(32), "public": bytes(kept.public_key)})
    if _read("web", ring)["public"] != bytes(kept.public_key):
        raise NoKeys("What seals and what opens do not belong together.")


def pair_of(ring: UUID, *, person: UUID) -> bytes:
    """Return what pairs a person's two sheets until the second is sealed. Worker only."""
    return _pair_of(_read("worker", ring)["pairing"], person)


class Sealer:
    """What names and seals the boxes of a ring, read once for the length of one answer; raises NoKeys."""

    def __init__(self, ring: UUID):
        keys = _read("web", ring)
        self._hmac, self._lid = keys["hmac"], SealedBox(PublicKey(keys["public"]))

    def box_key(self, *, person: UUID, form: UUID) -> bytes:
        """Return the 32 bytes under which a person's box of a form lies; they say nothing without the ring's key."""
        return _box_key(self._hmac, person, form)

    def seal(self, answers: Answers, *, length: int) -> bytes:
        """Seal a sheet of answers, filled up to `length` bytes, so that only the worker can open it."""
        return self._close(canonical(answers), length)

    def seal_comment(self, comment: str) -> bytes:
        """Seal the free line in a box of its own; no comment makes a box like any other."""
        return self._close(comment.encode(), COMMENT_BYTES)

    def _close(self, text, length):
        if len(text) >= length:
            raise ValueError("The text is longer than every sheet of its kind.")
        return self._lid.encrypt(sodium_pad(text, length))


class Opener(Sealer):
    """All of a ring's keys, read once for the length of one job. Worker only; raises NoKeys."""

    def __init__(self, ring: UUID):
        super().__init__(ring)
        keys = _read("worker", ring)
        self._pairing, self._open = keys["pairing"], SealedBox(PrivateKey(keys["private"]))

    def pair_of(self, *, person: UUID) -> bytes:
        """Return what pairs a person's two sheets."""
        return _pair_of(self._pairing, person)

    def open_box(self, box: bytes) -> Answers:
        """Return a sheet's answers; raises Unreadable, which says nothing of what was in the box."""
        try:
            return json.loads(_unseal(self._open, box))
        except (CryptoError, ValueError):
            raise Unreadable from None

    def open_comment(self, box: bytes) -> str:
        """Return the free line of a sheet; raises Unreadable."""
        try:
            return _unseal(self._open, box).decode()
        except (CryptoError, ValueError):
            raise Unreadable from None


def destroy_keys(ring: UUID) -> None:
    """Delete a ring's files, and return once that is on the disk; files that are gone already stay so."""
    for place in ("worker", "web"):
        _path(place, ring).unlink(missing_ok=True)
        if _path(place, ring).parent.exists():
            _sync(_path(place, ring).parent)


def canonical(answers: Answers) -> bytes:
    """Write answers in the one way in which the same answers are the same bytes."""
    return json.dumps(answers, sort_keys=True, separators=(",", ":")).encode()


def sheet_length(values: Mapping[str, Iterable[str]]) -> int:
    """Return the one length, in bytes, of every sheet on which each of these questions takes one of these values."""
    longest = {question: max([*possible, "null"], key=len) for question, possible in values.items()}
    return (len(canonical(longest)) // STEP + 1) * STEP


def _box_key(key, person, form):
    return hmac.digest(key, f"{person}|{form}".encode(), "sha256")


def _pair_of(key, person):
    return hmac.digest(key, str(person).encode(), "sha256")


def _unseal(lid, box):
    filled = lid.decrypt(bytes(box))
    return sodium_unpad(filled, len(filled))


def _path(place, ring):
    return Path(settings.KEYS_DIR) / place / f"{UUID(str(ring))}.json"


def _read(place, ring):
    try:
        written = json.loads(_path(place, ring).read_text())
    except FileNotFoundError:
        raise NoKeys from None
    return {name: bytes.fromhex(key) for name, key in written.items()}


def _write_once(path, keys):
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
        json.dump({name: key.hex() for name, key in keys.items()}, draft)
        draft.flush()
        os.fsync(draft.fileno())
        # A link appears whole or not at all, and never over keys that may have sealed something.
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
    _sync(path.parent)


def _sync(folder):
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
