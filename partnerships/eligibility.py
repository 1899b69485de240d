"""Who can hold a families' seat on a Chicago Local School Council, as plain questions.

From the district's page on eligibility (cps.edu, Local School Councils). Nothing is known for other boards; they say
themselves. What somebody answers is looked at and forgotten.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from partnerships.models import Seat


class Question(NamedTuple):
    """A question to answer with yes or no, and the answer that the seat asks for."""

    name: str
    words: object
    is_yes_needed: bool


QUESTIONS = {
    Seat.Kind.PARENT: (
        Question("child", _("Are you a parent or guardian of a child who is enrolled at this school now?"), True),
        Question("employee", _("Do you work for Chicago Public Schools, at any school or office?"), False),
    ),
    Seat.Kind.COMMUNITY: (
        Question("age", _("Are you 17 or older?"), True),
        Question("area", _("Do you live in this school's attendance or voting area?"), True),
        Question("no_child", _("Are you a parent of a child who is enrolled at this school now?"), False),
    ),
}


def fits(kind: str, answers: dict) -> bool:
    """Say whether these answers are what a seat of this kind asks for."""
    return all(answers[question.name] == question.is_yes_needed for question in QUESTIONS[kind])
