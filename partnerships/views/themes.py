"""Themes: written from what several said, shown to the group, kept there or sent to the school."""

from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from notifications import clock
from partnerships.access import themes as access
from partnerships.access.commitments import asked_from
from partnerships.actions import themes as actions
from partnerships.forms.themes import ThemeForm
from partnerships.views.frame import in_led_room, in_room, show, way_back

PAGE = require_http_methods(["GET", "HEAD", "POST"])
WORDS_SHOWN = 30


@require_safe
@in_room
def room_themes(request, room):
    """Show to every member the themes on their way to the school, and let her keep one here."""
    context = {
        "themes": listed(room),
        "new_url": room.url("theme_new") if room.is_led else "",
        "back_url": room.url("posts"),
    }
    return show(request, room, "theme_list", **context)


def listed(room):
    """Return the themes of a group, each with what became of it and the addresses of what its reader may do."""
    themes, at = access.themes(room), clock.now()
    asked = asked_from(room.school, theme__in=[theme.pk for theme in themes]) if room.is_led else ()
    for theme in themes:
        theme.tag = state_of(theme, at)
        theme.keep_url = room.url("theme_keep", theme.pk) if theme.can_be_kept(at=at) else ""
        theme.send_url = room.url("theme_send", theme.pk) if room.is_led and theme.can_be_sent(at=at) else ""
        may_ask = room.is_led and theme.sent_at and theme.pk not in asked
        theme.request_url = room.url("theme_request", theme.pk) if may_ask else ""
    return themes


def state_of(theme, at):
    """Return what became of a theme, as a tag draws it."""
    if theme.is_kept:
        return {"state": "neutral", "label": pgettext("a theme", "stays in the group")}
    if theme.sent_at:
        return {"state": "ok", "label": pgettext("a theme", "sent to the school")}
    if theme.can_be_sent(at=at):
        return {"state": "wait", "label": pgettext("a theme", "can go to the school")}
    return {"state": "wait", "label": pgettext("a theme", "only the group reads it for now")}


@PAGE
@in_led_room
def theme_new(request, room):
    """Take a theme that at least three wrote about."""
    posts = access.signed_posts(room)
    texts = ((post, f"{post.signed_by.name}: {Truncator(post.text).words(WORDS_SHOWN)}") for post in posts)
    form = ThemeForm(request.POST if request.method == "POST" else None, texts=texts)
    if shown(form, room, "posts"):
        return redirect(room.url("themes"))
    return show(request, room, "theme_new", form=form, back_url=room.url("themes"))


def shown(form, room, source, **about):
    """Show what the form says to the group, perhaps about a board's question; on a refusal say it on the form."""
    if not form.is_valid():
        return False
    try:
        actions.show(group=room.group, **form.said, **about, **{source: form.cleaned_data["sources"]})
    except ValidationError as refusal:
        form.add_error("sources" if refusal.code == "too_few" else "text", refusal)
        return False
    return True


@PAGE
@in_room
def theme_keep(request, room, theme):
    """Ask once more, and keep a theme in the group without saying who asked."""
    return asked_once_more(request, room, theme, actions.keep, "theme_keep")


@PAGE
@in_led_room
def theme_send(request, room, theme):
    """Show once more what the school will read, and send it, perhaps as something that families need."""
    send = partial(actions.send, is_need=request.POST.get("is_need") == "yes")
    return asked_once_more(request, room, theme, send, "theme_send")


def asked_once_more(request, room, theme, act, template):
    """Do one thing with a theme, after a page that says what follows from it."""
    context = {"theme": access.theme(room, theme), "back_url": room.url("themes")}
    if request.method == "POST":
        try:
            act(theme=context["theme"])
            return redirect(room.url("themes"))
        except ValidationError as refusal:
            context["refusal"] = refusal
    return show(request, room, template, **context)


@require_safe
def shared_themes(request, school):
    """Show to a school's leaders and council the themes that reached them."""
    school, themes = access.shared_themes(request, school)
    context = {"school": school, "themes": themes, "back_url": way_back(request, school)}
    return render(request, "partnerships/shared_themes.html", context)
