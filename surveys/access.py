"""Who may answer a form, and who reads and writes instruments. Absent and forbidden look alike."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from accounts import links
from accounts.models import BARRING_TIE, District, Membership, Person, School
from accounts.roles import Held
from notifications import clock
from surveys import questionnaire, sealing
from surveys.models import Form, FormPerson, InboxBox, Instrument, Item, KeyRing, Wave

WHO_ANSWERS = "SELECT * FROM surveys_who_answers(%s, %s, %s)"
FORM = ("id", "instrument_id", "ring_id", "evening_on", "opened_at", "closes_at", "closed_at")
SCHOOL = ("id", "zone", "help_name", "help_phone")
PERSON = ("id", "name", "language", "shares_phone")
KEYS_OUTLIVE_THE_RING = timedelta(days=30)


def by_link(request: HttpRequest, *, public: str) -> list[FormPerson]:
    """Return whoever may answer by the link that this browser holds, each with the form and its school.

    One address may be several people's. Raise links.LinkOver where nobody may. It is the last statement of a page
    that is only read; one that writes goes on to keep_looking.
    """
    lines = lines_of(request, public)
    if not lines:
        raise links.LinkOver
    return lines


def keep_looking(request: HttpRequest, line: FormPerson) -> None:
    """Ask as the request's last statement whether she may still answer; if not, nothing of it stays."""
    public = request.resolver_match.kwargs["public"]
    request.still = lambda: line.pk in {found.pk for found in lines_of(request, public)}


def lines_of(request: HttpRequest, public: str) -> list[FormPerson]:
    """Return the lines of a form that the link leads to: the database has planned this question beforehand."""
    secret = request.COOKIES.get(links.COOKIE, "")
    with connection.cursor() as cursor:
        cursor.execute(WHO_ANSWERS, [links.digest(secret), public, clock.now()])
        found = cursor.fetchall()
    return [line_of(row) for row in found]


def line_of(row: tuple) -> FormPerson:
    """Return a line as surveys_who_answers says it; whatever else one asked of it would be fetched."""
    line, form, school, person = row[0], row[1:8], row[8:12], row[12:]
    form = Form.from_db(connection.alias, FORM, form)
    form.school = School.from_db(connection.alias, SCHOOL, school)
    return FormPerson(pk=line, form=form, person=Person.from_db(connection.alias, PERSON, person))


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
    keys = sealing.Sealer(form.ring_id)
    return {person for person in listed if keys.box_key(person=person, form=form.pk) not in given}


def forms_to_close(*, at: datetime) -> Iterable[UUID]:
    """Return the forms whose time is over and that are still open. Worker only."""
    return Form.objects.filter(closed_at=None, closes_at__lte=at).values_list("pk", flat=True)


def forms_to_open_comments_of() -> Iterable[UUID]:
    """Return the forms that have closed and whose free lines nobody has looked at. Worker only."""
    closed = Form.objects.filter(closed_at__isnull=False, comments_opened_at=None, wave__isnull=False)
    return closed.order_by("closed_at").values_list("pk", flat=True)


def waves_to_seal() -> Iterable[UUID]:
    """Return the waves whose last form has closed. Worker only."""
    waits = Form.objects.filter(Q(closed_at=None) | Q(comments_opened_at=None), wave=OuterRef("pk"))
    ready = Wave.objects.filter(~Exists(waits), complete_at__isnull=False, sealed_at=None)
    return ready.order_by("complete_at").values_list("pk", flat=True)


def waves_to_release(*, at: datetime) -> Iterable[UUID]:
    """Return the waves whose hour has come. Worker only."""
    due = Wave.objects.filter(released_at=None, families_at__lte=at)
    return due.order_by("families_at").values_list("pk", flat=True)


def rings_to_end(*, at: datetime) -> Iterable[UUID]:
    """Return the rings that have ended long enough ago for their keys to be destroyed. Worker only."""
    return KeyRing.objects.filter(destroyed_at=None, ends_on__lt=(at - KEYS_OUTLIVE_THE_RING).date()).values_list(
        "pk", flat=True
    )


def rings_without_file() -> Iterable[UUID]:
    """Return the rings of series whose keys are gone and that have no evaluator's file yet. Worker only."""
    asked_once = Wave.objects.filter(ring=OuterRef("pk"), kind=Wave.Kind.CONSULTATION)
    ended = KeyRing.objects.filter(~Exists(asked_once), destroyed_at__isnull=False, evaluator_file=None)
    return ended.values_list("pk", flat=True)


def rings_without_keys() -> Iterable[UUID]:
    """Return the rings that wait for their keys. Worker only."""
    return KeyRing.objects.filter(made_at=None, destroyed_at=None).values_list("pk", flat=True)


# Instruments


def author_districts(held: Held) -> QuerySet[District]:
    """Return the districts for which somebody writes instruments: hers as evaluator, and those of her schools."""
    schools = School.objects.filter(pk__in=held.schools(Membership.Kind.COORDINATOR))
    found = District.objects.filter(
        Q(pk__in=held.districts(Membership.Kind.EVALUATOR)) | Q(pk__in=schools.values("district"))
    )
    return found.order_by("name", "pk")


def instruments(held: Held) -> QuerySet[Instrument]:
    """Return the instruments that somebody may read: those that come with the product, and her districts' own."""
    mine = Q(district=None) | Q(district__in=author_districts(held))
    return Instrument.objects.filter(mine, is_asked_once=False)


def published(district: UUID) -> list[Instrument]:
    """List the newest published version of each instrument that a district's schools can ask with, ours first."""
    found = Instrument.objects.filter(Q(district=None) | Q(district=district), is_asked_once=False)
    latest = {row.slug: row for row in found.filter(published_at__isnull=False).order_by("version")}
    return sorted(latest.values(), key=lambda row: (row.district_id is not None, row.title, row.slug))


def instrument_list(held: Held) -> list[Instrument]:
    """Return of each instrument its newest version, and its draft; ours first."""
    latest = {}
    for row in instruments(held).order_by("version").select_related("district"):
        latest[row.slug, row.published_at is None] = row
    return sorted(latest.values(), key=lambda row: (row.district_id is not None, row.title, row.slug, row.version))


def instrument(held: Held, key: UUID) -> Instrument:
    """Return an instrument, whole, that somebody may read."""
    return _or_404(questionnaire.whole().filter(pk__in=instruments(held)).filter(pk=key))


def draft(held: Held, key: UUID) -> Instrument:
    """Return a draft, whole and locked, that somebody may change: nobody else does meanwhile."""
    found = questionnaire.whole().filter(pk__in=instruments(held), district__isnull=False, published_at=None)
    return _or_404(found.filter(pk=key).select_for_update(of=("self",)))


def draft_item(held: Held, key: UUID, item: UUID) -> tuple[Instrument, Item]:
    """Return a draft, whole, and one of its questions."""
    whole = draft(held, key)
    found = next((one for one in whole.items.all() if one.pk == item), None)
    if found is None:
        raise Http404
    return whole, found


def author_district(held: Held, key: UUID | None = None) -> District:
    """Return the district with this key for which somebody writes, or her only one; else raise Http404."""
    found = author_districts(held)
    return _or_404(found.filter(pk=key) if key else found)


def _or_404(found: QuerySet):
    one = found.first()
    if one is None:
        raise Http404
    return one
