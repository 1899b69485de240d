"""How decisions and what boards ask are said on pages: words in the reader's language, states as tags, history."""

from typing import NamedTuple

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from notifications import clock
from partnerships.access.decisions import Line, asked_now, hours_of, lines_of
from partnerships.models import Consultation, Decision, NotConsulted, Receipt
from partnerships.models.decisions import Kind

State, Outcome = Decision.State, Decision.Outcome
IN_BOTH = ("title", "background", "question")


class Asked(NamedTuple):
    """What became of one version of a decision's words."""

    version: int
    question: str
    consultation: Consultation | None
    receipt: Receipt | None
    position: list[Line]
    because: str
    not_consulted: NotConsulted | None


def words_of(row: Decision | Consultation) -> dict:
    """Return title, background, question and options in the reader's language."""
    language = get_language()[:2]
    return {
        **{name: getattr(row, f"{name}_{language}") for name in IN_BOTH},
        "options": [option[language] for option in row.options],
    }


def state_of(decision: Decision) -> dict:
    """Return how far a published decision is, as a tag draws it."""
    said = {
        State.DRAFT: ("wait", pgettext("a decision", "the words are changing")),
        State.CONSULTING: ("wait", pgettext("a decision", "families are answering")),
        State.CONSULTED: ("ok", pgettext("a decision", "families were asked")),
        State.WITH_LEADERS: ("wait", pgettext("a decision", "with the school's leaders")),
        State.DECIDED: ("ok", pgettext("a decision", "decided")),
        State.CARRIED_OUT: ("ok", pgettext("a decision", "carried out")),
    }
    asked = asked_now(decision)
    is_answered = decision.state == State.CONSULTING and asked and clock.now() >= asked.closes_at
    tag, label = said[State.CONSULTED if is_answered else decision.state]
    return {"state": tag, "label": label}


def outcome_of(decision: Decision) -> str:
    """Say how what was decided stands to what families said; nothing where nobody knows what they said."""
    labels = decision.receipt.labels if decision.receipt else [{"band": ""}]
    if not decision.outcome or (labels and not any(label["band"] for label in labels)):
        return ""
    return {
        Outcome.AS_FAMILIES: _("The board decided as families said."),
        Outcome.PARTLY: _("The board followed families in part."),
        Outcome.OTHERWISE: _("The board decided differently from what families said."),
    }[decision.outcome]


def kind_of(consultation: Consultation) -> str:
    """Say what the board reads of the answers."""
    if not consultation.options:
        return _(
            "The board reads themes: what three people or more say, in other words, after a group of families has "
            "read it."
        )
    if consultation.kind == Kind.PULSE:
        return _(
            "The board reads results of all families together, only when five or more answer, and never exact "
            "numbers in a small group."
        )
    if consultation.count_agreed_at:
        return _("The group lets the board read how many families support each thing, if five or more answer.")
    return _(
        "Families take a position here. If the group so decides before it closes, and five or more answer, the board "
        "reads how many families support each thing; if not, only results without exact numbers."
    )


def history_of(decision: Decision, *, reads_result: bool) -> list[Asked]:
    """Return what was asked, or was not, about each earlier version of the words, the newest first."""
    asked = {one.version: one for one in decision.asked_before}
    said = {one.version: one for one in decision.said_before}
    language = get_language()[:2]
    found = []
    for version in sorted(asked.keys() | said.keys(), reverse=True):
        one, reason = asked.get(version), said.get(version)
        receipt = getattr(one, "receipt", None)
        found.append(
            Asked(
                version,
                getattr(one, f"question_{language}") if one else "",
                one,
                receipt,
                lines_of(receipt) if reads_result else [],
                getattr(reason, f"because_{language}") if reason else "",
                reason,
            )
        )
    return found


def listed(consultations: list[Consultation]) -> list[Consultation]:
    """Give what boards asked a title in the reader's language, a tag, and whether and until when it is open."""
    at = clock.now()
    for one in consultations:
        one.title_shown = words_of(one)["title"]
        one.is_asked_now = one.is_open(at=at)
        one.tag = state_of_asking(one)
    return sorted(consultations, key=lambda one: not one.is_asked_now)


def state_of_asking(consultation: Consultation) -> dict:
    """Return how far a question to families is, as a tag draws it; once decided, in the words of its decision."""
    decision = consultation.decision
    if decision.decided_at and consultation.version == decision.version:
        carried_out, decided = pgettext("a decision", "carried out"), pgettext("a decision", "decided")
        return {"state": "ok", "label": carried_out if decision.carried_out_at else decided}
    if getattr(consultation, "receipt", None):
        return {"state": "ok", "label": pgettext("a question of a board", "answered")}
    if clock.now() < consultation.closes_at:
        return {"state": "wait", "label": pgettext("a question of a board", "open")}
    return {"state": "wait", "label": pgettext("a question of a board", "closed, the result is coming")}


def result_is_out(consultation: Consultation) -> bool:
    """Say whether families can read the result at this instant."""
    return clock.now() >= hours_of(consultation).families
