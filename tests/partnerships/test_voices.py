"""What families write to each other: who reads it, whose it is, what becomes of it, and in which language."""

import re
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import translation

from accounts import codes
from accounts.database import acting
from accounts.models import Person, SignInCode
from notifications.models import Intent
from partnerships import readers
from partnerships.access import voices as access
from partnerships.access.spaces import Room
from partnerships.actions import agreements
from partnerships.actions import voices as actions
from partnerships.models import Agreement, Authorship, GroupMember, Post, Reaction, Reply, Translation
from partnerships.views import frame
from tests.factories import (
    give_address,
    make_member,
    make_person,
    make_post,
    make_reply,
    make_school,
    make_series,
    sign_in,
)

pytestmark = pytest.mark.django_db

MINUTE = 60
# Session, person, ties, what was said at the transaction's start, the room, its members, those outside, the looks
# again, and what stands on the page: the same whatever was written.
STATEMENTS_OF_GROUP_PAGE = 20
# One of them asks whether members of a board come together here.
STATEMENTS_OF_THREAD = 20


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
def marta(school):
    return make_person("Marta", school, "caregiver", language="en")


@pytest.fixture
def group(school, elena, lucia, marta):
    make_person("Rosa", school, "coordinator", on_payroll=True)
    group = make_series(school, families=[lucia, marta]).group
    make_member(group, elena, "facilitator")
    make_member(group, lucia)
    make_member(group, marta)
    return group


def browser(person):
    return sign_in(Client(), person)


def kept(model, **where):
    """Read past the policies, as a backup does."""
    with acting("backup"):
        return list(model.objects.filter(**where))


def where(group, *parts):
    return "/".join(["/g", str(group.pk), *map(str, parts), ""])


def page(person, group, *parts):
    response = browser(person).get(where(group, *parts))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def send(person, group, *parts, **data):
    return browser(person).post(where(group, *parts), data)


def of(text):
    """Return the parts of an address that name a text."""
    return (text.post_id, "replies", text.pk) if isinstance(text, Reply) else (text.pk,)


# Who can read it, in words


def promise(group, person, language):
    with translation.override(language):
        return readers.for_room(Room(group.space, group, person, False))


def test_the_band_says_who_can_read_and_who_cannot_from_the_rules(group, lucia):
    assert str(promise(group, lucia, "es")) == (
        "Quién puede leer esto: las 3 personas de este grupo, entre ellas Elena, que lo facilita. "
        "No lo puede leer Rosa, que trabaja en la escuela. "
        "Tampoco lo pueden leer quienes trabajan en la escuela, la dirección de la escuela, "
        "el personal del consejo escolar, el distrito ni quien evalúa."
    )
    assert str(promise(group, lucia, "en")) == (
        "Who can read this: the 3 people in this group, among them Elena, who facilitates it. "
        "Rosa, who works at the school, cannot read it. "
        "Nor can the people who work at the school, the school's leaders, staff on the school council, the district "
        "or the evaluator read it."
    )


def test_somebody_whom_a_tie_bars_is_counted_no_more(group, school, lucia, marta):
    make_person("Inés", school, "coordinator", on_payroll=True)
    marta.memberships.create(school=school, kind="staff", since=marta.memberships.get().since)
    assert "las 2 personas" in str(promise(group, lucia, "es"))
    assert "Inés y Rosa, que trabajan en la escuela" in str(promise(group, lucia, "es"))


def test_a_coordinator_who_facilitates_unpaid_can_read_and_is_named_so(group, school, lucia):
    ines = make_person("Inés", school, "coordinator")
    make_member(group, ines, "facilitator")
    assert "las 4 personas de este grupo, entre ellas Elena e Inés, que lo facilitan" in str(
        promise(group, lucia, "es")
    )


def test_whoever_is_alone_is_told_so(school, lucia):
    group = make_series(school, families=[lucia]).group
    make_member(group, lucia)
    assert promise(group, lucia, "en").can == "For now only you can read this: nobody else has entered yet."


def test_the_rest_of_the_promise_stands_above_the_box_and_names_its_limit(group, lucia):
    words = page(lucia, group, "new")
    before_the_box = words[: words.index("<textarea")]
    for sentence in (
        "Solo familias",
        "las 3 personas de este grupo",
        "Aquí no preguntamos por su situación migratoria.",
        "Puede ocultar su nombre: nadie lo verá en pantalla, tampoco quien facilita.",
        "si alguien puede estar en peligro, Elena buscará ayuda.",
    ):
        assert sentence in before_the_box


# Writing and reading


def test_what_is_written_stands_newest_first_in_its_own_language(group, lucia, marta, clock):
    assert send(lucia, group, "new", text="Hola a todas", language="es")["Location"] == where(group)
    clock.move_to(clock.at + timedelta(days=1))
    send(marta, group, "new", text="Good evening", language="en")
    words = page(lucia, group)
    assert re.findall(r'<p lang="(\w+)">([^<]+)</p>', words) == [("en", "Good evening"), ("es", "Hola a todas")]
    assert words.index("Marta</strong> · 16 de febrero") < words.index("Lucía</strong> · 15 de febrero")


def test_an_empty_group_says_what_will_come_and_offers_one_thing(group, lucia):
    words = page(lucia, group)
    assert "Todavía nadie ha escrito. Puede saludar, o solo leer." in words
    assert words.count('class="button"') == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("   ", "Escriba algo primero; bastan pocas palabras"),
        ("é" * 2001, "2000"),
    ],
)
def test_what_was_typed_is_kept_when_it_cannot_be_sent(group, lucia, text, said):
    response = send(lucia, group, "new", text=text, language="en", is_nameless="on")
    words = " ".join(response.content.decode().split())
    assert said in words
    assert text.strip() in words
    assert 'value="en" checked' in words
    assert 'name="is_nameless" checked' in words or "is_nameless" in words[words.index("checked") :]
    assert kept(Post) == []


def test_2000_characters_fit_however_the_browser_ends_its_lines(group, lucia):
    send(lucia, group, "new", text="a\r\n" * 1000, language="es")
    [post] = kept(Post)
    assert post.text == ("a\n" * 1000).strip()


def test_markup_is_shown_as_it_was_typed_and_does_nothing(group, lucia):
    make_post(group, lucia, "<b>Hola</b> & adiós")
    assert "&lt;b&gt;Hola&lt;/b&gt; &amp; adiós" in page(lucia, group)


def test_the_same_tap_twice_writes_once(group, lucia, clock):
    for _tap in range(2):
        send(lucia, group, "new", text="Hola", language="es")
    assert len(kept(Post)) == len(kept(Authorship)) == 1
    clock.move_to(clock.at + timedelta(hours=1))
    send(lucia, group, "new", text="Hola", language="es")
    assert len(kept(Post)) == 2


def test_twenty_posts_make_a_page(group, lucia, clock):
    for number in range(21):
        make_post(group, lucia, f"Texto {number:02}.", at=clock.at + timedelta(minutes=number))
    first = page(lucia, group)
    second = " ".join(browser(lucia).get(f"{where(group)}?page=2").content.decode().split())
    assert re.findall(r"Texto \d\d", first) == [f"Texto {number:02}" for number in range(20, 0, -1)]
    assert re.findall(r"Texto \d\d", second) == ["Texto 00"]
    assert '<a href="?page=2">Anteriores</a>' in first
    assert '<a href="?page=1">Más recientes</a>' in second


def test_answers_stand_under_their_post_in_order_and_have_none_of_their_own(group, lucia, marta, clock):
    post = make_post(group, lucia, "¿Quién lleva a los niños?")
    send(marta, group, post.pk, text="Me too", language="en")
    clock.move_to(clock.at + timedelta(hours=1))
    send(lucia, group, post.pk, text="Gracias", language="es", is_nameless="on")
    words = page(marta, group, post.pk)
    assert words.index("¿Quién lleva") < words.index("Me too</p>") < words.index("Gracias</p>")
    assert "Read 2 answers" in page(marta, group)
    reply = kept(Reply, text="Gracias")[0]
    assert browser(marta).get(where(group, *of(reply))).status_code == 404


def test_a_post_is_found_in_its_own_room_only(group, school, lucia):
    here, elsewhere = make_post(group, lucia), make_post(group.space, lucia)
    other = make_series(school, families=[lucia]).group
    make_member(other, lucia)
    client = browser(lucia)
    assert client.get(where(group, here.pk)).status_code == 200
    assert client.get(where(other, here.pk)).status_code == 404
    assert client.get(where(group, elsewhere.pk)).status_code == 404
    assert client.get(f"/space/mirador/{here.pk}/").status_code == 404
    assert client.get(f"/space/mirador/{elsewhere.pk}/").status_code == 200


# Without a name


def everything_on(person, group, post):
    """Return all that somebody can see of a post."""
    return page(person, group) + page(person, group, post.pk)


def names_of(words):
    return re.findall(r"<header> <strong>([^<]+)</strong>", words)


def test_without_her_name_no_screen_tells_who_wrote_to_whoever_facilitates_neither(group, elena, lucia, marta):
    send(lucia, group, "new", text="Tengo una duda", language="es", is_nameless="on")
    [post] = kept(Post)
    send(lucia, group, post.pk, text="Otra cosa", language="es", is_nameless="on")
    for reader in (elena, marta, lucia):
        words = everything_on(reader, group, post)
        assert names_of(words) == [("Alguien, sin su nombre", "Somebody, without a name")[reader == marta]] * 3
        assert "Lucía" not in words
        assert "anónim" not in words
    with acting("facilitator", elena.pk):
        assert list(Authorship.objects.all()) == []


def test_a_signed_text_would_be_told_apart_by_the_same_looks(group, elena, lucia):
    post = make_post(group, lucia)
    assert names_of(everything_on(elena, group, post)) == ["Lucía", "Lucía"]


def test_her_page_and_everybody_elses_differ_by_her_own_way_to_delete_alone(group, lucia, marta):
    Person.objects.update(language="es")
    post = make_post(group, lucia, without_name=True)
    hers, theirs = page(lucia, group, post.pk), page(marta, group, post.pk)
    own_way = f'<a class="button quiet small" href="{where(group, post.pk, "delete")}">Borrar lo que escribí</a>'
    masked = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", words).replace(own_way, "") for words in (hers, theirs)]
    assert own_way in hers
    assert re.sub(r"\s+", "", masked[0]) == re.sub(r"\s+", "", masked[1])


# Taking words back


@pytest.mark.parametrize("without_name", [True, False])
def test_one_takes_back_ones_own_words_and_the_place_stays(group, lucia, marta, without_name):
    post = make_post(group, lucia, "Algo mío", without_name=without_name)
    make_reply(post, marta, "Claro")
    send(marta, group, post.pk, "translate", text="Something of mine")
    assert "Algo mío" in page(lucia, group, post.pk, "delete")
    assert send(lucia, group, post.pk, "delete")["Location"] == where(group, post.pk)
    words = page(marta, group, post.pk)
    assert "Whoever wrote this took the words back." in words
    assert "Claro" in words
    assert "Lucía" not in words
    assert "Algo mío" not in words
    assert [(post.text, post.signed_by_id) for post in kept(Post)] == [("", None)]
    assert [translated.text for translated in kept(Translation)] == [""]
    assert send(lucia, group, post.pk, "delete").status_code == 404


def test_an_answer_is_taken_back_alike(group, lucia, marta):
    reply = make_reply(make_post(group, lucia), marta, "Claro", without_name=True)
    send(marta, group, *of(reply), "delete")
    assert [reply.text for reply in kept(Reply)] == [""]


@pytest.mark.parametrize("who", ["elena", "marta"])
@pytest.mark.parametrize("without_name", [True, False])
def test_nobody_takes_back_somebody_elses_words(group, lucia, who, without_name, request):
    post = make_post(group, lucia, without_name=without_name)
    reader = request.getfixturevalue(who)
    assert browser(reader).get(where(group, post.pk, "delete")).status_code == 404
    assert send(reader, group, post.pk, "delete").status_code == 404
    assert kept(Post)[0].text == "Hola a todas."


def test_without_that_look_the_database_still_refuses(group, lucia, elena, monkeypatch):
    post = make_post(group, lucia)
    monkeypatch.setattr(access, "own_words", access.words)
    client = browser(elena)
    assert client.get(where(group, post.pk, "delete")).status_code == 200
    with pytest.raises(ProgrammingError), transaction.atomic():
        client.post(where(group, post.pk, "delete"))
    assert kept(Post)[0].text == "Hola a todas."


# Hiding


def test_whoever_facilitates_hides_a_text_with_a_reason_that_stands_in_its_place(group, elena, lucia, marta):
    post = make_post(group, lucia, "Un niño se llama así")
    reply = make_reply(post, marta, "Así se llama")
    for text in (reply, post):
        assert send(elena, group, *of(text), "hide", reason="Nombra a un niño")["Location"] == where(group, post.pk)
    for reader in (lucia, elena):
        words = everything_on(reader, group, post)
        assert words.count("Elena ocultó este mensaje: Nombra a un niño") == 3
        assert "llama" not in words
    hidden = page(elena, group, "hidden")
    assert hidden.index("Un niño se llama así") < hidden.index("Así se llama")
    assert browser(lucia).get(where(group, "hidden")).status_code == 404
    send(elena, group, *of(post), "unhide")
    assert "Un niño se llama así" in page(lucia, group)


def test_nothing_is_answered_translated_or_given_a_reaction_while_it_is_hidden(group, elena, lucia, marta):
    post = make_post(group, lucia)
    send(elena, group, post.pk, "hide", reason="Nombra a un niño")
    for parts, data in (((), {"text": "a", "language": "es"}), (("react",), {"kind": "helped"})):
        assert send(marta, group, post.pk, *parts, **data).status_code == 404
    assert send(marta, group, post.pk, "translate", text="a").status_code == 404
    assert "<textarea" not in page(marta, group, post.pk)


def test_hiding_needs_a_reason(group, elena, lucia):
    post = make_post(group, lucia)
    assert "Escriba el motivo; el grupo lo leerá" in send(elena, group, post.pk, "hide", reason="").content.decode()
    assert kept(Post)[0].hidden_at is None


def test_only_who_facilitates_this_group_hides(group, school, lucia, marta):
    # She facilitates another group of the school, and is a family in this one.
    make_member(make_series(school).group, marta, "facilitator")
    post = make_post(group, lucia)
    for person in (lucia, marta):
        assert browser(person).get(where(group, post.pk, "hide")).status_code == 404
        assert send(person, group, post.pk, "hide", reason="Porque sí").status_code == 404
        assert send(person, group, post.pk, "unhide").status_code == 404


def test_without_that_look_the_database_still_lets_nobody_else_hide(group, school, lucia, marta, monkeypatch):
    make_member(make_series(school).group, marta, "facilitator")
    post = make_post(group, lucia)
    monkeypatch.setattr(frame, "led", lambda room: room)
    client = browser(marta)
    assert client.get(where(group, post.pk, "hide")).status_code == 200
    # The row is out of her reach: nothing is changed, and saying so is an error of ours.
    with pytest.raises(Exception, match="did not affect any rows"), transaction.atomic():
        client.post(where(group, post.pk, "hide"), {"reason": "Porque sí"})
    assert kept(Post)[0].hidden_at is None


# Reactions


def test_two_reactions_in_words_are_given_and_taken_back_and_shown_as_numbers(group, lucia, marta, elena):
    post = make_post(group, lucia)
    for person in (lucia, marta):
        send(person, group, post.pk, "react", kind="helped")
    send(elena, group, post.pk, "react", kind="me_too")
    words = page(lucia, group, post.pk)
    assert re.findall(r'aria-pressed="(\w+)">(?: <svg.*?</svg>)? ([^<]+?) </button>', words) == [
        ("true", "Me ayudó · 2"),
        ("false", "A mí también · 1"),
    ]
    assert "Marta" not in words
    assert send(lucia, group, post.pk, "react", kind="helped")["Location"] == where(group, post.pk)
    send(lucia, group, post.pk, "react", kind="angry")
    assert {(reaction.kind, reaction.person_id) for reaction in kept(Reaction)} == {
        ("helped", marta.pk),
        ("me_too", elena.pk),
    }


def test_a_reaction_from_the_list_leads_back_to_the_same_place(group, lucia):
    post = make_post(group, lucia)
    response = browser(lucia).post(f"{where(group, post.pk, 'react')}?page=2", {"kind": "helped"})
    assert response["Location"] == f"{where(group)}?page=2#{post.pk}"


def test_the_same_reaction_counts_once(group, lucia):
    post = make_post(group, lucia)
    with acting("caregiver", lucia.pk):
        for _tap in range(2):
            actions.react(post=post, kind="helped", by=lucia)
    assert len(kept(Reaction)) == 1


# Two languages


def seen_by(person, group, post):
    """Say whether the translation stands on the page, and whether it can be reviewed."""
    client = browser(person)
    words = client.get(where(group, post.pk)).content.decode()
    return ("Hello" in words, client.get(where(group, post.pk, "review")).status_code)


@pytest.mark.parametrize("without_name", [True, False])
def test_a_translation_is_seen_by_its_writer_the_author_and_who_facilitates_until_one_accepts_it(
    group, lucia, marta, elena, school, without_name
):
    ana = make_person("Ana", school, "caregiver")
    make_member(group, ana)
    post = make_post(group, lucia, "Hola", without_name=without_name)
    send(marta, group, post.pk, "translate", text="Hello")
    assert {person.name: seen_by(person, group, post) for person in (lucia, elena, marta, ana)} == {
        "Lucía": (False, 200),
        "Elena": (False, 200),
        "Marta": (False, 404),
        "Ana": (False, 404),
    }
    assert "Hello" in page(marta, group, post.pk, "translate")
    assert "Hello" not in page(ana, group, post.pk, "translate")
    assert "Hello" in page(lucia, group, post.pk, "review")
    [waiting] = kept(Translation)
    assert send(ana, group, post.pk, "review", translation=waiting.pk).status_code == 404
    assert send(lucia, group, post.pk, "review", translation=waiting.pk).status_code == 302
    assert {seen_by(person, group, post) for person in (lucia, elena, marta, ana)} == {(True, 404)}
    assert "Traducción revisada" in page(elena, group)


def test_the_words_as_written_come_first_and_each_has_its_language(group, lucia, elena):
    post = make_post(group, lucia, "Hola")
    send(elena, group, post.pk, "translate", text="Hello")
    words = page(lucia, group, post.pk)
    assert re.findall(r'<p lang="(\w+)">([^<]+)</p>', words) == [("es", "Hola"), ("en", "Hello")]


def test_without_the_filter_a_waiting_translation_would_be_seen_by_all(group, lucia, marta, elena, monkeypatch):
    post = make_post(group, lucia, "Hola")
    send(marta, group, post.pk, "translate", text="Hello")
    assert seen_by(elena, group, post) == (False, 200)
    assert browser(marta).get(where(group, post.pk, "review")).status_code == 404
    monkeypatch.setattr(access, "has_to_review", lambda room, text: True)
    monkeypatch.setattr(access, "_others", lambda room: ~access.Q(text=""))
    assert "Hello" in page(marta, group, post.pk, "review")


def test_who_may_review_needs_no_second_pair_of_eyes(group, lucia, elena):
    mine, theirs = make_post(group, lucia, "Hola"), make_post(group, lucia, "Adiós")
    send(lucia, group, mine.pk, "translate", text="Hello")
    send(elena, group, theirs.pk, "translate", text="Bye")
    assert [translated.reviewed_at is not None for translated in kept(Translation)] == [True, True]


def test_whoever_wrote_without_her_name_translates_as_anybody_would(group, lucia, marta, elena):
    post, other = make_post(group, lucia, "Hola", without_name=True), make_post(group, lucia, "Adiós")
    send(lucia, group, post.pk, "translate", text="Hello")
    send(marta, group, other.pk, "translate", text="Bye")
    by_author, by_anybody = kept(Translation, post=post)[0], kept(Translation, post=other)[0]
    assert by_author.reviewed_at is by_anybody.reviewed_at is None
    # Nor can she accept it herself, which would tell whoever did not that the writer did.
    assert browser(lucia).get(where(group, post.pk, "review")).status_code == 404
    assert send(lucia, group, post.pk, "review", translation=by_author.pk).status_code == 404
    assert seen_by(elena, group, post) == (False, 200)


def test_nothing_says_who_reviewed_a_translation(group, lucia, marta, elena):
    hers, theirs = (make_post(group, lucia, "Hola", without_name=True) for _each in range(2))
    for post in (hers, theirs):
        send(marta, group, post.pk, "translate", text="Hello")
    send(lucia, group, hers.pk, "review", translation=kept(Translation, post=hers)[0].pk)
    send(elena, group, theirs.pk, "review", translation=kept(Translation, post=theirs)[0].pk)
    columns = [
        {name: value for name, value in vars(translated).items() if name not in {"_state", "id", "post_id"}}
        for translated in kept(Translation)
    ]
    assert columns[0] == columns[1]


def test_another_way_of_saying_it_waits_anew_and_the_accepted_one_stays_until_then(group, lucia, marta, elena, clock):
    post = make_post(group, lucia, "Hola")
    ana = make_person("Ana", group.space.school, "caregiver")
    make_member(group, ana)
    send(marta, group, post.pk, "translate", text="Hello")
    clock.move_to(clock.at + timedelta(hours=1))
    send(elena, group, post.pk, "translate", text="Hello there")
    # Marta's was written before another was accepted: it waits no more.
    assert seen_by(lucia, group, post) == (True, 404)
    clock.move_to(clock.at + timedelta(hours=1))
    send(ana, group, post.pk, "translate", text="Hi")
    assert "Hello there" in page(marta, group, post.pk)
    send(lucia, group, post.pk, "review", translation=kept(Translation, text="Hi")[0].pk)
    assert 'lang="en">Hi<' in page(marta, group, post.pk)


def test_one_person_has_one_translation_which_changes(group, lucia, marta):
    post = make_post(group, lucia, "Hola")
    for text in ("Hello", "Hi"):
        send(marta, group, post.pk, "translate", text=text)
    assert [(translated.text, translated.language) for translated in kept(Translation)] == [("Hi", "en")]


# A phone that others use too


def aged(client, minutes):
    """Let the code have been typed some minutes ago."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * MINUTE
    session.save()
    return client


@pytest.fixture
def shared(group, lucia):
    Person.objects.filter(pk=lucia.pk).update(shares_phone=True)
    return lucia


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 302)])
def test_on_a_shared_phone_the_group_asks_for_a_code_after_half_an_hour(group, shared, minutes, status):
    post = make_post(group, shared)
    client = aged(browser(shared), minutes)
    for parts in ((), ("new",), ("members",), (post.pk,), (post.pk, "translate")):
        response = client.get(where(group, *parts))
        assert response.status_code == status
        if status == 302:
            assert response["Location"] == f"/enter/?next={where(group, *parts)}"
    assert client.get(f"/space/mirador/{'' if status == 200 else '?page=1'}").status_code == status


def test_there_the_way_in_asks_and_leads_to_no_circle(group, shared):
    client = aged(browser(shared), 31)
    asked = client.get(client.get(where(group))["Location"])
    assert asked.status_code == 200
    assert 'name="address"' in asked.content.decode()
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("who", ["lucia", "marta"])
def test_a_new_code_opens_it_again_for_whoever_typed_it(group, shared, who, request):
    person = request.getfixturevalue(who)
    give_address(person, "sms", "+17735550142")
    Person.objects.filter(pk=person.pk).update(shares_phone=True)
    client = aged(browser(shared), 31)
    client.get(where(group))
    client.post(f"/enter/?next={where(group)}", {"address": "773 555 0142"})
    asked = SignInCode.objects.get()
    digits = {"code": codes.digits_of(asked.pk)}
    assert client.post(f"/enter/code/?next={where(group)}", digits)["Location"] == where(group)
    assert client.get(where(group)).status_code == 200
    assert client.session["_auth_user_id"] == str(person.pk)
    assert aged(client, 31).get(where(group)).status_code == 302


def test_words_begun_in_time_are_still_taken(group, shared):
    late, too_late = aged(browser(shared), 59), aged(browser(shared), 61)
    assert late.post(where(group, "new"), {"text": "Hola", "language": "es"})["Location"] == where(group)
    assert too_late.post(where(group, "new"), {"text": "Adiós", "language": "es"})["Location"].startswith("/enter/")
    assert [post.text for post in kept(Post)] == ["Hola"]


def test_on_a_phone_of_ones_own_it_never_asks(group, lucia):
    assert aged(browser(lucia), 24 * 60).get(where(group)).status_code == 200


def test_without_that_look_a_shared_phone_stays_open(group, shared, monkeypatch):
    monkeypatch.setattr(frame, "code_is_old", lambda request, **lasts: False)
    assert aged(browser(shared), 31).get(where(group)).status_code == 200


# What the group agreed


def test_whoever_has_not_agreed_yet_finds_what_the_group_agreed_on_its_page(group, elena, lucia):
    with acting("facilitator", elena.pk):
        agreements.agree_together(group=group, text="Escuchamos hasta el final.", language="es")
    assert "Escuchamos hasta el final." in page(lucia, group)
    [agreed] = kept(Agreement)
    assert send(lucia, group, "agreements", agreed.pk, "yes", **{"from": "group"})["Location"] == where(group)
    assert "Escuchamos hasta el final." not in page(lucia, group)


# How often the database is asked


@pytest.mark.parametrize("count", [1, 3])
def test_the_group_page_asks_the_same_number_of_times(group, lucia, marta, count, django_assert_num_queries):
    for number in range(count):
        post = make_post(group, lucia, f"Texto {number}")
        make_reply(post, marta)
        send(marta, group, post.pk, "translate", text="Text")
    client = browser(lucia)
    with django_assert_num_queries(STATEMENTS_OF_GROUP_PAGE):
        assert client.get(where(group)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_thread_asks_the_same_number_of_times(group, lucia, marta, count, django_assert_num_queries):
    post = make_post(group, lucia)
    for number in range(count):
        reply = make_reply(post, marta, f"Respuesta {number}")
        send(lucia, group, *of(reply), "translate", text="Answer")
    client = browser(lucia)
    with django_assert_num_queries(STATEMENTS_OF_THREAD):
        assert client.get(where(group, post.pk)).status_code == 200


# Nothing beside the words


def test_reading_and_writing_leave_no_trace_of_who_read_and_tell_nobody(group, lucia, marta):
    post = make_post(group, lucia)
    before = {model: len(kept(model)) for model in (Post, Reply, Authorship, Reaction, Translation, GroupMember)}
    page(marta, group)
    page(marta, group, post.pk)
    assert {model: len(kept(model)) for model in before} == before
    send(marta, group, post.pk, text="Gracias", language="es")
    assert Intent.objects.count() == 0
