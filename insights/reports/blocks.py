"""The blocks that a report is made of, each a dict that JSON keeps; `kind` says how it is drawn.

On the page by templates/insights/_report_block.html, on paper by templates/insights/report.typ.
"""

from collections.abc import Iterable
from html import unescape

from django.template.loader import render_to_string

from insights.templatetags.results import drawing


def present(*blocks) -> list[dict]:
    """Return the blocks that say something."""
    return [block for block in blocks if block]


def section(title: str, *body: dict) -> dict:
    """Return blocks under a heading."""
    return {"title": title, "body": list(body)}


def length(*sections: dict) -> int:
    """Return how many letters parts have that are nothing but words."""
    return sum(len("".join([block["text"], *block.get("said", ())])) for one in sections for block in one["body"])


def text(words: str, *, muted: bool = False) -> dict:
    """Return a paragraph."""
    return {"kind": "text", "text": words, "muted": muted}


def quoted(words: str, language: str, *, by: str = "") -> dict:
    """Return somebody's words, in their language."""
    return {"kind": "quote", "text": words, "language": language, "by": by}


def claimed(claim: str, *said: str, sources: Iterable[dict] = ()) -> dict:
    """Return what was found out, what is said with it, and what it stands on: words in their language."""
    return {"kind": "claim", "text": claim, "said": list(said), "sources": list(sources)}


def table(head: list[str], rows: list[list[dict]]) -> dict:
    """Return a table; each row begins with what it is about, each cell knows its column's name, for phones."""
    for row in rows:
        for one, name in zip(row, head, strict=False):
            one["head"] = name
    return {"kind": "table", "head": head, "rows": rows}


def cell(words: str, *, note: str = "", language: str = "", drawn: dict | None = None, number: bool = False) -> dict:
    """Return a cell of a table."""
    return {"text": words, "note": note, "language": language, "drawing": drawn, "number": number}


def labelled(shown) -> dict:
    """Return a label in a cell: the share, and about how many answered."""
    return cell("") if shown is None else cell(shown.words, note=shown.answered)


def said_of(line) -> str:
    """Return the sentence of the page about a fact before and after."""
    return " ".join(unescape(render_to_string("insights/_change.html", {"line": line})).split())


def drawings_of(line) -> list[dict]:
    """Return the drawing of a fact: one of both labels where the same people answered, else one for each."""
    return [drawing(*line.labels)] if line.same_people else [drawing(shown) for shown in line.labels]
