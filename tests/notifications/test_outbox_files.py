"""What the demonstration shows of what went out."""

from datetime import timedelta

import pytest

from notifications import delivery, outbox_files
from tests.notifications.cast import post, somebody

pytestmark = pytest.mark.django_db


def test_texts_and_mails_are_read_back_the_newest_first(as_worker, settings, clock):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    ana, beto = somebody("Ana", phone="+17735550101"), somebody("Beto", email="beto@example.org", language="en")
    post(ana)
    delivery.go_round()
    clock.move_to(clock.at + timedelta(minutes=1))
    post(beto, occurrence="later")
    delivery.go_round()
    mail, text = outbox_files.sent()
    assert text == {
        "channel": "sms",
        "to": "+17735550101",
        "language": "es",
        "subject": "",
        "text": "Encuentro el jueves Ana",
        "html": "",
        "at": clock.at - timedelta(minutes=1),
    }
    assert (mail["channel"], mail["to"], mail["language"], mail["subject"], mail["at"]) == (
        "email",
        "beto@example.org",
        "en",
        "Session on Thursday",
        clock.at,
    )
    assert ("Session on Thursday Beto" in mail["text"], "<p>Beto</p>" in mail["html"]) == (True, True)


def test_several_mails_of_one_round_are_apart(as_worker, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    for name in ("Ana", "Beto", "Cora"):
        somebody(name, email=f"{name.lower()}@example.org")
    post()
    delivery.go_round()
    assert sorted(mail["to"] for mail in outbox_files.sent()) == [
        "ana@example.org",
        "beto@example.org",
        "cora@example.org",
    ]


def test_a_name_with_signs_of_html_is_itself_in_text_and_harmless_in_html(as_worker, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    post(somebody("O'Brien <b>", email="ob@example.org"))
    delivery.go_round()
    (mail,) = outbox_files.sent()
    assert ("O'Brien <b>" in mail["text"], "O&#x27;Brien &lt;b&gt;" in mail["html"]) == (True, True)


def test_with_nothing_sent_there_is_nothing():
    assert outbox_files.sent() == []
