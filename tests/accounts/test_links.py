"""Links that were sent: the secret leaves the address at once, reading never acts, and one that is over says so."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from accounts import actions, links
from accounts.models import Link, Membership
from accounts.routes import route
from notifications import clock as programme
from tests.factories import make_person, make_school

pytestmark = pytest.mark.django_db

ABOUT = "0e7a4ed8-3c0e-4ed2-9c0b-0f6b8a2a9d01"


def page(request, public):
    return HttpResponse(links.from_request(request, job="invitation", public=public).about)


urlpatterns = [
    path("", include("accounts.urls")),
    route("i/<str:public>/", page, name="link_invitation", resource="link", audience="link"),
]
handler404 = "accounts.views.front.nothing_here"


@pytest.fixture(autouse=True)
def a_page_for_invitations():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver")


def sent(person, **more):
    """Return the path of an invitation that was sent."""
    return links.url_for("invitation", about=ABOUT, person=person.pk, **more).partition("localhost:8000")[2]


@pytest.mark.parametrize("ending", ["", "/"])
def test_a_link_moves_its_secret_into_a_cookie_for_one_page(client, lucia, ending):
    response = client.get(sent(lucia) + ending)
    public = Link.objects.get().public
    assert (response.status_code, response.url, len(public)) == (302, f"/i/{public}/", 12)
    cookie = response.cookies["link"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/i/{public}/", True, "Lax")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert client.get(response.url).content.decode() == ABOUT


def test_a_link_is_made_of_22_letters_that_are_not_kept(lucia):
    path_ = sent(lucia)
    assert len(path_) == len("/i/") + 22
    assert path_[3:] not in str(Link.objects.values())


def test_the_same_link_sent_again_is_the_same(lucia):
    assert (sent(lucia) == sent(lucia), Link.objects.count()) == (True, 1)


def rows():
    return list(Link.objects.values_list("pk", "ends_at"))


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_opens_a_link_a_hundred_times_changes_nothing(client, lucia, method):
    path_ = sent(lucia)
    before = rows()
    assert {getattr(client, method)(path_).status_code for _ in range(100)} == {302}
    assert rows() == before
    assert client.get(path_, follow=True).content.decode() == ABOUT


def test_a_link_is_read_and_never_posted(client, lucia):
    assert client.post(sent(lucia)).status_code == 405


def where_it_leads(client, path_):
    response = client.get(path_)
    return response.status_code, response.url


def test_an_ended_link_and_one_that_never_was_lead_to_the_same_page(client, lucia):
    path_ = sent(lucia)
    links.end(person=lucia)
    ended, unknown = where_it_leads(client, path_), where_it_leads(client, "/i/" + "x" * 22)
    assert ended == unknown == (302, "/link/")


def test_a_link_that_ends_while_its_page_is_open_leads_there_too(client, lucia):
    page_ = client.get(sent(lucia)).url
    links.end(about=ABOUT)
    assert where_it_leads(client, page_) == (302, "/link/")
    assert where_it_leads(client, "/i/abcdefghijkl/") == (302, "/link/")


def test_without_the_end_the_link_would_still_open(client, lucia):
    path_ = sent(lucia)
    links.end(about="0e7a4ed8-3c0e-4ed2-9c0b-0f6b8a2a9d02")
    assert client.get(path_, follow=True).content.decode() == ABOUT


def test_a_link_with_an_end_of_its_own_stops_then(client, lucia, clock):
    path_ = sent(lucia, ends_at=programme.now() + timedelta(hours=1))
    assert client.get(path_, follow=True).status_code == 200
    clock.move_to(clock.at + timedelta(hours=1))
    assert where_it_leads(client, path_) == (302, "/link/")


def test_the_page_of_a_link_without_its_cookie_shows_nothing(client, lucia):
    sent(lucia)
    assert where_it_leads(client, f"/i/{Link.objects.get().public}/") == (302, "/link/")


def test_the_page_of_a_dead_link_says_that_nothing_is_lost_and_how_to_go_on(client, school):
    client.cookies["django_language"] = "en"
    body = client.get("/link/").content.decode()
    assert "This link no longer works, but nothing is lost" in body
    assert 'href="/enter/"' in body
    assert "Rosa, 773 555 0100" in body


@pytest.mark.parametrize("kind", ["staff", "leader", "teacher_seat", "staff_seat", "student_seat", "principal_seat"])
def test_a_person_who_is_barred_loses_her_links(client, school, lucia, kind):
    path_ = sent(lucia)
    actions.grant_membership(person=lucia, kind=kind, school=school)
    assert where_it_leads(client, path_) == (302, "/link/")


def test_a_tie_that_does_not_bar_leaves_the_links(client, school, lucia):
    path_ = sent(lucia)
    actions.grant_membership(person=lucia, kind=Membership.Kind.PARENT_SEAT, school=school)
    assert client.get(path_, follow=True).content.decode() == ABOUT
