"""Rings, instruments, forms and sheets, one verb each."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from accounts.database import acting
from surveys import access, actions, questionnaire, tasks
from surveys.models import Form, FormPerson, InboxBox, Instrument, KeyRing
from tests.factories import make_person, tie
from tests.surveys.conftest import CLOSES, OPENED, WEEKLY, open_form, opened, reopened, sheet

pytestmark = pytest.mark.django_db


def answer(form, person, value=None, comment=""):
    actions.submit(form=form, person=person, answers=sheet(form, value), comment=comment)


# Rings


def test_the_worker_makes_the_keys_of_a_ring_that_has_begun():
    ring = actions.start_ring(ends_on=date(2027, 4, 8))
    assert ring.made_at is None
    with acting("worker"):
        tasks.make_key_rings()
    ring.refresh_from_db()
    assert ring.made_at is not None
    assert list(access.rings_without_keys()) == []


def test_a_lost_wake_up_loses_nothing(django_capture_on_commit_callbacks, settings):
    with django_capture_on_commit_callbacks(execute=True):
        ring = actions.start_ring(ends_on=date(2027, 4, 8))
    assert list(access.rings_without_keys()) == [ring.pk]


def test_no_form_opens_before_its_rings_keys_exist(school, families):
    actions.publish(written=WEEKLY)
    ring = actions.start_ring(ends_on=date(2027, 4, 8))
    with pytest.raises(ValidationError) as refusal:
        open_form(school, ring, families)
    assert refusal.value.code == "no_keys"
    assert Form.objects.count() == 0


def test_a_ring_ends_with_its_last_evening_wherever_that_moves(ring):
    actions.move_ring_end(ring=ring, ends_on=date(2027, 5, 6))
    assert KeyRing.objects.get(pk=ring.pk).ends_on == date(2027, 5, 6)


# Instruments


def test_the_products_instruments_are_loaded_once_however_often_they_are_loaded():
    with acting("worker"):
        call_command("load_instruments")
        call_command("load_instruments")
    weekly = Instrument.objects.filter(slug=WEEKLY["slug"])
    assert [row.version for row in weekly] == [1]
    assert questionnaire.as_written(questionnaire.whole().get(slug=WEEKLY["slug"])) == WEEKLY


def test_changed_words_make_a_new_version_and_leave_the_old_one_as_it_was():
    before = actions.publish(written=WEEKLY)
    changed = {**WEEKLY, "title": {"es": "Otro título", "en": "Another title"}}
    after = actions.publish(written=changed)
    assert (before.version, after.version) == (1, 2)
    assert questionnaire.as_written(questionnaire.whole().get(version=1)) == WEEKLY
    assert questionnaire.as_written(questionnaire.whole().get(version=2)) == changed


def test_a_changed_favourable_answer_is_a_new_version_too():
    actions.publish(written=WEEKLY)
    item = WEEKLY["items"][0]
    options = [{**option, "favourable": not option["favourable"]} for option in item["options"]]
    changed = {**WEEKLY, "items": [{**item, "options": options}, *WEEKLY["items"][1:]]}
    assert actions.publish(written=changed).version == 2


# Forms


def test_a_form_opens_with_the_latest_version_and_its_list(form, families):
    assert (form.instrument.version, form.opened_at, form.closes_at) == (1, OPENED, CLOSES)
    assert set(form.people.all()) == set(families)


def test_an_evening_has_one_form_however_often_it_is_opened(form, school, ring, families):
    again = open_form(school, ring, families[:1])
    assert again == form
    assert FormPerson.objects.filter(form=form).count() == 8


def test_somebody_who_joins_late_is_put_on_the_list_once(form, school):
    late = make_person("Irene", school, "caregiver")
    actions.add_to_form(form=form, person=late)
    actions.add_to_form(form=form, person=late)
    assert FormPerson.objects.filter(form=form, person=late).count() == 1


def test_a_closed_form_takes_nobody_onto_its_list(form, school, clock):
    clock.move_to(CLOSES)
    actions.close_form(form=form.pk)
    with pytest.raises(ValidationError) as refusal:
        actions.add_to_form(form=form, person=make_person("Irene", school, "caregiver"))
    assert refusal.value.code == "closed"


def test_who_leaves_stays_on_the_list_and_may_answer_no_more(form, ring, families):
    answer(form, families[0])
    actions.take_no_more(ring=ring, person=families[0])
    assert FormPerson.objects.filter(form=form).count() == 8
    assert InboxBox.objects.filter(form=form).count() == 1
    assert access.who_may_answer().filter(form=form).count() == 7


# Sheets


def test_a_sheet_is_stored_sealed_and_the_worker_reads_it(form, families):
    answer(form, families[0], comment="Me gustó la cena")
    box = InboxBox.objects.get()
    assert opened(form, box) == (sheet(form), "Me gustó la cena")


def test_who_would_rather_not_answer_says_nothing_on_the_sheet(form, families):
    nothing = dict.fromkeys(sheet(form))
    actions.submit(form=form, person=families[0], answers=nothing, comment="")
    assert opened(form, InboxBox.objects.get()) == (nothing, "")


def test_a_second_sheet_takes_the_firsts_place(form, families):
    answer(form, families[0], "a_little", "antes")
    answer(form, families[0], "a_lot", "después")
    assert opened(form, InboxBox.objects.get()) == (sheet(form, "a_lot"), "después")


def test_each_of_two_people_has_a_sheet(form, families):
    answer(form, families[0])
    answer(form, families[1])
    assert InboxBox.objects.count() == 2


@pytest.mark.parametrize("change", [{"say-what-i-think": "perhaps"}, {"say-what-i-think": "~"}, {"another": "a_lot"}])
def test_a_sheet_with_an_answer_that_was_not_offered_is_refused(form, families, change):
    with pytest.raises(ValidationError) as refusal:
        actions.submit(form=form, person=families[0], answers={**sheet(form), **change}, comment="")
    assert refusal.value.code == "unanswered"
    assert InboxBox.objects.count() == 0


def test_a_comment_that_would_make_its_box_stand_out_is_refused(form, families):
    with pytest.raises(ValidationError) as refusal:
        answer(form, families[0], comment="x" * 501)
    assert refusal.value.code == "too_long"


@pytest.mark.parametrize("at", [OPENED - timedelta(seconds=1), CLOSES])
def test_a_sheet_is_taken_between_opening_and_closing_only(form, families, clock, at):
    clock.move_to(at)
    with pytest.raises(ValidationError) as refusal:
        answer(form, families[0])
    assert refusal.value.code == "closed"
    assert InboxBox.objects.count() == 0


def test_the_database_refuses_what_comes_after_the_close_whatever_the_web_believes(form, families, clock):
    seen_open = reopened(form)
    Form.objects.filter(pk=form.pk).update(closed_at=CLOSES)
    with pytest.raises(ValidationError) as refusal:
        answer(seen_open, families[0])
    assert refusal.value.code == "closed"
    assert InboxBox.objects.count() == 0


# Closing, and what is known before


def test_a_form_closes_when_its_time_is_over_and_not_before(form, clock):
    clock.move_to(CLOSES - timedelta(seconds=1))
    with acting("worker"):
        tasks.close_due_forms()
    assert reopened(form).closed_at is None
    clock.move_to(CLOSES + timedelta(minutes=3))
    with acting("worker"):
        tasks.close_due_forms()
    assert reopened(form).closed_at == CLOSES + timedelta(minutes=3)


def test_a_form_closes_once(form, clock):
    clock.move_to(CLOSES)
    actions.close_form(form=form.pk)
    clock.move_to(CLOSES + timedelta(days=1))
    assert actions.close_form(form=form.pk).closed_at == CLOSES


@pytest.mark.parametrize(("given", "enough"), [(0, False), (4, False), (5, True), (8, True)])
def test_the_close_says_whether_five_answered_and_no_number(form, families, clock, given, enough):
    for person in families[:given]:
        answer(form, person)
    clock.move_to(CLOSES)
    assert actions.close_form(form=form.pk).at_least_five is enough
    assert reopened(form).at_least_five is enough
    assert InboxBox.objects.count() == given


def test_before_the_close_it_is_written_when_second_requests_go_out(form, families):
    for person in families[:5]:
        answer(form, person)
    with acting("worker"):
        assert actions.note_at_least_five(form=form) is True
    assert reopened(form).at_least_five is True


def test_the_worker_finds_who_has_not_answered(form, families):
    for person in families[:3]:
        answer(form, person)
    with acting("worker"):
        assert access.who_has_not_answered(form) == {person.pk for person in families[3:]}


def test_a_second_request_reaches_neither_who_left_nor_who_was_hired(form, ring, school, families):
    actions.take_no_more(ring=ring, person=families[0])
    tie(families[1], school, "staff")
    assert access.who_has_not_answered(form) == {person.pk for person in families[2:]}


def test_looking_for_who_has_not_answered_writes_nothing(form, families, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        access.who_has_not_answered(form)
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
