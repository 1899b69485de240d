"""Writing instruments: drafts as one likes, published ones never again, and a district's own for its people alone."""

import io
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import District
from accounts.roles import held
from surveys import access, actions, authoring, checking, questionnaire, xlsform
from surveys.models import Form, InboxBox, Instrument, Item, Option
from tests.factories import make_person, sign_in
from tests.surveys import carpentries
from tests.surveys.conftest import WEEKLY
from tests.surveys.test_answering import text
from tests.surveys.test_kinds import EVERY_KIND, said

pytestmark = pytest.mark.django_db
LIST = "/d/instruments/"


@pytest.fixture
def evaluator(school):
    return make_person("Sam", school, "evaluator", language="en")


@pytest.fixture
def author(evaluator):
    return sign_in(Client(), evaluator)


@pytest.fixture
def draft(school):
    return authoring.write(written={**EVERY_KIND, "slug": "ours"}, district=school.district)


def whole(instrument):
    return questionnaire.whole().get(pk=instrument.pk)


def page(instrument, rest=""):
    return f"{LIST}{instrument.pk}/{rest}"


def slugs(instrument):
    return [item.slug for item in whole(instrument).items.all()]


def item_of(instrument, slug):
    return Item.objects.get(instrument=instrument, slug=slug)


def row(number, es, en, *, favourable=False):
    ticked = {f"favourable{number}": "on"} if favourable else {}
    return {f"option{number}_es": es, f"option{number}_en": en, **ticked}


SCALE = {
    "kind": "scale",
    "text_es": "¿Cuánto?",
    "text_en": "How much?",
    "fact_es": "dicen que mucho",
    "fact_en": "say a lot",
    "construct": "confidence",
    "place": "home",
    **row(1, "Nada", "Not at all"),
    **row(2, "Mucho", "A lot", favourable=True),
}


# In the browser


def test_an_evaluator_writes_checks_and_publishes_an_instrument(author, school):
    response = author.post(f"{LIST}new/", {"title_es": "Confianza", "title_en": "Trust"})
    made = Instrument.objects.get()
    assert (made.district, made.version, made.published_at) == (school.district, 1, None)
    assert response["Location"] == page(made)
    assert "There is no question yet." in text(author.get(page(made, "check/")))
    assert author.post(page(made, "questions/new/"), SCALE).status_code == 302
    assert "Nothing is missing." in text(author.get(page(made, "check/")))
    assert "More than half say a lot." in text(author.get(page(made, "check/")))
    author.post(page(made, "check/"))
    made.refresh_from_db()
    assert made.published_at is not None
    [item] = questionnaire.as_written(whole(made))["items"]
    assert item == {
        "slug": "how-much",
        "kind": "scale",
        "text": said("¿Cuánto?", "How much?"),
        "construct": "confidence",
        "place": "home",
        "fact": said("dicen que mucho", "say a lot"),
        "options": [
            {"value": "not-at-all", "text": said("Nada", "Not at all"), "favourable": False},
            {"value": "a-lot", "text": said("Mucho", "A lot"), "favourable": True},
        ],
    }


def test_a_question_shows_what_it_says_and_is_changed_where_it_stands(author, draft):
    item = item_of(draft, "came-before")
    where = page(draft, f"questions/{item.pk}/")
    html = author.get(where).content.decode()
    assert 'value="Sí"' in html
    assert html.count('value="-" checked') == html.count('value="-"') == 3
    assert 'value="ya habían venido"' in html
    changed = {**SCALE, "kind": "choice", **row(1, "Sí", "Yes", favourable=True), **row(2, "Nunca", "Never")}
    del changed["favourable2"]
    author.post(where, {name: value for name, value in changed.items() if name != "favourable2"})
    found = [(option.value, option.text_en, option.favourable) for option in item.options.order_by("number")]
    assert found == [("yes", "Yes", True), ("no", "Never", False)]
    assert slugs(draft) == [item["slug"] for item in EVERY_KIND["items"]]
    assert item_of(draft, "how-often").asked_if.value == "yes"


def test_the_day_that_a_question_names_stands_in_words(author, draft):
    draft.items.filter(number=1).update(text_es="El %(weekday)s, ¿qué tal?", text_en="How was %(weekday)s?")
    shown = author.get(page(draft)).content.decode()
    assert ("El [día], ¿qué tal?" in shown, "How was [day]?" in shown, "weekday" in shown) == (True, True, False)
    draft.items.update(text_en=None)
    assert author.get(page(draft)).status_code == 200


def test_questions_change_places_and_are_taken_out(author, draft):
    first, second, third, fourth, fifth = slugs(draft)
    author.post(page(draft, f"questions/{item_of(draft, fourth).pk}/move/"), {"way": "up"})
    assert slugs(draft) == [first, second, fourth, third, fifth]
    author.post(page(draft, f"questions/{item_of(draft, first).pk}/move/"), {"way": "down"})
    assert slugs(draft) == [second, first, fourth, third, fifth]
    author.post(page(draft, f"questions/{item_of(draft, second).pk}/move/"), {"way": "up"})
    assert slugs(draft) == [second, first, fourth, third, fifth]
    author.post(page(draft, f"questions/{item_of(draft, first).pk}/delete/"))
    assert slugs(draft) == [second, fourth, third, fifth]
    assert [item.number for item in whole(draft).items.all()] == [1, 2, 3, 4]


def test_a_question_on_which_another_depends_is_not_taken_out(author, draft):
    item = item_of(draft, "came-before")
    response = author.post(page(draft, f"questions/{item.pk}/delete/"), follow=True)
    assert "Question 3 is asked only after this answer." in text(response)
    assert "came-before" in slugs(draft)
    fewer = {**SCALE, "kind": "choice", "option1_es": "", "option1_en": "", "option2_es": "", "option2_en": ""}
    html = author.post(page(draft, f"questions/{item.pk}/"), fewer).content.decode()
    assert "Question 3 is asked only after this answer." in html
    assert item.options.count() == 2


def test_the_words_around_the_questions_stand_in_both_languages_beside_each_other(author, draft):
    html = author.get(page(draft, "words/")).content.decode()
    assert html.count('class="two-tongues"') == 5
    names = ("title", "intro", "comment_text", "comment_hint", "opt_out")
    words = {f"{name}_{code}": f"{name} {code}" for name in names for code in ("es", "en")}
    author.post(page(draft, "words/"), words)
    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in words} == words


def test_the_preview_is_the_page_that_families_have_and_keeps_nothing(author, draft):
    html = author.get(page(draft, "preview/")).content.decode()
    assert html.count("<fieldset") == 4
    assert "On Monday, how much could you say what you think?" in html
    answers = {"item-say-what-i-think": "~", "item-came-before": "no", "item-helps": ["food"]}
    assert "Nothing of what you answered was kept." in text(author.post(page(draft, "preview/"), answers, follow=True))
    assert (Form.objects.count(), InboxBox.objects.count()) == (0, 0)


def test_a_draft_is_thrown_away_with_all_its_branches(author, draft):
    author.post(page(draft, "delete/"))
    assert (Instrument.objects.count(), Item.objects.count(), Option.objects.count()) == (0, 0, 0)


def test_a_list_asks_the_database_the_same_for_one_instrument_and_for_three(author, school):
    counts = []
    for n in range(3):
        authoring.begin(title=said(f"Uno {n}", f"One {n}"), district=school.district)
        with connection.execute_wrapper(counting := Counting()):
            author.get(LIST)
        counts.append(counting.number)
    assert len(set(counts)) == 1


class Counting:
    """Counts statements."""

    def __init__(self):
        self.number, self._next = 0, count(1)

    def __call__(self, execute, sql, params, many, context):
        self.number = next(self._next)
        return execute(sql, params, many, context)


# Versions


def test_a_new_version_begins_as_a_copy_and_leaves_the_old_one_as_it_was(author, draft):
    authoring.publish(draft=draft)
    author.post(page(draft, "again/"))
    author.post(page(draft, "again/"))
    after = Instrument.objects.get(slug="ours", version=2)
    assert Instrument.objects.count() == 2
    assert questionnaire.as_written(whole(after)) == questionnaire.as_written(whole(draft))
    authoring.change_words(draft=after, words={**EVERY_KIND, "title": said("Otro", "Other")})
    assert whole(draft).title_es == WEEKLY["title"]["es"]


def test_of_ours_a_district_makes_its_own(author, school):
    ours = actions.publish(written=WEEKLY)
    author.post(page(ours, "again/"))
    copy = Instrument.objects.get(district=school.district)
    assert copy.slug != ours.slug
    assert questionnaire.as_written(whole(copy)) == {**WEEKLY, "slug": copy.slug}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_instrument SET title_es = 'x' WHERE id = %s",
        "DELETE FROM surveys_instrument WHERE id = %s",
        "UPDATE surveys_item SET text_es = 'x' WHERE instrument_id = %s",
        "DELETE FROM surveys_item WHERE instrument_id = %s",
        "UPDATE surveys_item SET instrument_id = '{draft}' WHERE instrument_id = %s",
        "UPDATE surveys_item SET instrument_id = %s WHERE instrument_id = '{draft}' AND number = 5",
        "UPDATE surveys_option SET favourable = true WHERE item_id IN "
        "(SELECT id FROM surveys_item WHERE instrument_id = %s)",
        "DELETE FROM surveys_option WHERE item_id IN (SELECT id FROM surveys_item WHERE instrument_id = %s)",
        "UPDATE surveys_option SET number = 9, item_id = "
        "(SELECT id FROM surveys_item WHERE instrument_id = %s AND number = 1) "
        "WHERE id = (SELECT id FROM surveys_option WHERE value = 'care' AND item_id IN "
        "(SELECT id FROM surveys_item WHERE instrument_id = '{draft}'))",
    ],
)
def test_the_database_itself_lets_nobody_change_what_was_published(draft, school, statement):
    published = authoring.publish(draft=draft)
    other = authoring.write(written={**EVERY_KIND, "slug": "other"}, district=school.district)
    Item.objects.filter(instrument=other, number=5).update(number=50, slug="elsewhere")
    statement = statement.replace("number = 5)", "number = 50)").replace("AND number = 5", "AND number = 50")
    assert changes(statement.replace("{draft}", str(other.pk)), published) == "DS002"


def test_without_its_trigger_a_published_instrument_could_be_changed(draft):
    published = authoring.publish(draft=draft)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_instrument DISABLE TRIGGER published_stays")
        assert changes("UPDATE surveys_instrument SET title_es = 'x' WHERE id = %s", published) is None
        cursor.execute("ALTER TABLE surveys_instrument ENABLE TRIGGER published_stays")


def changes(statement, instrument):
    """Carry a statement out; return by which code the database refused it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [str(instrument.pk)])
            assert cursor.rowcount
    except DatabaseError as error:
        return error.__cause__.pgcode
    return None


WRITING = ["words/", "check/", "questions/new/", "delete/"]


@pytest.mark.parametrize("rest", WRITING)
def test_no_page_changes_what_was_published_nor_what_is_ours(author, draft, rest):
    for instrument in (authoring.publish(draft=draft), actions.publish(written=WEEKLY)):
        before = questionnaire.as_written(whole(instrument))
        assert author.post(page(instrument, rest), SCALE).status_code == 404
        assert questionnaire.as_written(whole(instrument)) == before


# Whose it is


def test_a_districts_own_is_seen_by_its_evaluator_and_coordinators_and_ours_by_all(draft, school, evaluator):
    ours = actions.publish(written=WEEKLY)
    elsewhere = District.objects.create(name="Otro")
    theirs = authoring.begin(title=said("Ajeno", "Theirs"), district=elsewhere)
    for person in (evaluator, make_person("Inés", school, "coordinator", on_payroll=True)):
        assert set(access.instruments(held(person))) == {ours, draft}
        client = sign_in(Client(), person)
        seen = text(client.get(LIST))
        assert "Ajeno" not in seen + text(client.get(page(draft)))
        for rest in ("", "preview/", "file/", *WRITING[:3]):
            assert client.get(page(draft, rest)).status_code == 200
            assert client.get(page(theirs, rest)).status_code == 404


def test_a_question_is_reached_by_its_own_instrument_alone(author, draft, school):
    other = authoring.write(written={**EVERY_KIND, "slug": "other"}, district=school.district)
    assert author.get(page(other, f"questions/{item_of(draft, 'helps').pk}/")).status_code == 404


def test_without_its_filter_a_district_would_read_another_ones_drafts(author, monkeypatch):
    theirs = authoring.begin(title=said("Ajeno", "Theirs"), district=District.objects.create(name="Otro"))
    assert author.get(page(theirs)).status_code == 404
    monkeypatch.setattr(access, "instruments", lambda held: Instrument.objects.all())
    assert author.get(page(theirs)).status_code == 200


def test_somebody_of_several_districts_says_for_which_she_writes(evaluator, school):
    other = District.objects.create(name="Otro")
    evaluator.memberships.create(kind="evaluator", district=other, since=evaluator.memberships.get().since)
    client = sign_in(Client(), evaluator)
    words = {"title_es": "Uno", "title_en": "One"}
    assert "Choose a district" in client.post(f"{LIST}new/", words).content.decode()
    client.post(f"{LIST}new/", {**words, "district": str(other.pk)})
    assert Instrument.objects.get().district == other
    stranger = District.objects.create(name="Ajeno")
    client.post(f"{LIST}new/", {**words, "district": str(stranger.pk)})
    assert Instrument.objects.count() == 1


# What is missing


def lacking(written):
    made = authoring.write(written={**written, "slug": f"x-{Instrument.objects.count()}"})
    return checking.missing(whole(made))


def changed(**item):
    """The weekly form, its first question otherwise."""
    return {**WEEKLY, "items": [{**WEEKLY["items"][0], **item}, *WEEKLY["items"][1:]]}


OPTIONS = WEEKLY["items"][0]["options"]
ALL_FAVOURABLE = [{**option, "favourable": True} for option in OPTIONS]
NONE_FAVOURABLE = [{**option, "favourable": False} for option in OPTIONS]
HALF_SAID = [{**OPTIONS[0], "text": said("Nada", "")}, *OPTIONS[1:]]
TWINS = [*OPTIONS[:3], {**OPTIONS[3], "text": OPTIONS[2]["text"]}]
FEWER = [OPTIONS[0], OPTIONS[3]]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({**WEEKLY, "title": said("Uno", "")}, "The title is missing in English."),
        ({**WEEKLY, "opt_out": said("", "No")}, "The words for who would rather not answer are missing in Spanish."),
        ({**WEEKLY, "intro": said("Hola", "")}, "What stands above the questions is written in one language only."),
        ({**WEEKLY, "items": []}, "There is no question yet."),
        (changed(text=said("", "How much on %(weekday)s?")), "Question 1 is missing in Spanish."),
        (changed(text=said("¿Cuánto?", "How much on %(weekday)s?")), "Question 1 names the day in one language only."),
        (changed(options=OPTIONS[3:]), "Question 1 needs two answers at least."),
        (changed(options=HALF_SAID), "Question 1: answer 1 is missing in English."),
        (changed(options=TWINS), "Question 1 has two answers with the same words."),
        (changed(options=ALL_FAVOURABLE), "Question 1 counts every answer as favourable. Leave at least one out."),
        (changed(options=NONE_FAVOURABLE), "Question 1 has words for results. Tick the answers that they tell."),
        (changed(fact=said("pudieron", "")), "Question 1: the words for results are missing in English."),
        (changed(kind="number", fact={}), "Question 1 takes a number or free words, and lists answers."),
        (
            changed(kind="number", options=[]),
            "Question 1 cannot be told as one yes or no, so it takes no words for results.",
        ),
    ],
    ids=str,
)
def test_the_check_says_what_is_missing_and_nothing_with_it_is_published(written, sentence):
    assert sentence in lacking_in_english(written)
    with pytest.raises(ValidationError) as refusal:
        authoring.publish(draft=Instrument.objects.get())
    assert refusal.value.code == "unready"


def lacking_in_english(written):
    with translation.override("en"):
        return lacking(written)


def test_what_comes_with_the_product_lacks_nothing():
    assert lacking(WEEKLY) == lacking(EVERY_KIND) == []


def test_a_question_that_is_released_to_nobody_needs_neither_ticks_nor_words():
    assert lacking(changed(options=NONE_FAVOURABLE, fact={})) == []


def test_questions_that_measure_the_same_have_scales_of_one_length():
    one, two, *rest = WEEKLY["items"]
    measured = {"construct": "confidence", "place": "home"}
    written = {**WEEKLY, "items": [{**one, **measured}, {**two, **measured, "options": FEWER}, *rest]}
    assert lacking_in_english(written) == ["Questions 1, 2 measure the same, so they need the same number of answers."]


def test_a_question_cannot_depend_on_a_later_one(draft):
    authoring.move_item(item=item_of(draft, "how-often"), by=-1)
    with translation.override("en"):
        assert checking.missing(whole(draft)) == ["Question 2 depends on an answer to a later question."]


# By file


def sent(client, raw):
    return client.post(f"{LIST}file/", {"file": SimpleUploadedFile("form.xlsx", raw)})


def test_a_districts_questionnaire_comes_in_as_a_draft_and_can_be_published(author, school):
    response = sent(author, carpentries.form())
    made = Instrument.objects.get()
    assert response["Location"] == page(made)
    assert (made.district, made.published_at, made.items.count()) == (school.district, None, 13)
    assert checking.missing(whole(made)) == []


def test_what_goes_out_comes_in_again_as_its_next_version(author, draft):
    authoring.publish(draft=draft)
    raw = author.get(page(draft, "file/")).content
    assert load_workbook(io.BytesIO(raw)).sheetnames == ["survey", "choices", "settings"]
    sent(author, raw)
    sent(author, raw)
    after = Instrument.objects.get(version=2)
    assert (after.slug, after.published_at, Instrument.objects.count()) == ("ours", None, 2)
    assert questionnaire.as_written(whole(after)) == questionnaire.as_written(whole(draft))


def test_a_file_that_names_somebody_elses_instrument_makes_ones_own(author, school):
    theirs = authoring.write(written={**EVERY_KIND, "slug": "theirs"}, district=District.objects.create(name="Otro"))
    sent(author, xlsform.write(questionnaire.as_written(whole(theirs)), version=1))
    mine = Instrument.objects.get(district=school.district)
    assert (mine.slug == "theirs", mine.version) == (False, 1)
    assert whole(theirs).version == 1


def test_a_file_with_a_fault_is_told_cell_by_cell_and_leaves_nothing(author):
    book = load_workbook(io.BytesIO(carpentries.form()))
    book["survey"]["A5"] = "geopoint"
    file = io.BytesIO()
    book.save(file)
    response = sent(author, file.getvalue())
    assert "Sheet “survey”, row 5, column A: “geopoint” is not a kind of question" in text(response)
    assert "Nothing was brought in." in text(response)
    assert Instrument.objects.count() == 0


def test_a_file_that_is_no_workbook_is_refused_in_one_sentence(author):
    assert "We could not read this file." in text(sent(author, b"not a workbook"))
    assert "larger than 1 MB" in text(sent(author, b"x" * (1024 * 1024 + 1)))
    assert Instrument.objects.count() == 0
