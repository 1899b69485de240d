"""Forms on paper: who prints a sheet and who types it in. Neither can look up an answer, or whether there is one."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from accounts import links
from accounts.models import Link
from dialogue_series.access.families import first_or_404
from dialogue_series.models import Series
from notifications import clock
from partnerships.access.spaces import Role, group_room, led, own_places
from surveys.access import who_may_answer
from surveys.models import Form, FormPerson


def open_lines(series: Series) -> list[FormPerson]:
    """List who may answer which form of a series now, by name; it is the same whoever has answered."""
    at = clock.now()
    forms = Form.objects.filter(ring=series.ring_id, closed_at=None, opened_at__lte=at, closes_at__gt=at)
    return list(who_may_answer().filter(form__in=forms).order_by("form__opened_at", "person__name", "pk"))


def sheet_from(request: HttpRequest, public: str) -> FormPerson:
    """Fetch whose sheet of which form a printed link stands for, for whoever facilitates; looked for again in the end.

    Raise links.LinkOver where she holds no such link, or nobody may answer by it any more.
    """
    if not own_places(request.person, at=clock.now()).filter(role=Role.FACILITATOR).exists():
        raise Http404
    link = links.from_request(request, job=Link.Job.PAPER, public=public)
    rings = Form.objects.filter(pk=link.about).values("ring")
    series = first_or_404(Series.objects.filter(ring__in=rings, published_at__isnull=False))
    led(group_room(request, series.group_id))
    line = lines_of(link.about, link.person_id).first()
    if line is None:
        raise links.LinkOver
    is_still_in = request.still
    request.still = lambda: is_still_in() and lines_of(link.about, link.person_id).exists()
    return line


def lines_of(form: UUID, person: UUID) -> QuerySet[FormPerson]:
    """Return somebody's line on a form's list, if she may answer now."""
    return who_may_answer().filter(form=form, person=person)
