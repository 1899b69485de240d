"""Asking families the same questions before the ten evenings and after them. Worker only."""

from django.db import transaction

from dialogue_series.access import due
from dialogue_series.access.families import joined
from dialogue_series.models import Series
from notifications import clock, outbox
from notifications.models import Message
from surveys.actions import add_to_form, complete, open_form, wave_of
from surveys.disclosure import post_closes_at
from surveys.models import Form, FormPerson, Wave


@transaction.atomic
def ask_before(*, series: Series) -> Form | None:
    """Ask everybody who has joined before it begins, each as she joins; the closing is fixed by the first.

    Returns the form, or None where it is too late, or nobody has joined.
    """
    series = locked(series)
    now = clock.now()
    form, people = due.survey(series, Wave.Kind.BEFORE), joined(series, at=now)
    if form is None:
        closes_at = due.survey_before_closes(series)
        if closes_at <= now or not people.exists():
            return None
        form = open_survey(series, Wave.Kind.BEFORE, people=[], opens_at=now, closes_at=closes_at)
    if form.is_open(at=now):
        listed = FormPerson.objects.filter(form=form, may_answer=True).values("person")
        for person in people.exclude(pk__in=listed):
            add_to_form(form=form, person=person)
            outbox.post(kind="survey_request", about=form.pk, to=person)
    return form


@transaction.atomic
def ask_after(*, series: Series) -> Form | None:
    """Ask everybody who holds a place half an hour after the last evening; None where nobody does."""
    series = locked(series)
    now = clock.now()
    people = list(joined(series, at=now))
    form = due.survey(series, Wave.Kind.AFTER)
    if form is None and people:
        closes_at = post_closes_at(now, series.school.zone)
        form = open_survey(series, Wave.Kind.AFTER, people=people, opens_at=now, closes_at=closes_at)
        outbox.post(kind="survey_request", about=form.pk)
    return form


def open_survey(series, kind, *, people, opens_at, closes_at):
    """Open the one form of a survey."""
    wave = wave_of(school=series.school, ring=series.ring, kind=kind)
    form = open_form(
        wave=wave,
        instrument=series.survey,
        people=people,
        evening_on=None,
        opens_at=opens_at,
        closes_at=closes_at,
    )
    complete(wave=wave)
    return form


def locked(series: Series) -> Series:
    """Return the series as it is now, its row locked."""
    return Series.objects.select_for_update(of=("self",)).select_related("school", "ring").get(pk=series.pk)


def ask_again(*, form: Form) -> None:
    """Post one gentle second request; the worker finds out who has not answered and tells nobody."""
    outbox.post(kind=due.SURVEY_SECOND_REQUEST, about=form.pk)


@transaction.atomic
def forget_second_requests(*, form: Form) -> None:
    """Delete the rows that tell who was asked again: once the form has closed they serve nobody."""
    Message.objects.filter(kind=due.SURVEY_SECOND_REQUEST, about=form.pk).delete()
