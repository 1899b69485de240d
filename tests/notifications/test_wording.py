import datetime
import re

import polib
import pytest
from django.conf import settings

from notifications import wording

THURSDAY = datetime.date(2027, 2, 18)
SATURDAY = datetime.date(2027, 2, 20)
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EVERY_DAY = [datetime.date(2027, 1, 1) + datetime.timedelta(days=number) for number in range(365)]
EVERY_HOUR = [datetime.time(hour, minute) for hour in range(24) for minute in (0, 5, 30)]


@pytest.mark.parametrize(("language", "said"), [("es", "jueves 18 de febrero"), ("en", "Thursday, February 18")])
def test_a_day_is_said_with_its_weekday_and_month(language, said):
    assert wording.day(THURSDAY, language) == said


@pytest.mark.parametrize(("language", "said"), [("es", "18 de febrero"), ("en", "February 18")])
def test_a_short_day_has_no_weekday(language, said):
    assert wording.day_short(THURSDAY, language) == said


@pytest.mark.parametrize(
    ("on", "language", "said"),
    [
        (THURSDAY, "es", "jueves"),
        (SATURDAY, "es", "sábados"),
        (THURSDAY, "en", "Thursdays"),
        (SATURDAY, "en", "Saturdays"),
    ],
)
def test_a_series_meets_on_a_weekday_in_the_plural(on, language, said):
    assert wording.weekdays(on, language) == said


@pytest.mark.parametrize(
    ("at", "language", "said"),
    [
        (datetime.time(18), "es", "6:00 p. m."),
        (datetime.time(18), "en", "6:00 p.m."),
        (datetime.time(0, 5), "es", "12:05 a. m."),
        (datetime.time(12), "en", "12:00 p.m."),
        (datetime.time(9, 30), "es-us", "9:30 a. m."),
    ],
)
def test_an_hour_is_said_with_twelve_hours(at, language, said):
    assert wording.hour(at, language) == said


@pytest.mark.parametrize(
    ("at", "language", "said"),
    [
        (datetime.time(18), "es", "a las 6:00 p. m."),
        (datetime.time(13), "es", "a la 1:00 p. m."),
        (datetime.time(1, 30), "es", "a la 1:30 a. m."),
        (datetime.time(11), "es", "a las 11:00 a. m."),
        (datetime.time(0, 5), "es", "a las 12:05 a. m."),
        (datetime.time(13), "en", "at 1:00 p.m."),
    ],
)
def test_at_one_is_said_in_the_singular(at, language, said):
    assert wording.at_hour(at, language) == said


def test_no_sentence_puts_its_own_article_before_an_hour():
    catalogue = polib.pofile(settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES" / "django.po")
    said = [words for entry in catalogue for words in [entry.msgstr, *entry.msgstr_plural.values()]]
    assert [words for words in said if re.search(r"\blas? %\(\w*(hour|starts|time)\w*\)s", words)] == []


@pytest.mark.parametrize(
    ("starts", "ends", "language", "said"),
    [
        (datetime.time(18), datetime.time(19), "es", "de 6:00 a 7:00 p. m."),
        (datetime.time(18), datetime.time(19), "en", "6:00 to 7:00 p.m."),
        (datetime.time(11, 30), datetime.time(12, 30), "es", "de 11:30 a. m. a 12:30 p. m."),
        (datetime.time(11, 30), datetime.time(12, 30), "en", "11:30 a.m. to 12:30 p.m."),
    ],
)
def test_the_half_of_the_day_is_said_once_when_it_is_the_same(starts, ends, language, said):
    assert wording.hours(starts, ends, language) == said


@pytest.mark.parametrize(
    ("on", "language", "said"),
    [
        (THURSDAY, "es", "jueves 18 de febrero"),
        (THURSDAY, "en", "Thu Feb 18"),
        (SATURDAY, "es", "20 de febrero"),
        (SATURDAY, "en", "Sat Feb 20"),
    ],
)
def test_a_day_in_an_sms_is_short_and_leaves_out_what_would_cost_a_second_segment(on, language, said):
    assert wording.sms_day(on, language) == said


def test_an_hour_in_an_sms_is_alike_in_both_languages():
    assert wording.sms_hour(datetime.time(18)) == "6:00 pm"


@pytest.mark.parametrize("language", ["es", "en"])
def test_nothing_said_in_an_sms_leaves_the_gsm_alphabet(language):
    said = [wording.sms_day(on, language) + wording.sms_weekdays(on, language) for on in EVERY_DAY]
    said += [wording.sms_hour(at) for at in EVERY_HOUR]

    assert [sentence for sentence in said if not set(sentence) <= GSM_7] == []


def test_the_alphabet_test_sees_a_word_outside_it():
    assert not set(wording.day(SATURDAY, "es")) <= GSM_7


@pytest.mark.parametrize("language", ["es", "en"])
def test_nothing_said_anywhere_holds_a_hidden_space(language):
    said = [wording.day(on, language) for on in EVERY_DAY] + [wording.hour(at, language) for at in EVERY_HOUR]

    assert [sentence for sentence in said if set(sentence) & set("\u202f\u00a0")] == []
