"""What a school's leader may open: head counts and nothing else about families."""

from django.db.models import Prefetch
from django.http import Http404

from accounts.models import Membership, School
from accounts.roles import Held
from dialogue_series.models import Series, Session


def led_school(held: Held, slug: str) -> School:
    """Return the school with its published series and their evenings, for those who lead it; else raise Http404."""
    led = held.schools(Membership.Kind.LEADER, Membership.Kind.PRINCIPAL_SEAT)
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
    led = held.schools(Membership.Kind.LEADER, Membership.Kind.PRINCIPAL_SEAT)
    return School.objects.filter(pk__in=led).order_by("name").first()
