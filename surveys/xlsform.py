"""Instruments as XLSForm (xlsform.org), the spreadsheet in which the field writes questionnaires in many languages.

Besides its own columns there are ours, on the sheet `survey`: `construct`, `place`, `reversed`, `fact::Español (es)`,
`fact::English (en)`; on the sheet `choices`: `favourable`. Rows of type note named `title`, `intro` and `opt_out` say
what stands around the questions; a text row named `comment` is the free line. docs/xlsform.md says all of it.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook
from pyxform.aliases import select
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from surveys import workbook
from surveys.authoring import OPT_OUT, RESERVED, Written
from surveys.cells import plain
from surveys.models import Item, Option
from surveys.workbook import Row, Sheet

LABELS = {"es": "label::Español (es)", "en": "label::English (en)"}
HINTS = {"es": "hint::Español (es)", "en": "hint::English (en)"}
FACTS = {"es": "fact::Español (es)", "en": "fact::English (en)"}
SURVEY = [
    "type",
    "name",
    *LABELS.values(),
    *HINTS.values(),
    "relevant",
    "construct",
    "place",
    *FACTS.values(),
    "reversed",
    "appearance",
]
CHOICES = ["list_name", "name", *LABELS.values(), "favourable"]
SETTINGS = ["form_title", "form_id", "version", "default_language"]
AROUND = ("title", "intro", "opt_out")
COMMENT = "comment"
# A scale is drawn in a row by other tools, and known by it here.
SCALE_LOOK = "likert"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,49}")
VALUE = re.compile(r"[A-Za-z0-9_-]{1,50}")
EQUALS = re.compile(r"\$\{([\w-]+)\}\s*=\s*['\"‘’“”]([\w-]+)['\"‘’“”]")
SELECTED = re.compile(r"selected\(\s*\$\{([\w-]+)\}\s*,\s*['\"‘’“”]([\w-]+)['\"‘’“”]\s*\)")
YES = {"yes", "true", "1", "sí", "si", "x", "true()"}
NO = {"", "no", "false", "0", "false()"}
MOST_FAULTS = 20
EMPTY = Sheet({}, [])
KINDS = {"select one": Item.Kind.CHOICE, "select all that apply": Item.Kind.SEVERAL}
PLAIN_KINDS = {"integer": Item.Kind.NUMBER, "int": Item.Kind.NUMBER, "text": Item.Kind.TEXT, "string": Item.Kind.TEXT}
# Other tools write them down by themselves; families are asked nothing of the kind here.
PASSED_OVER = {"start", "end", "today"}


class Refused(Exception):
    """A file that cannot be taken as it is; `faults` says what is wrong and where, a sentence each."""

    def __init__(self, faults: list[str]):
        super().__init__(faults)
        self.faults = faults


def read(raw: bytes) -> Written:
    """Return the instrument in a file, whole. Raises Refused with every fault found, or ValidationError for the file.

    What it still lacks to be published is said later, on the page that checks drafts.
    """
    sheets = workbook.read(raw)
    reading = Reading(sheets)
    written = reading.whole()
    if reading.faults:
        raise Refused(reading.faults[:MOST_FAULTS])
    _ask_pyxform(sheets)
    return written


def _ask_pyxform(sheets):
    """Let the field's own reader say whether this is a form, of the cells that we have read and not of the file."""
    known = {
        name: [{heading: cell.text for heading, cell in row.cells.items()} for row in sheets[name].rows]
        for name in ("survey", "choices", "settings")
        if name in sheets
    }
    try:
        convert(xlsform=known)
    except PyXFormError as error:
        sentence = _("Other tools could not read this form. pyxform says: %(words)s")
        raise Refused([sentence % {"words": str(error)[:300]}]) from None


class Reading:
    """One file on its way to an instrument: what was understood, and what was not."""

    def __init__(self, sheets: dict[str, Sheet]):
        self.sheets = sheets
        self.faults: list[str] = []
        self.lists = self.choices()
        self.named: dict[str, dict[str, Any]] = {}
        self.around = {name: dict.fromkeys(LABELS, "") for name in AROUND}
        self.comment = {"text": dict.fromkeys(LABELS, ""), "hint": dict.fromkeys(LABELS, "")}

    def whole(self) -> Written:
        """Read every sheet."""
        if "survey" not in self.sheets:
            self.faults.append(_("There is no sheet named “survey”."))
            return {}
        for code, named in LABELS.items():
            if f"label::{code}" not in self.sheets["survey"].headings:
                self.faults.append(_("Sheet “survey” has no column “%(column)s”.") % {"column": named})
        for row in self.sheets["survey"].rows:
            self.question(row)
        first = next(iter(self.sheets.get("settings", EMPTY).rows), Row(2, {}))
        title = {code: text or first["form_title"] for code, text in self.around["title"].items()}
        if not all(title.values()):
            self.faults.append(_("Sheet “settings”, row 2: “form_title” is empty."))
        return {
            "slug": first["form_id"],
            "title": {code: self.short(text, 120, "settings", first, "form_title") for code, text in title.items()},
            "intro": self.around["intro"],
            "items": list(self.named.values()),
            "comment": self.comment,
            "opt_out": self.around["opt_out"] if any(self.around["opt_out"].values()) else OPT_OUT,
        }

    def fault(self, sheet: str, row: Row, heading: str, sentence: str) -> None:
        """Write down what is wrong, and in which cell."""
        column = row.column(heading) or self.sheets.get(sheet, EMPTY).headings.get(heading, "")
        where = {"sheet": sheet, "row": row.number, "column": column or heading, "sentence": sentence}
        self.faults.append(_("Sheet “%(sheet)s”, row %(row)s, column %(column)s: %(sentence)s") % where)

    def choices(self) -> dict[str, list[dict[str, Any]]]:
        """Return the lists of answers by name."""
        lists: dict[str, list[dict[str, Any]]] = {}
        for row in self.sheets.get("choices", EMPTY).rows:
            name = row["list_name"] or row["list name"]
            value = row["name"] or row["value"]
            if not name:
                self.fault("choices", row, "list_name", _("this answer belongs to no list."))
            if not VALUE.fullmatch(value):
                sentence = _("“%(value)s” should be letters, digits, - and _ only, up to 50.") % {"value": value}
                self.fault("choices", row, "name", sentence)
            options = lists.setdefault(name, [])
            if value in [option["value"] for option in options]:
                self.fault("choices", row, "name", _("“%(value)s” is in its list twice.") % {"value": value})
            text = self.words("choices", row, "label", Option._meta.get_field("text").max_length)
            options.append({"value": value, "text": text, "favourable": self.yes("choices", row, "favourable")})
        return lists

    def question(self, row: Row) -> None:
        """Read one row of the sheet `survey`."""
        kind, name = row["type"], row["name"]
        if kind.lower() in PASSED_OVER:
            return
        if kind.lower() == "note" and name in AROUND:
            self.around[name] = self.words("survey", row, "label", 2000)
            return
        if kind.lower() == "note":
            self.fault("survey", row, "type", _("notes between questions are not shown here. Take this row out."))
            return
        if kind.lower() in PLAIN_KINDS and name == COMMENT:
            self.comment = {
                "text": self.words("survey", row, "label", 200),
                "hint": self.words("survey", row, "hint", 500),
            }
            return
        if not NAME.fullmatch(name):
            sentence = _("“%(value)s” should begin with a letter, then letters, digits, - and _ only, up to 50.")
            self.fault("survey", row, "name", sentence % {"value": name})
        if name in RESERVED:
            self.fault("survey", row, "name", _("“%(value)s” has a meaning of its own here.") % {"value": name})
        if name in self.named:
            self.fault("survey", row, "name", _("two questions are named “%(value)s”.") % {"value": name})
        item = {"slug": name, **self.kind(row), "text": self.words("survey", row, "label", 300)}
        more = {
            "construct": self.one_of(row, "construct", Item.Construct),
            "place": self.one_of(row, "place", Item.Place),
            "fact": self.fact(row),
            "is_reversed": self.yes("survey", row, "reversed"),
            "asked_if": self.relevant(row),
        }
        self.named[name] = {**item, **{key: value for key, value in more.items() if value}}

    def kind(self, row: Row) -> dict[str, Any]:
        """Return a question's kind and answers."""
        said = " ".join(row["type"].split())
        if said.lower() in PLAIN_KINDS:
            return {"kind": PLAIN_KINDS[said.lower()].value, "options": []}
        way, _space, name = said.rpartition(" ")
        kind = KINDS.get(select.get(way.lower(), ""))
        if kind is None:
            sentence = _("“%(value)s” is not a kind of question that can be asked here.") % {"value": said}
            can = _("These can: select_one, select_multiple, integer, text.")
            self.fault("survey", row, "type", f"{sentence} {can}")
            return {"kind": "", "options": []}
        if name not in self.lists:
            sentence = _("there is no list “%(value)s” on the sheet “choices”.") % {"value": name}
            self.fault("survey", row, "type", sentence)
        is_scale = kind == Item.Kind.CHOICE and SCALE_LOOK in row["appearance"].split()
        options = [dict(option) for option in self.lists.get(name, [])]
        return {"kind": (Item.Kind.SCALE if is_scale else kind).value, "options": options}

    def relevant(self, row: Row) -> dict[str, str]:
        """Return the answer before on which a question depends."""
        said = row["relevant"]
        if not said:
            return {}
        found = EQUALS.fullmatch(said) or SELECTED.fullmatch(said)
        if found is None:
            sentence = _("only ${question} = 'answer' and selected(${question}, 'answer') can be said here.")
            self.fault("survey", row, "relevant", sentence)
            return {}
        name, value = found.groups()
        if name not in self.named or value not in [option["value"] for option in self.named[name]["options"]]:
            sentence = _("no question before this one is named “%(name)s” with an answer “%(value)s”.")
            self.fault("survey", row, "relevant", sentence % {"name": name, "value": value})
        return {"item": name, "option": value}

    def fact(self, row: Row) -> dict[str, str]:
        """Return the words for results."""
        words = self.words("survey", row, "fact", 200, needed=False)
        return words if any(words.values()) else {}

    def words(self, sheet: str, row: Row, column: str, most: int, *, needed: bool = True) -> dict[str, str]:
        """Return a text in every language; on the check page a missing one can still be written."""
        said = {code: self.short(row[f"{column}::{code}"], most, sheet, row, f"{column}::{code}") for code in LABELS}
        if needed and row[column] and not any(said.values()):
            sentence = _("say in which language: name the column “%(column)s”.")
            self.fault(sheet, row, column, sentence % {"column": LABELS["es"].replace("label", column)})
        return said

    def short(self, text: str, most: int, sheet: str, row: Row, heading: str) -> str:
        """Return a text that fits."""
        if len(text) > most:
            sentence = _("these words are %(long)s characters long, and %(most)s fit.")
            self.fault(sheet, row, heading, sentence % {"long": len(text), "most": most})
        return text

    def one_of(self, row: Row, column: str, names) -> str:
        """Return a name from a fixed list, or nothing."""
        said = row[column].lower()
        if said and said not in names.values:
            sentence = _("“%(value)s” should be one of these: %(names)s.")
            self.fault("survey", row, column, sentence % {"value": said, "names": ", ".join(names.values)})
        return said

    def yes(self, sheet: str, row: Row, column: str) -> bool:
        """Return whether a cell says yes."""
        said = row[column].lower()
        if said not in YES | NO:
            self.fault(sheet, row, column, _("“%(value)s” should be yes or no.") % {"value": said})
        return said in YES


def write(written: Written, *, version: int) -> bytes:
    """Return an instrument as a workbook that this module, pyxform and the field's other tools read."""
    book = Workbook()
    book.remove(book.active)
    _fill(book.create_sheet("survey"), SURVEY, _survey_rows(written))
    _fill(book.create_sheet("choices"), CHOICES, _choice_rows(written))
    settings_row = {
        "form_title": written["title"]["en"],
        "form_id": written["slug"],
        "version": str(version),
        "default_language": LABELS[settings.LANGUAGE_CODE].partition("::")[2],
    }
    _fill(book.create_sheet("settings"), SETTINGS, [settings_row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _survey_rows(written) -> Iterator[dict[str, str]]:
    for name in ("title", "intro"):
        if any(written[name].values()):
            yield {"type": "note", "name": name, **_in(LABELS, written[name])}
    for item in written["items"]:
        base = item.get("asked_if")
        options = {Item.Kind.SEVERAL: "select_multiple"}.get(item["kind"], "select_one")
        plain = {Item.Kind.NUMBER: "integer", Item.Kind.TEXT: "text"}.get(item["kind"])
        yield {
            "type": plain or f"{options} {item['slug']}",
            "name": item["slug"],
            **_in(LABELS, item["text"]),
            **_in(FACTS, item.get("fact", {})),
            "relevant": f"selected(${{{base['item']}}}, '{base['option']}')" if base else "",
            "construct": item.get("construct", ""),
            "place": item.get("place", ""),
            "reversed": "yes" if item.get("is_reversed") else "",
            "appearance": SCALE_LOOK if item["kind"] == Item.Kind.SCALE else "",
        }
    if any(written["comment"]["text"].values()):
        words = {**_in(LABELS, written["comment"]["text"]), **_in(HINTS, written["comment"]["hint"])}
        yield {"type": "text", "name": COMMENT, **words}
    yield {"type": "note", "name": "opt_out", **_in(LABELS, written["opt_out"])}


def _choice_rows(written) -> Iterator[dict[str, str]]:
    for item in written["items"]:
        for option in item["options"]:
            yield {
                "list_name": item["slug"],
                "name": option["value"],
                **_in(LABELS, option["text"]),
                "favourable": "yes" if option["favourable"] else "",
            }


def _in(columns, words):
    return {column: words.get(code, "") for code, column in columns.items()}


def _fill(sheet, headings, rows):
    sheet.append(headings)
    for row in rows:
        sheet.append([plain(row.get(heading, "")) or None for heading in headings])
    # Words, never formulas, whatever they begin with.
    for line in sheet.iter_rows():
        for cell in line:
            cell.data_type = "s" if cell.value is not None else cell.data_type
