"""A school, its ring, its weekly form, and the families who may answer it."""

import json
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts import links
from accounts.database import acting
from accounts.models import Link
from surveys import actions, questionnaire, releases, sealing
from surveys.models import Form, Wave
from tests.factories import give_address, make_person, make_school

EVENING = date(2027, 2, 11)
OPENED = datetime(2027, 2, 12, 1, 30, tzinfo=UTC)
CLOSES = datetime(2027, 2, 18, 2, 0, tzinfo=UTC)
WEEKLY = json.loads((settings.BASE_DIR / "fixtures" / "instruments.json").read_text())[0]


@pytest.fixture(autouse=True)
def _no_keys_left():
    yield
    shutil.rmtree(settings.KEYS_DIR, ignore_errors=True)


@pytest.fixture
def school(db):
    return make_school()


@pytest.fixture
def families(school):
    names = ["Ana", "Berta", "Carmen", "Delia", "Elisa", "Flor", "Gloria", "Hilda"]
    return [make_person(name, school, "caregiver", phone=f"+1773555020{n}") for n, name in enumerate(names)]


@pytest.fixture
def ring(db):
    ring = actions.start_ring(ends_on=EVENING + timedelta(weeks=7))
    actions.make_ring_keys(ring=ring.pk)
    ring.refresh_from_db()
    return ring


@pytest.fixture
def form(school, ring, families):
    actions.publish(written=WEEKLY)
    return open_form(school, ring, families)


def open_form(
    school, ring, people, *, evening_on=EVENING, instrument=WEEKLY["slug"], kind="window", number=1, closes_at=CLOSES
):
    return actions.open_form(
        wave=actions.wave_of(school=school, ring=ring, kind=kind, number=number),
        instrument=instrument,
        people=people,
        evening_on=evening_on,
        opens_at=OPENED,
        closes_at=closes_at,
    )


def long_instrument(questions):
    """The weekly form's first question, so many times."""
    items = [{**WEEKLY["items"][0], "slug": f"question-{n}"} for n in range(questions)]
    return {**WEEKLY, "slug": f"long-{questions}", "items": items}


def sheet(form, value=None):
    """A whole sheet: this answer to every question, or the first one."""
    asked = questionnaire.read(form.instrument_id, "es")
    return {question.slug: value or question.options[0][0] for question in asked.questions}


def posted(form, value="a_lot", **more):
    """The same as a browser sends it."""
    return {**{f"item-{slug}": value for slug in sheet(form)}, "comment": "", **more}


def holding_link(form, person, client=None):
    """A browser that has followed the link sent to the person's phone, and the page it came to."""
    address = give_address(person, "sms", person.addresses.get().value)
    secret = links.url_for("form", about=form.pk, address=address.pk).rsplit("/", 1)[1]
    page = f"/f/{Link.objects.get(secret_hash=links.digest(secret)).public}/"
    client = client or Client()
    client.cookies[links.COOKIE] = secret
    return client, page


def opened(form, box):
    """What the worker reads in a box."""
    return sealing.Opener(form.ring_id).open_box(box.box), sealing.Opener(form.ring_id).open_comment(box.comment_box)


def answer(form, person, value=None, comment=""):
    """Seal one sheet: this answer to everything, or these answers, or the first ones."""
    answers = value if isinstance(value, dict) else sheet(form, value)
    actions.submit(form=form, person=person, answers=answers, comment=comment)


def over(wave, clock):
    """Let a wave end as the worker does: its forms close, their lines are opened, its boxes are sealed."""
    actions.complete(wave=wave)
    forms = wave.forms.order_by("closes_at")
    clock.move_to(max([clock.at, *(form.closes_at for form in forms)]))
    with acting("worker"):
        for form in forms:
            actions.close_form(form=form.pk)
            releases.open_comments(form=form.pk)
        releases.seal(wave=wave.pk)
    return Wave.objects.get(pk=wave.pk)


def work(act, **which):
    """Do one thing as the worker does."""
    with acting("worker"):
        return act(**which)


def whole_wave(form):
    """The wave of a form, as it is now."""
    return Wave.objects.get(pk=form.wave_id)


def reopened(form):
    return Form.objects.get(pk=form.pk)
