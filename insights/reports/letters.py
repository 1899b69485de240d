"""Which letters the report's fonts have: paper and page show the same ones."""

import unicodedata

# Latin, Greek and Cyrillic, punctuation, currencies, arrows, a heart; tests/insights/test_report_pdf.py sets them all.
SHOWN = (
    (0x20, 0x7E),
    (0xA0, 0x4FF),
    (0x1E00, 0x1FFF),
    (0x2010, 0x2027),
    (0x2030, 0x203E),
    (0x20A0, 0x20C0),
    (0x2190, 0x21FF),
    (0x2764, 0x2764),
)
# What stands for a letter that they lack; a drawing, an emoji say, is left out.
MISSING = "\u25a1"


def printable(said):
    """Return the same words, in whatever lists and dicts, in letters that can be set."""
    if isinstance(said, dict):
        return {name: printable(value) for name, value in said.items()}
    if isinstance(said, list | tuple):
        return [printable(value) for value in said]
    if isinstance(said, str):
        return "".join(map(shown, unicodedata.normalize("NFC", said)))
    return said


def shown(letter: str) -> str:
    """Return a letter, or what stands in its place."""
    kind = unicodedata.category(letter)
    if letter == "\n" or (kind[0] != "C" and any(first <= ord(letter) <= last for first, last in SHOWN)):
        return letter
    return MISSING if kind[0] == "L" else ""
