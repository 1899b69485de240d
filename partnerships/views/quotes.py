"""Exact words on their way out of a group, each with its writer's yes, and back."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import code_is_old
from partnerships.access import quotes as access
from partnerships.access.commitments import asked_from
from partnerships.access.voices import readable_post
from partnerships.actions import quotes as actions
from partnerships.forms.quotes import AUDIENCES, LEADERS, PUBLIC, SIGNATURES, AllowForm, AskForm
from partnerships.languages import other
from partnerships.models.quotes import Signature
from partnerships.views.frame import in_led_room, show, way_back

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
@in_led_room
def post_quote(request, room, post):
    """Ask whoever wrote a post whether some of its exact words may be shared."""
    post = readable_post(room, post)
    form = AskForm(request.POST if request.method == "POST" else None, initial={"words": post.text})
    if form.is_valid():
        try:
            actions.ask(post=post, words=form.cleaned_data["words"], by=room.person)
            return redirect(room.url("voice"))
        except ValidationError as refusal:
            form.add_error("words", refusal)
    return show(request, room, "quote_ask", form=form, post=post, back_url=room.url("thread", post.pk))


@require_safe
@in_led_room
def room_voice(request, room):
    """Show to whoever facilitates what was asked for, and what became of it."""
    quotes = access.quotes(room)
    asked = asked_from(room.school, quote__in=[quote.pk for quote in quotes])
    for quote in quotes:
        may_ask = quote.is_shared and quote.for_leaders and quote.pk not in asked
        quote.request_url = room.url("quote_request", quote.pk) if may_ask else ""
        quote.tag, quote.shared_with = state_of(quote), audiences_of(quote)
        quote.thread_url = room.url("thread", quote.post_id)
    themes_url = room.url("themes") if room.group else ""
    return show(request, room, "quote_list", quotes=quotes, themes_url=themes_url, back_url=room.url("posts"))


def state_of(quote):
    """Return what became of a question, as a tag draws it."""
    if quote.withdrawn_at:
        return {"state": "neutral", "label": pgettext("words asked for", "taken back")}
    if quote.is_shared:
        return {"state": "ok", "label": pgettext("words asked for", "allowed")}
    if quote.answered_at:
        return {"state": "neutral", "label": pgettext("words asked for", "not allowed")}
    return {"state": "wait", "label": pgettext("words asked for", "not answered yet")}


def audiences_of(quote):
    """Return with whom words are shared now, in words."""
    if not quote.is_shared:
        return []
    return [AUDIENCES[name] for name, shared in ((LEADERS, quote.for_leaders), (PUBLIC, quote.for_public)) if shared]


@PAGE
def own_words(request, quote):
    """Ask whoever wrote some words whether they may be shared; show her what she said, and let her take it back."""
    quote, room = access.own_quote(request, quote)
    if code_is_old(request):
        return redirect_to_login(request.get_full_path(), reverse("enter"))
    translation = access.translation_of(quote)
    is_yes = request.method == "POST" and request.POST.get("answer") == "yes"
    form = AllowForm(request.POST if is_yes else None, translation=translation)
    if request.method == "POST" and answered(request, quote, form, translation):
        return redirect("own_words", quote.pk)
    context = {
        "quote": quote,
        "form": form,
        "translation": translation,
        "shared_with": audiences_of(quote),
        "signature": SIGNATURES.get(quote.signature),
        "readers": _("Only you, who wrote these words, can open this page."),
        "back_url": room.url("posts"),
    }
    return show(request, room, "quote_own", **context)


def answered(request, quote, form, translation):
    """Do what its writer says about her words; on a refusal say it on the form."""
    answer = request.POST.get("answer")
    if answer == "no":
        actions.refuse(quote=quote)
    elif answer == "withdraw":
        actions.withdraw(quote=quote)
    elif not form.is_valid():
        return False
    else:
        try:
            actions.allow(quote=quote, translation=translation, **form.said)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return False
    return True


@require_safe
def shared_words(request, school):
    """Show a school's leaders and council the words that were let out to them, and marks of those taken back."""
    school, quotes = access.shared_words(request, school)
    for quote in quotes:
        quote.signed = "" if quote.signature in {"", Signature.NOTHING} else SIGNATURES[quote.signature]
        quote.translated_language = other(quote.language)
    context = {"school": school, "quotes": quotes, "back_url": way_back(request, school)}
    return render(request, "partnerships/shared_words.html", context)
