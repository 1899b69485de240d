"""What the SMS provider tells us: believed only when signed, acted on once, in any order."""

import pytest
from django.conf import settings as django_settings

from accounts import privacy
from accounts.database import acting
from notifications import actions, delivery, events
from notifications.models import Address, Message, ProviderEvent
from notifications.segments import segments
from tests.fakes import twilio as moods
from tests.notifications.cast import post, somebody, states

pytestmark = pytest.mark.django_db

PHONE = "+17735550101"
HOOK = f"{django_settings.BASE_URL}/hooks/sms/"


@pytest.fixture
def ana(twilio):
    return somebody("Ana", phone=PHONE, language="es")


def says(client, twilio, body, *, sid="SM1", **how):
    said = {"MessageSid": sid, "From": PHONE, "Body": body}
    return twilio.calls(client, HOOK, said, **how)


def reports(client, twilio, status, message):
    said = {"MessageSid": message.provider_id or "SM9", "MessageStatus": status}
    return twilio.calls(client, f"{HOOK}?message={message.reference}", said)


def work():
    with acting("worker"):
        delivery.go_round()


def has_stopped():
    return Address.objects.get().stopped_at is not None


@pytest.mark.parametrize(
    "body",
    ["STOP", "stop", " Stop. ", "End", "QUIT", "Cancel", "unsubscribe", "ALTO", "¡Alto!", "alto por favor", "Baja",
     "PARAR", "cancelar"],
)  # fmt: skip
def test_stop_in_either_language_stops_everything_and_is_confirmed_once(client, twilio, ana, body):
    assert says(client, twilio, body).status_code == 200
    work()
    post(ana)
    work()
    assert has_stopped()
    assert [(text["To"], text["Body"].split(":")[0]) for text in twilio.ledger] == [(PHONE, "Listo")]


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_confirmation_is_one_segment(client, twilio, language):
    somebody("Ana", phone=PHONE, language=language)
    says(client, twilio, "STOP")
    work()
    counted = segments(twilio.ledger[0]["Body"])
    assert (counted.encoding, counted.count) == ("GSM-7", 1)


@pytest.mark.parametrize("body", ["START", "unstop", "Alta"])
def test_start_returns(client, twilio, ana, body):
    actions.stop(channel="sms", value=PHONE)
    says(client, twilio, body)
    work()
    assert not has_stopped()


@pytest.mark.parametrize("body", ["hola", "", "Can I stop by?", "Alta demanda", "🛑", "no entiendo STOP"])
def test_any_other_text_is_not_kept(client, twilio, ana, body):
    assert says(client, twilio, body).status_code == 200
    assert ProviderEvent.objects.count() == 0


def test_the_same_call_ten_times_is_one_event_and_one_confirmation(client, twilio, ana):
    for _ in range(10):
        assert says(client, twilio, "ALTO").status_code == 200
        work()
    assert (ProviderEvent.objects.count(), len(twilio.ledger)) == (1, 1)


def test_with_every_call_an_event_of_its_own_a_replay_would_undo_a_start(client, twilio, ana):
    for sid in ("SM1", "SM2", "SM3"):
        says(client, twilio, {"SM1": "ALTO", "SM2": "ALTA", "SM3": "ALTO"}[sid], sid=sid)
        work()
    assert has_stopped()


def test_an_old_stop_played_again_undoes_no_start(client, twilio, ana):
    for body, sid in (("ALTO", "SM1"), ("ALTA", "SM2"), ("ALTO", "SM1")):
        says(client, twilio, body, sid=sid)
        work()
    assert not has_stopped()


def test_an_old_start_stays_old_after_its_number_was_forgotten(client, twilio, ana, clock):
    says(client, twilio, "ALTA", sid="SM1")
    work()
    clock.move_to(clock.at.replace(year=2028))
    privacy.forget_old()
    assert ProviderEvent.objects.get().from_value == ""
    actions.stop(channel="sms", value=PHONE)
    says(client, twilio, "ALTA", sid="SM1")
    work()
    assert has_stopped()


def test_a_forged_call_finds_nothing(client, twilio, ana):
    assert says(client, twilio, "ALTO", token="guessed").status_code == 404
    assert client.post("/hooks/sms/", {"MessageSid": "SM1", "From": PHONE, "Body": "ALTO"}).status_code == 404
    assert ProviderEvent.objects.count() == 0


def test_a_signature_for_another_address_or_other_words_is_forged(client, twilio, ana):
    said = {"MessageSid": "SM1", "From": PHONE, "Body": "ALTA"}
    signature = twilio.calls(client, HOOK, said).request["HTTP_X_TWILIO_SIGNATURE"]
    headers = {"X-Twilio-Signature": signature}
    assert client.post("/hooks/sms/", {**said, "Body": "ALTO"}, headers=headers).status_code == 404
    assert client.post("/hooks/sms/?message=1", said, headers=headers).status_code == 404


def test_without_the_signature_a_forged_stop_would_be_believed(client, twilio, ana, monkeypatch):
    monkeypatch.setattr(events, "is_signed", lambda path, said, signature: True)
    client.post("/hooks/sms/", {"MessageSid": "SM1", "From": PHONE, "Body": "ALTO"})
    work()
    assert has_stopped()


def test_where_texts_are_files_nobody_can_call(client, ana, settings):
    settings.SMS_URL = "file:///nowhere"
    assert client.post("/hooks/sms/", {"MessageSid": "SM1", "From": PHONE, "Body": "ALTO"}).status_code == 404


def test_the_host_of_a_call_proves_nothing(client, twilio, ana):
    said = {"MessageSid": "SM1", "From": PHONE, "Body": "ALTO"}
    assert twilio.calls(client, "http://127.0.0.1/hooks/sms/", said).status_code == 404


def test_the_answer_does_no_work_of_its_own(client, twilio, ana):
    says(client, twilio, "ALTO")
    assert not has_stopped()


@pytest.mark.parametrize(
    ("statuses", "ends"),
    [
        pytest.param(["queued", "sent", "delivered"], "delivered", id="in order"),
        pytest.param(["delivered", "sent", "queued"], "delivered", id="backwards"),
        pytest.param(["delivered", "failed"], "delivered", id="delivered counts"),
        pytest.param(["undelivered", "sent"], "dead", id="a failure is not taken back by an older word"),
        pytest.param(["failed", "delivered"], "delivered", id="it came after all"),
    ],
)
def test_reports_come_in_any_order(client, twilio, ana, statuses, ends):
    post(ana)
    work()
    for status in statuses:
        reports(client, twilio, status, Message.objects.get())
        work()
    assert states() == [("sms", ends)]


def test_a_text_that_failed_later_goes_by_mail(client, twilio, sink):
    post(somebody("Ana", phone=PHONE, email="ana@example.org"))
    work()
    reports(client, twilio, "undelivered", Message.objects.get())
    work()
    assert (len(sink.ledger), states()) == (1, [("email", "sent"), ("sms", "dead")])


def test_a_report_settles_a_text_whose_call_was_cut_off(client, twilio, ana):
    twilio.answers = moods.TAKES_AND_DROPS
    post(ana)
    work()
    message = Message.objects.get()
    assert message.state == "unknown"
    assert twilio.ledger[0]["StatusCallback"] == f"{HOOK}?message={message.reference}"
    reports(client, twilio, "delivered", message)
    work()
    assert states() == [("sms", "delivered")]


def test_a_report_about_nothing_of_ours_is_harmless(client, twilio, ana):
    said = {"MessageSid": "SM7", "MessageStatus": "delivered"}
    assert twilio.calls(client, f"{HOOK}?message=not-a-reference", said).status_code == 200
    work()
    assert ProviderEvent.objects.get().settled_at is not None
