"""From an invitation to a place: six taps, at most ten families, and a line in which nobody is lost."""

import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import translation

from accounts import links
from accounts.models import LogEntry, Membership, Person, StaffContact
from dialogue_series.actions import inviting, joining
from dialogue_series.models import Enrolment, Invitation, JoinRequest, Rsvp, Series, SupportRequest
from notifications import clock
from notifications.models import Intent
from tests.factories import enrol, make_person, make_school, make_series, tie

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_school()


@pytest.fixture
def series(school):
    elena = make_person("Elena", school, "caregiver")
    return make_series(school, facilitator=elena, offers=["childcare", "interpreter", "ride", "food", "other"])


@pytest.fixture
def marta(school):
    return make_person("Marta Ruiz", school, "caregiver", phone="+17735550142", state="invited")


def invitation_for(person, series):
    rosa = Person.objects.filter(name="Rosa").first() or make_person("Rosa", series.school, "coordinator")
    return Invitation.objects.create(series=series, person=person, invited_by=rosa, invited_at=clock.now())


def sent(invitation):
    """Return the address that the message of the invitation's present turn holds."""
    url = links.url_for("invitation", about=invitation.pk, person=invitation.person_id, turn=invitation.turn)
    return urlsplit(url).path


def opened(client, invitation):
    """Open the link as a phone does, and return the address of its page."""
    return client.get(sent(invitation))["Location"]


# Six taps, nothing typed


def test_six_taps_lead_from_the_message_to_the_answer(client, series, marta):
    page = opened(client, invitation_for(marta, series))
    assert client.get(page).status_code == 200
    assert client.post(page, {"answer": "yes"})["Location"] == f"{page}name/"
    form = client.get(f"{page}name/").context["form"]
    assert client.post(f"{page}name/", form.initial)["Location"] == f"{page}promise/"
    assert f'href="{page}rsvp/"' in client.get(f"{page}promise/").content.decode()
    assert client.post(f"{page}rsvp/", {"answer": "in_person"})["Location"] == f"{page}needs/"
    assert client.post(f"{page}needs/", {"kinds": ["childcare"]})["Location"] == f"{page}done/"
    done = client.get(f"{page}done/").content.decode()

    assert "jueves 18 de febrero" in done
    assert list(Enrolment.objects.values_list("person", "state")) == [(marta.pk, "joined")]
    assert list(Rsvp.objects.values_list("session__number", "person", "answer")) == [(4, marta.pk, "in_person")]
    assert list(SupportRequest.objects.values_list("kind", flat=True)) == ["childcare"]
    assert Person.objects.get(pk=marta.pk).state == "here"
    assert list(LogEntry.objects.values_list("act", "about_person")) == [("admitted", marta.pk)]
    assert Series.objects.get().joined == 1


def test_by_video_only_an_interpreter_is_offered_and_not_coming_skips_the_question(client, series, marta):
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    client.post(f"{page}rsvp/", {"answer": "video"})
    asked = client.get(f"{page}needs/").context["form"]
    assert [value for value, _label in asked.fields["kinds"].choices] == ["interpreter"]
    assert client.post(f"{page}rsvp/", {"answer": "cannot"})["Location"] == f"{page}done/"
    assert client.get(f"{page}needs/")["Location"] == f"{page}done/"


def test_a_series_without_video_offers_three_answers(client, school, marta):
    series = make_series(school, video_url="")
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    buttons = client.get(f"{page}rsvp/").context["form"].buttons
    assert [button["value"] for button in buttons] == ["in_person", "cannot", "unknown"]


def test_a_name_that_is_empty_is_asked_again_in_words(client, series, marta):
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    response = client.post(f"{page}name/", {"name": "  "})
    assert response.context["form"].errors["name"].as_data()[0].code == "required"
    client.post(f"{page}name/", {"name": "La mamá de O’Brien"})
    assert Person.objects.get(pk=marta.pk).name == "La mamá de O’Brien"


@pytest.mark.parametrize(("language", "words"), [("es", "Sí, quiero participar"), ("en", "Yes, I want to take part")])
def test_an_invitation_speaks_the_language_of_whoever_is_invited(client, series, language, words):
    person = make_person("Ana", series.school, "caregiver", language=language)
    response = client.get(opened(client, invitation_for(person, series)))
    assert response["Content-Language"] == language
    with translation.override(language):
        assert translation.gettext("Yes, I want to take part") in response.content.decode()


# Reading never acts


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_opens_everything_changes_nothing(client, series, marta, method):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    for path in (sent(invitation), page, f"{page}name/", f"{page}promise/", f"{page}rsvp/", f"{page}works-here/"):
        getattr(client, method)(path)
    getattr(client, method)(f"{page}again/")
    invitation.refresh_from_db()
    assert (invitation.claimed_at, invitation.declined_at, invitation.turn) == (None, None, 1)
    assert Enrolment.objects.count() == 0
    assert Intent.objects.count() == 0
    assert Membership.objects.filter(kind="staff").count() == 0


# Refusing, and changing one's mind


def test_no_is_one_tap_and_sends_nothing(client, series, marta):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    client.post(page, {"answer": "no"})
    invitation.refresh_from_db()
    assert invitation.declined_at == clock.now()
    assert Intent.objects.count() == 0
    assert b'value="yes"' in client.get(page).content


def test_after_a_no_the_same_link_still_says_yes(client, series, marta):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    client.post(page, {"answer": "no"})
    client.post(page, {"answer": "yes"})
    invitation.refresh_from_db()
    assert (invitation.claimed_at, invitation.declined_at) == (clock.now(), None)
    assert Enrolment.objects.get().state == "joined"


# Single use


def test_after_the_yes_only_the_browser_that_said_it_goes_on(client, series, marta):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    client.post(page, {"answer": "yes"})
    other = Client()
    assert opened(other, invitation) == page
    assert other.get(f"{page}name/")["Location"] == page
    shown = other.get(page).content.decode()
    assert f'action="{page}again/"' in shown
    other.post(f"{page}rsvp/", {"answer": "cannot"})
    other.post(f"{page}name/", {"name": "Otra"})
    assert Rsvp.objects.count() == 0
    assert Person.objects.get(pk=marta.pk).name == "Marta Ruiz"
    assert client.get(page)["Location"] == f"{page}name/"


def test_without_the_cookie_of_the_yes_the_guard_lets_nobody_pass_and_with_a_forged_one_neither(client, series, marta):
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    client.cookies["claim"] = client.cookies["claim"].value[:-1] + "x"
    assert client.get(f"{page}name/")["Location"] == page


def test_the_single_use_test_goes_red_when_the_guard_is_out(client, series, marta, monkeypatch):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    client.post(page, {"answer": "yes"})
    monkeypatch.setattr("dialogue_series.views.joining.claimed_in", lambda request: str(invitation.pk))
    other = Client()
    opened(other, invitation)
    other.post(f"{page}rsvp/", {"answer": "cannot"})
    assert Rsvp.objects.get().answer == "cannot"


def test_asking_for_a_new_link_sends_one_an_hour_and_stops_the_old_ones(client, series, marta):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    client.post(page, {"answer": "yes"})
    other = Client()
    opened(other, invitation)
    assert other.post(f"{page}again/").context["is_sent"] is True
    assert other.post(f"{page}again/").context["is_sent"] is False
    invitation.refresh_from_db()
    assert invitation.turn == 2
    assert list(Intent.objects.values_list("kind", "about", "to_person")) == [("invitation", invitation.pk, marta.pk)]

    new = opened(Client(), invitation)
    assert new != page
    fresh = Client()
    fresh.post(opened(fresh, invitation), {"answer": "yes"})
    assert fresh.get(f"{new}rsvp/").status_code == 200
    assert Enrolment.objects.count() == 1
    assert Series.objects.get().joined == 1
    # The first browser's link is of an earlier turn now.
    assert client.get(f"{page}name/")["Location"] == page


def test_an_open_invitation_cannot_be_used_to_send_messages(client, series, marta):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    assert client.post(f"{page}again/")["Location"] == page
    assert Intent.objects.count() == 0


def test_without_the_link_there_is_nothing(client, series, marta):
    page = opened(client, invitation_for(marta, series))
    stranger = Client()
    for step in ("", "name/", "promise/", "rsvp/", "needs/", "done/", "session.ics", "works-here/"):
        assert stranger.get(page + step)["Location"] == "/link/"


# At most ten


def full(series):
    for number in range(series.places):
        enrol(series, make_person(f"Familia {number}", series.school, "caregiver"))


def test_the_eleventh_is_told_that_she_waits_and_where_in_the_line(client, series, marta):
    full(series)
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    assert client.get(f"{page}name/").context["place"] == 1
    assert client.get(f"{page}rsvp/").context["place"] == 1
    enrolment = Enrolment.objects.get(person=marta)
    assert enrolment.state == "waiting"
    assert list(Intent.objects.values_list("kind", "about", "to_person")) == [("waiting_list", enrolment.pk, marta.pk)]


def test_a_second_yes_changes_nothing(series, marta):
    invitation = invitation_for(marta, series)
    first = joining.claim(invitation=invitation)
    assert joining.claim(invitation=invitation) == first
    assert Series.objects.get().joined == 1
    assert LogEntry.objects.count() == 1


def test_whoever_waited_longest_gets_the_place_that_frees(series, clock):
    full(series)
    waiting = [make_person(name, series.school, "caregiver") for name in ("Ana", "Berta")]
    for person in waiting:
        joining.claim(invitation=invitation_for(person, series))
        clock.move_to(clock.at.replace(minute=clock.at.minute + 1))
    leaving = Enrolment.objects.filter(state="joined").first()
    joining.leave(enrolment=leaving)
    joining.leave(enrolment=leaving)
    states = {person.name: Enrolment.objects.get(person=person).state for person in waiting}
    assert states == {"Ana": "joined", "Berta": "waiting"}
    assert Series.objects.get().joined == 10
    assert list(Intent.objects.filter(kind="place_free").values_list("to_person", flat=True)) == [waiting[0].pk]


def test_a_place_that_frees_passes_over_somebody_hired_meanwhile(series):
    full(series)
    ana, berta = (make_person(name, series.school, "caregiver") for name in ("Ana", "Berta"))
    for person in (ana, berta):
        joining.claim(invitation=invitation_for(person, series))
    tie(ana, series.school, "staff")
    joining.leave(enrolment=Enrolment.objects.filter(state="joined").first())
    assert Enrolment.objects.get(person=berta).state == "joined"
    assert Enrolment.objects.get(person=ana).state == "waiting"


def test_whoever_left_the_line_frees_no_place(series, marta):
    full(series)
    joining.leave(enrolment=joining.claim(invitation=invitation_for(marta, series)))
    assert Series.objects.get().joined == 10


# Five at once for the last place


def claim_at_once(invitations, gate):
    """Let each invitation be claimed on a connection of its own, all at the same moment."""
    results = []

    def run(pk):
        try:
            gate.wait()
            results.append(joining.claim(invitation=Invitation.objects.select_related("person").get(pk=pk)).state)
        except Exception as error:  # noqa: BLE001
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[invitation.pk]) for invitation in invitations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def five_for_the_last_place():
    school = make_school()
    series = make_series(school)
    for number in range(9):
        enrol(series, make_person(f"Familia {number}", school, "caregiver"))
    return [invitation_for(make_person(f"Nueva {n}", school, "caregiver"), series) for n in range(5)]


@pytest.mark.django_db(transaction=True)
def test_of_five_at_once_one_gets_the_last_place():
    invitations = five_for_the_last_place()
    assert claim_at_once(invitations, threading.Barrier(5)) == ["joined", "waiting", "waiting", "waiting", "waiting"]
    assert Series.objects.get().joined == 10
    assert Enrolment.objects.filter(state="joined").count() == 10


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_last_place_is_given_twice(monkeypatch):
    invitations = five_for_the_last_place()
    monkeypatch.setattr(type(Series.objects.all()), "select_for_update", lambda self, **how: self)
    # Everybody has read the row before anybody writes it.
    read = threading.Barrier(5)
    monkeypatch.setattr(joining, "works_here", lambda *given, **named: bool(read.wait()) and False)
    results = claim_at_once(invitations, threading.Barrier(5))
    assert results.count("joined") > 1


# Who works at the school


@pytest.mark.parametrize("how", ["staff", "leader", "teacher_seat", "listed"])
def test_whoever_works_at_the_school_gets_a_kind_page_without_the_reason(client, series, marta, how):
    if how == "listed":
        StaffContact.objects.create(school=series.school, value="+17735550142")
    else:
        tie(marta, series.school, how)
    page = opened(client, invitation_for(marta, series))
    shown = client.get(page)
    assert [t.name for t in shown.templates][0] == "dialogue_series/invitation_closed.html"
    client.post(page, {"answer": "yes"})
    assert Enrolment.objects.count() == 0


def test_a_tie_to_another_school_bars_nobody_here(client, series, marta):
    tie(marta, make_school("Otra"), "staff")
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    assert Enrolment.objects.get().state == "joined"


def test_the_action_itself_refuses_whoever_works_at_the_school(series, marta):
    tie(marta, series.school, "staff")
    with pytest.raises(ValidationError) as refusal:
        joining.claim(invitation=invitation_for(marta, series))
    assert refusal.value.code == "works_here"


def test_the_refusal_goes_red_when_the_guard_is_out(series, marta, monkeypatch):
    tie(marta, series.school, "staff")
    monkeypatch.setattr(joining, "works_here", lambda *given, **named: False)
    assert joining.claim(invitation=invitation_for(marta, series)).state == "joined"


def test_hired_after_the_yes_the_next_step_is_closed(client, series, marta):
    page = opened(client, invitation_for(marta, series))
    client.post(page, {"answer": "yes"})
    tie(marta, series.school, "staff")
    assert client.get(f"{page}rsvp/")["Location"] == page
    assert client.get(page).templates[0].name == "dialogue_series/invitation_closed.html"


def test_saying_that_one_works_here_frees_the_place_and_closes_the_door(client, series, marta):
    full(series)
    joining.leave(enrolment=Enrolment.objects.filter(state="joined").first())
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    client.post(page, {"answer": "yes"})
    waiting = make_person("Ana", series.school, "caregiver")
    joining.claim(invitation=invitation_for(waiting, series))
    assert client.get(f"{page}works-here/").status_code == 200
    assert Membership.objects.filter(kind="staff").count() == 0
    assert client.post(f"{page}works-here/").status_code == 200
    assert Membership.objects.filter(person=marta, kind="staff", until=None).count() == 1
    assert Enrolment.objects.get(person=marta).state == "left"
    assert Enrolment.objects.get(person=waiting).state == "joined"
    assert client.get(page)["Location"] == "/link/"


# Over


def test_after_the_last_evening_an_invitation_says_so_and_takes_no_yes(client, series, marta, clock):
    invitation = invitation_for(marta, series)
    page = opened(client, invitation)
    clock.move_to(series.sessions.get(number=10).ends)
    assert client.get(page).templates[0].name == "dialogue_series/invitation_over.html"
    client.post(page, {"answer": "yes"})
    assert Enrolment.objects.count() == 0


# From a flyer


def ask(client, series, **changes):
    given = {"name": "Ana Pérez", "contact": "773 555 0177", "language": "es", **changes}
    return client.post(f"/j/{series.flyer_code}/", given)


def test_a_flyer_makes_a_request_and_sends_nothing(client, series):
    assert ask(client, series)["Location"] == f"/j/{series.flyer_code}/kept/"
    assert client.get(f"/j/{series.flyer_code}/kept/").status_code == 200
    assert list(JoinRequest.objects.values_list("name", "channel", "value", "state")) == [
        ("Ana Pérez", "sms", "+17735550177", "open")
    ]
    assert Intent.objects.count() == 0
    assert Person.objects.filter(name="Ana Pérez").count() == 0


def test_the_answer_is_the_same_whether_the_number_is_known_or_not(client, series, marta):
    unknown, known, again = (
        ask(client, series),
        ask(client, series, contact="773 555 0142"),
        ask(client, series, contact="(773) 555-0142"),
    )
    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert (again.status_code, again["Location"]) == (known.status_code, known["Location"])
    assert JoinRequest.objects.count() == 2


def test_what_was_typed_stays_and_the_error_stands_at_its_field(client, series):
    response = ask(client, series, contact="555", name="")
    form = response.context["form"]
    assert {field: errors.as_data()[0].code for field, errors in form.errors.items()} == {
        "name": "required",
        "contact": "phone",
    }
    assert 'value="555"' in response.content.decode()


def test_more_requests_than_a_coordinator_could_read_are_not_taken(client, series, monkeypatch):
    monkeypatch.setattr(joining, "MOST_OPEN_REQUESTS", 1)
    ask(client, series)
    response = ask(client, series, contact="773 555 0178")
    assert response.context["form"].non_field_errors().as_data()[0].code == "too_many_requests"
    assert JoinRequest.objects.count() == 1


def test_one_network_cannot_ask_without_end(client, series, monkeypatch):
    monkeypatch.setattr("accounts.limits.MOST_BY_NETWORK", 1)
    ask(client, series)
    response = ask(client, series, contact="773 555 0178")
    assert response.context["form"].non_field_errors().as_data()[0].code == "too_often"


def test_a_full_group_says_so_on_its_flyer(client, series):
    full(series)
    assert client.get(f"/j/{series.flyer_code}/").context["is_full"] is True


def test_an_unknown_flyer_is_nothing(client, series):
    assert client.get("/j/nothing/").status_code == 404


def test_a_request_becomes_an_invitation_that_joins(client, series):
    ask(client, series)
    rosa = make_person("Rosa", series.school, "coordinator")
    invitation = inviting.accept_request(request=JoinRequest.objects.get(), by=rosa)
    page = opened(client, invitation)
    client.post(page, {"answer": "yes"})
    assert Enrolment.objects.get().person.name == "Ana Pérez"


# How often the database is asked


@pytest.mark.parametrize("families", [1, 3])
@pytest.mark.parametrize("sessions", [1, 10])
def test_the_pages_of_an_invitation_ask_the_same_number_of_times(
    client, school, marta, families, sessions, clock, django_assert_num_queries
):
    series = make_series(school, sessions=sessions)
    clock.move_to(series.sessions.get(number=1).begins - timedelta(days=1))
    for number in range(families):
        enrol(series, make_person(f"Familia {number}", school, "caregiver"))
    page = opened(client, invitation_for(marta, series))
    with django_assert_num_queries(10):
        client.get(page)
    client.post(page, {"answer": "yes"})
    with django_assert_num_queries(12):
        client.get(f"{page}rsvp/")
    with django_assert_num_queries(7):
        client.get(f"/j/{series.flyer_code}/")
