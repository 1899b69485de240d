"""A school, for its families in a group or not, for whoever facilitates one there, and for those who lead it."""

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest

from accounts.models import Membership, School
from notifications import clock
from partnerships.access.spaces import Role, own_places

Kind = Membership.Kind
LEADERS = (Kind.LEADER, Kind.PRINCIPAL_SEAT)


def families_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for its families whom no tie bars, and for whoever facilitates there; else raise Http404.

    The school knows `is_led`: she acts as the one who facilitates here.
    """
    places = own_places(request.person, at=clock.now()).filter(
        role=Role.FACILITATOR, group__space__school=OuterRef("pk")
    )
    mine = [key for key in request.held.schools(Kind.CAREGIVER) if not request.held.bars(key)]
    school = (
        School.objects.annotate(is_facilitated=Exists(places))
        .filter(Q(is_facilitated=True) | Q(pk__in=mine), slug=slug)
        .first()
    )
    if school is None:
        raise Http404
    school.is_led = school.is_facilitated and request.audience == "facilitator"
    return school


def facilitated_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for whoever facilitates a group of it; else raise Http404."""
    school = families_school(request, slug)
    if not school.is_led:
        raise Http404
    return school


def led_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for those who lead it; else raise Http404."""
    school = School.objects.filter(slug=slug, pk__in=request.held.schools(*LEADERS)).first()
    if school is None:
        raise Http404
    return school
