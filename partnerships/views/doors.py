"""Trying the door as somebody of the school."""

from itertools import groupby
from operator import itemgetter

from django.http import HttpRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from notifications import clock
from partnerships.access import doors as access
from partnerships.actions import doors as actions
from partnerships.doors import WHO, place, words
from partnerships.forms.doors import DoorForm
from partnerships.models import DoorTrial
from partnerships.views.frame import in_room, show

REFUSED = 404


@require_http_methods(["GET", "HEAD", "POST"])
@in_room
def door_try(request: HttpRequest, room):
    """Let a member see what somebody of the school finds at each address of the group."""
    form = DoorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.ask(group=room.group, person=room.person, kind=form.cleaned_data["kind"])
        return redirect(room.url("door"))
    context = {
        "form": form,
        "trial": told(access.last_trial(room)),
        "here_url": room.url("door"),
        "back_url": room.url("members"),
    }
    return show(request, room, "door_try", **context)


def told(trial: DoorTrial | None) -> dict | None:
    """Return what a try found, as the page tells it: place by place, and first of all what opened."""
    if trial is None:
        return None
    answers = [
        {
            "words": words(answer["page"]) or answer["address"],
            "place": place(answer["address"]),
            "is_refused": answer["other"] == REFUSED,
        }
        for answer in trial.answers
    ]
    return {
        "who": WHO[trial.kind],
        "is_waiting": trial.answered_at is None and trial.asked_at > clock.now() - access.LASTS,
        "total": len(answers),
        "opened": [answer for answer in answers if not answer["is_refused"]],
        "places": [(name, list(found)) for name, found in groupby(answers, itemgetter("place"))],
    }
