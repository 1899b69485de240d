"""Asking the principal without a name, answering, and inviting to talk."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.forms.leads import date_field
from partnerships.forms.meetings import line_field, time_field
from partnerships.forms.written import WordsField, language_field

MOST_ASKED, MOST_ANSWERED = 500, 2000


class QuestionForm(forms.Form):
    """What somebody asks; the key makes two taps one question."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = WordsField(
        most=MOST_ASKED,
        rows=4,
        label=_("What would you like to ask the principal?"),
        help_text=_("Do not write names: not yours, not a child's, not anybody's."),
        required=_("Write your question"),
    )
    language = language_field(initial=get_language)


class AnswerForm(forms.Form):
    """What the principal answers to all families."""

    text = WordsField(
        most=MOST_ANSWERED,
        label=_("Your answer to all families"),
        help_text=_("In plain words. If something will change, say what and from when."),
        required=_("Write your answer"),
    )
    language = language_field(initial=get_language)
    translated = WordsField(
        most=MOST_ANSWERED, label=_("The same in the other language, if you can"), required="", initial=""
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["translated"].required = False


class ConversationForm(forms.Form):
    """When and where one can talk."""

    on = date_field(_("On which day?"))
    starts_at = time_field(_("At what time?"))
    place = line_field(_("Where?"), _("Say where it is"))
