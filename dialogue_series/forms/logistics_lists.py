"""Lists that a coordinator brings: closed days, families; and the sheet on which she marks who came."""

import json
from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import contacts
from dialogue_series import calendar_import, roster
from dialogue_series.forms.families import NAME_LENGTH
from dialogue_series.forms.logistics import date_field
from dialogue_series.models import Attendance
from dialogue_series.wording import PROBLEMS

MOST_AT_ONCE = 200
MOST_DAYS_SHOWN = 500
# What a coordinator may send all the same, once she has read it.
WARNINGS = frozenset({"shared_address", "already_enrolled"})
LEFT_OUT_AT_FIRST = frozenset({"duplicate_in_list", "already_enrolled", "on_staff_list"})
MODES = {
    Attendance.Mode.IN_PERSON: _("In person"),
    Attendance.Mode.VIDEO: _("By video"),
    Attendance.Mode.ABSENT: _("Did not come"),
}


class ListForm(forms.Form):
    """A text to paste, or a file."""

    max_bytes = 0
    pasted = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}))
    file = forms.FileField(required=False, allow_empty_file=True)

    def clean(self):
        """Leave in `raw` what is to be read, and in `filename` where it came from; refuse what is too big."""
        cleaned = super().clean()
        file = cleaned.get("file")
        if file is not None and file.size > self.max_bytes:
            self.add_error("file", ValidationError(PROBLEMS["too_big"], code="too_big"))
        elif file is not None:
            cleaned |= {"raw": file.read(), "filename": file.name}
        else:
            cleaned |= {"raw": cleaned.get("pasted", ""), "filename": ""}
        return cleaned

    def refuse(self, code):
        """Say what is wrong with the whole list, beside the field it came by."""
        where = "file" if self.cleaned_data.get("filename") else "pasted"
        self.add_error(where, ValidationError(PROBLEMS[code], code=code))


class CalendarForm(ListForm):
    """A school's calendar, as the district publishes it or as somebody types it."""

    max_bytes = calendar_import.MAX_BYTES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pasted"].label = _("Paste the days without school")
        self.fields["pasted"].help_text = _("One day or range on each line, like: Nov 23 - Nov 27, Thanksgiving break")
        self.fields["file"].label = _("Or choose a file")
        self.fields["file"].help_text = _("A calendar (.ics) or a list (.csv), up to 2 MB.")


class PickedDaysForm(forms.Form):
    """The entries of a calendar that mean "no school"."""

    days = forms.MultipleChoiceField(
        label=_("On which of these days is there no school?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from this list")},
    )
    last_day = date_field(
        label=_("Last day of school"),
        help_text=_("No session is planned after it."),
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What was found travels with the page: each choice carries its own days and words.
        self.fields["days"].valid_value = lambda value: read_entry(value) is not None

    def clean_days(self):
        """Return (first day, last day, reason) of each entry that was ticked."""
        return [read_entry(value) for value in self.cleaned_data["days"]]


def write_entry(entry) -> str:
    """Return an entry of a calendar as the value of its box."""
    return json.dumps([entry.first_on.isoformat(), entry.last_on.isoformat(), entry.what])


def read_entry(value: str) -> tuple[date, date, str] | None:
    """Return the days and the words of a box, or nothing if they are not such."""
    try:
        first, last, what = json.loads(value)
        first_on, last_on = date.fromisoformat(first), date.fromisoformat(last)
    except (ValueError, TypeError):
        return None
    if not 0 <= (last_on - first_on).days <= 366 or not isinstance(what, str):
        return None
    return first_on, last_on, what[: calendar_import.MAX_WHAT]


class LastDayForm(forms.Form):
    """The last day of the school's year."""

    last_day = date_field(label=_("Last day of school"), help_text=_("No session is planned after it."))


class FamiliesForm(ListForm):
    """The families to invite."""

    max_bytes = roster.MAX_BYTES

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pasted"].label = _("Paste the families, one on each line")
        self.fields["pasted"].help_text = _(
            "Name, phone or e-mail, language. Like: Lucía Hernández, 773 555 0142, Spanish"
        )
        self.fields["file"].label = _("Or choose a file")
        self.fields["file"].help_text = _("A list saved as CSV, up to 100 KB.")


class RowForm(forms.Form):
    """One family as understood, with what is doubtful and the way to mend it."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=roster.MAX_LINE,
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )
    address = forms.CharField(label=_("Phone or e-mail"), required=False, max_length=roster.MAX_LINE)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language")},
    )
    leave_out = forms.BooleanField(label=_("Leave this line out"), required=False)

    def __init__(self, *args, row=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row

    @property
    def doubts(self):
        """Return what is doubtful about the line, in words."""
        return [PROBLEMS[code] for code in self.row.problems] if self.row else []

    @property
    def is_refused(self):
        """Say whether the line cannot be sent as it is."""
        return bool(self.row and set(self.row.problems) - WARNINGS)

    def as_line(self):
        """Return the line as a row of a table with headings, to be read again."""
        name, address = (" ".join(self[field].value().split()) for field in ("name", "address"))
        phone, email = ("", address) if "@" in address else (address, "")
        return "\t".join([name, phone, email, self["language"].value() or settings.LANGUAGE_CODE])


HEADING = "Name\tPhone\tE-mail\tLanguage"


class ConsentForm(forms.Form):
    """That the families agreed to be written to."""

    consent = forms.BooleanField(
        label=_("They told me they want messages"),
        error_messages={"required": _("Check this box once each family has told you that it wants messages")},
    )


class AddressForm(forms.Form):
    """Somewhere else to reach a family that was invited."""

    contact = forms.CharField(
        label=_("Another phone or e-mail"),
        max_length=contacts.MAX_LENGTH,
        error_messages={"required": _("Write a phone number or an e-mail")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_contact(self):
        return contacts.read(self.cleaned_data["contact"])


class AttendanceForm(forms.Form):
    """One row a person, one tap each."""

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        for person in people:
            self.fields[str(person.pk)] = forms.ChoiceField(
                label=person.shown_name,
                choices=list(MODES.items()),
                widget=forms.RadioSelect,
                required=False,
                initial=person.mode,
                error_messages={"invalid_choice": _("Choose one of the three")},
            )

    @property
    def modes(self):
        """Return how each marked person took part, by key."""
        return {key: mode for key, mode in self.cleaned_data.items() if mode}


class WalkInForm(forms.Form):
    """Somebody who came along without being on the list."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
        error_messages={
            "required": _("Write the name"),
            "max_length": _("Write a shorter name, of up to 60 letters"),
        },
    )
    contact = forms.CharField(
        label=_("Phone or e-mail"),
        help_text=_("If you write one, the invitation to the series goes there."),
        required=False,
        max_length=contacts.MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mode = forms.ChoiceField(
        label=_("How did this person take part?"),
        choices=list(MODES.items())[:2],
        initial=Attendance.Mode.IN_PERSON,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two"), "invalid_choice": _("Choose one of the two")},
    )

    def __init__(self, *args, asks_contact, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_contact:
            del self.fields["contact"]

    def clean_contact(self):
        typed = self.cleaned_data["contact"]
        return contacts.read(typed) if typed else None
