"""Who reaches out to families: a person who is not staff, named by the parents and the school's leaders together."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import leads as access
from partnerships.actions import leads as actions
from partnerships.days import today_at
from partnerships.forms.leads import ProposalForm
from partnerships.views.frame import in_room, show, way_back

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def state_in_words(state):
    """Return how far an appointment is, as a tag draws it."""
    said = {
        "asked": ("wait", _("proposed, not accepted yet")),
        "accepted": ("wait", _("accepted, waiting for signatures")),
        "signed": ("ok", _("signed by both sides")),
        "ended": ("neutral", _("ended")),
        "lapsed": ("neutral", _("ended: a tie to the school does not allow it")),
        "over": ("neutral", _("the term is over")),
    }
    tag, label = said[state]
    return {"state": tag, "label": label}


def shown(lead, school):
    """Return what both sides read of an appointment."""
    state = access.state_of(lead, today=today_at(school)) if lead else ""
    return {
        "lead": lead,
        "school": school,
        "tag": state_in_words(state) if lead else None,
        "is_asked": state == "asked",
        "is_accepted": state in {"accepted", "signed"},
        "is_open": access.is_open(lead, today=today_at(school)),
    }


@PAGE
@in_room
def space_lead(request, room):
    """Show the appointment to the families: its person answers, another parent signs, and it can end early."""
    lead, refusal = access.lead(room), None
    if request.method == "POST":
        if not access.is_open(lead, today=today_at(room.school)):
            return redirect(room.url("lead"))
        try:
            return taken(request, room, lead)
        except ValidationError as refused:
            refusal = refused
    context = shown(lead, room.school)
    is_hers = lead is not None and lead.person_id == room.person.pk
    context |= {
        "is_hers": is_hers,
        "may_sign": context["is_accepted"] and not is_hers and lead.parents_signed_at is None,
        "may_end": context["is_open"] and access.may_end(room, lead),
        "refusal": refusal,
        "propose_url": room.url("lead_propose"),
        "back_url": room.url("posts"),
    }
    return show(request, room, "lead_of_families", **context)


def taken(request, room, lead):
    """Do what a family says about the appointment."""
    step = request.POST.get("step")
    if step in {"paid", "unpaid"}:
        if lead.person_id != room.person.pk:
            raise Http404
        if step == "paid":
            actions.end(lead=lead)
            return show(request, room, "lead_paid", school=room.school, back_url=room.url("lead"))
        actions.say_unpaid(lead=lead)
    elif step == "sign":
        actions.sign_for_parents(lead=lead, by=room.person)
    elif step == "end":
        if not access.may_end(room, lead):
            raise Http404
        actions.end(lead=lead)
    return redirect(room.url("lead"))


@PAGE
@in_room
def lead_propose(request, room):
    """Propose a member, with a term and a review."""
    form = ProposalForm(
        request.POST if request.method == "POST" else None, people=access.eligible(room), today=today_at(room.school)
    )
    if form.is_valid():
        try:
            actions.propose(school=room.school, by=room.person, **form.cleaned_data)
            return redirect(room.url("lead"))
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return show(request, room, "lead_propose", form=form, back_url=room.url("lead"))


@PAGE
def leader_lead(request, school):
    """Show the appointment to the school's leaders, who sign it, and can end it early."""
    school, lead = access.lead_of_school(request, school)
    refusal = None
    if request.method == "POST":
        try:
            if access.is_open(lead, today=today_at(school)):
                taken_by_leader(request, lead)
            return redirect("leader_lead", school.slug)
        except ValidationError as refused:
            refusal = refused
    context = {**shown(lead, school), "refusal": refusal, "back_url": way_back(request, school)}
    return render(request, "partnerships/lead_of_leaders.html", context)


def taken_by_leader(request, lead):
    """Do what a leader says about the appointment."""
    if request.POST.get("step") == "sign":
        actions.sign_for_leaders(lead=lead, by=request.person)
    elif request.POST.get("step") == "end":
        actions.end(lead=lead)
