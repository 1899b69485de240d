"""What the demonstration's council asks families, what it decides, and what the school owes them."""

from datetime import date, time, timedelta

from django.utils.timezone import now as machine_now  # noqa: TID251 - the story ends at the machine's present

from accounts.database import acting
from accounts.models import Person
from config.demo.cast import ELENA, FAMILIES, PARENT_SEAT, PRINCIPAL, STAFF_SEAT, Player
from config.demo.telling import ZONE, answer_form, end_form, it_is
from dialogue_series.models import Series
from partnerships.actions import boards, commitments, consulting, decisions, ideas
from partnerships.models import Board, Consultation, Decision, Idea
from surveys.actions import make_ring_keys
from surveys.releases import release

KINDS = {PARENT_SEAT: "parent_seat", STAFF_SEAT: "staff_seat", PRINCIPAL: "principal_seat"}
OTHERS = (
    ("Sr. Molina", "parent_seat", "molina@consejo.example"),
    ("Doña Inés", "community_seat", "ines@consejo.example"),
)
FRIDAYS = {
    "title_es": "Salir más temprano los viernes",
    "title_en": "Leaving earlier on Fridays",
    "background_es": "La escuela propone terminar los viernes a las 12:45 para que los maestros se preparen juntos.",
    "background_en": "The school proposes to end Fridays at 12:45 so that teachers can prepare together.",
    "question_es": "¿Qué le parece que los viernes terminen a las 12:45?",
    "question_en": "What do you think of Fridays ending at 12:45?",
    "options": [
        {"es": "Estoy de acuerdo", "en": "I agree"},
        {"es": "No estoy de acuerdo", "en": "I do not agree"},
    ],
}
ASKED = (
    ("Que la biblioteca abra los viernes hasta las 3:15.", "Keep the library open until 3:15 on Fridays."),
    ("Que haya intérprete en las juntas del consejo.", "Have an interpreter at council meetings."),
    ("Que el autobús pase una hora más tarde.", "Let the bus leave an hour later."),
)
# Of the idea that the group kept (conversation.IDEA).
IN_ENGLISH = "Always have somebody in the office who answers in Spanish."
GARDEN = {
    "title_es": "El terreno al lado de la entrada",
    "title_en": "The ground beside the entrance",
    "background_es": "Hay dinero para arreglar el terreno antes del verano. Alcanza para una sola cosa.",
    "background_en": "There is money to fix the ground before summer. It is enough for one thing.",
    "question_es": "¿Qué podría apoyar usted? Marque todo lo que le parezca bien.",
    "question_en": "What could you support? Mark everything that is fine with you.",
    "options": [
        {"es": "Una huerta", "en": "A garden"},
        {"es": "Bancas y sombra", "en": "Benches and shade"},
        {"es": "Juegos para los más chicos", "en": "A playground for the little ones"},
    ],
}


def tell_council(series: Series, people: dict[Player, Person], first_on: date) -> None:
    """Tell of the council since the running series began: one thing decided, one being asked, four requests."""
    it_is(first_on - timedelta(weeks=2), time(10))
    board = sit_down(series, people, first_on)
    it_is(first_on + timedelta(days=1), time(17))
    fridays = decide(board, people, FRIDAYS, first_on + timedelta(days=9))
    requests(series, people, fridays)
    it_is(machine_now().astimezone(ZONE).date() - timedelta(days=3), time(17))
    open_on = machine_now().astimezone(ZONE).date() + timedelta(days=7)
    begin(ask(board, people, GARDEN, open_on))


def sit_down(series: Series, people: dict[Player, Person], first_on: date) -> Board:
    """Set the council up, with five of its fifteen seats held."""
    board = boards.set_up(school=series.school, plan="lsc_high", name="Consejo Escolar Local", quorum=7)
    term = {"from_on": first_on - timedelta(weeks=2), "until_on": first_on + timedelta(weeks=100)}
    seated = [(player.name, kind, player.email or player.phone, people[player]) for player, kind in KINDS.items()]
    for name, kind, value, person in [*seated, *((*other, None) for other in OTHERS)]:
        seat = board.seats.filter(kind=kind, terms=None).order_by("number").first()
        channel = "email" if "@" in value else "sms"
        boards.give_seat(
            seat=seat, name=name, channel=channel, value=value, language="es", person=person, knows_it_bars=True, **term
        )
    boards.announce_election(
        board=board,
        filing_from_on=first_on + timedelta(weeks=16),
        filing_until_on=first_on + timedelta(weeks=20),
        held_on=first_on + timedelta(weeks=26),
    )
    return board


def ask(board: Board, people: dict[Player, Person], words: dict, closes_on: date) -> Consultation:
    """Let Ana draft and publish a question."""
    ana = people[PARENT_SEAT]
    with acting("board", ana.pk):
        drafted = decisions.draft(board=board, by=ana, kind="pulse", decides_on=closes_on + timedelta(days=10), **words)
        return decisions.publish(decision=drafted, closes_on=closes_on, by=ana)


def begin(consultation: Consultation) -> Consultation:
    """Make the keys and open the question, as the worker does."""
    make_ring_keys(ring=consultation.ring_id)
    consulting.open_consultation(consultation=consultation.pk)
    consultation.refresh_from_db()
    return consultation


def decide(board: Board, people: dict[Player, Person], words: dict, closes_on: date) -> Decision:
    """Let families answer that they do not agree, and the board decide otherwise and say why."""
    asked = begin(ask(board, people, words, closes_on))
    it_is(closes_on - timedelta(days=4), time(12))
    for number, player in enumerate(FAMILIES):
        answer_form(asked.form, people[player], lambda _slug, _number, no=number < 6: 1 if no else 2)
    end_form(asked.form)
    wave = asked.form.wave
    wave.refresh_from_db()
    for hour, happens in ((wave.families_at, release), (wave.leaders_at, None)):
        local = hour.astimezone(ZONE)
        it_is(local.date(), local.time())
        if happens:
            happens(wave=wave.pk)
    consulting.issue_receipt(consultation=asked.pk)
    decision = Decision.objects.get(consultations=asked)
    it_is(closes_on + timedelta(days=6), time(18))
    with acting("board", people[PARENT_SEAT].pk):
        decisions.take_to_leaders(decision=decision)
        decisions.record(
            decision=decision,
            votes_for=5,
            votes_against=3,
            votes_abstained=1,
            outcome="otherwise",
            decided_es="Los viernes terminan a las 12:45 desde marzo. El distrito pide ese tiempo para los maestros.",
            decided_en="Fridays end at 12:45 from March on. The district asks for that time for teachers.",
        )
    with acting("leader", people[PRINCIPAL].pk):
        words_of_leader = "We hear that this is hard for families. The library stays open until 3:15 on Fridays."
        decisions.answer_as_leaders(decision=decision, text=words_of_leader, language="en")
    return decision


def requests(series: Series, people: dict[Player, Person], decision: Decision) -> None:
    """Let Elena ask the school for four things: one done, one under way, one declined, one without an answer yet."""
    elena, grant = people[ELENA].pk, people[PRINCIPAL].pk
    whose = {"school": series.school, "group": series.group, "language": "es", "decision": decision}
    with acting("facilitator", elena):
        asked = [commitments.ask(text=text, translated=translated, **whose) for text, translated in ASKED]
    today = machine_now().astimezone(ZONE).date()
    promise = {"owner": "Mr. Okafor", "due_on": today + timedelta(days=4)}
    answers = (
        (asked[0], "done", "La biblioteca ya abre los viernes hasta las 3:15.", {}),
        (asked[1], "under_way", "Estamos contratando a una intérprete.", promise),
        (asked[2], "declined", "El distrito fija el horario de los autobuses y no lo cambia este año.", {}),
    )
    for commitment, state, text, more in answers:
        with acting("leader", grant):
            commitments.answer(
                commitment=commitment, state=state, text=text, language="es", translated="", seen="1", **more
            )
    with acting("caregiver", people[FAMILIES[0]].pk):
        commitments.confirm(commitment=asked[0])
    it_is(today - timedelta(days=18), time(10))
    with acting("facilitator", elena):
        idea = Idea.objects.filter(group=series.group).order_by("at").first()
        said = {"text": idea.text, "language": idea.language, "translated": IN_ENGLISH}
        ideas.turn_into_request(idea=idea, **said)
