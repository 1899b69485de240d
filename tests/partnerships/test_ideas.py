"""Ideas: nobody is named but who sees to one; support is a number of people; who facilitates joins and asks."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.utils import ProgrammingError
from django.urls import reverse

from accounts.database import acting
from partnerships.access import ideas as access
from partnerships.access.spaces import Room
from partnerships.actions import ideas as actions
from partnerships.models import Idea, IdeaSupport
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in

pytestmark = pytest.mark.django_db

ASKED = {"text": "Un huerto.", "language": "es", "translated": "A garden."}


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def group(school):
    return make_series(school).group


@pytest.fixture
def elena(school, group):
    elena = make_person("Elena", school, "caregiver")
    make_member(group, elena, "facilitator")
    return elena


@pytest.fixture
def lucia(school, group):
    return member("Lucía", school, group)


def member(name, school, group):
    person = make_person(name, school, "caregiver")
    make_member(group, person)
    return person


def idea_of(group, by, text="Un huerto en la escuela."):
    with acting("caregiver", by.pk):
        return actions.write_idea(space=group.space, group=group, text=text, language="es")


def support(idea, *people):
    for person in people:
        with acting("caregiver", person.pk):
            actions.support(idea=idea, by=person)


def merge(idea, into, by):
    with acting("facilitator", by.pk):
        actions.merge(idea=idea, into=into)


def seen(group, person):
    with acting("caregiver", person.pk):
        return list(access.ideas(Room(group.space, group, person, False)))


def kept():
    with acting("backup"):
        return {idea.text: idea for idea in Idea.objects.all()}


def refused_code(call, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(**kwargs)
    return refusal.value.code


def url(group, name, *args):
    return reverse(f"group_{name}", args=[group.pk, *args])


def test_an_idea_is_written_directly_and_names_nobody(client, group, lucia):
    data = {"text": "Un huerto en la escuela.", "language": "es"}
    sign_in(client, lucia).post(url(group, "ideas"), data)
    client.post(url(group, "ideas"), data)
    [idea] = kept().values()
    assert (idea.group_id, idea.post_id, idea.owner_id, idea.text) == (group.pk, None, None, data["text"])
    shown = client.get(url(group, "ideas")).content.decode()
    assert (shown.count("Un huerto"), "Lucía" in shown) == (1, False)


def test_a_post_without_a_name_becomes_an_idea_without_a_name(client, group, elena, lucia):
    post = make_post(group, lucia, "Quisiera un huerto. " + "x" * 400, without_name=True)
    sign_in(client, elena)
    form = client.get(url(group, "post_idea", post.pk)).context["form"]
    assert form.initial["text"] == post.text[:300]
    client.post(url(group, "post_idea", post.pk), {"text": "Un huerto.", "language": "es"})
    [idea] = kept().values()
    assert (idea.post_id, idea.owner_id) == (post.pk, None)
    assert "Lucía" not in client.get(url(group, "ideas")).content.decode()


def test_an_idea_stays_when_the_post_is_taken_back_and_none_is_made_of_a_hidden_one(client, group, elena, lucia, clock):
    post = make_post(group, lucia, "Quisiera un huerto.")
    sign_in(client, lucia).post(url(group, "post_idea", post.pk), {"text": "Un huerto.", "language": "es"})
    with acting("facilitator", elena.pk):
        post.hidden_at, post.hidden_by, post.hidden_reason = clock(), elena, "Nombra a alguien"
        post.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    assert client.get(url(group, "post_idea", post.pk)).status_code == 404
    assert list(kept()) == ["Un huerto."]


def test_support_is_a_number_of_distinct_people_and_is_taken_back(client, group, elena, lucia):
    idea = idea_of(group, lucia)
    sign_in(client, lucia)
    for _ in range(2):
        client.post(url(group, "idea_step", idea.pk), {"step": "support"})
    support(idea, elena)
    assert [(each.supporters, each.is_mine) for each in seen(group, lucia)] == [(2, True)]
    client.post(url(group, "idea_step", idea.pk), {"step": "support_no_more"})
    assert [(each.supporters, each.is_mine) for each in seen(group, lucia)] == [(1, False)]


def test_who_offers_to_see_to_an_idea_is_named_and_nobody_is_put_in_her_place(client, group, elena, lucia):
    idea = idea_of(group, elena)
    sign_in(client, lucia).post(url(group, "idea_step", idea.pk), {"step": "see_to"})
    with acting("facilitator", elena.pk):
        assert refused_code(actions.see_to, idea=idea, by=elena) == "somebody_does"
    sign_in(client, elena)
    assert "Lucía se encarga." in client.get(url(group, "ideas")).content.decode()
    assert client.post(url(group, "idea_step", idea.pk), {"step": "see_to_no_more"}).status_code == 302
    assert kept()[idea.text].owner_id == lucia.pk
    sign_in(client, lucia).post(url(group, "idea_step", idea.pk), {"step": "see_to_no_more"})
    assert kept()[idea.text].owner_id is None


def test_ideas_joined_together_count_each_person_once(group, school, elena, lucia):
    carmen = member("Carmen", school, group)
    garden, trees = idea_of(group, elena, "Un huerto."), idea_of(group, elena, "Árboles.")
    support(garden, elena, lucia)
    support(trees, lucia, carmen)
    merge(trees, garden, elena)
    [idea] = seen(group, carmen)
    assert (idea.text, idea.supporters, idea.is_mine, [other.text for other in idea.others]) == (
        "Un huerto.",
        3,
        True,
        ["Árboles."],
    )


def test_support_given_to_an_idea_that_was_joined_is_taken_back_with_the_other(group, elena, lucia):
    garden, trees = idea_of(group, elena, "Un huerto."), idea_of(group, elena, "Árboles.")
    support(trees, lucia)
    merge(trees, garden, elena)
    with acting("caregiver", lucia.pk):
        actions.support_no_more(idea=garden, by=lucia)
    assert [idea.supporters for idea in seen(group, lucia)] == [0]
    with acting("backup"):
        assert IdeaSupport.objects.count() == 0


def test_a_joined_idea_takes_those_joined_to_it_along(group, elena):
    one, two, three = (idea_of(group, elena, text) for text in ("Uno.", "Dos.", "Tres."))
    merge(one, two, elena)
    merge(two, three, elena)
    [idea] = seen(group, elena)
    assert (idea.text, sorted(other.text for other in idea.others)) == ("Tres.", ["Dos.", "Uno."])


def test_an_idea_is_joined_once_and_never_in_a_ring(group, elena):
    one, two, three = (idea_of(group, elena, text) for text in ("Uno.", "Dos.", "Tres."))
    merge(one, two, elena)
    merge(one, two, elena)
    with acting("facilitator", elena.pk):
        assert refused_code(actions.merge, idea=two, into=one) == "merged"
        assert refused_code(actions.merge, idea=one, into=three) == "merged"


@pytest.mark.django_db(transaction=True)
def test_two_who_join_two_ideas_both_ways_at_once_make_no_ring(group, school, elena):
    marta = make_person("Marta", school, "caregiver")
    make_member(group, marta, "facilitator")
    one, two = idea_of(group, elena, "Uno."), idea_of(group, elena, "Dos.")
    start, outcomes = Barrier(2), []

    def join(person, idea, into):
        start.wait()
        try:
            merge(idea, into, person)
            outcomes.append("joined")
        except ValidationError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=join, args=each) for each in ((elena, one, two), (marta, two, one))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["joined", "merged"]


def test_whoever_facilitates_makes_an_idea_a_request_once(client, group, elena, lucia, clock):
    idea = idea_of(group, lucia)
    sign_in(client, elena)
    clock.move_to(datetime(2027, 2, 19, 1, tzinfo=UTC))
    client.post(url(group, "idea_request", idea.pk), {**ASKED, "step": "send"})
    clock.move_to(datetime(2027, 2, 25, 1, tzinfo=UTC))
    client.post(url(group, "idea_request", idea.pk), {**ASKED, "step": "send"})
    assert kept()[idea.text].requested_at == datetime(2027, 2, 19, 1, tzinfo=UTC)
    shown = sign_in(client, lucia).get(url(group, "ideas")).content.decode()
    assert "Petición a la escuela: enviada el jueves 18 de febrero." in shown


def test_a_request_is_joined_to_nothing(group, elena):
    one, two = idea_of(group, elena, "Uno."), idea_of(group, elena, "Dos.")
    with acting("facilitator", elena.pk):
        actions.turn_into_request(idea=one, **ASKED)
        assert refused_code(actions.merge, idea=one, into=two) == "requested"
        actions.merge(idea=two, into=one)
        assert refused_code(actions.turn_into_request, idea=two, **ASKED) == "merged"


@pytest.mark.parametrize("page", ["idea_merge", "idea_request"])
def test_a_family_does_not_find_what_only_whoever_facilitates_does(client, group, lucia, page):
    idea = idea_of(group, lucia)
    sign_in(client, lucia)
    assert client.get(url(group, page, idea.pk)).status_code == 404
    assert client.post(url(group, page, idea.pk)).status_code == 404
    assert kept()[idea.text].requested_at is None


def test_the_database_refuses_what_a_family_s_page_must_not_do(group, lucia):
    idea = idea_of(group, lucia)
    with acting("caregiver", lucia.pk), pytest.raises(ProgrammingError, match="permission denied"):
        actions.turn_into_request(idea=idea, **ASKED)


def test_the_idea_of_another_group_does_not_exist(client, school, group, elena, lucia):
    other = make_series(school).group
    patricia = member("Patricia", school, other)
    idea = idea_of(other, patricia)
    sign_in(client, lucia)
    assert client.post(url(group, "idea_step", idea.pk), {"step": "support"}).status_code == 404
    assert seen(group, lucia) == []


def test_negative_control_two_locks_keep_the_ideas_of_another_group(school, group, lucia, monkeypatch):
    other = make_series(school).group
    idea_of(other, member("Patricia", school, other))
    # Without the room in the question the database's policies still show no row; without them, there it is.
    assert seen(other, lucia) == []
    with acting("backup"):
        assert len(access.ideas(Room(other.space, other, lucia, False))) == 1


def test_ideas_of_the_space_are_for_the_families_of_all_its_groups(client, school, group, lucia):
    other = make_series(school).group
    patricia = member("Patricia", school, other)
    where = reverse("space_ideas", args=["mirador"])
    sign_in(client, lucia).post(where, {"text": "Un comedor.", "language": "es"})
    assert "Un comedor." in sign_in(client, patricia).get(where).content.decode()
    assert "Un comedor." not in sign_in(client, lucia).get(url(group, "ideas")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_database_the_same_few_things_however_long_it_is(
    client, group, elena, lucia, number, django_assert_num_queries
):
    for n in range(number):
        idea = idea_of(group, elena, f"Idea {n}.")
        support(idea, elena, lucia)
        merge(idea_of(group, elena, f"Otra {n}."), idea, elena)
    sign_in(client, elena)
    with django_assert_num_queries(18):
        client.get(url(group, "ideas"))
