"""Compiles the words of each language, without GNU gettext on the machine."""

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale(locale: Path = LOCALE) -> list[Path]:
    """Compile each catalogue that changed since it was last compiled; return those."""
    stale = [path for path in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _is_stale(path)]
    for path in stale:
        # Renamed into place, so that a process reading meanwhile never sees half a catalogue.
        draft = path.with_suffix(f".{os.getpid()}.draft")
        polib.pofile(str(path)).save_as_mofile(str(draft))
        os.utime(draft, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
        draft.replace(path.with_suffix(".mo"))
    return stale


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    # A compiled catalogue carries the time of its source: an older source brought back counts as changed too.
    return not compiled.exists() or compiled.stat().st_mtime_ns != path.stat().st_mtime_ns
