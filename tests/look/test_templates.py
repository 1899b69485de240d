import datetime
import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from accounts.style_guide import style_guide
from accounts.templatetags import look

TEMPLATES = Path(settings.BASE_DIR) / "templates"
KILOBYTE = 1024
MONTHS = [(str(number), f"Month {number}") for number in range(1, 13)]


class EnterForm(forms.Form):
    """One field of each way of drawing."""

    phone = forms.CharField(label="Phone", help_text="Ten digits", error_messages={"required": "Write your phone"})
    language = forms.ChoiceField(
        label="Language",
        choices=[("", "---"), ("es", "Español"), ("en", "English")],
        error_messages={"required": "Choose a language"},
    )
    month = forms.ChoiceField(label="Month", choices=MONTHS)
    needs = forms.MultipleChoiceField(
        label="Needs", choices=[("ride", "A ride")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(source, language="en", **context):
    with translation.override(language):
        html = engines["django"].from_string(source).render(context, RequestFactory().get("/s/1/?a=b"))
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", html))


def test_an_error_stands_above_the_field_and_is_read_with_it():
    html = drawn("{{ form.phone.as_field_group }}", form=EnterForm({}))

    assert html.index("Phone") < html.index("Ten digits") < html.index("Write your phone") < html.index("<input")
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'id="id_phone_helptext"' in html
    assert 'id="id_phone_error"' in html


def test_the_browser_is_never_told_that_a_field_must_be_filled():
    assert "required" not in drawn("{{ form }}", form=EnterForm())


def test_a_short_list_of_choices_is_rows_and_a_long_one_a_drop_down():
    form = EnterForm({"language": "en", "month": "3"})
    short, long = drawn("{{ form.language.as_field_group }}", form=form), drawn("{{ form.month }}", form=form)

    assert re.findall(r'type="radio" id="(\w+)" name="language" value="(\w+)"( checked)?', short) == [
        ("id_language_0", "es", ""),
        ("id_language_1", "en", " checked"),
    ]
    assert long.count("<option") == len(MONTHS)


def test_the_summary_leads_to_each_field_or_to_its_first_choice():
    html = drawn('{% include "_error_summary.html" %}', form=EnterForm({"month": "3", "agreed": "on"}))

    assert re.findall(r'<a href="#(\w+)">([^<]+)</a>', html) == [
        ("id_phone", "Write your phone"),
        ("id_language_0", "Choose a language"),
    ]


def test_there_is_no_summary_without_errors():
    assert drawn('{% include "_error_summary.html" %}', form=EnterForm()).strip() == ""


@pytest.mark.parametrize(("form", "title"), [(EnterForm(), "Enter"), (EnterForm({}), "Error: Enter")])
def test_the_title_says_that_there_is_an_error(form, title):
    html = drawn('{% extends "base.html" %}{% block title %}Enter{% endblock %}', form=form)

    assert f"<title>{title} · Ten evenings</title>" in html


@pytest.mark.parametrize(("language", "other", "name"), [("es", "en", "English"), ("en", "es", "Español")])
def test_the_language_pill_is_a_form_that_keeps_the_page(language, other, name):
    html = drawn('{% extends "base.html" %}', language=language)

    assert f'<html lang="{language}">' in html
    assert '<input type="hidden" name="next" value="/s/1/?a=b">' in html
    assert f'name="language" value="{other}" lang="{other}">{name}</button>' in html


def test_the_last_line_names_a_person_to_call():
    html = drawn('{% extends "base.html" %}', help_person={"name": "Rosa", "phone": "773 555 0142"})

    assert 'href="tel:+17735550142"' in html
    assert "Questions? Call Rosa, 773 555 0142" in html


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["done", "missed", "next", "to_come"], "4 sessions. 2 have been held. The next one is number 3."),
        (["next", "to_come"], "2 sessions. The next one is number 1."),
        (["done", "done"], "2 sessions. 2 have been held."),
    ],
)
def test_the_thread_is_also_said_in_words(states, words):
    html = drawn("{% thread beads %}", beads=[{"state": state} for state in states])

    assert f'aria-label="{words}"' in html
    assert re.findall(r'<svg class="(\w+)" x=', html) == states


def test_each_state_of_a_bead_has_a_shape_of_its_own():
    states = ["done", "missed", "cancelled", "next", "to_come"]
    html = drawn("{% thread beads %}", beads=[{"state": state} for state in states])
    shapes = re.findall(r'overflow="visible">(.*?)</svg>', html)

    assert len(set(shapes)) == len(states)


def test_an_evening_to_come_has_an_outline_and_no_number():
    html = drawn(
        "{% attendance_strip evenings 9 %}", evenings=[{"number": 1, "count": 8}, {"number": 2, "count": None}]
    )

    assert re.findall(r"<text[^>]*>(\w+)</text>", html) == ["8", "1", "2"]
    assert html.count('class="ahead"') == 2  # The bar and its key.


def test_nobody_came_is_drawn_as_zero_and_not_as_an_evening_to_come():
    html = drawn("{% attendance_strip evenings 0 %}", evenings=[{"number": 1, "count": 0}])

    assert 'height="0"' in html
    assert ">0</text>" in html
    assert html.count('class="ahead"') == 0  # No bar and no key: none is to come.


@pytest.mark.parametrize(
    ("written", "address"), [("773 555 0142", "tel:+17735550142"), ("+1 (773) 555-0142", "tel:+17735550142")]
)
def test_a_telephone_link_takes_any_way_of_writing_a_number(written, address):
    assert look.tel(written) == address


def test_a_caregivers_page_and_its_style_fit_in_the_first_round_trip():
    html = drawn(
        '{% extends "base_caregiver.html" %}{% block main %}<h1>Hello</h1>{% thread beads %}'
        '{% include "_session_card.html" with number=5 total=10 %}{% endblock %}',
        tabs=[{"url": "/s/1/", "label": "Home", "icon": "home", "here": True}] * 4,
        beads=[{"state": "to_come"}] * 10,
        on=datetime.date(2027, 2, 18),
        starts=datetime.time(18),
        ends=datetime.time(19),
        place="Library",
    )
    page = len(gzip.compress(html.encode()))
    style = len(gzip.compress((Path(settings.BASE_DIR) / "static" / "app.css").read_bytes()))

    assert page <= 6 * KILOBYTE
    assert page + style <= 14 * KILOBYTE


def outside_the_families_rooms(sources):
    """List the templates that wear the plum band though the school may open them."""
    return [path for path, text in sources.items() if "_zone.html" in text and not path.startswith("partnerships/")]


def test_the_plum_band_is_worn_only_where_the_school_cannot_come_in():
    sources = {str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*.html")}

    assert outside_the_families_rooms(sources) == []


def test_a_plum_band_on_another_screen_is_noticed():
    sources = {"insights/overview.html": '{% include "_zone.html" %}', "partnerships/posts.html": "_zone.html"}

    assert outside_the_families_rooms(sources) == ["insights/overview.html"]


def test_the_style_guide_shows_both_languages_in_both_themes():
    response = style_guide(RequestFactory().get("/style/"))

    assert re.findall(r'<section class="card (\w+) [^>]*lang="(\w+)"', response.content.decode()) == [
        ("light", "es"),
        ("dark", "es"),
        ("light", "en"),
        ("dark", "en"),
    ]


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_mail_says_its_button_in_full_and_how_to_stop_in_both_languages(language):
    context = {
        "school": "Academia Mirador",
        "button_url": "https://example.org/r/1",
        "button_label": "Confirm",
        "unsubscribe_url": "https://example.org/u/1",
    }
    html = drawn('{% extends "emails/base.html" %}', language=language, **context)
    text = drawn('{% extends "emails/base.txt" %}', language=language, **context)

    assert f'<html lang="{language}">' in html
    assert re.findall(r'<p lang="(\w+)"', html) == ["es", "en"]
    assert html.count(">https://example.org/r/1</a>") == 1
    assert html.count('href="https://example.org/u/1"') == 2
    assert text.count("https://example.org/r/1") == 1
    assert text.count("https://example.org/u/1") == 2
