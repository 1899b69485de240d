"""Loads the demonstration school; safe to run again. Only with the embedded servers."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.database import acting
from config.demo import story


class Command(BaseCommand):
    """Runs under the worker's login and makes the key rings, as the worker does."""

    help = __doc__

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration exists only with the embedded servers, on this machine.")
        with acting("worker"):
            story.tell()
