"""Meetings of families and staff: for whoever arranges them, for the families, and for those who lead the school."""

from uuid import UUID

from django.db.models import CharField, F, Func, Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import Membership, School
from partnerships.access.schools import led_school
from partnerships.access.spaces import Role, open_places
from partnerships.models import JointMeeting

Kind = Membership.Kind
# A function of the database: which sides have rated, while neither may read how.
SIDES_RATED = Func(F("pk"), function="partnerships_sides_rated", output_field=CharField())


def arranging_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for whoever facilitates there, whom no tie bars, or coordinates there."""
    led, coordinated = facilitated(request), request.held.schools(Kind.COORDINATOR)
    return first_or_404(School.objects.filter(Q(pk__in=led) | Q(pk__in=coordinated), slug=slug))


def facilitates_at(request: HttpRequest, school: School) -> bool:
    """Say whether the person facilitates at this school: she speaks for its families there."""
    return facilitated(request).filter(group__space__school=school).exists()


def meetings_of(school: School) -> list[JointMeeting]:
    """List a school's meetings, the newest first, those not published yet among them."""
    return list(JointMeeting.objects.filter(school=school).order_by("-on", "-starts_at", "pk"))


def meeting_to_arrange(request: HttpRequest, pk: UUID) -> JointMeeting:
    """Fetch a meeting of a school at which the person facilitates or coordinates; it knows `is_of_families`."""
    led, coordinated = facilitated(request), request.held.schools(Kind.COORDINATOR)
    found = whole_meetings().filter(Q(school__in=led) | Q(school__in=coordinated), pk=pk)
    meeting = first_or_404(found)
    meeting.is_of_families = facilitates_at(request, meeting.school)
    return meeting


def published_meetings(school: School) -> list[JointMeeting]:
    """List the meetings that stand, the newest first, each with what came of it."""
    return list(whole_meetings().filter(school=school, published_at__isnull=False).order_by("-on", "-starts_at", "pk"))


def meeting_of_leaders(request: HttpRequest, slug: str, pk: UUID) -> JointMeeting:
    """Fetch a meeting for those who lead the school; one not published yet waits for them to read the card."""
    return first_or_404(whole_meetings().filter(school=led_school(request, slug), pk=pk))


def whole_meetings() -> QuerySet[JointMeeting]:
    """Return meetings with their school, count, ratings and the one that each follows; each knows `sides_rated`."""
    found = JointMeeting.objects.select_related("school", "follows", "tally").prefetch_related("ratings")
    return found.annotate(sides_rated=SIDES_RATED)


def facilitated(request: HttpRequest) -> QuerySet:
    """Return the schools at which the person facilitates a group that is open to her."""
    places = open_places(at=request.held.at).filter(person=request.person, role=Role.FACILITATOR)
    return places.values("group__space__school")


def first_or_404(found: QuerySet):
    """Return the one row, or answer as if there were none."""
    one = found.first()
    if one is None:
        raise Http404
    return one
