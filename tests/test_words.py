"""Every sentence is in both languages, and the Spanish is the Spanish we promised."""

import ast
import re

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("config", "notifications", "accounts", "surveys", "partnerships", "dialogue_series", "insights")
# What marks a sentence, and whether a context comes first.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"), False),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), True),
}
STRING = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\x22"""
CATALOGUE = settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)|%[sd]|\{(\w*)\}")
# Said to somebody, "tú" and its verbs; the gatherings are never "sesiones" (design.md 4.1 and 4.2).
REFUSED = re.compile(r"\b(tú|tu|tus|contigo|usuario|usuaria|sesión|sesiones|formulario inválido)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(CATALOGUE)


def untranslated(catalogue):
    """Return the sentences that have no Spanish, or a doubtful one."""
    said = [entry for entry in catalogue if not entry.obsolete]
    return [
        entry.msgid for entry in said if entry.fuzzy or not (entry.msgstr or all(entry.msgstr_plural.values() or [0]))
    ]


def test_no_sentence_lacks_its_spanish(catalogue):
    assert untranslated(catalogue) == []


def test_a_sentence_without_spanish_is_seen():
    empty = polib.POEntry(msgid="Nobody wrote this yet")
    doubtful = polib.POEntry(msgid="Perhaps", msgstr="Quizás", flags=["fuzzy"])
    half = polib.POEntry(msgid="one", msgid_plural="many", msgstr_plural={0: "uno", 1: ""})
    assert untranslated([empty, doubtful, half]) == ["Nobody wrote this yet", "Perhaps", "one"]


def test_placeholders_are_the_same_in_both_languages(catalogue):
    for entry in catalogue:
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        for words in [entry.msgstr, *entry.msgstr_plural.values()]:
            if words:
                assert set(PLACEHOLDER.findall(words)) <= wanted, entry.msgid
        if entry.msgstr:
            assert set(PLACEHOLDER.findall(entry.msgstr)) == set(PLACEHOLDER.findall(entry.msgid)), entry.msgid


def test_the_spanish_says_usted_and_encuentro(catalogue):
    said = [words for entry in catalogue for words in [entry.msgstr, *entry.msgstr_plural.values()]]
    assert [words for words in said if REFUSED.search(words)] == []


def said_in_python(source):
    """Yield (context, sentence) of every call that marks a sentence for translation."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            words = [word for word in words if isinstance(word, str)]
            if name in MARKS and words:
                yield (words[0], words[1]) if MARKS[name] else (None, words[0])


def said_in_template(source):
    """Yield the same of a template, which Django turns into calls."""
    calls = re.finditer(
        rf"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*u?({STRING})(?:\s*,\s*u?({STRING}))?", templatize(source)
    )
    for call in calls:
        words = [ast.literal_eval(word) for word in call.groups()[1:] if word]
        yield (words[0], words[1]) if MARKS[call.group(1)] else (None, words[0])


def said():
    """Return every sentence of the product, with the file that says it."""
    found = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            found |= dict.fromkeys(said_in_python(path.read_text()), path.name)
    for path in (settings.BASE_DIR / "templates").rglob("*.*"):
        found |= dict.fromkeys(said_in_template(path.read_text()), path.name)
    return found


def test_the_catalogue_holds_every_sentence_of_the_product(catalogue):
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    assert {sentence: where for sentence, where in said().items() if sentence not in known} == {}


def test_a_sentence_that_is_not_in_the_catalogue_is_seen():
    assert list(said_in_python('pgettext_lazy("verb", "Call"); _("Nobody")')) == [("verb", "Call"), (None, "Nobody")]
    template = "{% translate 'Go on' %}{% blocktranslate trimmed %}\n It is {{ day }} \n{% endblocktranslate %}"
    assert list(said_in_template(template)) == [(None, "Go on"), (None, "It is %(day)s")]
