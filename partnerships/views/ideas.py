"""The ideas that come out of what families write."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import ideas as access
from partnerships.access.voices import readable_post
from partnerships.actions import ideas as actions
from partnerships.forms.ideas import MOST_CHARACTERS, IdeaForm, MergeForm
from partnerships.views.frame import in_led_room, in_room, show

PAGE = require_http_methods(["GET", "HEAD", "POST"])
# What somebody may do with an idea, by the value of the button.
STEPS = {
    "support": actions.support,
    "support_no_more": actions.support_no_more,
    "see_to": actions.see_to,
    "see_to_no_more": actions.see_to_no_more,
}


@PAGE
@in_room
def room_ideas(request, room):
    """Show the ideas of a room, and take one more."""
    form = IdeaForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.write_idea(**room.place, **form.cleaned_data)
        return redirect(room.url("ideas"))
    return listed(request, room, form=form)


def listed(request, room, **context):
    """Draw the list; each idea knows the addresses of what its reader may do."""
    ideas = list(access.ideas(room))
    for idea in ideas:
        idea.step_url = room.url("idea_step", idea.pk)
        if room.is_led and idea.requested_at is None:
            idea.request_url = room.url("idea_request", idea.pk)
            idea.merge_url = room.url("idea_merge", idea.pk) if len(ideas) > 1 else ""
        idea.thread_url = room.url("thread", idea.post_id) if idea.post_id else ""
    context |= {"ideas": ideas, "list_url": room.url("ideas"), "back_url": room.url("posts")}
    return show(request, room, "idea_list", **context)


@PAGE
@in_room
def post_idea(request, room, post):
    """Keep what a post says as an idea, in a sentence or two."""
    post = readable_post(room, post)
    initial = {"text": post.text[:MOST_CHARACTERS], "language": post.language}
    form = IdeaForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        actions.write_idea(**room.place, **form.cleaned_data, post=post)
        return redirect(room.url("ideas"))
    return show(request, room, "idea_mark", form=form, post=post, back_url=room.url("thread", post.pk))


@require_POST
@in_room
def idea_step(request, room, idea):
    """Stand behind an idea or see to it, or no more."""
    idea, step = access.idea(room, idea), STEPS.get(request.POST.get("step"))
    try:
        if step:
            step(idea=idea, by=room.person)
    except ValidationError as refusal:
        return listed(request, room, form=IdeaForm(), refusal=refusal)
    return redirect(f"{room.url('ideas')}#{idea.pk}")


@PAGE
@in_led_room
def idea_merge(request, room, idea):
    """Ask which other idea says the same, and join the two."""
    idea = access.idea(room, idea)
    form = MergeForm(request.POST if request.method == "POST" else None, ideas=access.mergeable(room, idea))
    if form.is_valid():
        try:
            actions.merge(idea=idea, into=form.cleaned_data["into"])
            return redirect(room.url("ideas"))
        except ValidationError as refusal:
            form.add_error("into", refusal)
    return show(request, room, "idea_merge", form=form, idea=idea, back_url=room.url("ideas"))
