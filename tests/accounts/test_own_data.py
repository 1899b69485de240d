"""A copy of what is hers: made by the worker, read by her alone, for a day, and for 30 days after leaving."""

import uuid
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from accounts import actions, privacy, rights, tasks
from accounts.database import acting
from accounts.models import DataRequest, LogEntry, Membership
from dialogue_series.models import Attendance, Invitation, Rsvp, SupportRequest
from partnerships.models import Reaction
from tests.factories import make_member, make_person, make_post, make_reply, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone="+17735550142", language="en")


@pytest.fixture
def series(school, lucia):
    series = make_series(school, families=[lucia], name="Los jueves")
    make_member(series.group, lucia)
    return series


@pytest.fixture
def hers(client, lucia):
    return sign_in(client, lucia)


def work():
    with acting("worker"):
        tasks.answer_requests()


def copy_of(client):
    client.post("/me/data/")
    work()
    return client.get("/me/data/file/").content.decode()


def test_a_copy_is_asked_for_made_and_saved(hers):
    assert "Make my copy" in hers.get("/me/data/").content.decode()
    assert hers.get("/me/data/file/").status_code == 404
    assert hers.post("/me/data/").url == "/me/data/"
    assert "See whether it is ready" in hers.get("/me/data/").content.decode()
    work()
    assert "Save my copy" in hers.get("/me/data/").content.decode()
    response = hers.get("/me/data/file/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data-2027-02-15.html"'
    assert (response.headers["Cache-Control"], "+17735550142" in response.content.decode()) == ("no-store", True)


def test_it_holds_what_is_hers_and_nothing_that_others_wrote(hers, lucia, series, school, clock):
    ana, rosa = make_person("Ana", school, "caregiver"), make_person("Rosa", school, "coordinator")
    make_member(series.group, ana)
    make_post(series.group, lucia, "Con mi nombre.")
    make_post(series.group, lucia, "Sin mi nombre.", without_name=True)
    others = make_post(series.group, ana, "Palabras de Ana.")
    make_reply(others, lucia, "Mi respuesta.")
    make_reply(others, ana, "Respuesta de Ana.")
    with acting("caregiver", lucia.pk):
        Reaction.objects.create(post=others, person=lucia, kind="me_too")
    evening = series.sessions.get(number=1)
    Attendance.objects.create(session=evening, person=lucia, mode="video", marked_at=clock.at)
    Rsvp.objects.create(session=evening, person=lucia, answer="in_person", answered_at=clock.at)
    SupportRequest.objects.create(session=evening, person=lucia, kind="ride")
    Invitation.objects.create(series=series, person=lucia, invited_at=clock.at)
    LogEntry.objects.create(by=rosa, act="contact_revealed", school=school, about_person=lucia, at=clock.at)
    page = copy_of(hers)
    shown = [
        "Lucía", "+17735550142", "You are a family of Academia Mirador.", "Rosa", "Los jueves", "Con mi nombre.",
        "Sin mi nombre.", "Mi respuesta.", "It is so for me too", "By video", "In person", "A ride",
        "They are not here: no screen, export or person on our team can look up which are yours.",
    ]  # fmt: skip
    assert [words for words in shown if words not in page] == []
    assert [words for words in ("Palabras de Ana.", "Respuesta de Ana.", "<script", "http") if words in page] == []


def test_it_speaks_her_language_and_shows_what_she_typed_as_text(hers, lucia, series):
    make_post(series.group, lucia, "<b>fuerte</b>")
    lucia.language = "es"
    lucia.save()
    page = copy_of(hers)
    assert ('lang="es"' in page, "Lo que usted escribió" in page) == (True, True)
    assert "&lt;b&gt;fuerte" in page


def test_our_copy_is_deleted_after_a_day(hers, clock):
    copy_of(hers)
    clock.move_to(clock.at + timedelta(hours=25))
    with acting("worker"):
        tasks.forget_old()
    assert hers.get("/me/data/file/").status_code == 404
    with acting("backup"):
        assert DataRequest.objects.count() == 0


def test_a_copy_is_nobody_else_s_to_read_not_even_the_worker_s(hers, lucia, school):
    copy_of(hers)
    for audience, person in (("person", uuid.uuid4()), ("person", "")):
        with acting(audience, person):
            assert DataRequest.objects.count() == 0
    for audience in ("worker", "coordinator", "leader", "caregiver", "web"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), acting(audience):
            list(DataRequest.objects.values("copy"))
    ana = make_person("Ana", school, "caregiver")
    assert sign_in(Client(), ana).get("/me/data/file/").status_code == 404


def test_without_its_policy_a_copy_would_be_anybody_s(hers):
    copy_of(hers)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE accounts_datarequest DISABLE ROW LEVEL SECURITY")
    with acting("person", uuid.uuid4()):
        assert DataRequest.objects.count() == 1


def test_making_one_twice_makes_one(hers, lucia):
    page = copy_of(hers)
    with acting("person", lucia.pk):
        pk = DataRequest.objects.get().pk
        actions.ask_for_copy(person=lucia)
    rights.make_copy(request=pk, person=lucia.pk)
    assert hers.get("/me/data/file/").content.decode() == page


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 404)])
def test_whoever_left_the_school_has_her_copy_for_30_days_and_then_her_account_alone(hers, lucia, clock, days, status):
    actions.end_membership(membership=lucia.memberships.get())
    clock.move_to(clock.at + timedelta(days=days))
    again = sign_in(Client(), lucia)
    page = again.get("/me/")
    assert (page.status_code, again.get("/me/data/").status_code) == (200, status)
    assert ("/me/data/" in page.content.decode(), "/me/erase/" in page.content.decode()) == (status == 200, True)


@pytest.mark.parametrize("kind", ["staff", "leader", "coordinator", "staff_seat", "district_lead", "operator"])
def test_who_was_never_a_family_has_no_export(client, school, kind):
    assert sign_in(client, make_person("Alguien", school, kind)).get("/me/data/").status_code == 404


def test_one_s_account_says_who_opened_one_s_phone_and_of_nobody_else(hers, lucia, school, clock):
    rosa, ana = make_person("Rosa", school, "coordinator"), make_person("Ana", school, "caregiver")
    assert "Nobody, so far." in hers.get("/me/").content.decode()
    actions.reveal_contact(person=lucia, school=school, by=rosa)
    assert "Rosa, on Monday, February 15" in hers.get("/me/").content.decode()
    assert "Rosa, on" not in sign_in(Client(), ana).get("/me/").content.decode()
    with acting("person", ana.pk):
        assert LogEntry.objects.count() == 0
    with acting("coordinator", ana.pk):
        assert LogEntry.objects.count() == 0


def test_every_row_whose_time_is_over_goes_by_one_task(school, lucia, clock):
    LogEntry.objects.create(by=lucia, act="exported", school=school, at=clock.at - timedelta(days=3 * 366))
    LogEntry.objects.create(by=lucia, act="exported", school=school, at=clock.at - timedelta(days=3 * 364))
    Membership.objects.filter(person=lucia).update(until=clock.at)
    privacy.forget_old()
    assert (LogEntry.objects.count(), Membership.objects.count()) == (1, 1)
