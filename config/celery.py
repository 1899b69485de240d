"""The worker, and the whole timetable: intervals only; each task asks the clock what is due."""

import os

from celery import Celery, Task

from accounts.database import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PROCESS", "worker")


class WorkerTask(Task):
    """A task runs as the worker's database role; its arguments are ids."""

    def __call__(self, *args, **kwargs):
        with acting("worker"):
            return super().__call__(*args, **kwargs)


# What runs, and every how many seconds. A run that nobody took before the next one is due is not needed.
TIMETABLE = {
    "notifications.tasks.expand_intents": 5,
    "notifications.tasks.send_due": 5,
    "notifications.tasks.settle_events": 10,
    "accounts.tasks.answer_requests": 10,
    "accounts.tasks.forget_old": 3600,
    "surveys.tasks.make_key_rings": 10,
    "surveys.tasks.close_due_forms": 60,
    "surveys.tasks.seal_due_waves": 60,
    "surveys.tasks.release_due_waves": 60,
    "surveys.tasks.end_rings": 3600,
    "partnerships.tasks.try_doors": 10,
    "partnerships.tasks.count_steps": 3600,
    "partnerships.tasks.open_consultations": 10,
    "partnerships.tasks.tell_consultations": 60,
    "partnerships.tasks.issue_receipts": 60,
    "dialogue_series.tasks.post_reminders": 10,
    "dialogue_series.tasks.open_feedback_forms": 10,
    "dialogue_series.tasks.open_surveys": 10,
    "dialogue_series.tasks.complete_windows": 60,
    "dialogue_series.tasks.post_second_requests": 300,
    "dialogue_series.tasks.forget_second_requests": 300,
    "dialogue_series.tasks.note_sessions_of_requests": 60,
    "insights.tasks.tell_results": 60,
    "insights.tasks.open_checkins": 60,
    "insights.tasks.tell_answers_due": 300,
    "insights.tasks.tell_words_that_wait": 60,
    "insights.tasks.make_reports": 10,
    "insights.tasks.show_help": 60,
}

app = Celery("dialogue_series", task_cls=WorkerTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    beat_schedule={
        task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
        for task, seconds in TIMETABLE.items()
    },
    task_ignore_result=True,
    # A page that posts a message while the broker is away waits milliseconds, not the library's six seconds.
    broker_transport_options={
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    },
)
app.autodiscover_tasks()
