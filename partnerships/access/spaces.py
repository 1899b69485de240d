"""Who gets into a school's space and its groups: members whom no tie bars, at the moment of the request."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.models import BARRING_TIE, Membership, Person, School
from notifications import clock
from partnerships.models import CaregiverSpace, Group, GroupMember

Role = GroupMember.Role
Kind = Membership.Kind


class Room(NamedTuple):
    """Where somebody is who got in: a group, or the whole space of its school where no group is named."""

    space: CaregiverSpace
    group: Group | None
    person: Person
    is_led: bool

    @property
    def school(self) -> School:
        """Return the school whose families these are."""
        return self.space.school

    @property
    def kind(self) -> str:
        """Return the first word of the names of its addresses: group or space."""
        return "group" if self.group else "space"

    @property
    def place(self) -> dict:
        """Return the columns that say where something written here belongs."""
        return {"space": self.space, "group": self.group}

    def url(self, page: str, *args) -> str:
        """Return an address inside: `room.url("thread", post.pk)`."""
        return reverse(f"{self.kind}_{page}", args=[self.group.pk if self.group else self.school.slug, *args])


def active_places(*, at: datetime) -> QuerySet:
    """Return the places in groups that are held at this instant."""
    return GroupMember.objects.filter(Q(until=None) | Q(until__gt=at), since__lte=at)


def facilitates(person: Person, *, at: datetime) -> bool:
    """Say whether the person facilitates any group at this instant."""
    return active_places(at=at).filter(person=person, role=Role.FACILITATOR).exists()


def open_places(*, at: datetime) -> QuerySet:
    """Return the places that open their group: a caregiver's or a facilitating coordinator's, if no tie bars her."""
    ties = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at),
        person=OuterRef("person"),
        school=OuterRef("group__space__school"),
        since__lte=at,
    )
    return active_places(at=at).filter(
        Exists(ties.filter(kind=Kind.CAREGIVER)) | Q(Exists(ties.filter(kind=Kind.COORDINATOR)), role=Role.FACILITATOR),
        ~Exists(ties.filter(BARRING_TIE)),
    )


def own_places(person: Person, *, at: datetime) -> QuerySet:
    """Return the open places of one person, once she has been asked whether she works at the school."""
    return open_places(at=at).filter(person=person, person__asked_about_work_at__isnull=False)


def group_room(request: HttpRequest, group: UUID) -> Room:
    """Fetch a group for somebody who is in it, and look again as the request's last statement."""
    return _enter(request, {"group": group})


def space_room(request: HttpRequest, school: str) -> Room:
    """Fetch a school's space for somebody who is in one of its groups, and look again in the end."""
    return _enter(request, {"group__space__school__slug": school})


def led(room: Room) -> Room:
    """Return the room to whoever facilitates it; refuse everybody else as if there were none."""
    if not room.is_led:
        raise Http404
    return room


def my_groups(person: Person, *, at: datetime) -> list[Group]:
    """List the groups that are open to somebody, each with its space."""
    places = own_places(person, at=at)
    return list(
        Group.objects.select_related("space__school").filter(pk__in=places.values("group")).order_by("name", "pk")
    )


def members(room: Room, *, at: datetime) -> list[GroupMember]:
    """List who can read what is written here: one place a person, who facilitates first; all members may see it.

    Each place knows `sits_on_board`: whether its person holds a seat on the school's board, which the list shows.
    """
    where = {"group": room.group} if room.group else {"group__space": room.space}
    seats = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at),
        person=OuterRef("person"),
        school=room.school,
        kind__in=[Kind.PARENT_SEAT, Kind.COMMUNITY_SEAT],
        since__lte=at,
    )
    found = open_places(at=at).filter(**where).select_related("person").annotate(sits_on_board=Exists(seats))
    by_person = {}
    for place in found.order_by("-role", "person__name", "pk"):
        by_person.setdefault(place.person_id, place)
    return list(by_person.values())


def coordinators_outside(room: Room, inside: list[GroupMember], *, at: datetime) -> list[Membership]:
    """List the ties of those who coordinate at the school and cannot read what is written here."""
    ties = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at), school=room.school, kind=Kind.COORDINATOR, since__lte=at
    )
    reading = [place.person_id for place in inside]
    return list(ties.exclude(person__in=reading).select_related("person").order_by("person__name", "pk"))


def _enter(request, where):
    def places():
        return own_places(request.person, at=clock.now()).filter(**where)

    found = list(places().select_related("group__space__school"))
    if not found:
        raise Http404
    request.still = places().exists
    group = found[0].group
    is_led = any(place.role == Role.FACILITATOR for place in found)
    return Room(group.space, group if "group" in where else None, request.person, is_led)
