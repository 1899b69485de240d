"""Questionnaires in spreadsheets: out and in again the same, every fault with its cell, nothing hostile carried out."""

import io
import json
import zipfile

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from surveys import workbook, xlsform
from surveys.cells import FORMULA_SIGNS, plain
from tests.surveys import carpentries
from tests.surveys.test_kinds import EVERY_KIND, option, said

INSTRUMENTS = [*json.loads((settings.BASE_DIR / "fixtures" / "instruments.json").read_text()), EVERY_KIND]
EACH = pytest.mark.parametrize("written", INSTRUMENTS, ids=lambda written: written["slug"])
HEADINGS = ["type", "name", "label::Español (es)", "label::English (en)", "relevant", "construct", "fact::English (en)"]
CHOICES = [
    ["list_name", "name", "label::Español (es)", "label::English (en)", "favourable"],
    ["yesno", "yes", "Sí", "Yes", "yes"],
    ["yesno", "no", "No", "No", None],
]
QUESTION = ["select_one yesno", "came", "¿Vino?", "Did you come?"]


def made(*questions, choices=CHOICES, headings=HEADINGS, title="Asistencia"):
    """A workbook with these rows."""
    book = Workbook()
    book.active.title = "survey"
    for row in [headings, *questions]:
        book.active.append(row)
    sheet = book.create_sheet("choices")
    for row in choices:
        sheet.append(row)
    sheet = book.create_sheet("settings")
    sheet.append(["form_title"])
    sheet.append([title])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def faults(raw, language="en"):
    with translation.override(language), pytest.raises(xlsform.Refused) as refused:
        xlsform.read(raw)
    return refused.value.faults


def refusal(raw):
    with pytest.raises(ValidationError) as refused:
        xlsform.read(raw)
    assert len(refused.value.messages) == 1
    return refused.value.code


@EACH
def test_an_instrument_goes_out_and_comes_back_the_same(written):
    assert xlsform.read(xlsform.write(written, version=3)) == written


@EACH
def test_the_fields_own_reader_takes_what_goes_out_without_a_warning(written):
    found = convert(xlsform=xlsform.write(written, version=3))
    assert found.warnings == []
    assert [name in found.xform for name in ("Español (es)", "English (en)", written["slug"])] == [True] * 3


def test_a_districts_own_spreadsheet_comes_in_whole():
    written = xlsform.read(carpentries.form())
    assert written["slug"] == "carpentries"
    assert written["title"] == said("After the training", "After the training")
    assert [item["slug"] for item in written["items"]] == [name for name, *_rest in carpentries.QUESTIONS]
    assert written["items"][6] == {
        "slug": "Pace",
        "kind": "choice",
        "text": said("¿Cómo le pareció el ritmo?", "How was the pace?"),
        "fact": said("dicen que el ritmo estuvo bien", "say that the pace was right"),
        "options": [
            option("too_slow", "Muy lento", "Too slow"),
            option("slightly_slow", "Un poco lento", "Slightly slow"),
            option("just_right", "Bien así", "Just right", favourable=True),
            option("slightly_fast", "Un poco rápido", "Slightly fast"),
            option("too_fast", "Muy rápido", "Too fast"),
        ],
    }


@pytest.mark.parametrize(
    "said_before", ["${came} = 'yes'", "${came}='yes'", "selected(${came}, 'yes')", 'selected( ${came} ,"yes")']
)
def test_a_branch_is_read_however_it_is_written(said_before):
    written = xlsform.read(made(QUESTION, ["integer", "times", "¿Cuántas?", "How many?", said_before]))
    assert written["items"][1]["asked_if"] == {"item": "came", "option": "yes"}


def test_the_words_of_other_programs_for_the_same_kinds_are_known():
    questions = [
        ["start", "start", None, None],
        ["select one yesno", "one", "¿Una?", "One?"],
        ["select all that apply from yesno", "many", "¿Varias?", "Several?"],
    ]
    assert [item["kind"] for item in xlsform.read(made(*questions))["items"]] == ["choice", "several"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["geopoint", "where", "¿Dónde?", "Where?"], "column A: “geopoint” is not a kind of question"),
        (["select_one other", "x", "¿Y?", "And?"], "column A: there is no list “other” on the sheet “choices”."),
        (["text", "2nd", "¿Y?", "And?"], "column B: “2nd” should begin with a letter"),
        (["text", "came", "¿Y?", "And?"], "column B: two questions are named “came”."),
        (["text", "meta", "¿Y?", "And?"], "column B: “meta” has a meaning of its own here."),
        (["text", "x", "¿" * 301, "And?"], "column C: these words are 301 characters long, and 300 fit."),
        (["text", "x", "¿Y?", "And?", "${came} > 1"], "column E: only ${question} = 'answer' and selected("),
        (["text", "x", "¿Y?", "And?", "${gone} = 'yes'"], "column E: no question before this one is named “gone”"),
        (["text", "x", "¿Y?", "And?", None, "joy"], "column F: “joy” should be one of these: understanding,"),
        (["note", "hello", "Hola", "Hello"], "column A: notes between questions are not shown here."),
    ],
)
def test_a_fault_is_told_with_its_sheet_row_and_column(row, expected):
    [found] = faults(made(QUESTION, row))
    assert found.startswith(f"Sheet “survey”, row 3, {expected}")


def test_faults_among_the_answers_are_told_too_and_all_at_once():
    wrong = [*CHOICES, ["yesno", "no", "Nunca", "Never", "perhaps"], [None, "so so", "Más o menos", "So so"]]
    assert faults(made(QUESTION, choices=wrong)) == [
        "Sheet “choices”, row 4, column B: “no” is in its list twice.",
        "Sheet “choices”, row 4, column E: “perhaps” should be yes or no.",
        "Sheet “choices”, row 5, column A: this answer belongs to no list.",
        "Sheet “choices”, row 5, column B: “so so” should be letters, digits, - and _ only, up to 50.",
    ]


def test_a_sheet_or_a_language_that_is_missing_is_named():
    assert faults(made(QUESTION, headings=["type", "name", "label"])) == [
        "Sheet “survey” has no column “label::Español (es)”.",
        "Sheet “survey” has no column “label::English (en)”.",
        "Sheet “survey”, row 2, column C: say in which language: name the column “label::Español (es)”.",
    ]
    book = Workbook()
    file = io.BytesIO()
    book.save(file)
    assert faults(file.getvalue()) == ["There is no sheet named “survey”."]
    assert faults(made(QUESTION, title=None)) == ["Sheet “settings”, row 2: “form_title” is empty."]


def test_faults_are_told_in_the_readers_language():
    [found] = faults(made(QUESTION, ["text", "came", "¿Y?", "And?"]), language="es")
    assert found == "Hoja “survey”, fila 3, columna B: hay dos preguntas con el nombre “came”."


# What is not carried out


@EACH
def test_no_cell_that_goes_out_is_a_formula_and_its_words_come_back(written):
    for sign in ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'quoted"):
        words = sign if sign.strip() == sign else "x"
        raw = xlsform.write({**written, "title": said(words, words)}, version=1)
        cells = [cell for sheet in load_workbook(io.BytesIO(raw)) for line in sheet.iter_rows() for cell in line]
        assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}
        assert not [cell for cell in cells if str(cell.value or "").startswith(FORMULA_SIGNS)]
        assert xlsform.read(raw)["title"] == said(words, words)


def test_the_neutral_sign_stands_before_every_beginning_that_a_spreadsheet_carries_out():
    assert [plain(f"{sign}x")[0] for sign in ("=", "+", "-", "@", "\t", "\r", "'")] == ["'"] * 7
    assert plain("Hola = hello") == "Hola = hello"


def test_a_formula_is_refused_with_its_cell():
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        xlsform.read(made(QUESTION, ["text", "x", "=1+1", "And?"]))
    assert refused.value.messages == ["Sheet “survey”, row 3, column C: a formula. Write its words instead."]


def repacked(raw, **parts):
    """The same workbook with parts added or put in the place of others; "__" stands for the slash."""
    file = io.BytesIO()
    parts = {name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"): b for name, b in parts.items()}
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, parts.pop(name, None) or before.read(name))
        for name, content in parts.items():
            after.writestr(name, content)
    return file.getvalue()


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_workbook"),
        (b"name,age\n", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "not_a_workbook"),
        (b"PK\x03\x04 broken", "not_a_workbook"),
        (b"x" * (workbook.MOST_BYTES + 1), "too_large"),
        (repacked(made(QUESTION), xl__vbaProject_bin=b"x"), "more_than_words"),
        (repacked(made(QUESTION), xl__externalLinks__externalLink1_xml=b"<x/>"), "more_than_words"),
        (repacked(made(QUESTION), xl__sharedStrings_xml=ENTITY), "more_than_words"),
        (repacked(made(QUESTION), xl__sharedStrings_xml=ENTITY.decode().encode("utf-16")), "more_than_words"),
        (repacked(made(QUESTION), xl__extra_xml=b" " * 50_000_000), "too_much"),
        (repacked(made(QUESTION), **{f"xl__part{n}_xml": b"x" for n in range(300)}), "too_much"),
        (repacked(made(QUESTION), xl__workbook_xml=b"<not xml"), "not_a_workbook"),
        (made(QUESTION, *[["text", f"x{n}", "¿?", "?"] for n in range(2100)]), "too_much"),
        (made(QUESTION, ["text", "x", "¿" * 5000, "?"]), "too_much"),
        (made(QUESTION, [*QUESTION, *[None] * 70, "far"]), "too_much"),
    ],
    # Words, and the same in every process: a workbook holds the time at which it was made.
    ids=[
        "nothing",
        "plain text",
        "an old workbook",
        "a broken archive",
        "too many bytes",
        "a macro",
        "a link to another file",
        "an entity",
        "an entity in another encoding",
        "a bomb",
        "too many parts",
        "no XML",
        "too many rows",
        "a cell too long",
        "a cell too far",
    ],
)
def test_a_hostile_or_broken_file_is_refused_in_one_sentence(raw, code):
    assert refusal(raw) == code


def test_a_size_that_a_file_claims_is_not_believed():
    raw = repacked(made(QUESTION), xl__extra_xml=b" " * 50_000_000)
    lying = raw.replace((50_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != raw
    assert refusal(lying) in {"too_much", "not_a_workbook"}


def test_a_form_that_other_tools_refuse_is_refused_with_their_words():
    [found] = faults(made(["text", "x", None, None]))
    assert found.startswith("Other tools could not read this form. pyxform says: ")
