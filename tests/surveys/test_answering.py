"""The page of questions, from a link and without JavaScript: nothing lost, nothing kept but a sealed box."""

import gzip
import re
import zlib
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.actions import end_membership
from accounts.database import acting
from accounts.models import Membership, Person
from notifications import clock as now
from surveys import access, actions, pages, questionnaire
from surveys.models import Form, InboxBox
from surveys.views import answering
from tests.factories import give_address, make_person, make_school, sign_in, tie
from tests.surveys.conftest import (
    CLOSES,
    OPENED,
    holding_link,
    long_instrument,
    open_form,
    opened,
    posted,
    sheet,
)

pytestmark = pytest.mark.django_db
GONE = (302, "/link/")


def text(response):
    """The words of a page, as one line."""
    main = re.search(r"<main.*</main>", response.content.decode(), re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def where(response):
    return response.status_code, response.get("Location")


# Asking


def test_the_questions_stand_in_one_document_in_words_and_none_is_answered_beforehand(form, families):
    client, page = holding_link(form, families[0])
    html = client.get(page).content.decode()
    assert html.count("<fieldset") == 4
    assert html.count('type="radio"') == 20
    assert "checked" not in html
    assert html.count("<span>Prefiero no contestar</span>") == 4
    assert html.count("<h1") == 1
    assert html.count("<textarea") == 1


def test_the_evening_is_named_in_the_questions_and_above_them(form, families):
    client, page = holding_link(form, families[0])
    words = text(client.get(page))
    assert "El jueves, ¿cuánto pudo decir lo que piensa?" in words
    assert "jueves 11 de febrero" in words


def test_it_is_asked_in_the_persons_language(form, families):
    families[0].language = "en"
    families[0].save()
    client, page = holding_link(form, families[0])
    response = client.get(page)
    assert "On Thursday, how much could you say what you think?" in text(response)
    assert "Thursday, February 11" in text(response)
    assert response["Content-Language"] == "en"
    assert '<html lang="en">' in response.content.decode()


def test_a_language_chosen_in_this_browser_goes_first(form, families):
    client, page = holding_link(form, families[0])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "On Thursday, how much could you say what you think?" in text(client.get(page))


def test_a_form_about_no_evening_names_none(form, school, ring, families):
    written = {**long_instrument(2), "slug": "before"}
    for item in written["items"]:
        item["text"] = {"es": "¿Cuánto confía?", "en": "How much do you trust?"}
    actions.publish(written=written)
    client, page = holding_link(open_form(school, ring, families, evening_on=None, instrument="before"), families[0])
    assert "¿Cuánto confía?" in text(client.get(page))
    assert "febrero" not in text(client.get(page))


def test_two_browsers_get_the_same_page_but_for_token_address_and_form(form, school, ring, families):
    other = open_form(school, ring, families, evening_on=form.evening_on + timedelta(weeks=1))
    seen = []
    for one, person in ((form, families[0]), (other, families[1])):
        client, page = holding_link(one, person)
        html = client.get(page).content.decode()
        html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
        html = re.sub(r"/f/[\w-]+/(\?who=[\w-]+)?", "/f/", html.replace(str(one.pk), ""))
        seen.append(html.replace("18 de febrero", "11 de febrero"))
    assert seen[0] == seen[1]


def test_a_compressed_page_is_the_plain_one(form, families):
    client, page = holding_link(form, families[0])
    plain = client.get(page)
    packed = client.get(page, headers={"Accept-Encoding": "gzip"})
    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert [{"Accept-Encoding", "Cookie"} <= set(one["Vary"].split(", ")) for one in (plain, packed)] == [True, True]
    read = [
        re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", body)
        for body in (plain.content, gzip.decompress(packed.content))
    ]
    assert read[0] == read[1]
    assert len(packed.content) < 4 * 1024


def test_a_copy_longer_than_a_block_is_compressed_whole():
    long = "á".encode() * pages.MOST_STORED
    body = b"".join([pages.GZIP, pages.stored(long), pages.LAST_BLOCK])
    assert zlib.decompress(body[len(pages.GZIP) :], -zlib.MAX_WBITS) == long


def test_the_length_of_a_compressed_page_tells_nothing_of_its_token(form, families):
    client, page = holding_link(form, families[0])
    client.get(page)
    secret = client.cookies["csrftoken"].value

    def length(guess, shorten):
        request = {"headers": {"Accept-Encoding": "gzip"}} if shorten is None else {}
        body = client.get(f"{page}?guess={guess}", **request).content
        body = re.sub(rb'csrfmiddlewaretoken" value="\w+"', b'csrfmiddlewaretoken" value="%s"' % secret.encode(), body)
        return len(shorten(body) if shorten else body)

    right, wrong = secret, secret[16:] + secret[:16]
    assert length(right, None) == length(wrong, None)
    assert length(right, gzip.compress) < length(wrong[::-1], gzip.compress)


def test_nobody_can_write_a_mark_of_the_page_into_it(form, families):
    client, page = holding_link(form, families[0])
    html = client.get(f"{page}?next=%22%3E%3Cb%3Etoken").content.decode()
    assert "<b>token" not in html
    assert not any(mark in html for mark in pages.MARKS.values())


# Answering


def test_answers_are_sealed_and_their_copy_is_shown_once(form, families):
    client, page = holding_link(form, families[0])
    words = text(client.post(page, posted(form, comment="Gracias por la cena")))
    assert opened(form, InboxBox.objects.get()) == (sheet(form, "a_lot"), "Gracias por la cena")
    assert "El jueves, ¿cuánto pudo decir lo que piensa? Mucho" in words
    assert "Gracias por la cena" in words
    assert "miércoles 17 de febrero" in words
    assert "8:00 p. m." in words
    again = text(client.get(page))
    assert "Gracias por la cena" not in again
    assert "checked" not in client.get(page).content.decode()


def test_who_would_rather_not_answer_is_taken_at_her_word(form, families):
    client, page = holding_link(form, families[0])
    words = text(client.post(page, posted(form, "~")))
    assert opened(form, InboxBox.objects.get())[0] == dict.fromkeys(sheet(form))
    assert words.count("Prefiero no contestar") == 4


def test_a_question_left_out_is_said_beside_it_and_nothing_is_lost(form, families):
    client, page = holding_link(form, families[0])
    answers = posted(form, comment="No se pierde")
    del answers["item-useful-at-home"]
    response = client.post(page, answers)
    html = response.content.decode()
    assert InboxBox.objects.count() == 0
    assert html.count("checked") == 3
    assert "No se pierde" in html
    assert 'href="#id_item-useful-at-home_0"' in html
    assert re.search(r'<fieldset class="[^"]*has-error[^"]*".*?De lo que se habló', html, re.S)
    assert html.count('class="field step has-error') == 1
    answers["item-useful-at-home"] = "a_little"
    client.post(page, answers)
    assert opened(form, InboxBox.objects.get())[1] == "No se pierde"


def test_an_answer_that_was_not_offered_is_asked_again(form, families):
    client, page = holding_link(form, families[0])
    assert "has-error" in client.post(page, posted(form, "perhaps")).content.decode()
    assert InboxBox.objects.count() == 0


def test_a_comment_that_is_too_long_is_said_in_words_and_kept_in_the_field(form, families):
    client, page = holding_link(form, families[0])
    html = client.post(page, posted(form, comment="x" * 501)).content.decode()
    assert "x" * 501 in html
    assert 'href="#id_comment"' in html
    assert client.post(page, posted(form, comment="x\r\n" * 250)).content.decode().count("has-error") == 0


def test_five_sheets_from_two_tabs_leave_the_last_one(form, families):
    one, page = holding_link(form, families[0])
    other, _ = holding_link(form, families[0])
    for tab, value in ((one, "a_lot"), (other, "a_lot"), (one, "a_lot"), (other, "a_lot"), (one, "a_little")):
        assert tab.post(page, posted(form, value)).status_code == 200
    assert opened(form, InboxBox.objects.get())[0] == sheet(form, "a_little")


def test_a_post_from_another_site_is_refused(form, families):
    client, page = holding_link(form, families[0], Client(enforce_csrf_checks=True))
    assert client.post(page, posted(form)).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(page).content.decode())[1]
    assert client.post(page, posted(form, csrfmiddlewaretoken=token)).status_code == 200
    assert InboxBox.objects.count() == 1


def test_after_the_close_the_page_is_kind_and_takes_nothing(form, families, clock):
    client, page = holding_link(form, families[0])
    clock.move_to(CLOSES)
    for response in (client.get(page), client.post(page, posted(form))):
        assert response.status_code == 200
        assert "miércoles 17 de febrero" in text(response)
        assert f'data-draft-done="form-{form.pk}"' in response.content.decode()
    assert InboxBox.objects.count() == 0


def test_a_close_in_the_middle_of_a_request_is_as_kind(form, families, monkeypatch):
    client, page = holding_link(form, families[0])
    Form.objects.filter(pk=form.pk).update(closed_at=now.now())
    monkeypatch.setattr(Form, "is_open", lambda self, *, at: True)
    assert f'data-draft-done="form-{form.pk}"' in client.post(page, posted(form)).content.decode()
    assert InboxBox.objects.count() == 0


def test_before_it_opens_the_page_says_when(form, families, clock):
    client, page = holding_link(form, families[0])
    clock.move_to(OPENED - timedelta(hours=1))
    words = text(client.get(page))
    assert "jueves 11 de febrero" in words
    assert "7:30 p. m." in words


# Who may


def test_without_the_links_secret_there_is_nothing(form, families):
    client, page = holding_link(form, families[0])
    _, others = holding_link(form, families[1])
    assert where(Client().get(page)) == GONE
    assert where(client.get(others)) == GONE


@pytest.mark.parametrize("kind", ["staff", "leader", "teacher_seat", "principal_seat"])
def test_who_works_at_the_school_answers_no_more_from_that_moment(form, school, families, kind):
    client, page = holding_link(form, families[0])
    assert client.get(page).status_code == 200
    tie(families[0], school, kind)
    assert where(client.get(page)) == where(client.post(page, posted(form))) == GONE
    assert InboxBox.objects.count() == 0


def test_who_went_to_another_school_answers_no_more(form, families):
    client, page = holding_link(form, families[0])
    end_membership(membership=families[0].memberships.get())
    assert where(client.get(page)) == where(client.post(page, posted(form))) == GONE
    assert InboxBox.objects.count() == 0


def test_who_works_at_another_school_answers(form, families):
    tie(families[0], make_school("Norte"), "staff")
    client, page = holding_link(form, families[0])
    assert client.get(page).status_code == 200


def test_a_coordinator_answers_unless_the_school_pays_her(form, school, families):
    tie(families[0], school, "coordinator")
    tie(families[1], school, "coordinator", on_payroll=True)
    links = [holding_link(form, person) for person in families[:2]]
    assert [client.get(page).status_code for client, page in links] == [200, 302]


def test_who_left_answers_no_more(form, ring, families):
    client, page = holding_link(form, families[0])
    actions.take_no_more(ring=ring, person=families[0])
    assert where(client.get(page)) == GONE


def test_who_is_not_on_the_list_answers_nothing(form, school):
    stranger = make_person("Irene", school, "caregiver", phone="+17735550299")
    client, page = holding_link(form, stranger)
    assert where(client.get(page)) == GONE


@pytest.fixture
def shared(form, families):
    """One phone of Ana and Berta."""
    for person in families[:2]:
        give_address(person, "sms", "+17735550777")
    families[0].addresses.exclude(value="+17735550777").delete()
    return holding_link(form, families[0])


def test_where_a_phone_is_two_peoples_the_page_asks_who_answers(shared, form):
    client, page = shared
    html = client.get(page).content.decode()
    assert re.findall(r'<a class="option"[^>]*>.*?<span>(\w+)</span>', html, re.S) == ["Ana", "Berta"]
    assert "<fieldset" not in html


def test_each_of_them_has_a_sheet(shared, form):
    client, page = shared
    ways = re.findall(r'href="(\?who=[\w-]+)"', client.get(page).content.decode())
    for way, value in zip(ways, ("a_lot", "a_little"), strict=True):
        assert "data-shared-phone" in client.get(page + way).content.decode()
        client.post(page + way, posted(form, value))
    assert sorted(opened(form, box)[0]["say-what-i-think"] for box in InboxBox.objects.all()) == ["a_little", "a_lot"]


def test_a_sheet_is_not_taken_before_it_is_known_whose_it_is(shared, form):
    client, page = shared
    client.post(page, posted(form))
    client.post(f"{page}?who=somebody", posted(form))
    assert InboxBox.objects.count() == 0


def test_the_address_of_the_page_names_nobody(shared, families):
    client, page = shared
    html = client.get(page).content.decode()
    assert not any(str(person.pk) in html for person in families)


def test_no_draft_is_kept_on_a_phone_that_others_use(form, families):
    client, page = holding_link(form, families[0])
    assert "data-shared-phone" not in client.get(page).content.decode()
    families[0].shares_phone = True
    families[0].save()
    assert "data-shared-phone" in client.get(page).content.decode()


# Signed in (the address itself stands with the evenings, a floor above)


def answer_signed_in(form, person, method="get", sent=None):
    request = getattr(RequestFactory(), method)("/s/x/sessions/1/feedback/", sent)
    request.person = person
    with acting("caregiver", person.pk):
        line = access.by_person(person, form=form.pk)
        return answering.answer_page(request, form=line.form, person=line.person, action_url=request.path)


def test_signed_in_the_same_page_is_answered_as_a_caregiver(form, families):
    page = answer_signed_in(form, families[0]).content.decode()
    assert 'action="/s/x/sessions/1/feedback/"' in page
    answer_signed_in(form, families[0], "post", posted(form))
    assert opened(form, InboxBox.objects.get())[0] == sheet(form, "a_lot")


def test_by_link_and_signed_in_a_person_has_one_sheet(form, families):
    answer_signed_in(form, families[0], "post", posted(form))
    client, page = holding_link(form, families[0])
    client.post(page, posted(form, "a_little"))
    assert opened(form, InboxBox.objects.get())[0] == sheet(form, "a_little")


def test_a_browser_that_is_signed_in_answers_by_link_too(form, families):
    client, page = holding_link(form, families[0], sign_in(Client(), families[0]))
    assert client.post(page, posted(form)).status_code == 200
    assert InboxBox.objects.count() == 1


# What a request costs


def statements(act):
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == 200
    said = [one.split()[0] for query in queries for one in query["sql"].split("; ")]
    return [word for word in said if word not in {"BEGIN", "COMMIT"}]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("questions", [10, 100])
@pytest.mark.parametrize("people", [10, 10_000])
def test_a_page_asks_the_database_twice_and_its_answer_six_times(school, ring, families, questions, people):
    actions.publish(written=long_instrument(questions))
    form = open_form(school, ring, [*families, *many(school, people - len(families))], instrument=f"long-{questions}")
    assert form.people.count() == people
    client, page = holding_link(form, families[0])
    client.get(page)
    assert statements(lambda: client.get(page)) == ["SELECT", "SELECT"]
    put_box = ["SAVEPOINT", "SELECT", "RELEASE"]
    assert statements(lambda: client.post(page, posted(form))) == ["SELECT", "SELECT", *put_box, "SELECT"]


def many(school, number):
    """So many more families of a school."""
    people = Person.objects.bulk_create([Person(name=f"Person {n}", password="!") for n in range(number)])
    ties = [Membership(person=person, kind="caregiver", school=school, since=now.now()) for person in people]
    Membership.objects.bulk_create(ties)
    return people


@pytest.mark.django_db(transaction=True)
def test_the_first_page_of_a_version_reads_it_once(form, families):
    questionnaire.read.cache_clear()
    pages._pieces.cache_clear()
    client, page = holding_link(form, families[0])
    assert len(statements(lambda: client.get(page))) == 5
    assert len(statements(lambda: client.get(page))) == 2


# Access for everybody


class Page(HTMLParser):
    """What a reader of the page without eyes or script depends on."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.inputs, self.labelled, self.described, self.levels = [], [], set(), set(), []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag in {"input", "textarea"} and attributes.get("type") != "hidden":
            self.inputs.append(attributes["id"])
        if tag == "label":
            self.labelled.add(attributes["for"])
        self.described |= set(attributes.get("aria-describedby", "").split())
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("missing", [False, True])
def test_every_input_has_its_label_and_every_description_exists(form, families, language, missing):
    client, page = holding_link(form, families[0])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    html = (client.post(page, {"comment": ""}) if missing else client.get(page)).content.decode()
    seen = Page(html)
    assert len(seen.ids) == len(set(seen.ids))
    assert set(seen.inputs) == seen.labelled
    assert seen.described <= set(seen.ids)
    assert seen.levels.count(1) == 1
    assert f'<html lang="{language}">' in html
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=", html)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_page_stays_off_caches_and_sets_no_session(form, families, clock, language):
    client, page = holding_link(form, families[0])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answers = [client.get(page), client.post(page, {}), client.post(page, posted(form))]
    clock.move_to(CLOSES)
    answers.append(client.get(page))
    for response in answers:
        assert "no-store" in response["Cache-Control"]
        assert set(response.cookies) <= {"csrftoken"}
        assert response["Referrer-Policy"] == "same-origin"


def test_the_page_fits_the_first_fourteen_kilobytes_with_room_for_the_style(form, families):
    client, page = holding_link(form, families[0])
    assert len(gzip.compress(client.get(page).content)) < 5 * 1024
