"""Run once when a backup was restored, before the worker starts again."""

from django.core.management.base import BaseCommand

from notifications import expand, settle


class Command(BaseCommand):
    """What was due may have gone after the backup was made: e-mails repeat under the same Message-ID, texts do not."""

    help = __doc__

    def handle(self, **options):
        expand.waiting()
        count = settle.doubt_texts()
        self.stdout.write(f"{count} texts may have gone already: each goes by e-mail where there is one.")
