"""The plain check of who can hold a families' seat: asked, looked at, and kept nowhere."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.eligibility import QUESTIONS, fits


class EligibilityForm(forms.Form):
    """Yes or no, about one kind of seat."""

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, prefix=kind, **kwargs)
        self.kind = kind
        for question in QUESTIONS[kind]:
            self.fields[question.name] = forms.TypedChoiceField(
                label=question.words,
                choices=[("yes", _("Yes")), ("no", _("No"))],
                coerce=lambda answer: answer == "yes",
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose yes or no"), "invalid_choice": _("Choose yes or no")},
            )

    @property
    def fits(self):
        """Say whether the answers are what the seat asks for."""
        return fits(self.kind, self.cleaned_data)
