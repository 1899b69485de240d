"""A form on paper: printed for one person without her name, typed in by whoever facilitates, and destroyed."""

import segno
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat, translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import links
from accounts.models import Link
from dialogue_series.access import paper as access
from dialogue_series.access.comments import led_series
from dialogue_series.forms.paper import PaperForm, title_of
from dialogue_series.views.frame import help_at
from notifications import clock
from partnerships.views.frame import tabs
from surveys import actions, questionnaire
from surveys.forms.answers import AnswerForm
from surveys.views.answering import closed_page


@require_http_methods(["GET", "HEAD", "POST"])
def series_paper(request, series):
    """Ask whose sheet it is, and draw it to print; all that stays is that sheet's link."""
    series, room = led_series(request, series)
    form = PaperForm(request.POST if request.method == "POST" else None, lines=access.open_lines(series))
    if form.is_valid():
        return sheet(request, series, form.cleaned_data["line"])
    context = {
        "form": form,
        "room": room,
        "readers": _("Only those who facilitate this group, and do not work at the school, can open this page."),
        "tabs": tabs(request, room),
        "back_url": reverse("series_home", args=[series.pk]),
        "help_person": help_at(series.school),
    }
    return render(request, "dialogue_series/series_paper.html", context)


def sheet(request, series, line):
    """Draw somebody's sheet in her language; her name is not on it, nor on the page around it."""
    url = links.url_for(Link.Job.PAPER, about=line.form_id, person=line.person_id)
    code = segno.make(url, error="m", micro=False)
    context = {
        **asked_of(line),
        # Our own address drawn by a library: nothing in it was typed by anybody.
        "qr": mark_safe(code.svg_inline(omitsize=True, svgclass=None, lineclass=None)),  # noqa: S308
        "url": url.partition("://")[2],
        "school": series.school.name,
        "back_url": reverse("series_paper", args=[series.pk]),
        "help_person": help_at(series.school),
    }
    return render(request, "dialogue_series/paper_sheet.html", context)


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def link_paper(request, public):
    """Take what a sheet says; what comes back is the same whether there was an answer already or not."""
    line = access.sheet_from(request, public)
    if not line.form.is_open(at=clock.now()):
        return closed_page(request, line.form)
    asked = asked_of(line, request.POST if request.method == "POST" else None)
    typed = asked["form"]
    if typed.is_valid():
        try:
            actions.submit(
                form=line.form, person=line.person, answers=typed.answers, comment=typed.free_line, from_paper=True
            )
        except ValidationError as refusal:
            if refusal.code != "closed":
                raise
            return closed_page(request, line.form)
        return render(request, "dialogue_series/paper_done.html", {"help_person": help_at(line.form.school)})
    return render(request, "dialogue_series/paper_enter.html", {**asked, "help_person": help_at(line.form.school)})


def asked_of(line, answers=None):
    """Return the questions in the language in which somebody's sheet is written, on paper and where it is typed in."""
    language = line.person.language
    with translation.override(language):
        questions = questionnaire.read(line.form.instrument_id, language)
        weekday = dateformat.format(line.form.evening_on, "l") if line.form.evening_on else ""
        return {
            "language": language,
            "questionnaire": questions,
            "title": title_of(line.form, language),
            "form": AnswerForm(questions, weekday, answers),
        }
