"""After which sessions leaders are met, and what is written down of such a check-in."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue_series.schedule import SESSIONS_PER_SERIES
from partnerships.forms.commitments import MOST_CHARACTERS as COMMITMENT_CHARACTERS
from partnerships.forms.commitments import MOST_OF_A_NAME, TwoTongues
from partnerships.forms.leads import date_field
from partnerships.forms.written import WordsField, language_field, number_field

MOST_CHARACTERS = 1500
MOST_PEOPLE = 50
ATTENDEES = {
    "leaders": _("People who lead the school"),
    "facilitators": _("People who facilitate the group"),
    "families": _("Other families"),
    "coordinators": _("People who coordinate the sessions"),
    "district": _("People from the district or who evaluate"),
}


class CheckInsForm(forms.Form):
    """After which of the ten sessions whoever facilitates meets the school's leaders."""

    checkins = forms.TypedMultipleChoiceField(
        label=_("After which sessions do you meet the school's leaders?"),
        help_text=_("What families answer is put together from one check-in to the next."),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one session."),
            "invalid_choice": _("Choose from this list"),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        numbers = range(1, SESSIONS_PER_SERIES + 1)
        self.fields["checkins"].choices = [(n, _("Session %(number)s") % {"number": n}) for n in numbers]


def people_field(label):
    """Ask how many came."""
    return number_field(label, least=0, most=MOST_PEOPLE)


class CheckInForm(forms.Form):
    """When it was held, how many of each came, and what was learned."""

    held_on = date_field(_("On which day was it held?"))
    leaders = people_field(ATTENDEES["leaders"])
    facilitators = people_field(ATTENDEES["facilitators"])
    families = people_field(ATTENDEES["families"])
    coordinators = people_field(ATTENDEES["coordinators"])
    district = people_field(ATTENDEES["district"])
    community = WordsField(
        most=MOST_CHARACTERS,
        rows=4,
        label=_("What did you all learn about how community grows?"),
        required="",
    )
    understanding = WordsField(
        most=MOST_CHARACTERS,
        rows=4,
        label=_("What did you all learn about social and emotional learning, and about working together?"),
        required="",
    )
    language = language_field(initial=get_language)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("community", "understanding"):
            self.fields[name].required = False

    @property
    def said(self):
        """Return what was typed, as it is kept."""
        said = dict(self.cleaned_data)
        attendees = {role: said.pop(role) for role in ATTENDEES}
        return {"attendees": attendees, **said, "seen": self.data.get("seen", "")}


class PromiseForm(TwoTongues):
    """One thing that the school agreed to do: what, who sees to it, and until when."""

    text = WordsField(
        most=COMMITMENT_CHARACTERS,
        rows=3,
        label=_("What will the school do?"),
        help_text=_("Families read it. Name no family."),
        required=_("Write what the school will do"),
    )
    owner = forms.CharField(
        label=_("Who sees to it"),
        max_length=MOST_OF_A_NAME,
        error_messages={"required": _("Say who sees to it")},
    )
    due_on = date_field(_("By when"))
    field_order = ("text", "language", "translated", "owner", "due_on")
