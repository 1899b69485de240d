"""The way to a seat: what somebody says of herself alone, and about how many say so, frozen once a month."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import Person, School
from notifications import clock
from partnerships.access.boards import boards_to_count, is_counted
from partnerships.models import Board, SeatStep, StepCount
from surveys.disclosure import RELEASE_HOUR, RELEASE_WEEKDAY, label

Step = SeatStep.Step
# Whoever was elected sits on the board: held seats are public record, and counted there exactly.
COUNTED = (Step.INTERESTED, Step.FILED, Step.TRAINED)


@transaction.atomic
def say_step(*, board: Board, person: Person, step: str) -> None:
    """Keep, for the person alone, that she has come so far."""
    SeatStep.objects.bulk_create(
        [SeatStep(board=board, person=person, step=step, at=clock.now())], ignore_conflicts=True
    )


@transaction.atomic
def take_step_back(*, board: Board, person: Person, step: str) -> None:
    """Forget that she said so."""
    SeatStep.objects.filter(board=board, person=person, step=step).delete()


def count_steps() -> None:
    """Freeze each board's counts of this month, once its hour has passed at the school; what is frozen stays."""
    for board in boards_to_count():
        month_on = counted_month(board.school, at=clock.now())
        if month_on and not is_counted(board, month_on=month_on):
            freeze(board=board, month_on=month_on)


def counted_month(school: School, *, at: datetime) -> date | None:
    """Return the first day of this month at the school once its first Monday has come to nine o'clock, else None."""
    here = at.astimezone(ZoneInfo(school.zone))
    first = here.date().replace(day=1)
    monday = first + timedelta(days=(RELEASE_WEEKDAY - first.weekday()) % 7)
    hour = datetime.combine(monday, RELEASE_HOUR, ZoneInfo(school.zone))
    return first if at >= hour else None


@transaction.atomic
def freeze(*, board: Board, month_on: date) -> None:
    """Write about how many said each step, as trust P2 and P4 say it: below five it is one and the same word."""
    rows = []
    for step in COUNTED:
        n = SeatStep.objects.filter(board=board, step=step).count()
        rows.append(StepCount(board=board, month_on=month_on, step=step, n_band=label(n, n).n_band))
    StepCount.objects.bulk_create(rows, ignore_conflicts=True)
