"""Seats, and how many of them families hold, in words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.access.boards import FAMILIES, families_began_on, frozen_counts, held_by_families
from partnerships.actions.pathway import COUNTED
from partnerships.models import Board, Seat, SeatStep

Step = SeatStep.Step
ONE_SEAT = {
    Seat.Kind.PARENT: pgettext_lazy("one seat", "Parent seat"),
    Seat.Kind.COMMUNITY: pgettext_lazy("one seat", "Community seat"),
    Seat.Kind.TEACHER: pgettext_lazy("one seat", "Teacher seat"),
    Seat.Kind.STAFF: pgettext_lazy("one seat", "Seat of other school staff"),
    Seat.Kind.STUDENT: pgettext_lazy("one seat", "Student seat"),
    Seat.Kind.PRINCIPAL: pgettext_lazy("one seat", "Principal's seat"),
}
# What a family says of herself, and the same as it is counted.
STEPS = {
    Step.INTERESTED: gettext_lazy("I am interested"),
    Step.FILED: gettext_lazy("I filed"),
    Step.ELECTED: gettext_lazy("I was elected"),
    Step.TRAINED: gettext_lazy("I completed the training"),
}
COUNTED_STEPS = {
    Step.INTERESTED: gettext_lazy("Say they are interested"),
    Step.FILED: gettext_lazy("Say they filed"),
    Step.TRAINED: gettext_lazy("Say they completed the training"),
}
BANDS = {
    "not_enough": gettext_lazy("Fewer than 5: kept private"),
    "5-9": gettext_lazy("5 to 9 people"),
    "10-14": gettext_lazy("10 to 14 people"),
}


def seats_in_words(board: Board, *, only: Seat | None = None) -> list[dict]:
    """Return a board's seats as they are listed: what each is called, who holds it, whether that is the chair."""
    numbers = [seat.kind for seat in board.seats_shown]
    return [
        {
            "pk": seat.pk,
            "title": title_of(seat, is_alone=numbers.count(seat.kind) == 1),
            "holder": seat.holder,
            "to_come": seat.to_come,
            "past": seat.past,
            "has_record": bool(seat.all_terms),
            "is_chair": bool(seat.holder) and board.chaired_by == seat.holder,
        }
        for seat in board.seats_shown
        if only is None or seat.pk == only.pk
    ]


def title_of(seat: Seat, *, is_alone: bool) -> str:
    """Return what a seat is called; with its number where there are several of its kind."""
    name = str(ONE_SEAT[seat.kind])
    return name if is_alone else _("%(seat)s %(number)s") % {"seat": name, "number": seat.number}


def vacancies(board: Board) -> int:
    """Return how many of the families' seats nobody holds today."""
    return sum(seat.kind in FAMILIES for seat in board.vacant)


def held_in_words(board: Board) -> dict:
    """Return how many seats families hold today, and held on the day before their first group opened."""
    began_on = families_began_on(board.school)
    return {
        "now": held_by_families(board, on=board.today),
        "before": held_by_families(board, on=began_on - timedelta(days=1)) if began_on else None,
        "began_on": began_on,
        "vacant": vacancies(board),
    }


def counts_in_words(board: Board) -> list[dict]:
    """Return the frozen counts of a board, each step with its band in words; nothing before the first month."""
    frozen = frozen_counts(board)
    return [{"label": COUNTED_STEPS[step], "words": band_in_words(frozen[step])} for step in COUNTED if step in frozen]


def band_in_words(band: str) -> str:
    """Say about how many people."""
    return str(BANDS[band]) if band in BANDS else _("about %(count)s people") % {"count": band}
