"""A board asks every family of its school: asked, answered sealed, read, and a receipt, however many answered."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.database import acting
from insights import tasks as insights_tasks
from notifications import kinds
from notifications.models import Address, Intent, Message, MessagePerson
from notifications.segments import segments
from partnerships.access import decisions as access
from partnerships.actions import consulting
from partnerships.models import Consultation, Decision, Receipt
from surveys import actions as surveys
from surveys import questionnaire
from surveys import tasks as survey_tasks
from surveys.access import published
from surveys.models import EvaluatorFile, Form, FormPerson, InboxBox, Instrument, KeyRing, Sheet
from tests.factories import give_address, make_member, make_person, make_school, make_series, tie
from tests.partnerships.deciding import (
    CLOSES_ON,
    DECIDES_ON,
    OPTIONS,
    THREE,
    WORDS,
    answer,
    asked,
    closed,
    drafted,
    make_town,
    member,
    publish,
    read_by_board,
    read_by_families,
    send,
    work,
)
from tests.partnerships.gate import attempt

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def town():
    return make_town()


@pytest.fixture
def school(town):
    return town[0]


@pytest.fixture
def board(town):
    return town[1]


@pytest.fixture
def families(town):
    return town[2]


SOON = datetime(2027, 2, 26, 15, 0, tzinfo=UTC)


def refused(act, **said):
    with pytest.raises(ValidationError) as refusal:
        act(**said)
    return refusal.value.code


def listed(consultation):
    rows = FormPerson.objects.filter(form__in=Consultation.objects.filter(pk=consultation.pk).values("form"))
    return sorted(rows.values_list("person__name", flat=True))


def facilitator_of(school, name="Elena"):
    """Somebody who facilitates a group of the school."""
    person = make_person(name, school, "caregiver")
    make_member(make_series(school).group, person, "facilitator")
    return person


def said(receipt):
    return [(label["es"], label["n_band"], label["band"]) for label in receipt.labels]


# Published


def test_only_who_sits_for_families_publishes_others_draft(board):
    teacher = member(board, "teacher_seat")
    draft = drafted(board, by=teacher)
    assert refused(publish, decision=draft, by=teacher) == "seat"
    assert publish(draft).published_by.name == "Ana"


def test_a_seat_whose_term_is_over_publishes_nothing(board, clock):
    draft = drafted(board, decides_on=DECIDES_ON + 900 * DAY)
    parent = member(board)
    clock.move_to(clock.at + 730 * DAY)
    assert refused(publish, decision=draft, by=parent, closes_on=CLOSES_ON + 740 * DAY) == "seat"


@pytest.mark.parametrize(
    ("closes_on", "decides_on", "code"),
    [
        (CLOSES_ON - 2 * DAY, DECIDES_ON, "too_soon"),
        (CLOSES_ON, CLOSES_ON + 2 * DAY, "after_decision"),
    ],
)
def test_families_have_seven_days_and_the_board_reads_before_it_decides(board, closes_on, decides_on, code):
    assert refused(publish, decision=drafted(board, decides_on=decides_on), closes_on=closes_on) == code


def test_the_shortest_ends_at_eight_in_the_evening_or_after_seven_whole_days(board, clock):
    closes = publish(drafted(board), closes_on=CLOSES_ON - DAY).closes_at
    assert closes == datetime(2027, 2, 23, 2, 0, tzinfo=UTC)
    clock.move_to(clock.at + timedelta(hours=11))
    assert publish(drafted(board), closes_on=CLOSES_ON - DAY).closes_at == clock.at + 7 * DAY


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"options": THREE * 3}, "options"),
        ({"options": [{"es": "x" * 121, "en": "x"}, {"es": "y", "en": "y"}]}, "options"),
        ({"options": [], "question_es": "x" * 201}, "long_question"),
    ],
)
def test_what_fits_no_page_is_not_drafted(board, words, code):
    assert refused(drafted, board=board, **words) == code


@pytest.mark.parametrize(
    "words",
    [
        {"title_en": ""},
        {"background_es": " "},
        {"options": THREE[:1]},
        {"options": [THREE[0], {"es": "Otra", "en": ""}]},
        {"options": [THREE[0], {**THREE[1], "es": THREE[0]["es"]}]},
    ],
)
def test_what_some_family_could_not_read_or_answer_is_not_published(board, words):
    assert refused(publish, decision=drafted(board, **words)) == "lacking"


def test_nothing_opens_before_its_keys_are_made(board):
    consultation = publish(drafted(board))
    with acting("worker"):
        consulting.open_consultation(consultation=consultation.pk)
    assert Form.objects.count() == 0
    work()
    work()
    assert Form.objects.get().pk == Consultation.objects.get().form_id


# Asked


def test_every_family_of_the_school_is_asked_in_a_group_or_not_and_nobody_whom_a_tie_bars(board, school, families):
    in_group = make_person("En grupo", school, "caregiver")
    make_series(school, families=[in_group])
    make_person("Maestra", school, "caregiver", "staff")
    make_person("Pagada", school, "caregiver", "coordinator", on_payroll=True)
    make_person("Invitada", school, "caregiver", state="invited")
    make_person("Personal", school, "staff")
    make_series(school, facilitator=make_person("Olga", school, "coordinator"))
    _decision, consultation = asked(board)
    assert listed(consultation) == sorted(["Ana", "En grupo", *(person.name for person in families)])


def test_the_guard_of_who_is_asked_goes_red_when_it_is_out(board, school, monkeypatch):
    make_person("Maestra", school, "caregiver", "staff")
    monkeypatch.setattr(access, "BARRING_TIE", access.Q(kind=""))
    _decision, consultation = asked(board)
    assert "Maestra" in listed(consultation)


def test_whoever_comes_while_it_is_open_is_asked_too_once(board, school):
    _decision, consultation = asked(board)
    make_person("Nueva", school, "caregiver", phone="+17735550399")
    work()
    work()
    assert "Nueva" in listed(consultation)
    send()
    assert MessagePerson.objects.filter(person__name="Nueva", kind="consultation_request").count() == 1


def test_families_are_told_with_a_link_once_and_only_while_they_may_answer(board, school, families):
    _decision, consultation = asked(board)
    work()
    tie(families[0], school, "staff")
    send()
    sent = MessagePerson.objects.filter(message__state="sent", kind="consultation_request")
    assert sorted(sent.values_list("person__name", flat=True)) == [person.name for person in families[1:]]


def test_after_the_close_nobody_is_told(board, clock):
    _decision, consultation = asked(board)
    clock.move_to(consultation.closes_at)
    send()
    assert set(Message.objects.values_list("state", flat=True)) <= {"unwanted"}
    assert MessagePerson.objects.filter(message__state="sent").count() == 0


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_text_message_is_one_segment_and_names_no_topic(board, language):
    _decision, consultation = asked(board)
    consultation.school.sms_name = "Academia Mirador del Sur"
    address = Address.objects.first()
    message = Message(kind="consultation_request", about=consultation.pk, address=address)
    address.language = language
    with acting("worker"):
        context = kinds.named("consultation_request").context(message)
    context |= {"sms_name": "Academia Mirador del Sur", "button_url": f"https://ejemplo.org/r/{'K' * 22}"}
    with translation.override(language):
        text = render_to_string("sms/consultation_request.txt", context).strip()
    assert (segments(text).encoding, segments(text).count) == ("GSM-7", 1)
    assert "entrada" not in text
    assert "begins" not in text


def test_a_letter_says_what_is_asked_and_who_reads(board, school):
    make_person("Tom", school, "caregiver", email="tom@example.org", language="en")
    asked(board)
    send()
    [letter] = mail.outbox
    assert letter.subject == "Consejo escolar local asks families before it decides"
    assert "When should school begin?" in letter.body


# Answered


def test_two_options_are_one_fact_and_more_are_one_fact_each(board, families, clock):
    _decision, two = asked(board)
    _decision, three = asked(board, options=THREE, title_es="Otra")
    for number, person in enumerate(families):
        answer(two, person, 1 if number < 6 else 2)
        answer(three, person, [1, 3] if number < 3 else [3])
    assert said(read_by_board(two, clock)) == [("prefieren «A las 8:00»", "5-9", "more_than_half")]
    assert said(read_by_board(three, clock)) == [
        ("A las 8:00", "5-9", "fewer_than_half"),
        ("A las 8:30", "5-9", "fewer_than_half"),
        ("A las 9:00", "5-9", "more_than_half"),
    ]


@pytest.mark.parametrize("yes", [5, 6, 7, 8])
def test_five_to_eight_of_eight_give_the_same_receipt(board, families, clock, yes):
    _decision, consultation = asked(board)
    for number, person in enumerate(families):
        answer(consultation, person, 1 if number < yes else 2)
    assert said(read_by_board(consultation, clock)) == [("prefieren «A las 8:00»", "5-9", "more_than_half")]


@pytest.mark.parametrize("count", [0, 4])
def test_however_few_answered_there_is_a_receipt(board, families, clock, count):
    decision, consultation = asked(board)
    for person in families[:count]:
        answer(consultation, person, 1)
    receipt = read_by_board(consultation, clock)
    assert said(receipt) == [("prefieren «A las 8:00»", "not_enough", "")]
    assert Decision.objects.get(pk=decision.pk).receipt == receipt


def test_who_would_rather_not_answer_counts_for_nothing(board, families, clock):
    _decision, consultation = asked(board)
    for number, person in enumerate(families):
        answer(consultation, person, 1 if number < 4 else None)
    assert said(read_by_board(consultation, clock)) == [("prefieren «A las 8:00»", "not_enough", "")]


def test_families_read_at_nine_the_next_morning_and_the_receipt_comes_48_hours_later(board, families, clock):
    decision, consultation = asked(board)
    for person in families:
        answer(consultation, person, 1)
    wave = read_by_families(consultation, clock)
    assert (wave.families_at, wave.leaders_at) == (SOON - timedelta(hours=48), SOON)
    assert Receipt.objects.count() == 0
    clock.move_to(SOON - timedelta(seconds=1))
    work()
    assert Receipt.objects.count() == 0
    clock.move_to(SOON)
    work()
    work()
    assert Receipt.objects.get().issued_at == SOON
    assert Decision.objects.get(pk=decision.pk).state == "consulted"


def test_what_was_to_be_read_is_what_is_read(board, clock):
    decision, consultation = asked(board)
    said_before = access.hours_of(consultation)
    wave = read_by_families(consultation, clock)
    assert said_before == (wave.families_at, wave.leaders_at) == access.hours_of(consultation)
    assert access.board_reads_on(access.decision_of(board, decision.pk)) == SOON.date()


def test_a_receipt_has_a_number_that_can_be_said(board, clock, monkeypatch):
    _decision, first = asked(board)
    _decision, second = asked(board)
    drawn = iter([7, 7, 48219370])
    monkeypatch.setattr(consulting.secrets, "randbelow", lambda most: next(drawn))
    read_by_board(first, clock)
    work()
    assert sorted(Receipt.objects.values_list("number", flat=True)) == ["0000-0007", "4821-9370"]
    assert second.pk != first.pk


# In free words


def test_a_question_without_options_is_answered_in_free_words_alone(board, families, clock):
    _decision, consultation = asked(board, options=[])
    form = Form.objects.get(pk=consultation.form_id)
    questions = questionnaire.read(form.instrument_id, "es")
    assert (questions.questions, questions.comment_text) == ((), WORDS["question_es"])
    for number, person in enumerate(families[:3]):
        answer(consultation, person, comment=f"Digo {number}")
    assert read_by_board(consultation, clock).labels == []
    with acting("worker"):
        assert Sheet.objects.count() == 3
    elena = facilitator_of(board.school)
    with acting("facilitator", elena.pk):
        [batch] = access.answers_in_words(consultation)
    assert sorted(line.text for line in batch.lines) == ["Digo 0", "Digo 1", "Digo 2"]


def test_two_who_write_are_read_by_nobody(board, families, clock):
    _decision, consultation = asked(board, options=[])
    for person in families[:2]:
        answer(consultation, person, comment="Digo")
    read_by_board(consultation, clock)
    with acting("facilitator", facilitator_of(board.school).pk):
        assert access.answers_in_words(consultation) == []


def test_only_who_facilitates_at_the_school_reads_them(board, families, clock):
    _decision, consultation = asked(board, options=[])
    for person in families:
        answer(consultation, person, comment="Digo")
    closed(consultation, clock)
    here, there = facilitator_of(board.school), facilitator_of(make_school("Roble"), "Otra")
    found = {}
    for person, audience in [(here, "facilitator"), (there, "facilitator"), (families[0], "facilitator")]:
        with acting(audience, person.pk):
            found[person.name] = sum(len(batch.lines) for batch in access.answers_in_words(consultation))
    assert found == {"Elena": 8, "Otra": 0, families[0].name: 0}


# The group position


def position(board, families, clock, *, told, options=OPTIONS, answers=8):
    _decision, consultation = asked(board, kind="group_position", options=options)
    if told:
        with acting("facilitator", facilitator_of(board.school).pk):
            consulting.tell_count(consultation=consultation)
    for number, person in enumerate(families[:answers]):
        answer(consultation, person, (1 if number < 6 else 2) if len(options) == 2 else [1, 2][: 1 + number % 2])
    return [(label.get("yes"), label.get("n")) for label in read_by_board(consultation, clock).labels]


def test_the_board_reads_the_count_where_the_group_said_so(board, families, clock):
    assert position(board, families, clock, told=True) == [(6, 8)]


def test_the_count_of_each_of_several(board, families, clock):
    assert position(board, families, clock, told=True, options=THREE) == [(8, 8), (4, 8), (0, 8)]


def test_without_that_it_reads_labels_only(board, families, clock):
    assert position(board, families, clock, told=False) == [(None, None)]


def test_under_five_no_count_is_told_whatever_the_group_said(board, families, clock):
    assert position(board, families, clock, told=True, answers=4) == [(None, None)]


def test_a_pulse_tells_no_count_and_after_the_close_nothing_is_said(board, clock):
    _decision, pulse = asked(board)
    _decision, group = asked(board, kind="group_position")
    _decision, free = asked(board, kind="group_position", options=[])
    with acting("facilitator", facilitator_of(board.school).pk):
        assert refused(consulting.tell_count, consultation=pulse) == "pulse"
        assert refused(consulting.tell_count, consultation=free) == "pulse"
        clock.move_to(group.closes_at)
        assert refused(consulting.tell_count, consultation=group) == "closed"


# Shortened


def shorten(consultation, closes_at, by):
    with acting("facilitator", by.pk):
        return consulting.shorten(consultation=consultation, closes_at=closes_at)


def test_the_group_makes_it_shorter_to_48_hours_and_it_is_read_earlier(board, families, clock):
    _decision, consultation = asked(board)
    elena = facilitator_of(board.school)
    for person in families:
        answer(consultation, person, 1)
    shorten(consultation, consultation.published_at + timedelta(hours=48), elena)
    work()
    assert Form.objects.get().closes_at == consultation.published_at + timedelta(hours=48)
    assert read_by_board(consultation, clock).issued_at < SOON - 5 * DAY


def test_it_is_never_shorter_than_48_hours_nor_over_tomorrow_nor_longer(board, clock):
    _decision, consultation = asked(board)
    elena = facilitator_of(board.school)
    two_days = consultation.published_at + timedelta(hours=48)
    codes = [refused(shorten, consultation=consultation, by=elena, closes_at=two_days - timedelta(seconds=1))]
    codes.append(refused(shorten, consultation=consultation, by=elena, closes_at=consultation.closes_at + DAY))
    clock.move_to(clock.at + 3 * DAY)
    codes.append(refused(shorten, consultation=consultation, by=elena, closes_at=clock.at + timedelta(hours=23)))
    clock.move_to(consultation.closes_at)
    codes.append(refused(shorten, consultation=consultation, by=elena, closes_at=consultation.closes_at))
    assert codes == ["too_short", "longer", "too_soon", "closed"]


def test_in_sql_too_only_who_facilitates_here_shortens_and_by_the_same_rule(board, school):
    _decision, consultation = asked(board)
    here, there = facilitator_of(school), facilitator_of(make_school("Roble"), "Otra")
    closes = {
        "an hour": "published_at + interval '1 hour'",
        "two days": "published_at + interval '48 hours'",
        "longer": "closes_at + interval '1 day'",
    }
    went = {}
    for who, person in (("here", here), ("there", there), ("a family", member(board))):
        for how, instant in closes.items():
            with transaction.atomic():
                sql = f"UPDATE partnerships_consultation SET closes_at = {instant}, shortened_at = now()"  # noqa: S608
                went[who, how] = attempt("facilitator", person.pk, sql)
                transaction.set_rollback(True)
    assert {which for which, is_done in went.items() if is_done} == {("here", "two days")}
    assert consultation.shortened_at is None


def test_where_the_worker_was_away_families_still_have_their_days(board, clock):
    consultation = publish(drafted(board))
    clock.move_to(consultation.closes_at - timedelta(hours=10))
    work()
    consultation.refresh_from_db()
    assert (consultation.closes_at, Form.objects.get().closes_at) == (clock.at + 7 * DAY,) * 2


# What stays, and what goes


def test_erasing_somebody_takes_her_answer_out_while_it_can_be_found(board, families, clock):
    _decision, consultation = asked(board)
    for person in families[:5]:
        answer(consultation, person, 1)
    with acting("worker"):
        surveys.forget(person=families[0])
        assert InboxBox.objects.count() == 4
    assert families[0].name not in listed(consultation)
    assert said(read_by_board(consultation, clock)) == [("prefieren «A las 8:00»", "not_enough", "")]


def test_its_keys_end_30_days_after_it_and_no_evaluator_gets_a_file_of_it(board, families, clock):
    _decision, consultation = asked(board)
    answer(consultation, families[0], 1)
    read_by_board(consultation, clock)
    clock.move_to(clock.at + 40 * DAY)
    with acting("worker"):
        survey_tasks.end_rings()
    assert KeyRing.objects.get(pk=consultation.ring_id).destroyed_at == clock.at
    assert EvaluatorFile.objects.count() == 0


def test_what_a_board_asks_stands_in_no_list_of_instruments(board, school):
    asked(board)
    assert published(school.district_id) == []
    assert Instrument.objects.get().is_asked_once


def test_other_results_are_told_as_before(board, families, clock):
    _decision, consultation = asked(board)
    for person in families:
        answer(consultation, person, 1)
    read_by_board(consultation, clock)
    with acting("worker"):
        insights_tasks.tell_results()
    assert Intent.objects.filter(kind__startswith="results").count() == 0


def told(kind):
    send()
    sent = MessagePerson.objects.filter(message__state="sent", kind=kind)
    return sorted(sent.values_list("person__name", flat=True))


def test_families_are_told_at_their_hour_and_the_board_with_its_receipt_each_once(board, families, clock):
    teacher = member(board, "teacher_seat")
    give_address(teacher, "email", "lewis@example.org")
    _decision, consultation = asked(board)
    for person in families:
        answer(consultation, person, 1)
    closed(consultation, clock)
    assert told("consultation_answered") == []
    read_by_families(consultation, clock)
    work()
    asked_by_phone = [person.name for person in families]
    assert (told("consultation_answered"), told("receipt_issued")) == (asked_by_phone, [])
    read_by_board(consultation, clock)
    assert (told("consultation_answered"), told("receipt_issued")) == (asked_by_phone, [teacher.name])
    [letter] = [one for one in mail.outbox if one.to == ["lewis@example.org"]]
    assert f"/b/{board.pk}/{consultation.decision_id}/" in letter.body
    # Words and no figure: those are read on the page, by whoever may.
    assert "half" not in letter.body.lower()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_text_that_tells_of_an_answer_is_one_segment(language):
    context = {"sms_name": "Academia Mirador", "button_url": f"https://ejemplo.org/decisions/{uuid4()}/"}
    with translation.override(language):
        text = render_to_string("sms/consultation_answered.txt", context).strip()
    assert (segments(text).encoding, segments(text).count) == ("GSM-7", 1)
