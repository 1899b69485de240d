"""Who may answer a form: somebody on its list who does not work at its school. Absent and forbidden look alike."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from accounts import links
from accounts.models import BARRING_TIE, Link, Membership, Person
from notifications import clock
from notifications.models import AddressOwner
from surveys import sealing
from surveys.models import Form, FormPerson, InboxBox, KeyRing


def by_link(request: HttpRequest, *, public: str) -> list[FormPerson]:
    """Return whoever may answer by the link that this browser holds, each with the form and its school.

    One address may be several people's. Raise links.LinkOver where nobody may. It is the last statement of a page
    that is only read; one that writes goes on to keep_looking.
    """
    held = Link.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=clock.now()),
        secret_hash=links.digest(request.COOKIES.get(links.COOKIE, "")),
        job=Link.Job.FORM,
        public=public,
    )
    owners = AddressOwner.objects.filter(address__in=held.values("address"))
    found = who_may_answer().filter(form__in=held.values("about"), person__in=owners.values("person"))
    lines = list(found.order_by("person__name", "person"))
    if not lines:
        raise links.LinkOver
    return lines


def keep_looking(request: HttpRequest, line: FormPerson) -> None:
    """Ask as the request's last statement whether she may still answer; if not, nothing of it stays."""
    request.still = lambda: who_may_answer().filter(pk=line.pk).exists()


def by_person(person: Person, *, form: UUID) -> FormPerson:
    """Return the signed-in person's line on the form's list, with the form and its school; else raise Http404."""
    line = who_may_answer().filter(form=form, person=person).first()
    if line is None:
        raise Http404
    return line


def who_may_answer() -> QuerySet[FormPerson]:
    """Return the lines of all lists, but those of who has left or, at this moment, works at the form's school."""
    at = clock.now()
    ties = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at),
        since__lte=at,
        person=OuterRef("person"),
        school=OuterRef("form__school"),
    )
    barring = ties.filter(BARRING_TIE)
    lines = FormPerson.objects.filter(
        Exists(ties.filter(kind=Membership.Kind.CAREGIVER)), ~Exists(barring), may_answer=True
    )
    return lines.select_related("form__school", "person")


def who_has_not_answered(form: Form) -> set[UUID]:
    """Return whom a second request would reach. Worker only; what it returns is shown and kept nowhere."""
    given = {bytes(key) for key in InboxBox.objects.filter(form=form).values_list("key", flat=True)}
    listed = who_may_answer().filter(form=form).values_list("person", flat=True)
    return {person for person in listed if sealing.box_key(form.ring_id, person=person, form=form.pk) not in given}


def forms_to_close(*, at: datetime) -> Iterable[UUID]:
    """Return the forms whose time is over and that are still open. Worker only."""
    return Form.objects.filter(closed_at=None, closes_at__lte=at).values_list("pk", flat=True)


def rings_without_keys() -> Iterable[UUID]:
    """Return the rings that wait for their keys. Worker only."""
    return KeyRing.objects.filter(made_at=None, destroyed_at=None).values_list("pk", flat=True)
