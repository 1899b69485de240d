"""A board of a school, what it asks, and a worker that does all that is due."""

from datetime import date, timedelta

from accounts.database import acting
from notifications import delivery
from partnerships import tasks
from partnerships.actions import decisions as actions
from partnerships.models import Board, Consultation, Decision, Seat, SeatTerm
from surveys import actions as surveys
from surveys import questionnaire
from surveys import tasks as survey_tasks
from surveys.models import Form, Wave
from tests.factories import make_person, make_school, tie

# The cast's clock stands on Monday the 15th of February 2027: the answer is read on Friday the 26th.
CLOSES_ON, DECIDES_ON = date(2027, 2, 23), date(2027, 3, 10)
OPTIONS = [{"es": "A las 8:00", "en": "At 8:00"}, {"es": "A las 8:30", "en": "At 8:30"}]
THREE = [*OPTIONS, {"es": "A las 9:00", "en": "At 9:00"}]
WORDS = {
    "decides_on": DECIDES_ON,
    "kind": "pulse",
    "title_es": "La hora de entrada",
    "title_en": "When school begins",
    "background_es": "La escuela piensa cambiar la hora.",
    "background_en": "The school thinks of changing the hour.",
    "question_es": "¿A qué hora conviene entrar?",
    "question_en": "When should school begin?",
    "options": OPTIONS,
}
VOTES = {
    "votes_for": 7,
    "votes_against": 2,
    "votes_abstained": 1,
    "outcome": "otherwise",
    "decided_es": "A las 8:30, por los autobuses.",
    "decided_en": "At 8:30, for the buses.",
}


def make_board(school, name="Consejo escolar local", **people):
    """Make a board with these people in seats of these kinds: `make_board(school, parent_seat=ana)`."""
    board = Board.objects.create(school=school, kind="lsc", name=name)
    for number, (kind, person) in enumerate(people.items(), start=1):
        sit(board, person, kind, number)
    return board


def sit(board, person, kind, number=1):
    """Give somebody a seat for the year."""
    seat = Seat.objects.create(board=board, kind=kind, number=number)
    held = tie(person, board.school, kind)
    day = date(2027, 1, 1)
    return SeatTerm.objects.create(
        seat=seat, person=person, membership=held, name=person.name, from_on=day, until_on=day + timedelta(days=700)
    )


def make_families(school, count=8):
    """Make families of a school, each with a phone."""
    names = ("Berta", "Carmen", "Delia", "Elisa", "Flor", "Gloria", "Hilda", "Irma", "Julia", "Karla", "Luz", "Mar")
    return [make_person(name, school, "caregiver", phone=f"+177355503{n:02}") for n, name in enumerate(names[:count])]


def make_town(count=8):
    """Make a school, a board with a parent and a teacher on it, and families who are in no group."""
    school = make_school()
    parent = make_person("Ana", school, "caregiver")
    teacher = make_person("Ms. Lewis")
    return school, make_board(school, parent_seat=parent, teacher_seat=teacher), make_families(school, count)


def member(board, kind="parent_seat"):
    """Return who sits there."""
    return SeatTerm.objects.filter(seat__board=board, seat__kind=kind).first().person


def drafted(board, by=None, **words):
    by = by or member(board)
    with acting("board", by.pk):
        return actions.draft(board=board, by=by, **{**WORDS, **words})


def publish(decision, by=None, closes_on=CLOSES_ON):
    by = by or member(decision.board)
    with acting("board", by.pk):
        return actions.publish(decision=decision, closes_on=closes_on, by=by)


def as_board(act, decision, **said):
    """Let the parent on the board do something with a decision."""
    with acting("board", member(decision.board).pk):
        return act(decision=decision, **said)


def as_leader(act, decision, leader, **said):
    with acting("leader", leader.pk):
        return act(decision=decision, **said)


def work():
    """Do whatever is due at this moment, as the worker's timetable does."""
    with acting("worker"):
        survey_tasks.make_key_rings()
        tasks.open_consultations()
        survey_tasks.close_due_forms()
        survey_tasks.seal_due_waves()
        survey_tasks.release_due_waves()
        tasks.tell_consultations()
        tasks.issue_receipts()


def send():
    """Let everything that is posted go out."""
    with acting("worker"):
        delivery.go_round()


def asked(board, **words):
    """Publish a decision and open it to families; return both as they are now."""
    consultation = publish(drafted(board, **words))
    work()
    consultation.refresh_from_db()
    return Decision.objects.get(pk=consultation.decision_id), consultation


def answer(consultation, person, value=None, comment=""):
    """Seal one family's answer: an option's number, several, or None."""
    form = Form.objects.get(pk=consultation.form_id)
    questions = questionnaire.read(form.instrument_id, "es").questions
    named = [f"option-{n}" for n in value] if isinstance(value, list) else value and f"option-{value}"
    with acting("caregiver", person.pk):
        surveys.submit(form=form, person=person, answers={one.slug: named for one in questions}, comment=comment)


def wave_of(consultation):
    return Wave.objects.get(ring=consultation.ring_id)


def closed(consultation, clock):
    """Go to the close, and let the worker do what follows."""
    clock.move_to(max(clock.at, Consultation.objects.get(pk=consultation.pk).closes_at))
    work()
    return wave_of(consultation)


def read_by_families(consultation, clock):
    """Go to the hour at which families read the result."""
    wave = closed(consultation, clock)
    clock.move_to(wave.families_at)
    work()
    return wave


def read_by_board(consultation, clock):
    """Go to the board's hour, and return the receipt."""
    wave = read_by_families(consultation, clock)
    clock.move_to(wave.leaders_at)
    work()
    return Consultation.objects.select_related("receipt").get(pk=consultation.pk).receipt
