"""Planning a series, one question a page: group, when, the ten dates, where and who, check and create."""

from functools import wraps
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import coordinated_school, coordinated_schools
from accounts.models import Membership
from dialogue_series import schedule
from dialogue_series.access import logistics as access
from dialogue_series.actions import planning
from dialogue_series.actions.caregivers import add_caregiver
from dialogue_series.draft import Draft
from dialogue_series.forms.families import HELP
from dialogue_series.forms.logistics import DayForm, GroupForm, PlaceForm, WhenForm
from notifications import wording

KEPT = "series_in_planning"
NUMBERS = {str(number) for number in range(1, schedule.SESSIONS_PER_SERIES + 1)}
# The buttons on the page of dates that do not go on to the next page.
STAYING = {"keep", "move", "back", "skip", "anyway"}


def step(view):
    """Give a step the draft and its school; a step whose draft has not begun leads to the first."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def taken(request):
        draft = Draft.read(request.session.get(KEPT))
        if not draft.school:
            return redirect("series_new")
        return view(request, draft, coordinated_school(request.held, draft.school))

    return taken


def keep(request, draft):
    """Keep the draft with the sign-in, so that going back or away loses nothing."""
    request.session[KEPT] = draft.as_kept()


def next_step(request, draft, name):
    """Keep the draft and go on; after a change from the last page, go back there."""
    keep(request, draft)
    return redirect("series_new_check" if "check" in request.GET else name)


@require_http_methods(["GET", "HEAD", "POST"])
def series_new(request):
    """Ask what the group is called, and its language."""
    schools = list(coordinated_schools(request.held))
    if not schools:
        raise Http404
    draft = Draft.read(request.session.get(KEPT))
    initial = {
        "school": draft.school or schools[0].slug,
        "name": draft.name or suggested_name(access.local_day(schools[0])),
        "language": draft.language,
    }
    form = GroupForm(request.POST or None, schools=schools, initial=initial)
    if form.is_valid():
        said = {"school": schools[0].slug, **form.cleaned_data}
        return next_step(request, draft.with_(**said), "series_new_when")
    context = {"form": form, "school": schools[0], "back_url": reverse("today"), "is_paid": is_paid(request, schools)}
    return render(request, "dialogue_series/plan_group.html", context)


def is_paid(request, schools):
    """Say whether a school pays the coordinator: then she has the logistics, and never the group."""
    return any(
        tie.is_barring and tie.kind == Membership.Kind.COORDINATOR and tie.school in {school.pk for school in schools}
        for tie in request.held.ties
    )


def suggested_name(today):
    """Return a name for a series that starts about now: "Spring 2027", "Fall 2027"."""
    year = today.year + (today.month > 10)
    if 5 <= today.month <= 10:
        return _("Fall %(year)s") % {"year": year}
    return _("Spring %(year)s") % {"year": year}


@step
def series_new_when(request, draft, school):
    """Ask on which day of the week, from when, and at what time."""
    initial = {
        "weekday": draft.weekday,
        "first_on": draft.first_on,
        "starts_at": draft.starts_at,
        "ends_at": draft.ends_at,
    }
    form = WhenForm(request.POST or None, initial=initial, today=access.local_day(school))
    if form.is_valid():
        said = form.cleaned_data
        draft = draft.with_(
            weekday=said["weekday"],
            first_on=said["first_on"].isoformat(),
            starts_at=said["starts_at"].strftime("%H:%M"),
            ends_at=said["ends_at"].strftime("%H:%M"),
        )
        keep(request, draft)
        return redirect("series_new_dates")
    context = {
        "form": form,
        "school": school,
        "has_calendar": bool(access.no_school_of(school)),
        "back_url": reverse("series_new"),
    }
    return render(request, "dialogue_series/plan_when.html", context)


@step
def series_new_dates(request, draft, school):
    """Show the ten dates with each skipped day in its place; any of them can move.

    One form holds all rows: whichever button is pressed, every day that was typed is taken or refused in words.
    """
    if not draft.first_on:
        return redirect("series_new_when")
    no_school, last_day = access.no_school_of(school), access.last_day_of(school)
    refused = []
    if request.method == "POST":
        days = typed_days(request.POST)
        is_going_on = not STAYING & set(request.POST)
        if is_going_on:
            # Another change may since have put a neighbour on the wrong side of a day chosen by hand.
            days = {**{number: day_form(number, on, anyway=True) for number, on in draft.moves.items()}, **days}
        draft, refused = take_days(draft, days.values(), school, no_school, last_day)
        draft = press(request.POST, draft, no_school)
        keep(request, draft)
        if not refused and not is_going_on:
            return redirect("series_new_dates")
        if not refused and draft.plan(no_school, last_day).is_complete:
            return redirect("series_new_check" if draft.place else "series_new_place")
    plan = draft.plan(no_school, last_day)
    first_on = plan.rows[0].on if plan.rows else None
    context = {
        "rows": date_rows(plan, draft, refused),
        "plan": plan,
        "form": refused[0] if refused else None,
        "last_day": last_day,
        "weekday": wording.weekdays(first_on, request.LANGUAGE_CODE) if first_on else "",
        "school": school,
        "has_calendar": bool(no_school),
        "back_url": reverse("series_new_when"),
    }
    return render(request, "dialogue_series/plan_dates.html", context)


def day_form(number, on, *, anyway=False):
    """Return the form of a row in which a day was typed."""
    return DayForm({"on": on, "use_anyway": anyway}, number=int(number))


def typed_days(said):
    """Return the form of each row whose day is not the one it was shown with, by number; not of one going back."""
    rows = zip(said.getlist("number"), said.getlist("was"), said.getlist("on"), strict=False)
    anyway = said.getlist("use_anyway")
    return {
        number: day_form(number, on, anyway=number in anyway)
        for number, was, on in rows
        if on != was and number in NUMBERS and number != said.get("back")
    }


def take_days(draft, days, school, no_school, last_day):
    """Return the draft with every day that can be, and the forms of those that cannot be, each with its reason.

    Tried until no more can be: of two days that move together, either may have to make room first.
    """

    def problem_of(form):
        on = form.cleaned_data["on"]
        return schedule.move_problem(
            on,
            {} if form.cleaned_data["use_anyway"] else no_school,
            dict(draft.plan(no_school, last_day).evenings),
            access.local_day(school),
            number=form.number,
            last_day=last_day,
        )

    days = list(days)
    waiting = [form for form in days if form.is_valid()]
    while free := [form for form in waiting if problem_of(form) is None]:
        waiting.remove(free[0])
        draft = draft.with_(moves={**draft.moves, str(free[0].number): free[0].cleaned_data["on"].isoformat()})
    for form in waiting:
        form.refuse(problem_of(form))
    return draft, [form for form in days if form.errors]


def press(said, draft, no_school):
    """Return the draft after the button of a row: use a skipped day, skip it again, or go back to one's own day."""
    if (on := said.get("anyway")) and on in map(str, no_school):
        return draft.with_(anyway=tuple({*draft.anyway, on}))
    if on := said.get("skip"):
        return draft.with_(anyway=tuple(day for day in draft.anyway if day != on))
    return draft.with_(moves={number: on for number, on in draft.moves.items() if number != said.get("back")})


def date_rows(plan, draft, refused):
    """Return the lines of the table: ten evenings and, in their places, the days that are skipped."""
    by_number = {row.number: row for row in plan.rows if row.number}
    typed = {form.number: form for form in refused}
    lines = [{"number": row.number, "on": row.on, "reason": row.reason} for row in plan.rows]
    lines += [
        {"number": number, "on": None, "reason": ""}
        for number in range(1, schedule.SESSIONS_PER_SERIES + 1)
        if number not in by_number
    ]
    for line in lines:
        number = line["number"]
        line["is_moved"] = str(number) in draft.moves
        line["is_anyway"] = bool(number and line["reason"])
        if number:
            line["is_refused"] = number in typed
            line["form"] = typed.get(number) or DayForm(initial={"on": line["on"]}, number=number)
    return lines


@step
def series_new_place(request, draft, school):
    """Ask where, who facilitates, and what can be offered."""
    if not draft.first_on:
        return redirect("series_new_when")
    people = access.may_facilitate(school)
    initial = {name: getattr(draft, name) for name in ("place", "video_url", "dial_in", "people", "co_runs", "offers")}
    if request.method == "POST" and request.POST.get("remove", "").isdigit():
        place = int(request.POST["remove"])
        keep(request, draft.with_(added=(*draft.added[:place], *draft.added[place + 1 :])))
        return redirect("series_new_place")
    form = PlaceForm(
        request.POST or None, people=people, added=draft.added, staff=access.staff_addresses(school), initial=initial
    )
    if form.is_valid():
        keep(request, with_place(draft, form.cleaned_data))
        return redirect("series_new_place" if "add" in request.POST else "series_new_check")
    context = {
        "form": form,
        "school": school,
        "added": draft.added,
        "is_paid": is_paid(request, [school]),
        "back_url": reverse("series_new_dates"),
    }
    return render(request, "dialogue_series/plan_place.html", context)


def with_place(draft, said):
    """Return the draft with what the page about the place said, and who was added by name."""
    added = list(draft.added)
    if said["added_name"]:
        contact = said["added_contact"]
        new = {"name": said["added_name"], "channel": contact.channel, "value": contact.value}
        added += [new] if new not in added else []
    return draft.with_(
        place=said["place"],
        video_url=said["video_url"],
        dial_in=said["dial_in"],
        offers=tuple(said["offers"]),
        people=tuple(said.get("people", ())),
        co_runs=said["co_runs"],
        added=tuple(added),
    )


@step
def series_new_check(request, draft, school):
    """Show everything once more, then make the series."""
    if not draft.place:
        return redirect("series_new_place")
    plan = draft.plan(access.no_school_of(school), access.last_day_of(school))
    if not plan.is_complete:
        return redirect("series_new_dates")
    people = [person for person in access.may_facilitate(school) if str(person.pk) in draft.people]
    refusal = None
    if request.method == "POST":
        try:
            series = create(request, draft, school, plan, people)
        except ValidationError as error:
            refusal = error
        else:
            request.session.pop(KEPT, None)
            return redirect("series_invite", series.pk)
    names = [person.name for person in people] + [one["name"] for one in draft.added]
    context = {
        "rows": summary(request, draft, plan, names),
        "refusal": refusal,
        "school": school,
        "back_url": reverse("series_new_place"),
    }
    return render(request, "dialogue_series/plan_check.html", context)


@transaction.atomic
def create(request, draft, school, plan, people):
    """Make the series of a draft, with the people added by name."""
    added = [add_caregiver(school=school, language=draft.language, **one) for one in draft.added]
    return planning.create_series(
        school=school,
        name=draft.name,
        language=draft.language,
        evenings=plan.evenings,
        starts_at=draft.starts,
        minutes=draft.minutes,
        place=draft.place,
        video_url=draft.video_url,
        dial_in=draft.dial_in,
        offers=list(draft.offers),
        facilitators=list(dict.fromkeys([*people, *added, *([request.person] if draft.co_runs else [])])),
        by=request.person,
        key=UUID(draft.key),
    )


def summary(request, draft, plan, names):
    """Return the lines of the check page, each with the way to change it."""
    language = request.LANGUAGE_CODE
    days = [f"{number}. {capfirst(wording.day(on, language))}" for number, on in plan.evenings]
    back = "?check"
    return [
        {"label": _("Group"), "value": draft.name, "url": reverse("series_new") + back},
        {
            "label": _("Language"),
            "value": dict(GroupForm.base_fields["language"].choices)[draft.language],
            "url": reverse("series_new") + back,
        },
        {
            "label": _("Time"),
            "value": capfirst(wording.hours(draft.starts, draft.ends, language)),
            "url": reverse("series_new_when"),
        },
        {"label": _("Ten dates"), "value": "\n".join(days), "url": reverse("series_new_dates")},
        {"label": _("Room"), "value": draft.place, "url": reverse("series_new_place")},
        {
            "label": _("By video or phone"),
            "value": "\n".join(filter(None, [draft.video_url, draft.dial_in])) or _("No"),
            "url": reverse("series_new_place"),
        },
        {
            "label": _("Who facilitates"),
            "value": "\n".join([*names, *([_("You help too")] if draft.co_runs else [])]),
            "url": reverse("series_new_place"),
        },
        {
            "label": _("What you offer"),
            "value": "\n".join(str(HELP[kind]) for kind in draft.offers) or _("Nothing"),
            "url": reverse("series_new_place"),
        },
    ]
