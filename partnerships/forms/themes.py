"""Writing a theme: what several said, in other words than theirs, in both languages."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.written import WordsField, language_field

MOST_CHARACTERS = 400


class ThemeForm(forms.Form):
    """The texts that say it, and the theme."""

    sources = forms.MultipleChoiceField(
        label=_("Which texts say it?"),
        help_text=_("At least three people. The school does not learn which, how many or who."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose the texts that it comes from"),
            "invalid_choice": _("One of these texts is not there any more. Choose again."),
        },
    )
    text = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("The theme, in a sentence or two"),
        help_text=_("In words of your own: no names, nobody's sentence, nothing by which somebody is known."),
        required=_("Write the theme"),
    )
    language = language_field(initial=get_language)
    translated = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("The same in the other language"),
        required=_("Write it in the other language too"),
    )

    def __init__(self, *args, texts: Iterable[tuple[object, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.texts = {str(text.pk): (text, words) for text, words in texts}
        self.fields["sources"].choices = [(key, words) for key, (_text, words) in self.texts.items()]

    def clean_sources(self):
        """Return the texts themselves."""
        return [self.texts[key][0] for key in self.cleaned_data["sources"]]

    @property
    def said(self):
        """Return the theme as the action takes it."""
        return {name: self.cleaned_data[name] for name in ("text", "language", "translated")}
