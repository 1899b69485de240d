"""What the worker does for the evenings, at each interval of the timetable; each asks the clock what is due."""

from celery import shared_task

from dialogue_series.access import due
from dialogue_series.actions import feedback, requests, surveying
from notifications import clock, outbox
from surveys.actions import complete, note_at_least_five


@shared_task
def post_reminders():
    """Post the reminders that have come due: the day before, and two hours before."""
    for session, occurrence in due.reminders(at=clock.now()):
        outbox.post(kind="session_reminder", about=session.pk, occurrence=occurrence)


@shared_task
def open_feedback_forms():
    """Open the form of every evening that ended half an hour ago."""
    for session in due.sessions_to_ask_about(at=clock.now()):
        feedback.open_feedback(session=session)


@shared_task
def open_surveys():
    """Ask whoever has joined, before it begins; and everybody again after the last evening."""
    for series in due.series_to_ask_before(at=clock.now()):
        surveying.ask_before(series=series)
    for series in due.series_to_ask_after(at=clock.now()):
        surveying.ask_after(series=series)


@shared_task
def complete_windows():
    """Say of each window of evenings that no further form will come to it."""
    for wave in due.windows_to_complete(at=clock.now()):
        complete(wave=wave)


@shared_task
def post_second_requests():
    """Ask once more about every form that has been open for three days."""
    for session in due.sessions_to_ask_again_about(at=clock.now()):
        note_at_least_five(form=session.form)
        feedback.ask_again(session=session)
    for form in due.surveys_to_ask_again_about(at=clock.now()):
        note_at_least_five(form=form)
        surveying.ask_again(form=form)


@shared_task
def forget_second_requests():
    """Delete who was asked again, once the form has closed."""
    for session in due.sessions_to_forget_requests_of(at=clock.now()):
        feedback.forget_second_requests(session=session)
    for form in due.surveys_to_forget_requests_of(at=clock.now()):
        surveying.forget_second_requests(form=form)


@shared_task
def note_sessions_of_requests():
    """Write after which evening each request to the school was asked."""
    requests.note_sessions()
