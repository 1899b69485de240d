"""The curriculum in both languages: every column in both, no fallback."""

from modeltranslation.translator import TranslationOptions, register

from dialogue_series.models import RunSheetPart, Topic, TopicResource


@register(Topic)
class TopicWords(TranslationOptions):
    """What families and facilitators read about an evening."""

    fields = ("title", "aim", "about", "bring", "try_at_home", "referral")


@register(RunSheetPart)
class RunSheetPartWords(TranslationOptions):
    """What is done and said."""

    fields = ("title", "steps", "say_aloud")


@register(TopicResource)
class TopicResourceWords(TranslationOptions):
    """What is read together."""

    fields = ("title", "body")
