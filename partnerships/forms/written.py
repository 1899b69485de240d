"""Fields in which people write: their words are kept as they are, only line ends are made alike."""

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NO_NUMBER = pgettext_lazy("after a colon", "write a number")


class WordsField(forms.CharField):
    """Words of up to some length, with line ends as we keep them, whatever the browser sends."""

    def __init__(self, *, most, required, rows=6, **kwargs):
        counted = {"data-count": str(most), "data-count-left": _("{n} characters left")}
        super().__init__(
            widget=forms.Textarea(attrs={"rows": rows, **counted}),
            error_messages={"required": required},
            **kwargs,
        )
        self.most = most

    def clean(self, value):
        """Return the words; say by how much they are too long."""
        words = super().clean((value or "").replace("\r\n", "\n").replace("\r", "\n"))
        if len(words) > self.most:
            raise forms.ValidationError(
                _("Write it shorter: %(most)s characters at most, and these are %(count)s."),
                code="too_long",
                params={"most": self.most, "count": len(words)},
            )
        return words


def language_field(**kwargs):
    """Ask in which language something is written."""
    return forms.ChoiceField(
        label=_("In which language is it written?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language"), "invalid_choice": _("Choose a language")},
        **kwargs,
    )


def number_field(label, *, least, most, missing="", **kwargs):
    """Ask for a small number; `missing` says what is missed without one, or else the label does."""
    missing = missing or format_lazy("{}: {}", label, NO_NUMBER)
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={
            "required": missing,
            "invalid": missing,
            "min_value": _("This number is too small"),
            "max_value": _("This number is too large"),
        },
        **kwargs,
    )
