"""The series of the demonstration that is over: eight families of last year, asked before it and after it."""

from datetime import date, time, timedelta
from functools import partial

from accounts.models import Person, School
from config.demo.cast import ELENA, ROSA
from config.demo.telling import answer_form, end_form, it_is, plan
from dialogue_series.actions.attending import save_attendance
from dialogue_series.actions.coming import answer, ask_for_help
from dialogue_series.actions.feedback import open_feedback
from dialogue_series.actions.inviting import invite
from dialogue_series.actions.joining import claim
from dialogue_series.actions.surveying import ask_after, ask_before
from dialogue_series.models import Series
from surveys.models import Form

NAMES = ("Adela", "Benito", "Celia", "Delfina", "Efraín", "Fidelia", "Gloria", "Hilda")
# How many of the eight came, by evening.
CAME = (8, 7, 8, 6, 7, 7, 8, 6, 7, 8)
# What fewer said in the end than in the beginning: families compared what they had lived through.
FELL = {"family-is-welcome", "school-listens", "confident-with-school"}
LOW, HIGH = 1, 2


def tell_earlier(school: School, people: dict, first_on: date) -> Series:
    """Tell the whole series, from the first answer to the last."""
    it_is(first_on - timedelta(weeks=3), time(10))
    series = plan(school, people, "Familias del año pasado", [first_on + timedelta(weeks=week) for week in range(10)])
    families = [join(series, people[ROSA], name, number) for number, name in enumerate(NAMES)]
    answer_survey(ask_before(series=series), families, is_after=False)
    for session in series.sessions.order_by("number"):
        it_is(session.on - timedelta(days=2), time(12))
        if session.number == 1:
            for person in families[:5]:
                answer(session=session, person=person, answer="in_person")
                ask_for_help(session=session, person=person, kinds=["childcare"])
        it_is(session.on, time(19, 10))
        came = CAME[session.number - 1]
        modes = {person.pk: "in_person" if number < came else "absent" for number, person in enumerate(families)}
        save_attendance(session=session, modes=modes, by=people[ELENA])
        it_is(session.on, time(19, 35))
        form = open_feedback(session=session)
        for person in families[:came]:
            answer_form(form, person, lambda _slug, number, turn=session.number: turn + number)
        after = ask_after(series=series) if session.number == len(CAME) else None
        end_form(form)
    answer_survey(after, families, is_after=True)
    return series


def join(series: Series, rosa: Person, name: str, number: int) -> Person:
    """Invite a family of last year, and let it join."""
    said = {"name": name, "channel": "sms", "value": f"+1773555015{number}", "language": "es"}
    invitation = invite(series=series, by=rosa, **said)
    claim(invitation=invitation)
    return invitation.person


def answer_survey(form: Form, families: list[Person], *, is_after: bool) -> None:
    """Let all eight answer a survey, and close it at its time: of what fell five say yes before, and three after."""
    for number, person in enumerate(families):
        is_one_of_three = number < 3
        said = partial(place_of, is_after=is_after, is_one_of_three=is_one_of_three)
        answer_form(form, person, said)
    end_form(form)


def place_of(slug: str, _number: int, *, is_after: bool, is_one_of_three: bool) -> int:
    """Return which answer somebody gives: the third of four is a yes, the second is none."""
    said_by_five = (slug in FELL) != is_after
    return HIGH if is_one_of_three != said_by_five else LOW
