"""Compiles the words of each language, without GNU gettext on the machine."""

from django.core.management.base import BaseCommand

from config import catalogue


class Command(BaseCommand):
    help = "Compile locale/*/LC_MESSAGES/*.po where they changed."
    requires_system_checks = []

    def handle(self, **options):
        for path in catalogue.compile_stale():
            self.stdout.write(f"Compiled {path.relative_to(catalogue.LOCALE)}")
