"""Saying whether one comes: four answers, changed as often as one likes, up to the start."""

import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q
from django.test import Client

from accounts import links
from accounts.actions import end_membership
from dialogue_series.actions import coming, joining
from dialogue_series.models import Enrolment, Rsvp, SupportRequest
from notifications import clock
from tests.factories import enrol, give_address, make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db

PHONE = "+17735550142"


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def marta(school):
    return make_person("Marta", school, "caregiver", phone=PHONE)


@pytest.fixture
def series(school, marta):
    return make_series(school, families=[marta], offers=["childcare", "interpreter", "ride", "food", "other"])


@pytest.fixture
def session(series):
    return series.sessions.get(number=4)


def opened(client, session, person):
    """Open the link of a reminder as a phone does, and return the address of its page."""
    address = person.addresses.get()
    return client.get(urlsplit(links.url_for("rsvp", about=session.pk, address=address.pk)).path)["Location"]


def question(client, session, person):
    """Go on to the question of the one person who reads at that address."""
    return client.get(opened(client, session, person))["Location"]


# By the link of a reminder


def test_one_tap_answers_and_a_second_changes_it(client, session, marta):
    page = question(client, session, marta)
    assert client.post(page, {"answer": "in_person"})["Location"] == f"{page}needs/"
    client.post(page, {"answer": "cannot"})
    assert list(Rsvp.objects.values_list("person", "answer")) == [(marta.pk, "cannot")]
    assert client.get(page).context["chosen"] == "cannot"


def test_reading_answers_nothing(client, session, marta):
    page = question(client, session, marta)
    for step in ("", "needs/", "done/", "session.ics"):
        client.get(page + step)
        client.head(page + step)
    assert Rsvp.objects.count() == 0


def test_an_answer_that_is_none_of_the_four_is_asked_again(client, session, marta):
    page = question(client, session, marta)
    response = client.post(page, {"answer": "maybe"})
    assert response.context["form"].errors["answer"].as_data()[0].code == "invalid_choice"
    assert client.post(page).context["form"].errors["answer"].as_data()[0].code == "required"
    assert Rsvp.objects.count() == 0


def test_two_on_one_phone_are_asked_who_answers_and_each_has_an_answer(client, series, session, marta):
    juan = make_person("Juan", series.school, "caregiver")
    give_address(juan, "sms", PHONE)
    enrol(series, juan)
    page = opened(client, session, marta)
    assert [person.name for person in client.get(page).context["people"]] == ["Juan", "Marta"]
    client.post(f"{page}{juan.pk}/", {"answer": "cannot"})
    client.post(f"{page}{marta.pk}/", {"answer": "video"})
    assert dict(Rsvp.objects.values_list("person", "answer")) == {juan.pk: "cannot", marta.pk: "video"}


def test_the_link_of_one_address_does_not_answer_for_another(client, series, session, marta):
    other = make_person("Ana", series.school, "caregiver", phone="+17735550143")
    enrol(series, other)
    page = opened(client, session, marta)
    assert client.get(f"{page}{other.pk}/").status_code == 404
    assert client.post(f"{page}{other.pk}/", {"answer": "cannot"}).status_code == 404
    assert Rsvp.objects.count() == 0


def test_without_the_link_there_is_no_page(session, marta):
    page = question(Client(), session, marta)
    assert Client().post(page, {"answer": "cannot"})["Location"] == "/link/"
    assert Rsvp.objects.count() == 0


@pytest.mark.parametrize("how", ["left", "hired", "gone"])
def test_whoever_left_or_was_hired_or_went_to_another_school_finds_the_link_closed(client, series, session, marta, how):
    page = question(client, session, marta)
    if how == "left":
        joining.leave(enrolment=Enrolment.objects.get())
    elif how == "hired":
        tie(marta, series.school, "staff")
    else:
        end_membership(membership=marta.memberships.get())
    assert client.get(page).status_code == 404
    assert client.post(page, {"answer": "cannot"}).status_code == 404
    assert client.get(opened(client, session, marta)).templates[0].name == "dialogue_series/rsvp_nobody.html"


def test_the_closed_link_goes_red_when_the_guard_is_out(client, series, session, marta, monkeypatch):
    page = question(client, session, marta)
    tie(marta, series.school, "staff")
    monkeypatch.setattr("dialogue_series.access.families.BARRING_TIE", Q(kind=""))
    client.post(page, {"answer": "cannot"})
    assert Rsvp.objects.get().answer == "cannot"


# Up to the start


def test_minds_change_up_to_the_start_and_then_the_page_says_what_was_said(client, session, marta, clock):
    page = question(client, session, marta)
    clock.move_to(session.begins - timedelta(minutes=1))
    client.post(page, {"answer": "video"})
    assert client.get(f"{page}done/").context["video_url"] == "https://video.example.org/mirador"
    clock.move_to(session.begins)
    response = client.post(page, {"answer": "cannot"})
    assert response.templates[0].name == "dialogue_series/rsvp_too_late.html"
    assert str(response.context["said"]) == str(client.get(page).context["said"])
    assert Rsvp.objects.get().answer == "video"


def test_the_action_refuses_after_the_start_and_for_a_cancelled_evening(session, marta, clock):
    clock.move_to(session.begins)
    with pytest.raises(ValidationError) as refusal:
        coming.answer(session=session, person=marta, answer="video")
    assert refusal.value.code == "started"
    clock.move_to(session.begins - timedelta(days=1))
    session.cancelled_at = clock.at
    with pytest.raises(ValidationError) as refusal:
        coming.answer(session=session, person=marta, answer="video")
    assert refusal.value.code == "cancelled"


def test_afterwards_the_link_leads_to_the_summary_and_the_next_date(client, session, marta, clock):
    session.summary = "Hablamos de cómo escuchar."
    session.save()
    page = question(client, session, marta)
    clock.move_to(session.ends)
    response = client.get(page)
    assert response.context["is_over"] is True
    assert "Hablamos de cómo escuchar." in response.content.decode()
    assert response.context["following"].number == 5


def test_a_cancelled_evening_says_so_and_names_the_next(client, session, marta):
    session.cancelled_at = clock.now()
    session.save()
    response = client.get(question(client, session, marta))
    assert response.templates[0].name == "dialogue_series/rsvp_too_late.html"
    assert response.context["following"].number == 5


# Help


def test_asking_for_help_keeps_exactly_what_is_ticked(session, marta):
    coming.answer(session=session, person=marta, answer="in_person")
    coming.ask_for_help(session=session, person=marta, kinds=["childcare", "ride"])
    SupportRequest.objects.filter(kind="ride").update(arranged_at=clock.now())
    coming.ask_for_help(session=session, person=marta, kinds=["ride", "other"], note="Vengo con silla de ruedas")
    kept = SupportRequest.objects.order_by("kind").values_list("kind", "note", "arranged_at")
    assert list(kept) == [("other", "Vengo con silla de ruedas", None), ("ride", "", clock.now())]


def test_help_that_no_longer_fits_the_answer_is_taken_back(session, marta):
    coming.answer(session=session, person=marta, answer="in_person")
    coming.ask_for_help(session=session, person=marta, kinds=["childcare", "interpreter"])
    coming.answer(session=session, person=marta, answer="video")
    assert list(SupportRequest.objects.values_list("kind", flat=True)) == ["interpreter"]
    coming.answer(session=session, person=marta, answer="cannot")
    assert SupportRequest.objects.count() == 0


@pytest.mark.parametrize(("answer", "kind"), [("video", "ride"), ("cannot", "interpreter"), ("in_person", "parking")])
def test_what_cannot_be_arranged_is_not_taken(session, marta, answer, kind):
    coming.answer(session=session, person=marta, answer=answer)
    with pytest.raises(ValidationError) as refusal:
        coming.ask_for_help(session=session, person=marta, kinds=[kind])
    assert refusal.value.code == "help"


def test_a_note_without_a_tick_counts_as_something_else(client, session, marta):
    page = question(client, session, marta)
    client.post(page, {"answer": "in_person"})
    client.post(f"{page}needs/", {"note": "Llego tarde"})
    assert list(SupportRequest.objects.values_list("kind", "note")) == [("other", "Llego tarde")]


def test_a_note_that_is_too_long_is_kept_on_the_page(client, session, marta):
    page = question(client, session, marta)
    client.post(page, {"answer": "in_person"})
    response = client.post(f"{page}needs/", {"note": "a" * 141})
    assert response.context["form"].errors["note"].as_data()[0].code == "max_length"
    assert "a" * 141 in response.content.decode()


# Five times from two tabs


@pytest.mark.django_db(transaction=True)
def test_five_answers_at_once_from_two_tabs_are_one_answer():
    school = make_school()
    marta = make_person("Marta", school, "caregiver", phone=PHONE)
    session = make_series(school, families=[marta]).sessions.get(number=4)
    page = question(Client(), session, marta)
    clients = [Client() for _tab in range(5)]
    for client in clients:
        opened(client, session, marta)
    gate, statuses = threading.Barrier(5), []

    def answer(client):
        gate.wait()
        statuses.append(client.post(page, {"answer": "in_person"}).status_code)
        connection.close()

    threads = [threading.Thread(target=answer, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 5
    assert list(Rsvp.objects.values_list("person", "answer")) == [(marta.pk, "in_person")]


# How often the database is asked


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("sessions", [1, 10])
def test_the_pages_of_a_link_ask_the_same_number_of_times(
    client, school, marta, people, sessions, clock, django_assert_num_queries
):
    series = make_series(school, families=[marta], sessions=sessions)
    session = series.sessions.get(number=1)
    clock.move_to(session.begins - timedelta(days=1))
    for number in range(1, people):
        other = make_person(f"Familia {number}", school, "caregiver")
        give_address(other, "sms", PHONE)
        enrol(series, other)
    page = opened(client, session, marta)
    with django_assert_num_queries(7):
        client.get(page)
    with django_assert_num_queries(9):
        client.get(f"{page}{marta.pk}/")
