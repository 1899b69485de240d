"""The sealed files that evaluators download."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from insights import actions, evaluation

PARTS = (
    ("answers", _("Agree and download the answers (CSV)")),
    ("code_book", _("Agree and download the code book in both languages (CSV)")),
)


@require_safe
def evaluator_files(request):
    """Show every series of the district with its file, or when there will be one, and what it does not hold."""
    context = {"files": evaluation.files(request.held), "parts": PARTS}
    return render(request, "insights/evaluator_files.html", context)


@require_POST
def evaluator_file(request, series, part):
    """Send one part of a file as it was written, the same bytes for ever, to somebody who agreed to its terms."""
    filed = evaluation.one_file(request.held, series, part)
    actions.write_down_download(series=filed.series, by=request.person)
    name = f"{filed.series.school.slug}-{slugify(filed.series.name)}-{part}.csv"
    return HttpResponse(
        filed.part(part),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
