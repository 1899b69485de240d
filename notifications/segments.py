"""How many SMS segments a text takes, and which letters make it long (3GPP TS 23.038)."""

from dataclasses import dataclass
from typing import Literal

ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take two places: an escape comes before them.
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM_7_LETTERS = ALPHABET | EXTENSION

GSM_7 = (160, 153)
UCS_2 = (70, 67)


@dataclass(frozen=True)
class Segments:
    """A text as it travels; `units` are septets (GSM-7) or 16-bit units (UCS-2), `offending` what is not in GSM-7."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int
    units: int
    offending: tuple[str, ...]


def segments(text: str) -> Segments:
    """Count the segments of a text; an empty text has none."""
    offending = tuple(dict.fromkeys(letter for letter in text if letter not in GSM_7_LETTERS))
    if offending:
        widths = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
        return Segments("UCS-2", _count(widths, *UCS_2), sum(widths), offending)
    widths = [2 if letter in EXTENSION else 1 for letter in text]
    return Segments("GSM-7", _count(widths, *GSM_7), sum(widths), ())


def _count(widths: list[int], alone: int, joined: int) -> int:
    """Fill segments in order; a letter of two places is never cut in half."""
    if sum(widths) <= alone:
        return int(bool(widths))
    count, left = 1, joined
    for width in widths:
        if width > left:
            count, left = count + 1, joined
        left -= width
    return count
