"""Holding an evening: who came, and the run sheet. For whoever facilitates it or coordinates it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dialogue_series.access import logistics as access
from dialogue_series.access.open_meetings import boards_coming
from dialogue_series.actions import attending
from dialogue_series.forms.families import said
from dialogue_series.forms.logistics_lists import AttendanceForm, WalkInForm
from dialogue_series.run_sheet import shared_out
from dialogue_series.schedule import SESSIONS_PER_SERIES
from dialogue_series.views.frame import help_at
from partnerships.access.agreements import opening_words


@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request, series, number):
    """Take who came, one tap a person, and whoever came along besides."""
    session = access.session_to_hold(request, series, number)
    if not session.has_started(at=request.held.at) or session.cancelled_at:
        help_person = help_at(session.series.school)
        context = {"session": session, "back_url": way_back(request, session), "help_person": help_person}
        return render(request, "dialogue_series/attendance_not_yet.html", context)
    people = access.attending(session)
    form = AttendanceForm(request.POST if "save" in request.POST else None, people=people)
    walk_in = WalkInForm(
        request.POST if "add" in request.POST else None, prefix="new", asks_contact=request.audience == "coordinator"
    )
    if (form.is_valid() and save(request, session, form)) or (walk_in.is_valid() and add(request, session, walk_in)):
        return redirect("attendance", series, number)
    context = {
        "session": session,
        "total": SESSIONS_PER_SERIES,
        "form": form if form.is_bound else walk_in,
        "rows": [{"field": form[str(person.pk)], "note": said(person.answer)} for person in people],
        "walk_in": walk_in,
        "boards_together": boards_coming(session),
        "back_url": way_back(request, session),
        "help_person": help_at(session.series.school),
    }
    return render(request, "dialogue_series/attendance.html", context)


def save(request, session, form):
    """Keep the marks; on a refusal say it on the form."""
    try:
        session = attending.save_attendance(session=session, modes=form.modes, by=request.person)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    messages.success(request, _("Saved: %(came)s came.") % {"came": session.came})
    return True


def add(request, session, form):
    """Write down who came along; on a refusal say it on the form."""
    contact = form.cleaned_data.get("contact")
    try:
        attending.add_walk_in(
            session=session,
            name=form.cleaned_data["name"],
            mode=form.cleaned_data["mode"],
            by=request.person,
            **({"channel": contact.channel, "value": contact.value} if contact else {}),
        )
    except ValidationError as refusal:
        form.add_error("contact" if "contact" in form.fields else "name", refusal)
        return False
    messages.success(request, _("%(name)s is on the list.") % {"name": form.cleaned_data["name"]})
    return True


def way_back(request, session):
    """Return the page of the evening that this reader has."""
    name = "session_page" if session.series.school_id in access.coordinated(request.held) else "session_detail"
    return reverse(name, args=[session.series_id, session.number])


@require_safe
def run_sheet(request, series, number):
    """Show the evening's four parts with a clock, and the words to say in both languages."""
    session = access.session_to_hold(request, series, number)
    parts = access.run_sheet(session)
    minutes = shared_out([part.minutes for part in parts], session.minutes) if parts else []
    sheet = [
        {
            "title": part.title,
            "minutes": share,
            "steps": lines(part.steps),
            "say_es": lines(part.say_aloud_es),
            "say_en": lines(part.say_aloud_en),
        }
        for part, share in zip(parts, minutes, strict=True)
    ]
    topic = session.topic
    context = {
        "session": session,
        "topic": topic,
        "total": SESSIONS_PER_SERIES,
        "parts": sheet,
        "agreement": opening_words(request, session.series.group_id),
        "bring": lines(topic.bring),
        "referral": {"es": lines(topic.referral_es), "en": lines(topic.referral_en)},
        "back_url": way_back(request, session),
        "help_person": help_at(session.series.school),
    }
    return render(request, "dialogue_series/run_sheet.html", context)


def lines(text):
    """Return the lines of a text that say something."""
    return [line for line in text.splitlines() if line.strip()]
