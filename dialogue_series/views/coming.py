"""Saying whether one comes: by the link of a reminder, and the steps that every way to an evening shares."""

from functools import wraps
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from dialogue_series import calendar, schedule
from dialogue_series.access import families as access
from dialogue_series.actions import coming
from dialogue_series.forms.families import ANSWERS, HELP, AnswerForm, NeedsForm
from dialogue_series.models import Rsvp
from dialogue_series.views.frame import card, help_at, speak
from notifications import clock

ANSWER, CHANGE, SEE = _("Say if you're coming"), _("Change my answer"), _("See this session")


class Steps(NamedTuple):
    """Where the steps of an answer are, by the way somebody came."""

    rsvp: str
    needs: str
    done: str
    calendar: str
    back: str = ""


# By the link of a reminder: one link for everybody who reads what arrives at its address.


@cache_control(no_store=True)
@require_safe
def link_rsvp(request, public):
    """Go to the question, or ask first who is answering where an address is several people's."""
    link, session = access.rsvp_from(request, public)
    people = access.answering(link, session)
    if len(people) == 1:
        return redirect("rsvp_answer", public, people[0].pk)
    speak(request, people[0].language if people else session.series.language)
    context = {"people": people, "public": public, "session": session, "help_person": help_at(session.series.school)}
    return render(request, "dialogue_series/rsvp_who.html" if people else "dialogue_series/rsvp_nobody.html", context)


def by_link(step):
    """Fetch evening and person of an RSVP link, and the addresses of its steps."""

    @cache_control(no_store=True)
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(step)
    def fetched(request, public, person):
        link, session = access.rsvp_from(request, public)
        who = access.person_answering(request, link, session, person)
        speak(request, who.language)
        names = ("rsvp_answer", "rsvp_needs", "rsvp_done", "rsvp_calendar")
        return step(request, session, who, Steps(*(reverse(name, args=[public, person]) for name in names)))

    return fetched


def ask(request, session, person, steps) -> HttpResponse:
    """Ask whether somebody comes; the answer is the button."""
    said = access.rsvp_of(session, person)
    if session.cancelled_at or session.has_started(at=clock.now()):
        return too_late(request, session, said)
    form = AnswerForm(request.POST if request.method == "POST" else None, session=session)
    if form.is_valid():
        try:
            rsvp = coming.answer(session=session, person=person, answer=form.cleaned_data["answer"])
        except ValidationError:
            return redirect(steps.rsvp)
        return redirect(steps.needs if coming.help_for(session.series, rsvp.answer) else steps.done)
    context = {
        "form": form,
        "session": session,
        "person_name": person.name,
        "chosen": said and said.answer,
        "back_url": steps.back,
        "help_person": help_at(session.series.school),
        **card(session),
    }
    return render(request, "dialogue_series/rsvp_question.html", context)


def ask_needs(request, session, person, steps) -> HttpResponse:
    """Ask what would help, after an answer for which something can be arranged."""
    said = access.rsvp_of(session, person)
    offered = coming.help_for(session.series, said.answer) if said else []
    if not offered or session.has_started(at=clock.now()):
        return redirect(steps.done if said else steps.rsvp)
    asked = access.help_asked(session, person)
    form = NeedsForm(
        request.POST if request.method == "POST" else None,
        offered=offered,
        coordinator=session.series.school.help_name,
        initial={"kinds": list(asked), "note": "".join(asked.values())},
    )
    if form.is_valid():
        try:
            coming.ask_for_help(
                session=session,
                person=person,
                kinds=form.cleaned_data["kinds"],
                note=form.cleaned_data.get("note", ""),
            )
        except ValidationError:
            return redirect(steps.rsvp)
        return redirect(steps.done)
    context = {"form": form, "back_url": steps.rsvp, "help_person": help_at(session.series.school)}
    return render(request, "dialogue_series/rsvp_needs.html", context)


def show_done(request, session, person, steps) -> HttpResponse:
    """Repeat what was said, what comes next, and how to change it."""
    said = access.rsvp_of(session, person)
    if said is None or session.cancelled_at or session.has_started(at=clock.now()):
        return redirect(steps.rsvp)
    where = (session.on, session.starts_at, session.series.school.zone)
    context = {
        "session": session,
        "steps": steps,
        "is_coming": said.answer in {Rsvp.Answer.IN_PERSON, Rsvp.Answer.VIDEO},
        "is_not_coming": said.answer == Rsvp.Answer.CANNOT,
        "helps": [HELP[kind] for kind in access.help_asked(session, person)],
        "reminder_is_to_come": schedule.reminder_at("day_before", *where) > clock.now(),
        "following": access.next_session(session.series, at=clock.now(), after=session),
        "help_person": help_at(session.series.school),
        **card(session, answer=said.answer),
    }
    return render(request, "dialogue_series/rsvp_done.html", context)


def too_late(request, session, said) -> HttpResponse:
    """Say what somebody said, and what there is to read, once an evening has begun or was cancelled."""
    now = clock.now()
    context = {
        "session": session,
        "said": said and ANSWERS[said.answer][0],
        "is_over": session.is_over(at=now),
        "following": access.next_session(session.series, at=now),
        "help_person": help_at(session.series.school),
        **card(session),
    }
    return render(request, "dialogue_series/rsvp_too_late.html", context)


def give_calendar(request, session, person, steps) -> HttpResponse:
    """Give one evening as a calendar file."""
    return as_file(calendar.written([session], language=person.language))


def as_file(content: bytes) -> HttpResponse:
    """Answer with a calendar file that a phone opens in its own calendar."""
    return HttpResponse(
        content,
        content_type=calendar.CONTENT_TYPE,
        headers={"Content-Disposition": 'attachment; filename="encuentro.ics"'},
    )


rsvp_answer, rsvp_needs, rsvp_done, rsvp_calendar = map(by_link, (ask, ask_needs, show_done, give_calendar))
