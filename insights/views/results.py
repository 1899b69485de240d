"""Released results: families read them first, everybody else the same page 48 hours later."""

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dialogue_series.access import families
from dialogue_series.views.frame import help_at, tabs
from insights import access, actions
from insights.forms import ReadingForm
from insights.tables import headings, rows
from notifications import clock
from partnerships.views.frame import way_back
from surveys import results


@require_safe
def series_results(request, series):
    """Show a family what its group said, two days before the school can."""
    series = my_results(request, series)
    context = {
        "series": series,
        "results": results.of_ring(series.ring_id),
        "reading": access.reading_of(series),
        "is_led": series.is_led,
        "tabs": tabs(series, "series_home"),
        "help_person": help_at(series.school),
    }
    return render(request, "insights/series_results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def series_reading(request, series):
    """Let whoever facilitates write down how the group reads its results."""
    series = my_results(request, series)
    found = results.of_ring(series.ring_id)
    if not series.is_led or found.is_empty:
        raise Http404
    before = access.reading_of(series)
    form = ReadingForm(
        request.POST or None,
        initial={
            "text": before.text if before else "",
            "language": before.language if before else translation.get_language(),
        },
    )
    if request.method == "POST" and form.is_valid():
        actions.write_reading(series=series, **form.cleaned_data)
        return redirect("series_results", series.pk)
    return render(request, "insights/series_reading.html", {"series": series, "form": form})


def my_results(request, pk):
    """Fetch the series of somebody who is in its group, or facilitates it; being in line for a place is not enough."""
    series = families.my_series(request.person, pk, at=clock.now())
    if not (series.is_led or series.my_state == "joined"):
        raise Http404
    return series


@require_safe
def school_results(request, slug, series):
    """Show somebody outside the group the same results, once they are out for them."""
    series = access.series_read_about(request.held, slug, series)
    context = {
        "series": series,
        "results": results.of_ring(series.ring_id),
        "reading": access.reading_of(series),
        "back_url": way_back(request, series.school),
    }
    return render(request, "insights/school_results.html", context)


@require_safe
def school_results_file(request, slug, series):
    """Send the same words as a file for a spreadsheet."""
    series = access.series_read_about(request.held, slug, series)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_("results")}.csv"'},
    )
    # A spreadsheet takes the file for UTF-8 by this mark alone.
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(headings())
    writer.writerows(rows(results.of_ring(series.ring_id), series.checkins))
    return response
