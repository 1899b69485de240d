"""Third and fourth lock: the rules as raw SQL, under every role, for everybody; the expected answers are by hand."""

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, IntegrityError, ProgrammingError

from accounts.database import acting
from accounts.routes import AUDIENCES
from notifications import clock
from partnerships.models import Authorship, Post
from tests.factories import make_member, make_post, tie
from tests.partnerships.walled import ELSEWHERE, INSIDE, MARKER, OUTSIDE, RELATIONS, keys, make_world, outcome

pytestmark = pytest.mark.django_db

# Each statement, by what somebody would want with it.
READ = "SELECT FROM partnerships_{} WHERE {} = %({})s"
STATEMENTS = {
    "read a post": READ.format("post", "id", "post"),
    "read a post without a name": READ.format("post", "id", "nameless"),
    "read a post to the space": READ.format("post", "id", "space_post"),
    "read a reply": READ.format("reply", "id", "reply"),
    "read who wrote a post": READ.format("authorship", "post_id", "nameless"),
    "read who wrote a reply": READ.format("authorship", "reply_id", "reply"),
    "read a reaction": READ.format("reaction", "id", "reaction"),
    "read a translation": READ.format("translation", "id", "translation"),
    "read the agreements": READ.format("agreement", "id", "agreement"),
    "read who agreed": READ.format("agreementvoice", "id", "voice"),
    "read a reaffirmation": READ.format("reaffirmation", "id", "reaffirmation"),
    "read an idea": READ.format("idea", "id", "idea"),
    "read an idea of the space": READ.format("idea", "id", "space_idea"),
    "read who stands behind an idea": READ.format("ideasupport", "id", "support"),
    "read a quote": READ.format("quote", "id", "quote"),
    "read shared words": READ.format("sharedquote", "quote_id", "quote"),
    "read the shared agreements": READ.format("sharedagreement", "group_id", "group"),
    "read a theme": READ.format("theme", "id", "theme"),
    "read what a theme comes from": READ.format("themesource", "id", "source"),
    "read an appointment": READ.format("outreachlead", "id", "lead"),
    "read a try of the door": READ.format("doortrial", "id", "trial"),
    "post": (
        "INSERT INTO partnerships_post (id, space_id, group_id, signed_by_id, text, language, at, hidden_reason)"
        " VALUES (gen_random_uuid(), %(space)s, %(group)s, %(me)s, 'x', 'es', now(), '')"
    ),
    "post without a name": (
        "INSERT INTO partnerships_post (id, space_id, group_id, text, language, at, hidden_reason)"
        " VALUES (gen_random_uuid(), %(space)s, %(group)s, 'x', 'es', now(), '')"
    ),
    "post to the space": (
        "INSERT INTO partnerships_post (id, space_id, signed_by_id, text, language, at, hidden_reason)"
        " VALUES (gen_random_uuid(), %(space)s, %(me)s, 'x', 'es', now(), '')"
    ),
    "post in the writer's name": (
        "INSERT INTO partnerships_post (id, space_id, group_id, signed_by_id, text, language, at, hidden_reason)"
        " VALUES (gen_random_uuid(), %(space)s, %(group)s, %(writer)s, 'x', 'es', now(), '')"
    ),
    "post to a group of another space": (
        "INSERT INTO partnerships_post (id, space_id, group_id, signed_by_id, text, language, at, hidden_reason)"
        " VALUES (gen_random_uuid(), %(space)s, %(far)s, %(me)s, 'x', 'es', now(), '')"
    ),
    "reply": (
        "INSERT INTO partnerships_reply (id, post_id, signed_by_id, text, language, at, hidden_reason)"
        " VALUES (gen_random_uuid(), %(post)s, %(me)s, 'x', 'es', now(), '')"
    ),
    "react": (
        "INSERT INTO partnerships_reaction (id, post_id, person_id, kind)"
        " VALUES (gen_random_uuid(), %(post)s, %(me)s, 'me_too')"
    ),
    "react for the writer": (
        "INSERT INTO partnerships_reaction (id, post_id, person_id, kind)"
        " VALUES (gen_random_uuid(), %(post)s, %(writer)s, 'me_too')"
    ),
    "translate": (
        "INSERT INTO partnerships_translation (id, reply_id, language, text, by_id, at)"
        " VALUES (gen_random_uuid(), %(reply)s, 'en', 'x', %(me)s, now())"
    ),
    "translate, and review at once": (
        "INSERT INTO partnerships_translation (id, reply_id, language, text, by_id, at, reviewed_at)"
        " VALUES (gen_random_uuid(), %(reply)s, 'en', 'x', %(me)s, now(), now())"
    ),
    "draft agreements": (
        "INSERT INTO partnerships_agreement (id, group_id, version, text, language, drafted_at)"
        " VALUES (gen_random_uuid(), %(twin)s, 1, 'x', 'es', now())"
    ),
    "agree": (
        "INSERT INTO partnerships_agreementvoice (id, agreement_id, person_id, at)"
        " VALUES (gen_random_uuid(), %(draft)s, %(me)s, now())"
    ),
    "reaffirm": (
        'INSERT INTO partnerships_reaffirmation (id, agreement_id, "on")'
        " VALUES (gen_random_uuid(), %(agreement)s, '2026-01-01')"
    ),
    "mark an idea": (
        "INSERT INTO partnerships_idea (id, space_id, group_id, post_id, text, language, at)"
        " VALUES (gen_random_uuid(), %(space)s, %(group)s, %(post)s, 'x', 'es', now())"
    ),
    "stand behind an idea": (
        "INSERT INTO partnerships_ideasupport (id, idea_id, person_id)"
        " VALUES (gen_random_uuid(), %(second_idea)s, %(me)s)"
    ),
    "ask for exact words": (
        "INSERT INTO partnerships_quote"
        " (id, post_id, words, asked_by_id, asked_at, for_leaders, for_public, signature)"
        " VALUES (gen_random_uuid(), %(post)s, 'x', %(me)s, now(), false, false, '')"
    ),
    "ask in the writer's name": (
        "INSERT INTO partnerships_quote"
        " (id, post_id, words, asked_by_id, asked_at, for_leaders, for_public, signature)"
        " VALUES (gen_random_uuid(), %(space_post)s, 'x', %(writer)s, now(), false, false, '')"
    ),
    "ask and answer at once": (
        "INSERT INTO partnerships_quote"
        " (id, post_id, words, asked_by_id, asked_at, answered_at, for_leaders, for_public, signature)"
        " VALUES (gen_random_uuid(), %(post)s, 'x', %(me)s, now(), now(), true, false, 'mother')"
    ),
    "share words": (
        "INSERT INTO partnerships_sharedquote"
        " (quote_id, school_id, words, language, translated, signature, for_leaders, for_public, shared_at)"
        " VALUES (%(answered)s, %(school)s, %(words)s, 'es', '', 'mother', true, false, now())"
    ),
    "share other words": (
        "INSERT INTO partnerships_sharedquote"
        " (quote_id, school_id, words, language, translated, signature, for_leaders, for_public, shared_at)"
        " VALUES (%(answered)s, %(school)s, 'otras', 'es', '', 'mother', true, false, now())"
    ),
    "share words with whom she did not allow": (
        "INSERT INTO partnerships_sharedquote"
        " (quote_id, school_id, words, language, translated, signature, for_leaders, for_public, shared_at)"
        " VALUES (%(answered)s, %(school)s, %(words)s, 'es', '', 'mother', true, true, now())"
    ),
    "publish the agreements": (
        "INSERT INTO partnerships_sharedagreement"
        " (group_id, school_id, group_name, text, language, translated, published_at)"
        " VALUES (%(twin)s, %(school)s, 'x', 'x', 'es', '', now())"
    ),
    "publish the agreements at another school": (
        "INSERT INTO partnerships_sharedagreement"
        " (group_id, school_id, group_name, text, language, translated, published_at)"
        " VALUES (%(twin)s, %(there)s, 'x', 'x', 'es', '', now())"
    ),
    "show a theme": (
        "INSERT INTO partnerships_theme (id, group_id, text, language, translated, shown_at, shown_until, is_kept)"
        " VALUES (gen_random_uuid(), %(group)s, 'x', 'es', 'x', partnerships_now(),"
        " partnerships_now() + interval '72 hours', false)"
    ),
    "show a theme for an hour": (
        "INSERT INTO partnerships_theme (id, group_id, text, language, translated, shown_at, shown_until, is_kept)"
        " VALUES (gen_random_uuid(), %(group)s, 'x', 'es', 'x', partnerships_now() - interval '71 hours',"
        " partnerships_now() + interval '1 hour', false)"
    ),
    "say that a post says it": (
        "INSERT INTO partnerships_themesource (id, theme_id, post_id)"
        " VALUES (gen_random_uuid(), %(theme)s, %(nameless)s)"
    ),
    "say that a post of the space says it": (
        "INSERT INTO partnerships_themesource (id, theme_id, post_id)"
        " VALUES (gen_random_uuid(), %(theme)s, %(space_post)s)"
    ),
    "send the school what one says": (
        "INSERT INTO partnerships_sharedtheme (theme_id, school_id, group_name, text, language, translated, sent_at)"
        " SELECT id, %(school)s, 'x', text, language, translated, partnerships_now() FROM partnerships_theme"
        " WHERE id = %(old_theme)s"
    ),
    "try the door": (
        "INSERT INTO partnerships_doortrial (id, group_id, person_id, kind, asked_at, answers)"
        " VALUES (gen_random_uuid(), %(group)s, %(me)s, 'principal', now(), '[]')"
    ),
    "try the door as the writer": (
        "INSERT INTO partnerships_doortrial (id, group_id, person_id, kind, asked_at, answers)"
        " VALUES (gen_random_uuid(), %(group)s, %(writer)s, 'principal', now(), '[]')"
    ),
    "take a post back": "UPDATE partnerships_post SET text = '', deleted_at = now() WHERE id = %(nameless)s",
    "take every post back": "UPDATE partnerships_post SET text = '', deleted_at = now()",
    "rewrite a post": "UPDATE partnerships_post SET text = 'otra' WHERE id = %(nameless)s",
    "sign somebody's post": "UPDATE partnerships_post SET signed_by_id = %(me)s WHERE id = %(nameless)s",
    "hide a post": (
        "UPDATE partnerships_post SET hidden_at = now(), hidden_by_id = %(me)s, hidden_reason = 'x' WHERE id = %(post)s"
    ),
    "hide a post in the writer's name": (
        "UPDATE partnerships_post SET hidden_at = now(), hidden_by_id = %(writer)s, hidden_reason = 'x'"
        " WHERE id = %(post)s"
    ),
    "move a post": "UPDATE partnerships_post SET group_id = %(twin)s WHERE id = %(post)s",
    "take a reply back": "UPDATE partnerships_reply SET text = '', deleted_at = now() WHERE id = %(reply)s",
    "rewrite a reply": "UPDATE partnerships_reply SET text = 'otra' WHERE id = %(reply)s",
    "hide a reply": (
        "UPDATE partnerships_reply SET hidden_at = now(), hidden_by_id = %(me)s, hidden_reason = 'x'"
        " WHERE id = %(reply)s"
    ),
    "claim a post": "UPDATE partnerships_authorship SET person_id = %(me)s",
    "change a reaction": "UPDATE partnerships_reaction SET kind = 'me_too'",
    "review a translation": "UPDATE partnerships_translation SET reviewed_at = now() WHERE id = %(translation)s",
    "put a translation otherwise": "UPDATE partnerships_translation SET text = 'x' WHERE id = %(translation)s",
    "empty a translation": "UPDATE partnerships_translation SET text = '' WHERE id = %(translation)s",
    "change a draft": "UPDATE partnerships_agreement SET text = 'x' WHERE id = %(draft)s",
    "agree on a draft": "UPDATE partnerships_agreement SET agreed_at = drafted_at WHERE id = %(draft)s",
    "change what was agreed": "UPDATE partnerships_agreement SET text = 'x' WHERE id = %(agreement)s",
    "change who agreed": "UPDATE partnerships_agreementvoice SET at = now()",
    "change a reaffirmation": 'UPDATE partnerships_reaffirmation SET "on" = now()',
    "offer to see to an idea": "UPDATE partnerships_idea SET owner_id = %(me)s WHERE id = %(idea)s",
    "offer the writer": "UPDATE partnerships_idea SET owner_id = %(writer)s WHERE id = %(idea)s",
    "merge ideas": "UPDATE partnerships_idea SET merged_into_id = %(second_idea)s WHERE id = %(idea)s",
    "merge ideas of two places": "UPDATE partnerships_idea SET merged_into_id = %(space_idea)s WHERE id = %(idea)s",
    "turn an idea into a request": "UPDATE partnerships_idea SET requested_at = now() WHERE id = %(idea)s",
    "change who stands behind an idea": "UPDATE partnerships_ideasupport SET person_id = %(me)s",
    "answer a quote": (
        "UPDATE partnerships_quote SET answered_at = now(), for_leaders = true, signature = 'mother'"
        " WHERE id = %(quote)s"
    ),
    "change the words of a quote": "UPDATE partnerships_quote SET words = 'x' WHERE id = %(quote)s",
    "empty the words of a quote": "UPDATE partnerships_quote SET words = '' WHERE id = %(quote)s",
    "take shared words back": (
        "UPDATE partnerships_sharedquote SET words = '', signature = '', withdrawn_at = now()"
        " WHERE quote_id = %(quote)s"
    ),
    "share the words with everybody": (
        "UPDATE partnerships_sharedquote SET for_public = true WHERE quote_id = %(quote)s"
    ),
    "change the shared agreements": "UPDATE partnerships_sharedagreement SET text = 'x' WHERE group_id = %(group)s",
    "keep a theme": "UPDATE partnerships_theme SET is_kept = true WHERE id = %(theme)s",
    "keep a theme too late": "UPDATE partnerships_theme SET is_kept = true WHERE id = %(old_theme)s",
    "rewrite a theme": "UPDATE partnerships_theme SET text = 'x' WHERE id = %(theme)s",
    "show a theme for longer": "UPDATE partnerships_theme SET shown_until = now() WHERE id = %(theme)s",
    "let a theme go": "UPDATE partnerships_theme SET sent_at = partnerships_now() WHERE id = %(old_theme)s",
    "let a theme go early": "UPDATE partnerships_theme SET sent_at = partnerships_now() WHERE id = %(theme)s",
    "change what a theme comes from": "UPDATE partnerships_themesource SET post_id = %(nameless)s",
    "sign for the parents": (
        "UPDATE partnerships_outreachlead SET parents_signed_by_id = %(me)s, parents_signed_at = now()"
        " WHERE id = %(lead)s"
    ),
    "sign for the parents in the writer's name": (
        "UPDATE partnerships_outreachlead SET parents_signed_by_id = %(writer)s, parents_signed_at = now()"
        " WHERE id = %(lead)s"
    ),
    "sign for the leaders": (
        "UPDATE partnerships_outreachlead SET leaders_signed_by_id = %(me)s, leaders_signed_at = now()"
        " WHERE id = %(lead)s"
    ),
    "accept for somebody": "UPDATE partnerships_outreachlead SET accepted_at = now() WHERE id = %(lead)s",
    "answer a try of the door": "UPDATE partnerships_doortrial SET answered_at = now()",
    "delete a post": "DELETE FROM partnerships_post",
    "delete a reply": "DELETE FROM partnerships_reply",
    "delete who wrote": "DELETE FROM partnerships_authorship",
    "take a reaction back": "DELETE FROM partnerships_reaction WHERE id = %(reaction)s",
    "delete a translation": "DELETE FROM partnerships_translation",
    "delete the agreements": "DELETE FROM partnerships_agreement",
    "delete who agreed": "DELETE FROM partnerships_agreementvoice",
    "delete a reaffirmation": "DELETE FROM partnerships_reaffirmation",
    "delete an idea": "DELETE FROM partnerships_idea",
    "stand behind an idea no more": "DELETE FROM partnerships_ideasupport WHERE id = %(support)s",
    "delete a quote": "DELETE FROM partnerships_quote",
    "delete shared words": "DELETE FROM partnerships_sharedquote",
    "publish the agreements no more": "DELETE FROM partnerships_sharedagreement WHERE group_id = %(group)s",
    "delete a theme": "DELETE FROM partnerships_theme",
    "delete what a theme comes from": "DELETE FROM partnerships_themesource",
    "delete an appointment": "DELETE FROM partnerships_outreachlead",
    "delete a try of the door": "DELETE FROM partnerships_doortrial",
}
# What each does: as families' role, then as facilitators'. + it happens, . no row is within reach, - it is refused.
#   writer, member, facilitator, unpaid coordinator who facilitates, parent seat; another group, another school;
#   former member, former family, hired, teacher, staff seat, payroll coordinator, coordinator, principal, nobody
ALL, NONE = "+++++ .. .........", "..... .. ........."
WRITES, DENIED = "+++++ -- ---------", "----- -- ---------"
OWN = "+.... .. ........."
TABLE = {
    "read a post": (ALL, ALL),
    "read a post without a name": (ALL, ALL),
    "read a post to the space": ("+++++ +. .........", "+++++ +. ........."),
    "read a reply": (ALL, ALL),
    "read who wrote a post": (OWN, OWN),
    "read who wrote a reply": (OWN, OWN),
    "read a reaction": (ALL, ALL),
    "read a translation": (ALL, ALL),
    "read the agreements": (ALL, ALL),
    "read who agreed": (ALL, ALL),
    "read a reaffirmation": (ALL, ALL),
    "read an idea": (ALL, ALL),
    "read an idea of the space": ("+++++ +. .........", "+++++ +. ........."),
    "read who stands behind an idea": (ALL, ALL),
    "read a quote": (OWN, "+.++. .. ........."),
    "read shared words": (OWN, "+.++. .. ........."),
    "read the shared agreements": (ALL, ALL),
    "read a theme": (ALL, ALL),
    "read what a theme comes from": (DENIED, "..++. .. ........."),
    "read an appointment": ("+++++ +. .........", "+++++ +. ........."),
    "read a try of the door": (OWN, OWN),
    "post": (WRITES, WRITES),
    "post without a name": (WRITES, WRITES),
    "post to the space": ("+++++ +- ---------", "+++++ +- ---------"),
    "post in the writer's name": ("+---- -- ---------", "+---- -- ---------"),
    "post to a group of another space": (DENIED, DENIED),
    "reply": (WRITES, WRITES),
    "react": (WRITES, WRITES),
    "react for the writer": ("+---- -- ---------", "+---- -- ---------"),
    "translate": (WRITES, WRITES),
    "translate, and review at once": ("+-++- -- ---------", "+-++- -- ---------"),
    "draft agreements": (DENIED, "--++- -- ---------"),
    "agree": (WRITES, WRITES),
    "reaffirm": (DENIED, "--++- -- ---------"),
    "mark an idea": (WRITES, WRITES),
    "stand behind an idea": (WRITES, WRITES),
    "ask for exact words": (DENIED, "--++- -- ---------"),
    "ask in the writer's name": (DENIED, DENIED),
    "ask and answer at once": (DENIED, DENIED),
    "share words": ("+---- -- ---------", "+---- -- ---------"),
    "share other words": (DENIED, DENIED),
    "share words with whom she did not allow": (DENIED, DENIED),
    "publish the agreements": (DENIED, "--++- -- ---------"),
    "publish the agreements at another school": (DENIED, DENIED),
    "show a theme": (DENIED, "--++- -- ---------"),
    "show a theme for an hour": (DENIED, DENIED),
    "say that a post says it": (DENIED, "--++- -- ---------"),
    "say that a post of the space says it": (DENIED, DENIED),
    # Whom the theme is not shown to has nothing to send.
    "send the school what one says": (DENIED, "----- .. ........."),
    "try the door": (WRITES, WRITES),
    "try the door as the writer": ("+---- -- ---------", "+---- -- ---------"),
    "take a post back": (OWN, "+.--. .. ........."),
    # A facilitator's reaches the others' texts too, and is stopped at the first.
    "take every post back": (OWN, "+.--. -. ........."),
    "rewrite a post": ("-.... .. .........", "-.--. .. ........."),
    "sign somebody's post": ("-.... .. .........", "-.--. .. ........."),
    "hide a post": (DENIED, "-.++. .. ........."),
    "hide a post in the writer's name": (DENIED, "-.--. .. ........."),
    "move a post": (DENIED, DENIED),
    "take a reply back": (OWN, "+.--. .. ........."),
    "rewrite a reply": ("-.... .. .........", "-.--. .. ........."),
    "hide a reply": (DENIED, "-.++. .. ........."),
    "claim a post": (DENIED, DENIED),
    "change a reaction": (DENIED, DENIED),
    "review a translation": ("+-++. .. .........", "+-++. .. ........."),
    "put a translation otherwise": ("-+--. .. .........", "-+--. .. ........."),
    "empty a translation": ("++--. .. .........", "++--. .. ........."),
    "change a draft": (DENIED, "..++. .. ........."),
    "agree on a draft": (DENIED, "..++. .. ........."),
    "change what was agreed": (DENIED, NONE),
    "change who agreed": (DENIED, DENIED),
    "change a reaffirmation": (DENIED, DENIED),
    "offer to see to an idea": (ALL, ALL),
    "offer the writer": ("+---- .. .........", "+---- .. ........."),
    "merge ideas": (DENIED, "--++- .. ........."),
    "merge ideas of two places": (DENIED, "----- .. ........."),
    "turn an idea into a request": (DENIED, "--++- .. ........."),
    "change who stands behind an idea": (DENIED, DENIED),
    "answer a quote": (OWN, OWN),
    "change the words of a quote": ("-.... .. .........", "-.... .. ........."),
    "empty the words of a quote": (OWN, OWN),
    "take shared words back": (OWN, OWN),
    "share the words with everybody": ("-.... .. .........", "-.... .. ........."),
    "change the shared agreements": (DENIED, "..++. .. ........."),
    "keep a theme": (ALL, ALL),
    "keep a theme too late": ("----- .. .........", "----- .. ........."),
    "rewrite a theme": (DENIED, DENIED),
    "show a theme for longer": (DENIED, DENIED),
    "let a theme go": (DENIED, "--++- .. ........."),
    "let a theme go early": (DENIED, "----- .. ........."),
    "change what a theme comes from": (DENIED, DENIED),
    "sign for the parents": ("+++++ +. .........", "+++++ +. ........."),
    "sign for the parents in the writer's name": ("+---- -. .........", "+---- -. ........."),
    "sign for the leaders": (DENIED, DENIED),
    "accept for somebody": ("----- -. .........", "----- -. ........."),
    "answer a try of the door": (DENIED, DENIED),
    "delete a post": (DENIED, DENIED),
    "delete a reply": (DENIED, DENIED),
    "delete who wrote": (DENIED, DENIED),
    "take a reaction back": (OWN, OWN),
    "delete a translation": (DENIED, DENIED),
    "delete the agreements": (DENIED, DENIED),
    "delete who agreed": (DENIED, DENIED),
    "delete a reaffirmation": (DENIED, DENIED),
    "delete an idea": (DENIED, DENIED),
    "stand behind an idea no more": (OWN, OWN),
    "delete a quote": (DENIED, DENIED),
    "delete shared words": (DENIED, DENIED),
    "publish the agreements no more": (DENIED, "..++. .. ........."),
    "delete a theme": (DENIED, DENIED),
    "delete what a theme comes from": (DENIED, DENIED),
    "delete an appointment": (DENIED, DENIED),
    "delete a try of the door": (DENIED, DENIED),
}


@pytest.fixture
def world():
    """Make the group, all that is written in it and everybody around it."""
    return make_world()


def answers(world, audience, sql):
    """Return what one statement does for everybody, spaced as the table is."""
    signs = iter(RELATIONS)
    return " ".join(
        "".join(outcome(world, audience, next(signs), sql) for _ in part) for part in (INSIDE, ELSEWHERE, OUTSIDE)
    )


@pytest.mark.parametrize(("number", "audience"), [(0, "caregiver"), (1, "facilitator")])
def test_a_statement_does_for_each_person_what_the_table_says(world, number, audience):
    assert {wanted: answers(world, audience, sql) for wanted, sql in STATEMENTS.items()} == {
        wanted: signs[number] for wanted, signs in TABLE.items()
    }


# Whatever a role is not named for here, it is refused for whoever acts: it has no such right on the table at all.
ELSE = {
    ("leader", "read shared words"): "..... .. .......+.",
    ("leader", "read the shared agreements"): "..... .. .......+.",
    ("leader", "read an appointment"): "..... .. .......+.",
    ("leader", "sign for the leaders"): "..... .. .......+.",
    # Words for everybody, of the schools that an evaluator looks at; these are for leaders.
    ("evaluator", "read shared words"): "..... .. .........",
    ("board", "read shared words"): "....+ .. ....+....",
    ("board", "read the shared agreements"): "....+ .. ....+....",
    ("coordinator", "read the shared agreements"): "...+. .. .....++..",
}
OTHERS = sorted(AUDIENCES - {"caregiver", "facilitator"}) + ["web"]


@pytest.mark.parametrize("audience", OTHERS)
def test_no_other_role_of_a_page_has_any_right_on_what_is_written(world, audience):
    some = ("writer", "facilitator", "principal")
    wrong = []
    for wanted, sql in STATEMENTS.items():
        if (audience, wanted) in ELSE:
            assert (wanted, answers(world, audience, sql)) == (wanted, ELSE[audience, wanted])
        else:
            wrong += [wanted for relation in some if outcome(world, audience, relation, sql) != "-"]
    assert wrong == []


# What the worker reads for whom it acts; for nobody, what it tries or forgets by itself.
WORKER = {
    "read a post": "+...",
    "read a post without a name": "+...",
    "read a post to the space": "+...",
    "read a reply": "+...",
    "read who wrote a post": "+...",
    "read who wrote a reply": "+...",
    "read a reaction": "+...",
    "read a translation": "++..",
    "read the agreements": "....",
    "read who agreed": "+...",
    "read a reaffirmation": "....",
    "read an idea": "....",
    "read an idea of the space": "....",
    "read who stands behind an idea": "+...",
    "read a quote": "+...",
    "read shared words": "+...",
    "read the shared agreements": "....",
    # That it waits: its words are in columns that the worker has no right to (tests/config/test_least_rights.py).
    "read a theme": "++++",
    "read what a theme comes from": "....",
    "read an appointment": "++++",
    "read a try of the door": "++++",
    "take a post back": "+...",
    "rewrite a post": "-...",
    "claim a post": "....",
    "rewrite a reply": "-...",
    "put a translation otherwise": "-+..",
    "change what was agreed": "....",
    "delete who wrote": "+...",
    "delete the agreements": "....",
    "delete a reaffirmation": "....",
}


def test_the_worker_reaches_what_belongs_to_the_person_for_whom_it_acts(world):
    for_whom = ("writer", "member", "facilitator", "nobody")
    assert {
        wanted: "".join(outcome(world, "worker", relation, STATEMENTS[wanted]) for relation in for_whom)
        for wanted in WORKER
    } == WORKER


def test_a_backup_reads_everything_and_changes_nothing(world):
    found = {wanted: outcome(world, "backup", "nobody", sql) for wanted, sql in STATEMENTS.items()}
    assert found == {wanted: "+" if wanted.startswith("read ") else "-" for wanted in STATEMENTS}


def test_whoever_is_named_to_lead_reads_it_and_accepts_for_herself_alone(world):
    for wanted, expected in (
        ("read an appointment", "+"),
        ("accept for somebody", "+"),
        ("sign for the leaders", "-"),
        ("read a post", "."),
    ):
        assert (wanted, outcome(world, "caregiver", "named to lead", STATEMENTS[wanted])) == (wanted, expected)


@pytest.mark.parametrize("audience", ["caregiver", "facilitator", "worker"])
def test_a_session_in_which_nobody_was_ever_said_reads_nothing(world, audience):
    with acting(audience), connection.cursor() as cursor, transaction.atomic():
        cursor.execute("RESET app.person")
        cursor.execute("SELECT FROM partnerships_post UNION ALL SELECT FROM partnerships_authorship")
        assert cursor.rowcount == 0


def test_a_person_who_is_no_key_is_an_error_and_reads_nothing(world):
    with acting("caregiver", "' OR true --"), pytest.raises(DataError), transaction.atomic():
        list(Post.objects.all())


def test_a_condition_that_fails_on_hidden_words_tells_nothing_about_them(world):
    fails = "SELECT FROM partnerships_post WHERE 1 / (length(text) - length(text)) = 1"
    assert outcome(world, "facilitator", "member of another group", fails.replace("text", "'x' || group_id")) == "."
    assert outcome(world, "facilitator", "former member", fails) == "."
    with pytest.raises(DataError):
        outcome(world, "facilitator", "member", fails)


def test_the_server_s_statistics_of_what_is_written_are_nobody_s(world):
    sql = (
        "SELECT FROM pg_stats WHERE tablename LIKE 'partnerships\\_%%' AND tablename ~ '(post|reply|authorship|quote)$'"
    )
    for audience in (*sorted(AUDIENCES), "web", "worker"):
        assert outcome(world, audience, "facilitator", sql) == "."


# Each column that names something written, with a statement that would say whether what it names exists.
NAMED = (
    ("post", STATEMENTS["reply"]),
    ("post", STATEMENTS["react"]),
    ("reply", STATEMENTS["translate"]),
    ("draft", STATEMENTS["agree"]),
    ("agreement", STATEMENTS["reaffirm"]),
    ("second_idea", STATEMENTS["stand behind an idea"]),
    ("post", STATEMENTS["ask for exact words"]),
    ("answered", STATEMENTS["share words"]),
    ("post", STATEMENTS["mark an idea"].replace("%(group)s", "%(beside)s")),
    ("group", STATEMENTS["post"]),
    ("group", STATEMENTS["try the door"]),
    ("twin", STATEMENTS["publish the agreements"]),
    (
        "nameless",
        "INSERT INTO partnerships_authorship (id, post_id, person_id) VALUES (gen_random_uuid(), %(nameless)s, %(me)s)",
    ),
)


def refusal(world, relation, sql, values):
    """Return the words in which a statement is refused."""
    with acting("facilitator", world.people[relation].pk), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError) as refused, transaction.atomic():
            cursor.execute(sql, values)
        return str(refused.value)


@pytest.mark.parametrize("relation", ["member of another group", "former member"])
def test_naming_what_is_hidden_is_refused_in_the_words_for_what_never_was(world, relation):
    values = keys(world, world.people[relation])
    for name, sql in NAMED:
        absent = {**values, name: "00000000-0000-4000-8000-000000000000"}
        assert refusal(world, relation, sql, values) == refusal(world, relation, sql, absent)


CLAIM = "INSERT INTO partnerships_authorship (id, {0}_id, person_id) VALUES (gen_random_uuid(), %(text)s, %(who)s)"


def claims(world, person, text, *, for_whom=None):
    """Say what becomes of a claim to have written a text."""
    values = {"text": text.pk, "who": (for_whom or person).pk}
    with acting("caregiver", person.pk), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(CLAIM.format(text._meta.model_name), values)
        except IntegrityError:
            return "has its writer"
        except ProgrammingError:
            return "refused"
        return "hers"


def test_nobody_claims_a_text_that_somebody_else_wrote(world):
    member, writer = world.people["member"], world.people["writer"]
    assert claims(world, member, world.nameless) == "has its writer"
    assert claims(world, member, world.post) == "refused"
    assert claims(world, member, world.reply) == "refused"
    assert claims(world, member, world.nameless, for_whom=writer) == "refused"


def test_a_text_whose_writer_was_erased_can_be_claimed_by_nobody(world):
    writer = world.people["writer"]
    with acting("worker", writer.pk):
        Post.objects.filter(pk=world.nameless.pk).update(text="", deleted_at=clock.now())
        Authorship.objects.filter(post=world.nameless).delete()
    assert claims(world, world.people["member"], world.nameless) == "refused"


READABLE = """
SELECT class.relname::text, string_agg(quote_ident(attname), ', ') FROM pg_class class
JOIN pg_attribute ON attrelid = class.oid AND attnum > 0 AND NOT attisdropped
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
  AND has_column_privilege(class.oid, attnum, 'SELECT') GROUP BY 1
"""


def readable_rows(audience, person):
    """Return every row of every table as far as a role reads it for somebody, as text."""
    with acting(audience, person.pk), connection.cursor() as cursor:
        cursor.execute(READABLE)
        found = []
        for table, columns in cursor.fetchall():
            cursor.execute(f'SELECT ROW({columns})::text FROM "{table}"')  # noqa: S608
            found += [line for (line,) in cursor.fetchall()]
        return found


def names_the_writer(world, lines):
    """Return the rows that name both a text without a name and who wrote it."""
    return [line for line in lines if str(world.nameless.pk) in line and str(world.people["writer"].pk) in line]


def test_no_row_that_a_page_can_read_says_who_wrote_without_her_name(world):
    curious = ("member", "facilitator", "payroll coordinator who facilitates", "principal")
    for audience in (*AUDIENCES, "web"):
        for relation in curious:
            found = names_the_writer(world, readable_rows(audience, world.people[relation]))
            assert (audience, relation, found) == (audience, relation, [])


def test_the_row_that_says_it_is_found_where_it_can_be_read(world):
    for audience, relation in (("caregiver", "writer"), ("backup", "facilitator")):
        assert len(names_the_writer(world, readable_rows(audience, world.people[relation]))) == 1


def test_a_change_of_ties_is_felt_by_the_next_statement(world, clock):
    reads = STATEMENTS["read a post"]
    assert outcome(world, "caregiver", "member", reads) == "+"
    tie(world.people["member"], world.school, "staff")
    assert outcome(world, "caregiver", "member", reads) == "."


def test_a_newcomer_reads_what_was_written_before_her(world):
    newcomer = world.people["named to lead"]
    assert outcome(world, "caregiver", "named to lead", STATEMENTS["read a post"]) == "."
    make_member(world.group, newcomer)
    assert outcome(world, "caregiver", "named to lead", STATEMENTS["read a post"]) == "+"


def test_a_group_shows_a_newcomer_nothing_of_another(world):
    text = make_post(world.beside, world.people["member of another group"], MARKER)
    world.post = text
    assert answers(world, "caregiver", STATEMENTS["read a post"]) == "..... +. ........."
