"""Pages that differ between two people in a few places only: drawn once a process, then spliced."""

import re
import secrets
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import conditional_escape

from surveys import questionnaire
from surveys.forms.answers import AnswerForm

# What stands where something is spliced in; nobody can guess the words, so nobody can write them into a page.
MARKS = {
    name: f"{name}{secrets.token_hex(8)}"
    for name in ("token", "path", "action_url", "form_id", "evening", "who", "others_url", "copy", "day", "at_words")
}
AT_MARKS = re.compile(f"({'|'.join(MARKS.values())})")


class Face(NamedTuple):
    """All that the look of a page follows from; it names no person and no form."""

    template: str
    instrument: UUID
    language: str
    weekday: str
    help_name: str
    help_phone: str
    is_shared: bool
    is_one_of_several: bool
    is_signed_in: bool


def page(face: Face, values: dict) -> HttpResponse:
    """Return the page of this face with the values in their places, escaped."""
    spliced = {MARKS[name]: str(conditional_escape(value)) for name, value in values.items()}
    return HttpResponse("".join([spliced.get(piece, piece) for piece in _pieces(face)]))


@lru_cache(maxsize=256)
def _pieces(face):
    asked = questionnaire.read(face.instrument, face.language)
    context = {
        **MARKS,
        "questionnaire": asked,
        "form": AnswerForm(asked, face.weekday),
        "evening": face.weekday and MARKS["evening"],
        "is_shared": face.is_shared,
        "is_one_of_several": face.is_one_of_several,
        "help_person": {"name": face.help_name, "phone": face.help_phone},
        "csrf_token": MARKS["token"],
        "request": SimpleNamespace(get_full_path=MARKS["path"], person=face.is_signed_in),
    }
    return AT_MARKS.split(render_to_string(f"surveys/{face.template}.html", context))
