"""A decision's course, step by step: drafted, asked about, taken to school leaders, voted on, carried out.

Every step locks the decision and looks again: of two members at once one takes it, the other is told. The database
holds the same course by itself (migrations/0004_boards.py).
"""

from datetime import date, datetime, timedelta
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from notifications import clock
from partnerships.days import today_at
from partnerships.models import Board, Consultation, Decision, NotConsulted, Seat, SeatTerm
from surveys.actions import start_ring
from surveys.disclosure import SURVEY_CLOSES_AT, consultation_release_at, leaders_release_at

State = Decision.State
OPEN_FOR = timedelta(days=7)
MOST_OPTIONS = 6
# As long as an answer, and as what is asked in free words, can be on the page on which families answer.
MOST_IN_OPTION, MOST_IN_OPEN_QUESTION = 120, 200
COPIED = (
    *("title_es", "title_en", "background_es", "background_en", "question_es", "question_en", "options", "kind"),
    "decides_on",
)


class Words(TypedDict):
    """All that a board writes of a decision before it asks."""

    decides_on: date
    kind: str
    title_es: str
    title_en: str
    background_es: str
    background_en: str
    question_es: str
    question_en: str
    options: list[dict[str, str]]


@transaction.atomic
def draft(*, board: Board, by: Person, **words: Unpack[Words]) -> Decision:
    """Draft a decision of a board, in one language perhaps. Raises ValidationError `options` or `long_question`."""
    check(words)
    return Decision.objects.create(
        board=board, school_id=board.school_id, drafted_by=by, drafted_at=clock.now(), **words
    )


@transaction.atomic
def change_words(*, decision: Decision, **words: Unpack[Words]) -> Decision:
    """Put a decision in other words; where families were asked about the earlier ones, they are asked again.

    Raises ValidationError `asking` while families answer, `decided` afterwards, and what `draft` does.
    """
    check(words)
    decision = locked(decision)
    if decision.state == State.CONSULTING:
        raise ValidationError(
            _("Families are answering these very words. They can change once the answer is here."), code="asking"
        )
    if decision.state in (State.DECIDED, State.CARRIED_OUT):
        raise ValidationError(_("The board has decided: these words stay."), code="decided")
    before = {name: getattr(decision, name) for name in words}
    for name, said in words.items():
        setattr(decision, name, said)
    if {**before, "decides_on": None} != {**words, "decides_on": None}:
        decision.version += was_asked(decision)
        decision.state = State.DRAFT
        decision.receipt = decision.not_consulted = decision.with_leaders_at = None
        decision.leaders_said = decision.leaders_said_language = ""
    said_too = ("version", "state", "receipt", "not_consulted", "with_leaders_at")
    decision.save(update_fields=[*words, *said_too, "leaders_said", "leaders_said_language"])
    return decision


@transaction.atomic
def publish(*, decision: Decision, closes_on: date, by: Person) -> Consultation:
    """Ask every family of the school about a draft, in the words that it has; the worker opens it.

    Raises ValidationError `seat` for anybody in no seat of the families, `state`, `lacking` words, `too_soon` for less
    than 7 days, `after_decision` where the board would read the answer after the day on which it decides.
    """
    decision = locked(decision)
    earlier = Consultation.objects.filter(decision=decision, version=decision.version).first()
    if earlier:
        return earlier
    if decision.state != State.DRAFT:
        raise taken()
    if not sits_for_families(by, decision.board):
        raise ValidationError(
            _("Somebody in a parent or community seat publishes what families are asked. Others draft it."),
            code="seat",
        )
    if not is_whole(decision):
        raise lacking()
    zone = decision.school.zone
    if closes_on < today_at(decision.school) + OPEN_FOR:
        raise ValidationError(_("Families need at least 7 days to answer. Choose a later day."), code="too_soon")
    now = clock.now()
    # Seven whole days also where it is late in the evening.
    closes_at = max(datetime.combine(closes_on, SURVEY_CLOSES_AT, ZoneInfo(zone)), now + OPEN_FOR)
    read_at = leaders_release_at(consultation_release_at(closes_at, zone))
    if read_at.astimezone(ZoneInfo(zone)).date() > decision.decides_on:
        raise ValidationError(
            _("The board reads the answer up to three days after the close: that would be after the day it decides."),
            code="after_decision",
        )
    consultation = Consultation.objects.create(
        decision=decision,
        version=decision.version,
        school=decision.school,
        board_name=decision.board.name,
        published_by=by,
        published_at=now,
        closes_at=closes_at,
        ring=start_ring(ends_on=closes_on),
        **{name: getattr(decision, name) for name in COPIED},
    )
    move(decision, State.CONSULTING)
    return consultation


@transaction.atomic
def say_not_consulted(*, decision: Decision, because_es: str, because_en: str) -> Decision:
    """Take a draft to school leaders without asking families, and say why: it stands on its page for ever.

    Raises ValidationError `state` or `lacking`.
    """
    decision = locked(decision)
    if decision.state == State.WITH_LEADERS and decision.not_consulted_id:
        return decision
    if decision.state != State.DRAFT:
        raise taken()
    if not (is_whole(decision) and because_es.strip() and because_en.strip()):
        raise lacking()
    at = clock.now()
    decision.not_consulted = NotConsulted.objects.create(
        decision=decision, version=decision.version, because_es=because_es, because_en=because_en, said_at=at
    )
    decision.with_leaders_at = at
    return move(decision, State.WITH_LEADERS, "not_consulted", "with_leaders_at")


@transaction.atomic
def take_to_leaders(*, decision: Decision) -> Decision:
    """Take to school leaders what families were consulted about. Raises ValidationError `state`."""
    decision = locked(decision)
    if decision.state == State.WITH_LEADERS:
        return decision
    if decision.state != State.CONSULTED:
        raise taken()
    decision.with_leaders_at = clock.now()
    return move(decision, State.WITH_LEADERS, "with_leaders_at")


@transaction.atomic
def record(
    *,
    decision: Decision,
    votes_for: int,
    votes_against: int,
    votes_abstained: int,
    outcome: Decision.Outcome,
    decided_es: str,
    decided_en: str,
) -> Decision:
    """Record how a board voted and why; once, and for good. Raises ValidationError `state` or `votes`."""
    decision = locked(decision)
    # Who was not asked was not followed either.
    said = {
        "votes_for": votes_for,
        "votes_against": votes_against,
        "votes_abstained": votes_abstained,
        "outcome": outcome if decision.receipt_id else Decision.Outcome.OTHERWISE,
        "decided_es": decided_es,
        "decided_en": decided_en,
    }
    if decision.state == State.DECIDED and all(getattr(decision, name) == value for name, value in said.items()):
        return decision
    if decision.state != State.WITH_LEADERS:
        raise taken()
    if votes_for + votes_against + votes_abstained == 0:
        raise ValidationError(_("Write how many voted: at least one of the three numbers."), code="votes")
    for name, value in said.items():
        setattr(decision, name, value)
    decision.decided_at = clock.now()
    return move(decision, State.DECIDED, "decided_at", *said)


@transaction.atomic
def answer_as_leaders(*, decision: Decision, text: str, language: str) -> Decision:
    """Say what school leaders think of a decision that was taken to them. Raises ValidationError `state`."""
    decision = locked(decision)
    if decision.state not in (State.WITH_LEADERS, State.DECIDED, State.CARRIED_OUT):
        raise taken()
    decision.leaders_said, decision.leaders_said_language = text, language
    decision.save(update_fields=["leaders_said", "leaders_said_language"])
    return decision


@transaction.atomic
def carry_out(*, decision: Decision) -> Decision:
    """Say that what the board decided is carried out. Raises ValidationError `state`."""
    decision = locked(decision)
    if decision.state == State.CARRIED_OUT:
        return decision
    if decision.state != State.DECIDED:
        raise taken()
    decision.carried_out_at = clock.now()
    return move(decision, State.CARRIED_OUT, "carried_out_at")


def locked(decision: Decision) -> Decision:
    """Return a decision as it is now, with its board and school; nobody else moves it meanwhile."""
    rows = Decision.objects.select_for_update(of=("self",)).select_related("board", "school")
    return rows.get(pk=decision.pk)


def move(decision, state, *also):
    """Write the next state, and what came with it."""
    decision.state = state
    decision.save(update_fields=["state", *also])
    return decision


def was_asked(decision: Decision) -> bool:
    """Say whether these words were asked about, or it was said that they would not be."""
    which = {"decision": decision, "version": decision.version}
    return Consultation.objects.filter(**which).exists() or NotConsulted.objects.filter(**which).exists()


def sits_for_families(person: Person, board: Board) -> bool:
    """Say whether somebody holds a parent or community seat of a board today."""
    today = today_at(board.school)
    kinds = (Seat.Kind.PARENT, Seat.Kind.COMMUNITY)
    return SeatTerm.objects.filter(
        person=person, seat__board=board, seat__kind__in=kinds, from_on__lte=today, until_on__gte=today
    ).exists()


def check(words: Words) -> None:
    """Refuse what no page of a form holds: more than six options, or one that is too long, or too long a question."""
    options = words["options"]
    if len(options) > MOST_OPTIONS or any(len(said) > MOST_IN_OPTION for option in options for said in option.values()):
        raise ValidationError(
            _("Up to six options, of 120 characters each. Put the rest into the background."), code="options"
        )
    longest = max(len(words["question_es"]), len(words["question_en"]))
    if not options and longest > MOST_IN_OPEN_QUESTION:
        raise ValidationError(
            _("A question to answer freely takes up to 200 characters. Put the rest into the background."),
            code="long_question",
        )


def is_whole(decision: Decision) -> bool:
    """Say whether all words are there in both languages, with no option or with two different ones at least."""
    languages = dict(settings.LANGUAGES)
    said = {
        language: [
            *(getattr(decision, f"{name}_{language}") for name in ("title", "background", "question")),
            *(option.get(language, "") for option in decision.options),
        ]
        for language in languages
    }
    different = all(len({*texts[3:]}) == len(decision.options) for texts in said.values())
    return len(decision.options) != 1 and different and all(text.strip() for texts in said.values() for text in texts)


def lacking() -> ValidationError:
    """Return the refusal to ask, or to leave out asking, in words that not every family reads."""
    return ValidationError(
        _("Complete it in both languages first, with two different options at least or with none."), code="lacking"
    )


def taken() -> ValidationError:
    """Return the refusal of a step that somebody else has taken, or that is not next."""
    return ValidationError(
        _("This is not the next step any more: somebody has moved the decision. Look at it again."), code="state"
    )
