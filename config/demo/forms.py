"""Moving the demonstration's clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1), "real": None}
ZONE = ZoneInfo("America/Chicago")


class ClockForm(forms.Form):
    """A step, or a day and an hour of the demonstration school."""

    on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    at = forms.TimeField(
        label=_("Hour"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "short"}),
        error_messages={"required": _("Choose an hour."), "invalid": _("Choose an hour.")},
    )

    @property
    def instant(self) -> datetime:
        """Return the aware instant that was chosen."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"], ZONE)
