"""The door between a series and its group: who may read there, and one question."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dialogue_series.access import families as access
from dialogue_series.actions import joining
from dialogue_series.forms.families import WorksHereForm
from dialogue_series.models import Enrolment
from dialogue_series.views.frame import help_at, tabs
from notifications import clock
from partnerships import readers
from partnerships.access.spaces import Room


@require_http_methods(["GET", "HEAD", "POST"])
def series_group(request, series):
    """Lead into the group; on the first opening explain it, and ask whether the person works at the school."""
    series = access.my_series(request.person, series, at=clock.now())
    if series.my_state != Enrolment.State.JOINED and not series.is_led:
        raise Http404
    if access.is_in_group(request.person, series, at=clock.now()):
        return redirect("group_posts", series.group_id)
    form = WorksHereForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.cleaned_data["works_here"] == "yes":
            return redirect("me_works_here", series.school.slug)
        joining.enter_group(series=series, person=request.person)
        return redirect("group_posts", series.group_id)
    context = {
        "form": form,
        "readers": readers.for_room(Room(series.group.space, series.group, request.person, series.is_led)),
        "tabs": tabs(series, "series_group"),
        "help_person": help_at(series.school),
    }
    return render(request, "dialogue_series/group_door.html", context)
