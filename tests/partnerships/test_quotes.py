"""Exact words: asked for as they stand, shared with their writer's yes alone, gone the moment she takes them back."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from accounts.database import acting
from partnerships.access import quotes as access
from partnerships.access.spaces import Room
from partnerships.actions import quotes as actions
from partnerships.actions import voices
from partnerships.models import Quote, SharedQuote
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in, tie

pytestmark = pytest.mark.django_db

TEXT = "Mi hijo ya quiere ir.\nAntes lloraba cada lunes."
WORDS = "Antes lloraba cada lunes."
YES = {"answer": "yes", "audiences": ["leaders"], "signature": "mother", "seen": ""}
MARK = "Estas palabras se retiraron"


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
    lucia = make_person("Lucía", school, "caregiver")
    make_member(group, lucia)
    return lucia


@pytest.fixture
def grant(school):
    return make_person("Dra. Grant", school, "leader")


@pytest.fixture
def post(group, lucia):
    return make_post(group, lucia, TEXT, without_name=True)


@pytest.fixture
def quote(post, elena):
    return ask(post, elena)


def ask(post, by, words=WORDS):
    with acting("facilitator", by.pk):
        return actions.ask(post=post, words=words, by=by)


def allow(quote, by, **fields):
    with acting("caregiver", by.pk):
        actions.allow(quote=quote, **{"for_leaders": True, "for_public": False, "signature": "mother", **fields})


def kept(model):
    with acting("backup"), transaction.atomic():
        return list(model.objects.order_by("pk"))


def refused_code(audience, person, call, **kwargs):
    with acting(audience, person.pk), pytest.raises(ValidationError) as refusal:
        call(**kwargs)
    return refusal.value.code


def own(client, person, quote, data=None):
    sign_in(client, person)
    where = reverse("own_words", args=[quote.pk])
    return client.get(where) if data is None else client.post(where, data)


def leaders_read(client, person):
    return sign_in(client, person).get("/l/mirador/words/").content.decode()


def test_only_words_exactly_as_they_stand_are_asked_for(client, group, elena, post):
    where = reverse("group_post_quote", args=[group.pk, post.pk])
    form = sign_in(client, elena).post(where, {"words": "Antes lloraba todos los lunes."}).context["form"]
    assert form.errors.as_data()["words"][0].code == "not_exact"
    # A browser sends other line ends than the ones we keep.
    client.post(where, {"words": TEXT.replace("\n", "\r\n")})
    assert [(each.words, each.post_id, each.asked_by_id) for each in kept(Quote)] == [(TEXT, post.pk, elena.pk)]


def test_a_post_has_one_open_question_and_no_question_twice(post, elena, lucia):
    quote = ask(post, elena)
    assert ask(post, elena).pk == quote.pk
    again = {"post": post, "by": elena}
    assert refused_code("facilitator", elena, actions.ask, words="Mi hijo", **again) == "waiting"
    with acting("caregiver", lucia.pk):
        actions.refuse(quote=quote)
    assert refused_code("facilitator", elena, actions.ask, words=WORDS, **again) == "answered"
    assert ask(post, elena, "Mi hijo ya quiere ir.").pk != quote.pk


def test_a_family_does_not_find_the_pages_on_which_words_are_asked_for(client, group, lucia, post):
    sign_in(client, lucia)
    assert client.get(reverse("group_post_quote", args=[group.pk, post.pk])).status_code == 404
    assert client.post(reverse("group_post_quote", args=[group.pk, post.pk]), {"words": WORDS}).status_code == 404
    assert client.get(reverse("group_voice", args=[group.pk])).status_code == 404
    assert kept(Quote) == []


def test_the_writer_alone_finds_the_question_and_no_message_is_sent(client, group, elena, lucia, quote):
    with acting("caregiver", lucia.pk):
        assert access.asked_of(Room(group.space, group, lucia, False)) == [quote]
    with acting("facilitator", elena.pk):
        assert access.asked_of(Room(group.space, group, elena, True)) == []
    line = reverse("own_words", args=[quote.pk])
    assert line in sign_in(client, lucia).get(reverse("group_posts", args=[group.pk])).content.decode()
    assert line not in sign_in(client, elena).get(reverse("group_posts", args=[group.pk])).content.decode()
    with acting("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM notifications_intent")
        assert cursor.fetchone() == (0,)


def test_the_group_page_leads_its_writer_back_to_shared_words_until_she_takes_them_back(client, group, lucia, quote):
    def line():
        page = sign_in(client, lucia).get(reverse("group_posts", args=[group.pk])).content.decode()
        return reverse("own_words", args=[quote.pk]) in page, "Sus palabras compartidas: verlas o retirarlas" in page

    assert line() == (True, False)
    own(client, lucia, quote, YES)
    assert line() == (True, True)
    own(client, lucia, quote, {"answer": "withdraw"})
    assert line() == (False, False)


@pytest.mark.parametrize("who", ["facilitator", "another member", "principal", "family elsewhere", "council"])
def test_the_page_of_the_words_is_a_404_for_everybody_but_their_writer(client, school, group, elena, quote, who):
    person = {
        "facilitator": lambda: elena,
        "another member": lambda: make_person("Carmen", school, "caregiver"),
        "principal": lambda: make_person("Dra. Grant", school, "leader"),
        "family elsewhere": lambda: make_person("Patricia", make_school("Roble"), "caregiver"),
        "council": lambda: make_person("Ana", school, "caregiver", "parent_seat"),
    }[who]()
    if who in {"another member", "council"}:
        make_member(group, person)
    assert own(client, person, quote).status_code == 404
    assert own(client, person, quote, YES).status_code == 404
    assert kept(SharedQuote) == []


def test_negative_control_the_question_to_her_own_authorship_is_what_keeps_the_facilitator_out(client, quote, elena):
    assert own(client, elena, quote).status_code == 404
    with acting("facilitator", elena.pk):
        # Her role reads the row; the page asks for more, and so does the database before anything is answered.
        assert Quote.objects.filter(pk=quote.pk).exists()
        assert Quote.objects.filter(pk=quote.pk).update(for_leaders=True, signature="mother") == 0


def test_a_member_who_was_hired_meanwhile_finds_her_own_words_no_more(client, school, lucia, quote):
    assert own(client, lucia, quote).status_code == 200
    tie(lucia, school, "staff")
    assert own(client, lucia, quote).status_code == 404


def test_a_yes_shares_the_exact_words_with_whom_she_says_signed_as_she_says(client, school, lucia, grant, quote):
    assert own(client, lucia, quote, YES).status_code == 302
    [shared] = kept(SharedQuote)
    assert (shared.words, shared.language, shared.translated, shared.signature, shared.school_id) == (
        WORDS,
        "es",
        "",
        "mother",
        school.pk,
    )
    assert (shared.for_leaders, shared.for_public) == (True, False)
    read = leaders_read(client, grant)
    assert WORDS in read
    assert "Una mamá" in read
    assert "compartido con permiso" in read
    assert "Mi hijo ya quiere ir." not in read
    assert "Lucía" not in read


def test_a_yes_needs_an_audience_and_a_signature(client, lucia, quote):
    page = own(client, lucia, quote, {"answer": "yes", "seen": ""})
    assert sorted(page.context["form"].errors) == ["audiences", "signature"]
    said = {"quote": quote, "for_leaders": False, "for_public": False, "signature": "mother"}
    assert refused_code("caregiver", lucia, actions.allow, **said) == "nobody"
    assert kept(SharedQuote) == []


def test_a_no_shares_nothing_and_can_become_a_yes(client, lucia, grant, quote):
    own(client, lucia, quote, {"answer": "no"})
    assert [each.is_shared for each in kept(Quote)] == [False]
    assert WORDS not in leaders_read(client, grant)
    own(client, lucia, quote, YES)
    assert WORDS in leaders_read(client, grant)


def test_words_taken_back_vanish_at_once_and_their_mark_stays(client, group, elena, lucia, grant, quote):
    own(client, lucia, quote, YES)
    own(client, lucia, quote, {"answer": "withdraw"})
    read = leaders_read(client, grant)
    assert (WORDS in read, read.count(MARK)) == (False, 1)
    assert [(each.words, each.signature) for each in kept(SharedQuote)] == [("", "")]
    asked = sign_in(client, elena).get(reverse("group_voice", args=[group.pk])).content.decode()
    assert (WORDS in asked, MARK in asked) == (False, True)
    said = {"quote": quote, "for_leaders": True, "for_public": False, "signature": "mother"}
    assert refused_code("caregiver", lucia, actions.allow, **said) == "withdrawn"


def test_words_for_the_public_report_alone_do_not_stand_on_the_leaders_page(client, lucia, grant, quote):
    own(client, lucia, quote, {**YES, "audiences": ["public"]})
    assert [(each.for_leaders, each.for_public) for each in kept(SharedQuote)] == [(False, True)]
    assert WORDS not in leaders_read(client, grant)


@pytest.mark.parametrize("answer", ["shared", "waiting", "refused"])
def test_deleting_the_post_takes_its_words_back_everywhere(client, lucia, grant, post, quote, answer):
    if answer == "shared":
        allow(quote, lucia)
    elif answer == "refused":
        with acting("caregiver", lucia.pk):
            actions.refuse(quote=quote)
    with acting("caregiver", lucia.pk):
        voices.take_back(words=post)
    assert [(each.words, each.withdrawn_at is None) for each in kept(Quote)] == [("", False)]
    read = leaders_read(client, grant)
    assert (WORDS in read, MARK in read) == (False, answer == "shared")


def test_words_of_a_hidden_post_are_not_shared_and_those_shared_before_stay_their_writer_s(
    client, group, elena, lucia, grant, post, quote
):
    def hide():
        with acting("facilitator", elena.pk):
            voices.hide(words=post, reason="Nombra a alguien", by=elena)

    hide()
    with acting("caregiver", lucia.pk):
        assert access.asked_of(Room(group.space, group, lucia, False)) == []
    own(client, lucia, quote, YES)
    assert kept(SharedQuote) == []
    assert refused_code("facilitator", elena, actions.ask, post=post, words="Mi hijo", by=elena) == "gone"
    with acting("facilitator", elena.pk):
        voices.show_again(words=post)
    own(client, lucia, quote, YES)
    hide()
    assert WORDS in leaders_read(client, grant)
    own(client, lucia, quote, {"answer": "withdraw"})
    assert WORDS not in leaders_read(client, grant)


def translated(post, elena, text="My son wants to go now."):
    with acting("facilitator", elena.pk):
        voices.translate(words=post, text=text, by=elena, is_led=True)


def test_a_reviewed_translation_goes_along_only_where_the_whole_post_is_asked_for(client, post, elena, lucia, quote):
    translated(post, elena)
    with acting("caregiver", lucia.pk):
        assert access.translation_of(Quote.objects.select_related("post").get(pk=quote.pk)) is None
        actions.refuse(quote=quote)
    whole = ask(post, elena, TEXT)
    seen = own(client, lucia, whole).context["form"].seen
    own(client, lucia, whole, {**YES, "seen": seen})
    assert [(each.words, each.translated) for each in kept(SharedQuote)] == [(TEXT, "My son wants to go now.")]


def test_a_yes_to_a_translation_that_has_changed_since_is_asked_for_again(client, post, elena, lucia, clock):
    translated(post, elena)
    whole = ask(post, elena, TEXT)
    seen = own(client, lucia, whole).context["form"].seen
    clock.move_to(datetime(2027, 2, 15, 19, tzinfo=UTC))
    translated(post, elena, "My son never wants to go.")
    page = own(client, lucia, whole, {**YES, "seen": seen})
    assert page.context["form"].non_field_errors().as_data()[0].code == "changed"
    assert kept(SharedQuote) == []


READERS = [
    ("leader", 200),
    ("principal_seat", 200),
    ("parent_seat", 200),
    ("community_seat", 200),
    ("staff_seat", 200),
    ("staff", 404),
    ("coordinator", 404),
    ("caregiver", 404),
    ("district_lead", 404),
]


@pytest.mark.parametrize(("kind", "status"), READERS)
def test_shared_words_open_to_leaders_and_council_of_the_school_and_to_nobody_else(
    client, school, lucia, quote, kind, status
):
    allow(quote, lucia)
    page = sign_in(client, make_person("Alguien", school, kind)).get("/l/mirador/words/")
    assert (page.status_code, WORDS in page.content.decode()) == (status, status == 200)
    elsewhere = make_person("Alguien más", make_school("Roble"), kind)
    assert sign_in(client, elsewhere).get("/l/mirador/words/").status_code == 404


def test_the_database_lets_no_facilitator_share_or_rewrite_words(elena, lucia, quote):
    said = {"quote": quote, "for_leaders": True, "for_public": False, "signature": "mother"}
    with acting("facilitator", elena.pk), pytest.raises((ProgrammingError, Quote.DoesNotExist)):
        actions.allow(**said)
    assert kept(SharedQuote) == []


def test_negative_control_without_the_policies_a_facilitator_could_share_them(elena, quote):
    with acting("tests"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("quote", "sharedquote"):
            cursor.execute(f"ALTER TABLE partnerships_{name} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(f"ALTER TABLE partnerships_{name} DISABLE ROW LEVEL SECURITY")
    with acting("facilitator", elena.pk):
        actions.allow(quote=quote, for_leaders=True, for_public=False, signature="mother")
        assert SharedQuote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_words_asked_for_while_the_post_is_deleted_are_gone_too(group, elena, lucia):
    with transaction.atomic():
        post = make_post(group, lucia, TEXT)
    start, refused = Barrier(2), []

    def meet(call):
        start.wait()
        try:
            call()
        except ValidationError as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    def delete():
        with acting("caregiver", lucia.pk):
            voices.take_back(words=post)

    threads = [Thread(target=meet, args=(call,)) for call in (delete, lambda: ask(post, elena))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert ([each.words for each in kept(Quote)], refused) in (([], ["gone"]), ([""], []))


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_the_database_the_same_few_things_however_long_they_are(
    client, group, elena, lucia, grant, number, django_assert_num_queries
):
    for n in range(number):
        allow(ask(make_post(group, lucia, f"Palabras {n}"), elena, f"Palabras {n}"), lucia)
    sign_in(client, elena)
    with django_assert_num_queries(19):
        client.get(reverse("group_voice", args=[group.pk]))
    sign_in(client, grant)
    with django_assert_num_queries(12):
        client.get("/l/mirador/words/")
