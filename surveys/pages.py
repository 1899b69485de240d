"""Pages that differ between two people in a few places only: drawn once a process, then spliced."""

import re
import secrets
import struct
import zlib
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import conditional_escape

from surveys import questionnaire
from surveys.forms.answers import AnswerForm

# What stands where something is spliced in; nobody can guess the words, so nobody can write them into a page.
MARKS = {
    name: f"{name}{secrets.token_hex(8)}"
    for name in ("token", "path", "action_url", "form_id", "evening", "who", "others_url", "copy", "day", "at_words")
}
# A gzip file (RFC 1952): its head, blocks, a last and empty one, checksum and length.
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
LAST_BLOCK = b"\x03\0"
MOST_STORED = 0xFFFF
AT_MARKS = re.compile(f"({'|'.join(MARKS.values())})")


class Face(NamedTuple):
    """All that the look of a page follows from; it names no person and no form."""

    template: str
    instrument: UUID
    language: str
    weekday: str
    help_name: str
    help_phone: str
    is_shared: bool
    is_one_of_several: bool
    is_signed_in: bool


class Piece(NamedTuple):
    """What stands between two places of a page, as it is and compressed by itself."""

    plain: bytes
    deflated: bytes


def page(request: HttpRequest, face: Face, values: dict) -> HttpResponse:
    """Return the page of this face with the values in their places, escaped.

    Nothing that is spliced in is compressed with anything else: the length of a page tells no one its token.
    """
    spliced = {MARKS[name]: str(conditional_escape(value)).encode() for name, value in values.items()}
    pieces = [spliced.get(piece, piece) for piece in _pieces(face)]
    plain = b"".join([piece.plain if isinstance(piece, Piece) else piece for piece in pieces])
    if not takes_gzip(request):
        return varying(HttpResponse(plain))
    blocks = [piece.deflated if isinstance(piece, Piece) else stored(piece) for piece in pieces]
    ends = struct.pack("<LL", zlib.crc32(plain), len(plain))
    return varying(HttpResponse(b"".join([GZIP, *blocks, LAST_BLOCK, ends]), headers={"Content-Encoding": "gzip"}))


def takes_gzip(request):
    """Say whether the browser reads compressed pages."""
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def varying(response):
    """Tell caches on the way that the same address has two shapes."""
    response.headers["Vary"] = "Accept-Encoding"
    return response


def deflated(text: bytes) -> bytes:
    """Compress by itself, up to the end of a byte."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(text) + compressor.flush(zlib.Z_FULL_FLUSH)


def stored(text: bytes) -> bytes:
    """Write into a compressed page as it is, in blocks of 64 KB."""
    parts = [text[at : at + MOST_STORED] for at in range(0, len(text), MOST_STORED)]
    return b"".join([struct.pack("<BHH", 0, len(part), len(part) ^ MOST_STORED) + part for part in parts])


@lru_cache(maxsize=256)
def _pieces(face):
    asked = questionnaire.read(face.instrument, face.language)
    context = {
        **MARKS,
        "questionnaire": asked,
        "form": AnswerForm(asked, face.weekday),
        "evening": face.weekday and MARKS["evening"],
        "is_shared": face.is_shared,
        "is_one_of_several": face.is_one_of_several,
        "help_person": {"name": face.help_name, "phone": face.help_phone},
        "csrf_token": MARKS["token"],
        "request": SimpleNamespace(get_full_path=MARKS["path"], person=face.is_signed_in),
    }
    drawn = AT_MARKS.split(render_to_string(f"surveys/{face.template}.html", context))
    # Marks and what stands between them take turns.
    return [
        piece if number % 2 else Piece(piece.encode(), deflated(piece.encode())) for number, piece in enumerate(drawn)
    ]
