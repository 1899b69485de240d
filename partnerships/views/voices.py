"""What is written in a room: reading, writing, answering; taking words back, hiding and translating them."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import clock
from partnerships.access import voices as access
from partnerships.access.agreements import to_agree
from partnerships.access.decisions import consultations_of
from partnerships.access.open_meetings import told_to
from partnerships.access.quotes import asked_of
from partnerships.access.spaces import my_groups
from partnerships.actions import voices as actions
from partnerships.decisions_shown import listed
from partnerships.forms.voices import HideForm, TranslationForm, WordsForm
from partnerships.models import Reaction, Reply
from partnerships.views.frame import in_led_room, in_room, show

POSTS_A_PAGE = 20


def reactions_of(post):
    """Return the two reactions to a post as the buttons that give them or take them back."""
    said = {
        Reaction.Kind.HELPED: pgettext("a reaction to what somebody wrote", "It helped me"),
        Reaction.Kind.ME_TOO: pgettext("a reaction to what somebody wrote", "Me too"),
    }
    return [
        {"value": kind, "label": label, "count": getattr(post, kind), "is_given": getattr(post, f"gave_{kind}")}
        for kind, label in said.items()
    ]


def url_of(room, page, text):
    """Return the address at which something is done with a post, or with an answer to one."""
    if isinstance(text, Reply):
        return room.url(f"reply_{page}", text.post_id, text.pk)
    return room.url(page, text.pk)


def with_ways(room, text):
    """Give a text the addresses of what its reader may do with it."""
    may = {
        "translate": text.is_readable,
        "review": text.is_readable and access.has_to_review(room, text),
        "delete": text.is_mine and text.deleted_at is None,
        "hide": room.is_led and text.is_readable,
        "unhide": room.is_led and text.hidden_at is not None and text.deleted_at is None,
    }
    text.ways = {page: url_of(room, page, text) for page, allowed in may.items() if allowed}
    return text


def groups_in(room):
    """List the reader's own groups inside a space, with their addresses."""
    found = [group for group in my_groups(room.person, at=clock.now()) if group.space_id == room.space.pk]
    return [{"name": group.name, "url": reverse("group_posts", args=[group.pk])} for group in found]


@require_safe
@in_room
def room_posts(request, room):
    """Show what was written here, newest first."""
    page = Paginator(access.posts(room), POSTS_A_PAGE).get_page(request.GET.get("page"))
    for post in page:
        post.url = room.url("thread", post.pk)
        post.react_url = f"{room.url('react', post.pk)}?page={page.number}"
        post.reactions_given = reactions_of(post)
    context = {
        "page": page,
        "to_agree": to_agree(room),
        "asked": asked_of(room),
        "write_url": room.url("new"),
        "members_url": room.url("members"),
        "ideas_url": room.url("ideas"),
        "lead_url": "" if room.group else room.url("lead"),
        "hidden_url": room.url("hidden") if room.is_led else "",
        "voice_url": room.url("voice") if room.is_led else "",
        "themes_url": room.url("themes") if room.group else "",
        "groups": [] if room.group else groups_in(room),
        "consultations": [] if room.group else open_questions(room),
    }
    return show(request, room, "room_posts", **context)


def open_questions(room):
    """List what boards ask the families of a school at this moment."""
    return [asked for asked in listed(consultations_of(room.school)) if asked.is_asked_now]


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def post_new(request, room):
    """Write to the others in the room."""
    form = WordsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.write_post(**room.place, **form.cleaned_data, by=room.person)
        return redirect(room.url("posts"))
    return show(request, room, "post_new", form=form, back_url=room.url("posts"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def post_thread(request, room, post):
    """Show a post with the answers to it, and take one more."""
    post = access.thread(room, post)
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not post.is_readable:
        raise Http404
    if form.is_valid():
        actions.write_reply(post=post, **form.cleaned_data, by=room.person)
        return redirect(room.url("thread", post.pk))
    post.react_url, post.reactions_given = room.url("react", post.pk), reactions_of(post)
    post.idea_url = room.url("post_idea", post.pk)
    post.quote_url = room.url("post_quote", post.pk) if room.is_led else ""
    replies = [with_ways(room, reply) for reply in access.replies(room, post)]
    # Only names that everybody reads here: one who wrote without hers must not be counted, or a warning would tell it.
    signed = {text.signed_by_id for text in (post, *replies) if text.is_readable} - {None}
    context = {
        "post": with_ways(room, post),
        "replies": replies,
        "boards_together": told_to(room.person, signed, room.school),
        "form": form,
        "back_url": room.url("posts"),
    }
    return show(request, room, "post_thread", **context)


@require_POST
@in_room
def post_react(request, room, post):
    """Give a reaction, or take it back."""
    post = access.readable_post(room, post)
    kind = request.POST.get("kind")
    if kind in Reaction.Kind.values:
        act = actions.react_no_more if getattr(post, f"gave_{kind}") else actions.react
        act(post=post, kind=kind, by=room.person)
    page = request.GET.get("page", "")
    return redirect(f"{room.url('posts')}?page={page}#{post.pk}" if page.isdecimal() else room.url("thread", post.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def words_delete(request, room, post, reply=None):
    """Ask once more, and take one's own words back."""
    words = access.own_words(room, post, reply)
    if request.method == "POST":
        actions.take_back(words=words)
        return redirect(room.url("thread", post))
    return show(request, room, "words_delete", words=words, back_url=room.url("thread", post))


@require_http_methods(["GET", "HEAD", "POST"])
@in_led_room
def words_hide(request, room, post, reply=None):
    """Ask whoever facilitates for the reason, and hide a text."""
    words = access.readable_words(room, post, reply)
    form = HideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.hide(words=words, reason=form.cleaned_data["reason"], by=room.person)
        return redirect(room.url("thread", post))
    return show(request, room, "words_hide", words=words, form=form, back_url=room.url("thread", post))


@require_POST
@in_led_room
def words_unhide(request, room, post, reply=None):
    """Show a hidden text to the group again."""
    actions.show_again(words=access.words(room, post, reply))
    return redirect(room.url("thread", post))


@require_safe
@in_led_room
def room_hidden(request, room):
    """List what was hidden here, for those who facilitate."""
    texts = access.hidden_words(room)
    for text in texts:
        text.unhide_url = url_of(room, "unhide", text)
    return show(request, room, "room_hidden", texts=texts, back_url=room.url("posts"))


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def words_translate(request, room, post, reply=None):
    """Put a text in the other language; what the reader wrote before is there to be changed."""
    words = access.readable_words(room, post, reply)
    own = access.own_translation(room, words)
    form = TranslationForm(
        request.POST if request.method == "POST" else None, initial={"text": own.text if own else ""}
    )
    if form.is_valid():
        actions.translate(words=words, text=form.cleaned_data["text"], by=room.person, is_led=room.is_led)
        return redirect(room.url("thread", post))
    context = {"words": words, "form": form, "own": own, "back_url": room.url("thread", post)}
    return show(request, room, "words_translate", **context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def words_review(request, room, post, reply=None):
    """Show the translations of a text that wait, to whoever may say that one says the same."""
    words = access.readable_words(room, post, reply)
    waiting = access.translations_to_review(room, words)
    if not waiting:
        raise Http404
    chosen = next((each for each in waiting if str(each.pk) == request.POST.get("translation")), None)
    if chosen:
        actions.accept_translation(translation=chosen)
        return redirect(room.url("thread", post))
    context = {
        "words": words,
        "waiting": waiting,
        "translate_url": url_of(room, "translate", words),
        "back_url": room.url("thread", post),
    }
    return show(request, room, "words_review", **context)
