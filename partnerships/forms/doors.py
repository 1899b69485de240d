"""As whom somebody tries the door."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.doors import WHO


class DoorForm(forms.Form):
    """Asks who tries."""

    kind = forms.ChoiceField(
        label=_("Who tries to enter?"),
        choices=list(WHO.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who tries to enter"), "invalid_choice": _("Choose who tries to enter")},
    )
