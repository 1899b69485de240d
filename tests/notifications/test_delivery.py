"""Every message once in effect: what goes, to whom, in which language, and what becomes of it."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import actions, claim, delivery, expand, outbox, settle
from notifications.models import Address, Intent, Message, MessagePerson
from tests.fakes import twilio as moods
from tests.notifications.cast import ABOUT, Note, post, somebody, states

pytestmark = pytest.mark.django_db

NIGHT = datetime(2027, 2, 16, 5, 0, tzinfo=UTC)  # eleven at night in Chicago
MORNING = datetime(2027, 2, 16, 14, 0, tzinfo=UTC)  # eight in the morning


def texts(settings):
    folder = Path(settings.SMS_URL.removeprefix("file://"))
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.sms.json"))]


def test_an_intent_that_is_posted_again_is_one(as_worker):
    ana = somebody(phone="+17735550101")
    post(ana)
    post(ana)
    assert Intent.objects.count() == 1


def test_an_undeclared_kind_is_refused_where_it_is_posted():
    with pytest.raises(LookupError):
        outbox.post(kind="nothing", about=ABOUT)


def test_a_person_with_a_phone_gets_a_text_and_no_mail(as_worker, settings):
    post(somebody(phone="+17735550101", email="ana@example.org"))
    delivery.go_round()
    assert [(text["to"], text["text"]) for text in texts(settings)] == [("+17735550101", "Encuentro el jueves Ana")]
    assert mail.outbox == []
    assert states() == [("sms", "sent")]


def test_a_person_without_a_live_phone_gets_mail(as_worker, settings):
    post(somebody(phone="+17735550101", email="ana@example.org"))
    actions.stop(channel="sms", value="+17735550101")
    delivery.go_round()
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    assert texts(settings) == []


def test_two_people_on_one_phone_get_one_text_that_lists_both(as_worker, settings):
    somebody("Ana", phone="+17735550101")
    somebody("Beto", phone="+17735550101")
    post()
    delivery.go_round()
    assert [text["text"] for text in texts(settings)] == ["Encuentro el jueves Ana, Beto"]
    assert MessagePerson.objects.count() == 2


def test_a_message_goes_while_one_of_its_people_wants_it_and_names_only_them(as_worker, settings, monkeypatch):
    ana = somebody("Ana", phone="+17735550101")
    somebody("Beto", phone="+17735550101")
    monkeypatch.setattr(Note, "still_wanted", lambda self, message, person, at: person != ana.pk)
    post()
    delivery.go_round()
    assert [text["text"] for text in texts(settings)] == ["Encuentro el jueves Beto"]


def test_a_message_nobody_wants_any_more_does_not_go(as_worker, settings, monkeypatch):
    post(somebody(phone="+17735550101"))
    expand.waiting()
    monkeypatch.setattr(Note, "still_wanted", lambda self, message, person, at: False)
    delivery.go_round()
    assert (texts(settings), states()) == ([], [("sms", "unwanted")])


def test_whoever_gave_an_address_up_is_not_told_there(as_worker, settings):
    ana = somebody(phone="+17735550101")
    post(ana)
    expand.waiting()
    ana.addresses.clear()
    delivery.go_round()
    assert texts(settings) == []


def test_what_is_too_late_does_not_go(as_worker, settings, monkeypatch, clock):
    monkeypatch.setattr(Note, "useful_until", lambda self, message: clock.at)
    post(somebody(phone="+17735550101"))
    delivery.go_round()
    assert (texts(settings), states()) == ([], [("sms", "unwanted")])


def test_the_language_is_the_addresses_at_sending(as_worker, settings):
    ana = somebody(phone="+17735550101")
    post(ana)
    expand.waiting()
    actions.speak(person=ana, language="en")
    delivery.go_round()
    assert [text["text"] for text in texts(settings)] == ["Session on Thursday Ana"]


def test_at_night_a_text_waits_for_eight_in_the_morning_of_its_own_zone(as_worker, settings, clock):
    clock.move_to(NIGHT)
    post(somebody(phone="+17735550101"))
    delivery.go_round()
    assert (texts(settings), Message.objects.get().due_at) == ([], MORNING)
    clock.move_to(MORNING)
    delivery.go_round()
    assert len(texts(settings)) == 1


def test_a_message_that_became_due_by_day_is_asked_again_at_night(as_worker, settings, clock):
    post(somebody(phone="+17735550101"))
    expand.waiting()
    clock.move_to(NIGHT)
    delivery.go_round()
    assert (texts(settings), Message.objects.get().due_at) == ([], MORNING)


def test_a_code_goes_at_night(as_worker, settings, clock):
    clock.move_to(NIGHT)
    somebody(phone="+17735550101")
    outbox.post(kind="code", about=ABOUT, to="+17735550101")
    delivery.go_round()
    assert [text["text"] for text in texts(settings)] == ["123456"]


def test_what_somebody_typed_is_forgotten_when_it_is_expanded_and_lists_nobody(as_worker):
    somebody(email="ana@example.org")
    outbox.post(kind="code", about=ABOUT, to=" Ana@Example.org ")
    delivery.go_round()
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    assert (Intent.objects.get().to_value, MessagePerson.objects.count()) == ("", 0)


def test_a_code_for_a_number_on_no_roster_costs_no_text(as_worker, settings):
    Address.objects.create(channel="sms", value="+17735550199", language="es")
    for value in ("+17735550199", "+17735550198"):
        outbox.post(kind="code", about=uuid.uuid4(), to=value)
    delivery.go_round()
    assert (texts(settings), states()) == ([], [])


def test_after_stop_a_code_goes_by_mail(as_worker, settings):
    somebody(phone="+17735550101", email="ana@example.org")
    actions.stop(channel="sms", value="+17735550101")
    outbox.post(kind="code", about=ABOUT, to="+17735550101")
    delivery.go_round()
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]


def test_after_stop_on_a_shared_phone_a_code_goes_to_nobodys_mail(as_worker):
    somebody("Ana", phone="+17735550101", email="ana@example.org")
    somebody("Beto", phone="+17735550101", email="beto@example.org")
    actions.stop(channel="sms", value="+17735550101")
    outbox.post(kind="code", about=ABOUT, to="+17735550101")
    delivery.go_round()
    assert mail.outbox == []


def test_a_code_goes_before_what_waited_longer(as_worker, settings, monkeypatch):
    somebody("Ana", phone="+17735550101")
    post()
    expand.waiting()
    outbox.post(kind="code", about=ABOUT, to="+17735550101")
    expand.waiting()
    assert claim.claim().message.kind == "code"


def test_every_mail_says_how_to_stop_and_repeats_under_one_name(as_worker):
    post(somebody(email="ana@example.org"))
    delivery.go_round()
    letter, message = mail.outbox[0], Message.objects.get()
    assert letter.extra_headers["Message-ID"] == f"<{message.reference}@example.org>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Unsubscribe"].startswith("<http://localhost:8000/u/")
    assert letter.subject == "Encuentro el jueves"


def test_back_off_is_one_five_fifteen_sixty_and_four_hours_then_the_other_channel(
    as_worker, twilio, clock, monkeypatch
):
    monkeypatch.setattr(settle, "jitter", lambda low, high: low)
    twilio.answers = moods.IS_BUSY
    post(somebody(phone="+17735550101", email="ana@example.org"))
    delivery.go_round()
    waits = []
    while (message := Message.objects.get(address__channel="sms")).state == "due":
        waits.append((message.due_at - clock.at) / timedelta(minutes=1))
        # Long after the quiet hours, so that only the back-off counts.
        clock.move_to(message.due_at if 14 <= message.due_at.hour < 24 else message.due_at + timedelta(hours=12))
        delivery.go_round()
    assert waits == [1, 5, 15, 60, 240]
    assert states() == [("email", "sent"), ("sms", "dead")]


def test_jitter_only_lengthens_a_wait(as_worker, twilio, clock):
    twilio.answers = moods.IS_BUSY
    post(somebody(phone="+17735550101"))
    delivery.go_round()
    wait = Message.objects.get().due_at - clock.at
    assert timedelta(minutes=1) <= wait <= timedelta(minutes=1.2)


def test_nothing_is_tried_again_once_it_is_of_no_use(as_worker, twilio, clock, monkeypatch):
    until = clock.at + timedelta(seconds=30)
    monkeypatch.setattr(Note, "useful_until", lambda self, message: until)
    twilio.answers = moods.IS_BUSY
    post(somebody(phone="+17735550101"))
    delivery.go_round()
    assert states() == [("sms", "dead")]


def test_a_permanent_refusal_is_never_tried_again_and_goes_by_the_other_channel(as_worker, twilio):
    twilio.answers = moods.REFUSES
    post(somebody(phone="+17735550101", email="ana@example.org"))
    delivery.go_round()
    assert states() == [("email", "sent"), ("sms", "dead")]
    assert Message.objects.get(address__channel="sms").failure == "twilio 21211"


def test_a_stop_that_only_the_provider_knew_is_ours_from_then_on(as_worker, twilio):
    twilio.answers = moods.KNOWS_OF_A_STOP
    post(somebody(phone="+17735550101"))
    delivery.go_round()
    assert Address.objects.get().stopped_at is not None


def test_a_mailbox_that_is_full_is_tried_later_and_one_that_is_gone_never(as_worker, sink):
    post(somebody(email="ana@example.org"), occurrence="first")
    sink.answers = "452 full"
    delivery.go_round()
    assert states() == [("email", "due")]
    sink.answers = "550 gone"
    Message.objects.update(due_at=datetime(2027, 2, 1, tzinfo=UTC))
    delivery.go_round()
    assert states() == [("email", "dead")]


def test_a_mail_server_that_is_away_is_tried_later(as_worker, sink):
    sink.close()
    post(somebody(email="ana@example.org"))
    delivery.go_round()
    message = Message.objects.get()
    assert (message.state, message.attempts, message.tries.get().outcome) == ("due", 1, "unreachable")


def test_a_text_provider_that_is_away_is_tried_later(as_worker, twilio):
    twilio.close()
    post(somebody(phone="+17735550101"))
    delivery.go_round()
    message = Message.objects.get()
    assert (message.state, message.tries.get().outcome) == ("due", "unreachable")


def test_what_died_on_both_channels_is_not_written_again(as_worker, twilio, sink):
    twilio.answers, sink.answers = moods.REFUSES, "550 gone"
    post(somebody(phone="+17735550101", email="ana@example.org"))
    delivery.go_round()
    assert states() == [("email", "dead"), ("sms", "dead")]


def test_the_days_budget_of_texts_holds_the_rest_back_and_says_so(as_worker, twilio, settings, caplog):
    settings.SMS_DAILY_BUDGET = 2
    for number in range(3):
        somebody(f"P{number}", phone=f"+1773555010{number}")
    post()
    delivery.go_round()
    assert (len(twilio.ledger), states()) == (2, [("sms", "due"), ("sms", "sent"), ("sms", "sent")])
    assert "budget of 2 texts is spent" in caplog.text


def test_no_log_line_carries_a_name_an_address_or_a_word(as_worker, twilio, caplog, monkeypatch):
    caplog.set_level("DEBUG", "notifications")
    monkeypatch.setattr(Note, "context", lambda self, message: 1 / 0)
    post(somebody("Ana María", phone="+17735550101"))
    delivery.go_round()
    message = Message.objects.get()
    assert caplog.messages == [f"message {message.pk} of kind note could not be made: ZeroDivisionError"]


def test_somebody_who_comes_to_an_address_later_is_told_though_the_first_did_not_want_it(
    as_worker, settings, monkeypatch
):
    ana, beto = somebody("Ana", phone="+17735550101"), somebody("Beto", phone="+17735550101")
    monkeypatch.setattr(Note, "still_wanted", lambda self, message, person, at: person != ana.pk)
    post(ana)
    delivery.go_round()
    post(beto)
    delivery.go_round()
    assert [text["text"] for text in texts(settings)] == ["Encuentro el jueves Beto"]


def statements(count):
    """Say how often the sender asks the database for this many messages, savepoints aside."""
    for number in range(count):
        somebody(f"P{number}", phone=f"+1773555{count}{number:03}")
    Intent.objects.all().delete()
    Message.objects.all().delete()
    post()
    expand.waiting()
    Message.objects.exclude(address__value__startswith=f"+1773555{count}").delete()
    with CaptureQueriesContext(connection) as captured:
        delivery.send_due()
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_the_sender_asks_the_database_eight_things_a_message_and_two_a_round(as_worker, settings):
    # Its kind asks one more of its own: the names.
    assert [statements(1), statements(3)] == [2 + 9, 2 + 3 * 9]
