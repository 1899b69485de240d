"""Loads the ten topics from fixtures/curriculum.json; safe to run again."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.database import acting
from dialogue_series.actions.curriculum import keep_curriculum


class Command(BaseCommand):
    """Runs under the worker's login."""

    help = __doc__

    def handle(self, **options):
        with acting("worker"):
            keep_curriculum(topics=json.loads((settings.BASE_DIR / "fixtures" / "curriculum.json").read_text()))
