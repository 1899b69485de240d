"""What a group agreed: written once, said yes to by each, read again, and published only as the group wishes."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from accounts.database import acting
from accounts.roles import Held
from partnerships.access import agreements as access
from partnerships.access.spaces import Room
from partnerships.actions import agreements as actions
from partnerships.models import Agreement, AgreementVoice, GroupMember, Reaffirmation, SharedAgreement, Translation
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

WORDS = "Escuchamos hasta el final.\nPodemos no estar de acuerdo."


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver")


@pytest.fixture
def group(school, elena, lucia):
    group = make_series(school, facilitator=elena, families=[lucia]).group
    GroupMember.objects.all().delete()
    make_member(group, elena, "facilitator")
    make_member(group, lucia)
    return group


@pytest.fixture
def agreed(group, elena):
    return agree(group, elena)


def agree(group, by, text=WORDS, language="es"):
    with acting("facilitator", by.pk):
        return actions.agree_together(group=group, text=text, language=language)


def room(group, person, *, is_led=False):
    return Room(group.space, group, person, is_led)


def kept(model):
    """Read past the policies, as a backup does."""
    with acting("backup"):
        return list(model.objects.all())


def refused_code(call, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(**kwargs)
    return refusal.value.code


def page(client, person, group, name="agreements", *args, data=None):
    sign_in(client, person)
    where = reverse(f"group_{name}", args=[group.pk, *args])
    return client.get(where) if data is None else client.post(where, data)


def test_a_draft_is_kept_once_and_changes_until_the_group_agrees(group, elena):
    with acting("facilitator", elena.pk):
        actions.draft(group=group, text="Primero.", language="es")
        actions.draft(group=group, text="Segundo.", language="en")
    [draft] = kept(Agreement)
    assert (draft.version, draft.text, draft.language, draft.agreed_at) == (1, "Segundo.", "en", None)


def test_agreed_words_never_change_and_a_change_makes_the_next_version(group, elena, agreed):
    with acting("facilitator", elena.pk):
        actions.draft(group=group, text="Otra cosa.", language="es")
    assert sorted((v.version, v.text, v.agreed_at is None) for v in kept(Agreement)) == [
        (1, WORDS, False),
        (2, "Otra cosa.", True),
    ]


def test_the_database_itself_refuses_to_change_agreed_words(group, elena, agreed):
    with acting("facilitator", elena.pk):
        assert Agreement.objects.filter(pk=agreed.pk).update(text="Otras palabras.") == 0
    assert [v.text for v in kept(Agreement)] == [WORDS]


def test_negative_control_without_the_policy_the_same_statement_changes_agreed_words(group, elena, agreed):
    with acting("tests"), connection.cursor() as cursor:
        cursor.execute("ALTER POLICY change_draft ON partnerships_agreement USING (true)")
    with acting("facilitator", elena.pk):
        assert Agreement.objects.filter(pk=agreed.pk).update(text="Otras palabras.") == 1


def test_pressing_twice_agrees_once(group, elena, agreed):
    assert agree(group, elena).pk == agreed.pk
    assert len(kept(Agreement)) == 1


def test_a_family_cannot_write_agreements_whatever_the_page_says(group, lucia):
    with acting("caregiver", lucia.pk), pytest.raises(Exception, match="permission denied"):
        actions.draft(group=group, text="x", language="es")


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_at_once_write_one_draft(group, elena, school):
    marta = make_person("Marta", school, "caregiver")
    make_member(group, marta, "facilitator")
    start, outcomes = Barrier(2), []

    def write(person, text):
        start.wait()
        try:
            with acting("facilitator", person.pk):
                outcomes.append(actions.draft(group=group, text=text, language="es").version)
        finally:
            connection.close()

    threads = [Thread(target=write, args=each) for each in ((elena, "Uno."), (marta, "Dos."))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert outcomes == [1, 1]
    assert Agreement.objects.count() == 0  # Nobody said: no rows.


def test_each_member_says_yes_once_and_only_the_number_shows(client, group, elena, lucia, agreed):
    with acting("facilitator", elena.pk):
        assert access.to_agree(room(group, elena)) == agreed
    page(client, lucia, group, "agreement_yes", agreed.pk, data={})
    page(client, lucia, group, "agreement_yes", agreed.pk, data={})
    assert [voice.person_id for voice in kept(AgreementVoice)] == [lucia.pk]
    with acting("caregiver", lucia.pk):
        assert access.to_agree(room(group, lucia)) is None
        assert access.versions(room(group, lucia)).current.yeses == 1


def test_whoever_joins_later_is_asked_too_until_she_says_yes(group, school, agreed):
    carmen = make_person("Carmen", school, "caregiver")
    make_member(group, carmen)
    with acting("caregiver", carmen.pk):
        assert access.to_agree(room(group, carmen)) == agreed
        actions.say_yes(agreement=agreed, by=carmen)
        assert access.to_agree(room(group, carmen)) is None


def test_the_space_of_all_groups_has_no_agreements_to_ask_about(group, lucia, agreed):
    with acting("caregiver", lucia.pk):
        assert access.to_agree(Room(group.space, None, lucia, False)) is None


def test_a_new_version_asks_everybody_again(group, elena, lucia, agreed):
    with acting("caregiver", lucia.pk):
        actions.say_yes(agreement=agreed, by=lucia)
    newer = agree(group, elena, "Algo más.")
    with acting("caregiver", lucia.pk):
        assert access.to_agree(room(group, lucia)) == newer


def test_the_yes_of_somebody_who_left_or_was_hired_no_longer_counts(group, elena, lucia, agreed, school):
    with acting("caregiver", lucia.pk):
        actions.say_yes(agreement=agreed, by=lucia)
    tie(lucia, school, "staff")
    with acting("facilitator", elena.pk):
        assert access.versions(room(group, elena)).current.yeses == 0


def test_a_yes_to_a_version_that_no_longer_holds_is_a_404(client, group, elena, lucia, agreed):
    agree(group, elena, "Algo más.")
    assert page(client, lucia, group, "agreement_yes", agreed.pk, data={}).status_code == 404


def test_nobody_says_yes_to_a_draft(group, elena, lucia):
    with acting("facilitator", elena.pk):
        draft = actions.draft(group=group, text=WORDS, language="es")
    with acting("caregiver", lucia.pk):
        assert refused_code(actions.say_yes, agreement=draft, by=lucia) == "not_agreed"
    with acting("facilitator", elena.pk):
        for call in (actions.reaffirm, actions.publish):
            assert refused_code(call, agreement=draft) == "not_agreed"


def test_the_group_reads_them_again_once_a_day_by_the_school_s_day(client, group, elena, agreed, clock):
    clock.move_to(datetime(2027, 2, 19, 1, tzinfo=UTC))  # Thursday evening at the school, Friday in UTC.
    for _ in range(2):
        page(client, elena, group, "agreement_again", agreed.pk, data={})
    assert [each.on for each in kept(Reaffirmation)] == [date(2027, 2, 18)]
    sign_in(client, elena)
    assert "Jueves 18 de febrero" in client.get(reverse("group_agreements", args=[group.pk])).content.decode()


def test_a_translation_waits_for_whoever_facilitates_and_then_stands_beside_the_words(
    client, group, elena, lucia, agreed
):
    page(client, lucia, group, "agreement_translate", agreed.pk, data={"text": "We listen."})
    [waiting] = kept(Translation)
    assert (waiting.language, waiting.by_id, waiting.reviewed_at) == ("en", lucia.pk, None)
    seen = waiting.at.isoformat()
    page(client, lucia, group, "agreement_translation_accept", agreed.pk, waiting.pk, data={"seen": seen})
    assert kept(Translation)[0].reviewed_at is None
    page(client, elena, group, "agreement_translation_accept", agreed.pk, waiting.pk, data={"seen": seen})
    with acting("caregiver", lucia.pk):
        assert access.reviewed_translation(agreed).text == "We listen."


def test_a_translation_changed_since_it_was_read_has_to_be_read_again(client, group, elena, lucia, agreed, clock):
    page(client, lucia, group, "agreement_translate", agreed.pk, data={"text": "We listen."})
    seen = kept(Translation)[0].at.isoformat()
    clock.move_to(datetime(2027, 2, 15, 19, tzinfo=UTC))
    page(client, lucia, group, "agreement_translate", agreed.pk, data={"text": "We shout."})
    [waiting] = kept(Translation)
    page(client, elena, group, "agreement_translation_accept", agreed.pk, waiting.pk, data={"seen": seen})
    assert [(each.text, each.reviewed_at) for each in kept(Translation)] == [("We shout.", None)]


def test_a_reviewed_translation_that_is_changed_waits_again(client, group, elena, lucia, agreed):
    page(client, elena, group, "agreement_translate", agreed.pk, data={"text": "We listen."})
    assert kept(Translation)[0].reviewed_at is not None
    page(client, lucia, group, "agreement_translate", agreed.pk, data={"text": "We hear."})
    assert sorted((each.text, each.reviewed_at is None) for each in kept(Translation)) == [
        ("We hear.", True),
        ("We listen.", False),
    ]


def test_what_leaves_is_what_was_shown_and_it_comes_back_when_the_group_says(client, group, elena, agreed, school):
    page(client, elena, group, "agreement_translate", agreed.pk, data={"text": "We listen."})
    shown = page(client, elena, group, "agreement_copy", agreed.pk).content.decode()
    assert all(words in shown for words in ("Escuchamos hasta el final.", "We listen.", group.name))
    page(client, elena, group, "agreement_copy", agreed.pk, data={"publish": "1"})
    [copy] = kept(SharedAgreement)
    assert (copy.group_name, copy.text, copy.translated, copy.school_id) == (
        group.name,
        WORDS,
        "We listen.",
        school.pk,
    )
    page(client, elena, group, "agreement_copy", agreed.pk, data={"withdraw": "1"})
    assert kept(SharedAgreement) == []


def test_a_new_version_leaves_the_published_copy_as_it_was_until_it_is_published_again(group, elena, agreed):
    with acting("facilitator", elena.pk):
        actions.publish(agreement=agreed)
    newer = agree(group, elena, "Algo más.")
    assert [copy.text for copy in kept(SharedAgreement)] == [WORDS]
    with acting("facilitator", elena.pk):
        actions.publish(agreement=newer)
    assert [copy.text for copy in kept(SharedAgreement)] == ["Algo más."]


@pytest.mark.parametrize("name", ["agreement_write", "agreement_copy"])
def test_a_family_does_not_find_the_pages_of_whoever_facilitates(client, group, lucia, agreed, name):
    args = [agreed.pk] if name == "agreement_copy" else []
    assert page(client, lucia, group, name, *args).status_code == 404
    assert page(client, lucia, group, name, *args, data={"text": "x", "language": "es"}).status_code == 404


def test_the_first_draft_begins_with_four_suggestions(client, group, elena):
    sign_in(client, elena)
    form = page(client, elena, group, "agreement_write").context["form"]
    assert form.initial["text"].count("\n- ") == 3
    page(client, elena, group, "agreement_write", data={"text": "Uno.\r\nDos.", "language": "es", "draft": "1"})
    page(client, elena, group, "agreement_write", data={"text": "Uno.\r\nTres.", "language": "es", "agreed": "1"})
    assert [(v.text, v.agreed_at is None) for v in kept(Agreement)] == [("Uno.\nTres.", False)]


COPY_READERS = [
    ("leader", 200),
    ("principal_seat", 200),
    ("staff_seat", 200),
    ("teacher_seat", 200),
    ("coordinator", 200),
    # Parents on the council read agreements as one of the group's families, or not at all.
    ("parent_seat", 404),
    ("community_seat", 404),
    ("staff", 404),
    ("caregiver", 404),
    ("district_lead", 404),
]


@pytest.mark.parametrize(("kind", "status"), COPY_READERS)
def test_a_published_copy_opens_to_those_of_the_school_and_to_nobody_else(client, group, elena, school, kind, status):
    agreed = agree(group, elena)
    with acting("facilitator", elena.pk):
        actions.publish(agreement=agreed)
    sign_in(client, make_person("Alguien", school, kind))
    response = client.get("/l/mirador/agreements/")
    assert response.status_code == status
    assert ("Escuchamos" in response.content.decode()) == (status == 200)
    sign_in(client, make_person("Alguien más", make_school("Roble"), kind))
    assert client.get("/l/mirador/agreements/").status_code == 404


def test_negative_control_without_the_school_of_the_tie_the_copy_opens_to_other_schools(client, group, monkeypatch):
    sign_in(client, make_person("Alguien", make_school("Roble"), "leader"))
    assert client.get("/l/mirador/agreements/").status_code == 404
    monkeypatch.setattr(Held, "schools", lambda held, *kinds: [group.space.school_id])
    assert client.get("/l/mirador/agreements/").status_code == 200


def test_what_is_not_published_does_not_stand_on_the_leaders_page(client, group, agreed, school):
    sign_in(client, make_person("Dra. Grant", school, "leader"))
    assert "Escuchamos" not in client.get("/l/mirador/agreements/").content.decode()


@pytest.mark.parametrize("others", [1, 3])
def test_the_page_asks_the_database_the_same_few_things_however_many_versions(
    client, group, elena, lucia, others, django_assert_num_queries
):
    for n in range(others):
        agreed = agree(group, elena, f"Versión {n}.")
        page(client, elena, group, "agreement_again", agreed.pk, data={})
        page(client, lucia, group, "agreement_translate", agreed.pk, data={"text": "We listen."})
    sign_in(client, lucia)
    with django_assert_num_queries(19):
        client.get(reverse("group_agreements", args=[group.pk]))
