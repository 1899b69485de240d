"""Publishes the instruments that come with the product; safe to run again, changed words make a new version."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand

from surveys.actions import publish


class Command(BaseCommand):
    """Reads fixtures/instruments.json, as the worker."""

    help = __doc__

    def handle(self, **options):
        for written in json.loads((settings.BASE_DIR / "fixtures" / "instruments.json").read_text()):
            publish(written=written)
