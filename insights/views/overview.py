"""What leaders see."""

from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dialogue_series.forms.families import HELP
from insights import access
from insights.measures import turnout
from insights.sentence import rows_of_change, written
from partnerships.access.commitments import asked_of, standing_of
from partnerships.access.schools import led_school
from partnerships.days import today_at
from surveys import results
from surveys.wording import ARRANGED_WORDS

# What families asked: so many, late first; the rest is a tap away.
MOST_ASKED = 3


@require_safe
def leader_home(request):
    """Go to the school that the person leads."""
    school = access.first_led(request.held)
    if school is None:
        raise Http404
    return redirect("overview", school.slug)


@require_safe
def overview(request, slug):
    """Say in a sentence how it goes, then show head counts, what changed, how evenings feel and what was asked for."""
    school = led_school(request, slug)
    today = today_at(school)
    series = [shown(each, today=today) for each in access.published(school)]
    # The written sentence is about the series that runs, or else the newest; what changed is of the one before too.
    series.sort(key=lambda each: not each["turnout"].counts)
    found = results.of_rings([each["ring"] for each in series[:2]])
    for each in series[:2]:
        told = found[each["ring"]]
        rows = rows_of_change(told.survey.lines)
        each |= {"results": told, "rows": rows, "sentence": written(each["turnout"].direction, rows)}
    asked = asked_of(school)
    context = {
        "school": school,
        "standing": standing_of(asked, today=today),
        "asked": asked[:MOST_ASKED],
        "current": series[:1],
        "others": series[1:],
    }
    return render(request, "insights/overview.html", context)


def shown(series, *, today):
    """Return one series as the page shows it: how it is attended, what the strip of ten draws, what was asked for."""
    evenings = [{**evening, "on": date.fromisoformat(evening["on"])} for evening in series.evenings]
    heads = [evening["count"] for evening in evenings if evening["count"] is not None]
    return {
        "pk": series.pk,
        "ring": series.ring_id,
        "name": series.name,
        "checkins": series.checkins,
        "turnout": turnout(series.joined, heads),
        "evenings": evenings,
        "help": [
            {"kind": words, "arranged": ARRANGED_WORDS[series.help[0][kind]]}
            for kind, words in HELP.items()
            if series.help and kind in series.help[0]
        ],
        "is_help_shown": bool(series.help),
        "reading": next(iter(series.readings), None),
        "talks": [talked(talk, today=today) for talk in series.leader_talks],
    }


def talked(talk, *, today):
    """Return one conversation with leaders: after which evening, when held or due, and whether it is late."""
    days = {day: talk[day] and date.fromisoformat(talk[day]) for day in ("due_on", "held_on")}
    return {**talk, **days, "late": days["held_on"] is None and days["due_on"] < today}
