"""Every code of the pure modules has its sentence, and no sentence is left over."""

from typing import get_args

from dialogue_series.calendar_import import CalendarProblem
from dialogue_series.roster import ListProblem, RowProblem
from dialogue_series.schedule import DateProblem, MoveProblem
from dialogue_series.wording import PROBLEMS


def codes(problem):
    """Return the codes of a union of literals."""
    return {code for part in get_args(problem) for code in (codes(part) if get_args(part) else {part})}


def test_every_code_has_a_sentence_and_every_sentence_a_code():
    used = set().union(*map(codes, (CalendarProblem, ListProblem, RowProblem, DateProblem, MoveProblem)))

    assert used == set(PROBLEMS)
