"""Writing what a group agreed, and saying it in the other language."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.written import WordsField, language_field

MOST_CHARACTERS = 4000
# To begin with: the group keeps, changes or throws out each of them.
SUGGESTIONS = (
    _("Everybody's voice has a place here: whoever has spoken little goes first, and whoever is quiet is not pressed."),
    _("We can disagree. We ask before we answer, and we disagree with the idea, never with the person."),
    _("What is told here stays here. What we learned from it we may take along."),
    _("Each of us speaks from our own life, in the language we like, and we wait for the interpreter."),
)


def suggested() -> str:
    """Return the four starting suggestions, in the active language, as a text to change."""
    return "\n".join(f"- {sentence}" for sentence in SUGGESTIONS)


class AgreementForm(forms.Form):
    """The words of the next version."""

    text = WordsField(
        most=MOST_CHARACTERS,
        rows=12,
        label=_("What we agree on"),
        required=_("Write at least one agreement"),
    )
    language = language_field(initial=get_language)


class AgreementTranslationForm(forms.Form):
    """The same words in the other language, by a member."""

    text = WordsField(
        most=MOST_CHARACTERS,
        rows=12,
        label=_("The same words in the other language"),
        help_text=_("Say the same, no more and no less. Whoever facilitates reads it before the group sees it."),
        required=_("Write the translation"),
    )
