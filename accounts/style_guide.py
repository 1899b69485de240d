"""One page that shows every component in both languages and both themes; for staff only."""

import datetime

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

THURSDAY = datetime.date(2027, 2, 18)
SIX, SEVEN = datetime.time(18), datetime.time(19)
STATES = ["done", "done", "missed", "done", "next", "to_come", "to_come", "to_come", "to_come", "to_come"]
COUNTS = [8, 8, 7, 8, None, None, None, None, None, None]


class SampleForm(forms.Form):
    """One field of each kind; nothing is kept of it."""

    name = forms.CharField(
        label=_("What name should the group see?"),
        help_text=_("You can use a nickname."),
    )
    phone = forms.RegexField(
        r"^\d{10}$",
        label=_("Telephone number"),
        error_messages={"invalid": _("Enter a 10-digit phone number, like 773 555 0142")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "short"}),
    )
    said = forms.CharField(label=_("Something else?"), required=False, widget=forms.Textarea)
    starts_on = forms.DateField(
        label=_("First date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"})
    )
    needs = forms.MultipleChoiceField(
        label=_("What would help you come?"),
        required=False,
        choices=[("children", _("Childcare")), ("interpreter", _("An interpreter")), ("ride", _("A ride"))],
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("es", "Español"), ("en", "English")])
    agreed = forms.BooleanField(label=_("They told me they want messages"))
    felt = forms.ChoiceField(
        label=_("On Thursday, how much could you say what you think?"),
        choices=[
            ("1", _("Not at all")),
            ("2", _("A little")),
            ("3", _("Quite a bit")),
            ("4", _("A lot")),
            ("none", _("I'd rather not answer")),
        ],
        widget=forms.RadioSelect,
    )
    came = forms.ChoiceField(
        label="Lucía",
        choices=[("room", _("In person")), ("video", _("Video")), ("absent", _("Did not come"))],
        widget=forms.RadioSelect,
    )


def style_guide(request):
    """Show every component."""
    return render(request, "style_guide.html", {"samples": [*_samples("es"), *_samples("en")]})


def _samples(language):
    for theme in ("light", "dark"):
        answers = {"phone": "555", "needs": ["ride"], "felt": "3", "came": "room", "language": language}
        prefix = f"{language}-{theme}"
        yield {
            "language": language,
            "theme": theme,
            "form": SampleForm({f"{prefix}-{name}": answer for name, answer in answers.items()}, prefix=prefix),
            "timer": prefix,
            "beads": [{"state": state} for state in STATES],
            "evenings": [{"number": number, "count": count} for number, count in enumerate(COUNTS, start=1)],
            "on": THURSDAY,
            "starts": SIX,
            "ends": SEVEN,
            "parts": [
                {"title": _("Welcome"), "minutes": 10},
                {"title": _("Reflection"), "minutes": 10},
                {"title": _("Activity"), "minutes": 30},
                {"title": _("Closing"), "minutes": 10},
            ],
            "rows": [{"label": _("Place"), "value": _("Library, second floor"), "url": "#main"}],
        }
