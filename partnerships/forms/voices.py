"""Words that are typed in a room: kept as they were typed, in the language in which they were written."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.written import WordsField, language_field
from partnerships.models.voices import MOST_CHARACTERS

REASON_LENGTH = 200


class WordsForm(forms.Form):
    """Something to say to the others: the text, its language, with or without one's name."""

    text = WordsField(
        most=MOST_CHARACTERS, label=_("Your words"), required=_("Write something first; a few words are enough")
    )
    language = language_field(initial=get_language)
    is_nameless = forms.BooleanField(
        required=False,
        label=_("Without my name"),
        help_text=_(
            "Nobody will see your name beside these words on a screen, whoever facilitates included. In a small "
            "group people may still know your way of writing."
        ),
    )


class TranslationForm(forms.Form):
    """The same words in the other language."""

    text = WordsField(
        most=MOST_CHARACTERS, label=_("The same in the other language"), required=_("Write the translation first")
    )


class HideForm(forms.Form):
    """Why a text is hidden from the group; everybody can read the reason."""

    reason = forms.CharField(
        max_length=REASON_LENGTH,
        label=_("Why do you hide this text?"),
        help_text=_("The group will read your name and this reason in its place. You can show the text again."),
        error_messages={
            "required": _("Write the reason; the group will read it"),
            "max_length": _("Write a shorter reason, of up to 200 characters"),
        },
    )
