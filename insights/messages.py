"""That results and reports are out, what leaders owe, check-ins, and what waits for families. Worker only."""

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
from insights import packets, waiting
from insights.measures import window_words
from insights.models import Report
from insights.tables import rows
from notifications import clock, kinds
from notifications.models import Message
from notifications.wording import sms_day, sms_hour
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
class ResultsForFamilies(kinds.ForReaders):
    """The results of a wave, which the message is about: to each who holds a place, at the families' hour."""

    name = "results_for_families"
    hour = "families_at"
    # As whom the worker reads: a mail that goes late says nothing that is not its readers' yet.
    audience = "caregiver"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who holds a place and whom no tie bars."""
        return set(joined(series_of(said), at=at).values_list("pk", flat=True))

    def path(self, series: Series) -> str:
        """Return the page on which they read them."""
        return reverse("series_results", args=[series.pk])

    def due_at(self, intent) -> datetime:
        """Return the hour of these readers."""
        return getattr(Wave.objects.get(pk=intent.about), self.hour)

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

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who leads the school now."""
        return leaders(series_of(said).school, at=at)

    def path(self, series: Series) -> str:
        """Return the leaders' page."""
        return reverse("school_results", args=[series.school.slug, series.pk])


@kinds.register
class AnswersDue(kinds.ForReaders):
    """What a school owes its families this week: to those who lead it, by mail; `about` is the school."""

    name = "answers_due"
    channel = "email"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who leads the school, while anything is owed."""
        school = self.school(said)
        return leaders(school, at=at) if standing(school).owes else set()

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


class AboutCheckIn(kinds.ForReaders):
    """Something about a check-in with the school's leaders; `about` is the check-in."""

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return whom it concerns: whoever leads the school, every time."""
        return packets.tied(self.checkin(said), *LEADERS, at=at)

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
    """What leaders read before a check-in, at their hour, by mail."""

    name = "checkin_packet"
    channel = "email"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who leads the school, once it is theirs to read."""
        return set() if self.checkin(said).packet.is_open(at=at) else super().readers(said, at)

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

    def readers(self, said, at: datetime) -> set[UUID]:
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
            found |= super().readers(said, at)
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


@kinds.register
class ReportReady(kinds.ForReaders):
    """That a version of a series' report is there, by mail and with nothing of it; `about` is the version."""

    name = "report_ready"
    channel = "email"

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who leads the school, while the version stands."""
        report = self.report(said)
        return leaders(report.series.school, at=at) if report.state == Report.State.MADE else set()

    def useful_until(self, message: Message) -> datetime:
        """Return when it is news no more."""
        return self.report(message).made_at + USEFUL_FOR

    def context(self, message: Message) -> dict:
        """Return of which series it is, and the page."""
        report = self.report(message)
        series = report.series
        return {
            **words_of_school(series),
            "series": series.name,
            "version": report.version,
            "button_url": settings.BASE_URL + reverse("school_report", args=[series.school.slug, series.pk]),
            "button_label": _("See the report"),
        }

    def report(self, said) -> Report:
        """Fetch the version, without what is in it."""
        return Report.objects.select_related("series__school").defer("content", "letter", "a4").get(pk=said.about)


@kinds.register
class WordsWait(kinds.ForReaders):
    """That a theme, or a line of a talk, leaves the group unless somebody keeps it: to each who may.

    No word of it stands in the message; `about` is the theme or the line.
    """

    name = "words_wait"
    # Whoever coordinates is not to learn of it before the school does.
    secret_recipients = True

    def readers(self, said, at: datetime) -> set[UUID]:
        """Return who may keep it; nobody once somebody did, it was taken back or its time is over."""
        words = waiting.found(said.about, at=at)
        return words.people(at=at) if words else set()

    def useful_until(self, message: Message) -> datetime:
        """Return until when it can be kept."""
        words = waiting.found(message.about, at=clock.now())
        return words.until if words else clock.now()

    def context(self, message: Message) -> dict:
        """Return until when it can be kept, and where."""
        words = waiting.found(message.about, at=clock.now())
        until = words.until.astimezone(ZoneInfo(words.series.school.zone))
        return {
            **words_of_school(words.series),
            "until": until,
            # Within 72 hours the weekday says enough.
            "sms_day": sms_day(until.date(), message.address.language).split()[0],
            "sms_hour": sms_hour(until.time()),
            "button_url": settings.BASE_URL + words.path,
            "button_label": _("Read it"),
        }
