"""How a day and an hour are said, alike on screens, in mail, in SMS and in calendars.

Django's Spanish writes "18:00", and locale libraries put U+202F before "p. m.", which makes an SMS three
times as dear. So the words stand here, in both languages.
"""

import datetime

from django.utils import dateformat, translation

DAY = {"es": r"l j \d\e F", "en": "l, F j"}
DAY_SHORT = {"es": r"j \d\e F", "en": "F j"}
SMS_DAY = {"es": r"l j \d\e F", "en": "D M j"}
HALF_DAY = {"es": ("a. m.", "p. m."), "en": ("a.m.", "p.m.")}
SMS_HALF_DAY = ("am", "pm")
SATURDAY = 6


def day(on: datetime.date, language: str) -> str:
    """Say the day of an evening: 'jueves 18 de febrero', 'Thursday, February 18'."""
    return _said(on, DAY, language)


def day_short(on: datetime.date, language: str) -> str:
    """Say a day without its weekday: '18 de febrero', 'February 18'."""
    return _said(on, DAY_SHORT, language)


def weekdays(on: datetime.date, language: str) -> str:
    """Say the day of the week on which a series meets: 'jueves', 'Thursdays'."""
    name = _said(on, {"es": "l", "en": "l"}, language)
    return name if name.endswith("s") else f"{name}s"


def hour(at: datetime.time, language: str) -> str:
    """Say a wall-clock time: '6:00 p. m.', '6:00 p.m.'."""
    return f"{_digits(at)} {HALF_DAY[_known(language)][at.hour >= 12]}"


def at_hour(at: datetime.time, language: str) -> str:
    """Say at what time: 'a las 6:00 p. m.', 'a la 1:00 p. m.', 'at 6:00 p.m.'."""
    if _known(language) == "es":
        return f"{'a la' if at.hour % 12 == 1 else 'a las'} {hour(at, language)}"
    return f"at {hour(at, language)}"


def hours(starts: datetime.time, ends: datetime.time, language: str) -> str:
    """Say from when to when: 'de 6:00 a 7:00 p. m.', '6:00 to 7:00 p.m.'."""
    same_half = (starts.hour >= 12) == (ends.hour >= 12)
    first = _digits(starts) if same_half else hour(starts, language)
    if _known(language) == "es":
        return f"de {first} a {hour(ends, language)}"
    return f"{first} to {hour(ends, language)}"


def sms_day(on: datetime.date, language: str) -> str:
    """Say a day in GSM-7 letters: 'jueves 18 de febrero', 'Thu Feb 18'; "sábado" is left out, its á is not one."""
    if _known(language) == "es" and on.isoweekday() == SATURDAY:
        return day_short(on, language)
    return _said(on, SMS_DAY, language)


def sms_weekdays(on: datetime.date, language: str) -> str:
    """Say after a number, in GSM-7 letters, what there will be ten of: 'jueves', 'Thursdays', 'encuentros'."""
    if _known(language) == "es" and on.isoweekday() == SATURDAY:
        return "encuentros"
    return weekdays(on, language)


def sms_hour(at: datetime.time) -> str:
    """Say a time in GSM-7 letters, alike in both languages: '6:00 pm'."""
    return f"{_digits(at)} {SMS_HALF_DAY[at.hour >= 12]}"


def _said(on, patterns, language):
    language = _known(language)
    with translation.override(language):
        return dateformat.format(on, patterns[language])


def _digits(at):
    return f"{at.hour % 12 or 12}:{at.minute:02}"


def _known(language):
    return "es" if language.startswith("es") else "en"
