"""Reads a spreadsheet that somebody sends, as words in cells; whatever else a spreadsheet can be is refused.

Nothing of it is carried out: no macro, no formula, no link to elsewhere, nothing larger unpacked than a questionnaire.
"""

import io
import zipfile
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from surveys import cells

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 16 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 2000, 60
# Rows that a program formatted and nobody wrote into are passed over, up to so many.
MOST_LINES = 20_000
LONGEST_CELL = 2000
# What a workbook of words has no use for: programs, and things that live elsewhere or in other files.
REFUSED_PARTS = ("vbaproject", "activex", "externallinks", "embeddings", "macrosheets", "connections", "querytables")
REFUSED_WORDS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY", "macroEnabled")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


class Cell(NamedTuple):
    """Words and where they stand."""

    text: str
    column: str


class Row(NamedTuple):
    """A row of a sheet by its headings, in lower case but for what stands in brackets or after a colon."""

    number: int
    cells: dict[str, Cell]

    def __getitem__(self, heading: str) -> str:
        return self.cells[heading].text if heading in self.cells else ""

    def column(self, heading: str) -> str:
        """Return the letter of a heading's column."""
        return self.cells[heading].column if heading in self.cells else ""


class Sheet(NamedTuple):
    """A sheet: its headings with the letter of their columns, and its rows that are not empty."""

    headings: dict[str, str]
    rows: list[Row]


def read(raw: bytes) -> dict[str, Sheet]:
    """Return the sheets of a workbook by name, in lower case. Raises ValidationError, one sentence."""
    if len(raw) > MOST_BYTES:
        raise ValidationError(_("This file is larger than 1 MB. A questionnaire is much smaller."), code="too_large")
    try:
        _look_inside(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False)
        return {sheet.title.strip().lower(): _sheet(sheet) for sheet in book.worksheets}
    except ValidationError:
        raise
    # Whatever a damaged or crafted file makes its readers stumble over.
    except Exception:  # noqa: BLE001
        sentence = _("We could not read this file. Save it as an Excel workbook (.xlsx) and send it again.")
        raise ValidationError(sentence, code="not_a_workbook") from None


def _look_inside(raw):
    """Refuse what should not be unpacked, before anything is; sizes are counted, not believed."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts, left = packed.infolist(), MOST_UNPACKED
        if len(parts) > MOST_PARTS:
            raise _too_much()
        for part in parts:
            with packed.open(part) as opened:
                content = opened.read(left + 1)
            left -= len(content)
            if left < 0:
                raise _too_much()
            is_named = any(word in part.filename.lower() for word in REFUSED_PARTS)
            if is_named or any(word in content for word in REFUSED_WORDS):
                sentence = _("This file holds macros or links to other files. Save it as a plain workbook (.xlsx).")
                raise ValidationError(sentence, code="more_than_words")


def _sheet(sheet):
    """Read one sheet: its first row names the columns."""
    # What a file says of its own size is not believed.
    sheet.reset_dimensions()
    headings, rows = {}, []
    for number, line in enumerate(sheet.iter_rows(), start=1):
        cells = dict(_cells(sheet, number, line))
        if number > MOST_LINES or len(rows) > MOST_ROWS or max(cells, default=0) > MOST_COLUMNS:
            raise _too_much()
        if number == 1:
            headings = {place: heading(cell.text) for place, cell in cells.items()}
        elif cells:
            rows.append(Row(number, {headings[place]: cell for place, cell in cells.items() if place in headings}))
    return Sheet({name: get_column_letter(place) for place, name in headings.items()}, rows)


def _cells(sheet, number, line):
    for place, cell in enumerate(line, start=1):
        if getattr(cell, "data_type", "") == "f":
            where = {"sheet": sheet.title, "row": number, "column": get_column_letter(place)}
            sentence = _("Sheet “%(sheet)s”, row %(row)s, column %(column)s: a formula. Write its words instead.")
            raise ValidationError(sentence % where, code="formula")
        if text := _text(cell.value):
            yield place, Cell(text, get_column_letter(place))


def heading(text: str) -> str:
    """Return a heading as it is looked up: "Label::Español (es)" is "label::es", whatever its language is called."""
    name, colon, language = text.partition("::")
    code = language.rpartition("(")[2].rstrip(") ") or language
    return f"{name.strip().lower()}{colon}{code.strip().lower()}"


def _text(value):
    if value is None:
        return ""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    text = text.replace("\u00a0", " ").strip()
    if len(text) > LONGEST_CELL:
        raise _too_much()
    return cells.as_typed(text)


def _too_much():
    return ValidationError(_("This file holds far more than a questionnaire."), code="too_much")
