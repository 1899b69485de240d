"""The report on paper: what the page says, in a PDF that can be read aloud, on one sheet and its tables."""

from datetime import timedelta
from io import BytesIO
from time import perf_counter

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from accounts.database import acting
from insights.models import Report
from insights.reports import actions
from insights.reports.content import MOST_OF_A_READING, MOST_OF_WORDS
from insights.reports.letters import MISSING, SHOWN, printable
from insights.reports.setting import typeset
from tests.factories import make_school
from tests.insights.reporting import (
    FAMILIES_AT,
    LEADERS_AT,
    leaders_page,
    made,
    made_again,
    open_page,
    out,
    over,
    said_on_page,
    said_on_paper,
    with_finding,
    with_help,
    with_reading,
    with_words,
)
from tests.insights.test_report import ask

pytestmark = pytest.mark.django_db
EACH_PAPER = pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595.28, 841.89))])


@pytest.fixture
def full(clock):
    """Return a series with as much of everything as its report's first side is to hold."""
    series = over(make_school("Mirador"), name="Primavera en la Escuela Benito Juárez, jueves por la tarde")
    with_words(series, ("Aquí sí me escuchan cuando hablo. " * 20)[: MOST_OF_WORDS // 2].strip(), signature="caregiver")
    with_words(series, ("Mi hija ya me cuenta sus cosas. " * 20)[: MOST_OF_WORDS // 2].strip())
    with_reading(series, ("Nos sentimos en confianza, y menos escuchadas que al principio. " * 20)[:MOST_OF_A_READING])
    with_help(series, childcare="partly", interpreter="yes", ride="no", food="yes", other="no")
    for _number in range(6):
        ask(series, "Que haya un intérprete en todas las juntas, " * 4, at=FAMILIES_AT)
    out(clock, series)
    with_finding(series)
    made_again(series)
    return series


@pytest.fixture
def report(full):
    return Report.objects.get()


def tagged(node, parent="es"):
    """Yield every element of the tree that is read aloud: its kind, its language, its alternative text."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for one in node:
            yield from tagged(one, parent)
    elif isinstance(node, DictionaryObject):
        language = node.get("/Lang", parent)
        if "/S" in node:
            yield node["/S"], language, node.get("/Alt", "")
        yield from tagged(node.get("/K", ArrayObject()), language)


@EACH_PAPER
def test_it_says_what_the_page_says_in_the_same_order(full, report, paper, size):
    page = open_page(full.principal, leaders_page(full))
    assert said_on_paper(bytes(getattr(report, paper))) == said_on_page(page)


@EACH_PAPER
def test_each_language_has_one_side_of_a_sheet_and_the_tables_follow(report, paper, size):
    reader = PdfReader(BytesIO(bytes(getattr(report, paper))))
    assert [round(float(n), 2) for n in reader.pages[0].mediabox[2:]] == pytest.approx(size, abs=0.5)
    titles = [page.extract_text().split("\n")[0] for page in reader.pages]
    firsts = [title for title in titles if title.startswith(("Informe", "Report", "Tablas", "Tables"))]
    assert [title.split()[0] for title in firsts] == ["Informe", "Report", "Tablas:", "Tables:"]
    assert titles[:2] == firsts[:2]
    assert titles[2] == firsts[2]


def test_findings_have_the_room_on_the_first_side_that_families_words_leave(clock):
    series = over(make_school("Mirador"))
    with_help(series, childcare="partly", interpreter="yes", ride="no", food="yes", other="no")
    for _number in range(6):
        ask(series, "Que haya un intérprete en todas las juntas, " * 4, at=FAMILIES_AT)
    out(clock, series)
    for number in range(4):
        with_finding(series, claim=f"{number}. Se sienten escuchadas.", limit="Se preguntó a quienes vinieron. " * 2)
    alone = sides(made_again(series))
    with_words(series, "Aquí sí me escuchan cuando hablo.")
    clock.move_to(LEADERS_AT + timedelta(hours=1))
    with_words(series, "Aquí me escuchan. " * 10)
    with acting("leader", series.principal.pk):
        actions.ask(series=series)
    beside = sides(made_again(series))
    assert [side.split()[0] for side in (*alone, *beside)] == ["Informe", "Report"] * 2
    assert ["EN 3. Se sienten escuchadas." in side for side in (alone[1], beside[1])] == [True, False]
    assert "It is beside the tables, with what it stands on and what it cannot say." in beside[1]


def sides(report):
    """Return the words of the two sides of the sheet."""
    pages = PdfReader(BytesIO(bytes(report.letter))).pages[:2]
    return [" ".join(page.extract_text().split()) for page in pages]


@EACH_PAPER
def test_it_can_be_read_aloud(report, paper, size):
    reader = PdfReader(BytesIO(bytes(getattr(report, paper))))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "es"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.startswith("Informe de la serie: Primavera en la Escuela Benito Juárez")
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data() or b"<pdfuaid:part>1<" in root["/Metadata"].get_data()
    tags = list(tagged(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/Figure", "/BlockQuote"} <= {
        kind for kind, _l, _a in tags
    }
    assert [language for kind, language, _alt in tags if kind == "/H1"] == ["es", "en", "es", "en"]
    drawings = [(language, alt) for kind, language, alt in tags if kind == "/Figure"]
    assert len(drawings) == 10
    assert [alt[:23] for language, alt in drawings if language == "en"][:2] == [
        "Families who came, by s",
        "Fewer now: more than ha",
    ]
    assert all(alt for _language, alt in drawings)


@EACH_PAPER
def test_every_font_is_in_the_file(report, paper, size):
    reader = PdfReader(BytesIO(bytes(getattr(report, paper))))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    inner = [font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font for font in fonts]
    assert len(inner) > 0
    assert [
        font["/BaseFont"] for font in inner if not {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])
    ] == []


@EACH_PAPER
def test_the_same_version_is_the_same_bytes_each_time_and_takes_no_three_seconds(report, paper, size):
    begun = perf_counter()
    again = typeset(report.content, paper)
    assert perf_counter() - begun < 3
    assert again == bytes(getattr(report, paper))


def test_words_that_would_be_markup_stay_words(clock):
    series = over(make_school("Mirador"))
    with_reading(series, '#panic() *no* $x$ <b>"sí"</b> @a \\ [x] // fin\n= Título')
    report = made(clock, series)
    page = open_page(series.principal, leaders_page(series))
    assert said_on_paper(bytes(report.letter)) == said_on_page(page)
    assert """#panic()*no*$x$<b>"sí"</b>@a\\[x]//fin=Título""" in said_on_page(page)


def test_every_letter_that_is_kept_can_be_set_and_no_other_breaks_the_report(report):
    letters = "".join(chr(n) for first, last in SHOWN for n in range(first, last + 1))
    kept = printable(letters)
    assert len(kept) > 1500
    report.content["parts"][0]["size"] = kept + printable("Gracias 🙏🏽 والدة 家 a\u0000b\u202e") + MISSING
    assert typeset(report.content, "a4").startswith(b"%PDF")
    assert printable("Gracias 🙏🏽 家") == f"Gracias  {MISSING}"
