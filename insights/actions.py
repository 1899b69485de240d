"""What people do about results."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import District, LogEntry, Person, School
from dialogue_series.models import Series, SupportRequest
from insights.models import Evidence, FamiliesReading, HelpShown
from notifications import clock
from surveys import disclosure

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


@transaction.atomic
def freeze_help(*, series: Series, window: int) -> HelpShown:
    """Write down which kinds of help at least five asked for until now, and whether arranged (trust P11). Worker only.

    Once a window: what was written stays.
    """
    asked: dict[str, list[SupportRequest]] = {}
    for request in SupportRequest.objects.filter(session__series=series):
        asked.setdefault(request.kind, []).append(request)
    words = {
        kind: disclosure.arranged(len(requests), sum(request.arranged_at is not None for request in requests))
        for kind, requests in asked.items()
        if disclosure.help_label(len({request.person_id for request in requests})) == "named"
    }
    return HelpShown.objects.get_or_create(series=series, window=window, defaults={"arranged": words})[0]


@transaction.atomic
def note_evidence(
    *, district: District, row: str, text: str, language: str, on: date, school: School | None = None
) -> Evidence:
    """Note what was done under one row of a district's scorecard; the same words again are the same note."""
    said = {"school": school, "language": language, "on": on}
    return Evidence.objects.get_or_create(district=district, row=row, text=text, defaults=said)[0]


@transaction.atomic
def remove_evidence(*, evidence: Evidence) -> None:
    """Take out a note."""
    evidence.delete()
