"""What people do about results."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import District, LogEntry, Person, School
from dialogue_series.access.checkins import leaders_read_at, wave_of
from dialogue_series.actions.checkins import date_checkin
from dialogue_series.models import CheckIn, Series, SupportRequest
from insights.models import Evidence, FamiliesReading, HelpShown, Packet, PacketLine
from notifications import clock
from partnerships.models import SharedTheme
from surveys import disclosure
from surveys.models import Release, Wave

MOST_CHARACTERS = 1200
# Whoever facilitates has 48 hours to look a packet through also where the worker was away at the hour.
PACKET_IS_LATE_AFTER = timedelta(hours=1)


@transaction.atomic
def write_reading(*, series: Series, text: str, language: str) -> FamiliesReading:
    """Keep how a group reads its results, in the place of what it said before; others read it once they read these."""
    if len(text) > MOST_CHARACTERS:
        raise ValidationError(_("This is longer than fits here."), code="too_long")
    at = clock.now()
    seen = Wave.objects.filter(ring=series.ring_id, released_at__isnull=False, families_at__lte=at, leaders_at__gt=at)
    said = {"text": text, "language": language, "written_at": at}
    said["leaders_at"] = seen.aggregate(last=Max("leaders_at"))["last"] or at
    return FamiliesReading.objects.update_or_create(series=series, defaults=said)[0]


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


@transaction.atomic
def build_packet(*, checkin: CheckIn) -> Packet | None:
    """Put together what leaders read before a check-in, once, and date it; None before the release. Worker only.

    Of its window what may be shown, and the themes that the group let through since the packet before. Whoever
    facilitates has 48 hours to strike lines, also where the worker was away at the families' hour.
    """
    checkin = CheckIn.objects.select_for_update(of=("self",)).select_related("series__school").get(pk=checkin.pk)
    if built := Packet.objects.filter(checkin=checkin).first():
        return built
    wave, now = wave_of(checkin), clock.now()
    if wave is None or wave.released_at is None:
        date_checkin(checkin=checkin, leaders_at=leaders_read_at(checkin))
        return None
    is_late = now > wave.released_at + PACKET_IS_LATE_AFTER
    leaders_at = disclosure.leaders_release_at(now) if is_late else wave.leaders_at
    packet = Packet(checkin=checkin, built_at=now, leaders_at=leaders_at)
    packet.save(force_insert=True)
    PacketLine.objects.bulk_create(
        PacketLine(packet=packet, number=number, **said)
        for number, said in enumerate(chain(results_in(wave), themes_for(checkin.series)), start=1)
    )
    date_checkin(checkin=checkin, leaders_at=leaders_at)
    return packet


def results_in(wave: Wave) -> Iterator[dict]:
    """Yield the labels of a window; what too few answered has none, and so no line, from nobody to four people."""
    released = Release.objects.filter(wave=wave).exclude(band="")
    for release in released.order_by("item__number", "option__number"):
        yield {"release": release}


def themes_for(series: Series) -> Iterator[dict]:
    """Yield the themes that have left the group of a series and stood in none of its packets, word for word."""
    told = PacketLine.objects.filter(packet__checkin__series=series, theme__isnull=False).values("theme")
    sent = SharedTheme.objects.filter(theme__group=series.group_id, consultation=None).exclude(theme__in=told)
    for theme in sent.order_by("sent_at", "pk"):
        words = {"text": theme.text, "language": theme.language, "translated": theme.translated}
        yield {"theme": theme.pk, **words}


@transaction.atomic
def strike(*, line: PacketLine, is_struck: bool) -> None:
    """Strike a line of a packet, or put it back, until leaders read it. Raises ValidationError `over`."""
    if not line.packet.is_open(at=clock.now()):
        raise ValidationError(_("The school's leaders read it now, so it stays as it is."), code="over")
    PacketLine.objects.filter(pk=line.pk).update(is_struck=is_struck)
