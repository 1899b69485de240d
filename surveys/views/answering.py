"""Answering a form: one document, sealed on arrival. An answering request writes its box and nothing else."""

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import dateformat, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from accounts import links
from accounts.models import Person
from notifications import clock, wording
from surveys import access, actions, questionnaire
from surveys.forms.answers import AnswerForm
from surveys.models import Form
from surveys.pages import Face, page


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def link_form(request, public):
    """Let whoever holds the link that was sent to an address answer; where it is several people's, ask who."""
    lines = access.by_link(request, public=public)
    speak_to(request, lines[0].person)
    named = {links.derive(f"who|{public}|{line.person_id}")[:12]: line for line in lines}
    who = request.GET.get("who") or (next(iter(named)) if len(named) == 1 else None)
    if who not in named:
        people = [{"name": line.person.name, "url": f"?{urlencode({'who': code})}"} for code, line in named.items()]
        return render(request, "surveys/form_who.html", {"people": people, "help_person": help_person(lines[0].form)})
    line = named[who]
    if request.method == "POST":
        access.keep_looking(request, line)
    speak_to(request, line.person)
    return answer_page(
        request,
        form=line.form,
        person=line.person,
        action_url=f"{request.path}?{urlencode({'who': who})}",
        others_url=request.path if len(named) > 1 else "",
    )


def answer_page(
    request: HttpRequest, *, form: Form, person: Person, action_url: str, others_url: str = ""
) -> HttpResponse:
    """Ask, or take the answers and show their only copy; the caller has found the person on the form's list.

    `others_url` leads back to "Who is answering?" where one address is several people's.
    """
    if not form.is_open(at=clock.now()):
        return closed_page(request, form)
    face = face_of(request, form, is_shared=bool(others_url) or person.shares_phone, is_one_of_several=bool(others_url))
    values = {
        "token": get_token(request),
        "path": request.get_full_path(),
        "action_url": action_url,
        "others_url": others_url,
        "who": person.name,
        "form_id": form.pk,
        "evening": form.evening_on and wording.day(form.evening_on, face.language) or "",
    }
    if request.method != "POST":
        return page(request, face, values)
    asked = questionnaire.read(form.instrument_id, face.language)
    sheet = AnswerForm(asked, face.weekday, request.POST)
    if not sheet.is_valid():
        context = {**values, **face._asdict(), "questionnaire": asked, "form": sheet, "help_person": help_person(form)}
        return render(request, "surveys/form_answer.html", context)
    try:
        actions.submit(form=form, person=person, answers=sheet.answers, comment=sheet.free_line)
    except ValidationError as refusal:
        if refusal.code != "closed":
            raise
        return closed_page(request, form)
    copy = render_to_string("_summary_list.html", {"rows": sheet.copy})
    return page(request, face._replace(template="form_thanks"), {**values, **until(form, face.language), "copy": copy})


def closed_page(request, form):
    """Say kindly that a form takes no answers now, and when it did or will."""
    is_early = clock.now() < form.opened_at
    context = {
        "at": local(form, form.opened_at if is_early else form.closes_at),
        "is_early": is_early,
        "form_id": form.pk,
        "help_person": help_person(form),
    }
    return render(request, "surveys/form_closed.html", context)


def face_of(request, form, **flags):
    """Return what the look of this form's page follows from."""
    return Face(
        template="form_answer",
        instrument=form.instrument_id,
        language=translation.get_language(),
        weekday=dateformat.format(form.evening_on, "l") if form.evening_on else "",
        help_name=form.school.help_name,
        help_phone=form.school.help_phone,
        is_signed_in=request.person is not None,
        **flags,
    )


def until(form, language):
    """Say in words until when answers can be changed."""
    at = local(form, form.closes_at)
    return {"day": wording.day(at.date(), language), "at_words": wording.at_hour(at.time(), language)}


def local(form, at):
    """Return an instant as the school's clocks show it."""
    return at.astimezone(ZoneInfo(form.school.zone))


def help_person(form):
    """Name whom the school's families call."""
    return {"name": form.school.help_name, "phone": form.school.help_phone}


def speak_to(request, person):
    """Use the person's language, unless this browser has chosen one."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        translation.activate(person.language)
        request.LANGUAGE_CODE = person.language
