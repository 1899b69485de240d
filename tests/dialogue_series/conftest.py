"""Keys that a test made are gone before the next."""

import shutil

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _no_keys_left():
    yield
    shutil.rmtree(settings.KEYS_DIR, ignore_errors=True)
