"""Writing an idea, and joining it to another one."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.written import WordsField, language_field

MOST_CHARACTERS = 300


class IdeaForm(forms.Form):
    """One idea, in a sentence or two."""

    text = WordsField(
        most=MOST_CHARACTERS, rows=3, label=_("The idea, in a sentence or two"), required=_("Write the idea first")
    )
    language = language_field(initial=get_language)


class MergeForm(forms.Form):
    """The idea that another one says too."""

    into = forms.ChoiceField(
        label=_("Which idea says the same?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the ideas"), "invalid_choice": _("Choose one of the ideas")},
    )

    def __init__(self, *args, ideas, **kwargs):
        super().__init__(*args, **kwargs)
        self.ideas = {str(idea.pk): idea for idea in ideas}
        self.fields["into"].choices = [(key, idea.text) for key, idea in self.ideas.items()]

    def clean_into(self):
        """Return the idea itself."""
        return self.ideas[self.cleaned_data["into"]]
