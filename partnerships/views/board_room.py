"""A board's own pages: what it asks families before it decides, what they answered, what came of it."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import boards as access
from partnerships.access import decisions as decided
from partnerships.actions import decisions as actions
from partnerships.decisions_shown import outcome_of
from partnerships.forms.board_decisions import (
    DecisionForm,
    NotConsultedForm,
    PublishForm,
    RecordForm,
    lacking,
)
from partnerships.models import Decision
from partnerships.seats_shown import counts_in_words, held_in_words, seats_in_words

PAGE = require_http_methods(["GET", "HEAD", "POST"])
State = Decision.State
# Seven days at least (the action says so); a day more, so that a day begun is no trap.
USUALLY_OPEN = timedelta(days=8)


def state_of(decision):
    """Return how far a decision is, as a tag draws it."""
    said = {
        State.DRAFT: ("neutral", _("draft: families do not see it")),
        State.CONSULTING: ("wait", _("families are answering")),
        State.CONSULTED: ("ok", _("families have answered")),
        State.WITH_LEADERS: ("wait", _("with the school's leaders")),
        State.DECIDED: ("ok", _("decided")),
        State.CARRIED_OUT: ("ok", _("carried out")),
    }
    tag, label = said[decision.state]
    return {"state": tag, "label": label}


@require_safe
def board_home(request):
    """Go to the board on which the reader sits; let her choose where there are several, or none yet."""
    boards = access.boards_of(request)
    if len(boards) == 1:
        return redirect("board_page", boards[0].pk)
    return render(request, "partnerships/board_choice.html", {"boards": boards, "back_url": reverse("me")})


@require_safe
def board_page(request, board):
    """Show what is asked, what is to be decided and what was, who sits here, and the families' part of it."""
    board = access.board(request, board)
    found = [described(decision) for decision in decided.decisions_of(board)]
    parts = (
        (_("Families are answering"), {State.CONSULTING}),
        (_("To be decided"), {State.CONSULTED, State.WITH_LEADERS}),
        (_("Drafts"), {State.DRAFT}),
        (_("Decided"), {State.DECIDED, State.CARRIED_OUT}),
    )
    context = {
        "board": board,
        "parts": [
            {"title": title, "decisions": [one for one in found if one.state in states]} for title, states in parts
        ],
        "has_decisions": bool(found),
        "seats": seats_in_words(board),
        "held": held_in_words(board),
        "counts": counts_in_words(board),
        "tabs": tabs(board, "board_page"),
        "boards": access.boards_of(request),
        "sits_for_families": access.can_publish(board),
    }
    return render(request, "partnerships/board_page.html", context)


def tabs(board, here=""):
    """Return the main places of a board."""
    places = (("board_page", [board.pk], _("Decisions"), "bubble"), ("me", [], _("My account"), "people"))
    return [
        {"url": reverse(name, args=args), "label": label, "icon": icon, "here": name == here}
        for name, args, label, icon in places
    ]


def described(decision):
    """Give a decision its title in the reader's language (of a draft, in the one that it has) and its state."""
    one, other = ("title_en", "title_es") if get_language().startswith("en") else ("title_es", "title_en")
    decision.title_shown = getattr(decision, one) or getattr(decision, other)
    decision.tag = state_of(decision)
    return decision


@PAGE
def board_new_decision(request, board):
    """Draft what families are asked."""
    board = access.board(request, board)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decision = actions.draft(board=board, by=request.person, **form.words)
            return redirect("board_decision", board.pk, decision.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return show_form(request, board, form, reverse("board_page", args=[board.pk]))


@PAGE
def board_edit_decision(request, board, decision):
    """Change the words; families are asked again about words that they were asked about."""
    board = access.board(request, board)
    decision = decided.decision_of(board, decision)
    form = DecisionForm(request.POST if request.method == "POST" else None, decision=decision)
    if form.is_valid():
        try:
            actions.change_words(decision=decision, **form.words)
            return redirect("board_decision", board.pk, decision.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    was_asked = decision.state != State.DRAFT
    back_url = reverse("board_decision", args=[board.pk, decision.pk])
    return show_form(request, board, form, back_url, was_asked=was_asked)


def show_form(request, board, form, back_url, *, was_asked=False):
    """Draw the form of a decision, the reader's language first."""
    languages = ["en", "es"] if get_language().startswith("en") else ["es", "en"]
    context = {
        "board": board,
        "form": form,
        "languages": [{"code": code, "fields": form.in_language(code)} for code in languages],
        "may_publish": access.can_publish(board),
        "was_asked": was_asked,
        "back_url": back_url,
    }
    return render(request, "partnerships/board_write.html", context)


@PAGE
def board_decision(request, board, decision):
    """Show how far a decision is and what can be done next; before its hour, of the answer only the date."""
    board = access.board(request, board)
    decision = described(decided.decision_of(board, decision))
    step, refusal = request.POST.get("step", ""), None
    forms = forms_of(request, step, board, decision)
    if step:
        try:
            if taken(request, board, decision, step, forms.get(step)):
                return redirect("board_decision", board.pk, decision.pk)
        except ValidationError as refused:
            refusal = refused
    context = {
        "board": board,
        "decision": decision,
        "forms": forms,
        "refusal": refusal,
        "lacking": lacking(decision),
        "may_publish": access.can_publish(board),
        "may_edit": decision.state in {State.DRAFT, State.CONSULTED, State.WITH_LEADERS},
        "answer_at": answer_at(decision),
        "position": decided.position(decision),
        "themes": decided.themes_of(decision) if decision.receipt_id else [],
        "outcome": outcome_of(decision),
        "in_words": in_words(decision),
        "form": forms.get(step),
        "back_url": reverse("board_page", args=[board.pk]),
    }
    return render(request, "partnerships/board_decision.html", context)


def answer_at(decision):
    """Return when the board reads what families answer now; of the answer itself nothing is known before."""
    asked = decided.asked_now(decision)
    return decided.hours_of(asked).board if asked and decision.state == State.CONSULTING else None


def forms_of(request, step, board, decision):
    """Return the forms of the steps, the one that was sent with what was typed."""

    def said(name):
        return request.POST if step == name else None

    return {
        "publish": PublishForm(said("publish"), initial={"closes_on": board.today + USUALLY_OPEN}),
        "not_consulted": NotConsultedForm(said("not_consulted")),
        "record": RecordForm(said("record"), was_asked=decision.receipt_id is not None),
    }


def in_words(decision):
    """Return a decision's words in the reader's language; of a draft, in the one that it has."""
    code, other = ("en", "es") if get_language().startswith("en") else ("es", "en")
    names = ("background", "question", "decided")
    said = {name: getattr(decision, f"{name}_{code}") or getattr(decision, f"{name}_{other}") for name in names}
    said["options"] = [option[code] or option[other] for option in decision.options]
    said["because"] = getattr(decision.not_consulted, f"because_{code}") if decision.not_consulted else ""
    return said


def taken(request, board, decision, step, form):
    """Do what a member says about a decision; False where its form has to be shown again."""
    if form is not None and not form.is_valid():
        return False
    if step in {"publish", "not_consulted"} and (missing := lacking(decision)):
        raise ValidationError(
            _("Complete it first: %(missing)s.") % {"missing": ", ".join(map(str, missing))}, code="lacking"
        )
    if step == "publish":
        actions.publish(decision=decision, by=request.person, **form.cleaned_data)
        messages.success(request, _("Families can read it and answer. You will read what they said here."))
    elif step == "not_consulted":
        actions.say_not_consulted(decision=decision, **form.cleaned_data)
    elif step == "leaders":
        actions.take_to_leaders(decision=decision)
    elif step == "record":
        actions.record(decision=decision, **form.cleaned_data)
    return True
