"""From the link of an invitation to the first answer: six taps, nothing typed. And the request from a flyer."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import links
from accounts.actions import say_works_here
from accounts.limits import network_may_ask
from dialogue_series import limits
from dialogue_series.access import families as access
from dialogue_series.actions import inviting, joining
from dialogue_series.forms.families import JoinRequestForm, NameForm
from dialogue_series.models import Enrolment
from dialogue_series.views import coming
from dialogue_series.views.frame import help_at, speak
from notifications import clock

CLAIM = "claim"
CLAIM_SECONDS = 2 * 60 * 60
STEPS = ("invitation_rsvp", "invitation_needs", "invitation_done", "invitation_calendar")


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def link_invitation(request, public):
    """Show who invites to what; a yes takes the place and goes on, a no ends here. Reading never acts."""
    link, invitation = access.invitation_from(request, public)
    speak(request, invitation.person.language)
    state = standing(request, link, invitation)
    if state == "here":
        return redirect("invitation_name", public)
    if request.method == "POST" and state in {"open", "declined"}:
        if request.POST.get("answer") == "yes":
            return say_yes(request, public, invitation)
        if request.POST.get("answer") == "no":
            joining.decline(invitation=invitation)
            return redirect("link_invitation", public)
    return show(request, state, public, invitation)


def standing(request, link, invitation):
    """Say how an invitation stands for this browser: open, declined, here, used, old, over or works_here."""
    if access.is_closed_to(request, invitation):
        return "works_here"
    if not links.is_of_turn(link, invitation.turn):
        return "old"
    if invitation.claimed_at is not None:
        return "here" if claimed_in(request) == str(invitation.pk) and access.enrolment_of(invitation) else "used"
    if access.has_ended(invitation.series, at=clock.now()):
        return "over"
    return "declined" if invitation.declined_at else "open"


def claimed_in(request):
    """Return the key of the invitation that this browser has claimed lately."""
    return request.get_signed_cookie(CLAIM, default=None, salt=CLAIM, max_age=CLAIM_SECONDS)


def say_yes(request, public, invitation):
    """Claim the invitation, and let this browser alone go on."""
    try:
        joining.claim(invitation=invitation)
    except ValidationError as refusal:
        return show(request, refusal.code, public, invitation)
    response = redirect("invitation_name", public)
    response.set_signed_cookie(
        CLAIM,
        str(invitation.pk),
        salt=CLAIM,
        max_age=CLAIM_SECONDS,
        path=reverse("link_invitation", args=[public]),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


def next_and_usual(series):
    """Return the next evening and one on the series' usual day, for the facts of an invitation."""
    following = access.next_session(series, at=clock.now())
    return {"next": following, "usual": following and access.as_usual(following)}


def show(request, state, public, invitation):
    """Draw the page of a state."""
    series = invitation.series
    context = {
        "public": public,
        "series": series,
        "invitation": invitation,
        **next_and_usual(series),
        "by_video": bool(series.video_url or series.dial_in),
        "help_person": help_at(series.school),
    }
    return render(request, f"dialogue_series/invitation_{PAGES[state]}.html", context)


PAGES = {
    "open": "open",
    "declined": "declined",
    "old": "used",
    "used": "used",
    "over": "over",
    "works_here": "closed",
}


@cache_control(no_store=True)
@require_POST
def invitation_again(request, public):
    """Send a new link to the invited address, once an hour; the links sent before stop."""
    link, invitation = access.invitation_from(request, public)
    speak(request, invitation.person.language)
    if standing(request, link, invitation) not in {"old", "used"}:
        return redirect("link_invitation", public)
    is_sent = limits.may_have_new_link(invitation)
    if is_sent:
        inviting.send_again(invitation=invitation, by=None)
    context = {"is_sent": is_sent, "help_person": help_at(invitation.series.school)}
    return render(request, "dialogue_series/invitation_again.html", context)


def goes_on(step, *, in_line_too=False):
    """Let only the browser that said yes go on; any other, and whoever waits for a place, is shown what to do."""

    @cache_control(no_store=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(step)
    def checked(request, public):
        link, invitation = access.invitation_from(request, public)
        speak(request, invitation.person.language)
        if standing(request, link, invitation) != "here":
            return redirect("link_invitation", public)
        enrolment = access.enrolment_of(invitation)
        if enrolment.state == Enrolment.State.WAITING and not in_line_too:
            return show_line(request, public, invitation, enrolment)
        return step(request, public, invitation)

    return checked


def show_line(request, public, invitation, enrolment):
    """Say that the group is full, which place in the line this is, and what happens next."""
    context = {
        "place": access.place_in_line(enrolment),
        "series": invitation.series,
        "public": public,
        "help_person": help_at(invitation.series.school),
    }
    return render(request, "dialogue_series/invitation_line.html", context)


@goes_on
def invitation_name(request, public, invitation):
    """Ask under which name somebody wants to appear, already filled in."""
    form = NameForm(request.POST or None, initial={"name": invitation.person.name})
    if form.is_valid():
        joining.choose_name(person=invitation.person, name=form.cleaned_data["name"])
        return redirect("invitation_promise", public)
    context = {"form": form, "help_person": help_at(invitation.series.school)}
    return render(request, "dialogue_series/invitation_name.html", context)


@goes_on
def invitation_promise(request, public, invitation):
    """Say in three lines who can read what, and how to stop the messages."""
    context = {
        "public": public,
        "back_url": reverse("invitation_name", args=[public]),
        "help_person": help_at(invitation.series.school),
    }
    return render(request, "dialogue_series/invitation_promise.html", context)


def admit_to_work_here(request, public, invitation):
    """Explain what follows for somebody who works at the school, and write it down when she says so."""
    school = invitation.series.school
    is_said = request.method == "POST"
    if is_said:
        joining.give_up(enrolment=access.enrolment_of(invitation))
        say_works_here(person=invitation.person, school=school)
        # Her own word has just closed this door: the last look would take it back.
        request.still = None
    context = {
        "school": school,
        "back_url": "" if is_said else reverse("invitation_promise", args=[public]),
        "help_person": help_at(school),
    }
    name = "invitation_works_here_said" if is_said else "invitation_works_here"
    return render(request, f"dialogue_series/{name}.html", context)


invitation_works_here = goes_on(admit_to_work_here, in_line_too=True)


def first_answer(step):
    """Take one of the steps of an answer about the next evening; after the last evening there is none."""

    def taken(request, public, invitation):
        session = access.next_session(invitation.series, at=clock.now())
        if session is None:
            return show(request, "over", public, invitation)
        steps = coming.Steps(*(reverse(name, args=[public]) for name in STEPS))
        return step(request, session, invitation.person, steps)

    return goes_on(taken)


invitation_rsvp, invitation_needs, invitation_done, invitation_calendar = map(
    first_answer, (coming.ask, coming.ask_needs, coming.show_done, coming.give_calendar)
)


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def join_request(request, code):
    """Take a request from a flyer; nothing is sent until the coordinator accepts, known or not."""
    series = access.series_of_flyer(code)
    context = {
        "series": series,
        "by_video": bool(series.video_url or series.dial_in),
        "is_over": access.has_ended(series, at=clock.now()),
        "is_full": series.joined >= series.places,
        **next_and_usual(series),
        "help_person": help_at(series.school),
    }
    form = JoinRequestForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and take_request(request, series, form):
        return redirect("join_request_kept", code)
    return render(request, "dialogue_series/request_form.html", {**context, "form": form})


def take_request(request, series, form):
    """Keep what a form asks, or say in words on the form why not."""
    contact = form.cleaned_data["contact"]
    try:
        if not network_may_ask(request):
            raise ValidationError(limits.TOO_OFTEN, code="too_often")
        joining.ask_to_join(
            series=series,
            name=form.cleaned_data["name"],
            channel=contact.channel,
            value=contact.value,
            language=form.cleaned_data["language"],
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


@require_safe
def join_request_kept(request, code):
    """Say what happens next with a request; the same words whoever asked."""
    series = access.series_of_flyer(code)
    context = {"series": series, "help_person": help_at(series.school)}
    return render(request, "dialogue_series/request_kept.html", context)
