"""Boards with people in their seats, as a coordinator sets them up."""

from datetime import date

from accounts.database import acting
from partnerships.actions import boards as actions
from partnerships.models import Seat

TERM = {"from_on": date(2026, 7, 1), "until_on": date(2028, 6, 30)}


def make_board(coordinator, school, plan="lsc_high", *, name="Consejo Escolar", quorum=7):
    """Set up a board."""
    with acting("coordinator", coordinator.pk):
        return actions.set_up(school=school, plan=plan, name=name, quorum=quorum)


def seat_of(board, kind, number=1):
    """Return one of a board's seats."""
    return Seat.objects.select_related("board__school").get(board=board, kind=kind, number=number)


def give(coordinator, board, kind, person, number=1, **said):
    """Give a seat to a person who is known already, by her own address."""
    address = person.addresses.get()
    said = {"name": person.name, "channel": address.channel, "value": address.value, "language": "es", **TERM, **said}
    with acting("coordinator", coordinator.pk):
        return actions.give_seat(seat=seat_of(board, kind, number), person=person, knows_it_bars=True, **said)
