"""Words in the cell of a spreadsheet, which would take some of them for a formula."""

# A cell that begins so is carried out; a sign before it makes it words.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
PLAIN = "'"
GUARDED = (*FORMULA_SIGNS, PLAIN)


def plain(text: str) -> str:
    """Return words that a spreadsheet shows and does not carry out; words that begin with the sign get it too."""
    return f"{PLAIN}{text}" if text.startswith(GUARDED) else text


def as_typed(text: str) -> str:
    """Return the words of a cell that was made plain."""
    return text[1:] if text.startswith(tuple(PLAIN + sign for sign in GUARDED)) else text
