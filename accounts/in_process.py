"""Opens addresses of our own as somebody would, through every middleware, without browser or network. Worker only."""

from functools import cache
from importlib import import_module
from io import BytesIO
from urllib.parse import urlsplit

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.database import acting
from accounts.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Visitor:
    """Somebody who has just entered and proved it twice; reads pages, and can do nothing else."""

    def __init__(self, person: Person):
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        with acting("web"):
            login(request, person, backend=BACKEND)
            record_authentication(request, person, method="mfa", type="totp")
            request.session.save()
        self.key = request.session.session_key

    def get(self, address: str) -> HttpResponse:
        """Return what an address of this product answers, as a request of the web process would be answered."""
        base = urlsplit(settings.BASE_URL)
        request = WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": address,
                "SERVER_NAME": base.hostname,
                "SERVER_PORT": str(base.port or ""),
                "HTTP_HOST": base.netloc,
                "HTTP_X_FORWARDED_PROTO": base.scheme,
                "HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={self.key}",
                "REMOTE_ADDR": "127.0.0.1",
                "wsgi.url_scheme": base.scheme,
                "wsgi.input": BytesIO(),
            }
        )
        # What a page says of its language must not stay with the worker.
        with acting("web"), translation.override(translation.get_language()):
            return _handler().get_response(request)


@cache
def _handler():
    handler = BaseHandler()
    handler.load_middleware()
    return handler
