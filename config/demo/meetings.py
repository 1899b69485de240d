"""Where the demonstration's families and staff met, and what families asked the principal."""

from datetime import date, time, timedelta
from uuid import uuid4

from django.utils.timezone import now as machine_now  # noqa: TID251 - the story ends at the machine's present

from accounts.database import acting
from accounts.models import Person
from config.demo.cast import ELENA, FAMILIES, PRINCIPAL, Player
from config.demo.telling import ZONE, it_is
from dialogue_series.models import Series
from partnerships.actions import meetings, questions, tallies
from partnerships.joint_meetings import Side, speaking_order
from partnerships.models import JointMeeting, Question

AGREED = "Primero hablan las familias.\nQuien contesta dice antes lo que entendió."
COUNTED = {"families_spoke": 14, "staff_spoke": 6, "affirmed": 5, "neutral": 7, "dismissed": 2}
ANSWERED = "¿A quién le llamo si mi hija no quiere venir a la escuela?"
ANSWER = "A la consejera, la Sra. Ruiz. Contesta todos los días de 8:00 a 3:00, también en español."
WAITING = "¿Por qué cambiaron el almuerzo sin avisar?"


def tell_meetings(series: Series, people: dict[Player, Person]) -> None:
    """Let both sides meet once and see it differently, plan the next time, and the principal answer a question."""
    today = machine_now().astimezone(ZONE).date()
    it_is(today - timedelta(days=24), time(10))
    elena, grant = people[ELENA].pk, people[PRINCIPAL].pk
    meeting = arrange(series, elena, grant, today - timedelta(days=10))
    it_is(meeting.on, time(19, 30))
    with acting("facilitator", elena):
        tallies.keep_count(meeting=meeting, phone_key=uuid4(), counts=COUNTED)
        meetings.rate(meeting=meeting, side=Side.FAMILIES, families_were_heard=2, replies_took_it_up=2)
    with acting("leader", grant):
        meetings.rate(meeting=meeting, side=Side.STAFF, families_were_heard=4, replies_took_it_up=3)
    with acting("facilitator", elena):
        meetings.settle_change(
            meeting=meeting, change="Quien contesta repite primero lo que oyó.", change_language="es"
        )
    ask_principal(series, people, today)
    it_is(today - timedelta(days=1), time(10))
    with acting("facilitator", elena):
        meetings.arrange(
            school=series.school,
            title="Las tareas en casa, segunda vez",
            on=today + timedelta(days=20),
            starts_at=time(18),
            place="Biblioteca",
            follows=meeting,
        )


def arrange(series: Series, elena, grant, on: date) -> JointMeeting:
    """Arrange a meeting until nothing is missing, and publish it."""
    with acting("facilitator", elena):
        meeting = meetings.arrange(
            school=series.school, title="Las tareas en casa", on=on, starts_at=time(18), place="Biblioteca"
        )
        meetings.change(
            meeting=meeting,
            families_on=on,
            families_at=time(17),
            families_place="Salón 12",
            families_seats=8,
            staff_seats=3,
            speaking_order=speaking_order(
                "Familias que llegaron este año\nFamilias de los más chicos\nlas demás familias",
                "La dirección\nlos maestros",
            ),
            agreements=AGREED,
        )
    with acting("leader", grant):
        meetings.read_card(meeting=meeting)
    with acting("facilitator", elena):
        return meetings.publish(meeting=meeting)


def ask_principal(series: Series, people: dict[Player, Person], today: date) -> None:
    """Put two questions into the box: one is answered, one has not reached the principal yet."""
    school, lucia, grant = series.school, people[FAMILIES[0]].pk, people[PRINCIPAL].pk
    it_is(today - timedelta(days=8), time(10))
    with acting("caregiver", lucia):
        questions.ask(school=school, key=uuid4(), text=ANSWERED, language="es")
    it_is(today - timedelta(days=4), time(10))
    with acting("leader", grant):
        questions.answer(
            question=Question.objects.select_related("school").get(school=school), text=ANSWER, language="es"
        )
        on = today + timedelta(days=9)
        questions.open_conversation(school=school, on=on, starts_at=time(8), place="Biblioteca")
    it_is(today - timedelta(days=1), time(12))
    with acting("caregiver", lucia):
        questions.ask(school=school, key=uuid4(), text=WAITING, language="es")
