"""Boards, who sits on them and the way to a seat: public record, but for what somebody says of herself."""

from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import Membership, Person, School
from partnerships.days import today_at
from partnerships.models import Board, Election, Seat, SeatStep, SeatTerm, StepCount

Kind = Membership.Kind
# Whose seats are families': they publish a consultation, and are counted exactly.
FAMILIES = (Seat.Kind.PARENT, Seat.Kind.COMMUNITY)
ORDER = [*FAMILIES, Seat.Kind.TEACHER, Seat.Kind.STAFF, Seat.Kind.STUDENT, Seat.Kind.PRINCIPAL]


def coordinated_board(request: HttpRequest, school: str, pk: UUID) -> Board:
    """Fetch a board of a school that the reader coordinates, with its seats."""
    here = request.held.schools(Kind.COORDINATOR)
    return _one(Board.objects.filter(pk=pk, school__slug=school, school__in=here))


def board(request: HttpRequest, pk: UUID) -> Board:
    """Fetch a board for whoever holds a seat on it today, with its seats; it knows `my_seat_kind`."""
    found = _one(Board.objects.filter(pk=pk))
    kind = _my_seat_kind(request, found)
    if kind is None:
        raise Http404
    found.my_seat_kind = kind
    return found


def boards_of(request: HttpRequest) -> list[Board]:
    """List the boards on which the reader holds a seat today, by name."""
    terms = SeatTerm.objects.filter(person=request.person).values("seat__board")
    found = _with_seats(Board.objects.filter(pk__in=terms))
    return [each for each in found if _my_seat_kind(request, each)]


def can_publish(found: Board) -> bool:
    """Say whether the reader's seat publishes a consultation: parents' and the community's do, others draft."""
    return found.my_seat_kind in FAMILIES


def boards_at(school: School) -> list[Board]:
    """List a school's boards by name, each with its `seats_shown`, its chair and its elections to come."""
    return _with_seats(Board.objects.filter(school=school))


def seat_on(found: Board, pk: UUID) -> Seat:
    """Return one seat of a board that was fetched here, with its `holder` of today, `past` and `to_come`."""
    seat = next((seat for seat in found.seats_shown if seat.pk == pk), None)
    if seat is None:
        raise Http404
    return seat


def term_on(seat: Seat, pk: str) -> SeatTerm:
    """Return one term of a seat that was fetched here."""
    term = next((term for term in seat.all_terms if str(term.pk) == pk), None)
    if term is None:
        raise Http404
    return term


def owners_at(school: School, *, channel: str, value: str) -> list[Person]:
    """List who reads what arrives at an address and has a tie to the school: somebody the coordinator knows."""
    ties = Membership.objects.filter(school=school).values("person")
    found = Person.objects.filter(addresses__channel=channel, addresses__value=value, is_active=True, pk__in=ties)
    return list(found.order_by("name", "pk"))


def own_steps(person: Person, school: School) -> set[tuple[UUID, str]]:
    """Return what somebody said of herself on the way to a seat: board and step; hers alone."""
    return set(SeatStep.objects.filter(person=person, board__school=school).values_list("board", "step"))


def families_began_on(school: School) -> date | None:
    """Return the day on which the first group of families of a school opened, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partnerships_families_began_on(%s)", [school.pk])
        return cursor.fetchone()[0]


def held_by_families(found: Board, *, on: date) -> int:
    """Count the seats that families hold on a day, exactly: it is public record."""
    held = (term for seat in found.seats_shown if seat.kind in FAMILIES for term in seat.all_terms)
    return sum(term.is_held(on=on) for term in held)


def frozen_counts(found: Board) -> dict[str, str]:
    """Return about how many have come how far, as it was last frozen: a band by step; empty before the first month."""
    counts = list(StepCount.objects.filter(board=found).order_by("-month_on", "step"))
    return {count.step: count.n_band for count in counts if count.month_on == counts[0].month_on}


def elections(found: Board) -> list[Election]:
    """List a board's elections, the first to come first."""
    return list(Election.objects.filter(board=found).order_by("held_on"))


def _one(boards: QuerySet) -> Board:
    found = _with_seats(boards)
    if not found:
        raise Http404
    return found[0]


def _with_seats(boards):
    """Fetch boards with their seats, and of each who holds it today, who did and who will."""
    terms = Prefetch("terms", SeatTerm.objects.order_by("from_on", "pk"), to_attr="all_terms")
    seats = Prefetch("seats", Seat.objects.prefetch_related(terms), to_attr="all_seats")
    found = list(boards.select_related("school", "chair").prefetch_related(seats, "elections").order_by("name", "pk"))
    for each in found:
        each.today = today_at(each.school)
        each.seats_shown = sorted(each.all_seats, key=lambda seat: (ORDER.index(seat.kind), seat.number))
        for seat in each.seats_shown:
            _look_at(seat, each.today)
        each.vacant = [seat for seat in each.seats_shown if seat.holder is None]
        each.chaired_by = each.chair if each.chair and each.chair.is_held(on=each.today) else None
        each.elections_to_come = sorted(
            (one for one in each.elections.all() if one.held_on >= each.today), key=lambda one: one.held_on
        )
    return found


def _look_at(seat, today):
    seat.holder = next((term for term in seat.all_terms if term.is_held(on=today)), None)
    seat.to_come = [term for term in seat.all_terms if term.from_on > today]
    seat.past = [term for term in seat.all_terms if term.until_on < today]


def _my_seat_kind(request, found):
    """Return the kind of seat held today, by the register and by a tie that still holds, or None."""
    if request.person is None:
        return None
    for seat in found.seats_shown:
        is_mine = seat.holder is not None and seat.holder.person_id == request.person.pk
        if is_mine and found.school_id in request.held.schools(seat.kind):
            return seat.kind
    return None


def held_today(school: School) -> QuerySet[SeatTerm]:
    """Return the terms that run at a school's boards today."""
    today = today_at(school)
    return SeatTerm.objects.filter(seat__board__school=school, from_on__lte=today, until_on__gte=today)


def boards_to_count() -> QuerySet[Board]:
    """Return every board, for the worker's monthly count; clock and calendar are asked by the action."""
    return Board.objects.select_related("school").order_by("pk")


def is_counted(found: Board, *, month_on: date) -> bool:
    """Say whether a board's steps were counted in a month."""
    return StepCount.objects.filter(board=found, month_on=month_on).exists()
