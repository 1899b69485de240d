"""What a district's lead sees: a row a school, in how many schools families say what, the scorecard."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from insights import actions
from insights import district as access
from insights.forms import EvidenceForm
from notifications import clock


@require_safe
def district_home(request):
    """Go to the district that the person leads."""
    district = access.my_districts(request.held).first()
    if district is None:
        raise Http404
    return redirect("district_page", district.pk)


@require_safe
def district_page(request, district):
    """Show every school by name, never ranked, and what is missing there."""
    district = access.my_district(request.held, district)
    schools = access.schools(district, today=clock.now().date())
    for school in schools:
        school.missing = access.missing(school)
        school.so_far = access.so_far(school)
    context = {
        "district": district,
        "schools": schools,
        "spreads": access.spreads(district),
        "scorecard": access.scorecard(district, schools),
    }
    return render(request, "insights/district.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request, district, row):
    """Note something that was done, under one row of the scorecard."""
    district = access.my_district(request.held, district)
    if row not in access.ROWS:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = EvidenceForm(sent, schools=district.schools.order_by("name", "pk"))
    if form.is_valid():
        actions.note_evidence(district=district, row=row, **form.cleaned_data)
        return redirect("district_page", district.pk)
    back_url = reverse("district_page", args=[district.pk])
    context = {"district": district, "form": form, "title": access.ROWS[row], "back_url": back_url}
    return render(request, "insights/evidence_new.html", context)


@require_POST
def evidence_remove(request, district, evidence):
    """Take out what was noted by mistake."""
    district = access.my_district(request.held, district)
    actions.remove_evidence(evidence=access.evidence(district, evidence))
    return redirect("district_page", district.pk)
