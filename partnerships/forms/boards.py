"""What a coordinator says about boards, their seats and elections."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import contacts
from partnerships.forms.leads import date_field
from partnerships.forms.written import WordsField, number_field
from partnerships.models import Board, Seat

PLAN_CHOICES = [
    ("lsc_high", _("Local School Council (LSC) of a high school: 15 seats")),
    ("lsc_k8", _("Local School Council (LSC) of a K-8 school: 13 seats")),
    ("lsc_k6", _("Local School Council (LSC) of a K-6 school: 12 seats")),
    ("bac", _("Bilingual Advisory Committee (BAC)")),
    ("pac", _("Title I parent council (PAC)")),
    ("pta", _("Parent Teacher Association (PTA)")),
    ("custom", _("Another board")),
]
SEATS = {
    Seat.Kind.PARENT: pgettext_lazy("a seat", "Parents"),
    Seat.Kind.COMMUNITY: pgettext_lazy("a seat", "Community"),
    Seat.Kind.TEACHER: pgettext_lazy("a seat", "Teachers"),
    Seat.Kind.STAFF: pgettext_lazy("a seat", "Other school staff"),
    Seat.Kind.STUDENT: pgettext_lazy("a seat", "Students"),
    Seat.Kind.PRINCIPAL: pgettext_lazy("a seat", "Principal"),
}
LAWS = [
    (Board.MeetingLaw.ILLINOIS, _("Illinois: the Open Meetings Act (5 ILCS 120/1.02)")),
    (Board.MeetingLaw.NONE, _("None: no reminder")),
]
SOMEBODY_ELSE = "other"


def name_field(label, *, most, required):
    """Ask for a name."""
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": required, "max_length": _("Write a shorter name")},
        widget=forms.TextInput(attrs={"spellcheck": "false"}),
    )


def board_name_field():
    """Ask what a board is called."""
    return name_field(_("What is it called?"), most=80, required=_("Write the name of the board"))


def quorum_field(**kwargs):
    """Ask for the quorum."""
    return number_field(
        _("How many members make a quorum?"),
        least=1,
        most=99,
        missing=_("Write how many make a quorum, as a number"),
        help_text=_("For a Local School Council usually 7. Ask the council for its own number; you can change it."),
        **kwargs,
    )


class NewBoardForm(forms.Form):
    """Which board, and what it is called."""

    plan = forms.ChoiceField(
        label=_("Which board is it?"),
        choices=PLAN_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a board"), "invalid_choice": _("Choose a board")},
    )
    name = board_name_field()
    quorum = quorum_field(initial=7)


class SettingsForm(forms.Form):
    """What a board goes by."""

    name = board_name_field()
    quorum = quorum_field()
    is_chaired_by_parent = forms.BooleanField(label=_("Whoever chairs holds a parent seat"), required=False)
    meeting_law = forms.ChoiceField(
        label=_("Which law on open meetings are its members reminded of?"),
        help_text=_(
            "When a majority of the quorum writes in one conversation, or is coming to one session, its members are "
            "told what the law may mean. It is advice: nothing is blocked."
        ),
        choices=LAWS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one"), "invalid_choice": _("Choose one")},
    )
    training_es = WordsField(
        label=_("What members complete once elected, in Spanish"),
        help_text=_("One course or step a line."),
        most=2000,
        required="",
        rows=4,
    )
    training_en = WordsField(
        label=_("What members complete once elected, in English"),
        help_text=_("One course or step a line."),
        most=2000,
        required="",
        rows=4,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("training_es", "training_en"):
            self.fields[name].required = False


class SeatsForm(forms.Form):
    """Seats to add."""

    kind = forms.ChoiceField(
        label=_("For whom?"),
        choices=list(SEATS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for whom"), "invalid_choice": _("Choose for whom")},
    )
    number = number_field(
        _("How many seats?"), least=1, most=20, missing=_("Write how many seats, as a number"), initial=1
    )


class TermForm(forms.Form):
    """Who holds a seat, and for how long."""

    name = name_field(_("Name, as in the public record"), most=60, required=_("Write the name"))
    contact = forms.CharField(
        label=_("Phone or e-mail"),
        help_text=_("With it they enter the board's pages. Nothing is sent to it now."),
        max_length=contacts.MAX_LENGTH,
        error_messages={"required": _("Write a phone number or an e-mail")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to them?"),
        choices=settings.LANGUAGES,
        initial="es",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language")},
    )
    from_on = date_field(_("The term begins"))
    until_on = date_field(_("Last day of the term"))

    def clean_contact(self):
        """Return the phone or the e-mail in the form in which it is kept."""
        return contacts.read(self.cleaned_data["contact"])

    def ask_who(self, owners):
        """Ask which of the people who share the address it is, or somebody new."""
        choices = [(str(owner.pk), owner.name) for owner in owners]
        self.fields["who"] = forms.ChoiceField(
            label=_("We know this phone or e-mail. Who holds the seat?"),
            choices=[*choices, (SOMEBODY_ELSE, _("Somebody else who shares it"))],
            widget=forms.RadioSelect,
            required=False,
        )

    def ask_to_confirm(self):
        """Ask to confirm that the families' space closes."""
        self.fields["knows"] = forms.BooleanField(label=_("I talked with them, and they know"), required=False)


class AgainForm(forms.Form):
    """Another term of the same person."""

    from_on = date_field(_("The new term begins"))
    until_on = date_field(_("Last day of the new term"))


class ElectionForm(forms.Form):
    """When one files, and when people vote."""

    filing_from_on = date_field(_("People can file from"))
    filing_until_on = date_field(_("Last day to file"))
    held_on = date_field(_("Day of the election"))
