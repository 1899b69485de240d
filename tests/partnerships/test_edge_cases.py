"""The edge cases of trust.md 2.2, each as a story about one door: the group's own address answers a plain 404.

Told elsewhere: two caregivers on one phone (accounts/test_entering), an invitation used twice and a leaked flyer
(dialogue_series/test_joining, test_inviting), somebody hired while a request is on its way (config/test_middleware), a
superuser in the admin (accounts/test_admin, test_access_matrix), a withdrawn quote (partnerships/test_quotes).
"""

from datetime import timedelta

import pytest
from django.contrib.admin.sites import all_sites
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.database import acting
from accounts.models import Membership, Person, StaffContact
from dialogue_series.actions import inviting, joining
from dialogue_series.models import Enrolment
from partnerships.models import CONTENT, GroupMember
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

PHONE = "+17735550142"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone=PHONE, language="en")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator")


@pytest.fixture
def series(school, lucia):
    series = make_series(school, families=[lucia])
    make_member(series.group, lucia)
    make_post(series.group, lucia, "Lo que dijimos.")
    return series


def doors(person, series):
    """Return what a browser of hers finds at the group, at the space, and at the series' own page."""
    browser = sign_in(Client(), person)
    school = series.school.slug
    paths = (f"/g/{series.group_id}/", f"/space/{school}/", f"/s/{series.pk}/")
    return [browser.get(path).status_code for path in paths]


OPEN, SHUT = [200, 200, 200], [404, 404, 404]


def account(person):
    return sign_in(Client(), person).get("/me/").content.decode()


def test_a_teacher_who_is_a_parent_here_is_shut_out_and_her_account_alone_says_why(series, school):
    marta = make_person("Marta", school, "caregiver", "staff", language="en")
    Enrolment.objects.create(series=series, person=marta, state="joined", asked_at=series.published_at)
    make_member(series.group, marta)
    assert doors(marta, series) == SHUT
    assert "is closed to you, even if you are also a family here" in account(marta)


@pytest.mark.parametrize(("on_payroll", "found"), [(True, SHUT), (None, SHUT), (False, [200, 200, 404])])
def test_a_coordinator_whom_the_school_pays_is_shut_out_though_she_facilitates(series, school, on_payroll, found):
    ines = make_person("Inés", school, "coordinator", on_payroll=on_payroll)
    make_member(series.group, ines, "facilitator")
    assert doors(ines, series) == found


def test_somebody_hired_mid_series_loses_page_feed_and_links_with_the_next_request(series, school, lucia):
    feed = reverse("calendar_feed", args=[lucia.feed_secret])
    before = [*doors(lucia, series), Client().get(feed).status_code]
    actions.grant_membership(person=lucia, kind="staff", school=school)
    after = [*doors(lucia, series), Client().get(feed).status_code]
    assert (before, after) == ([*OPEN, 200], [*SHUT, 404])
    assert "is closed to you, even if you are also a family here" in account(lucia)


def test_a_former_member_finds_nothing_and_keeps_her_account(series, lucia):
    actions.end_membership(membership=lucia.memberships.get())
    assert doors(lucia, series) == SHUT
    assert "Lo que dijimos." not in account(lucia)


def test_leaving_the_series_leaves_the_group_too(series, lucia, clock):
    browser = sign_in(Client(), lucia)
    assert browser.post(f"/s/{series.pk}/leave/").status_code == 200
    assert list(GroupMember.objects.values_list("person", "until")) == [(lucia.pk, clock.at)]
    assert doors(lucia, series) == SHUT


def test_who_leaves_one_series_takes_nobody_else_out_of_the_group(series, school, lucia):
    ana = make_person("Ana", school, "caregiver")
    make_member(series.group, ana)
    with acting("caregiver", lucia.pk):
        joining.leave(enrolment=Enrolment.objects.get(person=lucia))
    assert list(GroupMember.objects.filter(until=None).values_list("person", flat=True)) == [ana.pk]


def test_whoever_took_a_leaked_invitation_stands_on_the_list_that_all_members_see(series, lucia, school):
    ana = make_person("Ana", school, "caregiver")
    make_member(series.group, ana)
    assert "Ana" in sign_in(Client(), lucia).get(f"/g/{series.group_id}/members/").content.decode()


@pytest.mark.parametrize("listed", [PHONE, "lucia@example.org"])
def test_a_match_on_the_staff_list_blocks_an_invitation_and_says_why(series, school, rosa, listed):
    StaffContact.objects.create(school=school, value=listed)
    channel = "email" if "@" in listed else "sms"
    with pytest.raises(ValidationError) as refusal:
        inviting.invite(series=series, name="Marta", channel=channel, value=listed, language="es", by=rosa)
    assert refusal.value.code == "on_staff_list"
    assert "belongs to somebody who works at the school" in refusal.value.messages[0]


def test_a_family_that_appears_on_the_staff_list_later_is_asked_again_before_anything_opens(
    series, school, lucia, rosa
):
    desk = sign_in(Client(), rosa)
    desk.post(f"/c/schools/{school.slug}/staff/", {"people": f"Lucía {PHONE}"})
    assert doors(lucia, series)[:2] == [404, 404]
    assert list(lucia.memberships.values_list("kind", flat=True)) == ["caregiver"]
    assert "Lucía" in desk.get(f"/c/schools/{school.slug}/staff/").context["families"][0].name
    browser = sign_in(Client(), lucia)
    assert browser.get(f"/s/{series.pk}/group/").status_code == 200
    browser.post(f"/s/{series.pk}/group/", {"works_here": "no"})
    assert doors(lucia, series) == OPEN


def test_a_list_that_is_saved_again_asks_nobody_again(series, school, lucia):
    with acting("coordinator"):
        actions.keep_staff_list(school=school, values={PHONE})
    Person.objects.filter(pk=lucia.pk).update(asked_about_work_at=series.published_at)
    with acting("coordinator"):
        actions.keep_staff_list(school=school, values={PHONE, "+17735550199"})
    assert Person.objects.get(pk=lucia.pk).asked_about_work_at == series.published_at


def test_another_school_s_list_asks_nobody_here(series, lucia):
    asked = Person.objects.get(pk=lucia.pk).asked_about_work_at
    elsewhere = make_school("Roble")
    with acting("coordinator"):
        actions.keep_staff_list(school=elsewhere, values={"+17735550199"})
    assert Person.objects.get(pk=lucia.pk).asked_about_work_at == asked


def test_a_tie_that_begins_tomorrow_shuts_tomorrow(series, school, lucia, clock):
    tie(lucia, school, "staff")
    Membership.objects.filter(kind="staff").update(since=clock.at + timedelta(days=1))
    assert doors(lucia, series) == OPEN
    clock.move_to(clock.at + timedelta(days=1))
    assert doors(lucia, series) == SHUT


def test_no_admin_knows_anything_that_families_write():
    registered = {model for site in all_sites for model in site._registry}
    assert registered & set(CONTENT) == set()
