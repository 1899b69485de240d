"""Inviting families: whoever is known stays one person, whoever works at the school stays out."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.database import acting
from accounts.models import LogEntry, Membership, Person, StaffContact
from dialogue_series.actions import inviting
from dialogue_series.models import Invitation, JoinRequest
from notifications.models import Address, Intent
from tests.factories import make_person, make_school, make_series

pytestmark = pytest.mark.django_db
PHONE = "+17735550142"


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def rosa(school):
    return make_person("Rosa", school, "coordinator", on_payroll=True)


@pytest.fixture
def series(school):
    return make_series(school)


def invite(series, rosa, name="Lucía Hernández", channel="sms", value=PHONE, language="es"):
    with acting("coordinator", rosa.pk):
        return inviting.invite(series=series, name=name, channel=channel, value=value, language=language, by=rosa)


def told():
    return list(Intent.objects.order_by("occurrence").values_list("kind", "occurrence", "to_person"))


def refused_code(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def test_an_invited_family_is_a_caregiver_of_the_school_with_its_address_and_one_message(school, series, rosa):
    invitation = invite(series, rosa)

    lucia = invitation.person
    assert (lucia.name, lucia.language, lucia.state) == ("Lucía Hernández", "es", Person.State.INVITED)
    assert list(Membership.objects.filter(person=lucia).values_list("kind", "school")) == [("caregiver", school.pk)]
    assert list(Address.objects.filter(owners=lucia).values_list("channel", "value", "language")) == [
        ("sms", PHONE, "es")
    ]
    assert told() == [("invitation", "turn-1", lucia.pk)]
    assert list(LogEntry.objects.values_list("by", "act", "about_person")) == [(rosa.pk, "invited", lucia.pk)]


def test_inviting_five_times_invites_once(series, rosa):
    invitations = {invite(series, rosa, name=name).pk for name in ["Lucía Hernández", "LUCIA HERNANDEZ"] * 3}

    assert len(invitations) == 1
    assert (Person.objects.exclude(pk=rosa.pk).count(), len(told())) == (1, 1)


def test_two_names_on_one_phone_are_two_people(series, rosa):
    lucia, marta = (invite(series, rosa, name=name).person for name in ("Lucía Hernández", "Marta Hernández"))

    assert lucia != marta
    assert set(Address.objects.get(value=PHONE).owners.all()) == {lucia, marta}


def test_a_family_of_an_earlier_series_is_the_same_person(school, series, rosa):
    lucia = invite(series, rosa).person

    assert invite(make_series(school), rosa).person == lucia


def test_more_families_than_places_may_be_invited(series, rosa):
    for n in range(12):
        invite(series, rosa, name=f"Familia {n}", value=f"+177355501{n:02}")

    assert Invitation.objects.filter(series=series).count() == 12


def test_an_address_of_the_staff_list_is_not_invited(school, series, rosa):
    StaffContact.objects.create(school=school, value=PHONE)

    assert refused_code(invite, series, rosa) == "on_staff_list"
    assert told() == []


@pytest.mark.parametrize("kind", ["staff", "leader", "teacher_seat", "principal_seat"])
def test_a_person_with_a_tie_that_bars_is_not_invited(school, series, rosa, kind):
    make_person("Lucía Hernández", school, kind, phone=PHONE)

    assert refused_code(invite, series, rosa) == "on_staff_list"


def test_a_phone_that_somebody_of_the_school_reads_too_is_not_invited(school, series, rosa):
    teacher = make_person("Maestra", school, "staff", phone=PHONE)

    assert refused_code(invite, series, rosa) == "on_staff_list"
    assert set(Address.objects.get(value=PHONE).owners.all()) == {teacher}


def test_a_teacher_of_another_school_is_a_family_like_any_other(series, rosa):
    make_person("Lucía Hernández", make_school("Lejos"), "staff", phone=PHONE)

    assert invite(series, rosa).person.name == "Lucía Hernández"


def test_a_series_that_is_over_invites_nobody(series, rosa, clock):
    clock.move_to(datetime(2027, 6, 1, tzinfo=UTC))

    assert refused_code(invite, series, rosa) == "over"


def test_sending_again_makes_a_new_link(series, rosa):
    invitation = invite(series, rosa)

    with acting("coordinator", rosa.pk):
        inviting.send_again(invitation=invitation, by=rosa)

    assert [occurrence for _kind, occurrence, _to in told()] == ["turn-1", "turn-2"]


@pytest.fixture
def asked(series):
    return JoinRequest.objects.create(
        series=series, name="Ana", channel="sms", value=PHONE, language="es", asked_at=datetime(2027, 2, 14, tzinfo=UTC)
    )


def test_nothing_is_sent_to_a_flyer_request_until_it_is_accepted(asked, rosa):
    assert told() == []

    with acting("coordinator", rosa.pk):
        people = {inviting.accept_request(request=asked, by=rosa).person.pk for _time in range(5)}

    assert [to for _kind, _occurrence, to in told()] == list(people)
    asked.refresh_from_db()
    assert asked.state == "accepted"


def test_a_request_put_aside_sends_nothing_and_stays_aside(asked, rosa):
    with acting("coordinator", rosa.pk):
        assert inviting.refuse_request(request=asked).state == "refused"
        assert refused_code(inviting.accept_request, request=asked, by=rosa) == "refused"

    assert told() == []
