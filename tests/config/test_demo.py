"""The demonstration exists only with the embedded servers and on loopback; what its story leaves there."""

import json
import os
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

from accounts.database import acting
from config.celery import TIMETABLE
from config.demo import actions, story
from dialogue_series.models import CheckIn, Session
from insights.models import Finding, ReleasedLine, Report, TalkNote
from insights.tasks import make_reports
from partnerships.models import Commitment
from tests.journeys.product import next_evening

ASK = """
import json
from django.conf import settings
from django.core.management import get_commands
import django
django.setup()
from accounts.routes import walk
print(json.dumps([settings.DEMO, settings.CLOCK_MOVES, [where for where, _, _ in walk() if where.startswith("demo")]]))
"""
DEPLOYED = {
    "DATABASE_URL": "postgresql://owner:secret@db/dialogue",
    "REDIS_URL": "redis://redis/0",
    "SECRET_KEY": "x" * 60,
    "BASE_URL": "https://evenings.example.org",
}


def product_with(**environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(answer.stdout)


def test_under_make_run_the_demonstration_is_there(tmp_path):
    demo, moves, addresses = product_with(DATA_DIR=str(tmp_path), EMBEDDED="1")
    assert (demo, moves) == (True, True)
    assert addresses == ["demo/", "demo/enter/", "demo/clock/", "demo/inbox/"]


@pytest.mark.parametrize(
    "environment",
    [
        {"EMBEDDED": "1", "HOST": "0.0.0.0"},  # noqa: S104 - what must not be served
        {"EMBEDDED": "1", **DEPLOYED},
        DEPLOYED,
        {},
    ],
    ids=["listening to everybody", "a database was given", "deployed", "not started by the supervisor"],
)
def test_otherwise_it_is_absent_and_the_clock_stands(environment, tmp_path):
    assert product_with(DATA_DIR=str(tmp_path), **environment) == [False, False, []]


@pytest.mark.django_db
def test_whoever_moves_the_clock_wakes_the_worker_for_each_task_once(django_capture_on_commit_callbacks):
    with acting("demo"), django_capture_on_commit_callbacks() as woken:
        actions.move_clock_by(timedelta(hours=1))
        actions.move_clock_by(timedelta(hours=1))
    assert len(woken) == len(TIMETABLE)


# A Thursday from the hour of the evening until its form is open.
@pytest.mark.real_time
@pytest.mark.django_db
@pytest.mark.parametrize("at", [time(17, 59), time(18), time(19, 34), time(19, 35)])
def test_the_story_can_be_told_while_an_evening_is_being_held(at):
    call_command("load_curriculum")
    call_command("load_instruments")
    today = datetime.combine(date(2027, 2, 4), at, ZoneInfo("America/Chicago"))
    with time_machine.travel(today, tick=False), acting("worker"):
        story.tell()
        assert Session.objects.get(series__name="Familias de otoño", number=6).on == next_evening()


@pytest.mark.real_time
@pytest.mark.django_db
def test_last_year_s_series_is_told_to_its_end_with_what_was_learned_of_it():
    call_command("load_curriculum")
    call_command("load_instruments")
    with acting("worker"):
        story.tell()
    earlier = {"series__name": "Familias del año pasado"}
    held = CheckIn.objects.filter(**earlier, held_on__isnull=False, packet__built_at__isnull=False)
    assert sorted(held.exclude(community="").values_list("after_session", flat=True)) == [1, 3, 9]
    promised = Commitment.objects.get(group__series__name=earlier["series__name"])
    assert (promised.state, promised.due_on is None) == ("done", False)
    with acting("backup"):
        notes = TalkNote.objects.filter(**{f"talk__{name}": value for name, value in earlier.items()})
        assert sorted(notes.values_list("code", flat=True)) == ["confianza", "la oficina"]
        line = ReleasedLine.objects.get(**earlier)
    finding = Finding.objects.get(**earlier)
    assert sorted(finding.sources.values_list("kind", flat=True)) == ["line", "result", "result"]
    assert (finding.state, finding.n_band, line.taken_back_at) == ("published", "5-9", None)
    make_reports()
    assert Report.objects.get(**earlier).findings == [finding.pk]
