"""A series that is over, whoever speaks about it, and what was released of it."""

from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace

from django.db import transaction

from accounts.database import acting
from insights.methods import actions
from insights.models import Talk
from notifications import clock
from partnerships.actions import quotes, themes
from surveys.disclosure import label
from surveys.models import Instrument, Item, Release, Wave
from tests.factories import make_member, make_person, make_post, make_school, make_series

LINE = {"question": "partnership", "text": "Saludan a las familias por su nombre.", "language": "es"}
LINE["translated"] = "They greet families by name."
CLAIM = {"claim_es": "Las familias se sienten escuchadas.", "claim_en": "Families feel heard."}
LIMIT = {"limit_es": "Solo se preguntó a quienes vinieron.", "limit_en": "Only who came was asked."}


def make_world():
    """Make one series with everybody who may open something of it, and people of another school."""
    here, there = make_school("Mirador"), make_school("Roble")
    world = SimpleNamespace(school=here, there=there)
    world.lucia = make_person("Lucía", here, "caregiver", language="es")
    world.elena = make_person("Elena", here, "caregiver", language="es")
    world.sam = make_person("Sam", here, "evaluator", language="en")
    world.ines = make_person("Inés", here, "evaluator", language="en")
    world.grant = make_person("Dra. Grant", here, "leader", language="en")
    world.rosa = make_person("Rosa", here, "coordinator")
    world.beatriz = make_person("Beatriz", there, "caregiver")
    world.okafor = make_person("Mr. Okafor", there, "leader")
    world.far = make_person("Zoe", there, "evaluator", language="en")
    world.teacher = make_person("Marta", here, "caregiver", "staff")
    world.series = make_series(here, families=[world.lucia, world.teacher])
    world.elsewhere = make_series(there, families=[world.beatriz])
    make_member(world.series.group, world.elena, "facilitator")
    for person in (world.lucia, world.teacher):
        make_member(world.series.group, person)
    make_member(world.elsewhere.group, world.beatriz)
    return world


def talk(world, by="sam", kind=Talk.Kind.FOCUS_GROUP, **said):
    """Log a talk as its evaluator, or whoever facilitates, would."""
    said = {"held_on": date(2027, 2, 12), "came": 6, "has_consent": True, **said}
    with as_maker(world, by) as person:
        return actions.log_talk(series=world.series, by=person, kind=kind, **said)


def note(world, of, by="sam", text="Ana dijo que la saludan en la puerta.", code="bienvenida"):
    """Note a line of a talk."""
    with as_maker(world, by) as person:
        return actions.write_note(talk=of, by=person, text=text, language="es", code=code)


def let_out(world, of, by="sam", words=LINE, **said):
    """Let a line out of a note."""
    said = {"said_by": 3} if not said and of.talk.is_with_families else said or {"has_speakers_yes": True}
    with as_maker(world, by):
        return actions.release(note=of, **words, **said)


@contextmanager
def as_maker(world, by):
    """Act as whoever evaluates, or facilitates, in one transaction."""
    person = getattr(world, by)
    with acting("facilitator" if by == "elena" else "evaluator", person.pk), transaction.atomic():
        yield person


def released(world, yes=7, n=8, construct="ideas", slug="heard", days_ago=3, kind="after"):
    """Release one label of the series, for leaders so many days ago."""
    at = clock.now()
    instrument, _made = Instrument.objects.get_or_create(slug="after", defaults={"title": "t", "opt_out": "no"})
    item, _made = Item.objects.get_or_create(
        instrument=instrument,
        slug=slug,
        defaults={
            "number": Item.objects.filter(instrument=instrument).count() + 1,
            "text": "¿Cómo se siente?",
            "fact_es": "se sienten escuchadas",
            "fact_en": "feel heard",
            "kind": "scale",
            "construct": construct,
        },
    )
    hours = {"leaders_at": at - timedelta(days=days_ago), "families_at": at - timedelta(days=days_ago + 2)}
    wave, _made = Wave.objects.get_or_create(
        school=world.school,
        ring=world.series.ring,
        kind=kind,
        number=1,
        defaults={"sealed_at": at, "released_at": at, **hours},
    )
    said = label(yes, n)
    with acting("worker"), transaction.atomic():
        return Release.objects.create(wave=wave, item=item, n_band=said.n_band, band=said.band, policy=1)


def shared_quote(world, words="Aquí me escuchan.", **allowed):
    """Let the family share words of a post."""
    post = make_post(world.series.group, world.lucia, words)
    with acting("facilitator", world.elena.pk), transaction.atomic():
        asked = quotes.ask(post=post, words=words, by=world.elena)
    allowed = {"for_leaders": True, "for_public": True, **allowed}
    with acting("caregiver", world.lucia.pk), transaction.atomic():
        quotes.allow(quote=asked, signature="mother", **allowed)
    return asked


def shared_theme(world, clock, text="Quieren más intérpretes."):
    """Let a theme of the group reach the school, 72 hours later."""
    irma = make_person("Irma", world.school, "caregiver")
    make_member(world.series.group, irma)
    posts = [make_post(world.series.group, who, "Falta intérprete.") for who in (world.lucia, world.elena, irma)]
    said = {"text": text, "language": "es", "translated": "They want more interpreters."}
    with acting("facilitator", world.elena.pk), transaction.atomic():
        theme = themes.show(group=world.series.group, posts=posts, **said)
    clock.move_to(clock.at + timedelta(hours=72))
    with acting("facilitator", world.elena.pk), transaction.atomic():
        themes.send(theme=theme)
    return theme


def draft(world, *sources, by="sam", **said):
    """Write down a finding."""
    said = {"question": "partnership", **CLAIM, **LIMIT, **said}
    with as_maker(world, by):
        return actions.draft_finding(series=world.series, sources=sources, **said)


def publish(world, finding, by="sam"):
    """Publish it."""
    with as_maker(world, by):
        actions.publish_finding(finding=finding)
    finding.refresh_from_db()
    return finding
