"""A form on paper: printed for one person without her name, typed in by whoever facilitates, who learns nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import links
from accounts.database import acting
from accounts.models import Link
from notifications import clock as product_clock
from surveys import actions
from surveys.models import InboxBox
from tests.factories import make_member, make_person, make_school, make_series, sign_in, tie
from tests.surveys.conftest import WEEKLY, opened, posted
from tests.surveys.test_traces import changed, rows_everywhere

pytestmark = pytest.mark.django_db
NAME = "Lucía Marcador"
# What typing in a sheet asks of the database, in order; the box goes in one message.
SIGNED_IN = ["SELECT"] * 4
DOOR_LINK_SERIES_ROOM_LINE = ["SELECT"] * 5
PUT_BOX = ["SAVEPOINT"]
LOOKED_AGAIN = ["SELECT"] * 4
STATEMENTS = [*SIGNED_IN, "SAVEPOINT", *DOOR_LINK_SERIES_ROOM_LINE, *PUT_BOX, *LOOKED_AGAIN, "RELEASE"]


@pytest.fixture
def school():
    actions.publish(written=WEEKLY)
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person(NAME, school, "caregiver", language="es")


@pytest.fixture
def elena(school):
    return make_person("Elena", school, "caregiver", language="en")


@pytest.fixture
def series(school, lucia, elena):
    series = make_series(school, families=[lucia])
    make_member(series.group, elena, "facilitator")
    actions.make_ring_keys(ring=series.ring_id)
    return series


@pytest.fixture
def form(series, lucia):
    at = product_clock.now()
    return actions.open_form(
        wave=actions.wave_of(school=series.school, ring=series.ring, kind="window"),
        instrument=WEEKLY["slug"],
        people=[lucia],
        evening_on=at.date(),
        opens_at=at - timedelta(days=1),
        closes_at=at + timedelta(days=6),
    )


def printed(series, form, person, by):
    """Print somebody's sheet."""
    sent = {"which": form.pk, "person": person.pk}
    return sign_in(Client(), by).post(reverse("series_paper", args=[series.pk]), sent)


def scanned(response, by):
    """Follow the code on a sheet in somebody's own browser; return it and the page it came to."""
    secret = re.search(r"/p/([\w-]{22})<", response.content.decode())[1]
    client = sign_in(Client(), by)
    moved = client.get(f"/p/{secret}")
    return client, moved.headers["Location"]


def plain(response):
    """Return all that a response tells, but for the token that is another each time."""
    body = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return response.status_code, sorted(response.headers.items()), body


@pytest.fixture
def typing(series, form, lucia, elena):
    """The facilitator's browser with a sheet's page before her."""
    return scanned(printed(series, form, lucia, elena), elena)


def test_a_sheet_bears_its_own_link_and_no_name(series, form, lucia, elena):
    page = printed(series, form, lucia, elena).content.decode()
    link = Link.objects.get()
    assert (link.job, link.about, link.person, link.address) == ("paper", form.pk, lucia, None)
    assert [word in page for word in (NAME, "Lucía", str(lucia.pk), "Elena")] == [False] * 4
    assert page.count("☐") == 4 * 5
    assert "Quién va a leer esta hoja" in page


def test_a_name_on_the_sheet_would_be_seen(series, form, lucia, elena):
    form.school.name = NAME
    form.school.save()
    assert NAME in printed(series, form, lucia, elena).content.decode()


def test_a_sheet_printed_again_is_the_same_sheet(series, form, lucia, elena):
    twice = [re.search(r"/p/[\w-]{22}<", printed(series, form, lucia, elena).content.decode())[0] for _ in range(2)]
    assert twice[0] == twice[1]
    assert Link.objects.count() == 1


def test_to_look_at_who_can_be_printed_for_writes_nothing(series, form, lucia, elena):
    page = sign_in(Client(), elena).get(reverse("series_paper", args=[series.pk])).content.decode()
    assert NAME in page
    assert Link.objects.count() == 0


def test_with_no_form_open_there_is_nothing_to_print(series, elena):
    page = sign_in(Client(), elena).get(reverse("series_paper", args=[series.pk])).content.decode()
    assert "No form is open now." in page


def test_what_is_typed_in_is_sealed_as_the_persons_own(typing, form, lucia):
    client, page = typing
    asked = client.get(page).content.decode()
    done = client.post(page, posted(form, comment="Gracias.")).content.decode()
    assert [word in text for word in (NAME, str(lucia.pk)) for text in (asked, done)] == [False] * 4
    assert "Destroy the sheet" in done
    assert "Gracias." not in done
    answers, comment = opened(form, InboxBox.objects.get())
    assert (set(answers.values()), comment) == ({"a_lot"}, "Gracias.")
    actions.submit(form=form, person=lucia, answers=answers, comment="")
    assert InboxBox.objects.count() == 1


def answered_then_typed(typing, form, lucia):
    """Let the person answer on her phone, then type in another answer of hers from paper."""
    client, page = typing
    before = plain(client.post(page, posted(form, "a_little")))
    InboxBox.objects.all().delete()
    actions.submit(form=form, person=lucia, answers=dict.fromkeys(answers_of(form), "a_lot"), comment="")
    return before, plain(client.post(page, posted(form, "a_little")))


def answers_of(form):
    return [item["slug"] for item in WEEKLY["items"]]


def test_paper_overwrites_no_answer_and_the_page_does_not_tell_that_there_was_one(typing, form, lucia):
    without, with_one = answered_then_typed(typing, form, lucia)
    assert without == with_one
    # Of what differs from one second to the next nothing is said.
    assert "Expires" not in dict(without[1])
    assert set(opened(form, InboxBox.objects.get())[0].values()) == {"a_lot"}


def test_by_the_other_door_the_answer_would_be_overwritten(typing, form, lucia, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("GRANT EXECUTE ON FUNCTION surveys_put_box TO ds_facilitator")
    monkeypatch.setattr(actions, "PUT_PAPER_BOX", actions.PUT_BOX)
    answered_then_typed(typing, form, lucia)
    assert set(opened(form, InboxBox.objects.get())[0].values()) == {"a_little"}


@pytest.mark.parametrize("is_answered", [False, True])
def test_the_page_and_what_it_asks_of_the_database_are_the_same(typing, form, lucia, is_answered):
    client, page = typing
    if is_answered:
        actions.submit(form=form, person=lucia, answers=dict.fromkeys(answers_of(form), "a_lot"), comment="")
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.post(page, posted(form)).status_code == 200
    said = [query["sql"] for query in asked if "set_config" not in query["sql"]]
    assert [sql.split()[0] for sql in said] == STATEMENTS
    assert [sql for sql in said if "surveys_inboxbox" in sql] == []


def test_to_type_in_a_sheet_writes_its_box_and_no_other_row(typing, form):
    client, page = typing
    before = rows_everywhere()
    client.get(page)
    client.post(page, posted(form))
    client.post(page, posted(form, "a_little"))
    assert changed(before, rows_everywhere()) == ["surveys_inboxbox"]
    assert set(opened(form, InboxBox.objects.get())[0].values()) == {"a_lot"}


def test_a_question_left_out_is_said_and_nothing_is_taken(typing, form):
    client, page = typing
    assert "Check this before you continue" in client.post(page, {}).content.decode()
    assert InboxBox.objects.count() == 0


def test_a_form_that_closed_says_so_and_takes_nothing(typing, form, clock):
    client, page = typing
    clock.move_to(form.closes_at)
    assert "This form has closed" in client.post(page, posted(form)).content.decode()
    assert InboxBox.objects.count() == 0


def held_by(series, form, lucia, elena, person):
    """What somebody finds who took a sheet from its printer."""
    client, page = scanned(printed(series, form, lucia, elena), person)
    return client.post(page, posted(form)).status_code


def test_whoever_works_at_the_school_types_in_no_sheet(series, form, lucia, elena, school):
    paid = make_person("Nadia", school, "coordinator", on_payroll=True)
    make_member(series.group, paid, "facilitator")
    teacher = make_person("Marta", school, "caregiver", "staff")
    make_member(series.group, teacher, "facilitator")
    family = make_person("Ana", school, "caregiver")
    make_member(series.group, family)
    found = [held_by(series, form, lucia, elena, person) for person in (paid, teacher, family, lucia)]
    assert (found, InboxBox.objects.count()) == ([404] * 4, 0)
    for person in (paid, teacher, family):
        assert printed(series, form, lucia, person).status_code == 404


def test_whoever_is_not_paid_and_facilitates_types_it_in(series, form, lucia, elena, school):
    olga = make_person("Olga", school, "coordinator")
    make_member(series.group, olga, "facilitator")
    assert held_by(series, form, lucia, elena, olga) == 200


def test_who_facilitates_another_group_holds_a_link_that_is_none(series, form, lucia, elena, school):
    other = make_person("Irma", school, "caregiver")
    make_member(make_series(school).group, other, "facilitator")
    assert held_by(series, form, lucia, elena, other) == 302
    assert InboxBox.objects.count() == 0


def test_without_the_sheet_in_her_hand_a_facilitator_types_in_nothing(typing, form, elena):
    _client, page = typing
    response = sign_in(Client(), elena).post(page, posted(form))
    assert (response.status_code, response.headers["Location"]) == (302, "/link/")


def test_for_somebody_hired_meanwhile_no_sheet_is_taken(typing, form, lucia, school):
    tie(lucia, school, "staff")
    client, page = typing
    assert client.post(page, posted(form)).status_code == 302
    assert InboxBox.objects.count() == 0


def test_her_database_role_reads_and_makes_links_of_her_own_sheets_alone(series, form, lucia, elena, school):
    links.url_for("paper", about=form.pk, person=lucia.pk)
    links.url_for("invitation", about=form.pk, person=lucia.pk)
    with acting("facilitator", elena.pk), transaction.atomic():
        assert [link.job for link in Link.objects.all()] == ["paper"]
    with acting("facilitator", lucia.pk), transaction.atomic():
        assert list(Link.objects.all()) == []
    for job, about in (("invitation", form.pk), ("paper", lucia.pk)):
        with pytest.raises(ProgrammingError), acting("facilitator", elena.pk), transaction.atomic():
            links.url_for(job, about=about, person=elena.pk)


def test_without_its_policy_every_link_would_be_read(series, form, lucia, elena):
    links.url_for("invitation", about=form.pk, person=lucia.pk)
    with connection.cursor() as cursor:
        cursor.execute("CREATE POLICY loose ON accounts_link TO ds_facilitator USING (true)")
    with acting("facilitator", elena.pk), transaction.atomic():
        assert [link.job for link in Link.objects.all()] == ["invitation"]
