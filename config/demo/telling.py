"""What every story of the demonstration is told with: its time, its series, its answers."""

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.timezone import now as machine_now  # noqa: TID251 - the story ends at the machine's present

from accounts.database import acting
from accounts.models import Person, School
from config.demo.actions import keep_offset
from config.demo.cast import ELENA, ROSA
from dialogue_series.access.due import windows_to_complete
from dialogue_series.actions.planning import create_series
from dialogue_series.models import Series
from notifications import clock
from surveys import questionnaire
from surveys.access import waves_to_seal
from surveys.actions import close_form, complete, make_ring_keys, submit
from surveys.models import Form, Item
from surveys.releases import open_comments, seal

ZONE = ZoneInfo("America/Chicago")


def it_is(on: date, at: time) -> None:
    """Continue the story on this day at this hour; nobody else sees the clock move before the story is told."""
    keep_offset(datetime.combine(on, at, ZONE) - machine_now())
    with acting("worker"):  # Says the clock anew.
        pass


def plan(school: School, people: dict, name: str, days: list[date]) -> Series:
    """Plan ten Thursdays at six with Elena, and make their keys as the worker would."""
    series = create_series(
        school=school,
        name=name,
        language="es",
        evenings=list(enumerate(days, start=1)),
        starts_at=time(18),
        minutes=60,
        place="Biblioteca, entrada por la calle Norte",
        video_url="https://video.example/mirador",
        dial_in="312 555 0190",
        offers=["childcare", "interpreter", "ride", "food"],
        facilitators=[people[ELENA]],
        by=people[ROSA],
    )
    make_ring_keys(ring=series.ring_id)
    return series


def end_form(form: Form) -> None:
    """Close a form whose time is over, open its comments, and seal what is complete by then."""
    if form.closes_at > machine_now():
        return
    it_is(form.closes_at.astimezone(ZONE).date(), time(20, 1))
    close_form(form=form.pk)
    open_comments(form=form.pk)
    for wave in windows_to_complete(at=clock.now()):
        complete(wave=wave)
    for wave in list(waves_to_seal()):
        seal(wave=wave)


def answer_form(form: Form, person: Person, place: Callable[[str, int], int], comment: str = "") -> None:
    """Seal somebody's answers, as the web does for whoever holds a link.

    `place` says which answer she gives to a question, by its name and number; no answer is the lowest.
    """
    answers = {}
    for number, question in enumerate(questionnaire.read(form.instrument_id, "es").sealed, start=1):
        values = [value for value, _words in question.options]
        value = values[max(1, place(question.slug, number) % len(values))]
        chosen = [value] if question.kind == Item.Kind.SEVERAL else value
        answers[question.slug] = chosen if question.is_asked(answers) else None
    with acting("link"):
        submit(form=form, person=person, answers=answers, comment=comment)
