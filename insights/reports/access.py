"""Whose report somebody may read, and which reports wait for the worker."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404

from accounts.models import Membership
from accounts.roles import Held
from dialogue_series.models import Series
from insights.access import READERS
from insights.models import FamiliesReading, Finding, Report, SharedReport
from partnerships.access.schools import LEADERS
from partnerships.models import CommitmentStep, SharedQuote
from surveys.models import Wave

Kind, State = Membership.Kind, Report.State
PAPERS = ("letter", "a4")


def series_reported(held: Held, slug: str, pk: UUID) -> Series:
    """Fetch a series for those of its school who read what its leaders read; for staff and district once it is shared.

    The series knows `is_shared`.
    """
    further = Q(school__in=held.schools(Kind.STAFF)) | Q(school__district__in=held.districts(Kind.DISTRICT_LEAD))
    found = (
        Series.objects.select_related("school")
        .only("name", "ring", "school", "published_at")
        .annotate(is_shared=Exists(SharedReport.objects.filter(series=OuterRef("pk"))))
        .filter(Q(school__in=held.schools(*READERS)) | further & Q(is_shared=True))
        .filter(published_at__isnull=False, pk=pk, school__slug=slug)
    )
    series = found.first()
    if series is None:
        raise Http404
    return series


def is_led(held: Held, series: Series) -> bool:
    """Say whether somebody leads the school of a series."""
    return series.school_id in held.schools(*LEADERS)


def series_led(held: Held, slug: str, pk: UUID) -> Series:
    """Fetch one for those who lead its school."""
    series = series_reported(held, slug, pk)
    if not is_led(held, series):
        raise Http404
    return series


def newest(series: Series) -> Report | None:
    """Return the newest version that stands, without its papers."""
    return Report.objects.filter(series=series.pk, state=State.MADE).defer(*PAPERS).order_by("-version").first()


def paper_of(series: Series, paper: str) -> Report:
    """Return the same version with the bytes of one paper; raise Http404 where none stands."""
    found = (
        Report.objects.filter(series=series.pk, state=State.MADE).only("version", paper) if paper in PAPERS else None
    )
    report = found.order_by("-version").first() if found is not None else None
    if report is None:
        raise Http404
    return report


def is_being_made(series: Series, *, at: datetime) -> bool:
    """Say whether a version waits for the worker: one that was asked for, or the first of a series that is finished."""
    last = Report.objects.filter(series=series.pk).order_by("-version").values_list("state", flat=True).first()
    if last is None:
        return finished(at=at).filter(ring=series.ring_id).exists()
    return last != State.MADE


def to_be_made_at(series: Series) -> datetime | None:
    """Return when leaders read the survey after a series, and its report is made; None while nobody knows."""
    found = Wave.objects.filter(ring=series.ring_id, kind=Wave.Kind.AFTER, leaders_at__isnull=False)
    return found.values_list("leaders_at", flat=True).first()


def finished(*, at: datetime):
    """Return the surveys after a series that leaders can read, and with them everything that a report is made of."""
    return Wave.objects.filter(kind=Wave.Kind.AFTER, released_at__isnull=False, leaders_at__lte=at)


def has_news(report: Report, series: Series, *, at: datetime) -> bool:
    """Say whether anything came out that a version does not have: results, requests, words, a reading, findings."""
    since = report.made_at
    return (
        Wave.objects.filter(ring=series.ring_id, released_at__isnull=False, leaders_at__gt=since, leaders_at__lte=at)
        .exclude(kind=Wave.Kind.CONSULTATION)
        .exists()
        or CommitmentStep.objects.filter(commitment__school=series.school_id, at__gt=since).exists()
        or FamiliesReading.objects.filter(series=series.pk, leaders_at__gt=since, leaders_at__lte=at).exists()
        or SharedQuote.objects.filter(school=series.school_id, for_public=True, shared_at__gt=since).exists()
        or Finding.objects.filter(series=series.pk, published_at__gt=since).exists()
    )


# For the worker


def due(*, at: datetime) -> list[Series]:
    """List the finished series whose report is not made yet, or was taken back and waits to be made again."""
    last = Report.objects.filter(series=OuterRef("pk")).order_by("-version").values("state")[:1]
    found = Series.objects.annotate(last=Subquery(last)).filter(
        Exists(finished(at=at).filter(ring=OuterRef("ring"))), Q(last=None) | Q(last=State.TAKEN_BACK)
    )
    return list(found)


def asked() -> list[UUID]:
    """List the versions that wait to be made."""
    return list(Report.objects.filter(state=State.ASKED).order_by("asked_at", "pk").values_list("pk", flat=True))


def shared_words(series: Series) -> list[SharedQuote]:
    """List the words that families of the school let everybody read, since the series began."""
    found = SharedQuote.objects.filter(school=series.school_id, for_public=True, shared_at__gte=series.published_at)
    return list(found.exclude(words="").order_by("shared_at", "pk"))


def findings(series: Series) -> list[Finding]:
    """List what was found out about a series and is published, with what it stands on."""
    found = Finding.objects.filter(series=series.pk, state=Finding.State.PUBLISHED).prefetch_related("sources")
    return list(found.order_by("published_at", "pk"))
