"""The addresses behind the wall: every one in the registry that names a group, a space or a series."""

import re
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.routes import walk
from partnerships.models import DoorTrial

Kind = DoorTrial.Kind
# The first word of an address, and what it stands for; nothing else stands behind the wall.
PLACES = ("g", "space", "s", "school", "seats")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

WHO = {
    Kind.PRINCIPAL: _("The principal"),
    Kind.TEACHER: _("A teacher"),
    Kind.COUNCIL: _("Somebody of the staff on the school council"),
    Kind.DISTRICT: _("The district"),
    Kind.ADMINISTRATOR: _("Whoever runs this service"),
}
PLACES_IN_WORDS = {
    "g": _("In the group"),
    "space": _("In the space of all the families"),
    "s": _("In the series"),
    "school": _("On the families' page of the school"),
    "seats": _("On the way to a seat"),
}
# What stands at each address, in plain words; one that has none is shown by its address alone.
WORDS = {
    "posts": _("What is written"),
    "new": _("Write"),
    "thread": _("A text and the answers to it"),
    "translate": _("Translate a text"),
    "review": _("Review a translation"),
    "delete": _("Delete one's own text"),
    "reply_translate": _("Translate an answer"),
    "reply_review": _("Review the translation of an answer"),
    "reply_delete": _("Delete one's own answer"),
    "hide": _("Hide a text"),
    "reply_hide": _("Hide an answer"),
    "hidden": _("What was hidden"),
    "members": _("Who is here"),
    "agreements": _("The agreements"),
    "agreement_write": _("Write the agreements"),
    "agreement_copy": _("Publish the agreements"),
    "agreement_translate": _("Translate the agreements"),
    "ideas": _("The ideas"),
    "post_idea": _("Keep a text as an idea"),
    "voice": _("What was asked to be shared"),
    "post_quote": _("Ask to share a text"),
    "lead": _("Who reaches out to families"),
    "lead_propose": _("Propose who reaches out to families"),
    "themes": _("The themes"),
    "theme_new": _("Write a theme"),
    "theme_keep": _("Keep a theme in the group"),
    "theme_send": _("Send a theme to the school"),
    "door": _("This page"),
    "families_home": _("The families' first page"),
    "families_sessions": _("The families' sessions"),
    "series_home": _("The next session"),
    "series_sessions": _("All the sessions"),
    "series_leave": _("Leave the series"),
    "series_school": pgettext_lazy("main places", "School"),
    "session_detail": _("A session"),
    "session_rsvp": _("Say whether one comes"),
    "session_needs": _("Ask for help to come"),
    "session_done": _("What one answered"),
    "session_calendar": _("A session for the calendar"),
    "session_feedback": _("Say how a session was"),
    "series_survey": _("The questions before the first session"),
    "series_results": _("What the families answered, together"),
    "series_report": _("The report"),
    "series_report_paper": _("The report to print"),
    "series_reading": _("How the families read it"),
    "series_comments": _("The comments of the week"),
    "series_theme": _("Make a theme of the comments"),
    "series_paper": _("Print a form on paper"),
    "attendance": _("Who came to a session"),
    "run_sheet": _("The plan of a session"),
    "families_school": _("What families asked, and what the school answered"),
    "meetings_of_families": _("Meetings with the school's staff"),
    "questions_of_families": _("The box of questions"),
    "series_learning": _("What was learned"),
    "seats_of_school": _("Elections, and how far one has come"),
}


class Address(NamedTuple):
    """One address behind the wall, and the name of its page."""

    page: str
    path: str


def addresses(values: dict[str, dict]) -> list[Address]:
    """Return every address that these values lead to; `values` stand by the first word of the address."""
    found = []
    for pattern, name, _view in walk():
        place = pattern.partition("/")[0]
        wanted = PARAMETER.findall(pattern)
        if place in PLACES and set(wanted) <= set(values[place]):
            found.append(Address(name, reverse(name, kwargs={one: values[place][one] for one in wanted})))
    return sorted(found, key=lambda address: PLACES.index(address.path.split("/")[1]))


def words(page: str) -> str:
    """Return what a page is, in plain words; nothing where nobody found any yet."""
    return WORDS.get(page.removeprefix("group_").removeprefix("space_"), "")


def place(path: str) -> str:
    """Return where an address lies, in plain words."""
    return PLACES_IN_WORDS[path.split("/")[1]]
