"""What families asked and what the school does about it: for the school, for those who look on, for families."""

from itertools import groupby

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import commitments as access
from partnerships.access import schools
from partnerships.access.decisions import consultations_of
from partnerships.actions import commitments as actions
from partnerships.days import today_at
from partnerships.decisions_shown import listed
from partnerships.forms.commitments import AnswerForm, FoundForm, MetForm
from partnerships.languages import other
from partnerships.models import Commitment
from partnerships.views.frame import places, way_back

PAGE = require_http_methods(["GET", "HEAD", "POST"])
State = Commitment.State
# What families may say about what the school says is done, by the value of the button.
SEEN = {"yes": actions.confirm, "not_yet": actions.see_not_yet}


# For the school, and whoever looks on


@require_safe
def commitments(request, school):
    """Show what families asked of a school, late ones first, then by state."""
    school = access.open_school(request, school)
    context = {
        "school": school,
        "sections": in_sections(access.commitments_of(school)),
        "needs_url": reverse("needs", args=[school.slug]) if request.audience in access.READS_WORDS else "",
        "back_url": way_back(request, school),
    }
    return render(request, "partnerships/commitment_list.html", context)


def in_sections(found):
    """Return requests under their headings, in the order in which they are listed."""
    headings = {
        State.RECEIVED: _("Waiting for an answer"),
        State.UNDER_WAY: pgettext("a request", "In progress"),
        State.DONE: pgettext("a request", "Done"),
        State.DECLINED: pgettext("a request", "We decided not to, and why"),
    }
    listed = groupby(found, key=lambda one: _("Late") if one.late else headings[one.state])
    return [(heading, list(some)) for heading, some in listed]


@require_safe
def commitment(request, school, commitment):
    """Show one of them with its history, and to the school's leaders how to answer."""
    school = access.open_school(request, school)
    return page_of(request, school, access.commitment_of(school, commitment))


@require_POST
def commitment_answer(request, school, commitment):
    """Take the answer of the school's leaders."""
    school = access.answering_school(request, school)
    found = access.commitment_of(school, commitment)
    form = AnswerForm(request.POST, commitment=found)
    if form.is_valid():
        try:
            actions.answer(commitment=found, **form.said)
            return redirect("commitment_page", school.slug, found.pk)
        except ValidationError as refusal:
            form.add_error({"past": "due_on"}.get(refusal.code), refusal)
    return page_of(request, school, found, form)


def page_of(request, school, found, form=None):
    """Draw one request; its leaders answer it until it is done."""
    is_open = school.is_led_by_me and found.state != State.DONE
    context = {
        "school": school,
        "commitment": found,
        "translated_language": other(found.language),
        "quote": access.shared_quote_of(request, found),
        "form": form or (AnswerForm(commitment=found) if is_open else None),
        "back_url": reverse("commitments", args=[school.slug]),
    }
    return render(request, "partnerships/commitment_page.html", context)


@require_safe
def needs(request, school):
    """Show what families said that they need, what leaders found for it, and what is met."""
    school = access.needs_school(request, school)
    context = {
        "school": school,
        "needs": access.needs_of(school),
        "back_url": reverse("commitments", args=[school.slug]),
    }
    return render(request, "partnerships/need_list.html", context)


@PAGE
def need_found(request, school, need):
    """Take what leaders found for a need."""
    school = access.answering_school(request, school)
    need = access.need_of(school, need)
    initial = {"found_on": today_at(school)}
    form = FoundForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.find(need=need, found_on=form.cleaned_data["found_on"], **form.words)
        return redirect("needs", school.slug)
    context = {"school": school, "need": need, "form": form, "back_url": reverse("needs", args=[school.slug])}
    return render(request, "partnerships/need_found.html", context)


@PAGE
def need_met(request, school, resource):
    """Take since when what was found meets the need."""
    school = access.answering_school(request, school)
    resource = access.resource_of(school, resource)
    form = MetForm(request.POST if request.method == "POST" else None, initial={"met_on": today_at(school)})
    if form.is_valid():
        try:
            actions.meet(resource=resource, on=form.cleaned_data["met_on"])
            return redirect("needs", school.slug)
        except ValidationError as refusal:
            form.add_error("met_on", refusal)
    context = {"school": school, "resource": resource, "form": form, "back_url": reverse("needs", args=[school.slug])}
    return render(request, "partnerships/need_met.html", context)


# For families


@require_safe
def families_school(request, school):
    """Show to a school's families what they asked, what came of it, and what was found for what they need."""
    school = schools.families_school(request, school)
    found = access.commitments_of(school)
    for each in found:
        if each.state == State.DONE and not school.is_led:
            each.seen_url = reverse("commitment_seen", args=[school.slug, each.pk])
    context = {
        "school": school,
        "commitments": found,
        "consultations": listed(consultations_of(school)),
        "needs": access.needs_of(school),
        "tabs": places(request, school, group_url=group_url(request), here="school"),
        "help_person": {"name": school.help_name, "phone": school.help_phone},
    }
    return render(request, "partnerships/families_school.html", context)


def group_url(request):
    """Return the way to a family's group; who facilitates without being a family goes by her desk."""
    return reverse("families_group") if "caregiver" in request.held.audiences else ""


@require_POST
def commitment_seen(request, school, commitment):
    """Take whether families see what the school says is done; who facilitates leaves that to them."""
    school = access.family_alone(request, school)
    found = access.commitment_of(school, commitment)
    if step := SEEN.get(request.POST.get("seen")):
        step(commitment=found)
    return redirect(f"{reverse('families_school', args=[school.slug])}#{found.pk}")
