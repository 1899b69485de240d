"""That results are out, families first, leaders two days later; and what leaders owe families. Worker only."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, School
from dialogue_series.access.families import joined
from dialogue_series.message_words import words_of_school
from dialogue_series.models import Series
from insights.tables import rows
from notifications import clock, kinds
from notifications.models import Message
from partnerships.access.commitments import LEADERS, standing
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
        return {
            **words_of_school(series),
            "series": series.name,
            "rows": list(rows(results.of_ring(series.ring_id), series.checkins)),
            "button_url": settings.BASE_URL + self.path(series),
            "button_label": _("See the results"),
        }


@kinds.register
class ResultsForLeaders(ResultsForFamilies):
    """The same to each who leads the school, 48 hours later."""

    name = "results_for_leaders"
    channel = "email"
    hour = "leaders_at"

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
