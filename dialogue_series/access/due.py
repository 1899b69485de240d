"""What has come due at an instant. Worker only: no page asks these."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from dialogue_series import schedule
from dialogue_series.models import Enrolment, Series, Session
from notifications.models import Intent
from surveys.disclosure import pre_closes_at
from surveys.models import Form, FormPerson, Wave

REMINDERS = ("day_before", "two_hours", "by_hand")
SECOND_REQUEST = "feedback_second_request"
SURVEY_SECOND_REQUEST = "survey_second_request"
SECOND_REQUEST_AFTER = timedelta(days=3)
# A day-before reminder is never due earlier than this before an evening.
REMINDERS_BEGIN = timedelta(days=2)
# The longest that a form stays open; an evening whose form never opened in that time stays without one.
FORMS_ARE_FORGOTTEN_AFTER = timedelta(days=21)
# The survey after stays open two weeks and closes three weeks after the last evening at the latest (trust P7).
SURVEY_AFTER_IS_FORGOTTEN_AFTER = timedelta(days=7)
# Those who have not yet said what they think are asked again shortly before it begins.
ASKED_AGAIN_BEFORE_THE_FIRST = timedelta(days=2)


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
    return list(
        held_sessions()
        .filter(
            ~Exists(asked_again_lately(OuterRef("series__ring"), OuterRef("pk"), at=at)),
            form__closed_at=None,
            form__closes_at__gt=at,
            form__opened_at__lte=at - SECOND_REQUEST_AFTER,
        )
        .order_by("begins")
    )


def asked_again_lately(ring: OuterRef, but: OuterRef, *, at: datetime) -> QuerySet:
    """Return the second requests of the last three days about anything else of a series."""
    sessions = Session.objects.filter(series__ring=OuterRef(ring)).values("pk")
    forms = Form.objects.filter(ring=OuterRef(ring)).values("pk")
    return Intent.objects.filter(
        Q(about__in=sessions) | Q(about__in=forms),
        kind__in=(SECOND_REQUEST, SURVEY_SECOND_REQUEST),
        posted_at__gt=at - SECOND_REQUEST_AFTER,
    ).exclude(about=but)


def sessions_to_forget_requests_of(*, at: datetime) -> list[Session]:
    """List the evenings whose form has closed lately: who was asked again about them is kept no longer."""
    closed = Q(form__closes_at__lte=at) | Q(form__closed_at__isnull=False)
    return list(Session.objects.filter(closed, form__isnull=False, form__closes_at__gt=at - FORMS_ARE_FORGOTTEN_AFTER))


# Windows: the evenings between two conversations with the school


def windows_to_complete(*, at: datetime) -> list[Wave]:
    """List the windows to which no further form will come: each evening had its own, or will never have one."""
    open_windows = Wave.objects.filter(kind=Wave.Kind.WINDOW, complete_at=None, ring__series__isnull=False)
    return [wave for wave in open_windows.select_related("ring__series") if not may_grow(wave, at=at)]


def may_grow(wave: Wave, *, at: datetime) -> bool:
    """Say whether an evening of a window may still be asked about."""
    evenings = Session.objects.filter(series=wave.ring.series).select_related("series__school")
    has_ended = max(session.ends for session in evenings) <= at
    for session in evenings:
        if wave.ring.series.window_of(session.number) != wave.number or session.form_id is not None:
            continue
        # One that was called off may still be given another day, until the series has ended.
        if not has_ended if session.cancelled_at else is_to_be_asked_about(session, at=at):
            return True
    return False


def is_to_be_asked_about(session: Session, *, at: datetime) -> bool:
    """Say whether an evening without a form may still get one."""
    closes = closing(session, opens=schedule.opens_at(session.ends))
    return closes > at and session.ends > at - FORMS_ARE_FORGOTTEN_AFTER


# The surveys before and after


def survey(series: Series, kind: Wave.Kind) -> Form | None:
    """Fetch the form of a series' survey before or after."""
    return Form.objects.filter(wave__ring=series.ring_id, wave__kind=kind).first()


def with_keys() -> QuerySet[Series]:
    """Return the published series of which a form can open."""
    return Series.objects.filter(
        published_at__isnull=False, ring__made_at__isnull=False, ring__destroyed_at=None
    ).select_related("school", "ring")


def series_to_ask_before(*, at: datetime) -> list[Series]:
    """List the series in which somebody has joined whom the survey before does not know of yet."""
    forms = Form.objects.filter(wave__ring=OuterRef("ring"), wave__kind=Wave.Kind.BEFORE)
    known = FormPerson.objects.filter(
        form__wave__ring=OuterRef("series__ring"),
        form__wave__kind=Wave.Kind.BEFORE,
        person=OuterRef("person"),
        may_answer=True,
    )
    unknown = Enrolment.objects.filter(~Exists(known), series=OuterRef("pk"), state=Enrolment.State.JOINED)
    begun = Session.objects.filter(series=OuterRef("pk"), cancelled_at=None, ends__lte=at - FORMS_ARE_FORGOTTEN_AFTER)
    over = Exists(forms.filter(Q(closes_at__lte=at) | Q(closed_at__isnull=False))) | Exists(begun)
    return [
        series
        for series in with_keys().filter(~over, Exists(unknown))
        if (closes_at := survey_before_closes(series)) and closes_at > at
    ]


def survey_before_closes(series: Series) -> datetime | None:
    """Return when the survey before closes if it opens now: around session 2. None where no evening is held."""
    evenings = Session.objects.filter(series=series, cancelled_at=None).order_by("begins")[:2]
    if not evenings:
        return None
    first, *others = evenings
    second_on = others[0].on if others else first.on
    return pre_closes_at(first.ends, second_on, series.school.zone)


def series_to_ask_after(*, at: datetime) -> list[Series]:
    """List the series whose last evening ended half an hour ago; one that was called off counts by its day."""
    asked = Form.objects.filter(wave__ring=OuterRef("ring"), wave__kind=Wave.Kind.AFTER)
    over = with_keys().annotate(
        last=Max("sessions__ends"), held=Count("sessions", filter=Q(sessions__cancelled_at=None))
    )
    return list(
        over.filter(
            ~Exists(asked),
            held__gt=0,
            last__lte=at - schedule.FORM_OPENS_AFTER,
            last__gt=at - SURVEY_AFTER_IS_FORGOTTEN_AFTER,
        )
    )


def surveys_to_ask_again_about(*, at: datetime) -> list[Form]:
    """List the open surveys three days old, the one before not until it is about to begin."""
    not_yet = Session.objects.filter(
        series__ring=OuterRef("ring"), number=1, begins__gt=at + ASKED_AGAIN_BEFORE_THE_FIRST
    )
    return list(
        surveys().filter(
            ~Exists(asked_again_lately(OuterRef("ring"), OuterRef("pk"), at=at)),
            ~(Q(wave__kind=Wave.Kind.BEFORE) & Exists(not_yet)),
            closed_at=None,
            closes_at__gt=at,
            opened_at__lte=at - SECOND_REQUEST_AFTER,
        )
    )


def surveys_to_forget_requests_of(*, at: datetime) -> list[Form]:
    """List the surveys that have closed lately: who was asked again about them is kept no longer."""
    closed = Q(closes_at__lte=at) | Q(closed_at__isnull=False)
    return list(surveys().filter(closed, closes_at__gt=at - FORMS_ARE_FORGOTTEN_AFTER))


def surveys() -> QuerySet[Form]:
    """Return the forms of all surveys before and after."""
    return Form.objects.filter(wave__kind__in=(Wave.Kind.BEFORE, Wave.Kind.AFTER), ring__series__isnull=False)


def joined_lately(form: Form, *, at: datetime) -> set[UUID]:
    """Return who has joined within three days: their first request is not old enough for a second one."""
    lately = Enrolment.objects.filter(series__ring=form.ring_id, joined_at__gt=at - SECOND_REQUEST_AFTER)
    return set(lately.values_list("person", flat=True))
