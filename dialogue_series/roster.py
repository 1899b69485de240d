"""Reads the list of families that a coordinator pastes or uploads: name, phone or e-mail, language."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Literal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from dialogue_series.pasted import FileProblem, cells, plain, read_text

MAX_BYTES = 100_000
MAX_LINES = 500
# The longest line anybody means; the longest name and e-mail that we keep.
MAX_LINE = 400
MAX_NAME = 60
MAX_EMAIL = 254

LANGUAGES = dict.fromkeys(("es", "esp", "spa", "sp", "espanol", "spanish", "castellano"), "es") | dict.fromkeys(
    ("en", "eng", "ing", "ingles", "english"), "en"
)
# Families who read both get the language of the series.
BOTH = frozenset(
    ("both", "ambos", "bilingual", "bilingue")
    + ("english spanish", "spanish english", "espanol ingles", "ingles espanol")
)

HEADINGS = (
    dict.fromkeys(
        (
            *("name", "full name", "caregiver", "caregiver name", "parent", "parent name", "guardian", "guardian name"),
            *("parent guardian", "parent guardian name", "family", "contact", "contact name", "first name", "first"),
            *("nombre", "nombres", "nombre completo", "nombre y apellido", "nombre y apellidos", "primer nombre"),
            *("familia", "contacto", "madre", "padre", "mama", "papa", "tutor", "madre o padre", "persona cuidadora"),
        ),
        "name",
    )
    | dict.fromkeys(("last name", "last", "surname", "apellido", "apellidos"), "surname")
    | dict.fromkeys(("numero", "number"), "phone")
)
# A heading that holds one of these words is understood whatever stands around it: "Cell phone (mom)".
HEADING_WORDS = {
    **dict.fromkeys(("email", "mail", "correo"), "email"),
    **dict.fromkeys(
        ("phone", "telephone", "cell", "cellphone", "mobile", "telefono", "celular", "tel", "movil", "sms"), "phone"
    ),
    **dict.fromkeys(("language", "lang", "idioma", "lengua", "lenguaje"), "language"),
}

_BULLET = re.compile(r"^\s*(?:\d{1,3}[.)]|[-*•·–—])\s+")
_PHONE = re.compile(r"(?<![\w@.])[+(]{0,2}\d[\d ().\-–]{4,24}\d(?![\w@])")
_EMAIL = re.compile(r"[^\s<>()\[\]\"',;:/|]{1,254}@[^\s<>()\[\]\"',;:/|]{0,254}")
_ADDRESS = re.compile(f"{_EMAIL.pattern}|{_PHONE.pattern}")
_LABEL = re.compile(r"\b(?:tel|tel[eé]fono|cel|cell|celular|phone|mobile|e-?mail|correo)\W*$", re.IGNORECASE)
_EDGES = ' \t,;:|/<>"-–—*•'
_SPREADSHEET_NUMBER = re.compile(r"\d{10,11}\.0")

Kind = Literal["text", "phone", "email"]
ListProblem = FileProblem | Literal["too_many_lines"]
RowProblem = Literal[
    "no_name",
    "no_address",
    "bad_phone",
    "bad_email",
    "unknown_language",
    "too_long",
    "duplicate_in_list",
    "shared_address",
    "already_enrolled",
    "on_staff_list",
]


@dataclass(frozen=True)
class Row:
    """One family as understood from one line.

    `address` is E.164 or an e-mail in small letters, or as typed when it could not be understood; `also` is the e-mail
    given beside a phone. `problems` are codes of wording.PROBLEMS; `raw` is the line untouched.
    """

    line: int
    name: str
    address: str
    channel: Literal["sms", "email", ""]
    language: Literal["es", "en"]
    problems: tuple[RowProblem, ...]
    raw: str
    also: str = ""


def read_list(raw: str | bytes | BinaryIO) -> tuple[str, ListProblem | None]:
    """Return the text of a pasted or uploaded list (at most 100 kB, 500 lines), or why it cannot be read."""
    text, problem = read_text(raw, max_bytes=MAX_BYTES)
    if problem is None and sum(1 for line in text.splitlines() if line.strip()) > MAX_LINES + 1:
        return text, "too_many_lines"
    return text, problem


def read_roster(
    text: str,
    *,
    default_language: Literal["es", "en"],
    region: str = "US",
    known: Collection[str] = (),
    staff: Collection[str] = (),
) -> list[Row]:
    """Understand each line of the list, in order; doubts become problems of the row, never exceptions.

    `known` holds the addresses already enrolled, `staff` those of people who work at the school: E.164 or e-mail in
    small letters. Reads the first 500 families; `read_list` says beforehand whether there are more.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip("\ufeff \t,;")]
    columns = _columns(lines[0][1]) if lines else []
    known, staff = set(known) - {""}, set(staff) - {""}
    seen: dict[str, set[str]] = {}
    rows = []
    for number, line in lines[bool(columns) :][:MAX_LINES]:
        row = _read_line(number, line, columns, default_language, region)
        doubts = [
            *_repeated(row, seen),
            *(["already_enrolled"] if known & {row.address, row.also} else []),
            *(["on_staff_list"] if staff & {row.address, row.also} else []),
        ]
        rows.append(replace(row, problems=(*row.problems, *doubts)))
    return rows


def doubtful_first(rows: Collection[Row]) -> list[Row]:
    """Put the rows with problems on top, each part in the order of the list."""
    return sorted(rows, key=lambda row: not row.problems)


def _columns(line: str) -> list[str]:
    """Return what each column holds if this line is made of headings, else nothing."""
    if len(line) > MAX_LINE or _PHONE.search(line) or "@" in line:
        return []
    columns = [_heading(cell) for cell in cells(line)]
    return columns if {"phone", "email"} & set(columns) else []


def _heading(cell: str) -> str:
    words = plain(cell)
    return HEADINGS.get(words) or next((HEADING_WORDS[word] for word in words.split() if word in HEADING_WORDS), "")


def _read_line(number: int, line: str, columns: list[str], default_language: Literal["es", "en"], region: str) -> Row:
    if len(line) > MAX_LINE:
        return Row(number, "", "", "", default_language, ("too_long",), line)
    if columns:
        names, addresses, language = _by_column(cells(line), columns)
    else:
        names, addresses, language = _by_look(cells(_BULLET.sub("", line.strip("\ufeff"))))
    name = _without_emoji(" ".join(names))
    problems: list[RowProblem] = [] if name else ["no_name"]
    if len(name) > MAX_NAME:
        problems.append("too_long")
    address, channel, also, doubts = _best_address(addresses, region)
    problems += doubts
    spoken = default_language if plain(language) in ("", *BOTH) else _language(language)
    if not spoken:
        problems.append("unknown_language")
    return Row(number, name, address, channel, spoken or default_language, tuple(problems), line, also)


def _language(cell: str) -> Literal["es", "en"] | None:
    """Understand a language written as a word or as a code such as es-MX."""
    words = plain(cell)
    first = words.split(" ")[0] if re.fullmatch(r"e[sn] [a-z]{2}", words) else words
    return LANGUAGES.get(first)


def _by_column(found: list[str], columns: list[str]) -> tuple[list[str], list[tuple[Kind, str]], str]:
    """Read a line by its headings: names, addresses, language."""
    by_kind: dict[str, list[str]] = {"name": [], "surname": [], "phone": [], "email": [], "language": []}
    for kind, cell in zip(columns, found, strict=False):
        if kind and cell:
            by_kind[kind].append(cell)
    # "No phone", "n/a" or a dash in the column of phones is an empty cell.
    phones = [("phone", cell) for cell in by_kind["phone"] if any(map(str.isdigit, cell))]
    emails = [("email", cell) for cell in by_kind["email"] if "@" in cell or "." in cell]
    return by_kind["name"] + by_kind["surname"], phones + emails, " ".join(by_kind["language"][:1])


def _by_look(found: list[str]) -> tuple[list[str], list[tuple[Kind, str]], str]:
    """Read a line without headings: phones, e-mails and languages by their look; the words before them are the name.

    Other words after the address stand where the language should be.
    """
    addresses: list[tuple[Kind, str]] = []
    before: list[str] = []
    after: list[str] = []
    language = ""
    for kind, text in (piece for cell in found for piece in _pieces(cell)):
        if kind != "text":
            addresses.append((kind, text))
        elif _language(text) or plain(text) in BOTH:
            language = language or text
        elif text not in before:
            (after if addresses else before).append(text)
    if not before:
        before, after = after[:1], after[1:]
    return before, addresses, language or "".join(after[:1])


def _pieces(cell: str) -> Iterator[tuple[Kind, str]]:
    """Cut a cell into addresses and the words between them."""
    end = 0
    for found in _ADDRESS.finditer(cell):
        yield from _words(_LABEL.sub("", cell[end : found.start()]))
        yield ("email" if "@" in found[0] else "phone"), found[0]
        end = found.end()
    yield from _words(cell[end:])


def _words(text: str) -> Iterator[tuple[Kind, str]]:
    if plain(text):
        yield "text", text.strip(_EDGES)


def _best_address(
    addresses: list[tuple[Kind, str]], region: str
) -> tuple[str, Literal["sms", "email", ""], str, list[RowProblem]]:
    """Choose the address to write to: the first good phone, else the first good e-mail, else what was typed."""
    phones = [(_phone(text, region), text) for kind, text in addresses if kind == "phone"]
    emails = [(_email(text), text) for kind, text in addresses if kind == "email"]
    phone = next((good for good, _ in phones if good), "")
    email = next((good for good, _ in emails if good), "")
    problems = ["bad_phone"] * bool(phones and not phone) + ["bad_email"] * bool(emails and not email)
    if phone:
        return phone, "sms", email, problems
    if email:
        return email, "email", "", problems
    if phones:
        return phones[0][1], "sms", "", problems
    if emails:
        return emails[0][1], "email", "", problems
    return "", "", "", ["no_address"]


def _phone(text: str, region: str) -> str:
    """Return the number in E.164, or nothing when it cannot exist; test numbers such as 773 555 0142 can."""
    if _SPREADSHEET_NUMBER.fullmatch(text):
        text = text[:-2]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return ""
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return ""
    number.extension = None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # In North America neither the area nor the exchange begins with 0 or 1.
    return written if not written.startswith("+1") or re.fullmatch(r"\+1[2-9]\d\d[2-9]\d{6}", written) else ""


def _email(text: str) -> str:
    email = text.strip().strip(_EDGES).lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= MAX_EMAIL else ""


def _without_emoji(name: str) -> str:
    """Drop pictures and invisible marks from a name; letters, accents and ordinary signs stay."""
    composed = unicodedata.normalize("NFC", name)
    kept = "".join(
        letter
        for letter in composed
        if unicodedata.category(letter) not in ("So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn", "Me")
        and letter not in "\ufe0e\ufe0f"
    )
    return " ".join(kept.split()).strip(_EDGES)


def _repeated(row: Row, seen: dict[str, set[str]]) -> list[RowProblem]:
    """Say whether the address came before: twice for one name is a repeat, for two names a phone that they share."""
    if not row.channel:
        return []
    names = seen.setdefault(row.address, set())
    name = plain(row.name)
    problems: list[RowProblem] = []
    if names:
        problems = ["duplicate_in_list" if not name or name in names else "shared_address"]
    names.add(name)
    return problems
