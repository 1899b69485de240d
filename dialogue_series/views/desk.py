"""What the coordinator's pages have in common: the tabs, and a word about what was just done."""

from django.urls import reverse
from django.utils.translation import gettext as _

from dialogue_series.schedule import SESSIONS_PER_SERIES


def tabs(series=None, here="today"):
    """Return the main places: Today, and of one series its evenings, people and messages."""
    places = [("today", [], _("Today"), "clock")]
    if series is not None:
        places += [
            ("series_page", [series.pk], _("Series"), "ring"),
            ("series_people", [series.pk], _("People"), "people"),
            ("series_messages", [series.pk], _("Messages"), "mail"),
        ]
    return [
        {"url": reverse(name, args=args), "label": label, "icon": icon, "here": name == here}
        for name, args, label, icon in places
    ]


def session_url(name, session):
    """Return the address of one of an evening's pages."""
    return reverse(name, args=[session.series_id, session.number])


def card(session):
    """Return what _session_card.html draws of an evening."""
    return {
        "number": session.number,
        "total": SESSIONS_PER_SERIES,
        "on": session.on,
        "starts": session.starts_at,
        "ends": session.ends_at,
        "place": session.series.place,
        "by_video": False,
        "title": session.topic.title,
    }
