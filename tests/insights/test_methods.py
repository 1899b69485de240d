"""Notes are their author's alone, families' lines wait for them, and a finding stands on what can be read."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError, ProgrammingError
from django.test import Client
from django.urls import reverse

from accounts import rights
from accounts.database import acting
from accounts.models import Membership, Person
from accounts.routes import AUDIENCES
from insights.methods import actions
from insights.methods.words import GUIDES, QUESTIONS
from insights.models import Finding, FindingSource, ReleasedLine, Talk, TalkNote
from partnerships.actions import quotes
from partnerships.actions.commitments import repeats
from partnerships.models import Commitment
from tests.factories import make_post, sign_in
from tests.insights.talking import (
    CLAIM,
    LIMIT,
    LINE,
    as_maker,
    draft,
    let_out,
    make_world,
    note,
    publish,
    released,
    shared_quote,
    shared_theme,
    talk,
)

pytestmark = pytest.mark.django_db
# Everybody who might look, by the role as which her pages run; the author is Sam.
LOOKS = {
    "sam": "evaluator",
    "ines": "evaluator",
    "far": "evaluator",
    "elena": "facilitator",
    "lucia": "caregiver",
    "teacher": "caregiver",
    "beatriz": "caregiver",
    "grant": "leader",
    "okafor": "leader",
}
WITHOUT_ANY = AUDIENCES - {"evaluator", "facilitator", "caregiver", "leader"}
# Thirteen are what the page knows; the rest are session, person, ties, series and role, twice.
STATEMENTS = {"series_learning": 24, "school_learning": 23, "series_evaluated": 23}


@pytest.fixture
def world():
    return make_world()


def counts(table, world, looks=LOOKS):
    """Return how many rows of a table everybody sees, by raw SQL under her role; "-" where the role may not look."""
    return {name: seen(audience, getattr(world, name).pk, table) for name, audience in looks.items()}


def seen(audience, me, table):
    with acting(audience, me), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(f"SELECT count(id) FROM insights_{table}")  # noqa: S608
                return cursor.fetchone()[0]
        except ProgrammingError:
            return "-"


def run(audience, me, sql, *values):
    """Run a statement under a role; return how many rows it touched, or the name of the error."""
    with acting(audience, me), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(sql, values)
                return cursor.rowcount
        except (ProgrammingError, IntegrityError, InternalError) as error:
            return type(error).__name__


def without(change):
    """Take a guard out until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {change}")


def expected(**seen):
    return {name: seen.get(name, 0) for name in LOOKS}


def words(response):
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def page(client, world, who, name="series_evaluated"):
    """Return a page of the series, as somebody opens it."""
    sign_in(client, getattr(world, who))
    slug = [world.school.slug] if name == "school_learning" else []
    return client.get(reverse(name, args=[*slug, world.series.pk]))


# Notes


def test_notes_are_read_by_their_author_alone_and_by_no_other_role(world):
    note(world, talk(world))
    assert counts("talknote", world) == expected(sam=1) | dict.fromkeys(
        ("lucia", "teacher", "beatriz", "grant", "okafor"), "-"
    )
    assert {seen(audience, world.sam.pk, "talknote") for audience in WITHOUT_ANY | {"web"}} == {"-"}
    assert seen("worker", None, "talknote") == 0
    assert seen("worker", world.sam.pk, "talknote") == 1


def test_without_the_policy_an_evaluator_would_read_another_s_notes(world):
    without("insights_talknote DISABLE ROW LEVEL SECURITY")
    note(world, talk(world))
    assert counts("talknote", world)["ines"] == 1


def test_nobody_writes_changes_or_removes_a_note_of_somebody_else(world):
    noted = note(world, talk(world))
    own = talk(world, by="ines")
    into = "INSERT INTO insights_talknote (id, talk_id, author_id, text, language, code, written_at)"
    values = " VALUES (gen_random_uuid(), %s, %s, 'x', 'es', '', now())"
    ines = world.ines.pk
    assert run("evaluator", ines, into + values, noted.talk_id, ines) == "ProgrammingError"
    assert run("evaluator", ines, into + values, own.pk, world.sam.pk) == "ProgrammingError"
    assert run("evaluator", ines, into + values, own.pk, ines) == 1
    assert run("evaluator", ines, "UPDATE insights_talknote SET code = 'x' WHERE code <> ''") == 0
    assert run("evaluator", world.sam.pk, "UPDATE insights_talknote SET text = 'x'") == "ProgrammingError"
    assert run("evaluator", ines, "DELETE FROM insights_talknote WHERE code <> ''") == 0


def test_no_page_of_anybody_else_opens_a_talk_or_a_note(client, world):
    noted = note(world, talk(world))
    addresses = [
        reverse(f"{whose}{name}", args=[world.series.pk, noted.talk_id, *more])
        for whose in ("", "evaluator_")
        for name, more in (("talk_notes", []), ("talk_note", [noted.pk]), ("note_release", [noted.pk]))
    ]
    hers = len(addresses) // 2
    found = {}
    for name in LOOKS:
        browser = sign_in(Client(), getattr(world, name))
        found[name] = [browser.get(address).status_code for address in addresses]
    assert found == {name: [404] * hers + [200 if name == "sam" else 404] * hers for name in LOOKS}


def test_whoever_facilitates_here_and_evaluates_there_opens_her_talks_of_both(client, world, clock):
    Membership.objects.create(
        person=world.elena, kind="evaluator", district=world.there.district, since=clock.at - timedelta(days=9)
    )
    sign_in(client, world.elena)
    said = {"held_on": "2027-02-12", "came": 6, "has_consent": "yes"}
    opened = {}
    for whose, series, kind in (("", world.series, "focus_group"), ("evaluator_", world.elsewhere, "debrief")):
        start = reverse(f"{whose}talks", args=[series.pk])
        there = client.post(start, {**said, "kind": kind}).url
        assert client.post(there, {"text": "La puerta.", "language": "es", "code": ""}).url == there
        [noted] = client.get(there).context["notes"]
        opened[there] = re.findall(rf'"(\S*/{noted.pk}/\S*)"', client.get(there).content.decode())
    assert [there.split("/")[1] for there in opened] == ["talks", "d"]
    assert [{link.startswith(there) for link in links} for there, links in opened.items()] == [{True}] * 2
    assert client.get(reverse("evaluator_talks", args=[world.series.pk])).status_code == 404
    assert client.get(reverse("talks", args=[world.elsewhere.pk])).status_code == 404


@pytest.mark.parametrize(("minutes", "taken"), [(31, 1), (61, 0)])
def test_on_a_shared_phone_a_line_begun_in_time_is_still_taken(client, world, minutes, taken):
    there = reverse("talk_notes", args=[world.series.pk, talk(world, by="elena").pk])
    Person.objects.filter(pk=world.elena.pk).update(shares_phone=True)
    session = sign_in(client, world.elena).session
    for record in session["account_authentication_methods"]:
        record["at"] -= minutes * 60
    session.save()
    assert client.get(there).url == f"/enter/?next={there}"
    client.post(there, {"text": "La puerta.", "language": "es", "code": ""})
    assert seen("facilitator", world.elena.pk, "talknote") == taken


def test_the_notes_of_somebody_erased_go_and_others_stay(world):
    noted = note(world, talk(world))
    note(world, talk(world, by="elena"), by="elena", text="Otra.")
    let_out(world, noted)
    rights.erase(person=world.sam.pk)
    with acting("backup"):
        assert [one.author_id for one in TalkNote.objects.all()] == [world.elena.pk]
        assert ReleasedLine.objects.count() == 1


def test_one_s_copy_holds_one_s_own_notes(world):
    note(world, talk(world, by="elena"), by="elena", text="La puerta.")
    note(world, talk(world), text="De Sam.")
    with acting("worker", world.elena.pk), transaction.atomic():
        sections = [section for part in rights.registry for section in part.sections(world.elena)]
    [rows] = [section.rows for section in sections if str(section.title) == "Sus notas de las pláticas"]
    assert [row[0][1] for row in rows] == ["La puerta."]


def test_without_consent_nothing_is_noted(world):
    silent = talk(world, has_consent=False)
    with pytest.raises(ValidationError) as refusal:
        note(world, silent)
    assert refusal.value.code == "no_consent"


def test_a_talk_is_logged_once_and_corrected(world):
    first = talk(world)
    again = talk(world, came=7)
    assert (again.pk, again.came) == (first.pk, 7)


def test_with_consent_that_is_taken_back_its_notes_and_lines_go_and_others_stay(client, world):
    note(world, talk(world, by="ines"), by="ines", text="De Inés.")
    note(world, talk(world, held_on=date(2027, 2, 10)), text="De otro día.")
    of = talk(world)
    let_out(world, note(world, of))
    note(world, of, text="Otra.")
    sign_in(client, world.sam)
    start = reverse("evaluator_talks", args=[world.series.pk])
    assert "your notes of it are deleted" in words(client.get(start))
    client.post(start, {"kind": "focus_group", "held_on": "2027-02-12", "came": 6, "has_consent": "no"})
    with acting("backup"):
        assert sorted(TalkNote.objects.values_list("text", flat=True)) == ["De Inés.", "De otro día."]
        assert [(line.text, bool(line.taken_back_at)) for line in ReleasedLine.objects.all()] == [("", True)]


@pytest.mark.parametrize(("came", "is_taken_back"), [(3, False), (2, True)])
def test_where_fewer_than_three_came_after_all_no_line_stays_out_and_the_notes_stay(world, came, is_taken_back):
    let_out(world, note(world, talk(world)))
    talk(world, came=came)
    with acting("backup"):
        assert [bool(line.taken_back_at) for line in ReleasedLine.objects.all()] == [is_taken_back]
        assert TalkNote.objects.count() == 1


def test_a_note_is_not_removed_while_its_line_is_out(client, world):
    noted = note(world, talk(world))
    let_out(world, noted)
    sign_in(client, world.sam)
    own = [world.series.pk, noted.talk_id, noted.pk]
    remove = reverse("evaluator_note_remove", args=own)
    assert "Take back first the line that you shared from this note." in words(client.post(remove))
    assert client.post(reverse("evaluator_line_take_back", args=own)).status_code == 302
    assert client.post(remove).status_code == 302
    assert seen("evaluator", world.sam.pk, "talknote") == 0


def test_whoever_facilitates_logs_no_talk_with_the_principal(world):
    with pytest.raises(ProgrammingError, match="row-level security"):
        talk(world, by="elena", kind=Talk.Kind.DEBRIEF)
    assert talk(world, by="elena", kind=Talk.Kind.LAST_INTERVIEW).pk


# Lines


def test_what_families_said_waits_72_hours_in_which_only_they_and_its_author_see_it(world, clock):
    let_out(world, note(world, talk(world)))
    assert counts("releasedline", world) == expected(sam=1, elena=1, lucia=1)
    clock.move_to(clock.at + timedelta(hours=72))
    assert counts("releasedline", world) == expected(sam=1, ines=1, elena=1, lucia=1, grant=1)
    assert {seen(audience, world.sam.pk, "releasedline") for audience in WITHOUT_ANY} == {"-"}


def test_without_the_policy_the_principal_would_read_it_at_once(world):
    without("insights_releasedline DISABLE ROW LEVEL SECURITY")
    let_out(world, note(world, talk(world)))
    assert counts("releasedline", world)["grant"] == 1


def test_any_family_keeps_a_line_for_good_and_nobody_learns_who(client, world, clock):
    line = let_out(world, note(world, talk(world)))
    sign_in(client, world.lucia)
    keep = reverse("line_keep", args=[world.series.pk, line.pk])
    assert LINE["text"] in words(page(client, world, "lucia", "series_learning"))
    assert [client.post(keep).status_code for _time in range(2)] == [302, 302]
    clock.move_to(clock.at + timedelta(hours=90))
    assert counts("releasedline", world) == expected(sam=1, elena=1, lucia=1)
    assert "se queda en el grupo" in words(page(client, world, "lucia", "series_learning"))
    assert LINE["translated"] not in words(page(client, world, "grant", "school_learning"))


def test_after_72_hours_a_line_can_no_longer_be_kept_by_page_or_by_sql(client, world, clock):
    line = let_out(world, note(world, talk(world)))
    clock.move_to(clock.at + timedelta(hours=72))
    sign_in(client, world.lucia)
    assert "Ya pasaron las 72 horas" in words(client.post(reverse("line_keep", args=[world.series.pk, line.pk])))
    assert run("caregiver", world.lucia.pk, "UPDATE insights_releasedline SET is_kept = true") == 0


OTHER = {"question": "growth", "text": "Otra cosa.", "language": "es", "translated": "Something else."}
# What a family keeps, and the same said again: in part, in one of the languages, with more before it.
AGAIN = [
    LINE,
    LINE | {"text": "saludan a las familias por su nombre", "translated": "x"},
    LINE | {"text": "x", "translated": "At the door they greet families, by name."},
    LINE | {"text": "Ellas saludan a las familias por su apellido.", "translated": "x"},
]


def refused(world, noted, by="sam", **said):
    with pytest.raises(ValidationError) as refusal:
        let_out(world, noted, by=by, **said)
    return refusal.value.code


def kept(world):
    line = let_out(world, note(world, talk(world)))
    with acting("caregiver", world.lucia.pk), transaction.atomic():
        actions.keep_line(line=line)
    return line


@pytest.mark.parametrize("again", AGAIN)
def test_what_a_family_keeps_does_not_go_out_again_in_nearly_the_same_words(world, again):
    kept(world)
    noted = note(world, talk(world), text="Otra.")
    assert refused(world, noted, words=again) == "kept"
    # Of another evaluator, who may not read what is kept; and as what one person said.
    assert refused(world, note(world, talk(world, by="ines"), by="ines"), by="ines", words=again) == "kept"
    assert refused(world, note(world, talk(world, kind="debrief")), words=again) == "kept"
    assert let_out(world, noted, words=OTHER).pk


def test_what_families_can_still_keep_does_not_go_out_beside_it(world, clock):
    let_out(world, note(world, talk(world)))
    noted = note(world, talk(world), text="Otra.")
    assert refused(world, noted) == "kept"
    clock.move_to(clock.at + timedelta(hours=72))
    assert let_out(world, noted).pk


def test_what_a_family_keeps_is_not_taken_back_to_go_out_again(client, world):
    line = kept(world)
    sign_in(client, world.sam)
    own = [world.series.pk, line.talk_id, line.note]
    there = client.post(reverse("evaluator_line_take_back", args=own))
    assert "The families keep this line. It stays in the group." in words(there)
    assert "Take the line back" not in words(there)
    assert counts("releasedline", world)["lucia"] == 1


def test_a_line_that_says_something_else_than_the_one_that_is_out_is_refused(client, world):
    noted = note(world, talk(world))
    first = let_out(world, noted)
    assert let_out(world, noted).pk == first.pk
    sign_in(client, world.sam)
    release = reverse("evaluator_note_release", args=[world.series.pk, noted.talk_id, noted.pk])
    shown = client.post(release, {**OTHER, "said_by": 3})
    assert shown.context["form"].errors.keys() == {"text"}
    assert OTHER["text"] in shown.content.decode()


@pytest.mark.parametrize(
    ("hers", "said"),
    [
        ("Aquí me escuchan.", "Dicen: «aquí me escuchan»"),
        ("Aquí me escuchan.", "Aquí no me escuchan."),
        ("Sí.", "Casi."),
        ("Uno dos tres cuatro cinco seis siete.", "UNO DOS TRES CUATRO CINCO SEIS ocho"),
        ("Uno dos tres cuatro cinco seis siete.", "dos tres cuatro cinco seis ocho"),
        ("¿Ñandú, o avestruz? Él decidirá cuál es mejor.", "él decidirá cuál es mejor, ñandú o avestruz"),
        ("", "Algo."),
    ],
)
def test_the_database_finds_somebody_s_words_as_we_do(hers, said):
    plain = [re.sub(r"\W+", " ", text).strip() for text in (hers, said)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT insights_repeats(%s, 'x', %s)", [hers, said])
        # It looks for whole words, and finds none where there are none.
        whole = repeats(f" {plain[0]} ", f" {plain[1]} ") if hers else False
        assert cursor.fetchone() == (whole,)


@pytest.mark.parametrize(("came", "shown"), [(4, "A few people came."), (5, "5 people came.")])
def test_how_many_families_talked_is_read_by_others_only_from_five_up(client, world, came, shown):
    talk(world, came=came)
    talk(world, kind="first_interview", came=1)
    for who, name in (("grant", "school_learning"), ("ines", "series_evaluated")):
        found = words(page(client, world, who, name))
        assert re.findall(r"(?:\d+|A few) (?:people|person) came\.", found) == ["1 person came.", shown]
    sign_in(client, world.sam)
    assert f"{came} people came." in words(client.get(reverse("evaluator_talks", args=[world.series.pk])))


@pytest.mark.parametrize(
    ("who", "audience", "change", "outcome"),
    [
        ("lucia", "caregiver", "is_kept = true", 1),
        ("lucia", "caregiver", "text = 'x'", "ProgrammingError"),
        ("beatriz", "caregiver", "is_kept = true", 0),
        ("teacher", "caregiver", "is_kept = true", 0),
        ("grant", "leader", "is_kept = true", "ProgrammingError"),
        ("elena", "facilitator", "text = '', translated = '', code = '', taken_back_at = now()", "ProgrammingError"),
        ("sam", "evaluator", "text = 'x'", "ProgrammingError"),
        ("sam", "evaluator", "text = '', translated = '', code = '', taken_back_at = now()", 1),
        ("ines", "evaluator", "text = '', translated = '', code = '', taken_back_at = now()", 0),
    ],
)
def test_a_line_is_kept_by_families_taken_back_by_its_author_and_rewritten_by_nobody(
    world, who, audience, change, outcome
):
    let_out(world, note(world, talk(world)))
    assert run(audience, getattr(world, who).pk, f"UPDATE insights_releasedline SET {change}") == outcome  # noqa: S608


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        ("focus_group", {"said_by": 2}, "too_few"),
        ("focus_group", {"said_by": 7}, "more_than_came"),
        ("focus_group", {"has_speakers_yes": True}, "too_few"),
        ("last_interview", {"said_by": 5}, "no_yes"),
        ("debrief", {"has_speakers_yes": False}, "no_yes"),
    ],
)
def test_a_line_needs_three_families_or_its_speaker_s_yes(world, kind, said, code):
    assert refused(world, note(world, talk(world, kind=kind)), **said) == code
    assert counts("releasedline", world)["sam"] == 0


def test_what_one_person_said_goes_out_at_once_with_her_yes(world):
    let_out(world, note(world, talk(world, by="elena", kind="last_interview"), by="elena"), by="elena")
    assert counts("releasedline", world) == expected(sam=1, ines=1, elena=1, lucia=1, grant=1)


INTO_LINES = (
    "INSERT INTO insights_releasedline (id, series_id, talk_id, talk_kind, note, question, text, language, translated,"
    " code, is_said_by_three, has_speakers_yes, released_at, out_at, is_kept)"
    " SELECT gen_random_uuid(), talk.series_id, talk.id, %s, %s, 'growth', 'x', 'es', 'x', '', %s, %s,"
    " partnerships_now(), partnerships_now() + %s::interval, false FROM insights_talk talk WHERE talk.id = %s"
)


def test_no_sql_lets_out_a_line_past_the_rules(world):
    noted = note(world, talk(world))
    other = note(world, talk(world, by="ines"), by="ines")
    group, sam = "focus_group", world.sam.pk
    refused = [
        (group, noted.pk, False, False, "72 hours", noted.talk_id),
        (group, noted.pk, True, False, "1 hour", noted.talk_id),
        ("debrief", noted.pk, False, True, "0 hours", noted.talk_id),
        (group, other.pk, True, False, "72 hours", other.talk_id),
        (group, other.pk, True, False, "72 hours", noted.talk_id),
    ]
    assert [run("evaluator", sam, INTO_LINES, *said) for said in refused] == [
        "IntegrityError",
        "IntegrityError",
        *["ProgrammingError"] * 3,
    ]
    passing = (group, noted.pk, True, False, "72 hours", noted.talk_id)
    assert run("evaluator", sam, INTO_LINES, *passing) == 1


@pytest.mark.parametrize(("trigger", "outcome"), [("ENABLE", "IntegrityError"), ("DISABLE", 1)])
def test_no_sql_lets_out_again_what_a_family_keeps_and_without_the_trigger_it_would(world, trigger, outcome):
    without(f"insights_releasedline {trigger} TRIGGER line_is_new")
    let_out(world, note(world, talk(world)), words=OTHER | {"text": "x", "translated": "x"})
    assert run("caregiver", world.lucia.pk, "UPDATE insights_releasedline SET is_kept = true") == 1
    noted = note(world, talk(world), text="Otra.")
    again = ("focus_group", noted.pk, True, False, "72 hours", noted.talk_id)
    assert run("evaluator", world.sam.pk, INTO_LINES, *again) == outcome


# Findings


def test_a_finding_is_published_with_the_n_of_its_sources_and_what_it_cannot_say(world):
    few, many = released(world, 7, 8), released(world, 9, 12, slug="asked")
    finding = publish(world, draft(world, ("result", many.pk), ("result", few.pk)))
    assert (finding.state, finding.n_band) == ("published", "5-9")
    assert counts("finding", world) == expected(sam=1, ines=1, elena=1, lucia=1, grant=1)
    assert counts("findingsource", world) == expected(sam=2, ines=2, elena=2, lucia=2, grant=2)


@pytest.mark.parametrize(("n", "band"), [((8, 400), "5-9"), ((60, 150), "60"), ((12, 15), "10-14")])
def test_its_n_is_the_smallest_of_its_sources_and_never_finer(world, n, band):
    sources = [("result", released(world, of - 1, of, slug=f"of-{of}").pk) for of in n]
    assert publish(world, draft(world, *sources)).n_band == band


def test_a_draft_is_seen_by_evaluators_alone(world):
    draft(world)
    assert counts("finding", world) == expected(sam=1, ines=1)
    assert {seen(audience, world.sam.pk, "finding") for audience in WITHOUT_ANY} == {"-"}


def test_without_the_policy_the_principal_would_read_a_draft(world):
    without("insights_finding DISABLE ROW LEVEL SECURITY")
    draft(world)
    assert counts("finding", world)["grant"] == 1


def lacking(world, what):
    """Return a draft that lacks something."""
    if what == "no_sources":
        return draft(world)
    if what == "no_limit":
        return draft(world, ("result", released(world).pk), limit_en="")
    if what == "withheld":
        return draft(world, ("result", released(world, 4, 4).pk))
    if what == "not_yet":
        return draft(world, ("result", released(world, days_ago=-1).pk))
    if what == "for_leaders_alone":
        return draft(world, ("result", released(world).pk), ("quote", shared_quote(world, for_public=False).pk))
    if what == "one_voice":
        return draft(world, ("quote", shared_quote(world).pk))
    return draft(world, ("line", let_out(world, note(world, talk(world))).pk))


PUBLISH = (
    "UPDATE insights_finding SET state = 'published', published_at = now(),"
    " n_band = coalesce(nullif(%s, ''), insights_band_of(id), '')"
)


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("no_sources", "no_sources"),
        ("no_limit", "no_limit"),
        ("withheld", "no_band"),
        ("not_yet", "no_band"),
        ("for_leaders_alone", "no_band"),
        ("one_voice", "no_band"),
        ("waiting", "no_band"),
    ],
)
def test_a_finding_that_lacks_something_is_refused_by_the_action_and_by_sql(world, what, code):
    finding = lacking(world, what)
    with pytest.raises(ValidationError) as refusal:
        publish(world, finding)
    assert refusal.value.code == code
    assert {run("evaluator", world.sam.pk, PUBLISH, band) for band in ("", "5-9", "300")} == {"IntegrityError"}


HERS = "Aquí por fin me escuchan a mí."


@pytest.mark.parametrize(
    ("name", "for_public"), [("claim_es", True), ("claim_en", False), ("limit_es", False), ("limit_en", True)]
)
def test_a_finding_repeats_no_words_that_a_family_shared(client, world, name, for_public):
    shared_quote(world, HERS, for_public=for_public)
    finding = draft(world, ("result", released(world).pk), **{name: f"Una dijo: {HERS.lower()}"})
    sign_in(client, world.sam)
    shown = client.post(reverse("finding_publish", args=[finding.pk]))
    assert "This repeats words that a family shared and can take back." in words(shown)
    assert HERS.lower() in words(shown)
    assert run("evaluator", world.sam.pk, PUBLISH, "") == "IntegrityError"
    finding.refresh_from_db()
    assert not finding.is_published


def test_a_finding_repeats_no_line_that_a_family_keeps(world):
    kept(world)
    finding = draft(world, ("result", released(world).pk), claim_es=LINE["text"])
    with pytest.raises(ValidationError) as refusal:
        publish(world, finding)
    assert refusal.value.code == "kept"


def test_without_the_trigger_it_would_repeat_both(world):
    without("insights_finding DISABLE TRIGGER finding_is_hers")
    kept(world)
    shared_quote(world, HERS)
    said = {"claim_es": LINE["text"], "claim_en": HERS}
    assert publish(world, draft(world, ("result", released(world).pk), **said)).is_published


def test_a_band_is_taken_from_the_sources_never_typed(world):
    draft(world, ("result", released(world, 7, 8).pk))
    assert run("evaluator", world.sam.pk, PUBLISH, "60") == "IntegrityError"
    assert run("evaluator", world.sam.pk, PUBLISH, "5-9") == 1


def test_without_the_trigger_a_typed_band_would_pass(world):
    without("insights_finding DISABLE TRIGGER finding_stands")
    draft(world)
    assert run("evaluator", world.sam.pk, PUBLISH, "60") == 1


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO insights_findingsource (id, finding_id, kind, of)"
        " SELECT gen_random_uuid(), id, 'theme', gen_random_uuid() FROM insights_finding",
        "DELETE FROM insights_findingsource",
        "UPDATE insights_finding SET claim_en = 'x'",
        "UPDATE insights_finding SET n_band = '60'",
        "UPDATE insights_finding SET state = 'draft', n_band = '', published_at = NULL",
        "DELETE FROM insights_finding",
    ],
)
def test_a_published_finding_is_changed_by_nobody(world, sql):
    publish(world, draft(world, ("result", released(world).pk)))
    assert run("evaluator", world.sam.pk, sql) == "IntegrityError"


def test_a_published_finding_stays_and_a_new_one_is_made(world):
    source = ("result", released(world).pk)
    finding = publish(world, draft(world, source))
    for act in (
        lambda: actions.change_finding(finding=finding, sources=[], **CLAIM, **LIMIT),
        lambda: actions.remove_finding(finding=finding),
    ):
        with as_maker(world, "sam"), pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.code == "published"
    draft(world, source, claim_es="Otra cosa.")
    assert Finding.objects.count() == 2


def test_a_claim_that_was_written_before_is_refused_with_what_was_typed_and_the_same_again_is_the_same(client, world):
    result = released(world)
    finding = publish(world, draft(world, ("result", result.pk)))
    sign_in(client, world.sam)
    new = reverse("finding_new", args=[world.series.pk, "partnership"])
    said = {**CLAIM, **LIMIT, "sources": [f"result {result.pk}"]}
    assert client.post(new, said).url == reverse("series_evaluated", args=[world.series.pk])
    for other in ({"limit_en": "Another limit."}, {"sources": []}):
        shown = client.post(new, {**said, **other})
        assert shown.context["form"].errors.keys() == {"claim_es"}
    assert "Another limit." in client.post(new, {**said, "limit_en": "Another limit."}).content.decode()
    assert list(Finding.objects.all()) == [finding]


def test_what_is_typed_in_a_draft_that_was_published_meanwhile_is_given_back(client, world):
    finding = publish(world, draft(world, ("result", released(world).pk)))
    sign_in(client, world.sam)
    there = reverse("finding_draft", args=[finding.pk])
    shown = client.post(there, {**CLAIM, **LIMIT, "claim_en": "Typed at length."})
    assert "A published finding stays as it is." in words(shown)
    assert "Typed at length." in shown.content.decode()
    assert client.post(f"{there}publish/").url == reverse("series_evaluated", args=[world.series.pk])
    finding.refresh_from_db()
    assert (finding.is_published, finding.claim_en) == (True, CLAIM["claim_en"])


def test_words_that_are_taken_back_make_a_draft_of_the_finding_and_its_page_says_so(client, world):
    quote = shared_quote(world)
    finding = publish(world, draft(world, ("result", released(world).pk), ("quote", quote.pk)))
    assert "Aquí me escuchan." in words(page(client, world, "grant", "school_learning"))
    with acting("caregiver", world.lucia.pk), transaction.atomic():
        quotes.withdraw(quote=quote)
    finding.refresh_from_db()
    assert (finding.state, finding.n_band, finding.published_at) == ("draft", "", None)
    assert CLAIM["claim_en"] not in words(page(client, world, "grant", "school_learning"))
    shown = words(page(client, world, "sam"))
    assert "It was taken back, or words that it stood on were, so it is a draft again." in shown
    assert "Words that were taken back" in shown
    assert "Aquí me escuchan." not in shown
    with pytest.raises(ValidationError) as refusal:
        publish(world, finding)
    assert refusal.value.code == "no_band"


def test_an_evaluator_takes_a_finding_back_on_pages_alone_and_nobody_reads_it_any_more(client, world):
    finding = publish(world, draft(world, ("result", released(world).pk)))
    take_back, there = (reverse(name, args=[finding.pk]) for name in ("finding_take_back", "finding_draft"))
    readers = {"lucia": "series_learning", "elena": "series_learning", "grant": "school_learning"}

    def reading():
        return [name for name, of in readers.items() if list(findings_on(client, world, name, of)) == [finding]]

    assert reading() == list(readers)
    assert [sign_in(Client(), getattr(world, name)).get(take_back).status_code for name in readers] == [404] * 3
    sign_in(client, world.ines)
    assert "made again without it" in words(client.get(take_back))
    assert [client.post(take_back).url, client.post(take_back).url, client.get(take_back).url] == [there] * 3
    assert reading() == []
    assert publish(world, finding).is_published


def findings_on(client, world, who, name):
    return [one for known in page(client, world, who, name).context["learned"].known for one in known.findings]


def test_without_the_trigger_it_would_stay_published(world):
    without("partnerships_sharedquote DISABLE TRIGGER findings_fall")
    quote = shared_quote(world)
    finding = publish(world, draft(world, ("result", released(world).pk), ("quote", quote.pk)))
    with acting("caregiver", world.lucia.pk), transaction.atomic():
        quotes.withdraw(quote=quote)
    finding.refresh_from_db()
    assert finding.is_published


def test_a_line_that_is_taken_back_does_the_same(world, clock):
    line = let_out(world, note(world, talk(world)))
    clock.move_to(clock.at + timedelta(hours=72))
    finding = publish(world, draft(world, ("line", line.pk)))
    assert finding.n_band == "three_or_more"
    with as_maker(world, "sam"):
        actions.take_back(line=line)
    finding.refresh_from_db()
    assert (finding.state, finding.n_band) == ("draft", "")


def test_a_finding_of_another_s_series_is_as_absent_as_none(client, world):
    finding = draft(world)
    found = {}
    for name in LOOKS:
        browser = sign_in(Client(), getattr(world, name))
        found[name] = browser.get(reverse("finding_draft", args=[finding.pk])).status_code
    assert found == {name: 200 if name in ("sam", "ines") else 404 for name in LOOKS}


# Pages


def test_each_question_shows_its_evidence_and_what_is_missing(client, world, clock):
    theme = shared_theme(world, clock)
    Commitment.objects.create(school=world.school, text="Un huerto.", language="es", asked_at=clock.at)
    released(world, 7, 8)
    released(world, 3, 4, construct="advocacy", slug="advocate")
    shared_quote(world)
    let_out(world, note(world, talk(world)))
    clock.move_to(clock.at + timedelta(hours=72))
    known = page(client, world, "sam").context["learned"]
    assert [(one.question, len(one.results), len(one.lines), len(one.counts)) for one in known.known] == [
        ("partnership", 1, 1, 0),
        ("growth", 0, 0, 0),
        ("codesign", 1, 0, 1),
        ("conditions", 0, 0, 1),
    ]
    assert known.known[2].counts == ["Requests of families that the school answered: 0 of 1."]
    assert ([one.pk for one in known.themes], len(known.quotes), len(known.talks)) == ([theme.pk], 1, 1)
    shown = words(page(client, world, "sam"))
    assert "Fewer than 5 answers: kept private" in shown
    assert "No result on this has come out yet." in shown


def test_families_leaders_and_the_evaluator_read_the_same(client, world, clock):
    released(world, 7, 8)
    quote = shared_quote(world)
    shared_quote(world, "Solo para la dirección.", for_public=False)
    line = let_out(world, note(world, talk(world)))
    clock.move_to(clock.at + timedelta(hours=72))
    publish(world, draft(world, ("quote", quote.pk), ("line", line.pk)))
    readers = {"lucia": "series_learning", "elena": "series_learning", "grant": "school_learning"}
    shown = [page(client, world, who, name).context["learned"] for who, name in readers.items()]
    shown.append(page(client, world, "ines").context["learned"])

    def said(known):
        return (
            [[line.text for line in one.lines] for one in known.known],
            [[finding.claim_es for finding in one.findings] for one in known.known],
            [quote.words for quote in known.quotes],
            [len(one.results) for one in known.known],
        )

    assert [said(known) for known in shown] == [said(shown[0])] * 4
    assert said(shown[0])[2] == ["Aquí me escuchan."]


@pytest.mark.parametrize("yes", [5, 6, 7, 8])
def test_a1_five_to_eight_of_eight_are_the_same_page(client, world, yes):
    publish(world, draft(world, ("result", released(world, yes, 8).pk)))
    shown = words(page(client, world, "grant", "school_learning"))
    assert "The smallest number behind it: 5 to 9 answered." in shown
    assert "feel heard: 5 to 9 answered; more than half" in shown.replace("Feel", "feel")
    assert not re.search(rf"\b{yes} of 8\b|\d+ ?%", shown)


@pytest.mark.parametrize("n", range(5))
def test_fewer_than_five_are_no_evidence(client, world, n):
    released(world, n, n)
    sign_in(client, world.sam)
    form = client.get(reverse("finding_new", args=[world.series.pk, "partnership"])).context["form"]
    assert form.fields["sources"].choices == []


def test_an_evaluator_writes_a_finding_on_pages_alone(client, world):
    result = released(world, 7, 8)
    sign_in(client, world.sam)
    new = reverse("finding_new", args=[world.series.pk, "partnership"])
    said = {**CLAIM, "sources": [f"result {result.pk}"]}
    draft_url = client.post(new, said).url
    publish_url = f"{draft_url}publish/"
    assert "Write what it cannot say, in both languages." in words(client.post(publish_url))
    assert client.post(draft_url, {**said, **LIMIT}).url == draft_url
    assert client.post(publish_url).url == reverse("series_evaluated", args=[world.series.pk])
    assert client.get(draft_url).status_code == 404
    assert FindingSource.objects.count() == 1


def test_a_source_of_another_school_cannot_be_chosen(client, world):
    sign_in(client, world.sam)
    new = reverse("finding_new", args=[world.series.pk, "partnership"])
    form = client.post(new, {**CLAIM, "sources": [f"theme {world.series.pk}"]}).context["form"]
    assert form.errors.keys() == {"sources"}


def test_a_talk_is_noted_coded_and_let_out_on_pages_alone(client, world):
    sign_in(client, world.elena)
    start = reverse("talks", args=[world.series.pk])
    said = {"kind": "focus_group", "held_on": "2027-02-12", "came": 6, "has_consent": "yes"}
    assert client.post(start, {**said, "kind": "debrief"}).context["form"].errors.keys() == {"kind"}
    there = client.post(start, said).url
    assert client.post(there, {"text": "La puerta.", "language": "es", "code": "puerta"}).url == there
    [noted] = client.get(there).context["notes"]
    own = f"{there}{noted.pk}/"
    assert client.post(own, {"code": "bienvenida"}).url == there
    assert client.get(there).context["codes"] == ["bienvenida"]
    assert client.post(f"{own}release/", {**LINE, "said_by": 2}).context["form"].errors.keys() == {"said_by"}
    assert client.post(f"{own}release/", {**LINE, "said_by": 3}).url == there
    assert client.post(f"{own}take-back/").url == there
    assert client.post(f"{own}remove/").url == there
    with acting("backup"):
        assert (TalkNote.objects.count(), ReleasedLine.objects.get().text) == (0, "")


@pytest.mark.parametrize("kind", GUIDES)
def test_each_guide_fits_on_a_page_in_spanish_and_says_usted(client, world, kind):
    sign_in(client, world.elena)
    shown = words(client.get(reverse("series_guide", args=[world.series.pk, kind])))
    assert 6 <= len(GUIDES[kind].questions) <= 10
    assert len(shown) < 3000
    assert not re.search(r"\b(tú|tu|tus|te|sesión)\b", shown, re.IGNORECASE)
    assert not re.search(r"\b(the|you|what|families)\b", shown)


def test_leaders_open_the_guide_of_their_own_talk_alone(client, world):
    sign_in(client, world.grant)
    found = [client.get(reverse("leader_guide", args=[world.school.slug, kind])).status_code for kind in GUIDES]
    assert found == [404, 404, 404, 200]


def test_there_are_four_questions_and_each_result_speaks_of_one():
    constructs = [construct for asked in QUESTIONS.values() for construct in asked.constructs]
    assert (len(QUESTIONS), len(constructs), len(set(constructs))) == (4, 6, 6)


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("name", STATEMENTS)
def test_the_page_asks_the_same_of_the_database_for_one_row_and_for_three(
    client, world, clock, many, name, django_assert_num_queries
):
    for number in range(many):
        result = released(world, 7, 8, slug=f"heard-{number}")
        quote = shared_quote(world, f"Aquí me escuchan {number}.")
        line = LINE | {"text": f"Línea {number}.", "translated": f"Line {number}."}
        let_out(world, note(world, talk(world), text=f"La puerta {number}."), words=line)
        publish(world, draft(world, ("result", result.pk), ("quote", quote.pk), claim_es=f"Sí {number}."))
    clock.move_to(clock.at + timedelta(hours=72))
    who = {"series_learning": "lucia", "school_learning": "grant", "series_evaluated": "sam"}[name]
    page(client, world, who, name)
    make_post(world.series.group, world.lucia)
    address = reverse(name, args=[*([world.school.slug] if name == "school_learning" else []), world.series.pk])
    with django_assert_num_queries(STATEMENTS[name]):
        client.get(address)
