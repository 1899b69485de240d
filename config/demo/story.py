"""The demonstration school's story, told through the product's own actions, each at its own time."""

from datetime import date, time, timedelta
from itertools import cycle, zip_longest

from django.db import transaction
from django.utils.timezone import now as machine_now  # noqa: TID251 - the story ends at the machine's present

from accounts.actions import grant_membership
from accounts.database import acting
from accounts.models import District, Membership, Person, School
from config.demo.actions import keep_offset
from config.demo.cast import (
    CAST,
    DISTRICT_LEAD,
    ELENA,
    ELSEWHERE,
    EVALUATOR,
    FAMILIES,
    PARENT_SEAT,
    ROSA,
    Player,
)
from config.demo.checkins import LAST_YEAR, THIS_YEAR, keep_promises, tell_checkins
from config.demo.conversation import talk
from config.demo.council import tell_council
from config.demo.earlier import tell_earlier
from config.demo.learning import tell_learning
from config.demo.meetings import tell_meetings
from config.demo.telling import ZONE, answer_form, end_form, it_is, plan
from dialogue_series.actions.attending import save_attendance
from dialogue_series.actions.coming import answer, ask_for_help
from dialogue_series.actions.feedback import open_feedback
from dialogue_series.actions.inviting import invite
from dialogue_series.actions.joining import ask_to_join, choose_name, claim
from dialogue_series.actions.surveying import ask_before
from dialogue_series.models import NoSchoolDay, Series, Session
from notifications.actions import own_address
from surveys.models import Wave
from surveys.releases import release

THURSDAY = 3
HELD = 5
# From midnight to when an evening is over and its form open.
FORM_IS_OPEN = timedelta(hours=19, minutes=35)
# Weeks from the first evening to each of the ten; the missing ones are days without school.
WEEKS = (0, 1, 2, 4, 5, 6, 7, 9, 10, 11)
NO_SCHOOL = {3: "No hay clases: día de maestros", 8: "Vacaciones"}
# Who came, by evening: in person, by video, or not.
CAME = ("ppvppvpp", "ppvpvvpp", "pavppvpp", "ppvppapp", "ppvpvvpa")
# Lines that somebody wrote on the form, by evening.
SAID = (
    ("Me dio gusto ver que no soy la única.", "Más tiempo para hablar, por favor.", "Gracias por cuidar a los niños."),
    ("Quisiera hablar de las tareas en casa.", "", "Me costó oír por el video."),
    ("Lo de la gratitud lo hicimos en la cena.",),
    (),
    ("Me sentí escuchada.",),
)


def tell() -> None:
    """Make the school, its people and its two series, unless they are there; runs as the worker."""
    if School.objects.filter(slug="mirador").exists():
        return
    with transaction.atomic():
        first_on = last_thursday() - timedelta(weeks=WEEKS[HELD - 1])
        it_is(first_on - timedelta(weeks=44), time(10))
        school = make_schools()
        people = {player: make_person(player, school) for player in CAST}
        earlier = tell_earlier(school, people, first_on - timedelta(weeks=40))
        series = plan_running(school, people, first_on)
        ask_first(series, people)
        for session in series.sessions.order_by("number")[:HELD]:
            hold(session, people)
        release_what_is_due()
        tell_checkins(earlier, people, LAST_YEAR)
        keep_promises(earlier, people)
        tell_learning(earlier, people)
        tell_checkins(series, people, THIS_YEAR)
        talk(series, people, it_is)
        tell_council(series, people, first_on)
        tell_meetings(series, people)
        prepare_next(series.sessions.get(number=HELD + 1), people)
        plan_ahead(school, people, first_on + timedelta(weeks=WEEKS[-1] + 4))
        keep_offset(timedelta())


def last_thursday() -> date:
    """Return the last Thursday whose evening is over and whose form is open, at the school."""
    day = (machine_now().astimezone(ZONE) - FORM_IS_OPEN).date()
    return day - timedelta(days=(day.weekday() - THURSDAY) % 7)


def make_schools() -> School:
    """Make the demonstration's school, and another one in its district."""
    district = District.objects.create(name="Distrito del Lago")
    fields = {"district": district, "help_name": ROSA.name, "help_phone": "773 555 0100"}
    School.objects.create(slug="roble", name="Escuela Roble", sms_name="Escuela Roble", **fields)
    return School.objects.create(slug="mirador", name="Academia Mirador", sms_name="Academia Mirador", **fields)


def make_person(player: Player, school: School) -> Person:
    """Make somebody of the cast with her ties and addresses."""
    person = Person.objects.create(
        pk=player.key, name=player.name, language=player.language, state=Person.State.HERE, shares_phone=False
    )
    for kind in player.kinds:
        where = {"district": school.district} if player in {DISTRICT_LEAD, EVALUATOR} else {"school": school}
        grant_membership(person=person, kind=kind, on_payroll=player is ROSA, **where)
    if player is ELSEWHERE:
        grant_membership(person=person, kind=Membership.Kind.CAREGIVER, school=School.objects.get(slug="roble"))
    for channel, value in (("sms", player.phone), ("email", player.email)):
        if value:
            own_address(channel=channel, value=value, person=person, language=player.language, zone="America/Chicago")
    return person


def plan_running(school: School, people: dict, first_on: date) -> Series:
    """Plan the series that is half way through, three weeks ahead, and let eight families say yes."""
    it_is(first_on - timedelta(weeks=3), time(10))
    for week, reason in NO_SCHOOL.items():
        NoSchoolDay.objects.create(school=school, on=first_on + timedelta(weeks=week), reason=reason)
    series = plan(school, people, "Familias de otoño", [first_on + timedelta(weeks=week) for week in WEEKS])
    for player in FAMILIES:
        join(series, player, people[ROSA])
    return series


def join(series: Series, player: Player, rosa: Person) -> None:
    """Invite a family, and let it join under the name it chose."""
    channel, value = ("sms", player.phone) if player.phone else ("email", player.email)
    invitation = invite(
        series=series, name=player.name, channel=channel, value=value, language=player.language, by=rosa
    )
    claim(invitation=invitation)
    choose_name(person=invitation.person, name=player.name)


def hold(session: Session, people: dict) -> None:
    """Hold one evening: families answer, come, and say how it was."""
    families = [people[player] for player in FAMILIES]
    modes = [{"p": "in_person", "v": "video", "a": "absent"}[letter] for letter in CAME[session.number - 1]]
    it_is(session.on - timedelta(days=2), time(12))
    for person, mode in zip(families, modes, strict=True):
        answer(session=session, person=person, answer="cannot" if mode == "absent" else mode)
    for person, mode in zip(families[:2], modes, strict=False):
        if mode == "in_person":
            ask_for_help(session=session, person=person, kinds=["childcare"])
    it_is(session.on, time(19, 10))
    save_attendance(
        session=session, modes={person.pk: mode for person, mode in zip(families, modes, strict=True)}, by=people[ELENA]
    )
    it_is(session.on, time(19, 35))
    form = open_feedback(session=session)
    for person, shift, line in zip_longest(families[:6], (2, 3, 1) * 2, SAID[session.number - 1], fillvalue=""):
        answer_form(form, person, turning(shift), line)
    end_form(form)


def ask_first(series: Series, people: dict) -> None:
    """Let seven of the eight families answer the survey before, which ends a week after the first evening."""
    form = ask_before(series=series)
    for player, shift in zip(FAMILIES[:7], cycle((0, 1, 2)), strict=False):
        answer_form(form, people[player], turning(shift))
    end_form(form)


def release_what_is_due() -> None:
    """Release each window whose Monday has come, at its hour."""
    for wave in Wave.objects.filter(families_at__lte=machine_now()).order_by("families_at"):
        it_is(wave.families_at.astimezone(ZONE).date(), wave.families_at.astimezone(ZONE).time())
        release(wave=wave.pk)


def turning(shift: int):
    """Return answers that go round, each a step further than the one before."""
    return lambda _slug, number: shift + number


def prepare_next(session: Session, people: dict) -> None:
    """Let some families answer for the evening to come, or that is being held just now: before it, that is."""
    if session.begins > machine_now():
        keep_offset(timedelta())
        with acting("worker"):
            pass
    else:
        it_is(session.on, time(17))
    said = ("in_person", "video", "in_person", "in_person", "cannot")
    for player, reply in zip(FAMILIES, said, strict=False):
        answer(session=session, person=people[player], answer=reply)
    for player in FAMILIES[2:4]:
        ask_for_help(session=session, person=people[player], kinds=["childcare", "ride"])


def plan_ahead(school: School, people: dict, first_on: date) -> None:
    """Plan the series that has not begun: one family in, two invited, one asking from the flyer."""
    series = plan(school, people, "Familias de primavera", [first_on + timedelta(weeks=week) for week in range(10)])
    join(series, PARENT_SEAT, people[ROSA])
    for name, phone in (("Beatriz", "+17735550141"), ("José Luis", "+17735550142")):
        invite(series=series, name=name, channel="sms", value=phone, language="es", by=people[ROSA])
    ask_to_join(series=series, name="Noemí", channel="sms", value="+17735550143", language="es")
