"""Each door of the series' pages: shut to whoever has no business there, and open once its guard is taken out.

The second half is the proof that the first tests the guard, and not an address that nobody could open.
"""

from datetime import date
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.models import QuerySet, Value
from django.test import Client
from django.urls import reverse

from accounts import links
from accounts.models import Membership, Person
from accounts.roles import Held
from dialogue_series import messages_shown
from dialogue_series.access import families, logistics
from dialogue_series.models import Enrolment, Invitation, JoinRequest, NoSchoolDay, Series
from notifications import clock
from notifications.models import Message
from partnerships.models import GroupMember
from tests.factories import enrol, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db


# Taking a guard out


def without(*conditions):
    """Let every query do without these conditions."""

    def take_out(monkeypatch):
        for method in ("filter", "exclude"):
            real = getattr(QuerySet, method)
            monkeypatch.setattr(
                QuerySet,
                method,
                lambda self, *given, real=real, **named: real(
                    self, *given, **{name: value for name, value in named.items() if name not in conditions}
                ),
            )

    return take_out


def without_bars(monkeypatch):
    """Let no tie bar anybody."""
    for module in (families, logistics):
        monkeypatch.setattr(module, "barring_ties", lambda person, school, at: Membership.objects.none())


def without_family_ties(monkeypatch):
    """Let any tie to any school be a caregiver's to this one."""
    monkeypatch.setattr(families, "caregiver_ties", lambda person, school, at: Membership.objects.all())


def without_coordination(monkeypatch):
    """Let every coordinator be every school's."""
    monkeypatch.setattr(logistics, "coordinated", lambda held: set(Series.objects.values_list("school", flat=True)))


def without_schools(monkeypatch):
    """Let whoever is something at one school be it at all."""
    monkeypatch.setattr(Held, "schools", lambda held, *kinds: set(Series.objects.values_list("school", flat=True)))


def without_groups(monkeypatch):
    """Let every facilitator be every group's."""
    places = type("Places", (), {"filter": lambda self, **where: GroupMember.objects.all()})
    monkeypatch.setattr(logistics, "active_places", lambda at: places())


def without_secrets(monkeypatch):
    """Let any browser hold the newest link."""
    stored = list(links.Link.objects.values_list("secret_hash", flat=True))
    monkeypatch.setattr(links, "digest", lambda secret: bytes(stored[-1]))


def without_lines(monkeypatch):
    """Let whoever waits for a place have one."""
    real = families.mine
    monkeypatch.setattr(
        families, "mine", lambda person, at: real(person, at=at).annotate(my_state=Value(Enrolment.State.JOINED))
    )


def without_places(monkeypatch):
    """Let whoever once had a place have it still."""
    without("state__in")(monkeypatch)
    without_lines(monkeypatch)


def is_open(response):
    """Say whether a page was shown, or an act done; the page of a link that is over is neither."""
    return response.status_code == 200 or response.get("Location", "/link/") != "/link/"


# The desk: a coordinator of another school

DESK = [
    ("get", "series_page", "series"),
    ("get", "series_invite", "series"),
    ("get", "series_people", "series"),
    ("get", "series_messages", "series"),
    ("get", "series_poster", "series"),
    ("get", "session_page", "series evening"),
    ("get", "session_move", "series evening"),
    ("get", "session_cancel", "series evening"),
    ("post", "session_arrange", "series evening"),
    ("post", "session_remind", "series evening family"),
    ("get", "attendance", "series evening"),
    ("get", "run_sheet", "series evening"),
    ("get", "family_page", "family"),
    ("post", "invitation_send_again", "invitation"),
    ("post", "join_request_answer", "request"),
]
EVERY_DESK_PAGE = pytest.mark.parametrize(("method", "name", "about"), DESK, ids=[name for _, name, _ in DESK])


@pytest.fixture
def elsewhere(school):
    """A coordinator of another school, signed in, with a series of her own."""
    far = make_school("Lejos")
    ana = make_person("Ana", far, "coordinator")
    make_series(far, facilitator=make_person("Eva", far, "caregiver"))
    return sign_in(Client(), ana)


@pytest.fixture
def things(series, lucia, rosa):
    """What the addresses of the desk name."""
    invitation = Invitation.objects.create(series=series, person=lucia, invited_by=rosa, invited_at=clock.now())
    request = JoinRequest.objects.create(
        series=series, name="Ana", channel="sms", value="+17735550150", language="es", asked_at=clock.now()
    )
    return {"series": series.pk, "evening": 1, "family": lucia.pk, "invitation": invitation.pk, "request": request.pk}


@EVERY_DESK_PAGE
def test_a_coordinator_elsewhere_finds_the_door_shut(elsewhere, things, method, name, about):
    url = reverse(name, args=[things[one] for one in about.split()])
    assert getattr(elsewhere, method)(url).status_code == 404


@EVERY_DESK_PAGE
def test_without_the_guard_she_would_come_in(elsewhere, things, monkeypatch, method, name, about):
    url = reverse(name, args=[things[one] for one in about.split()])
    without_coordination(monkeypatch)
    assert is_open(getattr(elsewhere, method)(url))


def listed(browser):
    """What the Today page takes from the series that somebody coordinates: how many of each."""
    shown = browser.get(reverse("today")).context
    return {name: len(shown[name]) for name in ("all_series", "unmarked", "lost", "join_requests")}


def lose_a_message(series, person, *, kind="session_reminder", secret=False, occurrence="day_before"):
    """Let a message about the first evening have failed."""
    about = series.sessions.get(number=1).pk
    message = Message.objects.create(
        address=person.addresses.get(),
        kind=kind,
        about=about,
        occurrence=occurrence,
        state="dead",
        due_at=clock.now(),
        settled_at=clock.now(),
        secret=secret,
        reference=about,
    )
    message.for_people.create(person=person, kind=kind, about=about, occurrence=occurrence, channel="sms")
    return message


def test_today_lists_the_things_of_her_own_school_only(elsewhere, series, lucia, things):
    lose_a_message(series, lucia)
    assert listed(elsewhere) == {"all_series": 1, "unmarked": 3, "lost": 0, "join_requests": 0}


def test_without_the_guard_today_would_list_everybody_s(elsewhere, series, lucia, things, monkeypatch):
    lose_a_message(series, lucia)
    without_coordination(monkeypatch)
    assert listed(elsewhere) == {"all_series": 2, "unmarked": 6, "lost": 1, "join_requests": 1}


@pytest.mark.parametrize("name", ["school_days", "staff_list"])
def test_the_lists_of_a_school_are_shut_too_and_without_the_guard_they_open(
    elsewhere, series, school, monkeypatch, name
):
    url = reverse(name, args=[school.slug])
    assert elsewhere.get(url).status_code == 404
    without_schools(monkeypatch)
    assert elsewhere.get(url).status_code == 200


def test_a_closed_day_is_taken_off_its_own_school_s_list_only(elsewhere, series, school, monkeypatch):
    day = NoSchoolDay.objects.create(school=school, on=date(2027, 3, 22), reason="Spring break")
    url = reverse("school_day_remove", args=["lejos", day.pk, day.pk])
    assert elsewhere.post(url).status_code == 404
    without("school")(monkeypatch)
    assert elsewhere.post(url).status_code == 302


# One person at one door: who she is, where she knocks, what keeps her out


def a_family_without_a_place(series, lucia):
    """A caregiver of the school who was not invited."""
    return sign_in(Client(), make_person("Berta", series.school, "caregiver"))


def a_family_that_left(series, lucia):
    Enrolment.objects.filter(person=lucia).update(state="left")
    return sign_in(Client(), lucia)


def a_family_that_is_elsewhere_now(series, lucia):
    Membership.objects.filter(person=lucia).update(until=clock.now())
    tie(lucia, make_school("Lejos"), "caregiver")
    return sign_in(Client(), lucia)


def a_family_hired(series, lucia):
    tie(lucia, series.school, "staff")
    return sign_in(Client(), lucia)


def a_family_of_a_draft(series, lucia):
    Series.objects.update(published_at=None)
    return sign_in(Client(), lucia)


def the_facilitator(series, lucia):
    return sign_in(Client(), Person.objects.get(name="Elena"))


def the_facilitator_of_a_draft(series, lucia):
    Series.objects.update(published_at=None)
    return the_facilitator(series, lucia)


def the_facilitator_hired(series, lucia):
    tie(Person.objects.get(name="Elena"), series.school, "staff")
    return the_facilitator(series, lucia)


def a_facilitator_of_another_group(series, lucia):
    other = make_person("Olga", series.school, "caregiver")
    make_series(series.school, facilitator=other)
    return sign_in(Client(), other)


def the_coordinator(series, lucia):
    return sign_in(Client(), make_person("Rosa", series.school, "coordinator"))


def a_stranger(series, lucia):
    return Client()


def open_link(client, job, **whose):
    return client.get(urlsplit(links.url_for(job, **whose)).path)["Location"]


def reminder_of(series, person, client):
    """Open a reminder's link and return the question it leads to, for this person."""
    about, address = series.sessions.get(number=4).pk, person.addresses.get()
    return f"{open_link(client, 'rsvp', about=about, address=address.pk)}{person.pk}/"


def invitation_of(series, person, client, *, opened_by=None):
    invitation = Invitation.objects.create(series=series, person=person, invited_at=clock.now())
    return open_link(client, "invitation", about=invitation.pk, person=(opened_by or person).pk)


def page(name, *args):
    """Return the address of a page of the series."""
    return lambda series, lucia, client: reverse(name, args=[series.pk, *args])


def own_reminder(series, lucia, client):
    return reminder_of(series, lucia, client)


def somebody_s_on_another_phone(series, lucia, client):
    """The link of one phone, with the name of a family that reads on another."""
    other = make_person("Ana", series.school, "caregiver", phone="+17735550143")
    enrol(series, other)
    return reminder_of(series, lucia, client).replace(str(lucia.pk), str(other.pk))


def reminder_without_its_secret(series, lucia, client):
    return reminder_of(series, lucia, Client())


def own_invitation(series, lucia, client):
    return invitation_of(series, lucia, client)


def somebody_s_invitation(series, lucia, client):
    """A link that names one person and the invitation of another."""
    other = make_person("Ana", series.school, "caregiver")
    return invitation_of(series, lucia, client, opened_by=other)


def invitation_without_its_secret(series, lucia, client):
    return invitation_of(series, lucia, Client())


def own_calendar(series, lucia, client):
    return reverse("calendar_feed", args=[lucia.feed_secret])


def flyer(series, lucia, client):
    return reverse("join_request", args=[series.flyer_code])


def reminder_by_hand(series, lucia, client):
    return reverse("session_remind", args=[series.pk, 4, lucia.pk])


def a_person_gone(series, lucia):
    Person.objects.filter(pk=lucia.pk).update(state="left")
    return Client()


def a_person_put_out(series, lucia):
    Person.objects.filter(pk=lucia.pk).update(is_active=False)
    return Client()


def a_stranger_to_whoever_left(series, lucia):
    Enrolment.objects.filter(person=lucia).update(state="left")
    return Client()


def a_stranger_to_whoever_waits(series, lucia):
    Enrolment.objects.filter(person=lucia).update(state="waiting")
    return Client()


def a_stranger_to_whoever_is_elsewhere_now(series, lucia):
    a_family_that_is_elsewhere_now(series, lucia)
    return Client()


def a_stranger_to_whoever_was_hired(series, lucia):
    a_family_hired(series, lucia)
    return Client()


def a_stranger_to_a_draft(series, lucia):
    Series.objects.update(published_at=None)
    return Client()


def the_coordinator_of_a_family_that_left(series, lucia):
    Enrolment.objects.filter(person=lucia).update(state="left")
    return the_coordinator(series, lucia)


HOME, EVENING, LEAVE = page("series_home"), page("session_detail", 4), page("series_leave")
RUN_SHEET, ATTENDANCE = page("run_sheet", 1), page("attendance", 1)
PUBLISHED = without("published_at__isnull", "series__published_at__isnull")
DOORS = [
    # Signed in, as a family.
    (a_family_without_a_place, HOME, without("person")),
    (a_family_without_a_place, EVENING, without("person")),
    (a_family_that_left, HOME, without("state__in")),
    (a_family_that_is_elsewhere_now, HOME, without_family_ties),
    (a_family_hired, HOME, without_bars),
    (a_family_of_a_draft, HOME, PUBLISHED),
    (the_facilitator, LEAVE, without("person")),
    # Holding an evening.
    (a_facilitator_of_another_group, RUN_SHEET, without_groups),
    (a_facilitator_of_another_group, ATTENDANCE, without_groups),
    (the_facilitator_hired, RUN_SHEET, without_bars),
    (the_facilitator_hired, ATTENDANCE, without_bars),
    (the_facilitator_of_a_draft, RUN_SHEET, PUBLISHED),
    (the_coordinator_of_a_family_that_left, reminder_by_hand, without("enrolments__state")),
    # By a sent link, in a browser that is nobody's.
    (a_stranger, reminder_without_its_secret, without_secrets),
    (a_stranger, somebody_s_on_another_phone, without("addresses")),
    (a_stranger_to_whoever_left, own_reminder, without("enrolments__state")),
    (a_stranger_to_whoever_is_elsewhere_now, own_reminder, without_family_ties),
    (a_stranger_to_whoever_was_hired, own_reminder, without_bars),
    (a_stranger_to_a_draft, own_reminder, PUBLISHED),
    (a_stranger, invitation_without_its_secret, without_secrets),
    (a_stranger, somebody_s_invitation, without("person")),
    (a_stranger_to_whoever_is_elsewhere_now, own_invitation, without_family_ties),
    (a_stranger_to_a_draft, own_invitation, PUBLISHED),
    # By the secret address of a calendar, and by a flyer.
    (a_stranger_to_whoever_left, own_calendar, without_places),
    (a_stranger_to_whoever_waits, own_calendar, without_lines),
    (a_stranger_to_whoever_is_elsewhere_now, own_calendar, without_family_ties),
    (a_stranger_to_whoever_was_hired, own_calendar, without_bars),
    (a_stranger_to_a_draft, own_calendar, PUBLISHED),
    (a_person_gone, own_calendar, without("state")),
    (a_person_put_out, own_calendar, without("is_active")),
    (a_stranger_to_a_draft, flyer, PUBLISHED),
]


def knock(series, lucia, who, where):
    """Return the browser of this person, and the address at which she knocks."""
    client = who(series, lucia)
    url = where(series, lucia, client)
    return client.post if where is reminder_by_hand else client.get, url


@pytest.mark.parametrize(("who", "where", "take_out"), DOORS)
def test_the_door_is_shut_and_without_its_guard_it_opens(series, lucia, monkeypatch, who, where, take_out):
    ask, url = knock(series, lucia, who, where)
    assert not is_open(ask(url))
    take_out(monkeypatch)
    assert is_open(ask(url))


# Second requests for an answer: who got one has not answered yet, so no page may list it (trust.md S3)


def without_the_query_s_filter(monkeypatch):
    without("secret")(monkeypatch)


def without_the_policy(monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE notifications_message DISABLE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE notifications_messageperson DISABLE ROW LEVEL SECURITY")


def without_the_list_of_kinds(monkeypatch):
    monkeypatch.setitem(messages_shown.KINDS, "feedback_second_request", "Asked again")


FILTERS = {
    "the query's filter": without_the_query_s_filter,
    "the policy of the database": without_the_policy,
    "the list of kinds": without_the_list_of_kinds,
}


def asked_again(series, lucia):
    return lose_a_message(series, lucia, kind="feedback_second_request", secret=True, occurrence="once")


def told(desk, series):
    """Which messages the page of a series names, and whom they did not reach."""
    groups = desk.get(reverse("series_messages", args=[series.pk])).context["told"]
    return {str(group["what"]): [line["names"] for line in group["lines"]] for group in groups}


@pytest.mark.parametrize("alone", FILTERS)
def test_each_filter_alone_keeps_second_requests_off_the_page(desk, series, lucia, monkeypatch, alone):
    asked_again(series, lucia)
    for name, take_out in FILTERS.items():
        if name != alone:
            take_out(monkeypatch)
    assert told(desk, series) == {}


def test_with_all_of_them_out_the_page_would_list_who_was_asked_again(desk, series, lucia, monkeypatch):
    asked_again(series, lucia)
    for take_out in FILTERS.values():
        take_out(monkeypatch)
    assert told(desk, series) == {"Asked again": ["Lucía"]}


@pytest.mark.parametrize("alone", ["the query's filter", "the policy of the database"])
def test_a_second_request_that_failed_worries_nobody_on_today_and_either_filter_sees_to_it(
    desk, series, lucia, monkeypatch, alone
):
    asked_again(series, lucia)
    for name in {"the query's filter", "the policy of the database"} - {alone}:
        FILTERS[name](monkeypatch)
    assert listed(desk)["lost"] == 0


def test_with_both_out_today_would_show_that_one_failed(desk, series, lucia, monkeypatch):
    asked_again(series, lucia)
    without_the_query_s_filter(monkeypatch)
    without_the_policy(monkeypatch)
    assert listed(desk)["lost"] == 1
