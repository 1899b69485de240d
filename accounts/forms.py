"""What people type about themselves, turned into what the programme means by it."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import contacts

NO_ADDRESS = _("Enter a 10-digit phone number, like 773 555 0142")
NO_CODE = _("Enter the 6 numbers of the code")
NO_NAME = _("Enter the name you want the group to see")
MOST_STAFF = 1000


class AddressForm(forms.Form):
    """Where to send the code."""

    address = forms.CharField(
        label=_("What is your phone number or e-mail?"),
        help_text=_("The one that receives our messages. We send a code there; you need no password."),
        max_length=contacts.MAX_LENGTH,
        error_messages={"required": _("Write a phone number or an e-mail"), "max_length": NO_ADDRESS},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_address(self):
        return contacts.read(self.cleaned_data["address"])


class CodeForm(forms.Form):
    """The six digits that arrived."""

    code = forms.CharField(
        label=_("Type the 6-digit code"),
        max_length=40,
        error_messages={"required": NO_CODE, "max_length": NO_CODE},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )

    def clean_code(self):
        """Take the digits however they were spaced or dashed."""
        digits = re.sub(r"[\s\-.]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise ValidationError(NO_CODE, code="six_digits")
        return digits


class NameForm(forms.Form):
    """How somebody wants to appear."""

    name = forms.CharField(
        label=_("What name should the group see?"),
        help_text=_("You can use a nickname."),
        max_length=60,
        error_messages={"required": NO_NAME, "max_length": _("Enter a name of at most 60 letters")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )


class LanguageForm(forms.Form):
    """In which language to speak to somebody."""

    language = forms.ChoiceField(
        label=_("In which language should we write to you?"),
        help_text=_("It is the language of pages, texts and e-mails."),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language")},
        widget=forms.RadioSelect,
    )


class PhoneForm(forms.Form):
    """Whether other people use the phone too."""

    shared = forms.TypedChoiceField(
        label=_("Do other people use this phone?"),
        help_text=_("If they do, we keep nothing on it and ask for a code more often."),
        choices=[("yes", _("Yes, other people use it")), ("no", _("No, only me"))],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": _("Choose yes or no"), "invalid_choice": _("Choose yes or no")},
        widget=forms.RadioSelect,
    )


class PayForm(forms.Form):
    """Whether the school pays its coordinator, and what follows."""

    paid = forms.TypedChoiceField(
        help_text=_(
            "If it does, you organize and take attendance, and what families write in their group stays closed to "
            "you: people speak freely only among families. If it does not, you can also be one of those families. "
            "You can change your answer on your account; a yes counts at once."
        ),
        choices=[("yes", _("Yes, it pays me")), ("no", _("No, it does not pay me"))],
        coerce=lambda answer: answer == "yes",
        error_messages={"required": _("Choose yes or no"), "invalid_choice": _("Choose yes or no")},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, school, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["paid"].label = _("Does %(school)s pay you?") % {"school": school.name}


class StaffListForm(forms.Form):
    """The phones and e-mails of everybody who works at the school."""

    people = forms.CharField(
        label=_("Who works at the school?"),
        help_text=_(
            "Paste one person a line, with a phone or an e-mail. Names are not kept. Nobody on this list can be "
            "invited to the families' group."
        ),
        required=False,
        max_length=100_000,
        error_messages={"max_length": _("This list is very long. Paste at most 1,000 people.")},
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )

    def clean_people(self):
        """Return every phone and e-mail of the list; a line that has none is named, so that nobody is lost."""
        lines = [line.strip() for line in self.cleaned_data["people"].splitlines() if line.strip()]
        if len(lines) > MOST_STAFF:
            raise ValidationError(_("This list is very long. Paste at most 1,000 people."), code="too_long")
        found = {line: contacts.found_in(line) for line in lines}
        if unread := [line for line, values in found.items() if not values]:
            raise ValidationError(
                _("We found no phone or e-mail here: %(lines)s. Complete it, or take it out."),
                code="unread",
                params={"lines": "; ".join(line[:60] for line in unread[:5])},
            )
        return set().union(*found.values())
