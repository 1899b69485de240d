"""What leaders read before a check-in: which packet to build, whom to remind, and what of it somebody may read."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest

from accounts.models import Membership
from accounts.roles import Held
from dialogue_series import schedule
from dialogue_series.access.comments import led_series
from dialogue_series.models import CheckIn, Series
from insights.models import Packet, PacketLine
from partnerships.access.schools import LEADERS
from partnerships.access.spaces import Role, Room, open_places
from surveys import results
from surveys.models import Release

# They read what is left of it at the leaders' hour.
READERS = (*LEADERS, Membership.Kind.COORDINATOR)
# What a reminder says: lines can be struck, leaders have the packet, three days are left.
TO_STRIKE, WENT, THREE_DAYS = "to_strike", "went", "three_days"
LATELY = timedelta(days=14)
# A check-in that nobody held is dated and reminded of no longer.
FORGOTTEN_AFTER = timedelta(days=30)


# Worker only


def checkins_without_packet(*, at: datetime) -> list[CheckIn]:
    """List the check-ins for which leaders have nothing to read yet."""
    waiting = CheckIn.objects.select_related("series__school").filter(packet__isnull=True)
    return list(waiting.filter(due_on__gt=(at - FORGOTTEN_AFTER).date()))


def packets_gone(*, at: datetime) -> list[UUID]:
    """List the check-ins whose packet went to leaders lately."""
    gone = Packet.objects.filter(leaders_at__lte=at, leaders_at__gt=at - LATELY)
    return list(gone.values_list("checkin", flat=True))


def reminders(*, at: datetime) -> Iterator[tuple[CheckIn, str]]:
    """Yield each check-in that was not held yet with the reminders that are due, one on a day."""
    waiting = CheckIn.objects.select_related("series__school", "packet").filter(held_on=None)
    for checkin in waiting.filter(due_on__gt=(at - FORGOTTEN_AFTER).date()):
        zone, went_on = ZoneInfo(checkin.series.school.zone), None
        if packet := getattr(checkin, "packet", None):
            went_on = packet.leaders_at.astimezone(zone).date()
            yield checkin, TO_STRIKE if packet.is_open(at=at) else WENT
        reminded_at = schedule.checkin_reminder_at(checkin.due_on, zone.key)
        if reminded_at <= at and went_on != reminded_at.astimezone(zone).date():
            yield checkin, THREE_DAYS


def facilitating(checkin: CheckIn, *, at: datetime) -> set[UUID]:
    """Return who facilitates the group, those whom a tie bars left out."""
    led = open_places(at=at).filter(group=checkin.series.group_id, role=Role.FACILITATOR)
    return set(led.values_list("person", flat=True))


def tied(checkin: CheckIn, *kinds: str, at: datetime) -> set[UUID]:
    """Return who holds one of these ties to the school."""
    ties = Membership.objects.filter(school=checkin.series.school_id, kind__in=kinds)
    return {tie.person_id for tie in ties if tie.is_active(at=at)}


# For readers


def packet_of(checkin: CheckIn) -> Packet | None:
    """Return the packet of a check-in, if it was built, without what was struck: what leaders read at their hour."""
    packet = Packet.objects.filter(checkin=checkin.pk).first()
    return packet and read(packet)


def read(packet: Packet) -> Packet:
    """Return a packet with the `results` (surveys.results.Line) and the `themes` that nobody struck."""
    left = [line for line in lines_of(packet) if not line.is_struck]
    packet.results = [line.result for line in left if line.result]
    packet.themes = [line for line in left if not line.result]
    return packet


def lines_of(packet: Packet) -> list[PacketLine]:
    """List the lines of a packet in order, each with its `result`, or None where it is a theme."""
    found = PacketLine.objects.filter(packet=packet).order_by("number")
    found = list(found.select_related("release__wave", "release__item", "release__option"))
    for line in found:
        line.result = line.release and in_words(line.release)
    return found


def in_words(release: Release) -> results.Line:
    """Return one label as every page says it."""
    window = release.wave.number
    return results.line({window: release}, [window])


def checkin_of_school(held: Held, slug: str, pk: UUID) -> CheckIn:
    """Fetch a check-in for those who lead or coordinate its school."""
    schools = held.schools(*READERS)
    checkin = CheckIn.objects.filter(series__school__in=schools, series__school__slug=slug, pk=pk).first()
    if checkin is None:
        raise Http404
    found = Series.objects.select_related("school").only("school", "ring", "name", "joined", "checkins")
    checkin.series = found.get(pk=checkin.series_id)
    return checkin


def led_packet(request: HttpRequest, series: UUID, number: int) -> tuple[Packet, Room]:
    """Fetch a packet, with its check-in and series, for whoever facilitates the group."""
    series, room = led_series(request, series)
    packet = Packet.objects.select_related("checkin").filter(checkin__series=series, checkin__after_session=number)
    packet = packet.first()
    if packet is None:
        raise Http404
    packet.checkin.series = series
    return packet, room


def line_of(packet: Packet, pk: str) -> PacketLine:
    """Fetch one of its lines."""
    found = next((line for line in lines_of(packet) if str(line.pk) == pk), None)
    if found is None:
        raise Http404
    return found
