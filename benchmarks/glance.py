"""A district's page beside the answers that it does not read: its time must not grow with them.

`measure` lets this run in processes of its own:

python -m benchmarks.glance make             as the worker: 1,000 schools, each with what leaders read of one series
python -m benchmarks.glance store 10000      as the owner: so many more sheets of ten answers, in the series' waves
python -m benchmarks.glance page             as the web: seconds of one page, the median of many
python -m benchmarks.glance count            as the owner: seconds of a plain GROUP BY over all answers
"""

import json
import statistics
import sys
import time
from datetime import time as hour
from datetime import timedelta

import django

from benchmarks.processes import cluster, prepare, psql, python

if __name__ == "__main__":
    django.setup()

    from django.db import connection, transaction
    from django.template.loader import render_to_string
    from django.utils import translation

    from accounts.database import acting
    from accounts.models import District, School
    from benchmarks.prepare import INSTRUMENT
    from dialogue_series.models import Series, Session, Topic
    from insights import district as access
    from notifications import clock
    from partnerships.models import CaregiverSpace, Commitment, Group
    from surveys import actions, disclosure
    from surveys.models import Item, KeyRing, Release, Wave

SCHOOLS = 1_000
SHEETS = (10_000, 1_000_000)
ANSWERS = 10
ROUNDS = 15
GROWS, SHARE = 1.1, 1 / 100
# Nobody answers like her neighbour: of alike sheets the database would take one apart and remember the rest.
STORE = """
INSERT INTO surveys_sheet (id, wave_id, pair, answers)
SELECT gen_random_uuid(), waves.ids[1 + number %% array_length(waves.ids, 1)], NULL,
  (SELECT jsonb_object_agg('q' || item, 'answer-' || 1 + abs(hashint4(10 * number + item)) %% 5)
    FROM generate_series(1, 10) item)
FROM generate_series(1, %s) number, (SELECT array_agg(id ORDER BY id) AS ids FROM surveys_wave) waves
"""
# What a page that counted live would ask: how many of each school gave each answer to each question.
COUNT = """
SELECT wave.school_id, answer.key, answer.value, count(*)
FROM surveys_sheet sheet JOIN surveys_wave wave ON wave.id = sheet.wave_id, jsonb_each_text(sheet.answers) answer
GROUP BY 1, 2, 3
"""


def measure() -> tuple[list[str], bool]:
    """Return the lines of the table, and whether everything held."""
    with cluster() as data:
        prepare(data)
        python(data, "worker", "-m", "benchmarks.glance", "make")
        stored, pages = 0, []
        for sheets in SHEETS:
            python(data, "owner", "-m", "benchmarks.glance", "store", str(sheets - stored))
            stored = sheets
            # Nothing of the storing goes on beside what is measured.
            psql(data, "dialogue", "VACUUM ANALYZE")
            psql(data, "dialogue", "CHECKPOINT")
            pages.append(json.loads(python(data, "web", "-m", "benchmarks.glance", "page")))
        plain = json.loads(python(data, "owner", "-m", "benchmarks.glance", "count"))
        sys.stderr.write(f"glance {pages} {plain}\n")
    growth = pages[1]["seconds"] / pages[0]["seconds"]
    share = pages[1]["database"] / plain["seconds"]
    lines = [
        f"| {sheets * ANSWERS:,} | {one['statements']} | {1000 * one['database']:.0f} | {1000 * one['seconds']:.0f} |"
        for sheets, one in zip(SHEETS, pages, strict=True)
    ]
    took = plain["seconds"]
    lines.append(
        f"\nThe whole page takes **{growth:.2f}** of what it took before (at most {GROWS}), and its statements"
        f" **1/{1 / share:.0f}** of a plain GROUP BY over the answers, which takes {took:.1f} s (at most 1/100)."
    )
    return lines, plain["answers"] == SHEETS[-1] * ANSWERS and growth <= GROWS and share <= SHARE


def make(_given=None):
    """Make the schools, and what their leaders read."""
    now = clock.now()
    with acting("worker"), transaction.atomic():
        district = District.objects.create(name="Benchmark")
        actions.publish(written=INSTRUMENT)
        items = list(Item.objects.filter(instrument__slug=INSTRUMENT["slug"]))
        Topic.objects.create(number=1, slug="one", competencies=[], places=[], title_es="x", title_en="x")
        topic = Topic.objects.get()
        for number in range(SCHOOLS):
            one_school(district, number, now, items, topic)


def one_school(district, number, now, items, topic):
    """Make one school with a series that is over, three requests, and a label for each question."""
    school = School.objects.create(
        district=district, slug=f"b-{number}", name=f"School {number}", sms_name="B", help_name="Rosa", help_phone="1"
    )
    ring = KeyRing.objects.create(ends_on=now.date())
    group = Group.objects.create(space=CaregiverSpace.objects.create(school=school), name="x")
    series = Series.objects.create(
        school=school, group=group, ring=ring, name="x", starts_at=hour(18), place="x", published_at=now,
        joined=8, flyer_code=f"b{number}",
    )  # fmt: skip
    Session.objects.bulk_create(
        Session(
            series=series, number=n, topic=topic, on=now.date() + timedelta(days=n), starts_at=hour(18), minutes=60,
            begins=now, ends=now + timedelta(hours=1), came=7,
        )
        for n in range(1, 11)
    )  # fmt: skip
    Commitment.objects.bulk_create(
        Commitment(school=school, text=f"{n}", language="es", asked_at=now) for n in range(3)
    )
    hours = {"families_at": now - timedelta(days=3), "leaders_at": now - timedelta(days=1)}
    wave = Wave.objects.create(school=school, ring=ring, kind="after", sealed_at=now, released_at=now, **hours)
    label = disclosure.label(number % 9, 8)
    Release.objects.bulk_create(
        Release(wave=wave, item=item, n_band=label.n_band, band=label.band, policy=1) for item in items
    )


def store(sheets: str):
    """Store so many more sheets."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STORE, [int(sheets)])


def page(_given=None):
    """Draw the page many times; return the medians of its seconds, its database's part of them, and its statements."""
    took, asked = [], []
    translation.activate("es")
    for _round in range(ROUNDS):
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        began = time.perf_counter()
        with acting("district"), transaction.atomic():
            district = District.objects.get()
            schools = access.schools(district, today=clock.now().date())
            for school in schools:
                school.missing = access.missing(school)
                school.so_far = access.so_far(school)
            shown = {"district": district, "schools": schools, "spreads": access.spreads(district)}
            shown["scorecard"] = access.scorecard(district, schools)
            render_to_string("insights/district.html", shown)
        took.append(time.perf_counter() - began)
        # The role is said beside them, in one statement.
        asked.append([float(query["time"]) for query in connection.queries_log if " FROM " in query["sql"]])
    return {
        "seconds": statistics.median(took),
        "database": statistics.median(map(sum, asked)),
        "statements": len(asked[-1]),
    }


def count(_given=None):
    """Return how long the database takes to count all answers, and how many it counted."""
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNT)
        counted = cursor.fetchall()
    return {"seconds": time.perf_counter() - began, "answers": sum(number for *_which, number in counted)}


if __name__ == "__main__":
    command = {"make": make, "store": store, "page": page, "count": count}[sys.argv[1]]
    json.dump(command(*sys.argv[2:]), sys.stdout)
