"""One look at Today tells who comes, what to arrange and what is late; each with its button."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.models import Person
from dialogue_series.models import Invitation, JoinRequest, Rsvp, Session, SupportRequest
from notifications.models import Intent, Message
from tests.factories import enrol, make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2027, 1, 10, tzinfo=UTC)


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def desk(client, school):
    return sign_in(client, make_person("Rosa", school, "coordinator", on_payroll=True, language="en"))


@pytest.fixture
def families(school):
    return [make_person(name, school, "caregiver", phone=f"+1773555010{n}") for n, name in enumerate(["Ana", "Beto"])]


@pytest.fixture
def series(school, families):
    return make_series(school, families=families, name="Primavera")


@pytest.fixture
def following(series):
    """The evening that comes next: the fourth."""
    return Session.objects.get(series=series, number=4)


def today(desk):
    return desk.get(reverse("today")).context


def say(session, person, answer):
    Rsvp.objects.create(session=session, person=person, answer=answer, answered_at=LONG_AGO)


def ask(series, name="Marta", value="+17735550166"):
    return JoinRequest.objects.create(
        series=series, name=name, channel="sms", value=value, language="es", asked_at=LONG_AGO
    )


def test_without_a_series_today_says_what_it_takes_to_start_one(desk):
    page = desk.get(reverse("today"))

    assert page.context["session"] is None
    assert reverse("series_new") in page.content.decode()


def test_the_next_evening_is_shown_with_who_comes_and_who_has_not_answered(desk, following, families):
    say(following, families[0], "in_person")

    shown = today(desk)

    assert (shown["session"], shown["coming"], shown["families"]) == (following, 1, 2)
    assert [(str(group["label"]), [person.name for person in group["people"]]) for group in shown["by_answer"]] == [
        ("I'll come in person", ["Ana"])
    ]
    assert [person.name for person in shown["silent"]] == ["Beto"]


def test_an_evening_that_is_being_held_is_still_today(desk, following, clock):
    clock.move_to(following.ends.replace(minute=59, hour=0))
    assert today(desk)["session"] == following

    clock.move_to(following.ends)
    assert today(desk)["session"].number == 5


def test_a_cancelled_evening_is_not_next(desk, following):
    Session.objects.filter(pk=following.pk).update(cancelled_at=LONG_AGO)

    assert today(desk)["session"].number == 5


def test_help_is_totalled_by_kind_and_one_button_arranges_it(desk, following, families):
    for person in families:
        SupportRequest.objects.create(session=following, person=person, kind="childcare")
    SupportRequest.objects.create(session=following, person=families[0], kind="other", note="Silla de ruedas")
    assert [(need["kind"], need["total"], need["is_arranged"]) for need in today(desk)["needs"]] == [
        ("childcare", 2, False),
        ("other", 1, False),
    ]

    url = reverse("session_arrange", args=[following.series_id, 4])
    assert desk.post(url, {"kind": "childcare", "today": "1"}).url == reverse("today")
    assert [need["kind"] for need in today(desk)["to_arrange"]] == ["other"]

    desk.post(url, {"kind": "childcare", "undo": "1"})
    assert [need["kind"] for need in today(desk)["to_arrange"]] == ["childcare", "other"]


def test_a_reminder_by_hand_is_posted_once_and_shown_when_it_has_gone(desk, following, families):
    url = reverse("session_remind", args=[following.series_id, 4, families[1].pk])
    for _time in range(5):
        desk.post(url)
    assert list(Intent.objects.values_list("kind", "to_person")) == [("session_reminder", families[1].pk)]

    message = Message.objects.create(
        address=families[1].addresses.get(),
        kind="session_reminder",
        about=following.pk,
        occurrence="by_hand",
        due_at=LONG_AGO,
        reference=following.pk,
    )
    message.for_people.create(
        person=families[1], kind=message.kind, about=following.pk, occurrence="by_hand", channel="sms"
    )
    assert {person.name: person.is_reminded for person in today(desk)["silent"]} == {"Ana": False, "Beto": True}


def test_nobody_without_a_place_is_reminded(desk, following, school):
    stranger = make_person("Nadie", school, "caregiver")

    assert desk.post(reverse("session_remind", args=[following.series_id, 4, stranger.pk])).status_code == 404


def test_evenings_whose_attendance_is_missing_are_late(desk, series):
    Session.objects.filter(series=series, number=2).update(came=0)

    assert [session.number for session in today(desk)["unmarked"]] == [1, 3]


def test_a_series_whose_messages_did_not_arrive_is_shown_but_never_who_was_asked_again(desk, following, families):
    first = Session.objects.get(series=following.series, number=1)

    def lose(**fields):
        return Message.objects.create(
            address=families[0].addresses.get(),
            about=first.pk,
            occurrence="once",
            state="dead",
            due_at=LONG_AGO,
            settled_at=datetime(2027, 2, 14, tzinfo=UTC),
            **fields,
        )

    lose(kind="feedback_second_request", secret=True, reference=first.pk)
    assert today(desk)["lost"] == []

    lose(kind="session_reminder", reference=following.pk)
    assert today(desk)["lost"] == [following.series]


def test_a_request_from_the_flyer_is_accepted_or_put_aside(desk, series):
    marta, nadie = ask(series), ask(series, "Nadie", "+17735550167")
    assert [asked.name for asked in today(desk)["join_requests"]] == ["Marta", "Nadie"]

    for _time in range(5):
        desk.post(reverse("join_request_answer", args=[marta.pk]), {"accept": "1"})
        desk.post(reverse("join_request_answer", args=[nadie.pk]), {"refuse": "1"})

    assert today(desk)["join_requests"] == []
    assert list(Invitation.objects.values_list("person__name", flat=True)) == ["Marta"]
    assert Person.objects.filter(name="Nadie").count() == 0


def test_another_schools_evenings_requests_and_series_are_not_there(client, series, following):
    ask(series)
    other = sign_in(client, make_person("Otra", make_school("Lejos"), "coordinator"))

    shown = today(other)

    assert (shown["session"], shown["all_series"], shown["unmarked"], shown["join_requests"]) == (None, [], [], [])
    asked = JoinRequest.objects.get()
    assert other.post(reverse("join_request_answer", args=[asked.pk]), {"accept": "1"}).status_code == 404


def test_no_page_counts_who_gave_an_opinion(desk, following):
    for url in (
        reverse("today"),
        reverse("series_page", args=[following.series_id]),
        reverse("session_page", args=[following.series_id, 1]),
    ):
        assert desk.get(url).status_code == 200
        assert "feedback" not in desk.get(url).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_today_asks_the_database_as_much_for_three_rows_as_for_one(desk, school, rows, django_assert_num_queries):
    for n in range(rows):
        person = make_person(f"Familia {n}", school, "caregiver")
        series = make_series(school, families=[person], name=f"Serie {n}", first_on=date(2027, 2, 4))
        ask(series, value=f"+177355501{n:02}")
    session = Session.objects.get(series=series, number=3)
    for n in range(rows):
        person = make_person(f"Otra {n}", school, "caregiver")
        enrol(session.series, person)
        SupportRequest.objects.create(session=session, person=person, kind=["ride", "food", "childcare"][n])
    desk.get(reverse("today"))

    with django_assert_num_queries(20):
        desk.get(reverse("today"))
