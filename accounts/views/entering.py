"""Entering with a phone or an e-mail: ask for a code, type it, say who one is."""

import secrets

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, actions, limits, roles
from accounts.forms import AddressForm, CodeForm

COOKIE = "enter"
COOKIE_SECONDS = 30 * 60


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request):
    """Ask for a phone number or an e-mail; the answer is the same whether we know it or not."""
    if _is_in(request):
        return redirect(_next(request) or "front")
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        browser = _browser(request) or secrets.token_urlsafe(24)
        if limits.network_may_ask(request):
            actions.ask_for_code(contact=form.cleaned_data["address"], browser=browser)
        return _remember(_go(request, "enter_code"), browser)
    return render(request, "accounts/enter_address.html", {"form": form, "back_url": reverse("front")})


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request):
    """Take the six digits."""
    if _is_in(request):
        return redirect(_next(request) or "front")
    if access.proved_code(_browser(request)):
        return _go(request, "enter_who")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = actions.try_code(browser=_browser(request), digits=form.cleaned_data["code"])
        except ValidationError as refusal:
            form.add_error("code", refusal)
        else:
            people = access.owners_of(code)
            return _let_in(request, code, people[0]) if len(people) == 1 else _go(request, "enter_who")
    context = {
        "form": form,
        "asked": access.code_of(_browser(request)),
        "back_url": _url(request, "enter"),
        "help_person": access.person_to_call(request.held),
    }
    return render(request, "accounts/enter_code.html", context)


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_who(request):
    """Ask which of the people who share an address this is."""
    code = access.proved_code(_browser(request))
    if _is_in(request) or code is None:
        return _go(request, "enter")
    people = access.owners_of(code)
    chosen = next((person for person in people if str(person.pk) == request.POST.get("person")), None)
    if chosen:
        return _let_in(request, code, chosen)
    choices = [{"value": str(person.pk), "label": person.name} for person in people]
    return render(request, "accounts/enter_who.html", {"choices": choices})


@require_POST
def sign_out(request):
    """End this browser's session."""
    logout(request)
    return redirect("front")


def _let_in(request, code, person):
    """Sign the person in; allauth asks for the second factor first where there is one."""
    try:
        actions.come_in(code=code, person=person)
    except ValidationError:
        return _go(request, "enter")
    if request.person:
        logout(request)
    record_authentication(request, person, method="code")
    response = perform_login(request, person, email_verification="none", redirect_url=_next(request) or "/")
    response.delete_cookie(COOKIE, path=reverse("enter"))
    return response


def _is_in(request):
    """Say whether nobody needs to enter here: somebody has, and her phone asks for no new code."""
    return request.person is not None and not roles.code_is_old(request)


def _browser(request):
    return request.COOKIES.get(COOKIE, "")


def _remember(response, browser):
    response.set_cookie(
        COOKIE,
        browser,
        max_age=COOKIE_SECONDS,
        path=reverse("enter"),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


def _go(request, name):
    return redirect(_url(request, name))


def _url(request, name):
    """Return the address of the next step, which still knows where the person wanted to go."""
    going = _next(request)
    return f"{reverse(name)}?{urlencode({'next': going})}" if going else reverse(name)


def _next(request):
    """Return the page of ours that the person wanted, if she wanted one."""
    going = request.GET.get("next", "")
    return going if url_has_allowed_host_and_scheme(going, allowed_hosts=None) else ""
