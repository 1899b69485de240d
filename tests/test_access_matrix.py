"""Second check of the first lock: every address x every role x GET and POST, against a table written by hand.

The addresses come from the registry; what each role may do stands below, from trust.md 2.2, and follows from no code.
"""

import re
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.views.defaults import page_not_found

from accounts.database import acting
from accounts.models import DataRequest, Membership
from accounts.routes import Declaration, walk
from accounts.views import front
from config.demo.cast import ROSA
from dialogue_series.models import CheckIn, Invitation, JoinRequest, NoSchoolDay
from insights.methods import actions as methods
from insights.models import Evidence, Packet, Report
from notifications import clock
from partnerships.actions import agreements, commitments, decisions, ideas, quotes, themes, voices
from partnerships.models import (
    Board,
    Conversation,
    Decision,
    GroupMember,
    JointMeeting,
    Post,
    Question,
    Seat,
    SeatTerm,
    SharedTheme,
)
from surveys import authoring
from surveys.models import EvaluatorFile
from tests.factories import make_member, make_person, make_post, make_reply, make_school, make_series, sign_in, tie
from tests.partnerships import deciding

pytestmark = pytest.mark.django_db

# + opens it. - 404. o her kind of page, somebody else's object: 404, or 405 where the page does not take the method.
# e has to enter first. l opens by a sent link only, and says that this one no longer works. x is for no person:
# refused in whatever way, by us or by the library whose address it is.
ROLES = (
    "stranger",
    "family of the series",
    "family elsewhere",
    "former family, now elsewhere",
    "parent facilitator",
    "teacher who is a parent in the series",
    "family hired mid-series",
    "former member, family still",
    "family of another group of the school",
    "member with a parent seat",
    "payroll coordinator",
    "coordinator elsewhere",
    "former coordinator, now elsewhere",
    "unpaid coordinator who facilitates",
    "payroll coordinator named to facilitate",
    "staff",
    "leader",
    "parent seat",
    "staff seat",
    "district lead",
    "evaluator",
    "operator",
    "superuser without ties",
)
# First part of the address, "…" where it names somebody's object, and the resource that it declares.
#    stranger, family, elsewhere, former, facilitator, teacher; hired, former member, another group, parent seat inside;
#    payroll, coordinator elsewhere, former coordinator, unpaid who facilitates, payroll named to facilitate;
#    staff, leader; parent seat, staff seat; district, evaluator; operator, superuser
TABLE = {
    "/ front": "++++++ ++++ +++++ ++ ++ ++ ++",
    "health/ health": "++++++ ++++ +++++ ++ ++ ++ ++",
    "robots.txt robots": "++++++ ++++ +++++ ++ ++ ++ ++",
    "language/ language": "++++++ ++++ +++++ ++ ++ ++ ++",
    "help/ help": "++++++ ++++ +++++ ++ ++ ++ ++",
    "privacy/ privacy": "++++++ ++++ +++++ ++ ++ ++ ++",
    "link/ link": "++++++ ++++ +++++ ++ ++ ++ ++",
    "enter/ sign-in": "++++++ ++++ +++++ ++ ++ ++ ++",
    "demo/ demonstration": "++++++ ++++ +++++ ++ ++ ++ ++",
    "j/… join_request": "++++++ ++++ +++++ ++ ++ ++ ++",
    # Whoever holds the secret holds the calendar: the family's own is tried.
    "calendar/… calendar": "++++++ ++++ +++++ ++ ++ ++ ++",
    "hooks/ provider events": "xxxxxx xxxx xxxxx xx xx xx xx",
    "u/… own address": "xxxxxx xxxx xxxxx xx xx xx xx",
    "i/… link": "llllll llll lllll ll ll ll ll",
    "r/… link": "llllll llll lllll ll ll ll ll",
    "p/… link": "llllll llll lllll ll ll ll ll",
    "i/… invitation": "llllll llll lllll ll ll ll ll",
    "i/… rsvp": "llllll llll lllll ll ll ll ll",
    "i/… calendar": "llllll llll lllll ll ll ll ll",
    "r/… rsvp": "llllll llll lllll ll ll ll ll",
    "r/… calendar": "llllll llll lllll ll ll ll ll",
    "f/… answers": "llllll llll lllll ll ll ll ll",
    # One's own account, and the family's own things in it.
    "me/ own account": "e+++++ ++++ +++++ ++ ++ ++ ++",
    "me/… own account": "e+oooo oooo ooooo oo oo oo oo",
    "a coordinator's pay": "e----- ---- +--++ -- -- -- --",
    # One's own data: families and parent seats; somebody who left, for 30 days.
    "me/ own data": "e+++++ ++++ ----- -- +- -- --",
    "me/… own data": "e+oooo oooo ooooo oo oo oo oo",
    # Saying of oneself that one works at the first school: its families, and who coordinates there.
    "one's own work": "e+--++ ++++ +--++ -- +- -- --",
    # What families open: their own series only, and nobody who works at its school, families or not.
    "s/ own_series": "e+++++ ++++ ----- -- +- -- --",
    "s/… own_series": "e+oo+o ooo+ ----- -- o- -- --",
    "s/… rsvp": "e+oooo ooo+ ----- -- o- -- --",
    "s/… calendar": "e+oooo ooo+ ----- -- o- -- --",
    "s/… answers": "e+oo+o ooo+ ----- -- o- -- --",
    # Holding an evening.
    "s/… attendance": "e---+- ---- +oo++ -- -- -- --",
    "s/… run_sheet": "e---+- ---- +oo++ -- -- -- --",
    # The desk.
    "c/ logistics": "e----- ---- +++++ -- -- -- --",
    "c/… logistics": "e----- ---- +oo++ -- -- -- --",
    "c/… rsvp": "e----- ---- +oo++ -- -- -- --",
    "c/… invitations": "e----- ---- +oo++ -- -- -- --",
    "c/… messages": "e----- ---- +oo++ -- -- -- --",
    "c/… contacts": "e----- ---- +oo++ -- -- -- --",
    "c/… staff list": "e----- ---- +oo++ -- -- -- --",
    # The families' own: their groups and the space of them all, and what only whoever facilitates does there.
    "s/… group door": "e+oo+o ooo+ ---+o -- o- -- --",
    "g/… posts": "e+oo+o ooo+ ---+o -- o- -- --",
    "g/… door trial": "e+oo+o ooo+ ---+o -- o- -- --",
    "g/… members": "e+oo+o ooo+ ---+o -- o- -- --",
    "space/… posts": "e+oo+o oo++ ---+o -- o- -- --",
    "space/… members": "e+oo+o oo++ ---+o -- o- -- --",
    "g/… agreements": "e+oo+o ooo+ ---+o -- o- -- --",
    # What only its writer does with a text: the family's are tried.
    "one's own words": "e+oooo oooo ---oo -- o- -- --",
    # A translation is reviewed by its writer, who is the family here, or by whoever facilitates.
    "what is reviewed": "e+oo+o oooo ---+o -- o- -- --",
    "g/… for who facilitates": "eooo+o oooo ---+o -- o- -- --",
    # The copy that a group publishes: parents on the council read it as one of its families, or not at all.
    "l/… shared agreements": "e----- ---o +oo++ -+ o+ -- --",
    # Words that somebody let out, and the question about them, which is the writer's alone.
    "l/… shared words": "e----- ---+ ----- -+ ++ -- --",
    "quotes/… own words": "e+oooo oooo ---oo -- o- -- --",
    # What several said: any member keeps it in the group, whoever facilitates sends it, leaders and council read it.
    "g/… themes": "e+oo+o ooo+ ---+o -- o- -- --",
    "l/… shared themes": "e----- ---+ ----- -+ ++ -- --",
    "s/… weekly comments": "e---+- ---- ---+o -- -- -- --",
    # A form on paper: whoever facilitates prints it, and types it in with the sheet in her hand.
    "s/… paper": "e---+- ---- ---+o -- -- -- --",
    "p/… answers": "e---l- ---- ---lo -- -- -- --",
    # One file a series, for whoever evaluates the district.
    "d/ sealed file": "e----- ---- ----- -- -- -+ --",
    "d/… sealed file": "e----- ---- ----- -- -- -+ --",
    # Both sides sign it.
    "space/… outreach lead": "e+oo+o oo++ ---+o -- o- -- --",
    "l/… outreach lead": "e----- ---- ----- -+ -- -- --",
    # Where both sides meet: arranged by whoever facilitates or coordinates, read by the families, and by leaders.
    "c/… joint meetings": "e---+- ---- +oo++ -- -- -- --",
    "meetings/… joint meetings": "e---+- ---- +oo++ -- -- -- --",
    "meetings/… speaking tally": "e---+- ---- +oo++ -- -- -- --",
    # For the families only somebody speaks who is one of them.
    "meetings/… families' rating": "e---+- ---- ooo+o -- -- -- --",
    "school/… joint meetings": "e+oo+o o+++ ---+o -- +- -- --",
    "school/… question box": "e+oo+o o+++ ---+o -- +- -- --",
    "l/… joint meetings": "e----- ---- ----- -+ -- -- --",
    "l/… question box": "e----- ---- ----- -+ -- -- --",
    # What families asked of the school: all at the school and over it read it, leaders answer, families say what they
    # see; whoever facilitates asks for them.
    "school/… commitments": "e+oo+o o+++ ---+o -- +- -- --",
    "school/… what families see": "e+oooo o+++ ---oo -- +- -- --",
    "school/… requests": "e---+- ---- ---+o -- -- -- --",
    "l/… commitments": "e----+ +--+ +oo++ ++ ++ ++ --",
    "l/… what the school answers": "e----- ---- ----- -+ -- -- --",
    "l/… needs": "e----- ---+ ----- -+ ++ -- --",
    # What families are asked, written for a district by its evaluator and its schools' coordinators.
    "d/ instruments": "e----- ---- +++++ -- -- -+ --",
    "d/… instruments": "e----- ---- +oo++ -- -- -+ --",
    # Our own samples, nobody's data.
    "style/ style guide": "e----+ +--- +++++ ++ -- -- +-",
    # Where somebody who works at a school begins.
    "staff/ staff's own": "e----+ +--- ----- +- -- -- --",
    # A row a school, for whoever leads the district.
    "d/ district": "e----- ---- ----- -- -- +- --",
    "d/… district": "e----- ---- ----- -- -- +- --",
    # Labels: families first; outside the group whoever leads, coordinates, sits on the board or evaluates.
    "s/… released results": "e+oo+o ooo+ ---+o -- o- -- --",
    "s/… families' reading": "e---o- ---- ---oo -- -- -- --",
    "l/… released results": "e----- ---+ +oo++ -+ ++ -+ --",
    # One report a series, as results; staff and district only while a leader shares it, and here none does.
    "s/… report": "e+oo+o ooo+ ---+o -- o- -- --",
    "s/… a new report": "e---+- ---- ---+o -- -- -- --",
    "l/… report": "e----o o--+ +oo++ o+ ++ o- --",
    "l/… a new report": "e----- ---- ----- -+ -- -- --",
    # Check-ins with leaders: who holds one, who looks through what leaders will read, and who leads or coordinates.
    "s/… check-ins": "e---+- ---- +oo++ -- -- -- --",
    "s/… packets": "e---+- ---- ---+o -- -- -- --",
    "l/… check-ins": "e----- ---- +oo++ -+ -- -- --",
    # Talks and notes: whoever facilitates or evaluates has her own alone; the evaluator's are tried.
    "d/… guides": "e----- ---- ----- -- -- -+ --",
    "s/… guides": "e---+- ---- ---+o -- -- -- --",
    "l/… guides": "e----- ---- ----- -+ -- -- --",
    "talks/… talks": "e---+- ---- ---+o -- -- -- --",
    "talks/… own notes": "e---o- ---- ---oo -- -- -- --",
    "d/… talks": "e----- ---- ----- -- -- -+ --",
    "d/… own notes": "e----- ---- ----- -- -- -+ --",
    # What was learned: families, leaders and the evaluator read the same; she alone writes findings.
    "s/… what was learned": "e+oo+o ooo+ ---+o -- o- -- --",
    "l/… what was learned": "e----- ---- ----- -+ -- -- --",
    "d/ what was learned": "e----- ---- ----- -- -- -+ --",
    "d/… what was learned": "e----- ---- ----- -- -- -+ --",
    "d/… findings": "e----- ---- ----- -- -- -+ --",
    # Head counts.
    "l/ attendance": "e----- ---- ----- -+ -- -- --",
    "l/… attendance": "e----- ---- ----- -+ -- -- --",
    # Boards: set up at the desk, opened by who sits on them; their seats read by families and leaders.
    "c/… boards": "e----- ---- +oo++ -- -- -- --",
    "b/ own board": "e----- ---+ ----- -- ++ -- --",
    "b/… own board": "e----- ---+ ----- -- ++ -- --",
    "seats/… way to a seat": "e+oo+o o+++ ---+o -- +- -- --",
    "l/… seats": "e----- ---- ----- -+ -- -- --",
    # What a board asks: for the school's families, of whom no coordinator answers; made shorter by who facilitates.
    "ask/… consultations": "e+oo+o o+++ ---+o -- +- -- --",
    "ask/… answers": "e+oo+o o+++ ----- -- +- -- --",
    "ask/… for who facilitates": "e---+- ---- ---+o -- -- -- --",
    "l/… consultations": "e----- ---- ----- -+ -- -- --",
    # What a board decides: whoever has a tie here reads that families were asked, and leaders have their say.
    "decisions/… decisions": "e+oo++ ++++ +oo++ ++ ++ ++ --",
    "decisions/… for leaders": "e----- ---- ----- -+ -- -- --",
    # The family has another second step, which it is asked for first.
    "nobody's device": "e+oooo oooo ooooo oo oo oo oo",
    "system/ system": "e----- ---- ----- -- -- -- +-",
    "system/… system": "e----- ---- ----- -- -- -- +-",
    "nobody's register": "e----- ---- ----- -- -- -- x-",
    "system/… no page": "e----- ---- ----- -- -- -- --",
}
# Addresses that name no object and still show one's own thing, which only the family of the cast has.
OWN_THINGS = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes", "me_data_file"}
# Pages about a text, which a space has as a group does.
ROOMS = ("group", "space")
LEADING = (
    "hidden",
    "hide",
    "unhide",
    "reply_hide",
    "reply_unhide",
    "idea_merge",
    "idea_request",
    "voice",
    "post_quote",
    "quote_request",
)
ON_WORDS = ("delete", "hide", "unhide", "translate", "review")
ON_IDEAS = ("post_idea", "idea_step", "idea_merge", "idea_request", "post_quote")
PAGES_OF_WORDS = ("thread", "react", *ON_WORDS, *(f"reply_{page}" for page in ON_WORDS), *ON_IDEAS)
# Addresses that stand elsewhere than they say: libraries' that lead nowhere here, and what one must hold.
INSTEAD = {
    "mfa_remove_webauthn": "nobody's device",
    "autocomplete": "nobody's register",
    "view_on_site": "nobody's register",
    "accounts_district_delete": "nobody's register",
    "accounts_school_delete": "nobody's register",
    "accounts_membership_delete": "nobody's register",
    "series_leave": "s/… rsvp",
    "group_theme_new": "g/… for who facilitates",
    "group_answers": "g/… for who facilitates",
    "group_answers_theme": "g/… for who facilitates",
    "group_theme_send": "g/… for who facilitates",
    "group_theme_request": "g/… for who facilitates",
    "group_agreement_write": "g/… for who facilitates",
    "group_agreement_again": "g/… for who facilitates",
    "group_agreement_copy": "g/… for who facilitates",
    "group_agreement_translation_accept": "g/… for who facilitates",
    "me_pay": "a coordinator's pay",
    "me_works_here": "one's own work",
    "ask_shorten": "ask/… for who facilitates",
    "ask_count": "ask/… for who facilitates",
    "decision_leaders": "decisions/… for leaders",
    **{f"{room}_{page}": "g/… for who facilitates" for room in ROOMS for page in LEADING},
    **{f"{room}_{page}": "one's own words" for room in ROOMS for page in ("delete", "reply_delete")},
    **{f"{room}_{page}": "what is reviewed" for room in ROOMS for page in ("review", "reply_review")},
}


@pytest.fixture
def cast():
    """Make every role and one object of each kind, all of them the first school's."""
    here, there = make_school("Mirador"), make_school("Roble")
    family = make_person("Lucía", here, "caregiver", phone="+17735550111")
    former = make_person("Beatriz", there, "caregiver")
    ended(former, here, "caregiver")
    teacher = make_person("Marta", here, "caregiver", "staff")
    leaving = make_person("Rut", there, "coordinator")
    ended(leaving, here, "coordinator")
    facilitator = make_person("Elena", here, "caregiver")
    hired = make_person("Teresa", here, "caregiver")
    gone, beside = make_person("Denise", here, "caregiver"), make_person("Carmen", here, "caregiver")
    on_council = make_person("Guadalupe", here, "caregiver", "parent_seat")
    unpaid = make_person("Olga", here, "coordinator")
    paid = make_person("Nadia", here, "coordinator", on_payroll=True)
    people = (
        None,
        family,
        make_person("Patricia", there, "caregiver"),
        former,
        facilitator,
        teacher,
        hired,
        gone,
        beside,
        on_council,
        make_person("Rosa", here, "coordinator", on_payroll=True, pk=ROSA.key),
        make_person("Inés", there, "coordinator"),
        leaving,
        unpaid,
        paid,
        make_person("Mr. Okafor", here, "staff"),
        make_person("Dra. Grant", here, "leader"),
        make_person("Ana", here, "caregiver", "parent_seat"),
        make_person("Ms. Lewis", here, "staff_seat"),
        make_person("Dr. Bell", here, "district_lead"),
        make_person("Sam", here, "evaluator"),
        make_person("Quien opera", None, "operator"),
        make_person("Raíz", is_superuser=True, is_staff=True),
    )
    families = [family, former, teacher, hired, on_council]
    series = make_series(here, families=families)
    for person in (facilitator, unpaid, paid):
        make_member(series.group, person, "facilitator")
    for person in (*families, gone):
        make_member(series.group, person)
    GroupMember.objects.filter(person=gone).update(until=clock.now() - timedelta(days=1))
    make_member(make_series(here, families=[beside]).group, beside)
    tie(hired, here, "staff")
    make_series(there)
    return dict(zip(ROLES, people, strict=True)), {
        **met(here),
        **objects(here, series, family),
        **seated(here, *(person for person in people if person and person.name in {"Ana", "Guadalupe", "Ms. Lewis"})),
        **written(series.group, family, facilitator),
        **asked(series.group, family, facilitator),
        **learned(series, *(person for person in people if person and person.name == "Sam")),
    }


def seated(school, *people):
    """Return a board on which these people sit, with a draft of theirs, by parameter."""
    board = Board.objects.create(school=school, kind="lsc", name="Consejo")
    today = clock.now().date()
    for number, person in enumerate(people, start=1):
        tie_of_seat = person.memberships.get(kind__endswith="_seat")
        seat = Seat.objects.create(board=board, kind=tie_of_seat.kind, number=number)
        SeatTerm.objects.create(
            seat=seat, person=person, membership=tie_of_seat, name=person.name, from_on=today, until_on=today
        )
    with acting("board", people[0].pk):
        draft = Decision.objects.create(board=board, school=school, decides_on=today, drafted_at=clock.now())
    own = {"board": board.pk, "decision": draft.pk}
    published, consultation = deciding.asked(board, kind="group_position")
    return {
        "board": board.pk,
        "seat": seat.pk,
        "board_decision": own,
        "board_edit_decision": own,
        "decision": published.pk,
        "consultation": consultation.pk,
    }


def ended(person, school, kind):
    """Give somebody a tie that is over."""
    at = clock.now()
    Membership.objects.create(
        person=person, school=school, kind=kind, since=at - timedelta(days=300), until=at - timedelta(days=1)
    )


def met(school):
    """Return a meeting of both sides, an open conversation, and a question that has reached the principal."""
    at = clock.now()
    meeting = JointMeeting.objects.create(school=school, title="x", on=date(2027, 3, 4), starts_at=time(18), place="x")
    talk = Conversation.objects.create(school=school, on=date(2027, 3, 4), starts_at=time(8), place="x")
    with acting("worker"):
        question = Question.objects.create(school=school, text="x", language="es", reaches_at=at - timedelta(days=1))
    return {
        "meeting": meeting.pk,
        "meeting_change": {"part": "seats"},
        "conversation": talk.pk,
        "question": question.pk,
    }


def written(group, family, facilitator):
    """Return what families have in their group, by parameter."""
    with acting("facilitator", facilitator.pk):
        agreed = agreements.agree_together(group=group, text="Escuchamos hasta el final.", language="es")
        agreements.publish(agreement=agreed)
    with acting("caregiver", family.pk):
        agreements.translate(agreement=agreed, text="We listen.", by=family, is_led=False)
        translation = agreed.translations.get()
    in_space, in_group = words_of(group, group.space, family), words_of(group, group, family)
    said = said_by_three(group)
    with acting("facilitator", facilitator.pk):
        quote = quotes.ask(post=Post.objects.get(pk=in_group["post"]), words="Hola", by=facilitator)
        theme = themes.show(group=group, text="x", language="es", translated="x", posts=said)
    return {
        "group": group.pk,
        "agreement": agreed.pk,
        "translation": translation.pk,
        "quote": quote.pk,
        "theme": theme.pk,
        **in_group,
        **{f"space_{page}": in_space for page in PAGES_OF_WORDS},
    }


def asked(group, family, facilitator):
    """Return what families asked of the school, from what they let out, and what it found for what they need."""
    letting, school = {}, group.space.school
    for room, place in (("group", group), ("space", group.space)):
        post = make_post(place, family, "Salgamos a las tres.")
        with acting("facilitator", facilitator.pk):
            quote = quotes.ask(post=post, words=post.text, by=facilitator)
        with acting("caregiver", family.pk):
            quotes.allow(quote=quote, for_leaders=True, for_public=False, signature="nothing")
        letting[f"{room}_quote_request"] = {"quote": quote.pk}
    said, at = said_by_three(group), clock.now()
    with acting("facilitator", facilitator.pk):
        theme = themes.show(group=group, text="y", language="es", translated="y", posts=said)
    timezone.now.move_to(theme.shown_until)
    with acting("facilitator", facilitator.pk):
        themes.send(theme=theme, is_need=True)
    timezone.now.move_to(at)
    with acting("facilitator", facilitator.pk):
        words = {"text": "Salir a las tres.", "language": "es", "translated": "School ends at three."}
        need = SharedTheme.objects.get(theme=theme)
        commitment = commitments.ask(school=school, group=group, theme=need, **words)
    found = {"text": "A fund.", "language": "en", "translated": "Un fondo.", "found_on": at.date()}
    resource = commitments.find(need=need, **found)
    return {
        "commitment": commitment.pk,
        "need": theme.pk,
        "resource": resource.pk,
        "group_theme_request": {"theme": theme.pk},
        "decision_request": {"decision": decided(school, family)},
        **letting,
    }


def decided(school, family):
    """Return a decision that a board took to leaders, and said why without asking families."""
    board = Board.objects.create(school=school, kind="custom", name="Comité")
    both = dict.fromkeys(("title_es", "title_en", "background_es", "background_en", "question_es", "question_en"), "x")
    with acting("board", family.pk):
        words = {**both, "kind": "pulse", "decides_on": date(2027, 6, 1), "options": []}
        decision = decisions.draft(board=board, by=family, **words)
        decisions.say_not_consulted(decision=decision, because_es="x", because_en="x")
    return decision.pk


def learned(series, evaluator):
    """Return a talk that an evaluator logged, a note of hers, the line let out of it, and a draft of a finding."""
    said = {"kind": "focus_group", "held_on": date(2027, 2, 12), "came": 6, "has_consent": True}
    with acting("evaluator", evaluator.pk), transaction.atomic():
        talk = methods.log_talk(series=series, by=evaluator, **said)
        note = methods.write_note(talk=talk, by=evaluator, text="x", language="es")
        words = {"text": "x", "language": "es", "translated": "x", "said_by": 3}
        line = methods.release(note=note, question="growth", **words)
        draft = methods.draft_finding(series=series, question="growth", claim_es="x", claim_en="x", sources=[])
    return {
        "talk": talk.pk,
        "note": note.pk,
        "line": line.pk,
        "finding": draft.pk,
        # The guide that leaders open too.
        "kind": "debrief",
        "finding_new": {"question": "growth"},
    }


def said_by_three(group):
    """Let three more families write to a group."""
    people = [make_person(name, group.space.school, "caregiver") for name in ("Irma", "Julia", "Karla")]
    for person in people:
        make_member(group, person)
    return [make_post(group, person) for person in people]


def words_of(group, place, family):
    """Let the family write and answer in a place, another member translate both (not reviewed yet) and see an idea."""
    post = make_post(place, family)
    reply = make_reply(post, family)
    other = make_person("Sofía", group.space.school, "caregiver")
    make_member(group, other)
    with acting("caregiver", other.pk):
        for text in (post, reply):
            voices.translate(words=text, text="Hello.", by=other, is_led=False)
        room = {"space": post.space, "group": post.group}
        idea = ideas.write_idea(**room, text="Un huerto.", language="es", post=post)
    return {"post": post.pk, "reply": reply.pk, "idea": idea.pk}


def objects(school, series, family):
    """Return what stands in the addresses, by parameter, and by route where one name means several things."""
    TOTP.activate(family, "A" * 32)
    RecoveryCodes.activate(family)
    with acting("person", family.pk):
        DataRequest.objects.create(person=family, kind="copy", asked_at=clock.now(), made_at=clock.now(), copy="x")
    draft = authoring.begin(title={"es": "Lo nuestro", "en": "Ours"}, district=school.district)
    asks = {"kind": "text", "text": {"es": "¿Qué falta?", "en": "What is missing?"}, "options": []}
    EvaluatorFile.objects.create(ring=series.ring, content=b"x", code_book=b"x")
    Report.objects.create(series=series, version=1, asked_at=clock.now())
    Report.objects.update(state="made", made_at=clock.now(), content={"parts": []}, letter=b"x", a4=b"x")
    checkin = CheckIn.objects.create(series=series, after_session=3, opened_at=clock.now(), due_on=date(2027, 3, 1))
    Packet.objects.create(checkin=checkin, built_at=clock.now(), leaders_at=clock.now() + timedelta(hours=48))
    noted = Evidence.objects.create(district=school.district, row="staff", text="x", language="es", on=date(2027, 3, 1))
    day = NoSchoolDay.objects.create(school=school, on=date(2027, 3, 1), reason="Día de maestros")
    invitation = Invitation.objects.create(series=series, person=family, invited_at=clock.now())
    asked = JoinRequest.objects.create(
        series=series, name="Noemí", channel="sms", value="+17735550143", language="es", asked_at=clock.now()
    )
    return {
        "school": school.slug,
        "slug": school.slug,
        "series": series.pk,
        "part": "answers",
        "paper": "letter",
        "instrument": draft.pk,
        "item": authoring.put_item(draft=draft, written=asks).pk,
        "number": 4,
        "person": family.pk,
        "address": family.addresses.get().pk,
        "first": day.pk,
        "last": day.pk,
        "code": series.flyer_code,
        "public": "a" * 12,
        "secret": "A" * 22,
        "when": "before",
        "object_id": school.pk,
        "app_label": "accounts",
        "content_type_id": 1,
        "url": "nowhere",
        "calendar_feed": {"secret": family.feed_secret},
        "attendance": {"number": 3},
        "checkin": checkin.pk,
        "checkin_log": {"number": 3},
        "packet_review": {"number": 3},
        "me_pay": {"school": school.pk},
        "invitation_send_again": {"pk": invitation.pk},
        "join_request_answer": {"pk": asked.pk},
        "family_page": {"pk": family.pk},
        "pk": 1,
        "accounts_membership_change": {"object_id": family.memberships.get().pk},
        "accounts_membership_history": {"object_id": family.memberships.get().pk},
        "accounts_membership_delete": {"object_id": family.memberships.get().pk},
        "district_page": {"district": school.district_id},
        "evidence_new": {"district": school.district_id, "row": "staff"},
        "evidence_remove": {"district": school.district_id, "evidence": noted.pk},
        "accounts_district_change": {"object_id": school.district_id},
        "accounts_district_history": {"object_id": school.district_id},
        "accounts_district_delete": {"object_id": school.district_id},
    }


def address(pattern, name, values):
    """Return an address with the cast's objects in it."""
    plain = re.sub(r"\(\?P(<\w+>)[^)]*\)(?:/\?)?", r"\1", pattern).translate({ord(sign): None for sign in "^$\\"})
    own = {**values, **values.get(name, {})}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(own[found[1]]), plain)


def row(pattern, name, view):
    """Return under what an address stands in the table."""
    if name in INSTEAD:
        return INSTEAD[name]
    if "<url>" in pattern:
        return "system/… no page"
    first, slash, _rest = pattern.lstrip("^").partition("/")
    names_object = "…" if "<" in pattern or name in OWN_THINGS else ""
    return f"{first}{slash or '' if first else '/'}{names_object} {view.declaration.resource}"


def asked_of(client, signed_in, method, where):
    """Return what somebody is answered at an address; nothing that the request did stays."""
    client.cookies.clear()
    if signed_in:
        client.cookies["sessionid"] = signed_in
    data = {"person": str(ROSA.key)} if where == "/demo/enter/" else {}
    with transaction.atomic():
        response = getattr(client, method)(where, data)
        transaction.set_rollback(True)
    return response


def sign_of(response):
    """Say as what the table counts an answer."""
    going = response.headers.get("Location", "")
    if response.status_code == 302 and going.startswith("/enter/?next="):
        return "e"
    if response.status_code == 302 and going == "/link/":
        return "l"
    return {200: "+", 302: "+", 404: "-"}.get(response.status_code, str(response.status_code))


TAKEN_AS = {
    "?": set(),
    "+": {"+", "405"},
    "-": {"-"},
    "o": {"-", "405"},
    "e": {"e"},
    "l": {"l", "405"},
    "x": {"-", "405", "403"},
}


# Asked in parts, so that processes can share the work.
PARTS = [ROLES[n::4] for n in range(4)]


def differences(cast, addresses, roles=ROLES):
    """Ask every address as these roles both ways.

    Returns what is not as the table says, how much was asked, where what is forbidden does not look like what is
    absent, and how much of that was asked.
    """
    people, values = cast
    nowhere = nowhere_like(values)
    clients = {
        role: (Client(), sign_in(Client(), people[role]).cookies["sessionid"].value if people[role] else "")
        for role in roles
    }
    wrong, cells, told, hidden = [], 0, [], 0
    for pattern, name, view in addresses:
        where, found = address(pattern, name, values), row(pattern, name, view)
        signs = dict(zip(ROLES, TABLE.get(found, "?" * len(ROLES)).replace(" ", ""), strict=True))
        names_object = "uuid:" in pattern and "link" not in view.declaration.audiences
        for role, client in clients.items():
            for method in ("get", "post"):
                cells += 1
                response = asked_of(*client, method, where)
                if (got := sign_of(response)) not in TAKEN_AS[signs[role]]:
                    wrong.append(f"{method} {where} ({name}: {found}) as {role}: {got}, not {signs[role]}")
                if got == "-" and names_object:
                    hidden += 1
                    absent = asked_of(*client, method, address(pattern, name, nowhere))
                    told += [] if plain(response) == plain(absent) else [f"{method} {pattern} as {role}"]
    return wrong, cells, told, hidden


def nowhere_like(values):
    """Return the keys of objects that do not exist."""
    absent = {name: uuid4() if isinstance(value, UUID) else value for name, value in values.items()}
    absent |= {name: {"pk": uuid4()} for name in ("invitation_send_again", "join_request_answer", "family_page")}
    return absent | {name: {**values[name], "decision": uuid4()} for name in ("board_decision", "board_edit_decision")}


def plain(response):
    """Return all that a response tells, but for what changes with each: its token, and the keys in its address."""
    body = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    body = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "key", body)
    headers = {name: value for name, value in response.headers.items() if name != "Location"}
    return response.status_code, headers, body


@pytest.mark.parametrize("roles", PARTS)
def test_every_address_opens_to_the_roles_of_the_table_and_to_nobody_else_as_if_it_were_not_there(cast, roles):
    wrong, cells, told, hidden = differences(cast, walk(), roles)
    assert wrong == []
    assert cells == len(list(walk())) * len(roles) * 2
    assert told == []
    assert hidden > 500


def test_the_matrix_goes_red_when_an_audience_is_widened(cast, monkeypatch):
    [found] = [found for found in walk() if found[1] == "series_new_when"]
    assert differences(cast, [found])[0] == []
    monkeypatch.setattr(found[2], "declaration", Declaration("logistics", ("person",)))
    assert len(differences(cast, [found])[0]) == 2 * 17


def test_the_matrix_goes_red_where_what_is_forbidden_does_not_look_like_what_is_absent(cast, monkeypatch):
    there = {str(value) for value in cast[1].values() if isinstance(value, UUID)}

    def telling(request, exception):
        response = page_not_found(request, exception)
        if there & set(request.path.split("/")):
            response["X-There"] = "yes"
        return response

    [found] = [found for found in walk() if found[1] == "meeting_page"]
    assert differences(cast, [found])[2] == []
    monkeypatch.setattr(front, "page_not_found", telling)
    _wrong, _cells, told, hidden = differences(cast, [found])
    assert len(told) == hidden > 20


def test_the_matrix_goes_red_for_a_resource_that_the_table_does_not_know(cast, monkeypatch):
    [found] = [found for found in walk() if found[1] == "health"]
    monkeypatch.setattr(found[2], "declaration", Declaration("question box", ("public",)))
    assert len(differences(cast, [found])[0]) == 2 * len(ROLES)
