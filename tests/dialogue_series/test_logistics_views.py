"""One evening at the coordinator's desk; who may open her pages, and what they cost."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from accounts.models import LogEntry, Membership, Person
from dialogue_series.models import (
    Invitation,
    NoSchoolDay,
    Rsvp,
    Session,
    SupportRequest,
)
from notifications.models import Message
from tests.dialogue_series.pages import codes, text_of
from tests.factories import make_person, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db


def test_moving_shows_the_message_before_anything_is_sent(desk, series):
    url = reverse("session_move", args=[series.pk, 5])

    page = desk.post(url, {"on": "2027-02-26", "starts_at": "18:00"})
    assert [text.count for text in page.context["texts"]] == [1, 1]
    assert "Feb 26" in page.context["texts"][1].text
    assert Session.objects.get(series=series, number=5).moves == 0

    desk.post(url, {"on": "2027-02-26", "starts_at": "18:00", "move": "1"})
    assert Session.objects.get(series=series, number=5).on == date(2027, 2, 26)


def test_moving_onto_a_day_without_school_is_refused_in_words_and_possible(desk, series, school):
    NoSchoolDay.objects.create(school=school, on=date(2027, 2, 26), reason="Día de maestros")
    url = reverse("session_move", args=[series.pk, 5])
    said = {"on": "2027-02-26", "starts_at": "18:00", "move": "1"}

    page = desk.post(url, said)
    assert codes(page.context["form"]) == {"on": ["no_school"]}
    assert "There is no school that day. Choose another day, or use it anyway." in text_of(page)

    desk.post(url, {**said, "use_anyway": "on"})
    assert Session.objects.get(series=series, number=5).on == date(2027, 2, 26)


def test_cancelling_shows_the_message_first(desk, series):
    url = reverse("session_cancel", args=[series.pk, 5])
    assert [text.count for text in desk.get(url).context["texts"]] == [1, 1]
    assert Session.objects.get(series=series, number=5).cancelled_at is None

    desk.post(url)
    assert Session.objects.get(series=series, number=5).cancelled_at is not None


def test_the_messages_page_never_lists_who_was_asked_again(desk, series, lucia):
    session = Session.objects.get(series=series, number=1)
    for kind, secret in (("session_reminder", False), ("feedback_request", False), ("feedback_second_request", True)):
        message = Message.objects.create(
            address=lucia.addresses.get(),
            kind=kind,
            about=session.pk,
            occurrence="once",
            state="delivered",
            due_at=session.begins,
            secret=secret,
            reference=session.pk if kind == "session_reminder" else lucia.pk if secret else series.pk,
        )
        message.for_people.create(person=lucia, kind=kind, about=session.pk, occurrence="once", channel="sms")

    told = desk.get(reverse("series_messages", args=[series.pk])).context["told"]

    assert {str(group["what"]): [line["names"] for line in group["lines"]] for group in told} == {
        "Reminder": ["Lucía"],
        "What did you think of the session?": [],
    }


def test_the_flyer_asks_to_join_in_both_languages(desk, series):
    page = text_of(desk.get(reverse("series_poster", args=[series.pk])))

    assert f"/j/{series.flyer_code}/" in page
    assert "Un grupo donde las familias se escuchan" in page
    assert "A group where families listen to each other" in page
    assert "style=" not in page
    assert "<svg" in page


PAGES = [
    "series_page",
    "series_invite",
    "series_people",
    "series_messages",
    "series_poster",
]
EVENING_PAGES = ["session_page", "session_move", "session_cancel", "attendance", "run_sheet"]


def addresses(series):
    school = series.school
    return (
        [reverse(name, args=[series.pk]) for name in PAGES]
        + [reverse(name, args=[series.pk, 1]) for name in EVENING_PAGES]
        + [reverse("school_days", args=[school.slug])]
        + [reverse("family_page", args=[person.pk]) for person in Person.objects.filter(enrolments__series=series)]
    )


def statuses(client, series):
    return {client.get(url).status_code for url in addresses(series)}


def test_her_own_coordinator_opens_every_page(desk, series):
    assert statuses(desk, series) == {200}


def test_a_coordinator_of_another_school_finds_nothing(client, series):
    other = make_person("Otra", make_school("Lejos"), "coordinator")

    assert statuses(sign_in(client, other), series) == {404}


@pytest.mark.parametrize("kind", ["caregiver", "staff", "leader", "parent_seat"])
def test_nobody_else_of_the_school_finds_them(client, series, school, kind):
    assert statuses(sign_in(client, make_person("Alguien", school, kind)), series) == {404}


def test_a_coordinator_whose_time_is_over_finds_nothing(client, series, rosa):
    Membership.objects.filter(person=rosa).update(until=datetime(2027, 2, 1, tzinfo=UTC))

    assert statuses(sign_in(client, rosa), series) == {404}


def test_the_facilitator_opens_the_run_sheet_and_attendance_only(client, series, elena):
    opened = {url for url in addresses(series) if sign_in(client, elena).get(url).status_code == 200}

    assert opened == {reverse(name, args=[series.pk, 1]) for name in ("attendance", "run_sheet")}


def test_a_facilitator_of_another_group_finds_nothing(client, series, school):
    other = make_person("Otra", school, "caregiver")
    make_series(school, facilitator=other)

    assert statuses(sign_in(client, other), series) == {404}


def test_a_facilitator_who_is_hired_finds_nothing(client, series, elena):
    Membership.objects.create(person=elena, kind="staff", school=series.school, since=datetime(2027, 1, 1, tzinfo=UTC))

    assert statuses(sign_in(client, elena), series) == {404}


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("session_arrange", lambda series, lucia: [series.pk, 4]),
        ("session_remind", lambda series, lucia: [series.pk, 4, lucia.pk]),
        ("session_cancel", lambda series, lucia: [series.pk, 4]),
        ("series_invite", lambda series, lucia: [series.pk]),
        ("family_page", lambda series, lucia: [lucia.pk]),
    ],
)
def test_a_coordinator_of_another_school_changes_nothing(client, series, lucia, name, args):
    other = sign_in(client, make_person("Otra", make_school("Lejos"), "coordinator"))

    assert other.post(reverse(name, args=args(series, lucia)), {"kind": "childcare"}).status_code == 404
    assert LogEntry.objects.count() == 0


def test_the_tests_of_doors_see_a_door_left_open(client, series, monkeypatch):
    monkeypatch.setattr("dialogue_series.access.logistics.coordinated", lambda held: {series.school_id})
    other = make_person("Otra", make_school("Lejos"), "coordinator")

    found = statuses(sign_in(client, other), series)

    assert 200 in found


@pytest.fixture
def count(desk, django_assert_num_queries):
    """Say that a page asks exactly so many."""

    def counted(statements, name, *args):
        desk.get(reverse(name, args=args))
        with django_assert_num_queries(statements):
            assert desk.get(reverse(name, args=args)).status_code == 200

    return counted


def full(school, families, sessions=10):
    people = [make_person(f"Familia {n}", school, "caregiver", phone=f"+1773555010{n}") for n in range(families)]
    series = make_series(school, first_on=date(2027, 2, 18), sessions=sessions, families=people)
    for person in people:
        Invitation.objects.create(series=series, person=person, invited_at=datetime(2027, 1, 1, tzinfo=UTC))
        Rsvp.objects.create(
            session=Session.objects.get(series=series, number=1),
            person=person,
            answer="in_person",
            answered_at=datetime(2027, 2, 14, tzinfo=UTC),
        )
        SupportRequest.objects.create(
            session=Session.objects.get(series=series, number=1), person=person, kind="childcare"
        )
    return series


@pytest.mark.parametrize(("families", "sessions"), [(1, 1), (3, 1), (1, 10), (3, 10)])
def test_no_page_asks_more_when_there_is_more(school, count, families, sessions):
    series = full(school, families, sessions)
    for n in range(families):
        NoSchoolDay.objects.create(school=school, on=date(2027, 3, 22 + 2 * n), reason=f"Break {n}")

    count(20, "today")
    count(12, "series_page", series.pk)
    count(16, "session_page", series.pk, 1)  # two of them: who says she comes, and whether a board meets there
    count(14, "series_people", series.pk)
    count(14, "series_messages", series.pk)
    count(14, "school_days", school.slug)
    count(17, "family_page", Person.objects.filter(enrolments__series=series).first().pk)
