"""Arranging a meeting of families and staff part by part, and what each side says of it."""

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.forms.leads import date_field
from partnerships.forms.written import WordsField, language_field, number_field
from partnerships.joint_meetings import in_turn, speaking_order

MOST_SEATS = 500
MOST_CHARACTERS = 1500
NO_HOUR = _("Choose a time")


def time_field(label):
    """Ask for an hour, in the browser's own way."""
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        error_messages={"required": NO_HOUR, "invalid": NO_HOUR},
    )


def line_field(label, required, help_text=""):
    """Ask for one line of words."""
    too_long = _("Write it shorter, with 120 letters at most")
    return forms.CharField(
        label=label, help_text=help_text, max_length=120, error_messages={"required": required, "max_length": too_long}
    )


def seats_field(label):
    """Ask for a number of seats."""
    return number_field(label, least=0, most=MOST_SEATS)


class DayForm(forms.Form):
    """What the meeting is about, when and where."""

    title = line_field(
        _("What is the meeting about?"),
        _("Say what the meeting is about"),
        _("Families and staff read it. Write it so that both understand it."),
    )
    on = date_field(_("On which day?"))
    starts_at = time_field(_("At what time?"))
    place = line_field(_("Where?"), _("Say where the meeting is"))


class FamiliesForm(forms.Form):
    """When families meet alone before."""

    families_on = date_field(_("On which day do families meet alone?"))
    families_at = time_field(_("At what time?"))
    families_place = line_field(_("Where?"), _("Say where families meet"))


class SeatsForm(forms.Form):
    """How many of each side."""

    families_seats = seats_field(pgettext_lazy("a meeting", "Seats for families"))
    staff_seats = seats_field(_("Seats for staff"))


class OrderForm(forms.Form):
    """Who speaks first, and who after them."""

    first = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("Which families speak first?"),
        help_text=_("A group on each line, and no names: those who lead the school read it."),
        required=_("Say who of the families speaks first"),
    )
    then = WordsField(
        most=MOST_CHARACTERS,
        rows=3,
        label=_("Who speaks after them?"),
        help_text=_("A group on each line. Staff come here."),
        required=_("Say who speaks after the families"),
    )

    @property
    def said(self):
        """Return the order as it is kept."""
        return {"speaking_order": speaking_order(self.cleaned_data["first"], self.cleaned_data["then"])}

    @staticmethod
    def begun(meeting):
        """Return what was written before."""
        return dict(zip(("first", "then"), in_turn(meeting.speaking_order), strict=True))

    def clean(self):
        """Take blank lines out: one stands between both sides."""
        for name in ("first", "then"):
            lines = self.cleaned_data.get(name, "").split("\n")
            self.cleaned_data[name] = "\n".join(line.strip() for line in lines if line.strip())
        return self.cleaned_data


class AgreementsForm(forms.Form):
    """What everybody keeps to."""

    agreements = WordsField(
        most=MOST_CHARACTERS,
        label=_("What does everybody agree to?"),
        help_text=_("For example: we listen until the end; an interpreter is here all the time; no names of children."),
        required=_("Write what everybody agrees to"),
    )


def four(label):
    """Ask how much, in words."""
    answers = [
        (1, pgettext_lazy("of a meeting", "Not at all")),
        (2, pgettext_lazy("of a meeting", "A little")),
        (3, pgettext_lazy("of a meeting", "Quite a bit")),
        (4, pgettext_lazy("of a meeting", "A lot")),
    ]
    return forms.TypedChoiceField(
        label=label,
        choices=answers,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer"), "invalid_choice": _("Choose an answer")},
    )


class RatingForm(forms.Form):
    """How one side, together, saw the meeting."""

    families_were_heard = four(_("Were families heard until the end?"))
    replies_took_it_up = four(_("Did the replies take up what families said?"))


class ChangeForm(forms.Form):
    """The one thing that will be different."""

    change = WordsField(
        most=300,
        rows=3,
        label=_("What one thing do both sides change next time?"),
        help_text=_("Change how the meeting works, not how families behave."),
        required=_("Write the one thing that changes"),
    )
    change_language = language_field(initial=get_language)
