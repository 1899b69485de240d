"""A decision's page for everybody who may read it, and the stage of school leaders."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import decisions as access
from partnerships.actions import decisions as actions
from partnerships.decisions_shown import history_of, listed, outcome_of, result_is_out, state_of, words_of
from partnerships.forms.consulting import LeadersForm
from partnerships.models import Decision
from partnerships.views.consulting import of_families
from partnerships.views.frame import way_back

State = Decision.State
PAGE = require_http_methods(["GET", "HEAD", "POST"])
# What leaders have a say in: what was taken to them.
TAKEN = (State.WITH_LEADERS, State.DECIDED, State.CARRIED_OUT)


@require_safe
def decision_page(request, decision):
    """Show what was asked, what families said and what the board decided, one beside the other, and all before."""
    found = access.readable(request, decision)
    reader, school = found.reader, found.school
    asked = access.asked_now(found)
    # Families read it two days before the board does, and before there is a receipt.
    is_early = bool(reader.is_family and asked and found.receipt is None and result_is_out(asked))
    context = {
        **described(found, asked, reads_result=reader.reads_result),
        "school": school,
        "asked": asked,
        "hours": access.hours_of(asked) if asked and reader.reads_result else None,
        "is_early": is_early,
        "early": access.result_for_families(asked) if is_early else [],
        "themes": access.themes_of(found) if reader.reads_themes else [],
        "groups": access.groups_to_hear(request, asked) if asked and reader.is_family else [],
        "is_family": reader.is_family,
        "reads_result": reader.reads_result,
        "leaders_url": reverse("decision_leaders", args=[found.pk]) if may_speak(request, found) else "",
        **(of_families(request, school) if reader.is_family else {"back_url": way_back(request, school)}),
    }
    return render(request, "partnerships/decision_page.html", context)


def described(found, asked, *, reads_result):
    """Return a decision's words in the reader's language: of words that are changing, those that families know."""
    language = get_language()[:2]
    is_changing = found.state == State.DRAFT
    known = (found.asked_before or [None])[-1] if is_changing else found
    before = history_of(found, reads_result=reads_result)
    return {
        "decision": found,
        "said": words_of(known) if known else {"title": getattr(found, f"title_{language}")},
        "is_changing": is_changing,
        "tag": state_of(found),
        "position": access.position(found) if reads_result else [],
        "because": getattr(found.not_consulted, f"because_{language}") if found.not_consulted else "",
        "outcome": outcome_of(found),
        "decided": getattr(found, f"decided_{language}"),
        "history": [one for one in before if is_changing or one.version != found.version],
    }


def may_speak(request, found):
    """Say whether the reader leads the school, and the decision was taken to its leaders."""
    return found.school_id in request.held.schools(*access.LEADERS) and found.state in TAKEN


@PAGE
def decision_leaders(request, decision):
    """Let a school's leaders say what they say to a decision, and that it is carried out."""
    found = access.led_decision(request, decision)
    step, refusal = request.POST.get("step", ""), None
    first = {"text": found.leaders_said, "language": found.leaders_said_language or get_language()[:2]}
    form = LeadersForm(request.POST if step == "say" else None, initial=first)
    try:
        if step == "say" and form.is_valid():
            actions.answer_as_leaders(decision=found, **form.cleaned_data)
            return redirect("decision_page", found.pk)
        if step == "carried_out":
            actions.carry_out(decision=found)
            return redirect("decision_page", found.pk)
    except ValidationError as refused:
        refusal = refused
    context = {
        "decision": found,
        "said": words_of(found),
        "form": form if found.state in TAKEN else None,
        "may_carry_out": found.state == State.DECIDED,
        "refusal": refusal,
        "back_url": reverse("decision_page", args=[found.pk]),
    }
    return render(request, "partnerships/decision_leaders.html", context)


@require_safe
def leader_consultations(request, school):
    """List for a school's leaders what its boards asked families."""
    school, found = access.led_consultations(request, school)
    context = {"school": school, "consultations": listed(found), "back_url": way_back(request, school)}
    return render(request, "partnerships/consultation_list.html", context)
