"""Whether members of one board come together in such a number that a law on open meetings may apply.

Only from names that everybody there can read: who wrote without a name never counts, since a warning would tell it.
"""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import Person, School
from partnerships.access.boards import held_today
from partnerships.models import Board


def meeting_among(people: Iterable[UUID], school: School) -> list[Board]:
    """List the boards of which a majority of the quorum is among these people, where it has such a law.

    Each knows `together`, how many of it there are.
    """
    return [board for board in _gathered(set(people), school) if board.together >= board.too_many_together]


def told_to(person: Person, people: Iterable[UUID], school: School) -> list[Board]:
    """List what a member is told of her own boards: it has come to that (`is_reached`), or would if she joins in."""
    people, found = set(people), []
    for board in _gathered(people | {person.pk}, school):
        if person.pk not in board.members or board.together < board.too_many_together:
            continue
        here = len(people & board.members)
        board.is_reached = here >= board.too_many_together
        board.together = here if board.is_reached else board.together
        found.append(board)
    return found


def _gathered(people, school):
    """Return the school's boards that have such a law, each with its `members` of today and how many are here."""
    terms = held_today(school).exclude(seat__board__meeting_law=Board.MeetingLaw.NONE).select_related("seat__board")
    boards = {}
    for term in terms.order_by("seat__board__name", "pk"):
        board = boards.setdefault(term.seat.board_id, term.seat.board)
        board.members = {*getattr(board, "members", ()), term.person_id}
    for board in boards.values():
        board.together = len(people & board.members)
    return list(boards.values())
