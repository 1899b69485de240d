"""The fault list of delivery, judged by the providers' ledgers; each guard with proof that the look sees it missing."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Value

from accounts.database import acting
from notifications import actions, claim, delivery, expand, kinds, settle
from notifications.models import Attempt, Message, ProviderEvent
from notifications.providers import Unknown
from tests.fakes import twilio as moods
from tests.notifications import cast
from tests.notifications.cast import Note, faults, post, somebody, states

pytestmark = pytest.mark.django_db

PHONE, MAIL = "+17735550101", "ana@example.org"
ANA = {"Ana": [PHONE, MAIL]}


def later(clock):
    """Come back when every wait is over."""
    Message.objects.filter(state="due").update(due_at=clock.at)
    delivery.go_round()


# The provider takes a message, then drops the line


@pytest.mark.parametrize("answer", [moods.TAKES_AND_DROPS, moods.TAKES_AND_FAILS])
def test_a_text_whose_fate_is_unknown_is_not_sent_again_and_its_person_gets_mail(
    as_worker, twilio, sink, clock, answer
):
    twilio.answers = answer
    somebody("Ana", phone=PHONE, email=MAIL)
    post()
    delivery.go_round()
    later(clock)
    assert (len(twilio.ledger), len(sink.ledger), faults(sink.letters, twilio.ledger, people=ANA)) == (1, 1, [])
    assert states() == [("email", "sent"), ("sms", "unknown")]


def test_tried_again_like_any_failure_the_text_would_go_twice(as_worker, twilio, sink, clock, monkeypatch):
    monkeypatch.setattr(settle, "leave_unknown", settle.put_off)
    twilio.answers = moods.TAKES_AND_DROPS
    somebody("Ana", phone=PHONE, email=MAIL)
    post()
    delivery.go_round()
    later(clock)
    assert faults(sink.letters, twilio.ledger, people=ANA) == [f"{PHONE} twice"]


def test_a_mail_whose_line_dropped_goes_once_more_under_the_same_name(as_worker, sink, clock):
    sink.answers = "drop"
    somebody("Ana", email=MAIL)
    post()
    for _ in range(4):
        later(clock)
    assert len({letter["Message-ID"] for letter in sink.letters}) == 1
    assert (len(sink.ledger), states()) == (2, [("email", "unknown")])


def test_a_second_request_goes_on_like_the_others_and_is_on_no_list(as_worker, twilio, sink):
    twilio.answers = moods.TAKES_AND_DROPS
    somebody("Ana", phone=PHONE, email=MAIL)
    post(kind="second")
    delivery.go_round()
    assert states() == [("email", "sent"), ("sms", "unknown")]
    with acting("coordinator"):
        assert Message.objects.count() == 0
    assert Message.objects.count() == 2


# The sender is paused between claim and call for longer than its lease


def paused(clock):
    """Claim a text, sleep past the lease while another sender looks, and wake up."""
    claimed = claim.claim()
    cast.lease_runs_out()
    delivery.go_round()
    with delivery.channels.Carriers() as carriers:
        delivery.call(claimed, carriers)
    return claimed


def test_a_sender_that_slept_past_its_lease_does_not_call(as_worker, sink, twilio, clock):
    somebody("Ana", email=MAIL, phone=PHONE)
    post()
    expand.waiting()
    paused(clock)
    later(clock)
    assert (len(twilio.ledger), len(sink.ledger)) == (0, 1)


def test_without_the_last_look_it_would_call(as_worker, sink, twilio, clock, monkeypatch):
    monkeypatch.setattr(delivery, "last_look", lambda message: True)
    somebody("Ana", email=MAIL, phone=PHONE)
    post()
    expand.waiting()
    paused(clock)
    assert (len(twilio.ledger), len(sink.ledger)) == (1, 1)


def test_a_result_that_comes_after_the_lease_went_over_changes_nothing(as_worker, sink, clock):
    somebody("Ana", email=MAIL)
    post()
    expand.waiting()
    first = claim.claim()
    cast.lease_runs_out()
    settle.lost()
    Message.objects.filter(state="due").update(due_at=clock.at)
    second = claim.claim()
    settle.accepted(first.message, "late")
    settle.failed(first.message, Unknown("late"))
    message = Message.objects.get()
    assert (message.state, message.provider_id, message.attempts) == ("sending", "", second.message.attempts)


# STOP between the claim and the call


def claim_then(happens):
    post()
    expand.waiting()
    claimed = claim.claim()
    happens()
    with delivery.channels.Carriers() as carriers:
        delivery.call(claimed, carriers)


def stop_is_settled():
    actions.stop(channel="sms", value=PHONE)


def stop_has_only_come_in():
    ProviderEvent.objects.create(event="SM1", word="ALTO", from_value=PHONE, received_at=claim.clock.now())


@pytest.mark.parametrize("stop", [stop_is_settled, stop_has_only_come_in])
def test_a_stop_between_claim_and_call_holds_the_text(as_worker, twilio, stop):
    somebody("Ana", phone=PHONE)
    claim_then(stop)
    assert (twilio.ledger, states()) == ([], [("sms", "unwanted")])


@pytest.mark.parametrize("stop", [stop_is_settled, stop_has_only_come_in])
def test_without_the_last_look_it_goes_after_the_stop(as_worker, twilio, monkeypatch, stop):
    monkeypatch.setattr(delivery, "last_look", lambda message: True)
    somebody("Ana", phone=PHONE)
    claim_then(stop)
    assert len(twilio.ledger) == 1


# What it was about changed a second before


def test_what_was_moved_just_before_the_send_is_not_said(as_worker, twilio, monkeypatch):
    somebody("Ana", phone=PHONE)
    post()
    expand.waiting()
    monkeypatch.setattr(Note, "still_wanted", lambda self, message, person, at: False)
    delivery.go_round()
    assert twilio.ledger == []


def test_without_asking_again_it_is_said(as_worker, twilio, monkeypatch):
    somebody("Ana", phone=PHONE)
    post()
    expand.waiting()
    monkeypatch.setattr(Note, "still_wanted", lambda self, message, person, at: False)
    monkeypatch.setattr(claim, "wanted_by", lambda kind, message, at: list(message.people.values_list("pk", flat=True)))
    delivery.go_round()
    assert len(twilio.ledger) == 1


def test_the_words_are_those_of_the_moment_of_sending(as_worker, twilio, monkeypatch):
    somebody("Ana", phone=PHONE)
    post()
    expand.waiting()
    monkeypatch.setattr(Note, "words", {"es": "Cambio: el viernes", "en": ""})
    delivery.go_round()
    assert [text["Body"] for text in twilio.ledger] == ["Cambio: el viernes Ana"]


# A template that crashes


def three_of_which_one_is_poison(monkeypatch):
    poison = somebody("Ana", phone=PHONE).pk
    for number in (2, 3):
        somebody(f"P{number}", phone=f"+1773555010{number}")
    told = Note.context

    def context(self, message):
        return 1 / 0 if poison in message.wanted_by else told(self, message)

    monkeypatch.setattr(Note, "context", context)
    post()
    # The poison is the first to be claimed.
    expand.waiting()
    Message.objects.filter(address__value=PHONE).update(due_at="2027-02-01T00:00Z")


def test_a_message_that_cannot_be_made_fails_alone_and_is_tried_later(as_worker, twilio, monkeypatch):
    three_of_which_one_is_poison(monkeypatch)
    delivery.go_round()
    assert sorted(text["To"] for text in twilio.ledger) == ["+17735550102", "+17735550103"]
    poison = Message.objects.get(address__value=PHONE)
    assert (poison.state, poison.attempts, poison.failure) == ("due", 1, "ZeroDivisionError")


def test_were_the_crash_not_caught_it_would_keep_the_others(as_worker, twilio, monkeypatch):
    def fail(message, error):
        raise error

    monkeypatch.setattr(claim, "fail", fail)
    three_of_which_one_is_poison(monkeypatch)
    with pytest.raises(ZeroDivisionError):
        delivery.go_round()
    assert twilio.ledger == []


def test_a_kind_that_breaks_the_transaction_fails_alone(as_worker, twilio, monkeypatch):
    def broken(self, message):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(Note, "context", broken)
    somebody("Ana", phone=PHONE)
    post()
    delivery.go_round()
    assert Message.objects.get().failure == "DataError"


def test_a_kind_that_cannot_say_how_long_it_is_of_use_fails_alone_too(as_worker, twilio, monkeypatch):
    gone = somebody("Ana", phone=PHONE).addresses.get()
    somebody("Beto", phone="+17735550102")
    told = Note.useful_until

    def useful_until(self, message):
        return Message.objects.get(pk=cast.ABOUT) if message.address_id == gone.pk else told(self, message)

    monkeypatch.setattr(Note, "useful_until", useful_until)
    post()
    delivery.go_round()
    assert [text["To"] for text in twilio.ledger] == ["+17735550102"]
    assert Message.objects.get(address=gone).failure == "DoesNotExist"


def test_a_message_of_a_kind_that_is_gone_fails_alone(as_worker, twilio, monkeypatch):
    somebody("Ana", phone=PHONE)
    post()
    expand.waiting()
    monkeypatch.delitem(kinds.registry, "note")
    delivery.go_round()
    assert (twilio.ledger, Message.objects.get().failure) == ([], "KeyError")


def test_an_intent_that_cannot_be_expanded_keeps_no_other(as_worker, twilio, monkeypatch):
    ana, beto = somebody("Ana", phone=PHONE), somebody("Beto", phone="+17735550102")
    told = Note.recipients

    def recipients(self, intent):
        return 1 / 0 if intent.to_person_id == ana.pk else told(self, intent)

    monkeypatch.setattr(Note, "recipients", recipients)
    post(ana)
    post(beto)
    delivery.go_round()
    assert [text["To"] for text in twilio.ledger] == ["+17735550102"]


# The clock jumps


def test_a_jump_of_the_programmes_clock_takes_no_lease_from_a_sender_at_work(as_worker, twilio, clock):
    somebody("Ana", phone=PHONE)
    post()
    expand.waiting()
    claimed = claim.claim()
    clock.move_to(clock.at + timedelta(days=3))
    delivery.go_round()
    with delivery.channels.Carriers() as carriers:
        delivery.call(claimed, carriers)
    assert (len(twilio.ledger), states()) == (1, [("sms", "sent")])


def test_were_leases_read_on_the_programmes_clock_a_jump_would_take_them(as_worker, twilio, clock, monkeypatch):
    monkeypatch.setattr(settle, "Now", lambda: Value(clock.at))
    somebody("Ana", phone=PHONE)
    post()
    expand.waiting()
    claim.claim()
    clock.move_to(clock.at + timedelta(days=3))
    delivery.go_round()
    assert states() == [("sms", "unknown")]


def test_a_clock_that_jumps_back_sends_nothing_again(as_worker, twilio, clock):
    somebody("Ana", phone=PHONE)
    post()
    delivery.go_round()
    clock.move_to(clock.at - timedelta(days=3))
    post()
    delivery.go_round()
    assert len(twilio.ledger) == 1


# A backup is restored


def restored(before):
    """Put the messages back as they were when the backup was made."""
    Attempt.objects.all().delete()
    Message.objects.all().delete()
    Message.objects.bulk_create(before)


def sent_then_restored(clock):
    post()
    expand.waiting()
    before = list(Message.objects.all())
    people = [(row.message_id, row.person_id) for row in Message.people.through.objects.all()]
    delivery.go_round()
    restored(before)
    rows = [
        Message.people.through(
            message_id=message, person_id=person, kind="note", about=cast.ABOUT, occurrence="once", channel="sms"
        )
        for message, person in people
    ]
    Message.people.through.objects.bulk_create(rows)


def test_after_a_restored_backup_a_mail_repeats_under_its_first_name(as_worker, sink, clock):
    somebody("Ana", email=MAIL)
    sent_then_restored(clock)
    delivery.go_round()
    assert (len(sink.ledger), faults(sink.letters, [], people=ANA)) == (2, [])


def test_a_mail_keeps_its_name_even_if_the_backup_is_older_than_its_message(as_worker, sink, clock):
    ana = somebody("Ana", email=MAIL)
    post(ana)
    delivery.go_round()
    Message.objects.all().delete()
    expand.Intent.objects.update(expanded_at=None)
    delivery.go_round()
    assert (len(sink.ledger), faults(sink.letters, [], people=ANA)) == (2, [])


def test_after_a_restored_backup_and_its_command_no_text_goes_twice(as_worker, twilio, sink, clock, capsys):
    somebody("Ana", phone=PHONE, email=MAIL)
    sent_then_restored(clock)
    call_command("after_restore")
    delivery.go_round()
    assert faults(sink.letters, twilio.ledger, people=ANA) == []
    assert capsys.readouterr().out.startswith("1 texts may have gone already")


def test_without_the_command_it_would(as_worker, twilio, sink, clock):
    somebody("Ana", phone=PHONE, email=MAIL)
    sent_then_restored(clock)
    delivery.go_round()
    assert faults(sink.letters, twilio.ledger, people=ANA) == [f"{PHONE} twice"]
