"""Changing a series that families already know of: its room, what it offers, which questions it asks, its check-ins."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dialogue_series.access import checkins, questions
from dialogue_series.access import logistics as access
from dialogue_series.actions import planning
from dialogue_series.actions.checkins import choose_checkins
from dialogue_series.forms.checkins import CheckInsForm
from dialogue_series.forms.logistics import QuestionsForm, WhereForm


@require_http_methods(["GET", "HEAD", "POST"])
def series_change(request, series):
    """Ask where the series meets from now on; no message goes, and the page says how families hear of it."""
    series = access.one_series(request.held, series)
    initial = {name: getattr(series, name) for name in WhereForm.base_fields}
    form = WhereForm(request.POST or None, initial=initial)
    if form.is_valid():
        planning.change_series(series=series, by=request.person, **form.cleaned_data)
        messages.success(request, _("It is changed. Families see it on their pages from now on."))
        return redirect("series_page", series.pk)
    context = {
        "form": form,
        "series": series,
        "facilitators": access.facilitators(series),
        "back_url": reverse("series_page", args=[series.pk]),
    }
    return render(request, "dialogue_series/series_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def series_questions(request, series):
    """Ask which questions the families of a series answer, until they have."""
    series = access.one_series(request.held, series)
    said = {"survey": series.survey, "feedback": series.feedback}
    choices, begun = questions.choices(series), questions.begun(series)
    form = QuestionsForm(request.POST or None, initial=said, instruments=choices, begun=begun)
    if form.is_valid():
        try:
            planning.choose_questions(series=series, by=request.person, **said | form.cleaned_data)
            messages.success(request, _("The questions are chosen."))
            return redirect("series_page", series.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {
        "form": form,
        "series": series,
        "fixed": [row.title for row in choices if row.slug in {said[which] for which in begun}],
        "back_url": reverse("series_page", args=[series.pk]),
    }
    return render(request, "dialogue_series/series_questions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def series_checkins(request, series):
    """Show when leaders are met, and until families were asked about a session, ask after which sessions."""
    series = access.one_series(request.held, series)
    has_begun = checkins.begun(series)
    form = CheckInsForm(request.POST or None, initial={"checkins": series.checkins})
    if form.is_valid():
        try:
            choose_checkins(series=series, by=request.person, **form.cleaned_data)
            messages.success(request, _("The check-ins are chosen."))
            return redirect("series_checkins", series.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {
        "form": None if has_begun and not form.is_bound else form,
        "series": series,
        "checkins": checkins.checkins_of(series),
        "back_url": reverse("series_page", args=[series.pk]),
    }
    return render(request, "dialogue_series/series_checkins.html", context)
