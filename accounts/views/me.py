"""One's own account: how one is called and reached, and what one's ties to a school mean."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access, actions
from accounts.forms import LanguageForm, NameForm, PayForm, PhoneForm
from accounts.places import homes_of
from accounts.routes import WITHOUT_SECOND_FACTOR
from accounts.wording import VIEWS, explain
from notifications.actions import resume, stop


@require_safe
def me(request):
    """Show everything that one can see and change of oneself."""
    ties = access.own_ties(request.person, at=request.held.at)
    context = {
        "addresses": access.own_addresses(request.person),
        "ties": [explain(tie) for tie in ties],
        "views": [{"url": url, "label": VIEWS[audience]} for audience, url in homes_of(request.held.audiences)],
        "base_url": settings.BASE_URL,
        # Whoever takes part in no series has no evenings to put there.
        "has_calendar": "caregiver" in request.held.audiences,
        "needs_second_step": bool(request.held.audiences - WITHOUT_SECOND_FACTOR),
        "who_looked": access.who_looked(request.person),
        "may_have_copy": access.may_have_copy(request.person, at=request.held.at),
        "help_person": access.person_to_call(request.held),
    }
    return render(request, "accounts/me_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_name(request):
    """Ask how the person wants to appear."""
    form = NameForm(request.POST or None, initial={"name": request.person.name})
    if request.method == "POST" and form.is_valid():
        actions.rename(person=request.person, name=form.cleaned_data["name"])
        return redirect("me")
    return _question(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_language(request):
    """Ask in which language to speak; the answer also replaces what this browser had chosen."""
    form = LanguageForm(request.POST or None, initial={"language": request.person.language})
    if request.method == "POST" and form.is_valid():
        actions.choose_language(person=request.person, language=form.cleaned_data["language"])
        response = redirect("me")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return _question(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_phone(request):
    """Ask whether other people use the phone."""
    form = PhoneForm(request.POST or None, initial={"shared": "yes" if request.person.shares_phone else "no"})
    if request.method == "POST" and form.is_valid():
        actions.share_phone(person=request.person, is_shared=form.cleaned_data["shared"])
        return redirect("me")
    return _question(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def say_paid(request, school):
    """Ask a coordinator whether the school pays her, and say what follows; the first answer opens her pages."""
    tie = access.own_coordination(request.person, school, at=request.held.at)
    initial = {} if tie.has_pay_unsaid else {"paid": "yes" if tie.on_payroll else "no"}
    form = PayForm(request.POST or None, school=tie.school, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.say_paid(person=request.person, school=tie.school, is_paid=form.cleaned_data["paid"])
        return redirect("front" if tie.has_pay_unsaid else "me")
    return _question(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def works_here(request, school):
    """Explain what follows for somebody who works at the school, and write it down when she says so."""
    school = access.own_school(request.person, school, at=request.held.at)
    if request.method == "POST":
        actions.say_works_here(person=request.person, school=school)
        return redirect("me")
    context = {
        "school": school,
        "back_url": reverse("front"),
        "help_person": access.person_to_call(request.held),
    }
    return render(request, "accounts/me_works_here.html", context)


@require_POST
def stop_messages(request, address):
    """Stop every message to one of one's own addresses."""
    address = access.own_address(request.person, address)
    stop(channel=address.channel, value=address.value)
    return redirect("me")


@require_POST
def resume_messages(request, address):
    """Let messages go again to one of one's own addresses."""
    address = access.own_address(request.person, address)
    resume(channel=address.channel, value=address.value)
    return redirect("me")


@require_POST
def renew_feed(request):
    """Give one's calendar a new address."""
    actions.make_new_feed(person=request.person)
    return redirect("me")


def _question(request, form):
    context = {
        "form": form,
        "field": next(iter(form)),
        "back_url": reverse("me"),
        "help_person": access.person_to_call(request.held),
    }
    return render(request, "accounts/me_question.html", context)
