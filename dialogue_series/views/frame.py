"""What families' pages have in common: the language, the tabs, whom to call, and how an evening is drawn."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dialogue_series.forms.families import said
from dialogue_series.schedule import SESSIONS_PER_SERIES
from notifications import clock

MAP = "https://www.google.com/maps/search/?"


def speak(request, language):
    """Use somebody's language, unless this browser has chosen one."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def help_at(school):
    """Name whom the school's families call."""
    return {"name": school.help_name, "phone": school.help_phone}


def tabs(series, here):
    """Return the main places of a series."""
    places = (
        ("series_home", _("Home"), "home"),
        ("series_sessions", _("Sessions"), "ring"),
        ("series_group", _("Group"), "bubble"),
    )
    found = [
        {"url": reverse(name, args=[series.pk]), "label": label, "icon": icon, "here": name == here}
        for name, label, icon in places
    ]
    school = reverse("families_school", args=[series.school.slug])
    return [*found, {"url": school, "label": pgettext("main places", "School"), "icon": "school", "here": False}]


def card(session, *, answer=None):
    """Return what _session_card.html draws of an evening: the way in by video only while the door is open."""
    series, now = session.series, clock.now()
    is_to_be_held = session.cancelled_at is None and not session.is_over(at=now)
    return {
        "number": session.number,
        "total": SESSIONS_PER_SERIES,
        "on": session.on,
        "starts": session.starts_at,
        "ends": session.ends_at,
        "place": series.place,
        "map_url": MAP + urlencode({"api": 1, "query": series.school.name}),
        "by_video": is_to_be_held and bool(series.video_url or series.dial_in),
        "video_url": series.video_url if session.has_open_door(at=now) else "",
        "answer": said(answer) if is_to_be_held else "",
    }
