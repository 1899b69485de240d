"""What families asked of their school and what it owes them: for its families, its leaders and whoever looks on."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import BARRING_TIE, Membership, Person, School
from partnerships.access.schools import LEADERS, families_school
from partnerships.access.spaces import Room
from partnerships.days import today_at
from partnerships.models import Commitment, CommitmentStep, Decision, Resource, SharedQuote, SharedTheme

Kind = Membership.Kind
State = Commitment.State
BOARD = (Kind.PARENT_SEAT, Kind.COMMUNITY_SEAT, Kind.TEACHER_SEAT, Kind.STAFF_SEAT, Kind.STUDENT_SEAT)
# What is in the open for the school is so for its district.
AT_THE_SCHOOL = (*LEADERS, *BOARD, Kind.COORDINATOR, Kind.STAFF)
OVER_THE_SCHOOL = (Kind.DISTRICT_LEAD, Kind.EVALUATOR)
# Families' words, and themes, are let out to leaders and the council alone.
READS_WORDS = {"leader", "board"}
DUE_SOON = timedelta(days=7)
MONDAY, NINE = 0, 9
TAGS = {
    State.RECEIVED: ("wait", pgettext_lazy("a request", "Received")),
    State.UNDER_WAY: ("wait", pgettext_lazy("a request", "In progress")),
    State.DONE: ("ok", pgettext_lazy("a request", "Done")),
    State.DECLINED: ("neutral", pgettext_lazy("a request", "We decided not to, and why")),
}
STEPS = {
    CommitmentStep.Step.ASKED: _("Families asked"),
    CommitmentStep.Step.RECEIVED: pgettext_lazy("a request", "Received"),
    CommitmentStep.Step.UNDER_WAY: pgettext_lazy("a request", "In progress"),
    CommitmentStep.Step.DONE: _("The school says that it is done"),
    CommitmentStep.Step.DECLINED: pgettext_lazy("a request", "We decided not to, and why"),
    CommitmentStep.Step.CONFIRMED: _("Families say that they see it"),
    CommitmentStep.Step.NOT_YET: _("Families say that they do not see it yet"),
}
# After those that are late: what nobody answered, what is promised, what is done, what will not be.
ORDER = (State.RECEIVED, State.UNDER_WAY, State.DONE, State.DECLINED)


# For families


def family_alone(request: HttpRequest, slug: str) -> School:
    """Fetch a school for those of its families who do not facilitate there."""
    school = families_school(request, slug)
    if school.is_led:
        raise Http404
    return school


def families(school: School, *, at: datetime) -> QuerySet[Person]:
    """Return the families of a school whom no tie bars. Worker only."""
    ties = Membership.objects.filter(Q(until=None) | Q(until__gt=at), school=school, since__lte=at)
    barred = ties.filter(BARRING_TIE).values("person")
    return Person.objects.filter(pk__in=ties.filter(kind=Kind.CAREGIVER).values("person")).exclude(pk__in=barred)


# For the school, and whoever looks on


def open_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for whoever leads it, works, coordinates or sits on a board there, or looks on for its district.

    The school knows `is_led_by_me`: the page's forms are for its leaders.
    """
    held = request.held
    mine = Q(pk__in=held.schools(*AT_THE_SCHOOL)) | Q(district__in=held.districts(*OVER_THE_SCHOOL))
    school = School.objects.filter(mine, slug=slug).first()
    if school is None:
        raise Http404
    school.is_led_by_me = request.audience == "leader" and school.pk in held.schools(*LEADERS)
    return school


def answering_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for those who lead it."""
    school = open_school(request, slug)
    if not school.is_led_by_me:
        raise Http404
    return school


def needs_school(request: HttpRequest, slug: str) -> School:
    """Fetch a school for those to whom its themes are let out: they lead it, or sit on a board there."""
    school = open_school(request, slug)
    if school.pk not in request.held.schools(*LEADERS, *BOARD):
        raise Http404
    return school


# Requests


def commitments_of(school: School) -> list[Commitment]:
    """List what families asked of a school: late first, then by state, what has waited longest before the rest.

    Each knows `tag`, `late`, `waits` (days without an answer, or None), its dated `history`, each line of which knows
    its `label`, `latest`, what was last said about it, and the title of the decision that it `follows`.
    """
    return in_order(tell(read(one, school)) for one in _with_history(Commitment.objects.filter(school=school)))


def in_order(found: Iterable[Commitment]) -> list[Commitment]:
    """Put late ones first, then by state, what has waited longest before the rest."""
    return sorted(found, key=lambda one: (not one.late, ORDER.index(one.state), one.owed_on or one.asked_on, one.pk))


def commitment_of(school: School, pk: UUID) -> Commitment:
    """Fetch one of them."""
    found = _with_history(Commitment.objects.filter(school=school, pk=pk)).first()
    if found is None:
        raise Http404
    return tell(read(found, school))


def read(commitment: Commitment, school: School) -> Commitment:
    """Return a request with what each page says of it today."""
    commitment.school, today = school, today_at(school)
    state, label = TAGS[commitment.state]
    commitment.tag = {"state": state, "label": label}
    commitment.late = commitment.is_late(today=today)
    commitment.waits = (today - commitment.asked_on).days if commitment.state == State.RECEIVED else None
    return commitment


def tell(commitment: Commitment) -> Commitment:
    """Add to a request its dated history in words, and what it follows from."""
    for step in commitment.history:
        step.label = STEPS[step.step]
    commitment.follows = title_of(commitment.decision) if commitment.decision else ""
    commitment.latest = next((step for step in reversed(commitment.history) if step.text), None)
    return commitment


def title_of(decision: Decision) -> str:
    """Return what a decision is about, in the active language."""
    return getattr(decision, f"title_{get_language()}")


def _with_history(found):
    lines = CommitmentStep.objects.order_by("at", "pk")
    return found.select_related("decision").prefetch_related(Prefetch("steps", lines, to_attr="history"))


def shared_quote_of(request: HttpRequest, commitment: Commitment) -> SharedQuote | None:
    """Return the words that a request goes back to, for those to whom they are let out; a mark once taken back."""
    if commitment.quote_id is None or request.audience not in READS_WORDS:
        return None
    return SharedQuote.objects.filter(quote=commitment.quote_id, for_leaders=True).first()


class Standing(NamedTuple):
    """How a school stands to what its families asked."""

    asked: int
    answered: int
    late: int
    due_soon: tuple

    @property
    def owes(self) -> bool:
        """Say whether anything is late, or due within a week."""
        return bool(self.late or self.due_soon)


def asked_of(school: School) -> list[Commitment]:
    """List what families asked of a school in one statement: each knows `tag`, `late`, `waits`, and no history."""
    return in_order(read(commitment, school) for commitment in Commitment.objects.filter(school=school))


def standing(school: School) -> Standing:
    """Count what families asked, what was answered and what is late, and list the days on which more falls due."""
    return standing_of(asked_of(school), today=today_at(school))


def standing_of(found: list[Commitment], *, today: date) -> Standing:
    """Count these."""
    counted = Counter("late" for one in found if one.late)
    counted.update("answered" for one in found if one.answered_at)
    soon = (one.owed_on for one in found if one.owed_on and today <= one.owed_on < today + DUE_SOON)
    return Standing(len(found), counted["answered"], counted["late"], tuple(sorted(soon)))


def schools_that_owe(*, at: datetime) -> list[tuple[School, str]]:
    """List the schools where it is Monday from nine and something is late or due within a week, with that week's name.

    Worker only.
    """
    owing = []
    for school in School.objects.filter(commitments__state__in=[State.RECEIVED, State.UNDER_WAY]).distinct():
        there = at.astimezone(ZoneInfo(school.zone))
        if there.weekday() == MONDAY and there.hour >= NINE and standing(school).owes:
            owing.append((school, f"{there:week-%G-%V}"))
    return owing


# Where a request comes from


def sent_themes(room: Room) -> dict[UUID, SharedTheme]:
    """Return what the group sent to the school, by theme."""
    return {shared.theme_id: shared for shared in SharedTheme.objects.filter(theme__group=room.group)}


def sent_theme(room: Room, pk: UUID) -> SharedTheme:
    """Fetch a theme that the group sent to the school."""
    found = SharedTheme.objects.filter(theme__group=room.group, pk=pk).first()
    if found is None:
        raise Http404
    return found


def shared_quote(room: Room, pk: UUID) -> SharedQuote:
    """Fetch words out of a room that the school's leaders may read, as whoever facilitates reads them."""
    found = SharedQuote.objects.filter(
        quote__post__space=room.space, quote__post__group=room.group, for_leaders=True, withdrawn_at=None, pk=pk
    ).first()
    if found is None:
        raise Http404
    return found


def decision_of(school: School, pk: UUID) -> Decision:
    """Fetch a decision of a board of the school, once it is more than a draft."""
    found = Decision.objects.filter(school=school, pk=pk).exclude(state=Decision.State.DRAFT).first()
    if found is None:
        raise Http404
    return found


def asked_from(school: School, **origin) -> set[UUID]:
    """Return which of these ideas, quotes, themes or decisions are a request already: `quote__in=keys`."""
    [(lookup, keys)] = origin.items()
    name = lookup.removesuffix("__in")
    found = Commitment.objects.filter(**{lookup: keys}, school=school)
    return set(found.values_list(f"{name}_id", flat=True))


# Needs, and what was found for them


def needs_of(school: School) -> list[SharedTheme]:
    """List what families said that they need, newest first, each with what was `found` for it."""
    found = Resource.objects.order_by("found_on", "pk")
    needs = SharedTheme.objects.filter(school=school, is_need=True).order_by("-sent_at", "pk")
    return list(needs.prefetch_related(Prefetch("resources", found, to_attr="found")))


def need_of(school: School, pk: UUID) -> SharedTheme:
    """Fetch one of them."""
    found = SharedTheme.objects.filter(school=school, is_need=True, pk=pk).first()
    if found is None:
        raise Http404
    return found


def resource_of(school: School, pk: UUID) -> Resource:
    """Fetch what was found for a need of a school."""
    found = Resource.objects.select_related("need").filter(need__school=school, need__is_need=True, pk=pk).first()
    if found is None:
        raise Http404
    return found
