"""The demonstration's check-ins: all of last year's were held; of this year's the first was, and the second waits."""

from datetime import time, timedelta
from typing import NamedTuple

from accounts.database import acting
from accounts.models import Person
from config.demo.cast import ELENA, PRINCIPAL, Player
from config.demo.telling import ZONE, it_is
from dialogue_series.access.checkins import leaders_read_at
from dialogue_series.actions.checkins import log_checkin, open_checkin, promise
from dialogue_series.models import CheckIn, Series, Session
from insights.actions import build_packet
from partnerships.actions import commitments
from partnerships.models import Commitment
from surveys.disclosure import LEADERS_WAIT

ATTENDEES = {"leaders": 1, "facilitators": 1, "families": 1, "coordinators": 1, "district": 0}


class Met(NamedTuple):
    """What was learned at a check-in, and what the school agreed to, if anything."""

    community: str
    understanding: str
    agreed: tuple[str, str] = ()


THIS_YEAR = {
    1: Met(
        "Las familias se quedan platicando después del encuentro. Ayuda que haya cuidado de niños.",
        "La dirección quiere probar el círculo de apertura con sus maestros.",
        (
            "La escuela deja abierta la biblioteca hasta las ocho los jueves.",
            "The school keeps the library open until eight on Thursdays.",
        ),
    ),
}
LAST_YEAR = {
    1: Met(
        "Llegaron con pena de hablar. El círculo de apertura les ayudó a conocerse.",
        "La dirección entendió por qué nadie de la escuela entra a los encuentros.",
    ),
    3: Met(
        "Se conocen mejor. Ayuda que haya cómo llegar sin carro propio.",
        "A la dirección le sorprendió que las familias no supieran qué hace la escuela con lo que sienten los niños.",
        (
            "Una hoja en español y en inglés dice qué hace la escuela cuando un niño la pasa mal.",
            "A sheet in Spanish and English says what the school does when a child has a hard time.",
        ),
    ),
    9: Met(
        "Quieren seguir reuniéndose cuando termine la serie.",
        "La dirección quiere escuchar más, sin prisa por explicar.",
    ),
}
DONE = "La hoja está en la oficina y se mandó a todas las familias."
OWNER = "Dra. Grant"


def tell_checkins(series: Series, people: dict[Player, Person], met: dict[int, Met]) -> None:
    """Open the check-ins of the evenings held so far, each with what leaders read before; hold those that are told."""
    held = series.sessions.filter(came__isnull=False, number__in=series.checkins).order_by("number")
    for session in held:
        checkin = prepare(session)
        if session.number in met:
            meet(checkin, people, met[session.number])


def prepare(session: Session) -> CheckIn:
    """Open a check-in after its evening, and put together what leaders read, at the families' hour."""
    it_is(session.on, time(19, 35))
    checkin = open_checkin(session=session)
    if leaders_at := leaders_read_at(checkin):
        families_at = (leaders_at - LEADERS_WAIT).astimezone(ZONE)
        it_is(families_at.date(), families_at.time())
        build_packet(checkin=checkin)
    return checkin


def meet(checkin: CheckIn, people: dict[Player, Person], met: Met) -> None:
    """Meet the day after leaders could read; what was agreed is to be done in 60 days."""
    on = checkin.packet.leaders_at.astimezone(ZONE).date() + timedelta(days=1)
    it_is(on, time(20))
    with acting("facilitator", people[ELENA].pk):
        log_checkin(
            checkin=checkin,
            held_on=on,
            attendees=ATTENDEES,
            community=met.community,
            understanding=met.understanding,
            language="es",
        )
        if met.agreed:
            text, translated = met.agreed
            said = {"text": text, "language": "es", "translated": translated, "owner": OWNER}
            promise(checkin=checkin, due_on=on + timedelta(days=60), **said)


def keep_promises(series: Series, people: dict[Player, Person]) -> None:
    """Let the school do what it had agreed to with the families of a series, a week before it was due."""
    for commitment in Commitment.objects.filter(group=series.group_id).select_related("school"):
        it_is(commitment.due_on - timedelta(weeks=1), time(10))
        with acting("leader", people[PRINCIPAL].pk):
            done = {"state": "done", "text": DONE, "language": "es", "translated": ""}
            commitments.answer(commitment=commitment, seen=str(commitment.steps.count()), **done)
