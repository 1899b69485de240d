"""A published instrument as it is read in one language: fetched once, since a published version never changes."""

import json
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch

from surveys.disclosure import ItemDefinition
from surveys.models import Instrument, Item, Option
from surveys.sealing import Answers, sheet_length

# Numbers are asked from 0 to this one.
NUMBER_MOST = 99


class Condition(NamedTuple):
    """What must have been answered before for a question to be asked, by name and in words."""

    slug: str
    value: str
    question: str
    answer: str


class Question(NamedTuple):
    """One question: its name, its words, its answers as (value, words) in order, and of whom it is asked."""

    slug: str
    text: str
    options: tuple[tuple[str, str], ...]
    kind: str = Item.Kind.SCALE
    asked_if: Condition | None = None

    @property
    def is_sealed(self) -> bool:
        """Say whether its answer goes on the sheet; free words travel with the free line, where facilitators read."""
        return self.kind != Item.Kind.TEXT

    @property
    def longest(self) -> list[str]:
        """Return answers of which one is as long as any can be."""
        values = [value for value, _ in self.options]
        return {Item.Kind.SEVERAL: [json.dumps(values)], Item.Kind.NUMBER: [str(NUMBER_MOST)]}.get(self.kind, values)

    def takes(self, answer: str | list[str] | None) -> bool:
        """Say whether this can be its answer; None is somebody who would rather not, or was not asked."""
        values = [value for value, _ in self.options]
        if answer is None:
            return True
        if self.kind == Item.Kind.SEVERAL:
            # In the order of the page, so that the same answers are the same bytes.
            return isinstance(answer, list) and bool(answer) and answer == [one for one in values if one in answer]
        if self.kind == Item.Kind.NUMBER:
            return answer in map(str, range(NUMBER_MOST + 1))
        return answer in values

    def is_asked(self, answers: Answers) -> bool:
        """Say whether what was answered before leads to this question."""
        if self.asked_if is None:
            return True
        before = answers.get(self.asked_if.slug)
        return self.asked_if.value in (before if isinstance(before, list) else [before])


class Questionnaire(NamedTuple):
    """Everything that a page of questions shows."""

    title: str
    about: str
    intro: str
    questions: tuple[Question, ...]
    comment_text: str
    comment_hint: str
    opt_out: str

    @property
    def sealed(self) -> list[Question]:
        """Return the questions whose answers go on the sheet."""
        return [question for question in self.questions if question.is_sealed]

    @property
    def sheet_length(self) -> int:
        """Return the length in bytes that every sheet has before it is sealed."""
        return _sheet_length(self)

    def takes(self, answers: Answers) -> bool:
        """Say whether these answer every question once, with what it takes, and none that was not asked."""
        return answers.keys() == {question.slug for question in self.sealed} and all(
            question.takes(answers[question.slug]) and (answers[question.slug] is None or question.is_asked(answers))
            for question in self.sealed
        )


@lru_cache(maxsize=128)
def _sheet_length(asked):
    return sheet_length({question.slug: question.longest for question in asked.sealed})


@lru_cache(maxsize=128)
def read(instrument: UUID, language: str) -> Questionnaire:
    """Read a published instrument in one language."""
    return drawn(whole().get(pk=instrument, published_at__isnull=False), language)


def drawn(row: Instrument, language: str) -> Questionnaire:
    """Return an instrument, published or not, in one language."""
    items = {item.pk: item for item in row.items.all()}
    return Questionnaire(
        title=_words(row, "title", language),
        about=_words(row, "about", language),
        intro=_words(row, "intro", language),
        questions=tuple(
            Question(
                item.slug,
                _words(item, "text", language),
                tuple((option.value, _words(option, "text", language)) for option in item.options.all()),
                item.kind,
                _condition(items, item, language),
            )
            for item in items.values()
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


def definition_of(item: Item) -> ItemDefinition:
    """Return what disclosure must know of an item."""
    options = list(item.options.all())
    return ItemDefinition(
        kind=item.kind,
        options=tuple(option.value for option in options),
        favourable=frozenset(option.value for option in options if option.favourable),
        asked_of_all=item.asked_if_id is None,
    )


def as_written(row: Instrument) -> dict:
    """Return an instrument in the shape of fixtures/instruments.json; what an item does not say has no key."""
    items = {item.pk: item for item in row.items.all()}
    return {
        "slug": row.slug,
        "title": _in_all(row, "title"),
        **({"about": _in_all(row, "about")} if any(_in_all(row, "about").values()) else {}),
        "intro": _in_all(row, "intro"),
        "items": [_item_as_written(items, item) for item in items.values()],
        "comment": {"text": _in_all(row, "comment_text"), "hint": _in_all(row, "comment_hint")},
        "opt_out": _in_all(row, "opt_out"),
    }


def _item_as_written(items, item):
    base = _base(items, item)
    more = {
        "construct": item.construct,
        "place": item.place,
        "fact": _in_all(item, "fact") if any(_in_all(item, "fact").values()) else {},
        "is_reversed": item.is_reversed,
        "asked_if": {"item": base[0].slug, "option": base[1].value} if base else {},
    }
    return {
        "slug": item.slug,
        "kind": item.kind,
        "text": _in_all(item, "text"),
        **{key: value for key, value in more.items() if value},
        "options": [
            {"value": option.value, "text": _in_all(option, "text"), "favourable": option.favourable}
            for option in item.options.all()
        ],
    }


def _base(items, item):
    """Return the question and the answer on which an item depends, from what is fetched already."""
    if item.asked_if_id is None:
        return None
    answers = ((before, option) for before in items.values() for option in before.options.all())
    return next((before, option) for before, option in answers if option.pk == item.asked_if_id)


def _condition(items, item, language):
    base = _base(items, item)
    if base is None:
        return None
    before, option = base
    return Condition(before.slug, option.value, _words(before, "text", language), _words(option, "text", language))


def _in_all(row, field):
    return {language: _words(row, field, language) for language, _name in settings.LANGUAGES}


def _words(row, field, language):
    return getattr(row, f"{field}_{language}") or ""
