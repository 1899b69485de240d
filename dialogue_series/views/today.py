"""What needs doing now, and the evenings of a series one by one: who comes, what helps, moving, cancelling."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import coordinated_schools
from dialogue_series import previews
from dialogue_series.access import logistics as access
from dialogue_series.access.checkins import checkin_after, late_checkins
from dialogue_series.access.families import next_session
from dialogue_series.access.open_meetings import boards_coming
from dialogue_series.actions import inviting, planning
from dialogue_series.forms.families import ANSWERS, HELP
from dialogue_series.forms.logistics import MoveForm
from dialogue_series.forms.logistics_lists import MODES
from dialogue_series.models import Rsvp
from dialogue_series.schedule import SESSIONS_PER_SERIES
from dialogue_series.views.desk import card, session_url, tabs
from dialogue_series.views.planning import is_paid
from notifications import clock

ICONS = {"childcare": "child", "interpreter": "interpreter", "ride": "car", "food": "plate", "other": "help"}


@require_safe
def today(request):
    """Show the next evening, what is late, and who asks to join; each with its button."""
    session = access.next_session(request.held)
    schools = list(coordinated_schools(request.held))
    context = {
        "session": session,
        "schools": schools,
        "is_paid": is_paid(request, schools),
        "all_series": access.series_list(request.held),
        "unmarked": access.unmarked(request.held),
        "late_checkins": late_checkins(request.held),
        "lost": access.with_lost_messages(request.held),
        "join_requests": access.join_requests(request.held),
        "tabs": tabs(session.series if session else None),
    }
    if session:
        context |= {**card(session), **who_and_what(session)}
    return render(request, "dialogue_series/today.html", context)


def who_and_what(session):
    """Return who comes to an evening by answer, who has not answered, and what is to be arranged."""
    people = access.people_of(session)
    reminded = access.reminded(session)
    by_answer = [
        {"label": label, "icon": icon, "people": [person for person in people if person.answer == answer]}
        for answer, (label, icon) in ANSWERS.items()
    ]
    silent = [person for person in people if person.answer is None]
    for person in silent:
        person.is_reminded = person.pk in reminded
    needs = access.help_asked(session)
    for need in needs:
        need |= {"label": HELP[need["kind"]], "icon": ICONS[need["kind"]]}
    return {
        "by_answer": [group for group in by_answer if group["people"]],
        "coming": sum(person.answer in {Rsvp.Answer.IN_PERSON, Rsvp.Answer.VIDEO} for person in people),
        "families": len(people),
        "silent": silent,
        "needs": needs,
        "to_arrange": [need for need in needs if not need["is_arranged"]],
    }


@require_safe
def series_page(request, series):
    """Show the thread of ten with who comes, and the next thing to do."""
    series = access.one_series(request.held, series)
    evenings = access.evenings_with_counts(series)
    is_next_found = False
    for evening in evenings:
        if evening.cancelled_at:
            evening.state = "cancelled"
        elif evening.is_over(at=request.held.at):
            evening.state = "done"
        else:
            evening.state = "to_come" if is_next_found else "next"
            is_next_found = True
    context = {
        "series": series,
        "evenings": evenings,
        "following": next((evening for evening in evenings if evening.state == "next"), None),
        "tabs": tabs(series, "series_page"),
    }
    return render(request, "dialogue_series/series_page.html", context)


@require_safe
def session_page(request, series, number):
    """Show all of one evening: answers, help, and what can be done about it."""
    session = access.one_session(request.held, series, number)
    is_over = session.is_over(at=request.held.at)
    context = {
        "session": session,
        "series": session.series,
        "is_over": is_over,
        "has_started": session.has_started(at=request.held.at),
        "checkin": checkin_after(session) if is_over else None,
        "total": SESSIONS_PER_SERIES,
        "tabs": tabs(session.series, "series_page"),
        "boards_together": [] if is_over else boards_coming(session),
        **card(session),
        **({"by_mode": who_came(session)} if is_over else who_and_what(session)),
    }
    return render(request, "dialogue_series/session_page.html", context)


def who_came(session):
    """Return who took part in an evening, by way of taking part."""
    people = access.attending(session)
    by_mode = [
        {"label": label, "people": [person for person in people if person.mode == mode]}
        for mode, label in MODES.items()
    ]
    return [group for group in by_mode if group["people"]]


@require_http_methods(["GET", "HEAD", "POST"])
def session_move(request, series, number):
    """Ask for a new date, show the message that families will get, then move the evening."""
    session = access.one_session(request.held, series, number)
    form = MoveForm(request.POST or None, initial={"on": session.on, "starts_at": session.starts_at})
    texts = ()
    if form.is_valid():
        said = form.cleaned_data
        try:
            if "move" in request.POST:
                planning.move_session(session=session, by=request.person, **said)
                messages.success(request, _("The session moved. Families will hear of it by message."))
                return redirect("session_page", session.series_id, number)
            refusal = planning.move_refusal(session=session, on=said["on"], use_anyway=said["use_anyway"])
            if refusal:
                raise refusal
        except ValidationError as refusal:
            form.refuse_with(refusal)
        else:
            session.on, session.starts_at = said["on"], said["starts_at"]
            texts = previews.moved(session)
    context = {
        "session": session,
        "form": form,
        "texts": texts,
        "back_url": session_url("session_page", session),
    }
    return render(request, "dialogue_series/session_move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request, series, number):
    """Show what families will read, then cancel the evening."""
    session = access.one_session(request.held, series, number)
    refusal = None
    if request.method == "POST":
        try:
            planning.cancel_session(session=session, by=request.person)
        except ValidationError as error:
            refusal = error
        else:
            messages.success(request, _("The session is cancelled. Families will hear of it by message."))
            return redirect("session_page", session.series_id, number)
    following = next_session(session.series, at=clock.now(), after=session)
    context = {
        "session": session,
        "refusal": refusal,
        "texts": previews.cancelled(session, following),
        "back_url": session_url("session_page", session),
    }
    return render(request, "dialogue_series/session_cancel.html", context)


@require_POST
def session_arrange(request, series, number):
    """Note that a kind of help is arranged, or not yet."""
    session = access.one_session(request.held, series, number)
    if request.POST.get("kind") in HELP:
        planning.arrange(session=session, kind=request.POST["kind"], is_arranged="undo" not in request.POST)
    return redirect(back(request, session))


@require_POST
def session_remind(request, series, number, person):
    """Remind somebody of an evening."""
    session = access.one_session(request.held, series, number)
    person = access.member(session, person)
    try:
        planning.remind(session=session, person=person)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("We are sending %(name)s a reminder.") % {"name": person.name})
    return redirect(back(request, session))


def back(request, session):
    """Return the page from which a button of an evening was pressed."""
    return reverse("today") if "today" in request.POST else session_url("session_page", session)


@require_POST
def join_request_answer(request, pk):
    """Accept a request from a flyer, which sends the invitation, or put it aside."""
    asked = access.join_request(request.held, pk)
    if "accept" not in request.POST:
        inviting.refuse_request(request=asked)
        return redirect("today")
    try:
        inviting.accept_request(request=asked, by=request.person)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("The invitation for %(name)s is on its way.") % {"name": asked.name})
    return redirect("today")
