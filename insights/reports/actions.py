"""A version of a report: asked for, made by the worker, frozen; and shared further by who leads the school."""

import logging
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.database import acting
from dialogue_series.models import Series
from insights.models import Report, SharedReport
from insights.reports import access
from insights.reports.content import content_of
from insights.reports.setting import typeset
from notifications import clock, outbox, wake

log = logging.getLogger(__name__)

MAKE = "insights.tasks.make_reports"
State = Report.State


@transaction.atomic
def ask(*, series: Series) -> Report:
    """Ask the worker for a version with what came out since the last one; asked twice, it makes one.

    Raises ValidationError `nothing_new` where there is nothing.
    """
    report, at = access.newest(series), clock.now()
    if not access.is_being_made(series, at=at) and not (report and access.has_news(report, series, at=at)):
        raise ValidationError(_("Nothing new has come out since this version."), code="nothing_new")
    wake.after_commit(MAKE)
    return begin(series)


def begin(series):
    """Put the next version in line, unless one is there."""
    last = Report.objects.filter(series=series.pk).defer(*access.PAPERS).order_by("-version").first()
    if last and last.state == State.ASKED:
        return last
    version = last.version + 1 if last else 1
    return Report.objects.get_or_create(series_id=series.pk, version=version, defaults={"asked_at": clock.now()})[0]


def make_waiting() -> None:
    """Make every version that is due or was asked for; one that fails stays, and keeps no other. Worker only."""
    for series in access.due(at=clock.now()):
        with transaction.atomic():
            begin(series)
    for pk in access.asked():
        try:
            make(report=pk)
        except Exception as error:  # noqa: BLE001
            log.error("report %s could not be made: %s", pk, type(error).__name__)


@transaction.atomic
def make(*, report: UUID) -> None:
    """Lay out, set and freeze one version, and tell leaders; run again, or stopped midway, it is one. Worker only."""
    row = Report.objects.select_for_update(of=("self",)).select_related("series__school").get(pk=report)
    if row.state != State.ASKED:
        return
    # Whoever takes words back waits for this lock, and then finds the report they are in (migrations/0004_reports).
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reports {row.series.school_id}"])
    row.made_at = clock.now()
    words, findings = access.shared_words(row.series), access.findings(row.series)
    # As a leader's page would: the database keeps back what leaders may not read yet.
    with acting("leader"):
        row.content = content_of(
            row.series,
            words,
            findings,
            version=row.version,
            on=row.made_at.astimezone(ZoneInfo(row.series.school.zone)).date(),
        )
    row.quotes, row.findings = [quote.pk for quote in words], [finding.pk for finding in findings]
    row.letter, row.a4 = (typeset(row.content, paper) for paper in access.PAPERS)
    row.state = State.MADE
    row.save(update_fields=["state", "made_at", "content", "quotes", "findings", *access.PAPERS])
    # One that is made in the place of what was taken back says nothing new.
    if not Report.objects.filter(series=row.series_id, version=row.version - 1, state=State.TAKEN_BACK).exists():
        outbox.post(kind="report_ready", about=row.pk)


@transaction.atomic
def share(*, series: Series) -> SharedReport:
    """Let the school's staff and its district read the report, in whatever version stands.

    Raises ValidationError `not_made` where there is none.
    """
    if access.newest(series) is None:
        raise ValidationError(_("There is no report to share yet."), code="not_made")
    return SharedReport.objects.get_or_create(series_id=series.pk, defaults={"shared_at": clock.now()})[0]


@transaction.atomic
def keep(*, series: Series) -> None:
    """Share it no further."""
    SharedReport.objects.filter(series=series.pk).delete()
