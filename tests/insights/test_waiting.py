"""Families are told, once and without its words, that something of theirs leaves the group unless they keep it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.database import acting
from insights.methods import actions as methods
from insights.tasks import tell_words_that_wait
from notifications.delivery import go_round
from notifications.models import Message, MessagePerson
from notifications.segments import segments
from partnerships.actions import themes
from tests.factories import enrol, give_address, make_member, make_person, make_post
from tests.insights.talking import as_maker, let_out, make_world, note, talk

pytestmark = pytest.mark.django_db
WORDS = "Quieren más intérpretes."
WAIT = timedelta(hours=72)


@pytest.fixture
def world(clock):
    world = make_world()
    # Of the group, with a place in the series alone, and one whom a tie bars.
    world.irma, world.ana = (make_person(name, world.school, "caregiver") for name in ("Irma", "Ana"))
    make_member(world.series.group, world.irma)
    enrol(world.series, world.ana)
    for name in ("lucia", "elena", "irma", "ana", "teacher", "grant", "rosa", "sam", "beatriz"):
        give_address(getattr(world, name), "email", f"{name}@example.org")
    return world


def show_theme(world):
    posts = [make_post(world.series.group, who, "Falta intérprete.") for who in (world.lucia, world.elena, world.irma)]
    said = {"text": WORDS, "language": "es", "translated": "They want more interpreters."}
    with acting("facilitator", world.elena.pk), transaction.atomic():
        return themes.show(group=world.series.group, posts=posts, **said)


def work():
    with acting("worker"):
        tell_words_that_wait()
        go_round()


def told():
    found = MessagePerson.objects.filter(kind="words_wait", message__state="sent")
    return sorted(found.values_list("person__name", flat=True))


def test_the_families_of_a_group_are_told_of_a_theme_once_and_read_no_word_of_it(world):
    theme = show_theme(world)
    work()
    work()
    assert told() == ["Irma", "Lucía"]
    [letter] = [one for one in mail.outbox if one.to == ["lucia@example.org"]]
    assert "Hasta el jueves 18 de febrero, a las 12:00 p. m., usted" in " ".join(letter.body.split())
    assert f"/g/{theme.group_id}/themes/" in letter.body
    assert [words for words in (WORDS, "interpreters", "intérprete") if words in letter.body + letter.subject] == []


def test_of_a_line_those_are_told_too_who_have_a_place_and_never_joined_the_group(world):
    let_out(world, note(world, talk(world)))
    work()
    work()
    assert told() == ["Ana", "Irma", "Lucía"]
    [letter] = [one for one in mail.outbox if one.to == ["ana@example.org"]]
    assert f"/s/{world.series.pk}/learning/" in letter.body
    assert "Saludan" not in letter.body


def decide(world, clock, how):
    """Let a theme or a line be decided or taken back at night, while its message waits for the morning."""
    if how in ("kept", "over"):
        theme = show_theme(world)
    else:
        line = let_out(world, note(world, talk(world)))
    clock.move_to(clock.at + timedelta(hours=9))
    work()
    if how == "kept":
        with acting("caregiver", world.irma.pk), transaction.atomic():
            themes.keep(theme=theme)
    elif how == "line_kept":
        with acting("caregiver", world.irma.pk), transaction.atomic():
            methods.keep_line(line=line)
    elif how == "taken_back":
        with as_maker(world, "sam"):
            methods.take_back(line=line)
    clock.move_to(clock.at + (WAIT if how == "over" else timedelta(hours=12)))


@pytest.mark.parametrize("how", ["kept", "over", "line_kept", "taken_back"])
def test_what_was_decided_before_it_goes_is_told_to_nobody(world, clock, how):
    decide(world, clock, how)
    work()
    assert (Message.objects.filter(kind="words_wait").count() > 0, told()) == (True, [])
    assert mail.outbox == []


def test_what_one_person_alone_let_out_waits_for_nobody(world):
    let_out(world, note(world, talk(world, kind="debrief")))
    work()
    assert Message.objects.count() == 0


def test_the_worker_reads_of_a_line_only_that_it_waits_and_a_coordinator_no_such_message(world, clock):
    let_out(world, note(world, talk(world)))
    work()
    with acting("coordinator", world.rosa.pk):
        assert Message.objects.filter(kind="words_wait").count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege('ds_worker', 'insights_releasedline', 'text', 'SELECT')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_text_message_is_one_segment(language):
    words = {"es": ("miércoles", "10:00 pm"), "en": ("Wed", "10:00 pm")}[language]
    context = dict(zip(("sms_day", "sms_hour"), words, strict=True))
    context |= {"sms_name": "Academia Mirador", "button_url": f"https://ejemplo.org/s/{'0' * 36}/learning/"}
    with translation.override(language):
        text = render_to_string("sms/words_wait.txt", context).strip()
    assert (segments(text).encoding, segments(text).count) == ("GSM-7", 1)
