"""What has come due at an instant. Worker only: no page asks these."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from dialogue_series import schedule
from dialogue_series.models import Session
from notifications.models import Intent

REMINDERS = ("day_before", "two_hours", "by_hand")
SECOND_REQUEST = "feedback_second_request"
SECOND_REQUEST_AFTER = timedelta(days=3)
# A day-before reminder is never due earlier than this before an evening.
REMINDERS_BEGIN = timedelta(days=2)
# The longest that a form stays open; an evening whose form never opened in that time stays without one.
FORMS_ARE_FORGOTTEN_AFTER = timedelta(days=21)


def held_sessions() -> QuerySet:
    """Return the evenings of published series that were not cancelled."""
    return Session.objects.filter(cancelled_at=None, series__published_at__isnull=False).select_related(
        "series__school", "series__ring", "form"
    )


def reminders(*, at: datetime) -> Iterator[tuple[Session, str]]:
    """Yield each evening to come with the reminder that is due; a moved evening is reminded of anew."""
    for session in held_sessions().filter(begins__gt=at, begins__lte=at + REMINDERS_BEGIN).order_by("begins"):
        where = (session.on, session.starts_at, session.series.school.zone)
        two_hours = schedule.reminder_at("two_hours_before", *where)
        if two_hours <= at:
            if session.series.same_day_reminder:
                yield session, occurrence(session, "two_hours")
        elif schedule.reminder_at("day_before", *where) <= at:
            yield session, occurrence(session, "day_before")


def occurrence(session: Session, offset: str) -> str:
    """Name a reminder by its offset and, once the evening has moved, by how often: never by a time."""
    return f"{offset}.{session.moves}" if session.moves else offset


def sessions_to_ask_about(*, at: datetime) -> list[Session]:
    """List the evenings whose form should open now: over for half an hour, and its time not over as well."""
    over = held_sessions().filter(
        form=None,
        series__ring__made_at__isnull=False,
        series__ring__destroyed_at=None,
        ends__lte=at - schedule.FORM_OPENS_AFTER,
        ends__gt=at - FORMS_ARE_FORGOTTEN_AFTER,
    )
    return [
        session for session in over.order_by("ends") if closing(session, opens=schedule.opens_at(session.ends)) > at
    ]


def closing(session: Session, *, opens: datetime) -> datetime:
    """Return when the form of an evening closes if it opens at this instant."""
    return schedule.closes_at(opens, next_on(session), session.series.school.zone)


def next_on(session: Session) -> date | None:
    """Return the day of the evening that follows, or None after the last."""
    following = Session.objects.filter(series=session.series_id, cancelled_at=None, begins__gt=session.begins)
    return following.order_by("begins").values_list("on", flat=True).first()


def sessions_to_ask_again_about(*, at: datetime) -> list[Session]:
    """List the evenings whose open form is three days old; nobody is asked again twice in three days."""
    of_another_evening = Intent.objects.filter(
        kind=SECOND_REQUEST,
        posted_at__gt=at - SECOND_REQUEST_AFTER,
        about__in=Session.objects.filter(series=OuterRef(OuterRef("series"))).values("pk"),
    ).exclude(about=OuterRef("pk"))
    return list(
        held_sessions()
        .filter(
            ~Exists(of_another_evening),
            form__closed_at=None,
            form__closes_at__gt=at,
            form__opened_at__lte=at - SECOND_REQUEST_AFTER,
        )
        .order_by("begins")
    )


def sessions_to_forget_requests_of(*, at: datetime) -> list[Session]:
    """List the evenings whose form has closed lately: who was asked again about them is kept no longer."""
    closed = Q(form__closes_at__lte=at) | Q(form__closed_at__isnull=False)
    return list(Session.objects.filter(closed, form__isnull=False, form__closes_at__gt=at - FORMS_ARE_FORGOTTEN_AFTER))
