"""What is typed about results."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from insights.actions import MOST_CHARACTERS


class ReadingForm(forms.Form):
    """How a group reads its results."""

    text = forms.CharField(
        label=_("How does the group read these results?"),
        help_text=_("The school will read these words beside the results. Write no names."),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"data-count": MOST_CHARACTERS, "data-count-left": _("{n} characters left")}),
        error_messages={
            "required": _("Write how the group reads the results."),
            "max_length": _("This is longer than fits here."),
        },
    )
    language = forms.ChoiceField(
        label=_("In which language did you write it?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language of the text.")},
    )


class EvidenceForm(forms.Form):
    """Something that was done, for the scorecard."""

    text = forms.CharField(
        label=_("What was done?"),
        help_text=_("One sentence. Name no family and no student."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what was done."), "max_length": _("This is longer than fits here.")},
    )
    language = forms.ChoiceField(
        label=_("In which language did you write it?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language of the text.")},
    )
    on = forms.DateField(
        label=_("When?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    school = forms.ModelChoiceField(
        label=_("At which school?"), queryset=None, required=False, empty_label=_("All of the district")
    )

    def __init__(self, *args, schools, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = schools
