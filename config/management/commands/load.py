"""Loads what comes with the product: topics, instruments and, on the embedded servers, a school; safe to run again."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """One process for all of it: to start Django takes longer than to load."""

    help = __doc__

    def handle(self, **options):
        call_command("load_curriculum")
        call_command("load_instruments")
        if settings.DEMO:
            call_command("load_demo")
