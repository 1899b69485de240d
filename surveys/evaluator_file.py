"""The file of a series for its evaluator, and the code book that explains it in both languages (trust P14).

It holds what questions with facts were answered: no words, no number, no day, nothing about who somebody is. What
fewer than three people of a wave answered stands together with what is next to it.
"""

import csv
import io
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import SystemRandom
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from surveys import disclosure, scoring
from surveys.cells import plain
from surveys.models import Item, KeyRing, Option, Sheet, Wave
from surveys.questionnaire import definition_of, whole

TOGETHER = "|"
YES, NO = "yes", "no"
BOOK = (
    "row",
    "variable",
    "question_es",
    "question_en",
    "construct",
    "place",
    "value",
    "answer_es",
    "answer_en",
    "score",
    "favourable",
)
# In the words of each language.
OWN_COLUMNS = {
    "sheet": _("One person's answers in one wave, under a random name"),
    "pair": _("The same random name on a person's sheets of before and after; empty where there is only one"),
    "wave": _("The survey before, the one after, or a window: the sessions between two check-ins"),
}
OPTION_OF = _("%(question)s: %(option)s")
ONE_OR_OTHER = _("%(one)s, or: %(other)s")
SOME_DAY = _("[day]")
CHOSEN = {YES: _("Chosen"), NO: _("Not chosen")}


class Variable(NamedTuple):
    """A column: an item, or one option of an item of which several may be chosen."""

    name: str
    item: Item
    option: Option | None

    @property
    def values(self) -> tuple[str, ...]:
        """Return all that may stand in the column, before anything is put together."""
        return (NO, YES) if self.option else tuple(option.value for option in self.item.options.all())

    def of(self, answers: Mapping[str, disclosure.Answer]) -> str:
        """Return what stands in the column for a sheet; nothing where nothing was answered."""
        answer = answers.get(self.item.slug)
        if not answer or self.option is None:
            return answer or ""
        return YES if self.option.value in answer else NO


def written(ring: KeyRing) -> tuple[bytes, bytes]:
    """Write the file and its code book: two tables that R, SPSS and a spreadsheet read as they are."""
    variables = list(variables_of(ring))
    names, rows, used = {}, [], {variable: set() for variable in variables}
    for wave in Wave.objects.filter(ring=ring, sealed_at__isnull=False):
        sheets = list(Sheet.objects.filter(wave=wave).values_list("pair", "answers"))
        columns = [coarsened(variable, [answers for _pair, answers in sheets]) for variable in variables]
        for variable, column in zip(variables, columns, strict=True):
            used[variable].update(filter(None, column))
        for (pair, _answers), *cells in zip(sheets, *columns, strict=True):
            both = names.setdefault(bytes(pair), secrets.token_hex(8)) if pair else ""
            rows.append([secrets.token_hex(8), both, wave_name(wave), *cells])
    SystemRandom().shuffle(rows)
    lines = enumerate(code_book(variables, used), start=1)
    book = [[{"row": row, **line}.get(column, "") for column in BOOK] for row, line in lines]
    heading = [*OWN_COLUMNS, *(variable.name for variable in variables)]
    content = table([heading, *rows]).encode("ascii")
    # The mark makes spreadsheets read accents; R takes it for a part of the first heading, which nobody needs.
    return content, table([BOOK, *book]).encode("utf-8-sig")


def variables_of(ring: KeyRing) -> Iterator[Variable]:
    """Yield the columns: every question of the ring's instruments by which something is released."""
    for instrument in whole().filter(forms__ring=ring).distinct().order_by("slug"):
        stem = f"q_{instrument.slug.replace('-', '_')}"
        for item in instrument.items.all():
            facts = disclosure.facts_of(definition_of(item))
            if facts and item.kind == Item.Kind.SEVERAL:
                for option in item.options.all():
                    yield Variable(f"{stem}_{item.number}_{option.number}", item, option)
            elif facts:
                yield Variable(f"{stem}_{item.number}", item, None)


def wave_name(wave: Wave) -> str:
    """Name a wave without a day."""
    return f"{wave.kind}_{wave.number}" if wave.kind == Wave.Kind.WINDOW else wave.kind


def coarsened(variable: Variable, sheets: Iterable[Mapping]) -> list[str]:
    """Return a column of one wave, what too few people answered put together with what is next to it."""
    column = [variable.of(answers) for answers in sheets]
    counted = Counter(filter(None, column))
    groups = together({value: counted[value] for value in variable.values if counted[value]})
    return [groups.get(value, "") for value in column]


def together(counted: Mapping[str, int]) -> dict[str, str]:
    """Return under which name each value goes, so that each name stands for three people or more; else under none."""
    groups = [([value], n) for value, n in counted.items()]
    while len(groups) > 1 and min(n for _values, n in groups) < disclosure.EVALUATOR_MERGES_UNDER:
        least = min(range(len(groups)), key=lambda place: groups[place][1])
        beside = [place for place in (least - 1, least + 1) if 0 <= place < len(groups)]
        first, second = sorted((least, min(beside, key=lambda place: groups[place][1])))
        joined = (groups[first][0] + groups[second][0], groups[first][1] + groups[second][1])
        groups[first : second + 1] = [joined]
    if groups and groups[0][1] < disclosure.EVALUATOR_MERGES_UNDER:
        return {}
    return {value: TOGETHER.join(values) for values, _n in groups for value in values}


def code_book(variables: Iterable[Variable], used: Mapping[Variable, set[str]]) -> Iterator[dict]:
    """Yield the lines of the code book: what each column asks, and what each value in it says."""
    for name, words in OWN_COLUMNS.items():
        yield {"variable": name, **in_both("question", lambda _code, words=words: str(words))}
    for variable in variables:
        item = variable.item
        about = {
            "variable": variable.name,
            **in_both("question", lambda code, variable=variable: question(variable, code)),
            "construct": item.construct,
            "place": item.place,
        }
        whole_values = [value for value in variable.values if value in used[variable]]
        for value in [*whole_values, *sorted(used[variable] - set(whole_values))]:
            yield {
                **about,
                "value": value,
                **in_both("answer", lambda code, variable=variable, value=value: answer(variable, value, code)),
                **counts_as(variable, value),
            }


def in_both(column: str, words: Callable[[str], str]) -> dict[str, str]:
    """Return a column's words in each language."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[f"{column}_{code}"] = words(code)
    return said


def question(variable: Variable, language: str) -> str:
    """Return what a column asks, in the language that is spoken."""
    text = text_of(variable.item, language).replace("%(weekday)s", str(SOME_DAY))
    return OPTION_OF % {"question": text, "option": text_of(variable.option, language)} if variable.option else text


def answer(variable: Variable, value: str, language: str) -> str:
    """Return what a value says, values that were put together one after the other."""
    words = CHOSEN if variable.option else {one.value: text_of(one, language) for one in variable.item.options.all()}
    said, *others = [str(words[one]) for one in value.split(TOGETHER)]
    for other in others:
        said = ONE_OR_OTHER % {"one": said, "other": other}
    return said


def counts_as(variable: Variable, value: str) -> dict[str, int]:
    """Return a value's score on its construct, and whether it is favourable; nothing for values put together."""
    item = variable.item
    favourable = {option.value for option in item.options.all() if option.favourable}
    if TOGETHER in value or variable.option or not favourable:
        return {}
    scale = scoring.ScaleItem(item.slug, variable.values, item.construct, item.place, item.is_reversed)
    return {
        "favourable": int(value in favourable),
        **({"score": scoring.item_score(scale, value)} if item.kind == Item.Kind.SCALE else {}),
    }


def text_of(row: Item | Option, language: str) -> str:
    """Return the words of a question or an answer."""
    return getattr(row, f"text_{language}") or ""


def table(lines: Iterable[Iterable]) -> str:
    """Write lines as CSV, in which no cell is a formula."""
    file = io.StringIO()
    csv.writer(file).writerows([plain(str(cell)) for cell in line] for line in lines)
    return file.getvalue()
