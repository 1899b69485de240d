"""What the worker does about results, at each interval of the timetable."""

from datetime import timedelta

from celery import shared_task

from dialogue_series.access import checkins
from dialogue_series.actions.checkins import open_checkin
from insights import packets, waiting
from insights.access import windows_without_help
from insights.actions import build_packet, freeze_help
from insights.reports import actions as reports
from notifications import clock, outbox
from partnerships.access.commitments import schools_that_owe
from surveys.models import Wave

LATELY = timedelta(days=7)


@shared_task
def tell_results():
    """Post that results are out, to both sides: each kind of message knows its readers' hour."""
    released = Wave.objects.filter(released_at__gt=clock.now() - LATELY, ring__series__isnull=False)
    # The survey before is released with the one after: one message says both.
    for wave in released.exclude(kind=Wave.Kind.BEFORE).values_list("pk", flat=True):
        outbox.post(kind="results_for_families", about=wave)
        outbox.post(kind="results_for_leaders", about=wave)


@shared_task
def show_help():
    """Freeze which help was asked for, whenever a window of evenings reaches leaders."""
    for wave in windows_without_help(at=clock.now()):
        freeze_help(series=wave.ring.series, window=wave.number)


@shared_task
def make_reports():
    """Make every version of a report that is due, or that somebody asked for."""
    reports.make_waiting()


@shared_task
def tell_words_that_wait():
    """Post to families that something of theirs leaves the group unless one of them keeps it; once about each."""
    for pk in waiting.all_waiting(at=clock.now()):
        outbox.post(kind="words_wait", about=pk)


@shared_task
def tell_answers_due():
    """Post to leaders, on a Monday from nine, what their school owes its families."""
    for school, week in schools_that_owe(at=clock.now()):
        outbox.post(kind="answers_due", about=school.pk, occurrence=week)


@shared_task
def open_checkins():
    """Open check-ins after evenings that were held, build what leaders read before, and remind who must come."""
    at = clock.now()
    for session in checkins.sessions_to_talk_about(at=at):
        open_checkin(session=session)
    for checkin in packets.checkins_without_packet(at=at):
        build_packet(checkin=checkin)
    for checkin in packets.packets_gone(at=at):
        outbox.post(kind="checkin_packet", about=checkin)
    for checkin, occurrence in packets.reminders(at=at):
        outbox.post(kind="checkin_due", about=checkin.pk, occurrence=occurrence)
