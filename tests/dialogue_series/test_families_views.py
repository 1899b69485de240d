"""What families open once they have entered: the next evening, the ten, each of them; and who finds nothing there."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Q
from django.test import Client

from accounts.actions import end_membership
from dialogue_series import tasks
from dialogue_series.actions import feedback
from dialogue_series.models import Attendance, Enrolment, Rsvp, Series, SupportRequest, Topic, TopicResource
from notifications.models import Intent
from surveys.actions import make_ring_keys, publish
from surveys.models import Form
from tests.factories import enrol, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

WEEKLY = json.loads((settings.BASE_DIR / "fixtures" / "instruments.json").read_text())[0]


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def marta(school):
    return make_person("Marta", school, "caregiver")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def series(school, marta, elena):
    return make_series(school, families=[marta], facilitator=elena)


@pytest.fixture
def as_marta(client, marta):
    return sign_in(client, marta)


def pages(series):
    home = f"/s/{series.pk}/"
    evening = f"{home}sessions/4/"
    steps = ("rsvp/", "needs/", "done/", "feedback/", "session.ics")
    return [home, f"{home}sessions/", evening, *(evening + step for step in steps), f"{home}leave/"]


# Who finds what


def test_whoever_takes_part_finds_every_page(as_marta, series):
    assert {page: as_marta.get(page).status_code for page in pages(series)} == {
        **dict.fromkeys(pages(series), 200),
        # Nothing was answered yet.
        f"/s/{series.pk}/sessions/4/needs/": 302,
        f"/s/{series.pk}/sessions/4/done/": 302,
    }


def stories(school, series):
    """Name everybody who must find nothing, and how she came to be nobody here."""
    hired = make_person("Hilda", school, "caregiver")
    enrol(series, hired)
    tie(hired, school, "staff")
    on_the_board = make_person("Berta", school, "caregiver")
    enrol(series, on_the_board)
    tie(on_the_board, school, "staff_seat")
    left = make_person("Luisa", school, "caregiver")
    Enrolment.objects.filter(pk=enrol(series, left).pk).update(state="left")
    gone = make_person("Graciela", school, "caregiver")
    enrol(series, gone)
    end_membership(membership=gone.memberships.get())
    tie(gone, make_school("Nueva"), "caregiver")
    return {
        "a caregiver of the school who was not invited": make_person("Carmen", school, "caregiver"),
        "a caregiver of another school": make_person("Olga", make_school("Otra"), "caregiver"),
        "somebody hired in mid-series": hired,
        "somebody with a staff seat on the board": on_the_board,
        "somebody who left": left,
        "a family that went to another school": gone,
        "the coordinator on the payroll": make_person("Rosa", school, "coordinator", on_payroll=True),
        "a teacher": make_person("Tomás", school, "staff"),
        "the principal": make_person("Pilar", school, "leader"),
        "the district's lead": make_person("Diego", school, "district_lead"),
    }


def test_everybody_else_finds_nothing_and_it_looks_alike(series, school):
    found = {}
    for story, person in stories(school, series).items():
        client = sign_in(Client(), person)
        for page in pages(series):
            found[story, page] = client.get(page).status_code
        client.post(f"/s/{series.pk}/sessions/4/rsvp/", {"answer": "cannot"})
        client.post(f"/s/{series.pk}/leave/")
    assert {where: status for where, status in found.items() if status != 404} == {}
    assert Rsvp.objects.count() == 0
    assert Series.objects.get(pk=series.pk).joined == 5


def test_the_stories_go_red_when_the_bar_is_out(series, school, monkeypatch):
    hired = stories(school, series)["somebody hired in mid-series"]
    monkeypatch.setattr("dialogue_series.access.families.BARRING_TIE", Q(kind=""))
    assert sign_in(Client(), hired).get(f"/s/{series.pk}/").status_code == 200


def test_a_stranger_is_asked_to_enter(client, series):
    for page in pages(series):
        assert client.get(page)["Location"] == f"/enter/?next={page}"


def test_the_calendar_of_an_evening_is_nobody_elses_either(series, school):
    olga = sign_in(Client(), make_person("Olga", make_school("Otra"), "caregiver"))
    assert olga.get(f"/s/{series.pk}/sessions/4/session.ics").status_code == 404


def test_an_evening_that_does_not_exist_is_nothing(as_marta, series):
    assert as_marta.get(f"/s/{series.pk}/sessions/11/").status_code == 404


def test_whoever_facilitates_sees_the_same_pages_and_the_guide_and_answers_nothing(series, elena):
    client = sign_in(Client(), elena)
    response = client.get(f"/s/{series.pk}/sessions/4/")
    links = [f"/s/{series.pk}/sessions/4/{page}" for page in ("run/", "attendance/")]
    assert [f'href="{link}"' in response.content.decode() for link in links] == [True, True]
    assert response.context["may_answer"] is False
    assert client.get(f"/s/{series.pk}/sessions/4/rsvp/").status_code == 404


def test_whoever_only_takes_part_sees_no_guide(as_marta, series):
    assert b"/run/" not in as_marta.get(f"/s/{series.pk}/sessions/4/").content


def test_whoever_waits_sees_where_in_the_line_and_no_evening(series, school):
    waiting = make_person("Ana", school, "caregiver")
    Enrolment.objects.create(series=series, person=waiting, state="waiting", asked_at=series.published_at)
    client = sign_in(Client(), waiting)
    assert client.get(f"/s/{series.pk}/").context["place"] == 1
    assert client.get(f"/s/{series.pk}/sessions/").status_code == 404
    assert client.get(f"/s/{series.pk}/sessions/4/").status_code == 404
    assert client.post(f"/s/{series.pk}/sessions/4/rsvp/", {"answer": "video"}).status_code == 404


# Home


def test_with_one_series_home_is_that_one_and_with_several_she_chooses(as_marta, series, school, marta):
    assert as_marta.get("/s/")["Location"] == f"/s/{series.pk}/"
    other = make_series(school, families=[marta])
    assert {one.pk for one in as_marta.get("/s/").context["all_series"]} == {series.pk, other.pk}


def test_without_a_series_home_says_what_will_come(client, school):
    response = sign_in(client, make_person("Carmen", school, "caregiver")).get("/s/")
    assert list(response.context["all_series"]) == []


def test_the_next_evening_is_the_first_thing(as_marta, series):
    response = as_marta.get(f"/s/{series.pk}/")
    assert response.context["following"].number == 4
    assert response.context["url"] == f"/s/{series.pk}/sessions/4/rsvp/"
    assert [evening.state for evening in response.context["evenings"]] == ["done"] * 3 + ["next"] + ["to_come"] * 6


def test_an_answer_stands_on_the_card_and_the_button_leads_to_the_evening(as_marta, series):
    assert as_marta.post(f"/s/{series.pk}/sessions/4/rsvp/", {"answer": "video"})["Location"].endswith("/needs/")
    response = as_marta.get(f"/s/{series.pk}/")
    assert str(response.context["answer"]) == "Entro por video"
    assert response.context["url"] == f"/s/{series.pk}/sessions/4/"


def test_a_missed_and_a_cancelled_evening_are_told_apart(as_marta, series, marta, clock):
    Attendance.objects.create(session=series.sessions.get(number=2), person=marta, mode="absent", marked_at=clock.at)
    series.sessions.filter(number=4).update(cancelled_at=clock.at)
    response = as_marta.get(f"/s/{series.pk}/sessions/")
    states = [evening.state for evening in response.context["evenings"]]
    assert states == ["done", "missed", "done", "cancelled", "next"] + ["to_come"] * 5
    assert "le extrañamos" in response.content.decode()


def test_nobody_sees_who_else_came_or_did_not(as_marta, series, school, clock):
    other = make_person("Zoraida", school, "caregiver")
    enrol(series, other)
    Attendance.objects.create(session=series.sessions.get(number=2), person=other, mode="absent", marked_at=clock.at)
    Rsvp.objects.create(session=series.sessions.get(number=4), person=other, answer="cannot", answered_at=clock.at)
    for page in pages(series)[:4]:
        assert "Zoraida" not in as_marta.get(page).content.decode()


def test_after_the_last_evening_home_says_thank_you(client, series, marta, clock):
    clock.move_to(series.sessions.get(number=10).ends)
    response = sign_in(client, marta).get(f"/s/{series.pk}/")
    assert response.context["following"] is None
    assert response.status_code == 200


# An evening


def test_the_video_room_opens_half_an_hour_before_and_closes_at_the_end(as_marta, series, clock):
    session = series.sessions.get(number=4)
    seen = {}
    for name, moment in {
        "31 minutes before": session.begins - timedelta(minutes=31),
        "30 minutes before": session.begins - timedelta(minutes=30),
        "the last minute": session.ends - timedelta(minutes=1),
        "the end": session.ends,
    }.items():
        clock.move_to(moment)
        seen[name] = b"video.example.org" in as_marta.get(f"/s/{series.pk}/sessions/4/").content
    assert seen == {"31 minutes before": False, "30 minutes before": True, "the last minute": True, "the end": False}


def test_the_reading_arrives_one_day_before(as_marta, series, clock):
    TopicResource.objects.create(
        topic_id=4, number=1, kind="reading", minutes=3, title_es="Una lectura", title_en="R", body_es="x", body_en="x"
    )
    session = series.sessions.get(number=4)
    clock.move_to(session.begins - timedelta(days=1, minutes=1))
    assert as_marta.get(f"/s/{series.pk}/sessions/4/").context["resources"] is None
    clock.move_to(session.begins - timedelta(days=1))
    assert "Una lectura" in as_marta.get(f"/s/{series.pk}/sessions/4/").content.decode()


def test_a_sensitive_topic_shows_who_can_help_and_a_quick_way_out(as_marta, series):
    page = f"/s/{series.pk}/sessions/4/"
    assert b'href="https://www.weather.gov/"' not in as_marta.get(page).content
    Topic.objects.filter(number=4).update(is_sensitive=True)
    shown = as_marta.get(page).content.decode()
    assert ('href="https://www.weather.gov/"' in shown, shown.count('href="/help/"')) == (True, 2)


def test_the_summary_is_there_once_the_evening_is_over(as_marta, series, clock):
    series.sessions.filter(number=3).update(summary="Hablamos de cómo escuchar.")
    assert "Hablamos de cómo escuchar." in as_marta.get(f"/s/{series.pk}/sessions/3/").content.decode()


def test_needs_are_asked_after_the_answer_and_kept(as_marta, series):
    page = f"/s/{series.pk}/sessions/4/"
    as_marta.post(f"{page}rsvp/", {"answer": "in_person"})
    assert as_marta.post(f"{page}needs/", {"kinds": ["ride"]})["Location"] == f"{page}done/"
    assert list(SupportRequest.objects.values_list("kind", flat=True)) == ["ride"]
    assert as_marta.get(f"{page}done/").context["helps"] == ["Transporte"]


# Feedback


@pytest.fixture
def with_form(series, clock):
    publish(written=WEEKLY)
    make_ring_keys(ring=series.ring_id)
    session = series.sessions.get(number=4)
    clock.move_to(session.ends + timedelta(minutes=30))
    feedback.open_feedback(session=session)
    return session


def test_before_it_opens_the_form_says_when(as_marta, series):
    response = as_marta.get(f"/s/{series.pk}/sessions/4/feedback/")
    assert response.context["is_to_open"] is True


def test_an_open_form_is_the_one_thing_to_do(as_marta, series, with_form):
    response = as_marta.get(f"/s/{series.pk}/")
    assert response.context["open_form"].number == 4
    assert as_marta.get(f"/s/{series.pk}/sessions/4/feedback/").status_code == 200


def test_whoever_is_not_on_the_list_is_asked_nothing(series, school, with_form):
    later = make_person("Nadia", school, "caregiver")
    enrol(series, later)
    client = sign_in(Client(), later)
    assert client.get(f"/s/{series.pk}/").context["open_form"] is None
    assert client.get(f"/s/{series.pk}/sessions/4/feedback/").context["is_to_open"] is False


def test_a_closed_form_is_no_longer_asked_for(as_marta, series, with_form, clock):
    clock.move_to(Form.objects.get().closes_at)
    assert as_marta.get(f"/s/{series.pk}/").context["open_form"] is None


def test_answering_leaves_no_trace_on_home(as_marta, series, with_form):
    before = as_marta.get(f"/s/{series.pk}/").content
    answers = {item["slug"]: item["options"][0]["value"] for item in WEEKLY["items"]}
    assert as_marta.post(f"/s/{series.pk}/sessions/4/feedback/", answers).status_code == 200
    after = as_marta.get(f"/s/{series.pk}/").content
    assert masked(before) == masked(after)


def masked(page):
    """Take out what differs from one reading to the next."""
    return [line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line]


# Leaving


def test_leaving_is_explained_first_and_done_by_a_tap(as_marta, series, marta):
    assert as_marta.get(f"/s/{series.pk}/leave/").status_code == 200
    assert Enrolment.objects.get(person=marta).state == "joined"
    as_marta.post(f"/s/{series.pk}/leave/")
    assert Enrolment.objects.get(person=marta).state == "left"
    assert as_marta.get(f"/s/{series.pk}/").status_code == 404


def test_whoever_leaves_gives_the_place_to_the_next_in_line(as_marta, series, school):
    waiting = make_person("Ana", school, "caregiver")
    enrolment = Enrolment.objects.create(series=series, person=waiting, state="waiting", asked_at=series.published_at)
    as_marta.post(f"/s/{series.pk}/leave/")
    enrolment.refresh_from_db()
    assert enrolment.state == "joined"
    assert list(Intent.objects.values_list("kind", "to_person")) == [("place_free", waiting.pk)]


# How often the database is asked


@pytest.mark.parametrize("others", [1, 3])
@pytest.mark.parametrize("sessions", [1, 10])
@pytest.mark.parametrize(
    ("path", "queries"), [("", 13), ("sessions/", 12), ("sessions/1/", 13), ("sessions/1/rsvp/", 14), ("leave/", 12)]
)
def test_a_page_asks_the_same_number_of_times_however_many_there_are(
    client, school, marta, others, sessions, path, queries, django_assert_num_queries
):
    families = [make_person(f"Familia {number}", school, "caregiver") for number in range(others)]
    series = make_series(school, families=[marta, *families], sessions=sessions)
    sign_in(client, marta)
    with django_assert_num_queries(queries):
        client.get(f"/s/{series.pk}/{path}")


@pytest.mark.parametrize("count", [1, 3])
def test_the_choice_of_series_asks_the_same_number_of_times(client, school, marta, count, django_assert_num_queries):
    for _number in range(count):
        make_series(school, families=[marta])
    sign_in(client, marta)
    with django_assert_num_queries(11):
        client.get("/s/")


def test_the_tasks_find_nothing_to_do_twice(series, with_form):
    tasks.open_feedback_forms()
    assert Form.objects.count() == 1
