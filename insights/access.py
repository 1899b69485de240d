"""What leaders and others outside the group may open of a series: head counts, and results once they are theirs."""

from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts.models import Membership, School
from accounts.roles import Held
from dialogue_series.models import CheckIn, Series, Session
from insights.models import FamiliesReading, HelpShown
from partnerships.access.schools import LEADERS
from surveys.models import Wave

Kind = Membership.Kind
# Whoever sits on the school's board, or coordinates here, reads what its leaders read of results.
READERS = (
    *LEADERS,
    Kind.COORDINATOR,
    Kind.PARENT_SEAT,
    Kind.COMMUNITY_SEAT,
    Kind.TEACHER_SEAT,
    Kind.STAFF_SEAT,
    Kind.STUDENT_SEAT,
)


def published(school: School) -> list[Series]:
    """List a school's series, the newest first, in one statement.

    Each knows its `evenings` (number, day, head count), its `help` as last frozen, how its families read it, and its
    conversations with leaders (after which evening, when held or due).
    """
    evenings = Session.objects.filter(series=OuterRef("pk")).order_by("number")
    helped = HelpShown.objects.filter(series=OuterRef("pk")).order_by("-window")
    readings = FamiliesReading.objects.filter(series=OuterRef("pk"))
    talks = CheckIn.objects.filter(series=OuterRef("pk")).order_by("after_session")
    found = Series.objects.filter(school=school, published_at__isnull=False).annotate(
        evenings=ArraySubquery(evenings.values(said=JSONObject(number="number", on="on", count="came"))),
        help=ArraySubquery(helped.values("arranged")[:1]),
        leader_talks=ArraySubquery(
            talks.values(said=JSONObject(pk="pk", after="after_session", due_on="due_on", held_on="held_on"))
        ),
        readings=ArraySubquery(readings.values(said=JSONObject(text="text", language="language"))),
    )
    return list(
        found.only("school", "ring", "name", "published_at", "joined", "checkins").order_by("-published_at", "pk")
    )


def schools_worked_at(held: Held) -> list[School]:
    """List the schools where somebody works, by name; each knows the series whose `reports` its leader shares."""
    shared = Series.objects.filter(shared_report__isnull=False, published_at__isnull=False).only("name", "school")
    reports = Prefetch("series", shared.order_by("-published_at", "pk"), to_attr="reports")
    return list(School.objects.filter(pk__in=held.schools(Kind.STAFF)).order_by("name").prefetch_related(reports))


def first_led(held: Held) -> School:
    """Return the first school, by name, that the person leads."""
    return School.objects.filter(pk__in=held.schools(*LEADERS)).order_by("name").first()


def series_read_about(held: Held, slug: str, pk: UUID) -> Series:
    """Fetch a series, and its school, for somebody outside the group who may read its results; else raise Http404."""
    mine = Q(school__in=held.schools(*READERS)) | Q(school__district__in=held.districts(Kind.EVALUATOR))
    found = (
        Series.objects.select_related("school")
        .only("name", "ring", "school", "checkins")
        .filter(published_at__isnull=False)
    )
    series = found.filter(mine, pk=pk, school__slug=slug).first()
    if series is None:
        raise Http404
    return series


def windows_without_help(*, at: datetime) -> list[Wave]:
    """List the windows that leaders can read and beside which no help asked for is written yet. Worker only."""
    frozen = HelpShown.objects.filter(series__ring=OuterRef("ring"), window=OuterRef("number"))
    released = Wave.objects.filter(kind=Wave.Kind.WINDOW, released_at__isnull=False, leaders_at__lte=at)
    return list(released.filter(~Exists(frozen), ring__series__isnull=False).select_related("ring__series"))


def reading_of(series: Series) -> FamiliesReading | None:
    """Return how the group reads its results, once it has said so."""
    return FamiliesReading.objects.filter(series=series.pk).first()
