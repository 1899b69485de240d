"""The code goes out at once, to whoever asked and is known, in the language of the address, in one text message."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail

from accounts import actions, codes
from accounts.contacts import Contact
from accounts.database import acting
from accounts.models import SignInCode
from notifications import delivery
from notifications.actions import stop
from notifications.models import Address, Message
from notifications.segments import segments
from tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

PHONE = "+17735550142"


@pytest.fixture(autouse=True)
def outbox(settings, tmp_path):
    settings.SMS_URL = f"file://{tmp_path}"
    return tmp_path


@pytest.fixture
def school():
    return make_school("Mirador")


def send(channel, value):
    code = actions.ask_for_code(contact=Contact(channel, value), browser="a browser")
    with acting("worker"):
        delivery.go_round()
    return codes.digits_of(code.pk)


def texts(folder):
    said = [json.loads(path.read_text()) for path in Path(folder).rglob("*.json")]
    return [(each["to"], each["text"]) for each in said]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "es",
            "Mirador: su clave para entrar es {}. Sirve 10 minutos. Nadie se la va a pedir: no la comparta.",
        ),
        (
            "en",
            "Mirador: your code to enter is {}. It works for 10 minutes. Nobody will ask you for it: do not share it.",
        ),
    ],
)
def test_a_code_by_text_is_one_segment_in_her_language(school, outbox, language, words):
    make_person("Lucía", school, "caregiver", phone=PHONE, language=language)
    digits = send("sms", PHONE)
    assert texts(outbox) == [(PHONE, words.format(digits))]
    counted = segments(texts(outbox)[0][1])
    assert (counted.encoding, counted.count) == ("GSM-7", 1)


@pytest.mark.parametrize(("language", "subject"), [("es", "Su código para entrar"), ("en", "Your code to enter")])
def test_a_code_by_email_is_not_in_the_subject(school, language, subject):
    make_person("Grant", school, "leader", email="grant@example.org", language=language)
    digits = send("email", "grant@example.org")
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["grant@example.org"], subject)
    assert (digits in letter.body, digits in letter.alternatives[0][0]) == (True, True)


def test_an_unknown_address_is_sent_nothing(school, outbox):
    send("sms", PHONE)
    assert (texts(outbox), Message.objects.count()) == ([], 0)


def test_two_people_on_one_phone_get_one_code(school, outbox):
    make_person("Lucía", school, "caregiver", phone=PHONE)
    make_person("Ana", school, "caregiver", phone=PHONE)
    send("sms", PHONE)
    assert len(texts(outbox)) == 1


def test_a_code_goes_at_night_too(school, outbox, clock):
    make_person("Lucía", school, "caregiver", phone=PHONE)
    clock.move_to(clock.at.replace(hour=8))
    send("sms", PHONE)
    assert len(texts(outbox)) == 1


def test_after_stop_the_code_goes_by_email(school, outbox):
    make_person("Lucía", school, "caregiver", phone=PHONE, email="lucia@example.org")
    stop(channel="sms", value=PHONE)
    digits = send("sms", PHONE)
    assert (texts(outbox), [digits in letter.body for letter in mail.outbox]) == ([], [True])


def test_a_code_that_could_not_go_within_ten_minutes_does_not_go(school, outbox, clock):
    make_person("Lucía", school, "caregiver", phone=PHONE)
    actions.ask_for_code(contact=Contact("sms", PHONE), browser="a browser")
    clock.move_to(clock.at + timedelta(minutes=11))
    with acting("worker"):
        delivery.go_round()
    assert texts(outbox) == []


def test_the_digits_are_kept_neither_before_nor_after_sending(school, outbox):
    make_person("Lucía", school, "caregiver", phone=PHONE)
    digits = send("sms", PHONE)
    rows = [*SignInCode.objects.values(), *Message.objects.values(), *Address.objects.values()]
    assert [value for row in rows for value in row.values() if str(value) == digits] == []
