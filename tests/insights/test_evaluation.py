"""The evaluator's file: when there is one, what it does not hold, and the same bytes for ever."""

from datetime import date
from hashlib import sha256

import pytest
from django.urls import reverse

from accounts.models import LogEntry
from accounts.roles import Held
from surveys.models import EvaluatorFile
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db

PAGE = "/d/export/"
CONTENT, BOOK = b"sheet,pair,wave\r\nab12,,window_1\r\n", "row,variable\r\n1,¿qué?\r\n".encode()


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def series(school):
    return make_series(school, name="Primavera")


@pytest.fixture
def sam(school):
    return make_person("Sam", school, "evaluator", language="en")


def written(series):
    return EvaluatorFile.objects.create(ring=series.ring, content=CONTENT, code_book=BOOK)


def download(client, series, part="answers"):
    return client.post(reverse("evaluator_file", args=[series.pk, part]))


def test_a_file_that_is_downloaded_twice_is_the_same_bytes_as_its_page_says(client, series, sam, clock):
    written(series)
    page = sign_in(client, sam).get(PAGE).content.decode()
    for part, content in (("answers", CONTENT), ("code_book", BOOK)):
        first = download(client, series, part)
        clock.move_to(clock.at.replace(year=2029))
        sign_in(client, sam)
        second = download(client, series, part)
        assert (first.content, second.content) == (content, content)
        assert sha256(first.content).hexdigest() in page
        assert first.headers["Content-Disposition"] == second.headers["Content-Disposition"]


def test_its_page_would_not_say_the_mark_of_other_bytes(client, series, sam):
    written(series)
    assert sha256(CONTENT + b" ").hexdigest() not in sign_in(client, sam).get(PAGE).content.decode()


def test_before_the_keys_are_gone_the_page_says_from_when_and_nothing_is_sent(client, series, sam):
    assert series.ring.ends_on == date(2027, 4, 1)
    page = sign_in(client, sam).get(PAGE).content.decode()
    assert "There will be a file from Sunday, May 2 2027 on, 30 days after the last session." in page
    assert "What it does not hold" in page
    assert download(client, series).status_code == 404


def test_each_download_is_an_agreement_that_is_written_down(client, school, series, sam):
    written(series)
    sign_in(client, sam)
    assert client.get(reverse("evaluator_file", args=[series.pk, "answers"])).status_code == 405
    download(client, series)
    [line] = LogEntry.objects.all()
    assert (line.act, line.by, line.school) == ("exported", sam, school)


def test_an_evaluator_of_another_district_finds_neither_series_nor_file(client, series):
    written(series)
    other = make_person("Pat", make_school("Roble"), "evaluator", language="en")
    assert "Primavera" not in sign_in(client, other).get(PAGE).content.decode()
    assert download(client, series).status_code == 404


def test_were_districts_not_asked_for_she_would_find_it(client, series, monkeypatch):
    written(series)
    other = make_person("Pat", make_school("Roble"), "evaluator")
    monkeypatch.setattr(Held, "districts", lambda self, *kinds: {series.school.district_id})
    assert download(sign_in(client, other), series).status_code == 200


def test_a_part_that_a_file_does_not_have_is_nowhere(client, series, sam):
    written(series)
    assert download(sign_in(client, sam), series, "pairs").status_code == 404
