"""What boards ask families: read, answered, made shorter, and put into themes by whoever facilitates."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from notifications import clock
from partnerships.access import decisions as access
from partnerships.actions import consulting as actions
from partnerships.decisions_shown import kind_of, result_is_out, words_of
from partnerships.forms.consulting import ShortenForm, earlier_evenings
from partnerships.forms.themes import ThemeForm
from partnerships.views.frame import in_led_room, places, show
from partnerships.views.themes import shown
from surveys.views.answering import answer_page

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def ask(request, consultation):
    """Show what a board asks, who reads what of the answers and when; once the result is out lead to it."""
    found = access.my_consultation(request, consultation)
    if result_is_out(found):
        return redirect("decision_page", found.decision_id)
    is_asked_now = clock.now() < found.closes_at
    context = {
        "consultation": found,
        "said": words_of(found),
        "kind": kind_of(found),
        "hours": access.hours_of(found),
        "is_asked_now": is_asked_now,
        "is_coming": request.audience == "caregiver" and not found.may_answer,
        "may_shorten": found.is_led and is_asked_now and bool(earlier_evenings(found)),
        "may_tell_count": found.is_led and is_asked_now and found.can_be_counted and found.count_agreed_at is None,
        "groups": access.groups_to_hear(request, found),
        **of_families(request, found.school),
    }
    return render(request, "partnerships/consultation_page.html", context)


def of_families(request, school):
    """Return what a family's page about her school has at its edges."""
    group_url = reverse("families_group") if "caregiver" in request.held.audiences else ""
    return {
        "tabs": places(request, school, group_url=group_url, here="school"),
        "help_person": {"name": school.help_name, "phone": school.help_phone},
    }


@PAGE
def ask_answer(request, consultation):
    """Let a family answer; whoever came a moment ago is on the list within seconds."""
    found = access.my_consultation(request, consultation)
    if clock.now() >= found.closes_at:
        return redirect("ask", found.pk)
    line = access.my_line(request, found)
    return answer_page(request, form=line.form, person=line.person, action_url=request.path)


@PAGE
def ask_shorten(request, consultation):
    """Let whoever facilitates choose an earlier close, for the group."""
    found = access.led_consultation(request, consultation)
    form = ShortenForm(request.POST if request.method == "POST" else None, consultation=found)
    if form.is_valid():
        try:
            actions.shorten(consultation=found, closes_at=form.closes_at)
            return redirect("ask", found.pk)
        except ValidationError as refusal:
            form.add_error("closes_on", refusal)
    return show_step(request, found, "consultation_shorten", form=form)


@PAGE
def ask_count(request, consultation):
    """Let whoever facilitates say, for the group, that the board reads its count; asked once more before."""
    found, refusal = access.led_consultation(request, consultation), None
    if not found.can_be_counted:
        raise Http404
    if request.method == "POST":
        try:
            actions.tell_count(consultation=found)
            return redirect("ask", found.pk)
        except ValidationError as refused:
            refusal = refused
    return show_step(request, found, "consultation_count", refusal=refusal)


def show_step(request, consultation, template, **context):
    """Draw one step of whoever facilitates about a board's question."""
    context |= {
        "consultation": consultation,
        "said": words_of(consultation),
        "back_url": reverse("ask", args=[consultation.pk]),
        "help_person": {"name": consultation.school.help_name, "phone": consultation.school.help_phone},
    }
    return render(request, f"partnerships/{template}.html", context)


@require_safe
@in_led_room
def group_answers(request, room, consultation):
    """Show to whoever facilitates what families answered a board in free words, mixed, three or more together."""
    found = of_room(request, room, consultation)
    context = {
        "consultation": found,
        "said": words_of(found),
        "batches": access.answers_in_words(found),
        "theme_url": reverse("group_answers_theme", args=[room.group.pk, found.pk]),
        "back_url": reverse("ask", args=[found.pk]),
        "readers": ONLY_WHO_FACILITATES,
    }
    return show(request, room, "consultation_answers", **context)


@PAGE
@in_led_room
def group_answers_theme(request, room, consultation):
    """Take a theme that at least three answers say, and show it to the group."""
    found = of_room(request, room, consultation)
    lines = [line for batch in access.answers_in_words(found) for line in batch.lines]
    form = ThemeForm(request.POST if request.method == "POST" else None, texts=((line, line.text) for line in lines))
    if shown(form, room, "comments", consultation=found):
        return redirect(room.url("themes"))
    context = {
        "form": form,
        "back_url": reverse("group_answers", args=[room.group.pk, found.pk]),
        "readers": ONLY_WHO_FACILITATES,
    }
    return show(request, room, "consultation_theme", **context)


ONLY_WHO_FACILITATES = _("Only those who facilitate a group at this school, and do not work at it, can open this page.")


def of_room(request, room, pk):
    """Fetch a board's question to the families of a room's school."""
    found = access.led_consultation(request, pk)
    if found.school_id != room.school.pk:
        raise Http404
    return found
