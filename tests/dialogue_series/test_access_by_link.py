"""Somebody barred while her link's request is on its way: 404 however late it comes, and nothing of it stays."""

import threading
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts import links
from accounts.models import LogEntry, Membership, Person
from accounts.routes import walk
from config import middleware
from dialogue_series.access import families as access
from dialogue_series.models import Enrolment, Invitation, Rsvp, Series, SupportRequest
from dialogue_series.views.joining import CLAIM
from notifications import clock
from notifications.models import Intent
from surveys import actions as surveys
from surveys.models import FormPerson, InboxBox
from tests.factories import enrol, give_address, make_person, make_series, tie
from tests.surveys.conftest import WEEKLY, holding_link, open_form, posted

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+17735550142"
WRITTEN = (
    Enrolment,
    FormPerson,
    InboxBox,
    Intent,
    Invitation,
    LogEntry,
    Membership,
    Person,
    Rsvp,
    Series,
    SupportRequest,
)
# Stopping the messages to one's own address is no school's business.
OF_NO_SCHOOL = {"unsubscribe"}


# How somebody comes to a page by a link


def open_link(job, **whose):
    """Open a sent link as a phone does."""
    client = Client()
    return client, client.get(urlsplit(links.url_for(job, **whose)).path)["Location"]


def invited(lucia, series):
    """Invited, and nothing said yet."""
    invitation = Invitation.objects.create(series=series, person=lucia, invited_at=clock.now())
    return open_link("invitation", about=invitation.pk, person=lucia.pk)


def claimed(lucia, series):
    """With a place, in the browser that took it."""
    client, page = invited(lucia, series)
    client.post(page, {"answer": "yes"})
    return client, page


def claimed_elsewhere(lucia, series):
    """With a place that another browser took."""
    client, page = claimed(lucia, series)
    del client.cookies[CLAIM]
    return client, page


def on_the_way(lucia, series):
    """With a place, and having said from that browser that she comes."""
    client, page = claimed(lucia, series)
    client.post(f"{page}rsvp/", {"answer": "in_person"})
    return client, page


def two_on_one_phone(lucia, series):
    """By the link of a reminder that two people read."""
    juan = make_person("Juan", series.school, "caregiver")
    give_address(juan, "sms", PHONE)
    for person in (lucia, juan):
        enrol(series, person)
    return open_link("rsvp", about=series.sessions.get(number=4).pk, address=lucia.addresses.get().pk)


def reminded(lucia, series):
    """Chosen among the two."""
    client, page = two_on_one_phone(lucia, series)
    return client, f"{page}{lucia.pk}/"


def coming(lucia, series):
    """Chosen among the two, and having said that she comes."""
    client, page = reminded(lucia, series)
    client.post(page, {"answer": "in_person"})
    return client, page


def asked_for_opinion(lucia, series):
    """By the link to a form."""
    surveys.publish(written=WEEKLY)
    ring = series.ring
    surveys.make_ring_keys(ring=ring.pk)
    form = open_form(series.school, ring, [lucia])
    client, page = holding_link(form, lucia)
    client.get(page)
    return client, page


def having_a_calendar(lucia, series):
    """By the secret address of her calendar."""
    enrol(series, lucia)
    return Client(), f"/calendar/{lucia.feed_secret}.ics"


# Name of the address, the way to it, what stands after it, and what is sent (nothing: the page is read).
REQUESTS = [
    ("link_invitation", invited, "", None),
    ("link_invitation", invited, "", {"answer": "yes"}),
    ("link_invitation", invited, "", {"answer": "no"}),
    ("invitation_again", claimed_elsewhere, "again/", {}),
    ("invitation_name", claimed, "name/", None),
    ("invitation_name", claimed, "name/", {"name": "Lucía R."}),
    ("invitation_promise", claimed, "promise/", None),
    ("invitation_works_here", claimed, "works-here/", None),
    ("invitation_rsvp", claimed, "rsvp/", None),
    ("invitation_rsvp", claimed, "rsvp/", {"answer": "in_person"}),
    ("invitation_needs", on_the_way, "needs/", None),
    ("invitation_needs", on_the_way, "needs/", {"kinds": ["childcare"]}),
    ("invitation_done", on_the_way, "done/", None),
    ("invitation_calendar", on_the_way, "session.ics", None),
    ("link_rsvp", two_on_one_phone, "", None),
    ("rsvp_answer", reminded, "", None),
    ("rsvp_answer", reminded, "", {"answer": "video"}),
    ("rsvp_needs", coming, "needs/", None),
    ("rsvp_needs", coming, "needs/", {"kinds": ["ride"]}),
    ("rsvp_done", coming, "done/", None),
    ("rsvp_calendar", coming, "session.ics", None),
    ("link_form", asked_for_opinion, "", None),
    ("link_form", asked_for_opinion, "", posted),
    ("calendar_feed", having_a_calendar, "", None),
]
SENT = [case for case in REQUESTS if case[3] is not None]
# Their only question about the person is their last statement as well: it answers as the door does.
ASKED_LAST = {"link_rsvp", "link_form"}


def each_of(cases):
    """Run a test for each of these."""
    ids = [f"{name}-{'read' if said is None else 'sent'}" for name, _way, _step, said in cases]
    return pytest.mark.parametrize(("name", "way", "step", "said"), cases, ids=ids)


@pytest.fixture
def series(school, elena):
    return make_series(school, facilitator=elena)


# What happens meanwhile


def hired(person, school):
    tie(person, school, "staff")


def no_family_any_more(person, school):
    Membership.objects.filter(person=person, school=school, kind="caregiver").update(until=clock.now())


def undo(person):
    Membership.objects.filter(person=person, kind="staff").delete()
    Membership.objects.filter(person=person).update(until=None)


class Meanwhile:
    """What another transaction commits just before the request's statement of this number, if it has so many."""

    def __init__(self, number, change, person, school):
        self.left, self.change, self.where, self.has_happened = number, change, (person, school), False

    def __call__(self, execute, *statement):
        if self.left == 0:
            thread = threading.Thread(target=self.commit)
            thread.start()
            thread.join()
            self.has_happened = True
        self.left -= 1
        return execute(*statement)

    def commit(self):
        self.change(*self.where)
        connection.close()


def rows():
    return {model: list(model.objects.order_by("pk").values()) for model in WRITTEN}


def each_moment(lucia, series, way, step, said, change):
    """Send a request anew for each of its statements, with the change just before it; the last time with none.

    Yield each answer, and whether nothing of the request stayed.
    """
    client, page = way(lucia, series)
    sent = said(FormPerson.objects.get().form) if callable(said) else said
    before, number = rows(), 0
    while True:
        cache.clear()
        meanwhile = Meanwhile(number, change, lucia, series.school)
        with connection.execute_wrapper(meanwhile):
            response = client.get(page + step) if sent is None else client.post(page + step, sent)
        undo(lucia)
        yield response, rows() == before
        if not meanwhile.has_happened:
            return
        number += 1


def is_kind_refusal(response):
    """Say whether a page is the one that tells whoever works at the school what stays open."""
    return "dialogue_series/invitation_closed.html" in [template.name for template in response.templates]


def check(lucia, series, change, name, way, step, said):
    *refused, (opened, _) = each_moment(lucia, series, way, step, said, change)
    assert opened.status_code in {200, 302}
    assert not is_kind_refusal(opened)
    last = refused[-1][0]
    if said is None and name in ASKED_LAST:
        assert last.status_code == 302
        assert str(lucia.pk) not in last["Location"]
    else:
        assert last.status_code == 404
    assert all(response.status_code != 200 or is_kind_refusal(response) for response, _ in refused)
    assert all(nothing_stayed for _, nothing_stayed in refused)


@each_of(REQUESTS)
def test_whoever_is_hired_before_the_last_statement_is_refused_and_nothing_stays(lucia, series, name, way, step, said):
    check(lucia, series, hired, name, way, step, said)


@each_of([case for case in SENT if case[0] in {"link_invitation", "rsvp_answer", "link_form"}])
def test_whose_children_leave_the_school_before_the_last_statement_too(lucia, series, name, way, step, said):
    check(lucia, series, no_family_any_more, name, way, step, said)


@each_of(SENT)
def test_without_the_last_look_what_she_sent_would_stay(lucia, series, monkeypatch, name, way, step, said):
    monkeypatch.setattr(middleware, "is_shut_meanwhile", lambda request: False)
    *barred, _opened = each_moment(lucia, series, way, step, said, hired)
    assert not all(nothing_stayed for _, nothing_stayed in barred)


@pytest.mark.parametrize("name", ["invitation_name", "rsvp_done"])
def test_without_the_last_look_what_she_reads_would_be_shown(lucia, series, monkeypatch, name):
    monkeypatch.setattr(middleware, "is_shut_meanwhile", lambda request: False)
    way, step = next((way, step) for page, way, step, said in REQUESTS if page == name and said is None)
    *barred, _opened = each_moment(lucia, series, way, step, None, hired)
    assert barred[-1][0].status_code == 200


def test_every_page_that_a_link_opens_is_tried(db):
    served = {name for _where, name, view in walk() if "link" in view.declaration.audiences}
    assert served - OF_NO_SCHOOL == {name for name, *_ in REQUESTS}


def test_her_own_word_that_she_works_here_stays(lucia, series):
    client, page = claimed(lucia, series)
    assert client.post(f"{page}works-here/").status_code == 200
    assert Membership.objects.filter(person=lucia, kind="staff").count() == 1


# The door itself


def test_an_invitation_stays_shut_to_whose_time_at_the_school_is_over(lucia, series):
    client, page = invited(lucia, series)
    no_family_any_more(lucia, series.school)
    assert client.get(page).status_code == 404


def test_without_asking_for_the_tie_it_would_open(lucia, series, monkeypatch):
    client, page = invited(lucia, series)
    no_family_any_more(lucia, series.school)
    monkeypatch.setattr(access, "caregiver_ties", lambda person, school, at: Membership.objects.filter(person=person))
    assert client.get(page).status_code == 200
