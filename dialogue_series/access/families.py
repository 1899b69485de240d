"""What families may open. What somebody may not see does not exist for her: Http404, alike for both."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest

from accounts import links
from accounts.models import BARRING_TIE, Link, Membership, Person, School, StaffContact
from dialogue_series.models import (
    Attendance,
    Enrolment,
    Invitation,
    Rsvp,
    Series,
    Session,
    SupportRequest,
    TopicResource,
)
from notifications import clock
from notifications.models import Address
from partnerships.access.spaces import active_places, own_places
from partnerships.models import GroupMember
from surveys.models import Form, FormPerson, Wave

TAKING_PART = (Enrolment.State.JOINED, Enrolment.State.WAITING)


def barring_ties(person, school, *, at: datetime) -> QuerySet:
    """Return the ties that close a school's evenings to somebody; both may be outer references."""
    return Membership.objects.filter(
        BARRING_TIE,
        Q(until=None) | Q(until__gt=at),
        person=person,
        school=school,
        since__lte=at,
    )


def caregiver_ties(person, school, *, at: datetime) -> QuerySet:
    """Return the ties that make somebody a caregiver of a school; both may be outer references."""
    return Membership.objects.filter(
        Q(until=None) | Q(until__gt=at), person=person, school=school, kind=Membership.Kind.CAREGIVER, since__lte=at
    )


def working_at(school: School, *, at: datetime) -> Q:
    """Return what is true of people whom a tie to the school, or its staff list, keeps out."""
    own = Address.objects.filter(owners=OuterRef(OuterRef("pk"))).values("value")
    listed = StaffContact.objects.filter(school=school, value__in=own)
    return Q(Exists(barring_ties(OuterRef("pk"), school, at=at))) | Q(Exists(listed))


def works_here(person: Person, school: School, *, at: datetime) -> bool:
    """Say whether a tie to the school, or its staff list, keeps somebody out of its families' evenings."""
    return Person.objects.filter(working_at(school, at=at), pk=person.pk).exists()


def joined(series: Series, *, at: datetime) -> QuerySet:
    """Return the people who hold a place in a series, are families of its school still, and whom no tie bars."""
    return Person.objects.filter(
        Exists(caregiver_ties(OuterRef("pk"), series.school_id, at=at)),
        ~Exists(barring_ties(OuterRef("pk"), series.school_id, at=at)),
        enrolments__series=series,
        enrolments__state=Enrolment.State.JOINED,
    )


# What a sent link opens


def invitation_of(link: Link) -> Invitation:
    """Fetch the invitation that a link carries."""
    found = Invitation.objects.select_related("series__school", "person", "invited_by").filter(
        Exists(caregiver_ties(OuterRef("person"), OuterRef("series__school"), at=clock.now())),
        pk=link.about,
        person=link.person_id,
        series__published_at__isnull=False,
    )
    return first_or_404(found)


def enrolment_of(invitation: Invitation) -> Enrolment | None:
    """Fetch the place, or the place in line, that a claimed invitation gave."""
    return Enrolment.objects.filter(
        series=invitation.series_id, person=invitation.person_id, state__in=TAKING_PART
    ).first()


def place_in_line(enrolment: Enrolment) -> int:
    """Return 1 for whoever comes next when a place frees."""
    before = Enrolment.objects.filter(
        series=enrolment.series_id, state=Enrolment.State.WAITING, asked_at__lt=enrolment.asked_at
    )
    return before.count() + 1


def session_of(link: Link) -> Session:
    """Fetch the evening that an RSVP link asks about."""
    found = Session.objects.select_related("series__school").filter(pk=link.about, series__published_at__isnull=False)
    return first_or_404(found)


def answering(link: Link, session: Session) -> list[Person]:
    """List who can answer by an RSVP link: the joined people who read what arrives at its address.

    Asked as the last statement of the page that lets them choose.
    """
    return list(joined(session.series, at=clock.now()).filter(addresses=link.address).order_by("name", "pk"))


def person_answering(request: HttpRequest, link: Link, session: Session, person: UUID) -> Person:
    """Fetch the one of them who was chosen; asked anew as the request's last statement."""
    found = joined(session.series, at=clock.now()).filter(addresses=link.address, pk=person)
    request.still = lambda: joined(session.series, at=clock.now()).filter(pk=person).exists()
    return first_or_404(found)


def is_closed_to(request: HttpRequest, invitation: Invitation) -> bool:
    """Say whether the invited person works at the school; if not, this is asked anew as the last statement."""
    person, school = invitation.person, invitation.series.school
    if works_here(person, school, at=clock.now()):
        return True
    request.still = lambda: is_family(person, school, at=clock.now())
    return False


def is_family(person: Person, school: School, *, at: datetime) -> bool:
    """Say whether somebody is a caregiver of a school and does not work there."""
    found = Person.objects.filter(Exists(caregiver_ties(OuterRef("pk"), school, at=at)), pk=person.pk)
    return found.exclude(working_at(school, at=at)).exists()


def invitation_from(request: HttpRequest, public: str) -> tuple[Link, Invitation]:
    """Fetch the invitation whose link this browser holds."""
    link = links.from_request(request, job=Link.Job.INVITATION, public=public)
    return link, invitation_of(link)


def rsvp_from(request: HttpRequest, public: str) -> tuple[Link, Session]:
    """Fetch the evening whose RSVP link this browser holds."""
    link = links.from_request(request, job=Link.Job.RSVP, public=public)
    return link, session_of(link)


def series_of_flyer(code: str) -> Series:
    """Fetch the series whose flyer bears this code."""
    return first_or_404(Series.objects.select_related("school").filter(flyer_code=code, published_at__isnull=False))


# The evenings of a series


def next_session(series: Series, *, at: datetime, after: Session | None = None) -> Session | None:
    """Fetch the next evening that will be held; with `after`, the one that follows it."""
    to_come = Session.objects.select_related("series__school").filter(series=series, cancelled_at=None, begins__gt=at)
    if after is not None:
        to_come = to_come.filter(number__gt=after.number)
    return to_come.order_by("begins").first()


def as_usual(session: Session) -> Session:
    """Return an evening on the series' usual day and hour: this one, or where it was moved, one that was not."""
    if session.moves == 0:
        return session
    unmoved = Session.objects.filter(series_id=session.series_id, moves=0).order_by("number").first()
    return unmoved or session


def has_ended(series: Series, *, at: datetime) -> bool:
    """Say whether no evening is left to come or to end."""
    return not Session.objects.filter(series=series, cancelled_at=None, ends__gt=at).exists()


def rsvp_of(session: Session, person: Person) -> Rsvp | None:
    """Fetch what somebody said about an evening."""
    return Rsvp.objects.filter(session=session, person=person).first()


def help_asked(session: Session, person: Person) -> dict[str, str]:
    """Return the kinds of help that somebody asked for, each with its note."""
    return dict(SupportRequest.objects.filter(session=session, person=person).values_list("kind", "note"))


# What somebody who has signed in may open


def mine(person: Person, *, at: datetime) -> QuerySet:
    """Return the series in which somebody takes part or which she facilitates; a tie that bars goes first.

    A place counts only while its holder is a caregiver of the school. Each series knows `my_state` (joined, waiting
    or nothing) and `is_led` (she facilitates).
    """
    places = Enrolment.objects.filter(
        Exists(caregiver_ties(person, OuterRef("series__school"), at=at)),
        series=OuterRef("pk"),
        person=person,
        state__in=TAKING_PART,
    )
    led = active_places(at=at).filter(group=OuterRef("group"), person=person, role=GroupMember.Role.FACILITATOR)
    return (
        Series.objects.select_related("school")
        .annotate(my_state=Subquery(places.values("state")[:1]), is_led=Exists(led))
        .filter(
            Q(my_state__isnull=False) | Q(is_led=True),
            ~Exists(barring_ties(person, OuterRef("school"), at=at)),
            published_at__isnull=False,
        )
    )


def my_series(person: Person, pk: UUID, *, at: datetime) -> Series:
    """Fetch one of these."""
    return first_or_404(mine(person, at=at).filter(pk=pk))


def is_in_group(person: Person, series: Series, *, at: datetime) -> bool:
    """Say whether the group of a series is open to somebody already."""
    return own_places(person, at=at).filter(group=series.group_id).exists()


def evenings(series: Series, person: Person) -> list[Session]:
    """List the evenings of a series in order, each with `my_answer`, `my_mode` and `may_give_opinion`."""
    return list(seen_by(person, Session.objects.filter(series=series)).order_by("number"))


def evening(series: Series, number: int, person: Person) -> Session:
    """Fetch one of them, with the same three."""
    return first_or_404(seen_by(person, Session.objects.filter(series=series, number=number)))


def seen_by(person: Person, sessions: QuerySet) -> QuerySet:
    """Add to evenings what one person said and did about them, and whether she is on the list of the form."""
    own = {"session": OuterRef("pk"), "person": person}
    return sessions.select_related("topic", "form", "series__school").annotate(
        my_answer=Subquery(Rsvp.objects.filter(**own).values("answer")),
        my_mode=Subquery(Attendance.objects.filter(**own).values("mode")),
        may_give_opinion=on_its_list(OuterRef("form"), person),
    )


def surveys(series: Series, person: Person) -> list[Form]:
    """List the forms of a series' surveys before and after, each with `may_give_opinion`."""
    forms = Form.objects.filter(wave__ring=series.ring_id, wave__kind__in=(Wave.Kind.BEFORE, Wave.Kind.AFTER))
    return list(
        forms.annotate(may_give_opinion=on_its_list(OuterRef("pk"), person))
        .select_related("school", "wave")
        .order_by("opened_at")
    )


def on_its_list(form, person: Person) -> Exists:
    """Say whether somebody is on the list of a form."""
    return Exists(FormPerson.objects.filter(form=form, person=person))


def place_of(person: Person, series: Series) -> Enrolment:
    """Fetch somebody's place in a series, or in the line for it."""
    return first_or_404(Enrolment.objects.filter(series=series, person=person, state__in=TAKING_PART))


def resources(session: Session) -> list[TopicResource]:
    """List what is read together on an evening."""
    return list(TopicResource.objects.filter(topic=session.topic_id).order_by("number"))


# A private calendar


def feed_of(secret: UUID) -> Person:
    """Fetch whose calendar a secret address is."""
    return first_or_404(Person.objects.filter(feed_secret=secret, is_active=True).exclude(state=Person.State.LEFT))


def feed_evenings(person: Person, *, at: datetime) -> list[Session]:
    """List the evenings of somebody's calendar, across her series; whoever left or is barred has none, and 404."""
    places = mine(person, at=at).filter(Q(my_state=Enrolment.State.JOINED) | Q(is_led=True))
    found = list(
        Session.objects.select_related("series__school").filter(series__in=places.values("pk")).order_by("begins", "pk")
    )
    if not found:
        raise Http404
    return found


def first_or_404(found: QuerySet):
    """Return the one object of a query, or refuse as if there were none."""
    one = found.first()
    if one is None:
        raise Http404
    return one
