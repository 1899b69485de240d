"""Lists of families as a coordinator has them: spreadsheets, notes, three phone formats and an emoji."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue_series.pasted import decode
from dialogue_series.roster import MAX_BYTES, MAX_LINE, MAX_LINES, doubtful_first, read_list, read_roster

SPREADSHEET = (
    "Nombre\tApellidos\tTeléfono celular\tCorreo electrónico\tIdioma preferido\tGrado\n"
    "Ana 🌸\tLópez Núñez\t(773) 555-0142\t\tEspañol\t9\n"
    '"Rosa"\tPérez\t773.555.0143\tRosa@Ejemplo.org\tinglés\t10\n'
    "José\tRuiz\t+1 773 555 0144\t\t\t11\n"
    "Luz\tSoto\tn/a\tluz@ejemplo.org\tes\t\n"
    "Eva\tDíaz\t555-0145\t\tpolaco\t12\n"
)


def read(text, **options):
    """Read a list for a series in Spanish."""
    return read_roster(text, **{"default_language": "es"} | options)


def understood(text, **options):
    """Return each row as name, address, channel, language."""
    return [(row.name, row.address, row.channel, row.language) for row in read(text, **options)]


def problems(text, **options):
    """Return the problems of each row."""
    return [row.problems for row in read(text, **options)]


def test_a_spreadsheet_with_headings_in_spanish_is_understood():
    assert understood(SPREADSHEET) == [
        ("Ana López Núñez", "+17735550142", "sms", "es"),
        ("Rosa Pérez", "+17735550143", "sms", "en"),
        ("José Ruiz", "+17735550144", "sms", "es"),
        ("Luz Soto", "luz@ejemplo.org", "email", "es"),
        ("Eva Díaz", "555-0145", "sms", "es"),
    ]
    assert problems(SPREADSHEET) == [(), (), (), (), ("bad_phone", "unknown_language")]


def test_a_csv_with_headings_in_english_is_understood():
    text = (
        "Language,Parent/Guardian Name,Student Name,E-mail,Cell phone (parent)\r\n"
        'Spanish,"López, Ana",Luis,,7735550142\r\n'
        "English,Kim Lee,Min,kim@example.org,\r\n"
    )

    assert understood(text) == [
        ("López, Ana", "+17735550142", "sms", "es"),
        ("Kim Lee", "kim@example.org", "email", "en"),
    ]


def test_under_a_heading_what_is_no_phone_and_no_e_mail_is_said():
    text = "Nombre,Teléfono,Correo\nAna,no tiene,ana.ejemplo.org\nEva,-,no\n"

    assert problems(text, staff={""}) == [("bad_email",), ("no_address",)]


def test_a_row_keeps_its_line_number_and_its_words_untouched():
    rows = read("\nAna 🌸, 773 555 0142\n")

    assert [(row.line, row.raw, row.name) for row in rows] == [(2, "Ana 🌸, 773 555 0142", "Ana")]


@pytest.mark.parametrize(
    "phone",
    [
        *("(773) 555-0142", "773.555.0142", "+1 773 555 0142", "7735550142", "1-773-555-0142", "773–555–0142"),
        *("(773)555-0142", "tel. 773 555 0142", "773 555 0142 (cel)", "7735550142.0", "＋1 773 555 0142"),
    ],
)
def test_a_phone_is_understood_in_every_usual_form(phone):
    assert understood(f"Ana López, {phone}")[0][:3] == ("Ana López", "+17735550142", "sms")


@pytest.mark.parametrize(
    "phone", ["555-0142", "773 555 014", "773 555 01422", "023 555 0142", "773 155 0142", "+999 12345678"]
)
def test_a_phone_that_cannot_exist_is_kept_as_typed(phone):
    (row,) = read(f"Ana, {phone}, es")

    assert (row.address, row.channel, row.problems) == (phone, "sms", ("bad_phone",))


def test_a_phone_of_another_country_is_understood():
    assert understood("Ana, +52 55 1234 5678") == [("Ana", "+525512345678", "sms", "es")]


@pytest.mark.parametrize(
    "line",
    [
        "Ana López, 773 555 0142, en",
        "Ana López; 773 555 0142; inglés",
        "Ana López\t773 555 0142\tEnglish",
        "Ana López 773 555 0142 en",
        "773 555 0142, Ana López, EN",
        '"Ana López", "773 555 0142", "english"',
        "1. Ana López - 773 555 0142 (English)",
        "• Ana López: 773 555 0142, en-US",
        '"Ana López, 773 555 0142, en',
        "\ufeffAna López 👩🏽‍👧, 773 555 0142, Inglés 🇺🇸",
    ],
)
def test_a_line_is_understood_however_it_is_written(line):
    (row,) = read(line)

    assert (row.name, row.address, row.language, row.problems) == ("Ana López", "+17735550142", "en", ())


@pytest.mark.parametrize(
    ("written", "language"),
    [
        *(
            ("es", "es"),
            ("Español", "es"),
            ("ESPAÑOL", "es"),
            ("spanish", "es"),
            ("Espan\u0303ol", "es"),
            ("es-MX", "es"),
        ),
        *(("en", "en"), ("Inglés", "en"), ("English", "en"), ("both", "en"), ("español / inglés", "en"), ("", "en")),
    ],
)
def test_a_language_is_a_code_or_a_word_and_both_means_that_of_the_series(written, language):
    (row,) = read(f"Ana, 773 555 0142, {written}", default_language="en")

    assert (row.language, row.problems) == (language, ())


def test_with_phone_and_e_mail_the_phone_is_written_to_and_the_e_mail_kept():
    (row,) = read("Ana, ANA@ejemplo.org, 773 555 0142, es")

    assert (row.address, row.channel, row.also) == ("+17735550142", "sms", "ana@ejemplo.org")


def test_with_a_bad_phone_the_e_mail_is_written_to_and_the_doubt_is_said():
    (row,) = read("Ana, 555-0142, Ana <ana@ejemplo.org>")

    assert (row.address, row.channel, row.problems) == ("ana@ejemplo.org", "email", ("bad_phone",))


@pytest.mark.parametrize(
    ("line", "doubts"),
    [
        ("Ana López", ("no_address",)),
        ("773 555 0142", ("no_name",)),
        ("🌸, 773 555 0142", ("no_name",)),
        ("Ana, ana@", ("bad_email",)),
        (f"Ana, ana@{'a.' * 100}{'b' * 50}.org", ("bad_email",)),
        ("Ana, 773 555 0142, polski", ("unknown_language",)),
        (f"{'A' * 61}, 773 555 0142", ("too_long",)),
        (f"Ana, 773 555 0142, {'x' * MAX_LINE}", ("too_long",)),
    ],
)
def test_each_doubt_has_its_code(line, doubts):
    assert problems(line) == [doubts]


def test_the_same_family_twice_is_a_repeat_and_two_names_on_one_phone_share_it():
    text = "Ana López, 773 555 0142\nANA LOPEZ, (773) 555-0142\nBeto, 773-555-0142\nEva, 773 555 0143"

    assert problems(text) == [(), ("duplicate_in_list",), ("shared_address",), ()]


def test_who_is_enrolled_or_works_at_the_school_is_said():
    text = "Ana, 773 555 0142\nBeto, 773 555 0143, beto@escuela.org\nEva, 773 555 0144"

    rows = problems(text, known={"+17735550142": "Ana"}, staff={"beto@escuela.org"})

    assert rows == [("already_enrolled",), ("on_staff_list",), ()]


def test_doubtful_rows_come_first_each_part_in_the_order_of_the_list():
    rows = doubtful_first(read("Ana, 773 555 0142\nBeto\nEva, 773 555 0143\nLuz, luz@"))

    assert [row.name for row in rows] == ["Beto", "Luz", "Ana", "Eva"]


def test_an_upload_is_decoded_whatever_program_wrote_it():
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert decode("José Núñez".encode(encoding)) == "José Núñez"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("Ana, 773 555 0142", None),
        ("Nombre, teléfono\n" + "Ana, 773 555 0142\n" * MAX_LINES, None),
        ("Ana, 773 555 0142\n" * (MAX_LINES + 2), "too_many_lines"),
        (b"x" * (MAX_BYTES + 1), "too_big"),
        (io.BytesIO(b"x" * 20_000_000), "too_big"),
        (" \n", "empty"),
        (b"<!doctype html><table>", "html"),
        (b"PK\x03\x04", "binary"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(raw, problem):
    assert read_list(raw)[1] == problem


def test_at_most_500_families_are_read():
    assert len(read("Ana, 773 555 0142\n" * 20_000)) == MAX_LINES


PIECES = st.sampled_from(
    [
        *(
            "Ana López",
            "773 555 0142",
            "(773)",
            "+1",
            "555-0142",
            "ana@ejemplo.org",
            "@",
            "@@",
            "es",
            "inglés",
            "🌸",
            "İ",
        ),
        *(
            ",",
            ";",
            "\t",
            "\n",
            "\r",
            '"',
            "'",
            "<",
            ">",
            "Nombre",
            "Teléfono",
            "correo",
            "٧٧٣٥٥٥٠١٤٢",
            "\u0301",
            "\x00",
        ),
        *("=1+1", "1.", "-", "x" * 500, "\u202e", "\u2028", "7735550142.0", "0" * 40, "tel:"),
    ]
)


@given(st.text() | st.lists(PIECES, max_size=30).map("".join))
def test_no_list_raises_and_no_line_is_lost(text):
    rows = read(text, known=["+17735550142"], staff=["ana@ejemplo.org"])

    lines = text.splitlines()
    assert [row.raw for row in rows] == [lines[row.line - 1] for row in rows]
    assert all(row.address for row in rows if not row.problems)
    assert sum(1 for line in lines if any(letter.isalnum() for letter in line)) - len(rows) <= 1


@given(st.binary())
def test_no_upload_raises(raw):
    text, problem = read_list(raw)

    assert problem or read(text) is not None
