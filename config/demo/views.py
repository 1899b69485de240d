"""The demonstration's own pages; their addresses exist only with the embedded servers, on loopback."""

from datetime import timedelta

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.demo import access, actions
from config.demo.cast import CAST
from config.demo.forms import STEPS, ZONE, ClockForm
from notifications import clock
from notifications.outbox_files import sent

INBOX_SHOWS = 60


@require_safe
def cast(request):
    """List everybody who can be tried, each with a button."""
    now = timezone.localtime(clock.now(), ZONE)
    form = ClockForm(initial={"on": now.date(), "at": now.time()})
    return render(request, "demo/cast.html", {"cast": CAST, "now": now, "clock_form": form})


@require_POST
def enter(request):
    """Become somebody of the cast."""
    actions.enter_as(request, person=access.player(request.POST.get("person", "")))
    return redirect("front")


@require_http_methods(["POST"])
def move_clock(request):
    """Move the clock of web, worker and scheduler alike."""
    step = request.POST.get("step", "")
    if step == "real":
        actions.keep_offset(timedelta())
    elif step in STEPS:
        actions.move_clock_by(STEPS[step])
    else:
        form = ClockForm(request.POST)
        if not form.is_valid():
            now = timezone.localtime(clock.now(), ZONE)
            return render(request, "demo/cast.html", {"cast": CAST, "now": now, "clock_form": form})
        actions.move_clock_to(form.instant)
    return redirect("demo")


@require_safe
def inbox(request):
    """Show what went out, newest first, as its readers see it."""
    return render(request, "demo/inbox.html", {"messages_sent": sent()[:INBOX_SHOWS]})
