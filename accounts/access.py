"""The only way to the people, schools and addresses that somebody may see."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.http import Http404

from accounts import codes
from accounts.models import DataRequest, LogEntry, Membership, Person, School, SignInCode, StaffContact
from accounts.roles import Held
from notifications.models import Address

# Exports are one's own data for families and parent seats (trust.md 2.2), and for 30 days after leaving.
COPY_IS_FOR = (Membership.Kind.CAREGIVER, Membership.Kind.PARENT_SEAT)
COPY_AFTER_LEAVING = timedelta(days=30)


class PersonToCall(NamedTuple):
    """Who answers the telephone at a school."""

    name: str
    phone: str
    school: str


def people_to_call(held: Held) -> list[PersonToCall]:
    """Return who answers at the schools of somebody's ties; where there is one school only, its person for all."""
    schools = list(School.objects.order_by("name", "pk"))
    if len(schools) > 1:
        schools = [school for school in schools if school.pk in held.schools(*Membership.Kind)]
    return [PersonToCall(school.help_name, school.help_phone, school.name) for school in schools]


def person_to_call(held: Held) -> PersonToCall | None:
    """Return the one whose name and number stand at the foot of somebody's pages."""
    return next(iter(people_to_call(held)), None)


def code_of(browser: str) -> SignInCode | None:
    """Return the newest code that this browser asked for and can still use."""
    return (
        SignInCode.objects.filter(
            browser_hash=codes.browser_hash(browser), used_at=None, ends_at__gt=codes.machine_now()
        )
        .order_by("-asked_at")
        .first()
    )


def proved_code(browser: str) -> SignInCode | None:
    """Return the code that this browser has typed rightly and that has let nobody in yet."""
    return SignInCode.objects.filter(
        browser_hash=codes.browser_hash(browser), used_at__isnull=False, ends_at__gt=codes.machine_now()
    ).first()


def owners_of(code: SignInCode) -> list[Person]:
    """Return the people who read what arrives at the code's address, by the name they chose."""
    return list(
        Person.objects.filter(addresses__channel=code.channel, addresses__value=code.value, is_active=True).order_by(
            "name", "pk"
        )
    )


def address_of(code: SignInCode) -> Address:
    """Return the address that a code went to."""
    return Address.objects.get(channel=code.channel, value=code.value)


def own_addresses(person: Person) -> QuerySet[Address]:
    """Return where the person can be reached."""
    return Address.objects.filter(owners=person).order_by("channel", "value")


def own_address(person: Person, key) -> Address:
    """Return one of the person's own addresses."""
    return _or_404(own_addresses(person).filter(pk=key))


def own_ties(person: Person, *, at) -> list[Membership]:
    """Return the person's ties that hold at this instant, with the school or district of each."""
    ties = Membership.objects.filter(person=person).select_related("school", "district").order_by("since", "pk")
    return [tie for tie in ties if tie.is_active(at=at)]


def own_coordination(person: Person, school, *, at) -> Membership:
    """Return the person's tie to a school as its coordinator."""
    ties = Membership.objects.filter(person=person, school=school, kind=Membership.Kind.COORDINATOR)
    return _or_404(ties.filter(Q(until=None) | Q(until__gt=at), since__lte=at).select_related("school"))


def who_looked(person: Person) -> QuerySet[LogEntry]:
    """Return each time that somebody opened where the person can be reached, newest first, with `by_name`."""
    looked = LogEntry.objects.filter(about_person=person, act=LogEntry.Act.CONTACT_REVEALED)
    return looked.annotate(by_name=F("by__name")).order_by("-at", "pk")


def may_have_copy(person: Person, *, at: datetime) -> bool:
    """Say whether somebody is a family or holds a parent seat, or was and did less than 30 days ago."""
    ties = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at - COPY_AFTER_LEAVING), person=person, kind__in=COPY_IS_FOR, since__lte=at
    )
    return ties.exists()


def own_copy(person: Person) -> DataRequest | None:
    """Return the copy of her things that the person asked for, made already or not."""
    return DataRequest.objects.filter(person=person, kind=DataRequest.Kind.COPY).first()


def copy_to_read(person: Person) -> DataRequest:
    """Return the copy, once it is made."""
    return _or_404(DataRequest.objects.filter(person=person, kind=DataRequest.Kind.COPY, made_at__isnull=False))


def own_school(person: Person, slug: str, *, at) -> School:
    """Return a school of which the person is a family, or whose sessions she coordinates."""
    kinds = [Membership.Kind.CAREGIVER, Membership.Kind.COORDINATOR]
    ties = Membership.objects.filter(Q(until=None) | Q(until__gt=at), person=person, kind__in=kinds, since__lte=at)
    return _or_404(School.objects.filter(slug=slug, pk__in=ties.values("school")))


def coordinated_schools(held: Held) -> QuerySet[School]:
    """Return the schools that the person coordinates."""
    return School.objects.filter(pk__in=held.schools(Membership.Kind.COORDINATOR)).order_by("name", "pk")


def coordinated_school(held: Held, slug: str) -> School:
    """Return a school that the person coordinates."""
    return _or_404(coordinated_schools(held).filter(slug=slug))


def listed_as_staff(school: School) -> set[str]:
    """Return the addresses of people who work at the school, as its list has them: none may be invited."""
    return set(StaffContact.objects.filter(school=school).values_list("value", flat=True))


def families_on_staff_list(school: School, *, at: datetime) -> list[Person]:
    """List the families of a school whose phone or e-mail is on its staff list, by name."""
    listed = StaffContact.objects.filter(school=school).values("value")
    ties = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at), school=school, kind=Membership.Kind.CAREGIVER, since__lte=at
    )
    found = Person.objects.filter(addresses__value__in=listed, pk__in=ties.values("person"))
    return list(found.distinct().order_by("name", "pk"))


def _or_404(found: QuerySet):
    one = found.first()
    if one is None:
        raise Http404
    return one
