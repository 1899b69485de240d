"""The privacy page says what the product does: its rows are the access matrix, its thieves have a test each."""

import ast
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from accounts.promises import AUDIENCES, MATRIX
from accounts.thieves import THIEVES

ROOT = Path(__file__).resolve().parents[2]
# By hand, from the access matrix and the locks: one sign for each of these, in order.
#    caregiver, parent facilitator, coordinator; staff, leader; parent seat, staff seat; district, evaluator, operator
# O own only, R read, W write, L released labels, S only how far it is, - nothing; other letters stand below.
WORDS = {
    "writes": "W",
    "hides": "W",
    "writes own": "O",
    "own": "O",
    "own copy": "O",
    "own acts": "O",
    "about me": "O",
    "reads": "R",
    "asked": "R",
    "comments": "C",
    "if facilitating": "F",
    "as a family": "f",
    "copy": "K",
    "head count": "H",
    "asked for": "T",
    "first name": "N",
    "logged": "W",
    "masked": "M",
    "labels": "L",
    "labels shared": "l",
    "counts": "D",
    "sealed file": "E",
    "answers": "A",
    "moderates": "G",
    "result": "R",
    "creates": "W",
    "drafts": "B",
    "status": "S",
    "published": "P",
    "stage": "o",
    "confirms": "Y",
    "contacts": "X",
    "frozen": "Z",
    "backup": "b",
    "space log": "g",
    "system": "s",
    "authors": "W",
    "keeps": "V",
    "sends": "W",
    "sent": "t",
    "allows": "O",
    "asks": "q",
    "allowed": "y",
    "public": "p",
    "public shared": "v",
    "puts in": "i",
    "holds back": "h",
    "answers them": "a",
    "strikes": "j",
    "what is left": "k",
    "if shared": "u",
    "writes learned": "w",
}
TABLE = {
    "What families write to each other": "WWF -- f- ---",
    "The group's agreements": "WWK -K fK ---",
    "Who came, by name": "OWW -H O- HH-",
    "Who is coming, and what would help them come": "ORW -T O- ---",
    "Telephone numbers and e-mails": "ONW -- O- --M",
    "The opinion after each session": "OCL -L O- DE-",
    "What somebody adds in their own words to a form": "OC- -- O- ---",
    "The answers to a survey": "O-- -- O- -E-",
    "Group results": "LLL lL LL DL-",
    "The questions of forms and surveys": "RRW -R RR RW-",
    "Themes: what three people or more said, in other words": "VWF -t tt -t-",
    "Somebody's exact words that leave the group": "Oqp vy yy vp-",
    "Questions from the families' box": "ihF -a f- ---",
    "What the council asks families": "AGR -R WB SS-",
    "Decisions of the council": "RRR Po WW RR-",
    "What the school answered and promised": "YRR RW RR RR-",
    "Meetings of families and staff: what was agreed, how often each side spoke": "RWW -o f- ---",
    "What goes to the school's leaders after sessions 1, 3 and 9": "-jk -k -- ---",
    "Notes of an interview or of a talk with families": "-OF -- -- -O-",
    "The report of a series, with how many came, what help was asked for, results in words and words let out for "
    "everybody": "RRR uR RR uw-",
    "Copies that leave this site": "O-X -Z OZ ZEb",
    "The record of who did what": "OgO -O OO OOs",
}


def said(row):
    """Return a row of the page as the table above writes it."""
    return "".join(WORDS[row.rights[who]] if who in row.rights else "-" for who in AUDIENCES)


def test_the_page_s_rows_are_the_access_matrix():
    with translation.override("en"):
        assert {str(row.resource): said(row) for row in MATRIX} == {
            resource: signs.replace(" ", "") for resource, signs in TABLE.items()
        }


def test_a_right_that_crept_into_the_page_is_seen(monkeypatch):
    monkeypatch.setitem(MATRIX[0].rights, "leader", "reads")
    assert said(MATRIX[0]) != TABLE["What families write to each other"].replace(" ", "")


def exists(named):
    """Say whether a test of this name stands in its file."""
    path, _, function = named.partition("::")
    tree = ast.parse((ROOT / path).read_text()) if (ROOT / path).exists() else ast.Module([], [])
    return function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_row_of_a_thief_names_a_test_that_exists():
    assert [thief.who for thief in THIEVES if not thief.tests] == []
    assert [test for thief in THIEVES for test in thief.tests if not exists(test)] == []


def test_a_test_that_is_not_there_is_missed():
    assert not exists("tests/surveys/test_thieves.py::test_that_nobody_wrote")
    assert not exists("tests/surveys/test_nowhere.py::test_that_nobody_wrote")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_says_it_in_both_languages(language):
    page = Client().get("/privacy/", headers={"accept-language": language}).content.decode()
    with translation.override(language):
        for row in MATRIX:
            assert str(row.resource) in page.replace("&#x27;", "'")
        for thief in THIEVES:
            assert [words for words in (str(thief.who), *thief.tests) if words not in page] == []
