"""The sealed files that evaluators download."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from insights import evaluation


@require_safe
def evaluator_files(request):
    """Show every series of the district with its file, or when there will be one, and what it does not hold."""
    return render(request, "insights/evaluator_files.html", {"files": evaluation.files(request.held)})


@require_safe
def evaluator_file(request, series, part):
    """Send one part of a file as it was written: the same bytes for ever."""
    filed = evaluation.one_file(request.held, series, part)
    name = f"{filed.series.school.slug}-{part}.csv"
    return HttpResponse(
        filed.part(part),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
