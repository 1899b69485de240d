"""What leaders see."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from insights import access
from insights.measures import turnout


@require_safe
def leader_home(request):
    """Go to the school that the person leads."""
    school = access.first_led(request.held)
    if school is None:
        raise Http404
    return redirect("overview", school.slug)


@require_safe
def overview(request, slug):
    """Say in a sentence whether families come, and show the head count of each evening."""
    school = access.led_school(request.held, slug)
    series = [shown(each) for each in school.published]
    # The written sentence is about the series that runs, or else the newest.
    series.sort(key=lambda each: not each["turnout"].counts)
    return render(request, "insights/overview.html", {"school": school, "current": series[:1], "others": series[1:]})


def shown(series):
    """Return one series as the page shows it: how it is attended, and what the strip of ten draws."""
    heads = [evening.came for evening in series.evenings if evening.came is not None]
    return {
        "pk": series.pk,
        "name": series.name,
        "turnout": turnout(series.joined, heads),
        "evenings": [
            {"number": evening.number, "on": evening.on, "count": evening.came} for evening in series.evenings
        ],
    }
