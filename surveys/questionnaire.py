"""A published instrument as it is read in one language: fetched once, since a published version never changes."""

from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from surveys.models import Instrument, Item, Option
from surveys.disclosure import ItemDefinition
from surveys.sealing import Answers, sheet_length


class Question(NamedTuple):
    """One question: its name, its words, and its answers as (value, words) in order."""

    slug: str
    text: str
    options: tuple[tuple[str, str], ...]


class Questionnaire(NamedTuple):
    """Everything that a page of questions shows."""

    title: str
    intro: str
    questions: tuple[Question, ...]
    comment_text: str
    comment_hint: str
    opt_out: str

    @property
    def sheet_length(self) -> int:
        """Return the length in bytes that every sheet has before it is sealed."""
        return sheet_length({question.slug: [value for value, _ in question.options] for question in self.questions})

    def takes(self, answers: Answers) -> bool:
        """Say whether these answer every question once, each with one of its values or none."""
        possible = {question.slug: {None, *(value for value, _ in question.options)} for question in self.questions}
        return answers.keys() == possible.keys() and all(answers[slug] in values for slug, values in possible.items())


@lru_cache(maxsize=128)
def read(instrument: UUID, language: str) -> Questionnaire:
    """Read a published instrument in one language."""
    row = whole().get(pk=instrument, published_at__isnull=False)
    return Questionnaire(
        title=_words(row, "title", language),
        intro=_words(row, "intro", language),
        questions=tuple(
            Question(
                item.slug,
                _words(item, "text", language),
                tuple((option.value, _words(option, "text", language)) for option in item.options.all()),
            )
            for item in row.items.all()
        ),
        comment_text=_words(row, "comment_text", language),
        comment_hint=_words(row, "comment_hint", language),
        opt_out=_words(row, "opt_out", language),
    )


def whole():
    """Return instruments with their items and options, in order."""
    options = Prefetch("options", Option.objects.order_by("number"))
    return Instrument.objects.prefetch_related(
        Prefetch("items", Item.objects.order_by("number").prefetch_related(options))
    )


def as_written(row: Instrument) -> dict:
    """Return an instrument in the shape of fixtures/instruments.json."""
    return {
        "slug": row.slug,
        "title": _in_all(row, "title"),
        "intro": _in_all(row, "intro"),
        "items": [
            {
                "slug": item.slug,
                "kind": item.kind,
                "text": _in_all(item, "text"),
                "options": [
                    {"value": option.value, "text": _in_all(option, "text"), "favourable": option.favourable}
                    for option in item.options.all()
                ],
            }
            for item in row.items.all()
        ],
        "comment": {"text": _in_all(row, "comment_text"), "hint": _in_all(row, "comment_hint")},
        "opt_out": _in_all(row, "opt_out"),
    }


def _in_all(row, field):
    return {language: _words(row, field, language) for language, _name in settings.LANGUAGES}


def _words(row, field, language):
    return getattr(row, f"{field}_{language}") or ""
def definition_of(item: Item) -> ItemDefinition:
    """Return what disclosure must know of an item."""
    options = list(item.options.all())
    return ItemDefinition(
        kind=item.kind,
        options=tuple(option.value for option in options),
        favourable=frozenset(option.value for option in options if option.favourable),
        asked_of_all=item.asked_if_id is None,
    )


