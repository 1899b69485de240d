"""What families choose and, seldom, type."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import contacts
from dialogue_series.models import Rsvp, Series, Session

Answer = Rsvp.Answer
ANSWERS = {
    Answer.IN_PERSON: (_("I'll come in person"), "door"),
    Answer.VIDEO: (_("I'll join by video"), "video"),
    Answer.CANNOT: (_("I can't this time"), "minus"),
    Answer.UNKNOWN: (_("I don't know yet"), "help"),
}
HELP = {
    Series.Help.CHILDCARE: _("Childcare during the session"),
    Series.Help.INTERPRETER: _("An interpreter"),
    Series.Help.RIDE: _("A ride"),
    Series.Help.FOOD: _("Something to eat"),
    Series.Help.OTHER: _("Something else"),
}
NAME_LENGTH = 60
NOTE_LENGTH = 140


def answers_to(session: Session) -> list[str]:
    """List the answers that make sense: no video where there is no way to join by it."""
    by_video = session.series.video_url or session.series.dial_in
    return [answer for answer in ANSWERS if by_video or answer != Answer.VIDEO]


def said(answer: str | None) -> str:
    """Return what somebody answered in her own words, or nothing."""
    return ANSWERS[answer][0] if answer else ""


class AnswerForm(forms.Form):
    """Whether somebody comes; the answer is the button."""

    answer = forms.ChoiceField(
        error_messages={"required": _("Choose one of the answers"), "invalid_choice": _("Choose one of the answers")}
    )

    def __init__(self, *args, session, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [(answer, ANSWERS[answer][0]) for answer in answers_to(session)]

    @property
    def buttons(self):
        """Return the answers as _option_buttons.html draws them."""
        return [
            {"value": answer, "label": label, "icon": ANSWERS[answer][1]}
            for answer, label in self.fields["answer"].choices
        ]


class NeedsForm(forms.Form):
    """What would help somebody come; nothing is needed."""

    kinds = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(required=False, max_length=NOTE_LENGTH, label=_("If it is something else, what is it?"))

    def __init__(self, *args, offered, coordinator, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(kind, HELP[kind]) for kind in offered]
        self.fields["kinds"].label = _("What would help you come? %(name)s arranges it, at no cost.") % {
            "name": coordinator
        }
        self.fields["kinds"].error_messages["invalid_choice"] = _("Choose from this list")
        self.fields["note"].error_messages["max_length"] = _("Keep it to 140 letters, or call us")
        if Series.Help.OTHER not in offered:
            del self.fields["note"]

    def clean(self):
        """Take a note as a tick at "something else"."""
        cleaned = super().clean()
        if cleaned.get("note") and Series.Help.OTHER not in cleaned.get("kinds", []):
            cleaned["kinds"] = [*cleaned.get("kinds", []), Series.Help.OTHER]
        return cleaned


class NameForm(forms.Form):
    """The name under which somebody appears in the group."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        label=_("What name should the group see?"),
        help_text=_("You can use a nickname."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            "required": _("Write the name the group should see. A nickname is fine."),
            "max_length": _("Write a shorter name, of up to 60 letters"),
        },
    )


class JoinRequestForm(forms.Form):
    """What a flyer asks: a name, a phone or e-mail, and a language."""

    name = forms.CharField(
        max_length=NAME_LENGTH,
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            "required": _("Write your name"),
            "max_length": _("Write a shorter name, of up to 60 letters"),
        },
    )
    contact = forms.CharField(
        max_length=contacts.MAX_LENGTH,
        label=_("Your phone number or e-mail"),
        help_text=_("That is where the invitation will arrive. We use it for nothing else."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "spellcheck": "false"}),
        error_messages={
            "required": _("Write a phone number or an e-mail"),
            "max_length": _("Enter an e-mail address like name@example.org"),
        },
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES,
        label=_("In which language should we write to you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"language": get_language()}, **kwargs)

    def clean_contact(self):
        """Return the phone or e-mail as it is kept."""
        return contacts.read(self.cleaned_data["contact"])


class WorksHereForm(forms.Form):
    """Whether somebody works at the school: asked once, before she enters the group."""

    works_here = forms.ChoiceField(
        label=_("Do you work at this school?"),
        choices=[("no", _("No, I don't")), ("yes", _("Yes, I work there"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers"), "invalid_choice": _("Choose one of the answers")},
    )
