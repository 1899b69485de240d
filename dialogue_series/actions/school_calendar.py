"""Keeping the days on which a school is closed, and the last day of its year."""

from datetime import date, timedelta

from django.db import transaction

from accounts.models import School
from dialogue_series.models import NoSchoolDay, SchoolYear


@transaction.atomic
def add_no_school_days(*, school: School, days: dict[date, str]) -> int:
    """Add these days with their reasons, and return how many there are; a day already listed keeps its reason."""
    NoSchoolDay.objects.bulk_create(
        (NoSchoolDay(school=school, on=on, reason=reason) for on, reason in sorted(days.items())),
        ignore_conflicts=True,
    )
    return len(days)


def days_of(first_on: date, last_on: date) -> list[date]:
    """List each day from the first to the last, both included; weekends too, for groups that meet on one."""
    return [first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1)]


@transaction.atomic
def remove_no_school_days(*, school: School, first_on: date, last_on: date) -> None:
    """Take these days off the list, both ends included: there is school after all."""
    NoSchoolDay.objects.filter(school=school, on__range=(first_on, last_on)).delete()


@transaction.atomic
def set_last_day(*, school: School, on: date) -> SchoolYear:
    """Say until when the school's year runs."""
    return SchoolYear.objects.update_or_create(school=school, defaults={"last_day_on": on})[0]
