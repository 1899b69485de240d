"""Planning ten evenings, and changing one of them afterwards."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from secrets import choice
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, School
from dialogue_series import schedule
from dialogue_series.access import due, questions
from dialogue_series.access.logistics import last_day_of, local_day, no_school_of, others_of
from dialogue_series.models import Series, Session, SupportRequest
from dialogue_series.wording import PROBLEMS
from notifications import clock, outbox
from partnerships.actions.spaces import open_group
from surveys.actions import move_ring_end, start_ring

# Letters and digits that nobody takes for one another on paper.
FLYER_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
FLYER_LENGTH = 8


@transaction.atomic
def create_series(
    *,
    school: School,
    name: str,
    language: str,
    evenings: Iterable[tuple[int, date]],
    starts_at: time,
    minutes: int,
    place: str,
    video_url: str,
    dial_in: str,
    offers: list[str],
    facilitators: list[Person],
    by: Person,
    key: UUID | None = None,
) -> Series:
    """Publish a series of ten evenings with its group and its ring of keys; the same `key` makes it once.

    Raises ValidationError `no_parent_facilitator` or `not_ten`.
    """
    key = key or uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [str(key)])
    if made := Series.objects.filter(pk=key, school=school).first():
        return made
    evenings = sorted(evenings)
    if [number for number, _on in evenings] != list(range(1, schedule.SESSIONS_PER_SERIES + 1)):
        raise ValidationError(_("A series has ten sessions, each with its date."), code="not_ten")
    at = clock.now()
    series = Series.objects.create(
        pk=key,
        school=school,
        group=open_group(school=school, name=name, facilitators=facilitators, at=at),
        ring=start_ring(ends_on=evenings[-1][1]),
        name=name,
        language=language,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        video_url=video_url,
        dial_in=dial_in,
        offers=offers,
        flyer_code="".join(choice(FLYER_LETTERS) for _letter in range(FLYER_LENGTH)),
        published_at=at,
    )
    Session.objects.bulk_create(
        Session(
            series=series, number=number, topic_id=number, minutes=minutes, **at_time(on, starts_at, minutes, school)
        )
        for number, on in evenings
    )
    return series


@transaction.atomic
def change_series(*, series: Series, place: str, video_url: str, dial_in: str, offers: list[str], by: Person) -> Series:
    """Say anew where a series meets and what it offers: pages have it at once, messages from the next one on."""
    said = {"place": place, "video_url": video_url, "dial_in": dial_in, "offers": offers}
    for field, value in said.items():
        setattr(series, field, value)
    series.save(update_fields=said)
    return series


@transaction.atomic
def choose_questions(*, series: Series, survey: str, feedback: str, by: Person) -> Series:
    """Say which questions a series asks, until it has asked; raises ValidationError `begun` or `unknown`."""
    series = Series.objects.select_for_update(of=("self",)).select_related("school").get(pk=series.pk)
    said, before = {"survey": survey, "feedback": feedback}, questions.begun(series)
    if any(getattr(series, which) != said[which] for which in before):
        raise ValidationError(_("Families have answered these questions already, so they stay."), code="begun")
    if not set(said.values()) <= {row.slug for row in questions.choices(series)}:
        raise ValidationError(_("Choose questions that are published."), code="unknown")
    Series.objects.filter(pk=series.pk).update(**said)
    return series


def at_time(on: date, starts_at: time, minutes: int, school: School) -> dict[str, date | time | datetime]:
    """Return when an evening is: the day and the time on the school's wall, and the instants that follow from them."""
    begins = schedule.instant(on, starts_at, school.zone)
    return {"on": on, "starts_at": starts_at, "begins": begins, "ends": begins + timedelta(minutes=minutes)}


def move_refusal(*, session: Session, on: date, use_anyway: bool = False) -> ValidationError | None:
    """Return why an evening cannot move to this day, or nothing; `use_anyway` overrules a no-school day."""
    if session.came is not None or session.is_over(at=clock.now()):
        return ValidationError(_("This session has been held, so its date stays."), code="held")
    school = session.series.school
    problem = schedule.move_problem(
        on,
        {} if use_anyway else no_school_of(school),
        others_of(session),
        local_day(school),
        number=session.number,
        last_day=last_day_of(school),
    )
    return ValidationError(PROBLEMS[problem], code=problem) if problem else None


@transaction.atomic
def move_session(*, session: Session, on: date, starts_at: time, by: Person, use_anyway: bool = False) -> Session:
    """Move an evening to another day or hour; it keeps its number, a cancelled one is held after all, families hear.

    Raises ValidationError with the code of schedule.move_problem, `held` or `past`. The same move twice is one move.
    """
    session = locked(session)
    if (session.on, session.starts_at, session.cancelled_at) == (on, starts_at, None):
        return session
    if refusal := move_refusal(session=session, on=on, use_anyway=use_anyway):
        raise refusal
    moved = at_time(on, starts_at, session.minutes, session.series.school)
    if moved["begins"] <= clock.now():
        raise ValidationError(_("That time has already passed. Choose a later one."), code="past")
    for field, value in moved.items():
        setattr(session, field, value)
    session.moves += 1
    session.cancelled_at = None
    session.save(update_fields=[*moved, "moves", "cancelled_at"])
    end_ring_with_last_evening(session.series)
    outbox.post(kind="session_moved", about=session.pk, occurrence=f"move-{session.moves}")
    return session


@transaction.atomic
def cancel_session(*, session: Session, by: Person) -> Session:
    """Call an evening off; families hear of it, and it can still be given a new date."""
    session = locked(session)
    if session.cancelled_at is not None:
        return session
    if session.has_started(at=clock.now()):
        raise ValidationError(_("This session has begun, so it cannot be cancelled."), code="begun")
    session.cancelled_at = clock.now()
    session.save(update_fields=["cancelled_at"])
    end_ring_with_last_evening(session.series)
    outbox.post(kind="session_cancelled", about=session.pk, occurrence=f"cancel.{session.moves}")
    return session


def locked(session: Session) -> Session:
    """Return the evening as it is now, its row locked and its series with it."""
    return (
        Session.objects.select_for_update(of=("self", "series"))
        .select_related("series__school", "series__ring")
        .get(pk=session.pk)
    )


def end_ring_with_last_evening(series: Series) -> None:
    """Let the ring of a series end on the day of its last evening (trust.md S5)."""
    last = Session.objects.filter(series=series, cancelled_at=None).order_by("-on").values_list("on", flat=True).first()
    if last is not None and last != series.ring.ends_on:
        move_ring_end(ring=series.ring, ends_on=last)


@transaction.atomic
def arrange(*, session: Session, kind: str, is_arranged: bool) -> None:
    """Note that a kind of help is arranged for everybody who asked for it this evening, or that it is not yet."""
    asked = SupportRequest.objects.filter(session=session, kind=kind)
    if is_arranged:
        asked.filter(arranged_at=None).update(arranged_at=clock.now())
    else:
        asked.update(arranged_at=None)


@transaction.atomic
def remind(*, session: Session, person: Person) -> None:
    """Send somebody who has not answered one more reminder of an evening; asking twice sends one."""
    if session.is_over(at=clock.now()) or session.cancelled_at is not None:
        raise ValidationError(_("This session is over, so there is nothing to remind of."), code="over")
    occurrence = due.occurrence(session, "by_hand")
    outbox.post(kind="session_reminder", about=session.pk, occurrence=occurrence, to=person)
