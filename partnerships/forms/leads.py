"""Proposing who reaches out to families."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

MONTHS_6, A_YEAR = timedelta(days=182), timedelta(days=364)


def date_field(label):
    """Ask for a day, in the browser's own way."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": _("Choose a date"), "invalid": _("Choose a date")},
    )


class ProposalForm(forms.Form):
    """Whom, and for how long."""

    person = forms.ChoiceField(
        label=_("Whom do you propose?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose somebody"), "invalid_choice": _("Choose somebody")},
    )
    from_on = date_field(_("The term begins"))
    review_on = date_field(_("Both sides look at how it goes"))
    until_on = date_field(_("The term ends"))

    def __init__(self, *args, people, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [(key, person.name) for key, person in self.people.items()]
        self.initial = {"from_on": today, "review_on": today + MONTHS_6, "until_on": today + A_YEAR}

    def clean_person(self):
        """Return the person herself."""
        return self.people[self.cleaned_data["person"]]
