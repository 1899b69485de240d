"""The report of a series: the same for families, for those who lead the school, and for whoever they share it with."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from dialogue_series.views.frame import help_at, tabs
from insights.access import schools_worked_at
from insights.reports import access, actions
from insights.views.results import my_results
from notifications import clock


def found(series, **context):
    """Return what every page of a report shows: the version that stands, and what happens to the next."""
    report, at = access.newest(series), clock.now()
    is_being_made = access.is_being_made(series, at=at)
    may_ask = context.pop("may_ask") and report is not None and not is_being_made
    return {
        "series": series,
        "report": report,
        "is_being_made": is_being_made,
        "from_at": None if report or is_being_made else access.to_be_made_at(series),
        "may_ask": may_ask and access.has_news(report, series, at=at),
        **context,
    }


@require_safe
def series_report(request, series):
    """Show a family the report of its series; whoever facilitates may ask for a version with what is new."""
    series = my_results(request, series)
    context = found(series, may_ask=series.is_led, tabs=tabs(series, "series_home"), help_person=help_at(series.school))
    return render(request, "insights/series_report.html", context)


@require_POST
def series_report_again(request, series):
    """Ask for a version with what is new, as whoever facilitates."""
    series = my_results(request, series)
    asked(series)
    return redirect("series_report", series.pk)


@require_safe
def series_report_paper(request, series, paper):
    """Send a family the report on paper."""
    return sent(my_results(request, series), paper)


@require_safe
def school_report(request, slug, series):
    """Show the same report to those of the school who read results, and to whoever it is shared with."""
    series = access.series_reported(request.held, slug, series)
    is_leader = access.is_led(request.held, series)
    context = found(series, may_ask=is_leader, is_leader=is_leader)
    return render(request, "insights/school_report.html", context)


@require_POST
def school_report_again(request, slug, series):
    """Ask for a version with what is new, as somebody who leads the school."""
    asked(access.series_led(request.held, slug, series))
    return redirect("school_report", slug, series)


@require_POST
def school_report_share(request, slug, series):
    """Let staff and district read it, or no longer."""
    one = access.series_led(request.held, slug, series)
    if request.POST.get("share") == "no":
        actions.keep(series=one)
    else:
        actions.share(series=one)
    return redirect("school_report", slug, series)


@require_safe
def school_report_paper(request, slug, series, paper):
    """Send the report on paper."""
    return sent(access.series_reported(request.held, slug, series), paper)


def asked(series):
    """Ask for a version; where nothing is new the page that follows shows the one that stands."""
    try:
        actions.ask(series=series)
    except ValidationError as refusal:
        if refusal.code != "nothing_new":
            raise


def sent(series, paper):
    """Return the bytes of the version that stands, as they were made."""
    report = access.paper_of(series, paper)
    name = f"{series.school.slug}-{slugify(series.name)}-{report.version}-{paper}.pdf"
    return HttpResponse(
        bytes(getattr(report, paper)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@require_safe
def staff_home(request):
    """Say what somebody who works at a school may read: what families asked, and the reports that a leader shares."""
    return render(request, "insights/staff_home.html", {"schools": schools_worked_at(request.held)})
