"""Pages of the product as a whole."""

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

LANGUAGES = dict(settings.LANGUAGES)


@require_GET
def health(request):
    """Say that the web process reaches its database."""
    connection.ensure_connection()
    return JsonResponse({"status": "ok"})


@require_POST
def set_language(request):
    """Keep the language that somebody chose, and go back to the same page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if (chosen := request.POST.get("language")) in LANGUAGES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.SECURE,
        )
    return response


def csrf_failure(request, reason=""):
    """Say what to do when a page was open for too long, instead of an error."""
    return render(request, "403_csrf.html", status=403)


@require_GET
def robots(request):
    """Keep search engines out of everything."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
