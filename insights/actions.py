"""What people do about results."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import LogEntry, Person
from dialogue_series.models import Series
from insights.models import FamiliesReading
from notifications import clock

MOST_CHARACTERS = 1200


@transaction.atomic
def write_reading(*, series: Series, text: str, language: str) -> FamiliesReading:
    """Keep how a group reads its results, in the place of what it had said before."""
    if len(text) > MOST_CHARACTERS:
        raise ValidationError(_("This is longer than fits here."), code="too_long")
    reading, _made = FamiliesReading.objects.update_or_create(
        series=series, defaults={"text": text, "language": language, "written_at": clock.now()}
    )
    return reading


@transaction.atomic
def write_down_download(*, series: Series, by: Person) -> None:
    """Write down that somebody agreed to the terms of a sealed file and took it."""
    LogEntry.objects.create(by=by, act=LogEntry.Act.EXPORTED, school=series.school, at=clock.now())
