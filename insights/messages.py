"""That results are out, families first, leaders two days later; what leaders owe, and check-ins. Worker only."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.database import acting
from accounts.models import Membership, School
from dialogue_series.access.families import joined
from dialogue_series.message_words import words_of_school
from dialogue_series.models import CheckIn, Series
from dialogue_series.schedule import checkin_reminder_at, instant
from insights import packets
from insights.measures import window_words
from insights.tables import rows
from notifications import clock, kinds
from notifications.models import Message
from partnerships.access.commitments import standing
from partnerships.access.schools import LEADERS
from surveys import results
from surveys.models import Wave

USEFUL_FOR, A_WEEK = timedelta(days=14), timedelta(days=7)


def leaders(school: School, *, at: datetime) -> set[UUID]:
    """Return who leads a school at this instant."""
    ties = Membership.objects.filter(school=school, kind__in=LEADERS)
    return {tie.person_id for tie in ties if tie.is_active(at=at)}


def series_of(said) -> Series:
    """Fetch the series of the wave that an intent or a message is about."""
    return Series.objects.select_related("school").get(ring__waves=said.about)


@kinds.register
class ResultsForFamilies(kinds.Kind):
    """The results of a wave, which the message is about: to each who holds a place, at the families' hour."""

    name = "results_for_families"
    hour = "families_at"
    # As whom the worker reads: a mail that goes late says nothing that is not its readers' yet.
    audience = "caregiver"

    def readers(self, series: Series, at: datetime) -> set[UUID]:
        """Return who holds a place and whom no tie bars."""
        return set(joined(series, at=at).values_list("pk", flat=True))

    def path(self, series: Series) -> str:
        """Return the page on which they read them."""
        return reverse("series_results", args=[series.pk])

    def recipients(self, intent) -> set[UUID]:
        """Return who is told."""
        return self.readers(series_of(intent), clock.now())

    def due_at(self, intent) -> datetime:
        """Return the hour of these readers."""
        return getattr(Wave.objects.get(pk=intent.about), self.hour)

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether the person may still read them."""
        return person_id in self.readers(series_of(message), at)

    def useful_until(self, message: Message) -> datetime:
        """Return when they are news no more."""
        return self.due_at(message) + USEFUL_FOR

    def context(self, message: Message) -> dict:
        """Return the same words as the page has."""
        series = series_of(message)
        with acting(self.audience):
            found = results.of_ring(series.ring_id)
        return {
            **words_of_school(series),
            "series": series.name,
            "rows": list(rows(found, series.checkins)),
            "button_url": settings.BASE_URL + self.path(series),
            "button_label": _("See the results"),
        }


@kinds.register
class ResultsForLeaders(ResultsForFamilies):
    """The same to each who leads the school, 48 hours later."""

    name = "results_for_leaders"
    channel = "email"
    hour = "leaders_at"
    audience = "leader"

    def readers(self, series: Series, at: datetime) -> set[UUID]:
        """Return who leads the school now."""
        return leaders(series.school, at=at)

    def path(self, series: Series) -> str:
        """Return the leaders' page."""
        return reverse("school_results", args=[series.school.slug, series.pk])


@kinds.register
class AnswersDue(kinds.Kind):
    """What a school owes its families this week: to those who lead it, by mail; `about` is the school."""

    name = "answers_due"
    channel = "email"

    def recipients(self, intent) -> set[UUID]:
        """Return who leads the school now."""
        return leaders(self.school(intent), at=clock.now())

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether anything is still owed, and the person still leads."""
        school = self.school(message)
        return standing(school).owes and person_id in leaders(school, at=at)

    def useful_until(self, message: Message) -> datetime:
        """Return when the next one would come."""
        return message.due_at + A_WEEK

    def context(self, message: Message) -> dict:
        """Return how much is late and how much is due, and on which day where it is one."""
        school = self.school(message)
        owed = standing(school)
        return {
            "school": school.name,
            "late": owed.late,
            "due": len(owed.due_soon),
            "all": owed.late + len(owed.due_soon),
            "due_on": owed.due_soon[0] if len(owed.due_soon) == 1 else None,
            "button_url": settings.BASE_URL + reverse("commitments", args=[school.slug]),
            "button_label": _("Answer families"),
        }

    def school(self, said) -> School:
        """Fetch it."""
        return School.objects.get(pk=said.about)


class AboutCheckIn(kinds.Kind):
    """Something about a check-in with the school's leaders, by mail; `about` is the check-in."""

    channel = "email"

    def people(self, said, *, at: datetime) -> set[UUID]:
        """Return whom it concerns: whoever leads the school, every time."""
        return packets.tied(self.checkin(said), *LEADERS, at=at)

    def recipients(self, intent) -> set[UUID]:
        """Return who is told."""
        return self.people(intent, at=clock.now())

    def still_wanted(self, message: Message, person_id: UUID | None, at: datetime) -> bool:
        """Say whether it still concerns the person."""
        return person_id in self.people(message, at=at)

    def context(self, message: Message) -> dict:
        """Return after which session it is and until when, and the page of whoever reads this."""
        checkin = self.checkin(message)
        school, leading = checkin.series.school, packets.tied(checkin, *LEADERS, at=clock.now())
        where = reverse("checkin_log", args=[checkin.series_id, checkin.after_session])
        if leading.issuperset(message.wanted_by):
            where = reverse("checkin_page", args=[school.slug, checkin.pk])
        return {
            **words_of_school(checkin.series),
            "number": checkin.after_session,
            "due_on": checkin.due_on,
            "button_url": settings.BASE_URL + where,
            "button_label": _("Open the check-in"),
        }

    def checkin(self, said) -> CheckIn:
        """Fetch it."""
        return CheckIn.objects.select_related("series__school", "packet").get(pk=said.about)


@kinds.register
class CheckInPacket(AboutCheckIn):
    """What leaders read before a check-in, at their hour."""

    name = "checkin_packet"

    def people(self, said, *, at: datetime) -> set[UUID]:
        """Return who leads the school, once it is theirs to read."""
        return set() if self.checkin(said).packet.is_open(at=at) else super().people(said, at=at)

    def useful_until(self, message: Message) -> datetime:
        """Return when it is news no more."""
        return self.checkin(message).packet.leaders_at + USEFUL_FOR

    def context(self, message: Message) -> dict:
        """Return the same words as the page has."""
        checkin = self.checkin(message)
        return {
            **super().context(message),
            "packet": packets.read(checkin.packet),
            "is_held": checkin.held_on is not None,
            "when": window_words(checkin.series.window_of(checkin.after_session), checkin.series.checkins),
        }


@kinds.register
class CheckInDue(AboutCheckIn):
    """To those who must come, until it was held; the occurrence says which of three reminders it is.

    Leaders have the packet itself when it goes; whoever facilitates is first asked to look it through.
    """

    name = "checkin_due"

    def people(self, said, *, at: datetime) -> set[UUID]:
        """Return who must come and is reminded of it this time; nobody where it was held, or is due later by now."""
        checkin = self.checkin(said)
        packet = getattr(checkin, "packet", None)
        stands = {
            packets.TO_STRIKE: packet and packet.is_open(at=at),
            packets.WENT: packet and not packet.is_open(at=at),
            packets.THREE_DAYS: checkin_reminder_at(checkin.due_on, checkin.series.school.zone) <= at,
        }
        if checkin.held_on or not stands[said.occurrence]:
            return set()
        found = packets.facilitating(checkin, at=at)
        if said.occurrence != packets.TO_STRIKE:
            found |= packets.tied(checkin, Membership.Kind.COORDINATOR, at=at)
        if said.occurrence == packets.THREE_DAYS:
            found |= super().people(said, at=at)
        return found

    def useful_until(self, message: Message) -> datetime:
        """Return the end of the last day, or of the time to strike lines."""
        checkin = self.checkin(message)
        if message.occurrence == packets.TO_STRIKE:
            return checkin.packet.leaders_at
        return instant(checkin.due_on + timedelta(days=1), time(0), checkin.series.school.zone)

    def context(self, message: Message) -> dict:
        """Return which of the reminders it is, and until when lines can be struck."""
        checkin = self.checkin(message)
        said = {**super().context(message), "occurrence": message.occurrence}
        if message.occurrence == packets.TO_STRIKE:
            where = reverse("packet_review", args=[checkin.series_id, checkin.after_session])
            said |= {
                "until": checkin.packet.leaders_at.astimezone(ZoneInfo(checkin.series.school.zone)),
                "button_url": settings.BASE_URL + where,
                "button_label": _("Look it through"),
            }
        return said
