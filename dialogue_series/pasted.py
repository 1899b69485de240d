"""Text as people bring it: pasted from a spreadsheet, exported from a program, or the wrong file altogether."""

import csv
import re
import unicodedata
from collections.abc import Sequence
from typing import BinaryIO, Literal

FileProblem = Literal["empty", "too_big", "html", "binary"]

# How a web page, an archive (every .xlsx is one), a PDF, an old spreadsheet and common pictures begin.
_BINARY = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
_WEB_PAGE = re.compile(r"<(?:!doctype html|html|head|body|meta|div|table)\b", re.IGNORECASE)
_SNIFFED = 1000


def read_text(raw: str | bytes | BinaryIO, *, max_bytes: int) -> tuple[str, FileProblem | None]:
    """Return the text and what keeps it from being read, if anything. Never reads more than `max_bytes` + 1."""
    if not isinstance(raw, str | bytes):
        raw = raw.read(max_bytes + 1)
    if len(raw) > max_bytes:
        return "", "too_big"
    if isinstance(raw, bytes) and raw.startswith(_BINARY):
        return "", "binary"
    text = decode(raw) if isinstance(raw, bytes) else raw
    return text, _problem(text)


def _problem(text: str) -> FileProblem | None:
    if not text.strip("\ufeff \t\r\n"):
        return "empty"
    if "\0" in text:
        return "binary"
    start = text[:_SNIFFED].lstrip("\ufeff \t\r\n")
    return "html" if _WEB_PAGE.match(start) or "<html" in start.lower() else None


def decode(raw: bytes) -> str:
    """Read bytes as UTF-8, as UTF-16 when they say so, else as an old Windows file; never raises."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def tidy(text: str, longest: int) -> str:
    """Return at most so many letters of a text, composed and with single spaces.

    Cut first: composing is slow on a long run of accents.
    """
    return " ".join(unicodedata.normalize("NFC", text[:longest]).split())


def fold(text: str) -> str:
    """Return the text in small letters without accents, letter for letter: positions stay the same."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in text)


def plain(text: str) -> str:
    """Return the bare words of a cell, for looking up headings and languages: "E-mail:" is "e mail"."""
    return " ".join(re.findall(r"[^\W_]+", fold(unicodedata.normalize("NFC", text))))


def cells(line: str) -> list[str]:
    """Split one line at tabs, else semicolons, else commas, minding quotes; a stray quote spoils one line at most."""
    mark = next((mark for mark in "\t;" if mark in line), ",")
    try:
        found: Sequence[str] = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    except csv.Error:
        found = line.split(mark)
    return [" ".join(cell.split()) for cell in found]
