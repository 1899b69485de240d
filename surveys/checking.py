"""What an instrument still lacks before families can be asked with it, in words for whoever writes it."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from surveys.disclosure import facts_of
from surveys.models import Instrument, Item
from surveys.questionnaire import definition_of

MOST_ITEMS = 100
# Free words all travel in one box of one length.
MOST_TEXTS = 2
WITH_OPTIONS = (Item.Kind.SCALE, Item.Kind.CHOICE, Item.Kind.SEVERAL)
WITH_ONE_FACT = (Item.Kind.SCALE, Item.Kind.CHOICE)
LANGUAGE_NAMES = {
    "es": pgettext_lazy("inside a sentence", "Spanish"),
    "en": pgettext_lazy("inside a sentence", "English"),
}


def missing(instrument: Instrument) -> list[str]:
    """Return what keeps an instrument from being published, a sentence each; it comes with items and options."""
    items = list(instrument.items.all())
    found = [*_around(instrument, items)]
    seen: set = set()
    for item in items:
        found += _item(item, seen)
        seen |= {option.pk for option in item.options.all()}
    return found + [*_scores(items)]


def _around(instrument, items):
    texts = sum(item.kind == Item.Kind.TEXT for item in items)
    faults = {
        _("There is no question yet."): not items and not instrument.is_asked_once,
        _("There are more than %(most)s questions.") % {"most": MOST_ITEMS}: len(items) > MOST_ITEMS,
        _("More than %(most)s questions ask for free words.") % {"most": MOST_TEXTS}: texts > MOST_TEXTS,
        _("What stands above the questions is written in one language only."): _is_half_said(instrument, "intro"),
        _("The free line is written in one language only."): _is_half_said(instrument, "comment_text"),
        _("Who reads the free line is written in one language only."): _is_half_said(instrument, "comment_hint"),
        _("Say under the free line who reads it."): instrument.comment_text_en and not instrument.comment_hint_en,
    }
    yield from (sentence for sentence, is_so in faults.items() if is_so)
    for language in _without(instrument, "title"):
        yield _("The title is missing in %(language)s.") % {"language": language}
    for language in _without(instrument, "opt_out"):
        yield _("The words for who would rather not answer are missing in %(language)s.") % {"language": language}


def _item(item, seen) -> Iterator[str]:
    number = {"number": item.number}
    for language in _without(item, "text"):
        yield _("Question %(number)s is missing in %(language)s.") % {**number, "language": language}
    if len({"%(weekday)s" in (getattr(item, f"text_{code}") or "") for code, _name in settings.LANGUAGES}) > 1:
        yield _("Question %(number)s names the day in one language only.") % number
    if item.asked_if_id and item.asked_if_id not in seen:
        yield _("Question %(number)s depends on an answer to a later question.") % number
    yield from _options(item)
    yield from _fact(item)


def _options(item):
    number, options = {"number": item.number}, list(item.options.all())
    if item.kind not in WITH_OPTIONS:
        if options:
            yield _("Question %(number)s takes a number or free words, and lists answers.") % number
        return
    if len(options) < 2:
        yield _("Question %(number)s needs two answers at least.") % number
    for option in options:
        for language in _without(option, "text"):
            place = {**number, "place": option.number, "language": language}
            yield _("Question %(number)s: answer %(place)s is missing in %(language)s.") % place
    for code, _name in settings.LANGUAGES:
        if max(Counter(getattr(option, f"text_{code}") for option in options).values(), default=1) > 1:
            yield _("Question %(number)s has two answers with the same words.") % number
            return


def _fact(item):
    """A scale or a choice is released as one yes or no, or not at all: its answers and its words go together (P3)."""
    number, without = {"number": item.number}, _without(item, "fact")
    ticked = any(option.favourable for option in item.options.all())
    is_said = len(without) < len(settings.LANGUAGES)
    if item.kind not in WITH_ONE_FACT:
        if is_said or (ticked and item.kind != Item.Kind.SEVERAL):
            yield _("Question %(number)s cannot be told as one yes or no, so it takes no words for results.") % number
        return
    if ticked and not facts_of(definition_of(item)):
        yield _("Question %(number)s counts every answer as favourable. Leave at least one out.") % number
    if is_said and not ticked:
        yield _("Question %(number)s has words for results. Tick the answers that they tell.") % number
    if ticked or is_said:
        for language in without:
            yield _("Question %(number)s: the words for results are missing in %(language)s.") % {
                **number,
                "language": language,
            }


def _scores(items):
    """Questions that measure the same make one score, and only scales of one length do."""
    measured = defaultdict(set)
    for item in items:
        if item.construct and item.kind == Item.Kind.SCALE:
            measured[item.construct, item.place].add(len(item.options.all()))
    for (construct, place), lengths in measured.items():
        if len(lengths) > 1:
            same = [item for item in items if (item.construct, item.place) == (construct, place)]
            numbers = ", ".join(str(item.number) for item in same if item.kind == Item.Kind.SCALE)
            yield _("Questions %(numbers)s measure the same, so they need the same number of answers.") % {
                "numbers": numbers
            }


def _is_half_said(row, field):
    return len(_without(row, field)) == 1


def _without(row, field):
    """Return the languages in which a text is missing, by name."""
    return [str(name) for code, name in LANGUAGE_NAMES.items() if not (getattr(row, f"{field}_{code}") or "").strip()]
