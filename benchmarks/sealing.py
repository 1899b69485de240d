"""Opening the boxes of one large wave in one worker: how long it takes, and whether memory grows with it.

`measure` lets these three run, each in a process of its own:

python -m benchmarks.sealing open 1000    as the worker: opens a form to so many, prints its key
python -m benchmarks.sealing fill KEY     as the owner: puts a box of everybody into the inbox, a line in every fourth
python -m benchmarks.sealing seal KEY     as the worker: opens free lines, then boxes; prints seconds and megabytes
"""

import json
import resource
import sys
import time
from datetime import timedelta

import django

from benchmarks.processes import cluster, prepare, python

if __name__ == "__main__":
    django.setup()

    from django.db import transaction

    from accounts.database import acting
    from benchmarks.prepare import open_form as open_benchmark
    from notifications import clock
    from surveys import actions, questionnaire, releases, sealing
    from surveys.models import Form, FormPerson, InboxBox, Sheet

SIZES = (10_000, 100_000)
# Seconds, for the largest.
WITHIN = 60
# Memory is flat where ten times as many sheets take no tenth more.
FLAT = 1.1


def measure() -> tuple[list[str], bool]:
    """Return the lines of the table, and whether everything held."""
    lines, peaks, good = [], [], True
    with cluster() as data:
        prepare(data)
        for size in SIZES:
            form = json.loads(python(data, "worker", "-m", "benchmarks.sealing", "open", str(size)))
            python(data, "owner", "-m", "benchmarks.sealing", "fill", form)
            one = json.loads(python(data, "worker", "-m", "benchmarks.sealing", "seal", form))
            sys.stderr.write(f"seal {one}\n")
            peaks.append(one["megabytes"])
            took = one["lines"] + one["boxes"]
            good &= (one["sheets"], one["left"]) == (size, 0) and took < WITHIN
            lines.append(
                f"| {size:,} | {one['lines']:.1f} | {one['boxes']:.1f} | **{took:.1f}** | {one['megabytes']:.0f} |"
            )
    return lines, good and peaks[-1] < FLAT * peaks[0]


def open_form(people: int):
    """Open a form; return its key."""
    with acting("worker"), transaction.atomic():
        return str(open_benchmark(people)[0].pk)


def fill(form: str):
    """Put a sheet of everybody on the form's list into the inbox, as many processes would in a week."""
    row = Form.objects.get(pk=form)
    asked = questionnaire.read(row.instrument_id, "en")
    keys = sealing.Opener(row.ring_id)
    people = FormPerson.objects.filter(form=row).values_list("person", flat=True)
    for chunk in releases.chunks(people.iterator(chunk_size=releases.CHUNK)):
        InboxBox.objects.bulk_create(
            InboxBox(
                key=keys.box_key(person=person, form=row.pk),
                form=row,
                box=sealing.Sealer(row.ring_id).seal(answers(asked, number), length=asked.sheet_length),
                comment_box=keys.seal_comment("" if number % 4 else "It helped me."),
            )
            for number, person in enumerate(chunk)
        )
    return InboxBox.objects.filter(form=row).count()


def answers(asked, number):
    """Return a sheet; one question of it is not answered."""
    values = [question.options[(number + n) % 5][0] for n, question in enumerate(asked.sealed)]
    return dict(zip([question.slug for question in asked.sealed], [None, *values[1:]], strict=True))


def seal(form: str):
    """Let the form's time be over, and do what the worker does; return seconds, megabytes and sheets."""
    with acting("worker"), transaction.atomic():
        row = Form.objects.select_related("wave").get(pk=form)
        Form.objects.filter(pk=form).update(opened_at=clock.now() - timedelta(days=9), closes_at=clock.now())
        actions.complete(wave=row.wave)
        actions.close_form(form=row.pk)
    began = time.perf_counter()
    with acting("worker"):
        releases.open_comments(form=row.pk)
        lines_took = time.perf_counter() - began
        releases.seal(wave=row.wave_id)
        took = time.perf_counter() - began
        with transaction.atomic():
            sheets, left = Sheet.objects.filter(wave=row.wave_id).count(), InboxBox.objects.filter(form=row).count()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"lines": lines_took, "boxes": took - lines_took, "megabytes": megabytes, "sheets": sheets, "left": left}


if __name__ == "__main__":
    command = {"open": lambda given: open_form(int(given)), "fill": fill, "seal": seal}[sys.argv[1]]
    json.dump(command(sys.argv[2]), sys.stdout)
