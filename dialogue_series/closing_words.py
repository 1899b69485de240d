"""The words by which calendars say, in English and Spanish, that there is no school: a guess, never a decision."""

import re

from dialogue_series.pasted import fold


def _words(*patterns: str) -> re.Pattern[str]:
    """Match whole words, in small letters without accents."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


# Says it outright.
NO_SCHOOL = _words(
    r"no (?:school|class(?:es)?|students?)",
    r"students? (?:do|will) not (?:report|attend)",
    r"non-?(?:student|attendance) days?",
    r"student holiday",
    r"(?:schools?|buildings?|offices?|district)\b[^.;]{0,40}\bclosed",
    r"closed\b[^.;]{0,20}\bschools?",
    r"no (?:hay|habra|tenemos|tendremos) (?:clases?|escuela)",
    r"(?:sin|suspension de) (?:clases?|escuela)",
    r"escuelas?\b[^.;]{0,20}\bcerradas?",
    r"no lectivos?",
)
# Usually means it, in the title of an entry.
CLOSING = _words(
    r"holidays?|recess|break|vacation|closed|closure|intersession",
    r"vacaciones|receso|asueto|feriados?|festivos?|cerrad[oa]s?",
    r"labor day|thanksgiving|veterans|indigenous peoples|columbus day|martin luther king|mlk|presidents|memorial day",
    r"juneteenth|independence day|christmas|new year|good friday|lincoln|pulaski|cesar chavez",
    r"eid|yom kippur|rosh hashanah",
    r"dia del trabajo|accion de gracias|veteranos|pueblos indigenas|dia de la (?:raza|independencia)",
    r"dia de los (?:presidentes|caidos)|navidad|ano nuevo|viernes santo|semana santa",
    r"(?:teacher|staff) (?:work ?day|institute)|institute day|professional (?:development|learning) day|in-?service",
    r"jornada docente|capacitacion docente",
)
# Takes that back: a short day, or a day at the edge of a break.
OPEN_AFTER_ALL = _words(
    r"early (?:dismissal|release|out)|half[- ]day|(?:minimum|shortened|1/2) day|delayed|late start",
    r"salida (?:temprana|anticipada)|medio dia",
    r"resumes?|returns?|reopens?|back to school|regreso|reanudan?|before|antes de",
    r"(?:first|last) day|(?:primer|ultimo) dia",
)
LAST_DAY_OF_SCHOOL = _words(
    r"last (?:student )?(?:attendance )?day (?:of|for)(?: the| all)? (?:school|classes|students|instruction)",
    r"last (?:student|attendance) (?:attendance )?day",
    r"ultimo dia de (?:clases|escuela|asistencia)|fin de (?:clases|curso)",
)
# The end of something smaller than the year of the whole school.
NOT_FOR_ALL = _words(
    r"seniors?|kinder\w*|pre-?k\w*|pre-?school\w*|preescolar|before|antes|semest\w*|quarter|trimest\w*|summer|verano"
)


def is_likely_closed(title: str, description: str = "") -> bool:
    """Say whether an entry reads as a day without school; a description counts only when it says so outright."""
    title = fold(title)
    if NO_SCHOOL.search(title) or NO_SCHOOL.search(fold(description)):
        return True
    return bool(CLOSING.search(title)) and not OPEN_AFTER_ALL.search(title)


def is_last_day(title: str) -> bool:
    """Say whether an entry is the last day of the school year, for the whole school."""
    title = fold(title)
    return bool(LAST_DAY_OF_SCHOOL.search(title)) and not NOT_FOR_ALL.search(title)
