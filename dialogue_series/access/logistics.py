"""What coordinators and facilitators may open of a series. What somebody may not see does not exist for her."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest

from accounts.access import listed_as_staff
from accounts.models import Membership, Person, School
from accounts.roles import Held
from dialogue_series.access.families import TAKING_PART, barring_ties, first_or_404, joined
from dialogue_series.models import (
    Attendance,
    Enrolment,
    Invitation,
    JoinRequest,
    NoSchoolDay,
    Rsvp,
    RunSheetPart,
    SchoolYear,
    Series,
    Session,
    SupportRequest,
)
from notifications import clock
from notifications.models import Address, Message
from partnerships.access.spaces import active_places
from partnerships.models import GroupMember
from surveys.models import Form

LATELY = timedelta(days=7)
DID_NOT_ARRIVE = (Message.State.DEAD, Message.State.UNKNOWN)


def coordinated(held: Held) -> set:
    """Return the keys of the schools whose evenings somebody coordinates."""
    return held.schools(Membership.Kind.COORDINATOR)


# The school's days


def local_day(school: School) -> date:
    """Return what day it is at a school."""
    return clock.now().astimezone(ZoneInfo(school.zone)).date()


def no_school_of(school: School) -> dict[date, str]:
    """Return the days on which a school is closed, each with its reason."""
    return dict(NoSchoolDay.objects.filter(school=school).order_by("on").values_list("on", "reason"))


def no_school_days(school: School) -> list[NoSchoolDay]:
    """List the days on which a school is closed, from today on."""
    return list(NoSchoolDay.objects.filter(school=school, on__gte=local_day(school)).order_by("on"))


def no_school_day(school: School, pk: UUID) -> NoSchoolDay:
    """Fetch one of a school's closed days."""
    return first_or_404(NoSchoolDay.objects.filter(school=school, pk=pk))


def last_day_of(school: School) -> date | None:
    """Return the last day of a school's year, once somebody has said it; that of a year gone by counts no more."""
    on = SchoolYear.objects.filter(school=school).values_list("last_day_on", flat=True).first()
    return on if on is not None and on >= local_day(school) else None


# Series and evenings


def my_series(held: Held) -> QuerySet:
    """Return the series of the schools that somebody coordinates."""
    return Series.objects.select_related("school").filter(school__in=coordinated(held))


def series_list(held: Held) -> list[Series]:
    """List them, newest first, each with `next_on` and `next_number` of its next evening."""
    to_come = Session.objects.filter(series=OuterRef("pk"), cancelled_at=None, ends__gt=held.at).order_by("begins")
    found = my_series(held).annotate(
        next_on=Subquery(to_come.values("on")[:1]), next_number=Subquery(to_come.values("number")[:1])
    )
    return list(found.order_by("-published_at", "pk"))


def one_series(held: Held, pk: UUID) -> Series:
    """Fetch one of them."""
    return first_or_404(my_series(held).filter(pk=pk))


def facilitators(series: Series) -> list[Person]:
    """List who facilitates a series, by the name that each chose."""
    led = active_places(at=clock.now()).filter(
        group=series.group_id, person=OuterRef("pk"), role=GroupMember.Role.FACILITATOR
    )
    return list(Person.objects.filter(Exists(led)).order_by("name", "pk"))


def evenings_with_counts(series: Series) -> list[Session]:
    """List the evenings of a series with `coming`, how many have said that they come."""
    coming = Count("rsvps", filter=Q(rsvps__answer__in=[Rsvp.Answer.IN_PERSON, Rsvp.Answer.VIDEO]))
    found = Session.objects.select_related("topic", "form").filter(series=series)
    return list(found.annotate(coming=coming).order_by("number"))


def first_session(series: Series) -> Session:
    """Fetch the first evening of a series."""
    return first_or_404(Session.objects.filter(series=series).order_by("number"))


def one_session(held: Held, series: UUID, number: int) -> Session:
    """Fetch an evening of a series of somebody's schools."""
    found = Session.objects.select_related("series__school", "series__ring", "topic", "form")
    return first_or_404(found.filter(series=series, number=number, series__school__in=coordinated(held)))


def session_to_hold(request: HttpRequest, series: UUID, number: int) -> Session:
    """Fetch an evening for whoever holds it: who facilitates it, or coordinates it at its school.

    A tie that bars closes it to a facilitator; a coordinator whom the school pays still has its logistics.
    """
    led = active_places(at=request.held.at).filter(
        group=OuterRef("series__group"), person=request.person, role=GroupMember.Role.FACILITATOR
    )
    barred = barring_ties(request.person, OuterRef("series__school"), at=request.held.at)
    found = Session.objects.select_related("series__school", "topic").filter(
        Q(Exists(led) & ~Exists(barred)) | Q(series__school__in=coordinated(request.held)),
        series=series,
        number=number,
        series__published_at__isnull=False,
    )
    return first_or_404(found)


def next_session(held: Held) -> Session | None:
    """Fetch the evening that comes next at somebody's schools, or that is being held."""
    found = Session.objects.select_related("series__school", "topic").filter(
        series__school__in=coordinated(held), cancelled_at=None, ends__gt=held.at
    )
    return found.order_by("begins").first()


def others_of(session: Session) -> dict[int, date]:
    """Return the days of the evenings of a series that are held, by number."""
    return dict(
        Session.objects.filter(series=session.series_id, cancelled_at=None)
        .exclude(pk=session.pk)
        .values_list("number", "on")
    )


# Who comes, and what helps


def people_of(session: Session) -> list[Person]:
    """List who holds a place, by name, each with her `answer` about an evening."""
    said = Rsvp.objects.filter(session=session, person=OuterRef("pk"))
    found = joined(session.series, at=clock.now()).annotate(answer=Subquery(said.values("answer")))
    return list(found.order_by("name", "pk"))


def member(session: Session, pk: UUID) -> Person:
    """Fetch somebody who holds a place in the series of an evening."""
    return first_or_404(joined(session.series, at=clock.now()).filter(pk=pk))


def help_asked(session: Session) -> list[dict]:
    """List the kinds of help asked for: kind, total, how many are arranged, and for whom with what note."""
    asked = list(
        SupportRequest.objects.select_related("person").filter(session=session).order_by("person__name", "person_id")
    )
    totals = Counter(one.kind for one in asked)
    arranged = Counter(one.kind for one in asked if one.arranged_at)
    return [
        {
            "kind": kind,
            "total": totals[kind],
            "is_arranged": arranged[kind] == totals[kind],
            "people": [{"name": one.person.name, "note": one.note} for one in asked if one.kind == kind],
        }
        for kind in Series.Help.values
        if kind in totals
    ]


def reminded(session: Session) -> set[UUID]:
    """Return the keys of those who were sent a reminder of an evening by hand."""
    sent = Message.objects.filter(kind="session_reminder", about=session.pk, occurrence__startswith="by_hand")
    return set(sent.values_list("people", flat=True))


def unmarked(held: Held) -> list[Session]:
    """List the evenings that are over and whose attendance nobody has saved."""
    found = Session.objects.select_related("series").filter(
        series__school__in=coordinated(held), cancelled_at=None, ends__lte=held.at, came=None
    )
    return list(found.order_by("begins"))


def attending(session: Session) -> list[Person]:
    """List whom an attendance sheet names: who holds a place or was marked; each with `mode` and `answer`."""
    marks = Attendance.objects.filter(session=session, person=OuterRef("pk"))
    said = Rsvp.objects.filter(session=session, person=OuterRef("pk"))
    members = joined(session.series, at=clock.now()).values("pk")
    found = Person.objects.annotate(mode=Subquery(marks.values("mode")), answer=Subquery(said.values("answer")))
    return list(found.filter(Q(pk__in=members) | Q(mode__isnull=False)).order_by("name", "pk"))


def run_sheet(session: Session) -> list[RunSheetPart]:
    """List the four parts of an evening."""
    return list(RunSheetPart.objects.filter(topic=session.topic_id).order_by("number"))


# Families


def invitations(series: Series) -> list[Invitation]:
    """List who was invited to a series, by name, each with `place` (joined, waiting, left or nothing)."""
    places = Enrolment.objects.filter(series=series, person=OuterRef("person"))
    found = Invitation.objects.select_related("person").prefetch_related("person__addresses").filter(series=series)
    return list(found.annotate(place=Subquery(places.values("state"))).order_by("person__name", "pk"))


def invitation(held: Held, pk: UUID) -> Invitation:
    """Fetch an invitation to a series of somebody's schools."""
    found = Invitation.objects.select_related("person", "series__school")
    return first_or_404(found.filter(pk=pk, series__school__in=coordinated(held)))


def staff_addresses(school: School) -> set[str]:
    """Return the phones and e-mails that somebody who works at a school reads: by its staff list, or by a tie."""
    barred = barring_ties(OuterRef("owners"), school.pk, at=clock.now())
    return listed_as_staff(school) | set(Address.objects.filter(Exists(barred)).values_list("value", flat=True))


def addresses_in(series: Series) -> set[str]:
    """Return the phones and e-mails of everybody who was invited to a series or takes part in it."""
    people = Q(owners__invitations__series=series) | Q(
        owners__enrolments__series=series, owners__enrolments__state__in=TAKING_PART
    )
    return set(Address.objects.filter(people).values_list("value", flat=True))


def may_facilitate(school: School) -> list[Person]:
    """List the caregivers of a school whom no tie bars: those who may lead families."""
    at = clock.now()
    caregiver = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at), person=OuterRef("pk"), school=school, kind="caregiver", since__lte=at
    )
    barred = barring_ties(OuterRef("pk"), school.pk, at=at)
    return list(Person.objects.filter(Exists(caregiver), ~Exists(barred)).order_by("name", "pk"))


def family(held: Held, pk: UUID) -> tuple[Person, School]:
    """Fetch a caregiver, or somebody who came along, of one of somebody's schools, and that school."""
    tie = Membership.objects.filter(person=pk, kind=Membership.Kind.CAREGIVER, school__in=coordinated(held))
    mark = Attendance.objects.filter(person=pk, session__series__school__in=coordinated(held))
    where = (
        tie.values_list("school", flat=True).first() or mark.values_list("session__series__school", flat=True).first()
    )
    if where is None:
        raise Http404
    person = first_or_404(Person.objects.prefetch_related("addresses").filter(pk=pk))
    return person, School.objects.get(pk=where)


def history(person: Person, school: School) -> list[Session]:
    """List the evenings about which somebody has answered or was marked, each with `answer` and `mode`."""
    own = {"session": OuterRef("pk"), "person": person}
    found = Session.objects.select_related("series", "topic").annotate(
        answer=Subquery(Rsvp.objects.filter(**own).values("answer")),
        mode=Subquery(Attendance.objects.filter(**own).values("mode")),
    )
    told = Q(answer__isnull=False) | Q(mode__isnull=False)
    return list(found.filter(told, series__school=school).order_by("-begins"))


def help_of(person: Person, school: School) -> list[str]:
    """List the kinds of help that somebody has asked for at a school, once each."""
    asked = SupportRequest.objects.filter(person=person, session__series__school=school)
    return list(asked.order_by("kind").values_list("kind", flat=True).distinct())


def invitations_of(person: Person, held: Held) -> list[Invitation]:
    """List somebody's invitations to the series of one's schools."""
    found = Invitation.objects.select_related("series").filter(person=person, series__school__in=coordinated(held))
    return list(found.order_by("-invited_at"))


def join_requests(held: Held) -> list[JoinRequest]:
    """List who asks to join from a flyer, longest waiting first."""
    found = JoinRequest.objects.select_related("series").filter(
        series__school__in=coordinated(held), state=JoinRequest.State.OPEN
    )
    return list(found.order_by("asked_at"))


def join_request(held: Held, pk: UUID) -> JoinRequest:
    """Fetch one of them, answered or not."""
    found = JoinRequest.objects.select_related("series__school")
    return first_or_404(found.filter(pk=pk, series__school__in=coordinated(held)))


# Messages


def messages_about(series) -> QuerySet:
    """Return what was written about a series (or an outer reference to one).

    Who got a second request for an answer is never among it; the database keeps those from this audience too.
    """
    about = Q()
    of_series = {Session: "series", Invitation: "series", Enrolment: "series", Form: "ring__series"}
    for model, path in of_series.items():
        about |= Q(about__in=model.objects.filter(**{path: series}).values("pk"))
    return Message.objects.filter(about, secret=False)


def messages_of(series: Series) -> list[Message]:
    """List the messages of a series, latest first, with the people each is for."""
    return list(messages_about(series.pk).prefetch_related("people").order_by("-due_at", "kind", "pk"))


def invitations_sent(series: Series) -> dict[UUID, str]:
    """Return how far the newest message of each invitation to a series has come, by the invitation's key."""
    about = Invitation.objects.filter(series=series).values("pk")
    sent = Message.objects.filter(kind="invitation", about__in=about)
    return dict(sent.order_by("due_at").values_list("about", "state"))


def what_about(series: Series) -> dict[UUID, int]:
    """Return the number of the evening that each key of a series' evenings stands for."""
    return dict(Session.objects.filter(series=series).values_list("pk", "number"))


def with_lost_messages(held: Held) -> list[Series]:
    """List the series of somebody's schools some of whose messages have lately not arrived."""
    lost = messages_about(OuterRef(OuterRef("pk"))).filter(state__in=DID_NOT_ARRIVE, settled_at__gt=held.at - LATELY)
    return list(my_series(held).filter(Exists(lost)).order_by("name"))
