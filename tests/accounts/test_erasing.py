"""Somebody is erased: what goes, what stays, and that it happens once and wholly, whatever stops it on the way."""

import shutil
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.sessions.models import Session as Visit
from django.core.management import call_command

from accounts import actions, erased, links, privacy, rights, tasks
from accounts.database import acting
from accounts.models import DataRequest, Link, LogEntry, Membership, Person, SignInCode
from dialogue_series.models import Attendance, Enrolment, Invitation, JoinRequest, Rsvp, SupportRequest
from notifications.actions import own_address, stop
from notifications.models import Address, AddressOwner, Message, MessagePerson, PastStop, ProviderEvent
from partnerships.models import (
    Authorship,
    GroupMember,
    Idea,
    IdeaSupport,
    Post,
    Quote,
    Reaction,
    Reply,
    SharedQuote,
    Translation,
)
from surveys import sealing
from surveys.actions import open_form
from surveys.models import FormPerson, InboxBox, Sheet, Wave
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

PHONE = "+17735550142"


@pytest.fixture(autouse=True)
def _an_empty_list():
    yield
    shutil.rmtree(settings.ERASED_DIR, ignore_errors=True)


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def lucia(school):
    return make_person("Lucía", school, "caregiver", phone=PHONE, email="lucia@example.org", language="en")


@pytest.fixture
def ana(school):
    return make_person("Ana", school, "caregiver", phone="+17735550143")


@pytest.fixture
def series(school, lucia, ana):
    series = make_series(school, families=[lucia])
    make_member(series.group, ana, "facilitator")
    make_member(series.group, lucia)
    return series


def ask(person):
    with acting("person", person.pk):
        actions.ask_to_be_erased(person=person)


def work():
    with acting("worker"):
        tasks.answer_requests()


def erase(person):
    ask(person)
    work()
    person.refresh_from_db()


def everything():
    """Return every row of content, which no other role sees whole."""
    with acting("backup"):
        return {model: list(model.objects.order_by("pk").values()) for model in (Post, Reply, Quote, SharedQuote, Idea)}


def count(model, **which):
    with acting("backup"):
        return model.objects.filter(**which).count()


def test_the_person_keeps_no_name_no_way_in_and_no_secret(school, lucia, client):
    hers = sign_in(client, lucia)
    TOTP.activate(lucia, "A" * 32)
    EmailAddress.objects.create(user=lucia, email="lucia@example.org")
    links.url_for("invitation", about=uuid4(), person=lucia.pk)
    links.url_for("rsvp", about=uuid4(), address=lucia.addresses.first().pk)
    SignInCode.objects.create(
        channel="sms", value=PHONE, browser_hash=b"x", asked_at=lucia.created_at, ends_at=lucia.created_at
    )
    feed = lucia.feed_secret
    erase(lucia)
    assert (lucia.name, lucia.state, lucia.is_active, lucia.last_login) == ("", "left", False, None)
    assert lucia.feed_secret != feed
    left = (AddressOwner, Address, Link, SignInCode, Visit, EmailAddress, DataRequest, lucia.authenticator_set.model)
    assert [model.__name__ for model in left if count(model)] == []
    assert hers.get("/me/").url == "/enter/?next=/me/"


def test_every_tie_ends_at_once_and_goes_after_three_years(lucia, school, clock):
    later = Membership.objects.create(person=lucia, school=school, kind="staff", since=clock.at + timedelta(days=9))
    erase(lucia)
    assert not Membership.objects.filter(pk=later.pk).exists()
    assert list(lucia.memberships.values_list("kind", "until")) == [("caregiver", clock.at)]
    clock.move_to(clock.at + timedelta(days=3 * 365))
    privacy.forget_old()
    assert lucia.memberships.count() == 1
    clock.move_to(clock.at + timedelta(days=2))
    privacy.forget_old()
    assert lucia.memberships.count() == 0


def test_words_go_in_place_whether_signed_or_not_and_others_stay(series, lucia, ana):
    signed = make_post(series.group, lucia, "Me llamo Lucía.")
    nameless = make_post(series.group, lucia, "Sin nombre.", without_name=True)
    hidden = make_post(series.group, lucia, "Escondido.")
    with acting("facilitator", ana.pk):
        Post.objects.filter(pk=hidden.pk).update(hidden_at=signed.at, hidden_by=ana, hidden_reason="Nombra a alguien")
    other = make_post(series.group, ana, "De Ana.")
    mine, hers = make_reply(other, lucia, "Respuesta de Lucía."), make_reply(signed, ana, "Respuesta de Ana.")
    with acting("caregiver", ana.pk):
        Translation.objects.create(post=signed, language="en", text="My name is Lucía.", by=ana, at=signed.at)
    erase(lucia)
    rows = everything()
    texts = {row["id"]: (row["text"], row["signed_by_id"], row["hidden_reason"]) for row in rows[Post] + rows[Reply]}
    assert texts == {
        **dict.fromkeys([signed.pk, nameless.pk, hidden.pk, mine.pk], ("", None, "")),
        other.pk: ("De Ana.", ana.pk, ""),
        hers.pk: ("Respuesta de Ana.", ana.pk, ""),
    }
    assert (count(Translation), count(Authorship), count(Authorship, person=ana)) == (0, 2, 2)


def test_a_shared_quote_is_withdrawn_and_its_mark_stays(series, school, lucia, ana, clock):
    post = make_post(series.group, lucia)
    with acting("facilitator", ana.pk):
        quote = Quote.objects.create(post=post, words="Hola", asked_by=ana, asked_at=clock.at)
    with acting("caregiver", lucia.pk):
        Quote.objects.filter(pk=quote.pk).update(answered_at=clock.at, for_leaders=True, signature="mother")
        SharedQuote.objects.create(
            quote=quote, school=school, words="Hola", language="es", signature="mother", for_leaders=True,
            for_public=False, shared_at=clock.at,
        )  # fmt: skip
    erase(lucia)
    rows = everything()
    [quoted], [shared] = rows[Quote], rows[SharedQuote]
    assert (quoted["words"], quoted["for_leaders"], quoted["withdrawn_at"]) == ("", False, clock.at)
    assert (shared["words"], shared["signature"], shared["withdrawn_at"]) == ("", "", clock.at)


def test_her_part_in_what_others_wrote_goes(series, lucia, ana, clock):
    post = make_post(series.group, ana)
    with acting("caregiver", lucia.pk):
        Reaction.objects.create(post=post, person=lucia, kind="helped")
        idea = Idea.objects.create(
            space=series.group.space, group=series.group, text="Un mapa", language="es", at=clock.at, owner=lucia
        )
        IdeaSupport.objects.create(idea=idea, person=lucia)
    erase(lucia)
    assert (count(Reaction), count(IdeaSupport), count(GroupMember, person=lucia)) == (0, 0, 0)
    assert [(row["text"], row["owner_id"]) for row in everything()[Idea]] == [("Un mapa", lucia.pk)]


def test_her_place_goes_to_whoever_waits_and_attendance_keeps_no_name(series, school, lucia, ana, clock):
    waiting = make_person("Berta", school, "caregiver")
    Enrolment.objects.create(series=series, person=waiting, state="waiting", asked_at=clock.at)
    first, second = series.sessions.order_by("number")[:2]
    Attendance.objects.create(session=first, person=lucia, mode="video", marked_by=ana, marked_at=clock.at)
    Attendance.objects.create(session=first, person=ana, mode="video", marked_by=lucia, marked_at=clock.at)
    Rsvp.objects.create(session=second, person=lucia, answer="video", answered_at=clock.at)
    SupportRequest.objects.create(session=second, person=lucia, kind="ride")
    Invitation.objects.create(series=series, person=lucia, invited_at=clock.at)
    sent = Invitation.objects.create(series=series, person=ana, invited_by=lucia, invited_at=clock.at)
    JoinRequest.objects.create(
        series=series, name="L.", channel="sms", value=PHONE, language="es", asked_at=clock.at, state="accepted"
    )
    erase(lucia)
    series.refresh_from_db()
    assert dict(Enrolment.objects.values_list("person", "state")) == {lucia.pk: "left", waiting.pk: "joined"}
    assert series.joined == 1
    assert (Rsvp.objects.count(), SupportRequest.objects.count(), JoinRequest.objects.count()) == (0, 0, 0)
    assert list(Invitation.objects.values_list("pk", "invited_by")) == [(sent.pk, None)]
    marks = Attendance.objects.values_list("person__name", "marked_by__name")
    assert sorted(marks, key=str) == [("", "Ana"), ("Ana", None)]


@pytest.fixture
def form(series, school, lucia, ana):
    ring = series.ring
    sealing.make_keys(ring.pk)
    type(ring).objects.filter(pk=ring.pk).update(made_at=series.published_at)
    call_command("load_instruments")
    ring.refresh_from_db()
    form = open_form(
        wave=Wave.objects.create(school=school, ring=ring, kind="window"),
        instrument="weekly-feedback",
        people=[lucia, ana],
        evening_on=None,
        opens_at=series.published_at,
        closes_at=series.published_at + timedelta(days=900),
    )
    for person in (lucia, ana):
        key = sealing.Sealer(ring.pk).box_key(person=person.pk, form=form.pk)
        InboxBox.objects.create(key=key, form=form, box=b"sealed", comment_box=bytes(2352))
    yield form
    shutil.rmtree(settings.KEYS_DIR, ignore_errors=True)


def test_a_box_in_the_inbox_goes_and_nobody_else_s(form, lucia, ana):
    erase(lucia)
    kept = sealing.Sealer(form.ring_id).box_key(person=ana.pk, form=form.pk)
    assert [bytes(key) for key in InboxBox.objects.values_list("key", flat=True)] == [kept]
    assert list(FormPerson.objects.values_list("person", flat=True)) == [ana.pk]


def test_the_pairing_of_her_sheet_goes_and_nobody_else_s(form, school, lucia, ana):
    wave = Wave.objects.create(school=school, ring=form.ring, kind="before")
    pairs = [sealing.pair_of(form.ring_id, person=person.pk) for person in (lucia, ana)]
    for pair in pairs:
        Sheet.objects.create(wave=wave, pair=pair, answers={})
    erase(lucia)
    left = {bytes(pair or b"") for pair in Sheet.objects.values_list("pair", flat=True)}
    assert (len(left), left & set(pairs)) == (2, {pairs[1]})


def test_erasure_goes_on_where_a_ring_s_keys_are_gone(form, lucia):
    shutil.rmtree(settings.KEYS_DIR)
    erase(lucia)
    assert lucia.name == ""


def test_a_shared_phone_stays_the_other_s(lucia, school):
    berta = make_person("Berta", school, "caregiver", phone=PHONE)
    erase(lucia)
    assert list(Address.objects.values_list("value", "owners")) == [(PHONE, berta.pk)]


def test_what_she_was_told_goes_and_what_both_were_told_stays(lucia, school):
    berta = make_person("Berta", school, "caregiver", phone=PHONE)
    shared = lucia.addresses.get(value=PHONE)
    messages = [
        Message.objects.create(
            address=shared,
            kind="session_reminder",
            about=uuid4(),
            occurrence="x",
            due_at=lucia.created_at,
            reference=uuid4(),
        )  # fmt: skip
        for _ in range(2)
    ]
    for message, people in zip(messages, [[lucia], [lucia, berta]], strict=True):
        for person in people:
            MessagePerson.objects.create(
                message=message, person=person, kind=message.kind, about=message.about, occurrence="x", channel="sms"
            )
    erase(lucia)
    assert list(MessagePerson.objects.values_list("message", "person")) == [(messages[1].pk, berta.pk)]
    assert list(Message.objects.values_list("pk", flat=True)) == [messages[1].pk]


def test_a_stop_outlives_her_as_a_hash_and_holds_when_the_number_comes_back(lucia, school, ana):
    stop(channel="sms", value=PHONE)
    erase(lucia)
    assert PHONE.encode() not in bytes(PastStop.objects.get().value_hash)
    with acting("coordinator"):
        own_address(channel="sms", value=PHONE, person=ana, language="es", zone="America/Chicago")
        own_address(channel="sms", value="+17735550155", person=ana, language="es", zone="America/Chicago")
    assert list(Address.objects.filter(stopped_at__isnull=False).values_list("value", flat=True)) == [PHONE]


def test_a_stop_that_nobody_acted_on_yet_is_not_lost(lucia, clock):
    ProviderEvent.objects.create(event="SM1", word="ALTO", from_value=PHONE, received_at=clock.at)
    erase(lucia)
    assert (PastStop.objects.count(), ProviderEvent.objects.get().from_value) == (1, "")


def test_whoever_let_messages_come_again_is_not_held_to_an_old_stop(lucia, ana):
    stop(channel="sms", value=PHONE)
    erase(lucia)
    give_address(ana, "sms", PHONE)
    erase(ana)
    assert PastStop.objects.count() == 0


def test_the_log_keeps_who_did_what_and_not_about_whom(lucia, school, clock):
    rosa = make_person("Rosa", school, "coordinator")
    LogEntry.objects.create(by=rosa, act="contact_revealed", school=school, about_person=lucia, at=clock.at)
    erase(lucia)
    assert list(LogEntry.objects.values_list("by", "about_person")) == [(rosa.pk, None)]


def test_nobody_is_told(lucia, series):
    erase(lucia)
    assert Message.objects.count() == 0


class Killed(Exception):
    """The machine stops."""


@pytest.mark.parametrize("after", ["end", "privacy"])
def test_an_erasure_that_is_stopped_midway_leaves_all_or_nothing_and_ends_when_it_is_run_again(
    series, lucia, monkeypatch, after
):
    make_post(series.group, lucia, "Me llamo Lucía.")
    ask(lucia)
    with monkeypatch.context() as patch:
        if after == "end":
            patch.setattr(privacy, "erase", lambda person: (_ for _ in ()).throw(Killed))
        else:
            erase_all = privacy.erase
            patch.setattr(privacy, "erase", lambda person: (erase_all(person), (_ for _ in ()).throw(Killed)))
        work()
    lucia.refresh_from_db()
    assert (lucia.name, everything()[Post][0]["text"], DataRequest.objects.count()) == ("Lucía", "Me llamo Lucía.", 0)
    with acting("backup"):
        assert DataRequest.objects.count() == 1
    work()
    lucia.refresh_from_db()
    assert (lucia.name, everything()[Post][0]["text"]) == ("", "")


def test_to_be_erased_twice_is_to_be_erased_once(lucia, series):
    make_post(series.group, lucia)
    erase(lucia)
    before = everything(), list(Person.objects.order_by("pk").values()), list(Enrolment.objects.values())
    with acting("worker"):
        rights.erase(person=lucia.pk)
    after = everything(), list(Person.objects.order_by("pk").values()), list(Enrolment.objects.values())
    for rows in (*before[1], *after[1]):
        del rows["feed_secret"]
    assert after == before
    assert erased.read() == [lucia.pk]


def test_a_line_that_a_crash_left_half_written_spoils_no_other(lucia, ana):
    erased.write(lucia.pk)
    with (settings.ERASED_DIR / "people").open("a") as file:
        file.write(str(ana.pk)[:20])
    erased.write(ana.pk)
    assert erased.read() == [lucia.pk, ana.pk]


def test_a_request_that_fails_keeps_no_other(lucia, ana, monkeypatch):
    ask(lucia)
    ask(ana)
    whole = rights.erase
    monkeypatch.setattr(
        rights, "erase", lambda person: whole(person=person) if person == ana.pk else (_ for _ in ()).throw(Killed)
    )
    work()
    assert list(Person.objects.filter(pk__in=[lucia.pk, ana.pk]).order_by("name").values_list("name", flat=True)) == [
        "",
        "Lucía",
    ]


def test_the_pages_say_what_goes_before_they_ask_and_ask_twice(lucia, client, series):
    hers = sign_in(client, lucia)
    page = hers.get("/me/erase/").content.decode()
    said = ("we can no longer find which are yours", "For 3 years", "It cannot be undone", "/me/erase/sure/")
    assert [words for words in said if words not in page] == []
    assert hers.post("/me/erase/").status_code == 405
    assert hers.get("/me/erase/sure/").status_code == 200
    with acting("backup"):
        assert DataRequest.objects.count() == 0
    feed = lucia.feed_secret
    assert "You are signed out here" in hers.post("/me/erase/sure/").content.decode()
    lucia.refresh_from_db()
    assert lucia.feed_secret != feed
    assert hers.get("/me/").status_code == 302


def test_whose_work_needs_a_second_step_needs_it_to_be_erased(client, school):
    rosa = make_person("Rosa", school, "coordinator")
    client.force_login(rosa)
    assert client.post("/me/erase/sure/").url == "/me/second/"
    assert Person.objects.get(pk=rosa.pk).name == "Rosa"


def test_nobody_asks_in_another_s_name(lucia, ana):
    with pytest.raises(Exception, match="row-level security"), acting("person", lucia.pk):
        actions.ask_to_be_erased(person=ana)
