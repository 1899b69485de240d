"""What belongs to a school or goes up on its walls: closed days, the messages of a series, the flyer."""

from datetime import date

import segno
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import coordinated_school
from dialogue_series import calendar_import
from dialogue_series.access import logistics as access
from dialogue_series.actions import school_calendar
from dialogue_series.forms.logistics_lists import (
    MOST_DAYS_SHOWN,
    CalendarForm,
    LastDayForm,
    PickedDaysForm,
    read_entry,
    write_entry,
)
from dialogue_series.messages_shown import planned, told
from dialogue_series.views.desk import tabs
from dialogue_series.wording import PROBLEMS
from notifications import wording

# A school year is taken to begin with August.
FIRST_MONTH = 8


@require_http_methods(["GET", "HEAD", "POST"])
def school_days(request, school):
    """Show the days without school; take more of them from a list or a calendar."""
    school = coordinated_school(request.held, school)
    if "pick" in request.POST:
        return save_picked(request, school)
    if "set_last_day" in request.POST:
        return save_last_day(request, school)
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        today = access.local_day(school)
        reading = calendar_import.read_days(
            form.cleaned_data["raw"],
            form.cleaned_data["filename"],
            school_year_starts=date(today.year - (today.month < FIRST_MONTH - 1), FIRST_MONTH, 1),
            today=today,
            zone=school.zone,
        )
        if reading.entries:
            return show_picking(request, school, reading)
        for problem in reading.problems[:5]:
            form.refuse(problem.code)
    return show_days(request, school, form, LastDayForm(initial={"last_day": access.last_day_of(school)}))


def show_days(request, school, form, last_day_form):
    """Draw the list of closed days with the forms that change it."""
    context = {
        "school": school,
        "spans": spans(access.no_school_days(school)),
        "form": form,
        "last_day_form": last_day_form,
        "last_day": access.last_day_of(school),
        "back_url": reverse("today"),
    }
    return render(request, "dialogue_series/school_days.html", context)


def spans(days):
    """Join days in a row that have one reason: a week of holidays is one line."""
    found = []
    for day in days:
        last = found[-1] if found else None
        if last and last["reason"] == day.reason and (day.on - last["last"].on).days == 1:
            last["last"] = day
        else:
            found.append({"first": day, "last": day, "reason": day.reason})
    return found


def show_picking(request, school, reading, form=None):
    """Let the coordinator tick which entries mean that there is no school."""
    to_come = [entry for entry in reading.entries if not entry.past][:MOST_DAYS_SHOWN]
    form = form or PickedDaysForm(
        initial={
            "days": [write_entry(entry) for entry in to_come if entry.likely],
            "last_day": reading.last_day or access.last_day_of(school),
        }
    )
    form.fields["days"].choices = [(write_entry(entry), entry_words(entry, request)) for entry in to_come]
    context = {
        "school": school,
        "form": form,
        "past": sum(entry.past for entry in reading.entries),
        "problems": [
            {"line": problem.line, "text": problem.text, "words": PROBLEMS[problem.code]}
            for problem in reading.problems
        ],
        "back_url": reverse("school_days", args=[school.slug]),
    }
    return render(request, "dialogue_series/school_days_pick.html", context)


def entry_words(entry, request):
    """Return an entry as one line: its days, then its words."""
    first = wording.day(entry.first_on, request.LANGUAGE_CODE)
    if entry.first_on == entry.last_on:
        return f"{first}: {entry.what}" if entry.what else first
    last = wording.day(entry.last_on, request.LANGUAGE_CODE)
    days = _("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{days}: {entry.what}" if entry.what else days


def save_picked(request, school):
    """Keep the ticked days."""
    form = PickedDaysForm(request.POST)
    if not form.is_valid():
        entries = [calendar_import.Entry(*entry, likely=True, past=False) for entry in ticked(request)]
        return show_picking(request, school, calendar_import.CalendarReading(entries), form)
    days = {
        on: what or _("No school")
        for first_on, last_on, what in form.cleaned_data["days"]
        for on in school_calendar.days_of(first_on, last_on)
    }
    school_calendar.add_no_school_days(school=school, days=days)
    if form.cleaned_data["last_day"]:
        school_calendar.set_last_day(school=school, on=form.cleaned_data["last_day"])
    count = len(days)
    said = ngettext("%(count)s day without school was added.", "%(count)s days without school were added.", count)
    messages.success(request, said % {"count": count})
    return redirect("school_days", school.slug)


def ticked(request):
    """Return the entries that came back with the page."""
    return [entry for entry in map(read_entry, request.POST.getlist("days")) if entry]


def save_last_day(request, school):
    """Keep the last day of school."""
    form = LastDayForm(request.POST)
    if not form.is_valid():
        return show_days(request, school, CalendarForm(), form)
    school_calendar.set_last_day(school=school, on=form.cleaned_data["last_day"])
    messages.success(request, _("The last day of school is saved."))
    return redirect("school_days", school.slug)


@require_POST
def school_day_remove(request, school, first, last):
    """Take a day, or days in a row, off the list."""
    school = coordinated_school(request.held, school)
    first, last = access.no_school_day(school, first), access.no_school_day(school, last)
    school_calendar.remove_no_school_days(school=school, first_on=first.on, last_on=last.on)
    messages.success(request, _("There is school on those days again."))
    return redirect("school_days", school.slug)


@require_safe
def series_messages(request, series):
    """Show what will be written to families and what was, with what did not arrive."""
    series = access.one_series(request.held, series)
    context = {
        "series": series,
        "planned": planned(access.evenings_with_counts(series), series, at=request.held.at),
        "told": told(access.messages_of(series), access.what_about(series)),
        "tabs": tabs(series, "series_messages"),
    }
    return render(request, "dialogue_series/series_messages.html", context)


@require_safe
def series_poster(request, series):
    """Show the flyer to print: whoever points a phone at it asks to join, and nothing is sent before a yes."""
    series = access.one_series(request.held, series)
    first = access.first_session(series)
    url = settings.BASE_URL + reverse("join_request", args=[series.flyer_code])
    code = segno.make(url, error="m", micro=False)
    context = {
        "series": series,
        "school": series.school.name,
        "weekday_on": first.on,
        "starts": first.starts_at,
        "ends": first.ends_at,
        "place": series.place,
        # Our own address drawn by a library: nothing in it was typed by anybody.
        "qr": mark_safe(code.svg_inline(omitsize=True, svgclass=None, lineclass=None)),  # noqa: S308
        "url": url.partition("://")[2],
        "person": series.school.help_name,
        "phone": series.school.help_phone,
        "back_url": reverse("series_page", args=[series.pk]),
    }
    return render(request, "dialogue_series/series_poster.html", context)
