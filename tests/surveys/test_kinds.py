"""Each kind of question on the page that families answer, and questions that only some are asked."""

import pytest
from django.core.exceptions import ValidationError
from playwright.sync_api import expect

from config.browser import launch_options
from surveys import actions, disclosure, evaluator_file, questionnaire
from surveys.models import InboxBox, Item
from tests.surveys.conftest import WEEKLY, holding_link, long_instrument, open_form, opened
from tests.surveys.test_answering import Page, text
from tests.surveys.test_answering_in_a_browser import choose, follow_link, is_well_made, onward, phone, send

pytestmark = pytest.mark.django_db
__all__ = ["phone"]


def said(es, en):
    return {"es": es, "en": en}


def option(value, es, en, *, favourable=False):
    return {"value": value, "text": said(es, en), "favourable": favourable}


YES_NO = [option("yes", "Sí", "Yes", favourable=True), option("no", "No", "No")]
EVERY_KIND = {
    **WEEKLY,
    "slug": "every-kind",
    "items": [
        WEEKLY["items"][0],
        {
            "slug": "came-before",
            "kind": "choice",
            "text": said("¿Vino antes?", "Did you come before?"),
            "fact": said("ya habían venido", "had come before"),
            "options": YES_NO,
        },
        {
            "slug": "how-often",
            "kind": "number",
            "text": said("¿Cuántas veces?", "How many times?"),
            "asked_if": {"item": "came-before", "option": "yes"},
            "options": [],
        },
        {
            "slug": "helps",
            "kind": "several",
            "text": said("¿Qué le ayudó?", "What helped you?"),
            "options": [
                option("food", "La cena", "Dinner"),
                option("care", "El cuidado de niños", "Childcare"),
                option("talk", "La plática", "The talk"),
            ],
        },
        {
            "slug": "what-else",
            "kind": "text",
            "text": said("¿Qué le faltó?", "What was missing?"),
            "options": [],
        },
    ],
}
WHOLE = {
    "item-say-what-i-think": "a_lot",
    "item-came-before": "yes",
    "item-how-often": "3",
    "item-helps": ["talk", "food"],
    "item-what-else": "Más tiempo",
    "comment": "Gracias",
}
SEALED = {"say-what-i-think": "a_lot", "came-before": "yes", "how-often": "3", "helps": ["food", "talk"]}


@pytest.fixture
def form(school, ring, families):
    actions.publish(written=EVERY_KIND)
    return open_form(school, ring, families, instrument="every-kind")


def answered(form, person, **changed):
    """Send a whole sheet with these changes; return the page, and what is sealed."""
    client, page = holding_link(form, person)
    response = client.post(page, {name: value for name, value in {**WHOLE, **changed}.items() if value is not None})
    return response, [opened(form, box) for box in InboxBox.objects.all()]


def test_an_instrument_of_every_kind_is_kept_as_it_was_written(form):
    assert questionnaire.as_written(questionnaire.whole().get(pk=form.instrument_id)) == EVERY_KIND


def test_each_kind_is_sealed_as_it_was_answered_and_said_again_in_words(form, families):
    response, sealed = answered(form, families[0])
    assert sealed == [(SEALED, "5. Más tiempo\n\nGracias")]
    words = text(response)
    assert "¿Cuántas veces? 3" in words
    assert "¿Qué le ayudó? La cena; La plática" in words
    assert "¿Qué le faltó? Más tiempo" in words


def test_each_kind_can_be_left_by_who_would_rather_not_answer(form, families):
    _, sealed = answered(
        form,
        families[0],
        **{
            "item-say-what-i-think": "~",
            "item-how-often": "",
            "item-how-often_out": "on",
            "item-helps": ["~"],
            "item-what-else": "",
            "comment": "",
        },
    )
    assert sealed == [({**dict.fromkeys(SEALED), "came-before": "yes"}, "")]


def test_who_would_rather_not_answer_is_believed_whatever_else_she_ticked(form, families):
    assert answered(form, families[0], **{"item-helps": ["food", "~"]})[1][0][0]["helps"] is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("item-how-often", ""),
        ("item-how-often", "100"),
        ("item-how-often", "-1"),
        ("item-how-often", "muchas"),
        ("item-helps", None),
        ("item-helps", ["money"]),
        ("item-came-before", None),
    ],
)
def test_a_question_that_was_asked_and_not_answered_is_asked_again(form, families, name, value):
    response, sealed = answered(form, families[0], **{name: value})
    html = response.content.decode()
    assert sealed == []
    assert html.count("has-error") == 1
    assert "Más tiempo" in html
    seen = Page(html)
    assert set(seen.inputs) == seen.labelled
    assert len(seen.ids) == len(set(seen.ids))
    assert seen.described <= set(seen.ids)


def test_an_answer_to_a_question_that_was_not_asked_is_left_out_whatever_it_is(form, families):
    response, sealed = answered(form, families[0], **{"item-came-before": "no", "item-how-often": "muchas"})
    assert sealed == [({**SEALED, "came-before": "no", "how-often": None}, "5. Más tiempo\n\nGracias")]
    assert "¿Cuántas veces?" not in text(response)


def test_without_javascript_a_branch_says_for_whom_it_is(form, families):
    client, page = holding_link(form, families[0])
    assert "¿Cuántas veces? Si contestó “Sí” a “¿Vino antes?”:" in text(client.get(page))


def test_only_the_answers_of_a_scale_hang_on_a_thread(form, families):
    client, page = holding_link(form, families[0])
    html = client.get(page).content.decode()
    assert (html.count('class="options scale"'), html.count('class="options"')) == (1, 3)


def test_no_sheet_holds_an_answer_that_its_questions_do_not_take(form):
    asked = questionnaire.read(form.instrument_id, "es")
    assert asked.takes(SEALED)
    for slug, answer in [
        ("helps", []),
        ("helps", ["talk", "food"]),
        ("helps", ["food", "food"]),
        ("helps", "food"),
        ("how-often", 3),
        ("how-often", "007"),
        ("came-before", ["yes"]),
        ("came-before", "no"),
    ]:
        assert not asked.takes({**SEALED, slug: answer})
    assert not asked.takes({**SEALED, "what-else": "words"})


def test_every_sheet_has_one_length_however_much_was_answered(form, families):
    answered(form, families[0])
    answered(form, families[1], **{"item-helps": ["food", "care", "talk"], "item-how-often": "99"})
    answered(form, families[2], **{"item-came-before": "~", "item-helps": ["~"], "comment": ""})
    assert len({(len(box.box), len(box.comment_box)) for box in InboxBox.objects.all()}) == 1
    assert InboxBox.objects.count() == 3


def test_free_words_fit_into_their_one_box_however_many_questions_ask_for_them(form, families):
    most = (500 - 6) // 2
    _, sealed = answered(form, families[0], **{"item-what-else": "ñ" * most, "comment": "ñ" * most})
    assert len(sealed[0][1]) <= 500
    response, _ = answered(form, families[1], **{"item-what-else": "x" * (most + 1)})
    assert response.content.decode().count("has-error") == 1
    assert InboxBox.objects.count() == 1


def test_an_action_takes_no_sheet_that_a_page_would_refuse(form, families):
    with pytest.raises(ValidationError) as refusal:
        actions.submit(form=form, person=families[0], answers={**SEALED, "came-before": "no"}, comment="")
    assert refusal.value.code == "unanswered"


def test_numbers_and_free_words_are_released_to_nobody_and_a_branch_is_known_as_one(form):
    items = {item.slug: item for item in Item.objects.filter(instrument=form.instrument_id)}
    facts = {slug: disclosure.facts_of(questionnaire.definition_of(item)) for slug, item in items.items()}
    assert {slug: len(found) for slug, found in facts.items()} == {
        "say-what-i-think": 1,
        "came-before": 1,
        "how-often": 0,
        "helps": 3,
        "what-else": 0,
    }
    assert [slug for slug, item in items.items() if not questionnaire.definition_of(item).asked_of_all] == ["how-often"]
    columns = {variable.item.slug for variable in evaluator_file.variables_of(form.ring)}
    assert columns == {"say-what-i-think", "came-before", "helps"}


def test_a_branch_of_a_branch_is_asked_only_at_the_end_of_its_way(school, ring, families):
    first, second, third = long_instrument(3)["items"]
    second = {**second, "asked_if": {"item": "question-0", "option": "a_lot"}}
    third = {**third, "asked_if": {"item": "question-1", "option": "a_lot"}}
    actions.publish(written={**WEEKLY, "slug": "long-way", "items": [first, second, third]})
    form = open_form(school, ring, families, instrument="long-way")
    client, page = holding_link(form, families[0])
    client.post(page, {"item-question-0": "a_little", "item-question-1": "a_lot", "item-question-2": "a_lot"})
    assert opened(form, InboxBox.objects.get())[0] == {"question-0": "a_little", "question-1": None, "question-2": None}


# In a browser


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_with_javascript_a_branch_is_shown_only_to_whom_it_is_asked(live_server, phone, form, families):
    follow_link(phone, live_server, form, families[0])
    choose(phone, 3)
    onward(phone)
    choose(phone, 1)
    onward(phone)
    expect(phone.locator("legend:visible")).to_have_text("¿Qué le ayudó?")
    expect(phone.locator(".progress")).to_contain_text("Pregunta 3 de 3")
    phone.locator("button.quiet:visible", has_text="Atrás").click()
    choose(phone, 0)
    onward(phone)
    expect(phone.locator("legend:visible")).to_have_text("¿Cuántas veces?")
    onward(phone)
    expect(phone.locator(".wrong:visible")).to_have_count(1)
    phone.locator("input[inputmode]:visible").fill("3")
    is_well_made(phone)
    onward(phone)
    choose(phone, 0)
    choose(phone, 2)
    is_well_made(phone)
    onward(phone)
    phone.locator("textarea:visible").fill("Más tiempo")
    onward(phone)
    phone.locator("textarea:visible").fill("Gracias")
    send(phone)
    expect(phone.locator("h1")).to_contain_text("Gracias")
    assert [opened(form, box) for box in InboxBox.objects.all()] == [(SEALED, "5. Más tiempo\n\nGracias")]
