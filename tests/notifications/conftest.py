"""Providers that keep a ledger, and kinds of messages that only the tests know."""

import copy

import pytest
from django.conf import settings as django_settings
from django.core.mail.backends import smtp

from accounts.database import acting
from notifications import kinds
from tests.fakes.mail import Sink
from tests.fakes.twilio import Twilio
from tests.notifications import cast


@pytest.fixture(autouse=True)
def _kinds_of_the_tests(monkeypatch, settings, tmp_path):
    for kind in (cast.Note, cast.Code, cast.Second):
        monkeypatch.setitem(kinds.registry, kind.name, kind())
    templates = copy.deepcopy(django_settings.TEMPLATES)
    templates[0]["DIRS"].append(cast.TEMPLATES)
    settings.TEMPLATES = templates
    settings.SMS_URL = f"file://{tmp_path / 'texts'}"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mails")
    settings.DEFAULT_FROM_EMAIL = "Encuentros <encuentros@example.org>"


@pytest.fixture
def as_worker():
    with acting("worker"):
        yield


@pytest.fixture
def twilio(settings):
    fake = Twilio()
    settings.SMS_URL = fake.url
    yield fake
    fake.close()


@pytest.fixture
def sink(settings):
    server = Sink()
    settings.EMAIL_BACKEND = f"{smtp.__name__}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.close()
