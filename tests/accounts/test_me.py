"""One's own account: everything in it is one's own, and says what one's ties mean."""

import pytest

from accounts import actions, links
from accounts.database import acting
from accounts.models import BARRING_TIE, LogEntry, Membership, Person
from accounts.roles import held
from notifications.models import Address
from tests.factories import make_person, make_school, sign_in

pytestmark = pytest.mark.django_db

STATEMENTS = 12
PHONE = "+17735550142"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone=PHONE, language="en")


@pytest.fixture
def hers(client, lucia):
    return sign_in(client, lucia)


def read(client):
    return client.get("/me/").content.decode()


def test_the_account_shows_name_language_addresses_and_ties(hers):
    page = read(hers)
    shown = ("Lucía", "English", "(773) 555-0142", "You are a family of Academia Mirador.", "gets our messages")
    assert [words for words in shown if words not in page] == []
    assert PHONE not in page


@pytest.mark.parametrize("more", [0, 2])
def test_the_account_takes_the_same_statements_for_any_number_of_addresses(
    hers, lucia, school, more, django_assert_num_queries
):
    for n in range(more):
        make_person("x", school, phone=f"+1773555020{n}")
        Address.objects.get(value=f"+1773555020{n}").owners.add(lucia)
    with django_assert_num_queries(STATEMENTS):
        read(hers)


def test_a_name_can_be_changed(hers, lucia):
    assert hers.post("/me/name/", {"name": "Luchi"}).url == "/me/"
    lucia.refresh_from_db()
    assert lucia.name == "Luchi"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_name_that_cannot_be_shown_is_said_beside_the_field(hers, lucia, name):
    response = hers.post("/me/name/", {"name": name})
    assert (response.status_code, "name" in response.context["form"].errors) == (200, True)
    lucia.refresh_from_db()
    assert lucia.name == "Lucía"


def test_a_language_goes_into_pages_and_messages_and_replaces_the_browser_s_choice(hers, lucia):
    hers.cookies["django_language"] = "en"
    hers.post("/me/language/", {"language": "es"})
    lucia.refresh_from_db()
    assert (lucia.language, Address.objects.get(value=PHONE).language) == ("es", "es")
    assert hers.get("/me/").headers["Content-Language"] == "es"


def test_a_shared_phone_is_remembered(hers, lucia):
    hers.post("/me/phone/", {"shared": "yes"})
    lucia.refresh_from_db()
    assert lucia.shares_phone
    hers.post("/me/phone/", {"shared": "no"})
    lucia.refresh_from_db()
    assert not lucia.shares_phone


def test_messages_can_be_stopped_and_let_go_again(hers):
    address = Address.objects.get(value=PHONE)
    hers.post(f"/me/messages/{address.pk}/stop/")
    address.refresh_from_db()
    assert address.stopped_at is not None
    assert "messages are stopped" in read(hers)
    hers.post(f"/me/messages/{address.pk}/resume/")
    address.refresh_from_db()
    assert address.stopped_at is None


@pytest.mark.parametrize("verb", ["stop", "resume"])
def test_somebody_else_s_address_is_not_there(hers, school, verb):
    make_person("Ana", school, "caregiver", phone="+17735550143")
    other = Address.objects.get(value="+17735550143")
    assert hers.post(f"/me/messages/{other.pk}/{verb}/").status_code == 404
    other.refresh_from_db()
    assert other.stopped_at is None


def test_a_new_calendar_address_ends_the_old_one(hers, lucia):
    before = lucia.feed_secret
    hers.post("/me/calendar/new/")
    lucia.refresh_from_db()
    assert lucia.feed_secret != before


def test_reading_acts_on_nothing(hers):
    address = Address.objects.get(value=PHONE)
    paths = (f"/me/messages/{address.pk}/stop/", f"/me/messages/{address.pk}/resume/", "/me/calendar/new/", "/me/out/")
    assert [hers.get(path).status_code for path in paths] == [405] * 4


CLOSED = "is closed to you, even if you are also a family here"


@pytest.mark.parametrize(
    ("kind", "on_payroll", "is_closed"),
    [
        ("caregiver", False, False),
        ("coordinator", False, False),
        ("coordinator", True, True),
        ("staff", False, True),
        ("leader", False, True),
        ("parent_seat", False, False),
        ("community_seat", False, False),
        ("teacher_seat", False, True),
        ("staff_seat", False, True),
        ("student_seat", False, True),
        ("principal_seat", False, True),
        ("district_lead", False, False),
        ("evaluator", False, False),
        ("operator", False, False),
    ],
)
def test_every_tie_is_explained_and_a_closed_door_says_why(client, school, kind, on_payroll, is_closed):
    person = make_person("Alguien", school, kind, on_payroll=on_payroll, language="en")
    page = read(sign_in(client, person))
    assert (CLOSED in page, "What stays open to you" in page) == (is_closed, is_closed)


def test_the_second_step_is_shown_to_those_whose_work_needs_it(client, school, lucia):
    assert "second step" not in read(sign_in(client, lucia))
    rosa = make_person("Rosa", school, "coordinator", language="en")
    assert "See my second step" in read(sign_in(client, rosa))


def test_saying_that_one_works_there_bars_at_once_and_ends_one_s_invitations(school, lucia):
    links.url_for("invitation", about="0e7a4ed8-3c0e-4ed2-9c0b-0f6b8a2a9d01", person=lucia.pk)
    with acting("link"):
        actions.say_works_here(person=lucia, school=school)
        actions.say_works_here(person=lucia, school=school)
    assert list(lucia.memberships.order_by("kind").values_list("kind", "on_payroll")) == [
        ("caregiver", False),
        ("staff", False),
    ]
    assert links.Link.objects.get().ends_at is not None
    assert Person.objects.get(pk=lucia.pk).asked_about_work_at is not None


def test_who_takes_part_in_no_series_is_offered_no_calendar(client, lucia):
    principal = make_person("Dra. Grant", lucia.memberships.get().school, "leader")
    client.force_login(principal)
    assert str(principal.feed_secret) not in client.get("/me/").content.decode()
    client.force_login(lucia)
    assert str(lucia.feed_secret) in client.get("/me/").content.decode()


@pytest.fixture
def new_rosa(school):
    return make_person("Rosa", school, "caregiver", "coordinator", language="en", on_payroll=None)


def pay(school):
    return f"/me/pay/{school.pk}/"


def test_a_coordinator_says_first_of_all_whether_the_school_pays_her(client, school, new_rosa):
    desk = sign_in(client, new_rosa)
    assert [desk.get(path).url for path in ("/c/", "/c/series/new/")] == [pay(school)] * 2
    page = desk.get(pay(school))
    assert (page.context["form"]["paid"].value(), "stays closed to you" in page.content.decode()) == (None, True)
    assert desk.post(pay(school), {"paid": "no"}).url == "/"
    assert desk.get("/c/").status_code == 200


def test_a_coordinator_who_has_not_said_it_is_barred_as_if_she_were_paid(school, new_rosa):
    assert held(new_rosa).bars(school.pk)
    assert list(Membership.objects.filter(BARRING_TIE).values_list("person", flat=True)) == [new_rosa.pk]


@pytest.mark.parametrize(("paid", "bars"), [("yes", True), ("no", False)])
def test_the_answer_about_pay_counts_at_once_and_can_be_changed(client, school, new_rosa, paid, bars):
    desk = sign_in(client, new_rosa)
    for answer in ("yes", "no", paid):
        desk.post(pay(school), {"paid": answer})
    assert held(new_rosa).bars(school.pk) == bars
    assert (Membership.objects.filter(BARRING_TIE, person=new_rosa).exists(), CLOSED in read(desk)) == (bars, bars)
    assert desk.get(pay(school)).context["form"]["paid"].value() == paid


def test_each_new_answer_about_pay_is_logged_once_and_a_yes_ends_invitations(client, school, new_rosa):
    links.url_for("invitation", about="0e7a4ed8-3c0e-4ed2-9c0b-0f6b8a2a9d01", person=new_rosa.pk)
    desk = sign_in(client, new_rosa)
    desk.post(pay(school), {"paid": "no"})
    assert links.Link.objects.get().ends_at is None
    for answer in ("yes", "yes"):
        assert desk.post(pay(school), {"paid": answer}).url == "/me/"
    assert links.Link.objects.get().ends_at is not None
    assert sorted(LogEntry.objects.values_list("act", "by")) == [
        ("said_paid", new_rosa.pk),
        ("said_unpaid", new_rosa.pk),
    ]


def test_an_answer_about_pay_is_asked_in_words_when_it_is_missing(client, school, new_rosa):
    page = sign_in(client, new_rosa).post(pay(school), {"paid": ""})
    assert page.context["form"].errors == {"paid": ["Choose yes or no"]}


def test_nobody_speaks_of_another_s_pay(school, lucia, new_rosa):
    with acting("person", lucia.pk):
        actions.say_paid(person=new_rosa, school=school, is_paid=False)
    assert held(new_rosa).bars(school.pk)
    with acting("person", new_rosa.pk):
        actions.say_paid(person=new_rosa, school=school, is_paid=False)
    assert not held(new_rosa).bars(school.pk)


def test_only_a_school_s_coordinator_is_asked_about_its_pay(client, school, lucia, hers):
    assert hers.get(pay(school)).status_code == 404
    rosa = make_person("Rosa", school, "coordinator", language="en")
    assert sign_in(client, rosa).get(pay(make_school("Roble"))).status_code == 404
