"""School calendars as districts publish them and as people paste them, and every wrong file in their place."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue_series.calendar_import import MAX_BYTES, MAX_ENTRIES, MAX_EVENTS, MAX_LINES, MAX_PROBLEMS, read_days
from dialogue_series.closing_words import is_last_day, is_likely_closed

FILES = Path(__file__).parents[1] / "data/calendars"


def read(raw, filename="", *, today=date(2026, 9, 1)):
    """Read a calendar for the Chicago school year that starts on August 24, 2026."""
    return read_days(raw, filename, school_year_starts=date(2026, 8, 24), today=today, zone="America/Chicago")


def days(reading):
    """Return each entry as one short line: first day, last day, words."""
    return [f"{entry.first_on} {entry.last_on} {entry.what}" for entry in reading.entries]


def codes(reading):
    """Return each problem as its line and its code."""
    return [(problem.line, problem.code) for problem in reading.problems]


def event(*lines):
    """Return a calendar with one event."""
    return "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""))


def test_a_csv_of_the_school_year_has_its_closed_days_ticked_and_its_last_day_found():
    reading = read((FILES / "chicago-2026-27.csv").read_bytes(), "chicago-2026-27.csv")

    assert [(str(entry.first_on), str(entry.last_on), entry.what) for entry in reading.entries if entry.likely] == [
        ("2026-09-07", "2026-09-07", "Labor Day"),
        ("2026-10-12", "2026-10-12", "Indigenous Peoples' Day"),
        ("2026-11-11", "2026-11-11", "Veterans Day"),
        ("2026-11-23", "2026-11-27", "Thanksgiving week"),
        ("2026-12-21", "2027-01-01", "Winter recess"),
        ("2027-01-18", "2027-01-18", "Martin Luther King Jr. Day"),
        ("2027-02-15", "2027-02-15", "Presidents' Day"),
        ("2027-03-22", "2027-03-26", "Spring break"),
        ("2027-05-31", "2027-05-31", "Memorial Day"),
    ]
    assert [entry.what for entry in reading.entries if not entry.likely] == [
        "First day of school",
        "Last day of school",
    ]
    assert (reading.last_day, reading.problems) == (date(2027, 6, 11), [])


def test_a_published_calendar_says_closed_only_in_the_summary():
    with (FILES / "district-closed-days.ics").open("rb") as upload:
        reading = read(upload, "district-closed-days.ics")

    assert [(str(entry.first_on), str(entry.last_on), entry.what, entry.likely) for entry in reading.entries] == [
        ("2026-06-23", "2026-06-23", "Schools & Central Offices closed. Primary Election Day", True),
        ("2026-07-03", "2026-07-03", "Schools & Central Offices closed. Independence Day.", True),
        ("2026-07-06", "2026-07-06", "Summer School begins.", False),
        ("2026-08-11", "2026-08-14", "New Teacher Onboarding Activities", False),
        ("2026-08-17", "2026-08-21", "Opening activities for all teachers.", False),
    ]
    assert reading.problems == []


def test_a_published_calendar_says_no_school_only_in_an_html_description():
    reading = read((FILES / "district-html-descriptions.ics").read_bytes(), "district-html-descriptions.ics")

    assert [(str(entry.first_on), str(entry.last_on), entry.what, entry.likely) for entry in reading.entries] == [
        ("2026-04-13", "2026-04-13", "Teacher Workday", True),
        ("2026-04-15", "2026-04-15", "Purple Up! Day", False),
        ("2026-04-21", "2026-04-21", "Asynchronous Remote Learning Day", False),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("2026-11-26 Thanksgiving", "2026-11-26 2026-11-26 Thanksgiving"),
        ("26 de noviembre de 2026: Día de Acción de Gracias", "2026-11-26 2026-11-26 Día de Acción de Gracias"),
        ("Nov 26-27, 2026 No school", "2026-11-26 2026-11-27 No school"),
        ("11/26/2026", "2026-11-26 2026-11-26 "),
        ("11/26/26 Thanksgiving", "2026-11-26 2026-11-26 Thanksgiving"),
        ("11/26/2026 - 11/27/2026 Thanksgiving", "2026-11-26 2026-11-27 Thanksgiving"),
        ("2026-12-21/2027-01-01 Winter recess", "2026-12-21 2027-01-01 Winter recess"),
        ("2026-11-23,2026-11-27,Thanksgiving week", "2026-11-23 2026-11-27 Thanksgiving week"),
        ("Labor Day\t9/7/2026\t9/7/2026", "2026-09-07 2026-09-07 Labor Day"),
        ("Labor Day: Sept. 7", "2026-09-07 2026-09-07 Labor Day"),
        ("Dec 21 – Jan 1, 2027 Winter break", "2026-12-21 2027-01-01 Winter break"),
        ("del 21 de diciembre al 1 de enero: vacaciones", "2026-12-21 2027-01-01 vacaciones"),
        ("21 de diciembre de 2026 a 1 de enero de 2027 receso", "2026-12-21 2027-01-01 receso"),
        ("26 al 27 de noviembre de 2026, Acción de Gracias", "2026-11-26 2026-11-27 Acción de Gracias"),
        ("26 y 27 de noviembre", "2026-11-26 2026-11-27 "),
        ("Jueves 26 de noviembre: no hay clases", "2026-11-26 2026-11-26 no hay clases"),
        ("mar. 24 de noviembre, sin clases", "2026-11-24 2026-11-24 sin clases"),
        ("Thursday, November 26, 2026 - Thanksgiving Day", "2026-11-26 2026-11-26 Thanksgiving Day"),
        (
            "No school on Monday, October 12 (Indigenous Peoples' Day)",
            "2026-10-12 2026-10-12 No school (Indigenous Peoples' Day)",
        ),
        ("Spring Break March 22nd to 26th 2027", "2027-03-22 2027-03-26 Spring Break"),
        (
            "Monday November 23 through Friday November 27 – Thanksgiving Break",
            "2026-11-23 2026-11-27 Thanksgiving Break",
        ),
        ("1/2 day Nov 25", "2026-11-25 2026-11-25 1/2 day"),
        ("26/11/2026 Acción de Gracias", "2026-11-26 2026-11-26 Acción de Gracias"),
        ("Nov 26 6:00 pm", "2026-11-26 2026-11-26 6:00 pm"),
        ("2026-11-26 Di\u0301a de Accio\u0301n de Gracias", "2026-11-26 2026-11-26 Día de Acción de Gracias"),
    ],
)
def test_a_day_is_understood_as_people_write_it(line, found):
    reading = read(line)

    assert (days(reading), reading.problems) == ([found], [])


@pytest.mark.parametrize(
    ("line", "code", "kept"),
    [
        ("District holidays", "no_date", []),
        ("Feb 30 Records day", "bad_date", []),
        ("0001-01-01", "bad_date", []),
        ("Nov 27-26", "backwards", []),
        ("2026-01-01 to 2027-12-31", "too_wide", []),
        ("Nov 11, Nov 25 no school", "two_dates", ["2026-11-11 2026-11-11 Nov 25 no school"]),
        ("24 y 31 de diciembre", "two_dates", ["2026-12-24 2026-12-24 "]),
    ],
)
def test_a_line_in_doubt_is_named_and_the_others_are_kept(line, code, kept):
    reading = read(f"2026-10-12 Indigenous Peoples' Day\n\n{line}\n")

    assert codes(reading) == [(3, code)]
    assert reading.problems[0].text == line
    assert days(reading) == ["2026-10-12 2026-10-12 Indigenous Peoples' Day", *kept]


def test_a_day_without_a_year_belongs_to_this_school_year():
    assert days(read("Nov 26\nJan 18\nAug 24\nAug 23")) == [
        "2026-08-24 2026-08-24 ",
        "2026-11-26 2026-11-26 ",
        "2027-01-18 2027-01-18 ",
        "2027-08-23 2027-08-23 ",
    ]


def test_one_date_that_has_the_day_first_tells_how_to_read_the_whole_list():
    assert days(read("5/11/2026\n26/11/2026")) == ["2026-11-05 2026-11-05 ", "2026-11-26 2026-11-26 "]
    assert days(read("5/11/2027\n11/26/2026")) == ["2026-11-26 2026-11-26 ", "2027-05-11 2027-05-11 "]


def test_a_past_day_is_kept_and_flagged():
    reading = read("2026-09-07 Labor Day\n2026-11-23 to 2026-11-27 Thanksgiving", today=date(2026, 11, 27))

    assert [entry.past for entry in reading.entries] == [True, False]


@pytest.mark.parametrize(
    "table",
    [
        "Fecha;Motivo\r\n26/11/2026;Acción de Gracias\r\n",
        "\ufeffInicio,Fin,Descripción\n2026-11-26,2026-11-26,Acción de Gracias\n",
        "Asunto\tFecha de inicio\tFecha de fin\nAcción de Gracias\t26 de noviembre de 2026\t\n",
        'Subject,Start Date,Start Time,End Date\n"Acción\n de Gracias",11/26/2026,12:00 AM,11/26/2026\n',
    ],
)
def test_a_table_is_read_by_its_headings_in_either_language(table):
    for raw in (
        table,
        table.encode("utf-8"),
        table.lstrip("\ufeff").encode("utf-16"),
        table.lstrip("\ufeff").encode("cp1252"),
    ):
        assert days(read(raw, "days.csv")) == ["2026-11-26 2026-11-26 Acción de Gracias"]


def test_a_table_row_without_a_date_is_named():
    reading = read("date,what\n,\n2026-11-26,Thanksgiving\nsoon,Concert\n")

    assert codes(reading) == [(4, "no_date")]
    assert days(reading) == ["2026-11-26 2026-11-26 Thanksgiving"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261128"), "2026-11-26 2026-11-27"),
        (("DTSTART;VALUE=DATE:20261126", "DURATION:P3D"), "2026-11-26 2026-11-28"),
        (("DTSTART;VALUE=DATE:20261126",), "2026-11-26 2026-11-26"),
        # As some publishers write a single day.
        (("DTSTART;VALUE=DATE:20261126", "DTEND;VALUE=DATE:20261126"), "2026-11-26 2026-11-26"),
        (("DTSTART:20261126T090000", "DTEND:20261126T150000"), "2026-11-26 2026-11-26"),
        (("DTSTART:20261126T000000", "DTEND:20261128T000000"), "2026-11-26 2026-11-27"),
        # Midnight in Chicago, said in UTC; and a named zone, read as it stands.
        (("DTSTART:20261126T060000Z", "DTEND:20261127T060000Z"), "2026-11-26 2026-11-26"),
        (("DTSTART;TZID=America/New_York:20261126T000000",), "2026-11-26 2026-11-26"),
        (("DTSTART;TZID=Nowhere/Known:20261126T230000",), "2026-11-26 2026-11-26"),
        (
            ("DTSTART;VALUE=DATE:20261126", "BEGIN:VALARM", "DURATION:PT5M", "DESCRIPTION:Alarm", "END:VALARM"),
            "2026-11-26 2026-11-26",
        ),
    ],
)
def test_an_event_covers_the_days_on_the_wall(lines, found):
    reading = read(event("SUMMARY:No school", *lines))

    assert (days(reading), reading.problems) == ([f"{found} No school"], [])


def test_a_repeated_event_counts_once_and_says_so():
    reading = read(event("DTSTART;VALUE=DATE:20261111", "SUMMARY:Veterans Day", "RRULE:FREQ=YEARLY"))

    assert days(reading) == ["2026-11-11 2026-11-11 Veterans Day"]
    assert codes(reading) == [(2, "repeats")]


def test_a_cancelled_event_is_left_out():
    reading = read(event("DTSTART;VALUE=DATE:20261111", "SUMMARY:Veterans Day", "STATUS:CANCELLED"))

    assert (reading.entries, reading.problems) == ([], [])


@pytest.mark.parametrize(
    "lines",
    [
        ("SUMMARY:Veterans Day",),
        ("SUMMARY:Veterans Day", "DTSTART:soon"),
        ("SUMMARY:Veterans Day", "DTSTART;VALUE=DATE:20261399"),
        ("SUMMARY:Veterans Day", "DTSTART;VALUE=DATE:02261111"),
        ("SUMMARY:Veterans Day", "DTSTART;VALUE=DATE:20261111", "DTEND;VALUE=DATE:20991111"),
        ("SUMMARY:Veterans Day", "DTSTART;VALUE=DATE:20261111", "DURATION:P99999999999D"),
        ("SUMMARY:Veterans Day", "DTSTART;VALUE=PERIOD:20261126T000000Z/PT1H"),
    ],
)
def test_an_event_that_cannot_be_read_is_named(lines):
    reading = read(event(*lines))

    assert reading.entries == []
    assert [(problem.line, problem.code, problem.text) for problem in reading.problems] == [
        (2, "bad_event", "Veterans Day")
    ]


def test_a_zone_with_a_rule_for_every_second_is_not_expanded():
    zone = (
        *("BEGIN:VTIMEZONE", "TZID:Trap", "BEGIN:STANDARD", "DTSTART:16010101T000000", "RRULE:FREQ=SECONDLY"),
        *("TZOFFSETFROM:-0500", "TZOFFSETTO:-0600", "END:STANDARD", "END:VTIMEZONE"),
    )
    text = event("DTSTART;TZID=Trap:20261126T000000", "SUMMARY:No school", "RRULE:FREQ=SECONDLY;COUNT=999999999")

    reading = read(text.replace("BEGIN:VEVENT", "\r\n".join((*zone, "BEGIN:VEVENT"))))

    assert days(reading) == ["2026-11-26 2026-11-26 No school"]


@pytest.mark.parametrize(
    ("raw", "filename", "code"),
    [
        ("", "", "empty"),
        (b"\xef\xbb\xbf \r\n", "days.csv", "empty"),
        (b"<!DOCTYPE html><html><body>Calendar</body></html>", "calendar.ics", "html"),
        ("  <html><p>2026-11-26</p></html>", "", "html"),
        (b"<!-- saved --><HTML>", "calendar.ics", "html"),
        (b"PK\x03\x04 spreadsheet", "calendar.xlsx", "binary"),
        (b"%PDF-1.7", "calendar.pdf", "binary"),
        (b"2026-11-26\x00\x01\x02", "days.csv", "binary"),
        (b"x" * (MAX_BYTES + 1), "calendar.ics", "too_big"),
        ("x" * (MAX_BYTES + 1), "", "too_big"),
        (b"Dear families", "letter.ics", "not_calendar"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "calendar.ics", "not_calendar"),
    ],
)
def test_the_wrong_file_is_said_with_one_code(raw, filename, code):
    reading = read(raw, filename)

    assert (reading.entries, codes(reading), reading.last_day) == ([], [(0, code)], None)


class Upload(io.BytesIO):
    """An upload that counts what is read of it."""

    taken = 0

    def read(self, size=-1):
        """Hand out bytes and remember how many."""
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def test_a_file_of_20_mb_is_not_read_to_its_end():
    upload = Upload(b"x" * 20_000_000)

    assert codes(read(upload, "calendar.ics")) == [(0, "too_big")]
    assert upload.taken == MAX_BYTES + 1


def test_a_calendar_of_too_many_events_stops_and_says_so():
    text = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nDTSTART:20261126\nSUMMARY:x\nEND:VEVENT\n" * (MAX_EVENTS + 1)

    reading = read(text)

    assert (len(reading.entries), codes(reading)) == (1, [(0, "too_many")])


def test_with_too_many_entries_those_to_come_are_kept():
    past = "".join(f"2026-08-{25 + number % 5} Old {number}\n" for number in range(MAX_ENTRIES))

    reading = read(past + "2026-11-26 Thanksgiving\n")

    assert (len(reading.entries), codes(reading)) == (MAX_ENTRIES, [(0, "too_many")])
    assert reading.entries[-1].what == "Thanksgiving"


def test_a_list_of_too_many_lines_stops_and_its_problems_are_bounded():
    reading = read("2026-11-26 Thanksgiving\n" + "soon\n" * 100_000)

    assert (len(reading.entries), len(reading.problems)) == (1, MAX_PROBLEMS)
    assert codes(reading)[:2] == [(0, "too_many"), (2, "no_date")]
    assert len(read("2026-11-26\n" * (MAX_LINES + 1)).problems) == 1


def test_the_same_entry_twice_is_listed_once():
    assert days(read("2026-11-26 Thanksgiving\n11/26/2026 Thanksgiving")) == ["2026-11-26 2026-11-26 Thanksgiving"]


@pytest.mark.parametrize(
    ("title", "likely"),
    [
        ("No School - Teacher Institute", True),
        ("Schools closed", True),
        ("Thanksgiving Holiday", True),
        ("Mid-winter recess", True),
        ("Spring break begins", True),
        ("No hay clases", True),
        ("Vacaciones de invierno", True),
        ("Asueto", True),
        ("Día feriado", True),
        ("Día de la Independencia", True),
        ("Half day. No school for kindergarten", True),
        ("Early dismissal before Thanksgiving", False),
        ("Half day, Veterans Day assembly", False),
        ("Salida temprana por vacaciones", False),
        ("Classes resume after winter break", False),
        ("Regreso a clases después de vacaciones", False),
        ("Breakfast with the principal", False),
        ("Report card pickup", False),
        ("First day of school", False),
    ],
)
def test_words_that_suggest_no_school(title, likely):
    assert is_likely_closed(title) is likely


def test_a_description_counts_only_when_it_says_no_school_outright():
    assert is_likely_closed("Concert", "The last evening before the holiday break") is False
    assert is_likely_closed("Records day", "Hoy no hay clases") is True


@pytest.mark.parametrize(
    ("title", "last"),
    [
        ("Last day of school", True),
        ("LAST DAY FOR STUDENTS (early dismissal)", True),
        ("Last student attendance day", True),
        ("Último día de clases", True),
        ("Last day of school before winter break", False),
        ("Last day of school for seniors", False),
        ("Último día de clases del primer semestre", False),
        ("Last day of summer school", False),
    ],
)
def test_the_last_day_of_school_is_that_of_the_whole_year(title, last):
    assert is_last_day(title) is last


def test_the_last_day_of_an_earlier_year_is_not_this_years():
    reading = read("2026-06-12 Last day of school\n2027-06-11 Last day of school\n2028-06-09 Last day of school")

    assert reading.last_day == date(2027, 6, 11)


WORDS = st.sampled_from(
    [
        *(
            "Nov",
            "26",
            "27",
            "2026",
            "-",
            "–",
            " to ",
            " al ",
            "de ",
            "noviembre ",
            "/",
            "11/26/2026",
            "2026-11-26",
            " ",
        ),
        *(
            ",",
            ";",
            "\t",
            "\n",
            '"',
            "date,what\n",
            "y ",
            "th",
            "0",
            "99999",
            "mar.",
            "²",
            "٣",
            "\u0301",
            "ß",
            "İ",
            "\x00",
        ),
        *("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n", "END:VEVENT\n", "DTSTART", ";VALUE=DATE", ":", "20261126", "T090000Z"),
        *(
            "DTEND",
            "DURATION",
            "P1D",
            "SUMMARY:",
            "RRULE:FREQ=YEARLY\n",
            ";TZID=",
            "America/Chicago",
            "\\",
            "<b>",
            "\n ",
        ),
    ]
)


@given(st.text() | st.binary() | st.lists(WORDS, max_size=40).map("".join), st.sampled_from(["", "days.csv"]))
def test_no_input_raises(raw, filename):
    reading = read(raw, filename)

    assert all(entry.first_on <= entry.last_on for entry in reading.entries)


@given(
    st.lists(WORDS | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12), max_size=12).map("".join)
)
def test_no_event_raises(body):
    reading = read(event("SUMMARY:No school", *body.splitlines(), "DTSTART:20261126"))

    assert len(reading.entries) <= 12


MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


@given(st.dates(date(2026, 8, 24), date(2027, 8, 23)))
def test_a_day_of_the_school_year_reads_back_from_every_form(on):
    english = on.strftime("%A, %B %d")
    spanish = f"{on.day} de {MONTHS[on.month - 1]}"

    for line in (
        english,
        spanish,
        f"{english}, {on.year}",
        f"{spanish} de {on.year}",
        on.isoformat(),
        f"{on:%m/%d/%Y}",
    ):
        assert days(read(f"{line}: Asueto")) == [f"{on} {on} Asueto"]
