"""What is written in both languages by staff: every column in both, no fallback."""

from modeltranslation.translator import TranslationOptions, register

from surveys.models import Instrument, Item, Option


@register(Instrument)
class InstrumentWords(TranslationOptions):
    """Everything a page shows around the questions."""

    fields = ("title", "about", "intro", "comment_text", "comment_hint", "opt_out")


@register(Item)
class ItemWords(TranslationOptions):
    """The question, and what a favourable answer says."""

    fields = ("text", "fact")


@register(Option)
class OptionWords(TranslationOptions):
    """The answer."""

    fields = ("text",)
