"""A coordinator at her desk and a series she looks after; keys that a test made are gone before the next."""

import shutil

import pytest
from django.conf import settings

from tests.factories import make_person, make_school, make_series, make_topics, sign_in


@pytest.fixture(autouse=True)
def _no_keys_left():
    yield
    shutil.rmtree(settings.KEYS_DIR, ignore_errors=True)


@pytest.fixture
def school():
    make_topics()
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True, language="en")


@pytest.fixture
def desk(client, rosa):
    """A browser in which the coordinator has entered."""
    return sign_in(client, rosa)


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone="+17735550142")


@pytest.fixture
def series(school, elena, lucia):
    return make_series(school, facilitator=elena, families=[lucia], name="Primavera 2027")
