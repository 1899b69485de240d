"""Run once when a backup was restored, before the worker starts again."""

from django.core.management.base import BaseCommand

from accounts import erased, rights
from notifications import expand, settle


class Command(BaseCommand):
    """Whoever was erased since is erased again. What was due may have gone after the backup was made: e-mails repeat
    under the same Message-ID, texts do not."""

    help = __doc__

    def handle(self, **options):
        people = erased.read()
        for person in people:
            rights.erase(person=person)
        expand.waiting()
        count = settle.doubt_texts()
        self.stdout.write(f"{count} texts may have gone already: each goes by e-mail where there is one.")
        self.stdout.write(f"{len(people)} people had been erased, and are erased again.")
