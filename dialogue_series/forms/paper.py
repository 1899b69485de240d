"""For whom a form is printed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from notifications import wording
from surveys import questionnaire


def title_of(form, language):
    """Name a form by its questions and, where it has one, its evening."""
    title = questionnaire.read(form.instrument_id, language).title
    return f"{title} · {wording.day(form.evening_on, language)}" if form.evening_on else title


class PaperForm(forms.Form):
    """Which form, and whose sheet."""

    which = forms.ChoiceField(
        label=_("Which form?"), widget=forms.RadioSelect, error_messages={"required": _("Choose a form")}
    )
    person = forms.ChoiceField(label=_("Whose sheet is it?"), error_messages={"required": _("Choose a person")})

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = {(str(line.form_id), str(line.person_id)): line for line in lines}
        open_forms = {str(line.form_id): line.form for line in lines}
        language = get_language()
        self.fields["which"].choices = [(pk, title_of(form, language)) for pk, form in open_forms.items()]
        self.initial["which"] = next(iter(open_forms), None)
        people = {(line.person.name, str(line.person_id)) for line in lines}
        self.fields["person"].choices = [("", "---"), *((pk, name) for name, pk in sorted(people))]

    def clean(self):
        """Return the line on the form's list; each form has a list of its own."""
        line = self.lines.get((self.cleaned_data.get("which"), self.cleaned_data.get("person")))
        if line is None and not self.errors:
            raise ValidationError(_("This form does not ask this person. Choose another form."), code="not_listed")
        return {"line": line}
