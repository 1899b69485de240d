"""Check-ins with the school's leaders: what is on the table, what leaders read before, and what came of it."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import code_is_old
from dialogue_series.access import checkins as access
from dialogue_series.access.logistics import local_day
from dialogue_series.actions import checkins as actions
from dialogue_series.forms.checkins import ATTENDEES, CheckInForm, PromiseForm
from dialogue_series.views.attending import way_back
from dialogue_series.views.frame import help_at
from insights import packets
from insights.actions import strike
from insights.measures import turnout, window_words
from partnerships.views.frame import tabs


@require_http_methods(["GET", "HEAD", "POST"])
def checkin_log(request, series, number):
    """Show a check-in to whoever holds it, and take when it was held, what was learned and what was agreed."""
    checkin = access.checkin_to_hold(request, series, number)
    is_held = checkin.held_on is not None
    form = CheckInForm(request.POST if "save" in request.POST else None, initial=before(checkin))
    promise = PromiseForm(request.POST if "add" in request.POST else None, prefix="promise")
    if (form.is_valid() and save(request, checkin, form)) or (promise.is_valid() and add(request, checkin, promise)):
        return redirect("checkin_log", series, number)
    context = {
        **on_the_table(request, checkin),
        "form": form if form.is_bound or not promise.is_bound else promise,
        "log": form,
        "seen": actions.mark_of(checkin),
        "promise": promise if is_held else None,
        "review_url": review_url(request, checkin),
        "back_url": way_back(request, checkin.session),
        "help_person": help_at(checkin.series.school),
    }
    return render(request, "insights/checkin_log.html", context)


def before(checkin):
    """Return what the form begins with: what was written, or nobody from outside."""
    if checkin.held_on is None:
        return {"families": 0, "district": 0}
    written = ("held_on", *ATTENDEES, "community", "understanding", "language")
    return {name: getattr(checkin, name) for name in written}


def review_url(request, checkin):
    """Return where whoever facilitates this group can strike lines."""
    if request.audience != "facilitator" or request.person.pk not in packets.facilitating(checkin, at=request.held.at):
        return ""
    return reverse("packet_review", args=[checkin.series_id, checkin.after_session])


def save(request, checkin, form):
    """Keep what was written; on a refusal say it on the form."""
    try:
        actions.log_checkin(checkin=checkin, **form.said)
    except ValidationError as refusal:
        form.add_error({"no_leader": "leaders", "changed": "community"}.get(refusal.code, "held_on"), refusal)
        return False
    messages.success(request, _("It is written down."))
    return True


def add(request, checkin, form):
    """Keep what was agreed; on a refusal say it on the form."""
    promised = {name: form.cleaned_data[name] for name in ("owner", "due_on")}
    try:
        actions.promise(checkin=checkin, **form.words, **promised)
    except ValidationError as refusal:
        form.add_error("due_on", refusal)
        return False
    messages.success(request, _("It is among what families asked for, where everybody reads it."))
    return True


@require_safe
def checkin_page(request, slug, checkin):
    """Show a check-in to those who lead or coordinate the school."""
    checkin = packets.checkin_of_school(request.held, slug, checkin)
    context = on_the_table(request, checkin)
    return render(request, "insights/checkin_page.html", context)


def on_the_table(request, checkin):
    """Return what both pages show: where it stands, the evenings, what the school owes, what is read before."""
    series = checkin.series
    counts = access.head_counts(checkin)
    return {
        "checkin": checkin,
        "series": series,
        "school": series.school,
        "is_late": checkin.is_late(today=local_day(series.school)),
        "turnout": turnout(series.joined, counts),
        "commitments": [] if checkin.held_on else access.open_commitments(series.school),
        **packet_words(request, checkin),
        "attendees": [(label, getattr(checkin, role)) for role, label in ATTENDEES.items() if getattr(checkin, role)],
        "agreed": access.agreed_there(checkin),
    }


def packet_words(request, checkin):
    """Return what leaders read before, once they can, and how the evenings are named that it is about."""
    packet = packets.packet_of(checkin)
    is_out = packet is not None and not packet.is_open(at=request.held.at)
    series = checkin.series
    return {
        "packet": packet if is_out else None,
        "leaders_at": packet.leaders_at if packet else None,
        "when": window_words(series.window_of(checkin.after_session), series.checkins),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def packet_review(request, series, number):
    """Let whoever facilitates strike lines of a packet until leaders read it: no words are changed, none added."""
    packet, room = packets.led_packet(request, series, number)
    if code_is_old(request):
        return redirect_to_login(request.get_full_path(), reverse("enter"))
    if "line" in request.POST:
        try:
            strike(line=packets.line_of(packet, request.POST.get("line")), is_struck="back" not in request.POST)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        return redirect("packet_review", series, number)
    context = {
        "room": room,
        "packet": packet,
        "school": room.school,
        "is_open": packet.is_open(at=request.held.at),
        "lines": packets.lines_of(packet),
        "when": window_words(packet.checkin.series.window_of(number), packet.checkin.series.checkins),
        "readers": _("Only those who facilitate this group, and do not work at the school, can open this page."),
        "back_url": reverse("checkin_log", args=[series, number]),
        "tabs": tabs(request, room),
        "help_person": help_at(room.school),
    }
    return render(request, "insights/packet_review.html", context)
