"""kill -9 at every step of a real worker that seals, opens, releases and destroys: afterwards all of it, once."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.database import acting
from surveys import actions, releases, sealing
from surveys.models import Comment, EvaluatorFile, FormPerson, InboxBox, KeyRing, Release, Sheet, WaitingComment, Wave
from tests.surveys.conftest import CLOSES, answer, open_form, over, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def worker(django_db_setup, django_db_blocker):
    """The other process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.surveys.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings_test",
            "TEST_DATA_DIR": str(settings.DATA_DIR),
            "TEST_DATABASE": connection.settings_dict["NAME"],
        },
    )
    assert process.stdout.readline() == "ready\n"
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def run(worker, clock):
    """Let the other process do one task, and die before one of its steps if that is said."""

    def order(task, die_at=None):
        told = {"task": task, "at": clock.at.isoformat(), "keys": str(settings.KEYS_DIR), "die_at": die_at}
        worker.stdin.write(json.dumps(told) + "\n")
        worker.stdin.flush()
        return json.loads(worker.stdout.readline())

    return order


def found():
    """All that the jobs write, without what is drawn at random."""
    with acting("worker"), transaction.atomic():
        return {
            "boxes": sorted(len(box.box) for box in InboxBox.objects.all()),
            "lists": FormPerson.objects.count(),
            "sheets": Counter(json.dumps(answers, sort_keys=True) for answers in all_of(Sheet, "answers")),
            "pairs": sorted(Counter(bytes(pair) for pair in all_of(Sheet, "pair") if pair).values()),
            "lines": sorted(all_of(Comment, "text")),
            "waiting": WaitingComment.objects.count(),
            "results": sorted(Release.objects.values_list("wave__kind", "item__slug", "basis", "n_band", "band")),
            "waves": sorted(Wave.objects.values_list("kind", "sealed_at", "families_at", "leaders_at", "released_at")),
            "rings": all_of(KeyRing, "destroyed_at"),
            "files": EvaluatorFile.objects.count(),
        }


def all_of(model, column):
    return list(model.objects.values_list(column, flat=True))


def survives(run, task, prepare):
    """Kill a task before each of its steps, each time from the same state: nothing or all is done, and then all."""
    prepare()
    before = found()
    steps = run(task)["steps"]
    after = found()
    assert before != after
    wrong = {}
    for step, name in enumerate(steps):
        reset()
        prepare()
        killed = run(task, die_at=step)["signal"]
        left = found()
        run(task)
        if killed != 9 or left not in (before, after) or found() != after:
            wrong[step] = name
    assert wrong == {}
    return steps


def reset():
    """Forget all forms and what came of them; the people and the questions stay."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE surveys_keyring, surveys_form CASCADE")


@pytest.fixture
def asked(school, families, clock):
    """Make a ring with one form of a kind, answered by all, three lines among them."""
    start = clock.at

    def make(kind="window", ring=None, lines=3):
        clock.move_to(start)
        ring = ring or actions.start_ring(ends_on=CLOSES.date())
        actions.make_ring_keys(ring=ring.pk)
        form = open_form(school, ring, families, kind=kind)
        for n, person in enumerate(families):
            answer(form, person, ("a_lot", "a_little")[n % 2], comment=f"línea {n}" if n < lines else "")
        actions.complete(wave=form.wave)
        clock.move_to(CLOSES)
        return form

    return make


@pytest.fixture(autouse=True)
def _published(form):
    """The questions are there; their first form is not needed."""
    reset()


def test_opening_free_lines_survives_kill_9_at_every_step(run, asked):
    steps = survives(run, "close_due_forms", asked)
    assert len(steps) > 10


def test_sealing_survives_kill_9_at_every_step(run, asked):
    def closed():
        form = asked()
        work(actions.close_form, form=form.pk)
        work(releases.open_comments, form=form.pk)

    assert len(survives(run, "seal_due_waves", closed)) > 10


def test_pairing_survives_kill_9_at_every_step(run, asked, clock):
    def closed():
        before = asked("before")
        over(before.wave, clock)
        after = asked("after", before.ring)
        work(actions.close_form, form=after.pk)
        work(releases.open_comments, form=after.pk)

    survives(run, "seal_due_waves", closed)
    assert found()["pairs"] == [2] * 8


def test_a_release_survives_kill_9_at_every_step(run, asked, clock):
    def due():
        wave = over(asked().wave, clock)
        clock.move_to(wave.families_at)

    assert len(survives(run, "release_due_waves", due)) > 10
    assert len(found()["results"]) == 4


def test_the_end_of_the_keys_survives_kill_9_at_every_step(run, asked, clock):
    def due():
        over(asked().wave, clock)
        clock.move_to(CLOSES + timedelta(days=40))

    steps = []
    due()
    steps = run("end_rings")["steps"]
    assert {"before sync", "after sync"} < set(steps)
    for step, name in enumerate(steps):
        reset()
        due()
        ring = KeyRing.objects.get()
        run("end_rings", die_at=step)
        # Said to be destroyed only where they are.
        if KeyRing.objects.get().destroyed_at is not None:
            with pytest.raises(sealing.NoKeys):
                sealing.Opener(ring.pk)
        run("end_rings")
        with pytest.raises(sealing.NoKeys):
            sealing.Opener(ring.pk)
        assert (KeyRing.objects.get().destroyed_at, EvaluatorFile.objects.count()) == (clock.at, 1), name
