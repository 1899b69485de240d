"""Which language, which audience and which database role a request has."""

from allauth.mfa.models import Authenticator
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts import roles
from accounts.database import acting
from accounts.routes import HELD_BY_TIES, OPEN_AUDIENCES, WITHOUT_SECOND_FACTOR, undeclared
from partnerships.access.spaces import facilitates


class PoliciesMiddleware:
    """Tell the browser on every response, files and errors included, what no page of ours may use or load."""

    def __init__(self, get_response):
        self.get_response = get_response
        # One policy for all pages, so it is written out once.
        self.policies = {
            "Content-Security-Policy": build_policy(),
            "Permissions-Policy": settings.PERMISSIONS_POLICY,
        }

    def __call__(self, request):
        response = self.get_response(request)
        for name, policy in self.policies.items():
            response.headers[name] = policy
        return response


class PersonLanguageMiddleware:
    """Own choice, else the person's, else the browser's, else Spanish."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if chosen not in dict(settings.LANGUAGES):
            chosen = request.user.language if request.user.is_authenticated else None
        translation.activate(chosen or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


class AudienceMiddleware:
    """The view runs as the first of its audiences that the person holds, in one transaction.

    What the person holds is asked again as the transaction's last statement: somebody hired while the request
    was on its way gets the same 404 as everybody else, and nothing of it stays. Whom a sent link stands for, the page
    knows alone: what it looked for it leaves in `request.still`, to be looked for again.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        if missing := undeclared():
            raise ImproperlyConfigured(f"Say resource and audience of: {', '.join(missing)}")

    def __call__(self, request):
        request.person, request.audience, request.held, request.still = None, "public", None, None
        request.is_leading = False
        response = self.get_response(request)
        if request.person is not None:
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request, view, args, kwargs):
        """Run the view under its role; returning its answer here keeps every step in one place."""
        declaration = view.declaration
        request.person = request.user if request.user.is_authenticated else None
        request.held = held = roles.held(request.person)
        request.audience = audience = first_held(declaration.audiences, request.person, held)
        request.is_leading = audience == "leader"
        if audience is None:
            raise Http404
        if needs_second_factor(audience, held) and not roles.proved_twice(request):
            return ask_for_second_factor(request)
        if audience == "coordinator" and held.pay_unsaid:
            return redirect("me_pay", held.pay_unsaid[0])
        with acting(audience, request.person and request.person.pk), transaction.atomic():
            response = view(request, *args, **kwargs)
            if hasattr(response, "render"):
                # A page that renders late (allauth's, the admin's) asks the database as late: still as this audience.
                response.render()
            if audience in HELD_BY_TIES and is_barred_meanwhile(request.person, held, audience):
                raise Http404
            if is_shut_meanwhile(request):
                raise Http404
        return response


def needs_second_factor(audience, held):
    """Say whether a code alone is too little: only caregivers and parents who facilitate are spared.

    The pages on which an evening is held open to facilitators first, and then show what a coordinator's tie opens.
    """
    is_more_than_parent = "coordinator" in held.audiences or any(tie.is_barring for tie in held.ties)
    return audience not in WITHOUT_SECOND_FACTOR or (audience == "facilitator" and is_more_than_parent)


def first_held(audiences, person, held):
    """Return the first audience of a route that applies to this request, or None."""
    for audience in audiences:
        if audience in OPEN_AUDIENCES or audience in held.audiences or (audience == "person" and person):
            return audience
        if audience == "demo" and settings.DEMO:
            return audience
        if audience == "facilitator" and person and facilitates(person, at=held.at):
            return audience
    return None


def is_barred_meanwhile(person, held, audience):
    """Look again, as the login that may read memberships, just before the transaction ends."""
    with acting("web"):
        return roles.has_changed(held, roles.held(person)) or (
            audience == "facilitator" and not facilitates(person, at=held.at)
        )


def is_shut_meanwhile(request):
    """Look again, just before the transaction ends, whether the people for whom a link was opened may still use it."""
    return request.still is not None and not request.still()


def ask_for_second_factor(request):
    """Send somebody whose role needs a second factor to prove it, or to set one up first."""
    if Authenticator.objects.filter(user=request.user).exists():
        return redirect_to_login(request.get_full_path(), reverse("second_factor"))
    return redirect("second_factor_start")
