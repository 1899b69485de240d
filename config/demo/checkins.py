"""The demonstration's check-ins: the first was held, and the school agreed to something; the second waits."""

from datetime import time, timedelta

from accounts.database import acting
from accounts.models import Person
from config.demo.cast import ELENA, Player
from config.demo.telling import ZONE, it_is
from dialogue_series.access.checkins import leaders_read_at
from dialogue_series.actions.checkins import log_checkin, open_checkin, promise
from dialogue_series.models import CheckIn, Series, Session
from insights.actions import build_packet
from surveys.disclosure import LEADERS_WAIT

ATTENDEES = {"leaders": 1, "facilitators": 1, "families": 1, "coordinators": 1, "district": 0}
COMMUNITY = "Las familias se quedan platicando después del encuentro. Ayuda que haya cuidado de niños."
UNDERSTANDING = "La dirección quiere probar el círculo de apertura con sus maestros."
AGREED = {
    "text": "La escuela deja abierta la biblioteca hasta las ocho los jueves.",
    "language": "es",
    "translated": "The school keeps the library open until eight on Thursdays.",
    "owner": "Dra. Grant",
}


def tell_checkins(series: Series, people: dict[Player, Person]) -> None:
    """Open the check-ins of the evenings held so far, each with what leaders read before; hold the first."""
    held = series.sessions.filter(came__isnull=False, number__in=series.checkins).order_by("number")
    for session in held:
        checkin = prepare(session)
        if session.number == series.checkins[0]:
            meet(checkin, people)


def prepare(session: Session) -> CheckIn:
    """Open a check-in after its evening, and put together what leaders read, at the families' hour."""
    it_is(session.on, time(19, 35))
    checkin = open_checkin(session=session)
    if leaders_at := leaders_read_at(checkin):
        families_at = (leaders_at - LEADERS_WAIT).astimezone(ZONE)
        it_is(families_at.date(), families_at.time())
        build_packet(checkin=checkin)
    return checkin


def meet(checkin: CheckIn, people: dict[Player, Person]) -> None:
    """Meet the day after leaders could read, and agree to one thing."""
    on = checkin.packet.leaders_at.astimezone(ZONE).date() + timedelta(days=1)
    it_is(on, time(20))
    with acting("facilitator", people[ELENA].pk):
        log_checkin(
            checkin=checkin,
            held_on=on,
            attendees=ATTENDEES,
            community=COMMUNITY,
            understanding=UNDERSTANDING,
            language="es",
        )
        promise(checkin=checkin, due_on=on + timedelta(days=60), **AGREED)
