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


app = Celery("dialogue_series", task_cls=WorkerTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
