"""The compiled words are never older than the written ones."""

import gettext
import os

import pytest

from config import catalogue

WRITTEN = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Tonight"
msgstr "{}"

#, fuzzy
msgid "Tomorrow"
msgstr "Quizás"
"""


@pytest.fixture
def spanish(tmp_path):
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder / "django.po"


def read(spanish, sentence):
    with spanish.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext(sentence)


def test_what_is_written_can_be_read_and_doubtful_words_stay_out(spanish, tmp_path):
    spanish.write_text(WRITTEN.format("Esta noche"))
    assert catalogue.compile_stale(tmp_path) == [spanish]
    assert read(spanish, "Tonight") == "Esta noche"
    assert read(spanish, "Tomorrow") == "Tomorrow"
    assert list(spanish.parent.glob("*.draft")) == []


def test_only_what_changed_is_compiled_again(spanish, tmp_path):
    spanish.write_text(WRITTEN.format("Esta noche"))
    catalogue.compile_stale(tmp_path)
    assert catalogue.compile_stale(tmp_path) == []

    spanish.write_text(WRITTEN.format("Hoy"))
    os.utime(spanish, (1, 1))
    assert catalogue.compile_stale(tmp_path) == [spanish]
    assert read(spanish, "Tonight") == "Hoy"
