"""How talks are held and noted, what was learned about a series, and what an evaluator finds out."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import code_is_old
from dialogue_series.views.frame import help_at, tabs
from insights.methods import access, actions
from insights.methods.forms import CodeForm, FindingForm, LineForm, NoteForm, TalkForm
from insights.methods.words import GUIDES, QUESTIONS
from insights.models import Talk
from insights.views.results import my_results
from notifications import clock
from partnerships.access.schools import led_school
from partnerships.views.frame import WRITING_LASTS

Kind = Talk.Kind
PAGE = require_http_methods(["GET", "HEAD", "POST"])


def framed(request, series):
    """Return what a page has around it: her tabs for whoever facilitates, nothing for an evaluator."""
    framing = {"series": series, "whose": whose(request)}
    if request.audience == "evaluator":
        return {**framing, "learning_url": reverse("series_evaluated", args=[series.pk])}
    return {
        **framing,
        "learning_url": reverse("series_learning", args=[series.pk]),
        "tabs": tabs(series, "series_home"),
        "help_person": help_at(series.school),
    }


def whose(request):
    """Return how the names of an evaluator's own addresses begin; those of whoever facilitates stand alone."""
    return "evaluator_" if request.audience == "evaluator" else ""


def to_talk(request, talk):
    """Go to one's notes of a talk."""
    return redirect(f"{whose(request)}talk_notes", talk.series_id, talk.pk)


# Guides


@require_safe
def guide(request, kind, series=None, slug=None):
    """Show how a talk is held, on a page to print; leaders see the one that is held with them."""
    if kind not in GUIDES or (slug and kind != Kind.DEBRIEF):
        raise Http404
    context = {"guide": GUIDES[kind]}
    if series:
        context |= framed(request, access.series_talked_about(request, series))
    if slug:
        context["school"] = led_school(request, slug)
    return render(request, "insights/guide.html", context)


def guides(request, series):
    """Return the address of each guide, with its title."""
    if request.audience == "evaluator":
        return [(reverse("guide", args=[kind]), one.title) for kind, one in GUIDES.items()]
    return [(reverse("series_guide", args=[series.pk, kind]), one.title) for kind, one in GUIDES.items()]


# Talks and notes


def about_series(view):
    """Open a series to its evaluator and to whoever facilitates it; on a phone of others too, after a fresh code."""

    @wraps(view)
    def opened(request, series, **kwargs):
        series = access.series_talked_about(request, series)
        if code_is_old(request, **({"lasts": WRITING_LASTS} if request.method == "POST" else {})):
            return redirect_to_login(request.get_full_path(), reverse("enter"))
        return view(request, series, **kwargs)

    return opened


def in_own_talk(view):
    """Open a talk to whoever logged it."""

    @wraps(view)
    @about_series
    def opened(request, series, talk, **kwargs):
        return view(request, series, access.own_talk(request.person, series, talk), **kwargs)

    return opened


@PAGE
@about_series
def talks(request, series):
    """Show one's own talks about a series and the guides, and take another talk."""
    kinds = [kind for kind in GUIDES if kind != Kind.DEBRIEF or request.audience == "evaluator"]
    form = TalkForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if form.is_valid():
        return to_talk(request, actions.log_talk(series=series, by=request.person, **form.cleaned_data))
    context = {
        "form": form,
        "talks": [titled(talk) for talk in access.own_talks(request.person, series)],
        "guides": guides(request, series),
        **framed(request, series),
    }
    return render(request, "insights/talks.html", context)


def titled(talk):
    """Return a talk that knows its title."""
    talk.title = GUIDES[talk.kind].title
    return talk


@PAGE
@in_own_talk
def talk(request, series, talk):
    """Show to their author, and to nobody else, the notes of a talk under her codes, and take another."""
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.write_note(talk=talk, by=request.person, **form.cleaned_data)
            return to_talk(request, talk)
        except ValidationError as refusal:
            form.add_error("text", refusal)
    return show_talk(request, series, talk, form)


def show_talk(request, series, talk, form, **context):
    """Draw the page of a talk and one's notes of it."""
    at = clock.now()
    notes = access.notes_of(talk, request.person)
    for note in notes:
        note.is_waiting = bool(note.line and note.line.can_be_kept(at=at))
    context = {
        "form": form,
        "talk": titled(talk),
        "notes": notes,
        "codes": access.codes_of(request.person, series),
        **framed(request, series),
        **context,
    }
    return render(request, "insights/talk.html", context)


@PAGE
@in_own_talk
def note(request, series, talk, note):
    """Show one note to its author, and let her put it under another code."""
    note = access.own_note(request.person, talk, note)
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": note.code})
    if form.is_valid():
        actions.code_note(note=note, **form.cleaned_data)
        return to_talk(request, talk)
    return show_note(request, series, note, form)


def show_note(request, series, note, form, **context):
    """Draw the page of one note."""
    context |= {"note": note, "talk": note.talk, "form": form, "codes": access.codes_of(request.person, series)}
    return render(request, "insights/talk_note.html", {**context, **framed(request, series)})


@require_POST
@in_own_talk
def note_remove(request, series, talk, note):
    """Remove a note for good, unless its line is out."""
    note = access.own_note(request.person, talk, note)
    try:
        actions.remove_note(note=note)
    except ValidationError as refusal:
        return show_note(request, series, note, CodeForm(initial={"code": note.code}), refusal=refusal)
    return to_talk(request, talk)


@PAGE
@in_own_talk
def note_release(request, series, talk, note):
    """Let one line out, in words that name nobody."""
    note = access.own_note(request.person, talk, note)
    form = LineForm(request.POST if request.method == "POST" else None, talk=talk)
    if form.is_valid():
        try:
            actions.release(note=note, **form.cleaned_data)
            return to_talk(request, talk)
        except ValidationError as refusal:
            form.add_error("said_by" if refusal.code in {"too_few", "more_than_came"} else "text", refusal)
    context = {"note": note, "talk": titled(talk), "form": form}
    return render(request, "insights/note_release.html", {**context, **framed(request, series)})


@require_POST
@in_own_talk
def line_take_back(request, series, talk, note):
    """Take a line back, unless families keep it."""
    note = access.own_note(request.person, talk, note)
    try:
        actions.take_back(line=access.own_line(talk, note))
    except ValidationError as refusal:
        return show_talk(request, series, talk, NoteForm(), refusal=refusal)
    return to_talk(request, talk)


# What was learned


def shown(series, **context):
    """Return what the page says to everybody who opens it."""
    known = access.learned(series, at=clock.now(), drafts=context.get("is_evaluator", False))
    for one in known.talks:
        titled(one)
    return {"series": series, "learned": known, **context}


@require_safe
def series_learning(request, series):
    """Show families what is known of their series, and what of it is still theirs to keep."""
    series = my_results(request, series)
    context = shown(
        series,
        waiting=True,
        back_url=reverse("series_results", args=[series.pk]),
        is_led=series.is_led,
        tabs=tabs(series, "series_home"),
        help_person=help_at(series.school),
    )
    return render(request, "insights/learning.html", context)


@require_safe
def school_learning(request, slug, series):
    """Show leaders the same page."""
    series = access.series_led(request.held, slug, series)
    context = shown(series, is_led=False, back_url=reverse("overview", args=[slug]))
    return render(request, "insights/learning.html", context)


@require_safe
def series_evaluated(request, series):
    """Show an evaluator the same page, with what she has not published yet."""
    series = access.series_evaluated(request.held, series)
    context = shown(series, is_evaluator=True, is_led=False, back_url=reverse("evaluated"))
    return render(request, "insights/learning.html", context)


@require_safe
def all_evaluated(request):
    """List the series of the districts that somebody evaluates, and the guides."""
    context = {"all_series": access.all_evaluated(request.held), "guides": guides(request, None)}
    return render(request, "insights/evaluated.html", context)


@PAGE
def line_keep(request, series, line):
    """Ask once more, and keep what families said from the school, without saying who asked."""
    series = my_results(request, series)
    context = {"series": series, "line": access.line_of_the_group(series, line)}
    if request.method == "POST":
        try:
            actions.keep_line(line=context["line"])
            return redirect("series_learning", series.pk)
        except ValidationError as refusal:
            context["refusal"] = refusal
    return render(request, "insights/line_keep.html", context)


# Findings


@PAGE
def finding_new(request, series, question):
    """Take a claim about one of the four questions, as a draft."""
    series = access.series_evaluated(request.held, series)
    if question not in QUESTIONS:
        raise Http404
    form = finding_form(series, question, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            one = actions.draft_finding(series=series, question=question, **form.cleaned_data)
            if one.is_published:
                return redirect("series_evaluated", series.pk)
            return redirect("finding_draft", one.pk)
        except ValidationError as refusal:
            form.add_error("claim_es", refusal)
    context = {"series": series, "about": QUESTIONS[question], "form": form}
    return render(request, "insights/finding_new.html", context)


def finding_form(series, question, sent=None, **initial):
    """Return the form, with everything that a claim on this question can stand on."""
    known = access.learned(series, at=clock.now(), drafts=True)
    return FindingForm(sent, evidence=access.evidence_on(question, known, series), initial=initial)


@PAGE
def finding(request, finding):
    """Show a draft to an evaluator, who writes it otherwise or publishes it."""
    # What somebody typed while somebody else published it is given back to her.
    one = (access.written_of if request.method == "POST" else access.draft_of)(request.held, finding)
    form = finding_form(one.series, one.question, request.POST if request.method == "POST" else None, **one.written)
    if form.is_valid():
        try:
            actions.change_finding(finding=one, **form.cleaned_data)
            return redirect("finding_draft", one.pk)
        except ValidationError as refusal:
            form.add_error("claim_es", refusal)
    return render(request, "insights/finding.html", of_finding(one, form))


def of_finding(one, form, **context):
    """Return what the page of a draft shows."""
    return {"finding": one, "series": one.series, "about": QUESTIONS[one.question], "form": form, **context}


@require_POST
def finding_publish(request, finding):
    """Publish a draft as it was saved; what it lacks is said on its page."""
    one = access.written_of(request.held, finding)
    try:
        actions.publish_finding(finding=one)
    except ValidationError as refusal:
        form = finding_form(one.series, one.question, **one.written)
        return render(request, "insights/finding.html", of_finding(one, form, refusal=refusal))
    return redirect("series_evaluated", one.series.pk)


@PAGE
def finding_take_back(request, finding):
    """Ask once more, and take a published finding back; done before, the draft is there."""
    one = access.finding_of(request.held, finding)
    if request.method == "POST":
        actions.take_back_finding(finding=one)
    elif one.is_published:
        return render(request, "insights/finding_take_back.html", {"finding": one, "series": one.series})
    return redirect("finding_draft", one.pk)


@require_POST
def finding_remove(request, finding):
    """Remove a draft."""
    one = access.draft_of(request.held, finding)
    actions.remove_finding(finding=one)
    return redirect("series_evaluated", one.series.pk)
