"""What somebody is, at this moment: the audiences that a person's dated memberships give."""

import time
from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.db.models import Subquery

from accounts.models import Membership
from notifications import clock
from notifications.models import ClockOffset

Kind = Membership.Kind
# How long a code opens the families' pages on a phone that others use too; by the machine's time, as sessions.
SHARED_PHONE_LASTS = timedelta(minutes=30)

AUDIENCES_OF = {
    Kind.CAREGIVER: {"caregiver"},
    Kind.COORDINATOR: {"coordinator"},
    Kind.STAFF: {"staff"},
    Kind.LEADER: {"leader"},
    Kind.PARENT_SEAT: {"board"},
    Kind.COMMUNITY_SEAT: {"board"},
    Kind.TEACHER_SEAT: {"board"},
    Kind.STAFF_SEAT: {"board"},
    Kind.STUDENT_SEAT: {"board"},
    Kind.PRINCIPAL_SEAT: {"board", "leader"},
    Kind.DISTRICT_LEAD: {"district"},
    Kind.EVALUATOR: {"evaluator"},
    Kind.OPERATOR: {"operator"},
}


class Tie(NamedTuple):
    """One active membership: its kind, where it holds, whether it bars that school's caregiver spaces.

    `is_unsaid`: a coordinator's, who has not said yet whether the school pays her.
    """

    kind: str
    school: object
    district: object
    is_barring: bool
    is_unsaid: bool = False


class Held(NamedTuple):
    """Everything somebody holds at one moment."""

    ties: frozenset
    at: datetime

    @property
    def audiences(self) -> set[str]:
        """Return the audiences that these ties open."""
        return {audience for tie in self.ties for audience in AUDIENCES_OF[tie.kind]}

    def schools(self, *kinds) -> set:
        """Return the keys of the schools at which one of these kinds is held."""
        return {tie.school for tie in self.ties if tie.kind in kinds}

    def districts(self, *kinds) -> set:
        """Return the keys of the districts at which one of these kinds is held."""
        return {tie.district for tie in self.ties if tie.kind in kinds}

    @property
    def pay_unsaid(self) -> list:
        """Return the keys of the schools whose coordinator has not said whether they pay her."""
        return sorted(tie.school for tie in self.ties if tie.is_unsaid)

    def bars(self, school) -> bool:
        """Say whether staff ties close this school's caregiver spaces to the person."""
        return any(tie.school == school and tie.is_barring for tie in self.ties)


def held(person) -> Held:
    """Return what the person holds now, in one query; a stranger holds nothing."""
    if person is None:
        return Held(frozenset(), clock.now())
    memberships = Membership.objects.filter(person=person)
    if settings.CLOCK_MOVES:
        memberships = memberships.annotate(offset=Subquery(ClockOffset.objects.values("offset")[:1]))
    found = list(memberships)
    if settings.CLOCK_MOVES and found:
        # No transaction is open yet that would have said it.
        clock.keep(found[0].offset or timedelta())
    at = clock.now()
    ties = (
        Tie(m.kind, m.school_id, m.district_id, m.is_barring, m.has_pay_unsaid) for m in found if m.is_active(at=at)
    )
    return Held(frozenset(ties), at)


def has_changed(before: Held, after: Held) -> bool:
    """Say whether a tie ended, or one that bars began, between two looks at the same person."""
    return bool(before.ties - after.ties) or any(tie.is_barring for tie in after.ties - before.ties)


def proved_twice(request) -> bool:
    """Say whether this browser's sign-in was confirmed by a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def code_is_old(request, *, lasts: timedelta = SHARED_PHONE_LASTS) -> bool:
    """Say whether, on a phone that others use too, the code was typed too long ago to show what families write."""
    if not request.user.shares_phone:
        return False
    typed = [record["at"] for record in get_authentication_records(request, request.user)]
    return not typed or time.time() - max(typed) > lasts.total_seconds()
