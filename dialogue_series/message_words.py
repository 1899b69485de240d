"""The words that messages of a series share: the school, an evening, an invitation."""

from datetime import date

from django.utils import dateformat, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from dialogue_series.access.families import as_usual
from dialogue_series.models import Series, Session
from notifications import wording
from notifications.segments import segments

GSM_7 = "GSM-7"
# The school's short name and the name of whoever invites: together no longer, so that a text stays one segment.
SMS_ROOM_FOR_NAMES = 28


def words_of_school(series: Series) -> dict:
    """Return how each message begins: the school, named first."""
    return {"school": series.school.name, "sms_name": series.school.sms_name}


def words_of_session(session: Session, language: str) -> dict:
    """Return when and where an evening is, for mail and in the letters of a text message."""
    return {
        "number": session.number,
        "on": session.on,
        "starts": session.starts_at,
        "ends": session.ends_at,
        "place": session.series.place,
        "by_video": bool(session.series.video_url or session.series.dial_in),
        "sms_day": wording.sms_day(session.on, language),
        "sms_hour": wording.sms_hour(session.starts_at),
        "sms_weekday": sms_weekday(session.on, language),
    }


def sms_weekday(on: date, language: str) -> str:
    """Name the day in GSM-7 letters: "sábado" has one that is not among them."""
    with translation.override(language):
        name = dateformat.format(on, "l")
        return name if segments(name).encoding == GSM_7 else pgettext("thank you for the ...", "session")


def words_of_invitation(series: Series, *, who: str, first: Session, url: str, language: str) -> dict:
    """Return the words of an invitation; the page on which it is previewed asks for them too."""
    sms_who = who.split()[0] if who else ""
    usual = as_usual(first)
    fits = len(sms_who) + len(series.school.sms_name) <= SMS_ROOM_FOR_NAMES
    return {
        **words_of_school(series),
        **words_of_session(first, language),
        "who": who,
        "sms_who": sms_who if fits and segments(sms_who).encoding == GSM_7 else "",
        "usually_on": usual.on,
        "usually_at": usual.starts_at,
        "sms_weekdays": wording.sms_weekdays(usual.on, language),
        "sms_hour": wording.sms_hour(usual.starts_at),
        "button_url": url,
        "button_label": _("See the invitation"),
    }
