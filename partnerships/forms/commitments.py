"""Asking the school for something, answering for it, and what leaders found for a need."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.forms.leads import date_field
from partnerships.forms.written import WordsField, language_field
from partnerships.models import Commitment

MOST_CHARACTERS, MOST_OF_AN_ANSWER, MOST_OF_A_NAME = 300, 1000, 80
State = Commitment.State


class TwoTongues(forms.Form):
    """Words, the language they are in, and the same in the other one."""

    language = language_field(initial=get_language)
    translated = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("The same in the other language"),
        required=_("Write it in the other language too"),
    )

    @property
    def words(self):
        """Return them as the actions take them."""
        return {name: self.cleaned_data[name] for name in ("text", "language", "translated")}


class RequestForm(TwoTongues):
    """What families ask of the school, as it reads it."""

    text = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("What families ask for, in a sentence or two"),
        help_text=_("Say it so that the school knows what to do. No names, nothing by which somebody is known."),
        required=_("Write what families ask for"),
    )
    field_order = ("text", "language", "translated")


class AnswerForm(TwoTongues):
    """How a request goes on: who sees to it until when, that it is done, or why not."""

    state = forms.ChoiceField(
        label=_("What happens next?"),
        choices=[
            (State.UNDER_WAY, _("It is in progress: somebody sees to it")),
            (State.DONE, pgettext_lazy("a request", "Done")),
            (State.DECLINED, pgettext_lazy("a request", "We decided not to, and why")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it goes on"), "invalid_choice": _("Choose how it goes on")},
    )
    text = WordsField(
        most=MOST_OF_AN_ANSWER,
        rows=4,
        label=_("Your words to the families"),
        help_text=_("What you do, what you did, or why not. Name no family."),
        required=_("Say what the school does, or why not"),
    )
    translated = WordsField(
        most=MOST_OF_AN_ANSWER,
        rows=4,
        label=_("The same in the other language (optional)"),
        required="",
    )
    owner = forms.CharField(
        max_length=MOST_OF_A_NAME,
        required=False,
        label=_("Who sees to it"),
        help_text=_("A person of the school, or their task. Only for what is in progress."),
    )
    due_on = date_field(_("By when"))
    field_order = ("state", "text", "language", "translated", "owner", "due_on")

    def __init__(self, *args, commitment, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = {"owner": commitment.owner, "due_on": commitment.due_on}
        # What stood in the history as the page was opened: an answer is to that, and to nothing later.
        self.seen = str(len(commitment.history))
        self.fields["translated"].required = self.fields["due_on"].required = False
        if commitment.state == State.UNDER_WAY:
            self.initial["state"] = State.UNDER_WAY

    def clean(self):
        """Ask who and until when, for what is in progress."""
        said = super().clean()
        if said.get("state") == State.UNDER_WAY:
            if not said.get("owner"):
                self.add_error("owner", ValidationError(_("Say who sees to it"), code="who_and_when"))
            if not said.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", ValidationError(_("Choose a date"), code="who_and_when"))
        return said

    @property
    def said(self):
        """Return the answer as the action takes it."""
        promise = {name: self.cleaned_data[name] for name in ("state", "owner", "due_on")}
        return {**self.words, **promise, "seen": self.data.get("seen", "")}


class FoundForm(TwoTongues):
    """What leaders found for a need, since when, and perhaps since when it is met."""

    text = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("What you found"),
        help_text=_("A place, a fund, a person, an hour. Name no family."),
        required=_("Say what you found"),
    )
    found_on = date_field(_("Found on"))
    field_order = ("text", "language", "translated", "found_on")


class MetForm(forms.Form):
    """Since when a need is met."""

    met_on = date_field(_("Met on"))
