"""Asking the school for something: from an idea, from shared words, from a sent theme, from what a board decided."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partnerships.access import commitments as access
from partnerships.access import ideas
from partnerships.access.schools import facilitated_school
from partnerships.actions.commitments import ask
from partnerships.actions.ideas import turn_into_request
from partnerships.forms.commitments import MOST_CHARACTERS, RequestForm
from partnerships.languages import other
from partnerships.views.frame import in_led_room, places, show

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
@in_led_room
def idea_request(request, room, idea):
    """Turn an idea into a request to the school."""
    idea = ideas.idea(room, idea)

    def send(**said):
        turn_into_request(idea=idea, **said)

    initial = {"text": idea.text, "language": idea.language}
    return from_room(request, room, "ideas", send, initial=initial, source=idea)


@PAGE
@in_led_room
def quote_request(request, room, quote):
    """Ask the school for what somebody's shared words ask for; the words themselves stay hers."""
    quote = access.shared_quote(room, quote)

    def send(**said):
        ask(school=room.school, group=room.group, quote=quote, **said)

    return from_room(request, room, "voice", send, initial={}, quote=quote)


@PAGE
@in_led_room
def theme_request(request, room, theme):
    """Ask the school for what a theme that it read asks for."""
    theme = access.sent_theme(room, theme)

    def send(**said):
        ask(school=room.school, group=room.group, theme=theme, **said)

    initial = {"text": theme.text, "language": theme.language, "translated": theme.translated}
    cut = {name: value[:MOST_CHARACTERS] for name, value in initial.items()}
    return from_room(request, room, "themes", send, initial=cut, theme=theme)


def from_room(request, room, back, send, *, initial, **source):
    """Ask from a page of a room."""
    back_url = room.url(back)
    context = {**source, "back_url": back_url}
    return in_two_steps(
        request, send, initial, back_url, lambda **said: show(request, room, "idea_request", **context, **said)
    )


@PAGE
def decision_request(request, school, decision):
    """Ask the school for what follows from a board's decision, for all its families."""
    school = facilitated_school(request, school)
    decision = access.decision_of(school, decision)
    back_url = reverse("families_school", args=[school.slug])

    def send(**said):
        ask(school=school, group=None, decision=decision, **said)

    def page(**said):
        context = {
            "school": school,
            "title": access.title_of(decision),
            "back_url": back_url,
            "tabs": places(request, school, group_url="", here="school"),
            "help_person": {"name": school.help_name, "phone": school.help_phone},
        }
        return render(request, "partnerships/decision_request.html", {**context, **said})

    return in_two_steps(request, send, {}, back_url, page)


def in_two_steps(request, send, initial, done_url, page):
    """Take the words, show once more what the school will read, and send it; `page` draws either step."""
    form = RequestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.POST.get("step") not in {"check", "send"} or not form.is_valid():
        return page(form=form, check=None)
    if request.POST["step"] == "send":
        try:
            send(**form.words)
            return redirect(done_url)
        except ValidationError as refusal:
            form.add_error("text", refusal)
            return page(form=form, check=None)
    return page(form=form, check={**form.words, "translated_language": other(form.words["language"])})
