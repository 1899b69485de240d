"""Asking for exact words, and the answer of whoever wrote them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.forms.written import WordsField
from partnerships.models.quotes import Signature
from partnerships.models.voices import MOST_CHARACTERS

LEADERS, PUBLIC = "leaders", "public"
AUDIENCES = {LEADERS: _("the principal and the council"), PUBLIC: _("a public report")}
SIGNATURES = {
    Signature.MOTHER: pgettext_lazy("how words are signed", "A mother"),
    Signature.FATHER: pgettext_lazy("how words are signed", "A father"),
    Signature.CAREGIVER: pgettext_lazy("how words are signed", "A caregiver"),
    Signature.NOTHING: pgettext_lazy("how words are signed", "Nothing"),
}


class AskForm(forms.Form):
    """The words that are asked for, exactly as they were written."""

    words = WordsField(
        most=MOST_CHARACTERS,
        label=_("The exact words"),
        help_text=_("Cut what you do not need, at the beginning and at the end. Change nothing."),
        required=_("Leave the words that you ask for"),
    )


class AllowForm(forms.Form):
    """With whom the words are shared, and how they are signed."""

    audiences = forms.MultipleChoiceField(
        label=_("With whom"),
        choices=list(AUDIENCES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one, or say no")},
    )
    signature = forms.ChoiceField(
        label=_("Signed"),
        choices=list(SIGNATURES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the words are signed")},
    )

    def __init__(self, *args, translation, **kwargs):
        super().__init__(*args, **kwargs)
        # Which translation stood on the page: a yes is to what was read, and to nothing else.
        self.seen = f"{translation.pk} {translation.at.isoformat()}" if translation else ""

    def clean(self):
        """Refuse a yes to a translation that was changed since the page was opened."""
        if self.data.get("seen", "") != self.seen:
            raise ValidationError(
                _("The translation has changed since you opened this page. Read it once more."), code="changed"
            )
        return super().clean()

    @property
    def said(self):
        """Return the answer as the action takes it."""
        chosen = self.cleaned_data["audiences"]
        return {
            "for_leaders": LEADERS in chosen,
            "for_public": PUBLIC in chosen,
            "signature": self.cleaned_data["signature"],
        }
