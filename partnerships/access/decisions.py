"""Decisions of a school's boards and what families were asked before: who reads what of them, and from when.

Families answer and read first; the board and whoever leads or coordinates read the receipt's labels; staff, the
district and an evaluator read that families were asked, and what was decided (trust.md 2.2).
"""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from accounts.models import BARRING_TIE, Membership, Person, School
from accounts.roles import Held, proved_twice
from notifications import clock
from partnerships.access.schools import LEADERS, led_school
from partnerships.access.spaces import Role, open_places
from partnerships.models import Board, Consultation, Decision, Group, NotConsulted, Receipt, SharedTheme
from surveys import wording
from surveys.access import by_person, who_may_answer
from surveys.disclosure import Label, consultation_release_at, leaders_release_at
from surveys.models import Comment, CommentBatch, FormPerson, Release, Wave

Kind = Membership.Kind
SEATS = (
    *(Kind.PARENT_SEAT, Kind.COMMUNITY_SEAT, Kind.TEACHER_SEAT),
    *(Kind.STAFF_SEAT, Kind.STUDENT_SEAT, Kind.PRINCIPAL_SEAT),
)
READ_THEMES = {"caregiver", "facilitator", "board", "leader"}


class Reader(NamedTuple):
    """As what somebody reads a decision."""

    is_family: bool
    reads_result: bool
    reads_themes: bool


class Line(NamedTuple):
    """One thing that families said, as the board reads it: a label, and its count where the group told it."""

    fact: str
    label: Label
    yes: int | None = None
    n: int | None = None

    @property
    def words(self) -> str:
        """Return the share in words, or why nothing is shown."""
        return wording.share_in_words(self.label) if self.label.is_shown else wording.in_words(self.label)

    @property
    def answered(self) -> str:
        """Return about how many answered; nothing where too few did."""
        return wording.answered_in_words(self.label) if self.label.is_shown else ""


# Decisions


def decisions_of(board: Board) -> list[Decision]:
    """List a board's decisions, the newest first, each with its receipt and `asked_before`."""
    return list(whole().filter(board=board).order_by("-drafted_at", "pk"))


def decision_of(board: Board, pk: UUID) -> Decision:
    """Fetch one of them for its board; else raise Http404."""
    return _one(whole().filter(board=board, pk=pk))


def whole() -> QuerySet[Decision]:
    """Return decisions with their board, school, receipt, and all that was asked or not asked before."""
    asked = Consultation.objects.select_related("receipt", "school").order_by("version")
    return Decision.objects.select_related("board", "school", "receipt", "not_consulted").prefetch_related(
        Prefetch("consultations", asked, to_attr="asked_before"),
        Prefetch("not_consulted_before", NotConsulted.objects.order_by("version"), to_attr="said_before"),
    )


def published(found: QuerySet[Decision]) -> QuerySet[Decision]:
    """Leave out what its board has only drafted so far."""
    return found.filter(
        Exists(Consultation.objects.filter(decision=OuterRef("pk")))
        | Exists(NotConsulted.objects.filter(decision=OuterRef("pk")))
    )


def readable(request: HttpRequest, pk: UUID) -> Decision:
    """Fetch a published decision for whoever may read it; it knows its `reader`. Else raise Http404."""
    decision = _one(published(whole()).filter(pk=pk))
    school = decision.school
    is_family = reads_as_family(request, school)
    # On a family's page a code alone opens what she reads as a family, and nothing that another role reads.
    if not is_family and not (reads_otherwise(request.held, school) and proved_twice(request)):
        raise Http404
    reads_result = is_family or bool(
        school.pk in request.held.schools(*SEATS, *LEADERS, Kind.COORDINATOR) and proved_twice(request)
    )
    decision.reader = Reader(is_family, reads_result, reads_result and request.audience in READ_THEMES)
    return decision


def reads_as_family(request: HttpRequest, school: School) -> bool:
    """Say whether somebody is of the school's families, or facilitates there, and no tie bars her."""
    if request.audience not in {"caregiver", "facilitator"} or request.held.bars(school.pk):
        return False
    return school.pk in request.held.schools(Kind.CAREGIVER) or leads_at(request, school)


def leads_at(request: HttpRequest, school: School) -> bool:
    """Say whether somebody facilitates a group of this school."""
    return groups_led(request, school).exists()


def groups_led(request: HttpRequest, school: School) -> QuerySet[Group]:
    """Return the groups of a school that somebody facilitates."""
    places = open_places(at=request.held.at).filter(
        person=request.person, role=Role.FACILITATOR, group__space__school=school
    )
    return Group.objects.filter(pk__in=places.values("group")).order_by("name", "pk")


def reads_otherwise(held: Held, school: School) -> bool:
    """Say whether another tie than a family's lets somebody read what the school's boards decide."""
    here = (*SEATS, *LEADERS, Kind.COORDINATOR, Kind.STAFF)
    districts = held.districts(Kind.DISTRICT_LEAD, Kind.EVALUATOR)
    return school.pk in held.schools(*here) or school.district_id in districts


def led_decision(request: HttpRequest, pk: UUID) -> Decision:
    """Fetch a published decision for those who lead its school."""
    return _one(published(whole()).filter(pk=pk, school__in=request.held.schools(*LEADERS)))


def led_consultations(request: HttpRequest, slug: str) -> tuple[School, list[Consultation]]:
    """Return a school and all that its boards asked families, for those who lead it."""
    school = led_school(request, slug)
    return school, consultations_of(school)


# What families were asked, and what they said


def consultations_of(school: School) -> list[Consultation]:
    """List what the boards of a school asked its families, the newest first, each with its decision and receipt."""
    found = Consultation.objects.filter(school=school).select_related("decision", "school", "receipt")
    return list(found.order_by("-published_at", "pk"))


def asked_now(decision: Decision) -> Consultation | None:
    """Return the consultation about the very words that a decision has."""
    return next((one for one in decision.asked_before if one.version == decision.version), None)


class Hours(NamedTuple):
    """When the result of a consultation is read: by families first, then by the board, with its receipt."""

    families: datetime
    board: datetime


def hours_of(consultation: Consultation) -> Hours:
    """Return when a result is read, as it was fixed at the close, or as it will follow from it."""
    wave = Wave.objects.filter(ring=consultation.ring_id, kind=Wave.Kind.CONSULTATION).first()
    families = wave and wave.families_at
    families = families or consultation_release_at(consultation.closes_at, consultation.school.zone)
    return Hours(families, wave and wave.leaders_at or leaders_release_at(families))


def board_reads_on(decision: Decision) -> date | None:
    """Return the day on which the board reads what families are asked about its words; None where they are not."""
    asked = asked_now(decision)
    return asked and hours_of(asked).board.astimezone(ZoneInfo(decision.school.zone)).date()


def position(decision: Decision) -> list[Line]:
    """Return what families said about the words that a decision has, as its receipt tells it; nothing before that."""
    return lines_of(decision.receipt)


def lines_of(receipt: Receipt | None) -> list[Line]:
    """Return the labels of a receipt, in the language of the moment."""
    language = get_language()[:2]
    labels = receipt.labels if receipt else []
    return [Line(one[language], Label(one["n_band"], one["band"]), one.get("yes"), one.get("n")) for one in labels]


def result_for_families(consultation: Consultation) -> list[Line]:
    """Return the same from the frozen results, which families read two days before: the database keeps others back."""
    found = Release.objects.filter(wave__ring=consultation.ring_id).select_related("item", "option")
    return [
        Line(row.option.text if row.option else row.item.fact, Label(row.n_band, row.band))
        for row in found.order_by("item__number", "option__number")
    ]


def themes_of(decision: Decision) -> list[SharedTheme]:
    """List the themes that families' groups let out of what was answered in free words, about any of its words."""
    return list(SharedTheme.objects.filter(consultation__decision=decision).order_by("sent_at", "pk"))


def my_consultation(request: HttpRequest, pk: UUID) -> Consultation:
    """Fetch a consultation for the school's families, in a group or not; it knows `is_led` and `may_answer`."""
    found = _one(Consultation.objects.select_related("school", "decision", "receipt").filter(pk=pk))
    if not reads_as_family(request, found.school):
        raise Http404
    found.is_led = leads_at(request, found.school)
    # Whoever facilitates as a coordinator answers nothing; whoever came a moment ago is on the list within seconds.
    is_asked = request.audience == "caregiver" and found.is_open(at=clock.now())
    found.may_answer = is_asked and who_may_answer().filter(form=found.form_id, person=request.person).exists()
    return found


def groups_to_hear(request: HttpRequest, consultation: Consultation) -> list[Group]:
    """List the groups in whose name somebody reads what was answered in free words, once it has closed."""
    if consultation.options or clock.now() < consultation.closes_at:
        return []
    return list(groups_led(request, consultation.school))


def led_consultation(request: HttpRequest, pk: UUID) -> Consultation:
    """Fetch a consultation for whoever facilitates at its school."""
    found = my_consultation(request, pk)
    if not found.is_led:
        raise Http404
    return found


def my_line(request: HttpRequest, consultation: Consultation) -> FormPerson:
    """Return the person's line on the form of a consultation; else raise Http404."""
    if consultation.form_id is None:
        raise Http404
    return by_person(request.person, form=consultation.form_id)


def answers_in_words(consultation: Consultation) -> list[CommentBatch]:
    """List what families answered in free words, three and more together, in the order of random keys."""
    lines = Prefetch("comments", Comment.objects.order_by("pk"), to_attr="lines")
    batches = CommentBatch.objects.filter(ring=consultation.ring_id)
    return list(batches.prefetch_related(lines).order_by("number"))


# For the worker


def families_of(school: School, *, at: datetime) -> QuerySet[Person]:
    """Return the families of a school who have come, and whom no tie bars at this instant."""
    ties = Membership.objects.filter(
        Q(until=None) | Q(until__gt=at), since__lte=at, person=OuterRef("pk"), school=school
    )
    return Person.objects.filter(
        Exists(ties.filter(kind=Kind.CAREGIVER)), ~Exists(ties.filter(BARRING_TIE)), state=Person.State.HERE
    )


def consultations_to_keep() -> list[UUID]:
    """Return the consultations that are to be opened, or are open. Worker only."""
    waiting = Q(form=None, ring__made_at__isnull=False) | Q(form__closed_at=None, form__isnull=False)
    return list(Consultation.objects.filter(waiting).order_by("published_at").values_list("pk", flat=True))


def consultations_to_tell(*, at: datetime) -> list[UUID]:
    """Return the consultations whose result families can read and that have no receipt yet. Worker only."""
    out = Consultation.objects.filter(receipt=None, form__wave__released_at__lte=at)
    return list(out.order_by("closes_at").values_list("pk", flat=True))


def consultations_to_receipt(*, at: datetime) -> list[UUID]:
    """Return the consultations whose board's hour has come and that have no receipt yet. Worker only."""
    due = Consultation.objects.filter(
        receipt=None, form__wave__released_at__isnull=False, form__wave__leaders_at__lte=at
    )
    return list(due.order_by("closes_at").values_list("pk", flat=True))


def _one(found):
    row = found.first()
    if row is None:
        raise Http404
    return row
