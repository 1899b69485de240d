"""What the pages of a room have in common: who gets in, the tabs, who can read, whom to call."""

from datetime import timedelta
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.places import home_of
from accounts.roles import code_is_old
from partnerships import readers
from partnerships.access.spaces import group_room, led, space_room

# Words begun while the code was fresh are not lost: what is sent is taken for a while longer.
WRITING_LASTS = timedelta(minutes=60)


def in_room(view):
    """Give a page the room that its address names: `view(request, room, ...)`; on a shared phone, after a new code."""

    @wraps(view)
    def entered(request, *args, group=None, school=None, **kwargs):
        room = group_room(request, group) if group else space_room(request, school)
        if code_is_old(request, **({"lasts": WRITING_LASTS} if request.method == "POST" else {})):
            return redirect_to_login(request.get_full_path(), reverse("enter"))
        return view(request, room, *args, **kwargs)

    return entered


def in_led_room(view):
    """Give a page its room, for whoever facilitates it; for everybody else there is no such page."""

    @in_room
    @wraps(view)
    def entered(request, room, *args, **kwargs):
        return view(request, led(room), *args, **kwargs)

    return entered


def show(request, room, template, **context):
    """Draw `templates/partnerships/<template>.html` with what every page of a room has."""
    context = {
        "room": room,
        "readers": readers.for_room(room),
        "tabs": tabs(request, room),
        "help_person": {"name": room.school.help_name, "phone": room.school.help_phone},
        **context,
    }
    return render(request, f"partnerships/{template}.html", context)


def tabs(request, room):
    """Return the main places, from inside a room."""
    group_url = reverse("families_group") if room.group is None and is_family(request) else room.url("posts")
    return places(request, room.school, group_url=group_url, here="bubble")


def places(request, school, *, group_url, here):
    """Return the main places: a family's own, or the desk of a coordinator who facilitates; `here` is an icon."""
    if is_family(request):
        found = [
            (reverse("families_home"), _("Home"), "home"),
            (reverse("families_sessions"), _("Sessions"), "ring"),
        ]
    else:
        found = [(reverse("today"), _("Today"), "clock")]
    if group_url:
        found.append((group_url, _("Group"), "bubble"))
    found.append((reverse("families_school", args=[school.slug]), pgettext("main places", "School"), "school"))
    return [{"url": url, "label": label, "icon": icon, "here": icon == here} for url, label, icon in found]


def is_family(request):
    """Say whether the reader is a family of any school."""
    return "caregiver" in request.held.audiences


def way_back(request, school):
    """Return the first page of whoever reads what families let out: as a leader that of this school."""
    return reverse("overview", args=[school.slug]) if request.audience == "leader" else home_of({request.audience})
