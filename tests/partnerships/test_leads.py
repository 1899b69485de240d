"""Who reaches out to families: not staff, asked plainly, signed by both sides, and over the moment a tie bars her."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.database import acting
from accounts.models import Membership
from partnerships.access import leads as access
from partnerships.actions import leads as actions
from partnerships.models import OutreachLead
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

FAMILIES, LEADERS = "/space/mirador/lead/", "/l/mirador/lead/"
TERM = {"from_on": date(2027, 3, 1), "review_on": date(2027, 9, 1), "until_on": date(2028, 2, 28)}


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def group(school):
    return make_series(school).group


def member(name, school, group, role="caregiver"):
    person = make_person(name, school, "caregiver")
    make_member(group, person, role)
    return person


@pytest.fixture
def elena(school, group):
    return member("Elena", school, group, "facilitator")


@pytest.fixture
def lucia(school, group):
    return member("Lucía", school, group)


@pytest.fixture
def carmen(school, group):
    return member("Carmen", school, group)


@pytest.fixture
def grant(school):
    return make_person("Dra. Grant", school, "leader")


def propose(school, person, by, **term):
    with acting("caregiver", by.pk):
        return actions.propose(school=school, person=person, by=by, **{**TERM, **term})


@pytest.fixture
def lead(school, lucia, carmen):
    return propose(school, lucia, carmen)


def step(client, person, where, name):
    return sign_in(client, person).post(where, {"step": name})


def page(client, person, where):
    return sign_in(client, person).get(where).content.decode()


def kept():
    with acting("backup"), transaction.atomic():
        return list(OutreachLead.objects.order_by("proposed_at", "pk"))


def refused_code(audience, actor, call, /, **kwargs):
    with acting(audience, actor.pk), pytest.raises(ValidationError) as refusal:
        call(**kwargs)
    return refusal.value.code


def signed(client, lucia, carmen, grant):
    step(client, lucia, FAMILIES, "unpaid")
    step(client, carmen, FAMILIES, "sign")
    step(client, grant, LEADERS, "sign")


def test_a_member_proposes_a_member_with_a_term_and_a_review(client, school, lucia, carmen):
    sign_in(client, carmen)
    data = {"person": str(lucia.pk), "from_on": "2027-03-01", "review_on": "2027-09-01", "until_on": "2028-02-28"}
    assert client.post(f"{FAMILIES}propose/", data).status_code == 302
    [lead] = kept()
    assert (lead.person_id, lead.name, lead.proposed_by_id, lead.accepted_at) == (
        lucia.pk,
        "Lucía",
        carmen.pk,
        None,
    )
    assert {name: getattr(lead, name) for name in TERM} == TERM


def test_the_review_lies_within_the_term(school, lucia, carmen):
    said = {"school": school, "person": lucia, "by": carmen}
    for wrong in ({"review_on": date(2027, 3, 1)}, {"until_on": date(2027, 8, 31)}):
        assert refused_code("caregiver", carmen, actions.propose, **said, **{**TERM, **wrong}) == "dates"
    past = {"from_on": date(2026, 1, 1), "review_on": date(2026, 2, 1), "until_on": date(2026, 3, 1)}
    assert refused_code("caregiver", carmen, actions.propose, **said, **past) == "past"
    assert kept() == []


BARRING = ["staff", "leader", "teacher_seat", "staff_seat", "student_seat", "principal_seat", "coordinator"]


@pytest.mark.parametrize("kind", BARRING)
def test_somebody_of_the_school_can_be_neither_chosen_nor_proposed(client, school, group, carmen, kind):
    person = member("Marta", school, group)
    tie(person, school, kind, on_payroll=kind == "coordinator")
    form = sign_in(client, carmen).get(f"{FAMILIES}propose/").context["form"]
    assert [name for _key, name in form.fields["person"].choices] == ["Carmen"]
    said = {"school": school, "person": person, "by": carmen, **TERM}
    assert refused_code("caregiver", carmen, actions.propose, **said) == "barred"


def test_negative_control_without_the_look_at_ties_a_teacher_would_be_proposed(school, group, carmen, monkeypatch):
    teacher = member("Marta", school, group)
    tie(teacher, school, "staff")
    monkeypatch.setattr(actions, "may_lead", lambda *_args, **_kwargs: True)
    assert propose(school, teacher, carmen).person_id == teacher.pk


def test_one_proposal_or_appointment_at_a_time(school, lucia, carmen, elena, lead):
    said = {"school": school, "person": elena, "by": carmen, **TERM}
    assert refused_code("caregiver", carmen, actions.propose, **said) == "another"
    with acting("caregiver", carmen.pk):
        actions.end(lead=lead)
    assert propose(school, elena, carmen).person_id == elena.pk


def test_a_term_that_is_over_and_one_that_lapsed_make_room(school, lucia, carmen, elena, lead, clock):
    tie(lucia, school, "staff")
    second = propose(school, elena, carmen)
    clock.move_to(datetime(2028, 3, 1, 18, tzinfo=UTC))
    term = {name: on + timedelta(days=400) for name, on in TERM.items()}
    third = propose(school, elena, carmen, **term)
    assert {each.pk: each.ended_at is None for each in kept()} == {lead.pk: False, second.pk: False, third.pk: True}


def test_the_school_sees_nobody_s_name_before_she_accepted(client, lucia, carmen, grant, lead):
    assert "Lucía" not in page(client, grant, LEADERS)
    step(client, grant, LEADERS, "sign")
    assert kept()[0].leaders_signed_at is None
    step(client, lucia, FAMILIES, "unpaid")
    assert "Lucía" in page(client, grant, LEADERS)


def test_whoever_says_that_the_school_pays_her_does_not_lead_and_is_told_what_follows(client, lucia, grant, lead):
    said = step(client, lucia, FAMILIES, "paid").content.decode()
    assert "/me/works-here/mirador/" in said
    assert [(each.accepted_at, each.ended_at is None) for each in kept()] == [(None, False)]
    assert "Lucía" not in page(client, grant, LEADERS)


def test_nobody_answers_for_her(client, elena, carmen, lead):
    for person in (elena, carmen):
        for answer in ("paid", "unpaid"):
            assert step(client, person, FAMILIES, answer).status_code == 404
    assert [(each.accepted_at, each.ended_at) for each in kept()] == [(None, None)]


def test_both_sides_sign_and_both_read_both_signatures_term_and_review(client, lucia, carmen, grant, lead, clock):
    clock.move_to(datetime(2027, 2, 16, 3, tzinfo=UTC))  # The evening before, at the school.
    signed(client, lucia, carmen, grant)
    [found] = kept()
    assert (found.is_signed, found.parents_signed_by_id, found.leaders_signed_by_id) == (True, carmen.pk, grant.pk)
    families, leaders = page(client, lucia, FAMILIES), page(client, grant, LEADERS)
    for shown in (families, leaders):
        assert "firmada por las dos partes" in shown
        assert "miércoles 1 de septiembre de 2027" in shown
        assert "lunes 28 de febrero de 2028" in shown
    assert "Carmen firmó el lunes 15 de febrero de 2027" in families
    assert "Carmen" not in leaders
    assert "Lo que lee quien acerca a las familias para empezar" in leaders
    assert "firmaron el lunes 15 de febrero de 2027" in leaders
    assert "firmó el lunes 15 de febrero de 2027" in leaders


def test_she_does_not_sign_for_the_parents_herself(client, lucia, lead):
    step(client, lucia, FAMILIES, "unpaid")
    assert "Otra persona firma" in step(client, lucia, FAMILIES, "sign").content.decode()
    assert kept()[0].parents_signed_at is None


def test_a_coordinator_who_facilitates_is_no_parent_and_does_not_sign_for_them(client, school, group, lucia, lead):
    ines = make_person("Inés", school, "coordinator")
    make_member(group, ines, "facilitator")
    step(client, lucia, FAMILIES, "unpaid")
    assert refused_code("facilitator", ines, actions.sign_for_parents, lead=lead, by=ines) == "no_parent"


def test_nobody_signs_before_she_accepted_or_after_it_ended(lucia, carmen, grant, lead):
    assert refused_code("caregiver", carmen, actions.sign_for_parents, lead=lead, by=carmen) == "not_accepted"
    assert refused_code("leader", grant, actions.sign_for_leaders, lead=lead, by=grant) == "not_accepted"
    with acting("caregiver", carmen.pk):
        actions.end(lead=lead)
    assert refused_code("caregiver", lucia, actions.say_unpaid, lead=lead) == "ended"
    assert refused_code("leader", grant, actions.sign_for_leaders, lead=lead, by=grant) == "ended"


def test_it_lapses_the_moment_a_tie_bars_her_on_both_pages_and_nobody_signs_any_more(
    client, school, lucia, carmen, grant, lead
):
    signed(client, lucia, carmen, grant)
    tie(lucia, school, "staff")
    for person, where in ((carmen, FAMILIES), (grant, LEADERS)):
        shown = page(client, person, where)
        assert ("terminó: tiene un vínculo" in shown, "firmada por las dos partes" in shown) == (True, False)
    assert refused_code("leader", grant, actions.sign_for_leaders, lead=lead, by=grant) == "ended"


def test_negative_control_without_the_database_s_look_the_leaders_page_would_show_it_as_signed(
    client, school, lucia, carmen, grant, lead
):
    signed(client, lucia, carmen, grant)
    tie(lucia, school, "staff")
    with acting("tests"), connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION partnerships_is_barred(who uuid, school uuid) RETURNS boolean"
            " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT false'"
        )
    assert "firmada por las dos partes" in page(client, grant, LEADERS)


def test_the_database_bars_by_the_same_ties_as_the_rule(school, lucia):
    for kind in Membership.Kind:
        if kind in {"operator", "district_lead", "evaluator", "caregiver"}:
            continue
        for on_payroll in (False, True, None) if kind == "coordinator" else (False,):
            made = tie(lucia, school, kind, on_payroll=on_payroll)
            with acting("caregiver", lucia.pk), connection.cursor() as cursor:
                cursor.execute("SELECT partnerships_is_barred(%s, %s)", [lucia.pk, school.pk])
                assert (kind, on_payroll, cursor.fetchone()[0]) == (kind, on_payroll, made.is_barring)
            made.delete()


@pytest.mark.parametrize("who", ["lucia", "elena", "grant"])
def test_either_side_ends_it_early_and_both_read_the_day(client, lucia, carmen, elena, grant, lead, who, request):
    signed(client, lucia, carmen, grant)
    step(client, request.getfixturevalue(who), LEADERS if who == "grant" else FAMILIES, "end")
    assert kept()[0].ended_at is not None
    for person, where in ((carmen, FAMILIES), (grant, LEADERS)):
        shown = page(client, person, where)
        assert "Terminó" in shown
        assert "End it" not in shown
        assert 'value="end"' not in shown


def test_another_family_does_not_end_what_both_sides_signed(client, school, group, lucia, carmen, grant, lead):
    other = member("Teresa", school, group)
    assert step(client, other, FAMILIES, "end").status_code == 404
    signed(client, lucia, carmen, grant)
    assert step(client, carmen, FAMILIES, "end").status_code == 404
    assert kept()[0].ended_at is None


def test_what_ended_stays_ended(client, carmen, lead, clock):
    with acting("caregiver", carmen.pk):
        actions.end(lead=lead)
    ended_at = kept()[0].ended_at
    clock.move_to(datetime(2027, 2, 16, 18, tzinfo=UTC))
    step(client, carmen, FAMILIES, "end")
    assert kept()[0].ended_at == ended_at


def test_a_term_that_is_over_says_so(client, lucia, carmen, grant, lead, clock):
    signed(client, lucia, carmen, grant)
    clock.move_to(datetime(2028, 2, 29, 18, tzinfo=UTC))
    assert "el periodo ya terminó" in page(client, grant, LEADERS)


@pytest.mark.parametrize("kind", ["staff", "parent_seat", "coordinator", "district_lead", "caregiver"])
def test_the_leaders_page_is_for_leaders_of_this_school(client, school, lead, kind):
    assert sign_in(client, make_person("Alguien", school, kind)).get(LEADERS).status_code == 404
    elsewhere = make_person("Dr. Ruiz", make_school("Roble"), "leader")
    assert sign_in(client, elsewhere).get(LEADERS).status_code == 404


def test_a_principal_finds_nothing_at_the_families_own_address(client, grant, lead):
    assert sign_in(client, grant).get(FAMILIES).status_code == 404
    assert client.get(f"{FAMILIES}propose/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_both_sides_sign_at_once_and_both_signatures_stay(school, group, lucia, carmen, grant):
    lead = propose(school, lucia, carmen)
    with acting("caregiver", lucia.pk):
        actions.say_unpaid(lead=lead)
    start, wrong = Barrier(2), []

    def sign(audience, person, call):
        start.wait()
        try:
            with acting(audience, person.pk):
                call(lead=lead, by=person)
        except Exception as error:  # noqa: BLE001 - a thread's error would pass unseen
            wrong.append(error)
        finally:
            connection.close()

    sides = [("caregiver", carmen, actions.sign_for_parents), ("leader", grant, actions.sign_for_leaders)]
    threads = [Thread(target=sign, args=side) for side in sides]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []
    assert [each.is_signed for each in kept()] == [True]


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_database_the_same_few_things_however_many_came_before(
    client, school, lucia, carmen, grant, number, clock, django_assert_num_queries
):
    for n in range(number):
        clock.move_to(datetime(2027, 2, 15 + n, 18, tzinfo=UTC))
        lead = propose(school, lucia, carmen)
        signed(client, lucia, carmen, grant)
        if n < number - 1:
            with acting("caregiver", carmen.pk):
                actions.end(lead=lead)
    sign_in(client, lucia)
    with django_assert_num_queries(16):
        client.get(FAMILIES)
    sign_in(client, grant)
    with django_assert_num_queries(12):
        client.get(LEADERS)
    assert access.state_of(kept_with_bar(school, lucia), today=date(2027, 3, 1)) == "signed"


def kept_with_bar(school, person):
    with acting("caregiver", person.pk):
        return access.leads(school).first()
