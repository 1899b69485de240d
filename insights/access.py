"""What leaders and others outside the group may open of a series: head counts, and results once they are theirs."""

from uuid import UUID

from django.db.models import Prefetch, Q
from django.http import Http404

from accounts.models import Membership, School
from accounts.roles import Held
from dialogue_series.models import Series, Session
from insights.models import FamiliesReading

Kind = Membership.Kind
LEADERS = (Kind.LEADER, Kind.PRINCIPAL_SEAT)
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


def led_school(held: Held, slug: str) -> School:
    """Return the school with its published series and their evenings, for those who lead it; else raise Http404."""
    led = held.schools(*LEADERS)
    series = Series.objects.filter(published_at__isnull=False).order_by("-published_at", "pk")
    series = series.only("school", "name", "published_at", "joined")
    evenings = Session.objects.only("series", "number", "on", "came").order_by("number")
    school = (
        School.objects.filter(pk__in=led, slug=slug)
        .prefetch_related(
            Prefetch("series", series, to_attr="published"),
            Prefetch("published__sessions", evenings, to_attr="evenings"),
        )
        .first()
    )
    if school is None:
        raise Http404
    return school


def first_led(held: Held) -> School:
    """Return the first school, by name, that the person leads."""
    return School.objects.filter(pk__in=held.schools(*LEADERS)).order_by("name").first()


def series_read_about(held: Held, slug: str, pk: UUID) -> Series:
    """Fetch a series, and its school, for somebody outside the group who may read its results; else raise Http404."""
    mine = Q(school__in=held.schools(*READERS)) | Q(school__district__in=held.districts(Kind.EVALUATOR))
    found = Series.objects.select_related("school").only("name", "ring", "school").filter(published_at__isnull=False)
    series = found.filter(mine, pk=pk, school__slug=slug).first()
    if series is None:
        raise Http404
    return series


def reading_of(series: Series) -> FamiliesReading | None:
    """Return how the group reads its results, once it has said so."""
    return FamiliesReading.objects.filter(series=series.pk).first()
