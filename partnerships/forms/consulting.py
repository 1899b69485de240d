"""What whoever facilitates, and school leaders, say about a board's question."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from notifications import clock, wording
from partnerships.actions.consulting import SHORTENED_AHEAD
from partnerships.forms.written import WordsField, language_field
from partnerships.models import Consultation
from surveys.disclosure import CONSULTATION_SHORTEST, SURVEY_CLOSES_AT


class ShortenForm(forms.Form):
    """An earlier evening on which a question closes."""

    closes_on = forms.ChoiceField(
        label=_("Which evening should it close?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an evening"), "invalid_choice": _("Choose an evening")},
    )

    def __init__(self, *args, consultation: Consultation, **kwargs):
        super().__init__(*args, **kwargs)
        self.evenings = {at.date().isoformat(): at for at in earlier_evenings(consultation)}
        self.fields["closes_on"].choices = [
            (key, wording.day(at.date(), get_language())) for key, at in self.evenings.items()
        ]

    @property
    def closes_at(self) -> datetime:
        """Return the instant of the evening that was chosen."""
        return self.evenings[self.cleaned_data["closes_on"]]


def earlier_evenings(consultation: Consultation) -> list[datetime]:
    """Return the evenings on which a question can close earlier than it does, at the usual hour, school time."""
    zone = ZoneInfo(consultation.school.zone)
    earliest = max(consultation.published_at + CONSULTATION_SHORTEST, clock.now() + SHORTENED_AHEAD).astimezone(zone)
    days: list[date] = [earliest.date() + timedelta(days=n) for n in range(31)]
    evenings = [datetime.combine(day, SURVEY_CLOSES_AT, zone) for day in days]
    return [at for at in evenings if earliest <= at < consultation.closes_at]


class LeadersForm(forms.Form):
    """What school leaders say of a decision that was taken to them."""

    text = WordsField(label=_("What do you say to it?"), most=1000, required=_("Write what you say to it"), rows=5)
    language = language_field(initial=get_language)
