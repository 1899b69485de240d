"""What families added in their own words to the forms of a series, read by whoever facilitates its group."""

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import code_is_old
from dialogue_series.access import comments as access
from partnerships.forms.themes import ThemeForm
from partnerships.views.frame import WRITING_LASTS, tabs
from partnerships.views.themes import shown


@require_safe
def series_comments(request, series):
    """Show the free lines, mixed, three or more at a time."""
    series, room = access.led_series(request, series)
    if code_is_old(request):
        return redirect_to_login(request.get_full_path(), reverse("enter"))
    context = {
        "batches": access.batches(series),
        "theme_url": reverse("series_theme", args=[series.pk]),
        "back_url": room.url("posts"),
    }
    return show(request, room, "series_comments", **context)


@require_http_methods(["GET", "HEAD", "POST"])
def series_theme(request, series):
    """Take a theme that at least three comments of one form say, and show it to the group."""
    series, room = access.led_series(request, series)
    if code_is_old(request, **({"lasts": WRITING_LASTS} if request.method == "POST" else {})):
        return redirect_to_login(request.get_full_path(), reverse("enter"))
    lines = [line for batch in access.batches(series) for line in batch.lines]
    form = ThemeForm(request.POST if request.method == "POST" else None, texts=((line, line.text) for line in lines))
    if shown(form, room, "comments"):
        return redirect(room.url("themes"))
    return show(request, room, "series_theme", form=form, back_url=reverse("series_comments", args=[series.pk]))


def show(request, room, template, **context):
    """Draw a page that only whoever facilitates can open."""
    context |= {
        "room": room,
        "readers": _("Only those who facilitate this group, and do not work at the school, can open this page."),
        "tabs": tabs(request, room),
        "help_person": {"name": room.school.help_name, "phone": room.school.help_phone},
    }
    return render(request, f"dialogue_series/{template}.html", context)
