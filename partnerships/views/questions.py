"""The question box for families, for whoever facilitates and for the principal; and the open conversations."""

from uuid import uuid4

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.roles import code_is_old
from partnerships.access import questions as access
from partnerships.access.schools import families_school, led_school
from partnerships.actions import questions as actions
from partnerships.forms.questions import AnswerForm, ConversationForm, QuestionForm
from partnerships.languages import other
from partnerships.views.frame import WRITING_LASTS, way_back
from partnerships.views.meetings import foot, home_of, show_form

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
def questions_of_families(request, school):
    """Take a question, and show what the principal answered; to whoever facilitates also what still waits."""
    school = families_school(request, school)
    if code_is_old(request, **({"lasts": WRITING_LASTS} if request.method == "POST" else {})):
        return redirect_to_login(request.get_full_path(), reverse("enter"))
    leads = school.is_led
    form = QuestionForm(initial={"key": uuid4()})
    if request.method == "POST":
        if "question" in request.POST:
            return held_back(request, school, leads)
        form = QuestionForm(request.POST)
        if asked(form, school):
            return redirect(f"{request.path}?asked=1")
    context = {
        "school": school,
        "form": form,
        "was_asked": "asked" in request.GET,
        "reaches_at": actions.reaches_at(school),
        "leads": leads,
        "waiting": access.waiting_questions(school) if leads else [],
        "questions": with_languages(access.passed_questions(school)),
        "conversations": access.conversations(school),
        **foot(school),
        "back_url": home_of(request),
    }
    return render(request, "partnerships/questions_of_families.html", context)


def asked(form, school):
    """Put what the form says into the box; on a refusal say it on the form."""
    if not form.is_valid():
        return False
    try:
        actions.ask(school=school, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return False
    return True


def held_back(request, school, leads):
    """Hold one back, or let it pass after all; for nobody but whoever facilitates."""
    if not leads:
        raise Http404
    try:
        question = access.waiting_question(school, request.POST["question"])
    except ValidationError as refusal:
        raise Http404 from refusal
    actions.hold_back(question=question, is_held_back="hold" in request.POST)
    return redirect(request.path)


def with_languages(questions):
    """Return questions, each knowing in which language its answer's translation is."""
    for question in questions:
        question.translated_language = other(question.answer_language) if question.answer_translated else ""
    return questions


@PAGE
def questions_of_leaders(request, school):
    """Show the principal what families asked, what waits longest first, and let her invite them to talk."""
    school = led_school(request, school)
    form = ConversationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.open_conversation(school=school, **form.cleaned_data)
            return redirect(request.path)
        except ValidationError as refusal:
            form.add_error("on", refusal)
    context = {
        "school": school,
        "form": form,
        "questions": with_languages(access.unanswered_first(school)),
        "conversations": access.conversations(school),
        "back_url": way_back(request, school),
    }
    return render(request, "partnerships/questions_of_leaders.html", context)


@PAGE
def conversation_call_off(request, school, conversation):
    """Ask once more, and take a conversation off the list."""
    school = led_school(request, school)
    conversation = access.conversation(school, conversation)
    back_url = reverse("questions_of_leaders", args=[school.slug])
    if request.method == "POST":
        actions.call_off(conversation=conversation)
        return redirect(back_url)
    context = {"school": school, "conversation": conversation, "back_url": back_url}
    return render(request, "partnerships/conversation_call_off.html", context)


@PAGE
def question_answer(request, school, question):
    """Answer one question to all families, or write the answer better."""
    school = led_school(request, school)
    question = access.passed_question(school, question)
    back_url = reverse("questions_of_leaders", args=[school.slug])
    said = {
        "text": question.answer,
        "language": question.answer_language or question.language,
        "translated": question.answer_translated,
    }
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid():
        actions.answer(question=question, **form.cleaned_data)
        return redirect(back_url)
    return show_form(
        request, school, form, _("Answer a question"), pgettext("a question", "Answer"), back_url, question=question
    )
