"""Released results as rows of words: for the file, and for the mail that says them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from insights.measures import window_words
from surveys.cells import plain
from surveys.results import Line, Results, Shown


def headings() -> list[str]:
    """Return the words above the columns."""
    return [_("When"), _("What families say"), _("How many answered"), _("How many say so")]


def rows(results: Results, checkins: list[int]) -> Iterator[list[str]]:
    """Yield a row for each label, in the order of the page, given the check-ins of the series."""
    for line in results.evenings:
        for shown in line.labels:
            yield row(window_words(shown.window, checkins), line, shown)
    for line in results.survey.lines:
        for shown in line.labels:
            yield row(_("Before the series") if shown.window == 1 else _("After the series"), line, shown)


def row(when: str, line: Line, shown: Shown) -> list[str]:
    """Return one row, each cell harmless to a spreadsheet."""
    return [plain(cell) for cell in (when, line.heading, shown.answered, shown.words)]
