"""What families open once they have entered: their series, its ten evenings, and each of them."""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.front import ELSEWHERE
from dialogue_series import calendar
from dialogue_series.access import families as access
from dialogue_series.access.open_meetings import boards_coming
from dialogue_series.actions import joining
from dialogue_series.models import Attendance, Enrolment
from dialogue_series.views import coming
from dialogue_series.views.frame import card, help_at, tabs
from notifications import clock
from surveys.access import by_person
from surveys.models import Wave
from surveys.views.answering import answer_page, closed_page

SURVEYS = (Wave.Kind.BEFORE, Wave.Kind.AFTER)
# The steps of an answer, and the page on which it began.
STEPS = ("session_rsvp", "session_needs", "session_done", "session_calendar", "session_detail")


def leading_to(page):
    """Make the way to one page of the series somebody takes part in, or let her choose among several."""

    @require_safe
    def go(request):
        found = list(access.mine(request.person, at=clock.now()).order_by("-published_at", "pk"))
        if len(found) == 1:
            return redirect(page, found[0].pk)
        return render(request, "dialogue_series/series_choice.html", {"all_series": found, "page": page})

    return go


families_home, families_sessions, families_group = map(leading_to, ("series_home", "series_sessions", "series_group"))


@require_safe
def series_home(request, series):
    """Show the next evening first, and at most one thing to do."""
    series = access.my_series(request.person, series, at=clock.now())
    if series.my_state == Enrolment.State.WAITING:
        return show_line(request, series)
    evenings = evenings_of(request, series)
    following = next((evening for evening in evenings if evening.state == "next"), None)
    context = {
        "series": series,
        "evenings": evenings,
        "following": following,
        "has_begun": any(evening.state in {"done", "missed"} for evening in evenings),
        **one_thing_to_do(request, series, evenings),
        "feed": settings.BASE_URL + reverse("calendar_feed", args=[request.person.feed_secret]),
        "tabs": tabs(series, "series_home"),
        "help_person": help_at(series.school),
    }
    if following:
        context |= {**card(following, answer=following.my_answer), **what_to_do(series, following)}
    return render(request, "dialogue_series/series_home.html", context)


def show_line(request, series):
    """Say where somebody stands in the line for a place."""
    enrolment = access.place_of(request.person, series)
    context = {
        "place": access.place_in_line(enrolment),
        "series": series,
        "leave_url": reverse("series_leave", args=[series.pk]),
        "help_person": help_at(series.school),
    }
    return render(request, "dialogue_series/series_line.html", context)


def evenings_of(request, series):
    """List the evenings with the state of each bead: done, missed, cancelled, next or to_come."""
    now, found = clock.now(), access.evenings(series, request.person)
    is_next_found = False
    for evening in found:
        if evening.cancelled_at:
            evening.state = "cancelled"
        elif evening.is_over(at=now):
            evening.state = "missed" if evening.my_mode == Attendance.Mode.ABSENT else "done"
        else:
            evening.state = "to_come" if is_next_found else "next"
            is_next_found = True
    return found


def one_thing_to_do(request, series, evenings):
    """Return the evening, or the survey, about which this person can still say what she thinks: what closes first."""
    evening = next((evening for evening in reversed(evenings) if takes_opinions(evening)), None)
    asked = [{"open_form": evening, "closes_at": evening.form.closes_at}] if evening else []
    for form in access.surveys(series, request.person):
        if form.may_give_opinion and form.is_open(at=clock.now()):
            asked.append({"open_survey": form.wave.kind, "closes_at": form.closes_at})
    first = min(asked, key=lambda one: one["closes_at"], default={})
    return {"open_form": None, "open_survey": "", **first}


def takes_opinions(evening):
    """Say whether the form of an evening is open to the person who looks."""
    return evening.may_give_opinion and evening.form.is_open(at=clock.now())


def what_to_do(series, evening):
    """Return the button of an evening's card: answer it, or see it."""
    place = [series.pk, evening.number]
    may_answer = series.my_state == Enrolment.State.JOINED and not evening.has_started(at=clock.now())
    if may_answer and not evening.my_answer:
        return {"url": reverse("session_rsvp", args=place), "call": coming.ANSWER}
    return {"url": reverse("session_detail", args=place), "call": coming.SEE}


@require_safe
def series_school(request, series):
    """Go to what the families of the series' school asked, and what the school answered."""
    return redirect("families_school", my_place(request, series).school.slug)


@require_safe
def series_sessions(request, series):
    """Show the thread of ten and every evening under it."""
    series = my_place(request, series)
    context = {
        "series": series,
        "evenings": evenings_of(request, series),
        "tabs": tabs(series, "series_sessions"),
        "help_person": help_at(series.school),
    }
    return render(request, "dialogue_series/series_sessions.html", context)


@require_safe
def session_detail(request, series, number):
    """Show one evening: when, where, what it is about, and afterwards what the group talked about."""
    series = my_place(request, series)
    evening = access.evening(series, number, request.person)
    now, place = clock.now(), [series.pk, number]
    is_to_come = evening.cancelled_at is None and not evening.has_started(at=now)
    context = {
        "series": series,
        "session": evening,
        "topic": evening.topic,
        "is_over": evening.is_over(at=now),
        "bring": [] if evening.is_over(at=now) else evening.topic.bring.splitlines(),
        "is_missed": evening.my_mode == Attendance.Mode.ABSENT and evening.is_over(at=now),
        "resources": access.resources(evening) if evening.has_material(at=now) else None,
        "takes_opinions": takes_opinions(evening),
        "may_answer": is_to_come and series.my_state == Enrolment.State.JOINED,
        "elsewhere": ELSEWHERE,
        "back_url": reverse("series_sessions", args=[series.pk]),
        "tabs": tabs(series, "series_sessions"),
        "help_person": help_at(series.school),
        **card(evening, answer=evening.my_answer),
    }
    if is_to_come:
        member = None if series.is_led else request.person
        context["boards_together"] = boards_coming(evening, member=member)
    if context["may_answer"]:
        call = coming.CHANGE if evening.my_answer else coming.ANSWER
        context |= {"url": reverse("session_rsvp", args=place), "call": call}
    return render(request, "dialogue_series/session_detail.html", context)


def my_place(request, series):
    """Fetch a series in which the person holds a place or which she facilitates; waiting for one is not enough."""
    found = access.my_series(request.person, series, at=clock.now())
    if found.my_state == Enrolment.State.WAITING and not found.is_led:
        raise Http404
    return found


def answers(step):
    """Take one of the steps of an answer, for somebody who has entered and holds a place."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(step)
    def taken(request, series, number):
        found = access.my_series(request.person, series, at=clock.now())
        if found.my_state != Enrolment.State.JOINED:
            raise Http404
        session = access.evening(found, number, request.person)
        steps = coming.Steps(*(reverse(name, args=[series, number]) for name in STEPS))
        return step(request, session, request.person, steps)

    return taken


session_rsvp, session_needs, session_done, session_calendar = map(
    answers, (coming.ask, coming.ask_needs, coming.show_done, coming.give_calendar)
)


@require_http_methods(["GET", "HEAD", "POST"])
def session_feedback(request, series, number):
    """Ask four questions about an evening, from half an hour after it; before that, say when they open."""
    series = my_place(request, series)
    evening = access.evening(series, number, request.person)
    if evening.form and not evening.form.is_open(at=clock.now()):
        return closed_page(request, evening.form)
    if evening.form is None or not evening.may_give_opinion:
        context = {
            "session": evening,
            "is_to_open": evening.form is None and not evening.cancelled_at,
            "back_url": reverse("session_detail", args=[series.pk, number]),
            "help_person": help_at(series.school),
            **card(evening),
        }
        return render(request, "dialogue_series/feedback_not_open.html", context)
    line = by_person(request.person, form=evening.form_id)
    return answer_page(request, form=line.form, person=line.person, action_url=request.path)


@require_http_methods(["GET", "HEAD", "POST"])
def series_survey(request, series, when):
    """Ask what families think before it begins, or after the last evening; until it opens, say when."""
    series = my_place(request, series)
    if when not in SURVEYS:
        raise Http404
    form = next((form for form in access.surveys(series, request.person) if form.wave.kind == when), None)
    if form and not form.is_open(at=clock.now()):
        return closed_page(request, form)
    if form is None or not form.may_give_opinion:
        context = {
            "is_before": when == Wave.Kind.BEFORE,
            "back_url": reverse("series_home", args=[series.pk]),
            "help_person": help_at(series.school),
        }
        return render(request, "dialogue_series/survey_not_open.html", context)
    line = by_person(request.person, form=form.pk)
    return answer_page(request, form=line.form, person=line.person, action_url=request.path)


@require_http_methods(["GET", "HEAD", "POST"])
def series_leave(request, series):
    """Explain what leaving means, and let somebody leave."""
    series = access.my_series(request.person, series, at=clock.now())
    enrolment = access.place_of(request.person, series)
    if request.method == "POST":
        joining.leave(enrolment=enrolment)
        context = {"help_person": help_at(series.school)}
        return render(request, "dialogue_series/series_left.html", context)
    context = {
        "series": series,
        "back_url": reverse("series_home", args=[series.pk]),
        "help_person": help_at(series.school),
    }
    return render(request, "dialogue_series/series_leave.html", context)


@require_safe
def calendar_feed(request, secret):
    """Give somebody's private calendar; what she may no longer see is asked anew each time."""
    person = access.feed_of(secret)
    return coming.as_file(calendar.written(access.feed_evenings(person, at=clock.now()), language=person.language))
