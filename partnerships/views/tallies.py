"""Counting who speaks at a meeting, on one phone, with and without signal, with and without JavaScript."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import meetings as access
from partnerships.actions import tallies as actions
from partnerships.forms.tallies import COUNTED, CountForm
from partnerships.joint_meetings import GROUPS, TONES, tally_of
from partnerships.views.meetings import foot, page_of

PHONE_COOKIE = "tally"
PHONE_LASTS = timedelta(days=60)
LABELS = {
    "families_spoke": _("A family spoke"),
    "staff_spoke": _("Staff spoke"),
    "affirmed": _("Took it up"),
    "neutral": _("Neutral"),
    "dismissed": _("Brushed aside"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_tally(request, meeting):
    """Show the five buttons and keep what this phone counted; to a script it answers with a status alone."""
    meeting = access.meeting_to_arrange(request, meeting)
    if meeting.published_at is None:
        return redirect(page_of(meeting))
    phone, refusal = phone_of(request), None
    if request.method == "POST":
        form = CountForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=400) if "script" in request.POST else redirect(request.path)
        said = form.cleaned_data
        try:
            actions.keep_count(
                meeting=meeting, phone_key=said["phone_key"], counts=form.counts, replaces=said["replaces"]
            )
            if "script" in request.POST:
                return HttpResponse(status=204)
            return redirect(f"{request.path}?last={said['one']}" if said["one"] else request.path)
        except ValidationError as refused:
            refusal, phone = refused, said["phone_key"]
    counts = form.counts if refusal else counted(meeting, phone)
    response = show(request, meeting, phone, counts, refusal)
    response.set_cookie(
        PHONE_COOKIE,
        phone,
        max_age=PHONE_LASTS,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def phone_of(request):
    """Return the key that this phone had before, or a new one: random, and of this page alone."""
    try:
        return UUID(request.COOKIES.get(PHONE_COOKIE, ""))
    except ValueError:
        return uuid4()


def counted(meeting, phone):
    """Return what this phone has sent of the meeting, or noughts."""
    tally = tally_of(meeting)
    is_ours = tally is not None and tally.phone_key == phone
    return {name: getattr(tally, name) if is_ours else 0 for name in COUNTED}


def show(request, meeting, phone, counts, refusal):
    """Draw the page; no word of it is anybody's, for a phone keeps it while the meeting lasts."""
    tally = tally_of(meeting)
    last = request.GET.get("last")
    context = {
        "meeting": meeting,
        "phone": phone,
        "groups": [{"name": name, "label": LABELS[name], "count": counts[name]} for name in GROUPS],
        "tones": [{"name": name, "label": LABELS[name], "count": counts[name]} for name in TONES],
        "last": last if last in COUNTED and counts[last] else "",
        "other": tally if tally and tally.phone_key != phone else None,
        "is_refused": refusal is not None,
        "worker_url": reverse("tally_worker", args=[meeting.pk]),
        **foot(meeting.school),
        "back_url": page_of(meeting),
    }
    return render(request, "partnerships/meeting_tally.html", context, status=409 if refusal else 200)


@require_safe
def tally_worker(request, meeting):
    """Send the script that opens this one page without signal; a browser takes it from below the page only."""
    access.meeting_to_arrange(request, meeting)
    return render(request, "partnerships/tally_worker.js", content_type="text/javascript")
