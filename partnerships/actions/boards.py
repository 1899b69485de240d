"""Boards at the coordinator's desk: set up, their seats filled and emptied, their elections announced."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import BARRING, Membership, Person, School
from notifications import clock
from notifications.actions import own_address
from partnerships.days import today_at
from partnerships.models import Board, Election, Seat, SeatTerm
from partnerships.seat_plans import PLANS, TRAINING

MOST_SEATS = 40
DAY = timedelta(days=1)


@transaction.atomic
def set_up(*, school: School, plan: str, name: str, quorum: int) -> Board:
    """Set up a board with the seats that its plan knows; raises ValidationError `named` for a name that is taken."""
    sort = PLANS[plan]
    board = Board(
        school=school,
        kind=sort.kind,
        name=name,
        quorum=quorum,
        is_chaired_by_parent=sort.is_chaired_by_parent,
        meeting_law=sort.meeting_law,
        **TRAINING.get(sort.kind, {}),
    )
    Board.objects.bulk_create([board], ignore_conflicts=True)
    if not Board.objects.filter(pk=board.pk).exists():
        raise ValidationError(_("The school has a board of this name already."), code="named")
    for kind, number in sort.seats.items():
        add_seats(board=board, kind=kind, number=number)
    return board


@transaction.atomic
def change_settings(*, board: Board, **settings) -> Board:
    """Change a board's name, quorum, law, training list, and whether a parent chairs it.

    Raises ValidationError `named`, or `chair` while somebody else than a parent is in the chair.
    """
    board = _locked(board)
    if Board.objects.filter(school=board.school_id, name=settings["name"]).exclude(pk=board.pk).exists():
        raise ValidationError(_("The school has a board of this name already."), code="named")
    chair = _chair(board)
    if settings["is_chaired_by_parent"] and chair and chair.seat.kind != Seat.Kind.PARENT:
        raise ValidationError(
            _("%(name)s is in the chair and holds no parent seat. Choose another chair first.") % {"name": chair.name},
            code="chair",
        )
    for name, value in settings.items():
        setattr(board, name, value)
    board.save(update_fields=list(settings))
    return board


@transaction.atomic
def add_seats(*, board: Board, kind: str, number: int) -> None:
    """Add seats of a kind, numbered on; raises ValidationError `too_many`."""
    board = _locked(board)
    seats = Seat.objects.filter(board=board)
    if seats.count() + number > MOST_SEATS:
        raise ValidationError(_("A board has %(most)s seats here at most.") % {"most": MOST_SEATS}, code="too_many")
    last = seats.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    Seat.objects.bulk_create(Seat(board=board, kind=kind, number=last + n) for n in range(1, number + 1))


@transaction.atomic
def remove_seat(*, seat: Seat) -> None:
    """Take away a seat that nobody ever held; raises ValidationError `record` for one that somebody did."""
    _locked(seat.board)
    if SeatTerm.objects.filter(seat=seat).exists():
        raise ValidationError(_("Somebody holds or held this seat: it stays on the record."), code="record")
    Seat.objects.filter(pk=seat.pk).delete()


@transaction.atomic
def give_seat(
    *,
    seat: Seat,
    name: str,
    channel: str,
    value: str,
    language: str,
    from_on: date,
    until_on: date,
    person: Person | None = None,
    knows_it_bars: bool = False,
) -> SeatTerm:
    """Write who holds a seat for a term, with the tie that opens the board's pages as long as it lasts.

    `person` is somebody who was chosen among the owners of the address; else it is the owner of this name, known or
    new. Raises ValidationError `dates`, `held`, `sits`, or `bars` for a family to whom the families' space will close.
    """
    board = _locked(seat.board)
    with connection.cursor() as cursor:
        # The same person named twice at once is still one person.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [value])
    owners = Person.objects.filter(addresses__channel=channel, addresses__value=value, is_active=True)
    person = person or next((owner for owner in owners if alike(owner.name, name)), None)
    _refuse_term(board, seat, person, from_on, until_on)
    _refuse_unaware(board, seat, person, knows_it_bars)
    if person is None:
        person = Person.objects.create(name=name, language=language, state=Person.State.HERE)
        own_address(channel=channel, value=value, person=person, language=language, zone=board.school.zone)
    return _sit(board, seat, person, name, from_on, until_on)


@transaction.atomic
def give_again(*, term: SeatTerm, from_on: date, until_on: date) -> SeatTerm:
    """Write another term of the same person on the same seat; refused as a first one is, but for `bars`."""
    board = _locked(term.seat.board)
    _refuse_term(board, term.seat, term.person, from_on, until_on)
    return _sit(board, term.seat, term.person, term.name, from_on, until_on)


@transaction.atomic
def end_term(*, term: SeatTerm) -> None:
    """End a term now: its holder leaves the board's pages at once, and the seat is vacant today.

    One that did not begin before today goes altogether: it was written by mistake, and nobody sat there.
    """
    board = _locked(term.seat.board)
    today = today_at(board.school)
    term = SeatTerm.objects.filter(pk=term.pk, until_on__gte=today).first()
    if term is None:
        return
    with connection.cursor() as cursor:
        # No page may change a tie; this function ends that of a seat, and none else.
        cursor.execute("SELECT partnerships_end_seat(%s, %s)", [term.pk, clock.now()])
    if term.from_on >= today:
        term.delete()
        return
    term.until_on = today - DAY
    term.save(update_fields=["until_on"])


@transaction.atomic
def choose_chair(*, board: Board, term: SeatTerm) -> None:
    """Write who chairs a board; raises ValidationError `over`, or `parent` where only a parent seat may."""
    board = _locked(board)
    if not term.is_held(on=today_at(board.school)):
        raise ValidationError(_("Whoever chairs holds a seat today."), code="over")
    if board.is_chaired_by_parent and term.seat.kind != Seat.Kind.PARENT:
        raise ValidationError(_("By this board's rule whoever chairs holds a parent seat."), code="parent")
    board.chair = term
    board.save(update_fields=["chair"])


@transaction.atomic
def announce_election(*, board: Board, filing_from_on: date, filing_until_on: date, held_on: date) -> Election:
    """Announce when seats are filled; raises ValidationError `dates`, or `twice` for a day that is known already."""
    if not filing_from_on <= filing_until_on <= held_on:
        raise ValidationError(_("First people file, then the election is held."), code="dates")
    election = Election(board=board, filing_from_on=filing_from_on, filing_until_on=filing_until_on, held_on=held_on)
    Election.objects.bulk_create([election], ignore_conflicts=True)
    if not Election.objects.filter(pk=election.pk).exists():
        raise ValidationError(_("There is an election on that day already."), code="twice")
    return election


@transaction.atomic
def call_off_election(*, board: Board, pk: str) -> None:
    """Take an election off the list."""
    Election.objects.filter(board=board, pk=pk).delete()


def _locked(board):
    """Lock a board: what is refused about its seats is looked at by one coordinator at a time."""
    return Board.objects.select_for_update(of=["self"]).select_related("school").get(pk=board.pk)


def _chair(board):
    """Return the term that is in the chair today, or None."""
    chair = SeatTerm.objects.select_related("seat").filter(pk=board.chair_id).first()
    return chair if chair and chair.is_held(on=today_at(board.school)) else None


def alike(one: str, other: str) -> bool:
    """Say whether two names are one, however they were typed."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _refuse_term(board, seat, person, from_on, until_on):
    """Refuse a term that ends before it begins, on a seat that is held then, or of somebody who sits there already."""
    if until_on < from_on:
        raise ValidationError(_("A term ends after it begins."), code="dates")
    same_days = SeatTerm.objects.filter(seat__board=board, from_on__lte=until_on, until_on__gte=from_on)
    held = same_days.filter(seat=seat).order_by("from_on").first()
    if held:
        raise ValidationError(
            _("%(name)s holds this seat in those days. Choose other days, or end that term first.")
            % {"name": held.name or _("A person who left")},
            code="held",
        )
    if person is not None and same_days.filter(person=person).exists():
        raise ValidationError(_("In those days this person holds another seat of this board."), code="sits")


def _refuse_unaware(board, seat, person, knows_it_bars):
    if seat.kind not in BARRING or knows_it_bars or person is None:
        return
    at = clock.now()
    ties = Membership.objects.filter(person=person, school=board.school, kind=Membership.Kind.CAREGIVER)
    if any(tie.is_active(at=at) for tie in ties):
        raise ValidationError(
            _(
                "%(name)s is one of the school's families: while this term lasts, the families' group is closed to "
                "them. Talk with them first, then confirm it."
            )
            % {"name": person.name},
            code="bars",
        )


def _sit(board, seat, person, name, from_on, until_on):
    """Write a term and its tie, which begins and ends at midnight at the school."""
    tie = Membership.objects.create(
        person=person,
        school=board.school,
        kind=seat.kind,
        on_payroll=False,
        since=_midnight(board.school, from_on),
        until=_midnight(board.school, until_on + DAY),
    )
    return SeatTerm.objects.create(
        seat=seat, person=person, membership=tie, name=name, from_on=from_on, until_on=until_on
    )


def _midnight(school, on):
    return datetime.combine(on, time(), ZoneInfo(school.zone))
