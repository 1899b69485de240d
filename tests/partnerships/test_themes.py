"""Themes: three people say it, the group has 72 hours, anybody keeps it without a name, then the school reads it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.database import acting
from notifications import clock as product_clock
from partnerships.actions import themes as actions
from partnerships.actions import voices
from partnerships.models import SharedTheme, Theme, ThemeSource
from tests.factories import make_member, make_person, make_post, make_school, make_series, sign_in
from tests.partnerships.walled import RELATIONS, make_world, outcome

pytestmark = pytest.mark.django_db

THEME = {"text": "La hora de la salida preocupa.", "language": "es", "translated": "Dismissal worries families."}
OVER = timedelta(hours=72)


@pytest.fixture
def school():
    return make_school("Mirador")


@pytest.fixture
def group(school):
    return make_series(school).group


@pytest.fixture
def people(school, group):
    """Elena, who facilitates, and four families."""
    found = {name: make_person(name, school, "caregiver") for name in ("Elena", "Lucía", "Noemí", "Rut", "Sofía")}
    for name, person in found.items():
        make_member(group, person, "facilitator" if name == "Elena" else "caregiver")
    return found


@pytest.fixture
def posts(group, people):
    return [make_post(group, people[name], f"Dice {name}") for name in ("Lucía", "Noemí", "Rut")]


@pytest.fixture
def theme(group, people, posts):
    return show(group, people, posts)


def show(group, people, posts, **fields):
    with acting("facilitator", people["Elena"].pk):
        return actions.show(group=group, posts=posts, **{**THEME, **fields})


def keep(theme, person):
    with acting("caregiver", person.pk):
        actions.keep(theme=theme)


def send(theme, people):
    with acting("facilitator", people["Elena"].pk):
        actions.send(theme=theme)


def refused(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


def kept(model):
    with acting("backup"), transaction.atomic():
        return list(model.objects.order_by("pk"))


def school_reads(client, school):
    principal = make_person("Dra. Grant", school, "leader", language="en")
    return sign_in(client, principal).get(f"/l/{school.slug}/themes/").content.decode()


# From three people


def test_a_theme_that_two_say_is_not_shown(group, people, posts):
    again = make_post(group, people["Lucía"], "Otra vez")
    assert refused(show, group, people, [*posts[:2], again]) == "too_few"
    assert kept(Theme) == []


def test_without_a_name_nobody_counts_so_that_asking_tells_nothing(group, people, posts):
    """Whether a nameless text makes a third author would say whose it is to whoever tries pairs of names."""
    nameless = make_post(group, people["Sofía"], "Sin nombre", without_name=True)
    own = make_post(group, people["Lucía"], "También sin nombre", without_name=True)
    assert refused(show, group, people, [*posts[:2], nameless]) == "too_few"
    assert refused(show, group, people, [*posts[:2], own]) == "too_few"
    assert show(group, people, [*posts, nameless]).sources


def test_the_same_words_again_are_the_same_theme(group, people, posts, theme):
    assert show(group, people, posts) == theme
    assert len(kept(ThemeSource)) == 3


def test_nobody_s_own_words_go_out_as_a_theme(group, people, posts):
    hers = make_post(group, people["Sofía"], "A mi niño le da miedo la puerta grande del norte.")
    said = {"text": "Dicen: «le da miedo la puerta grande»."}
    assert refused(show, group, people, [*posts, hers], **said) == "own_words"
    assert show(group, people, [*posts, hers], text="A los niños les da miedo la puerta del norte.")


def test_only_whoever_facilitates_writes_one(client, group, people, posts):
    where = reverse("group_theme_new", args=[group.pk])
    data = {**THEME, "sources": [post.pk for post in posts]}
    assert sign_in(client, people["Lucía"]).post(where, data).status_code == 404
    response = sign_in(client, people["Elena"]).post(where, {**data, "sources": data["sources"][:2]})
    assert response.context["form"].errors.as_data()["sources"][0].code == "too_few"
    assert client.post(where, data).headers["Location"] == reverse("group_themes", args=[group.pk])
    assert [(each.text, each.shown_until - each.shown_at) for each in kept(Theme)] == [(THEME["text"], OVER)]


def test_what_was_written_without_a_name_or_hidden_or_elsewhere_is_not_offered(client, school, group, people, posts):
    make_post(group, people["Sofía"], "Sin nombre", without_name=True)
    make_post(group.space, people["Sofía"], "A todas")
    with acting("facilitator", people["Elena"].pk):
        voices.hide(words=posts[0], reason="x", by=people["Elena"])
    page = sign_in(client, people["Elena"]).get(reverse("group_theme_new", args=[group.pk]))
    assert set(page.context["form"].texts) == {str(post.pk) for post in posts[1:]}


# The group's 72 hours


def test_every_member_reads_it_and_the_school_does_not(client, school, group, people, theme):
    page = sign_in(client, people["Sofía"]).get(reverse("group_themes", args=[group.pk])).content.decode()
    assert (THEME["text"] in page, THEME["translated"] in page) == (True, True)
    assert THEME["translated"] not in school_reads(client, school)


def test_it_is_not_sent_before_its_time_and_then_the_school_reads_it(client, school, people, theme, clock):
    clock.move_to(theme.shown_until - timedelta(seconds=1))
    assert refused(send, theme, people) == "early"
    clock.move_to(theme.shown_until)
    send(theme, people)
    send(theme, people)
    assert [(each.text, each.translated) for each in kept(SharedTheme)] == [(THEME["text"], THEME["translated"])]
    assert THEME["translated"] in school_reads(client, school)


def test_a_theme_that_somebody_kept_is_never_sent(client, school, people, theme, clock):
    keep(theme, people["Sofía"])
    keep(theme, people["Rut"])
    clock.move_to(theme.shown_until)
    assert refused(send, theme, people) == "kept"
    assert THEME["translated"] not in school_reads(client, school)


def test_after_the_72_hours_it_is_too_late_to_keep_it(people, theme, clock):
    clock.move_to(theme.shown_until)
    assert refused(keep, theme, people["Sofía"]) == "over"


def test_a_theme_that_fewer_than_three_still_say_is_not_sent(people, posts, theme, clock):
    with acting("caregiver", people["Rut"].pk):
        voices.take_back(words=posts[2])
    clock.move_to(theme.shown_until)
    assert refused(send, theme, people) == "too_few"
    assert kept(SharedTheme) == []


# The database by itself

COPY = (
    "INSERT INTO partnerships_sharedtheme (theme_id, school_id, group_name, is_need, text, language, translated,"
    " sent_at) SELECT theme.id, space.school_id, 'x', false, theme.text, theme.language, theme.translated,"
    " partnerships_now()"
    " FROM partnerships_theme theme JOIN partnerships_group grp ON grp.id = theme.group_id"
    " JOIN partnerships_caregiverspace space ON space.id = grp.space_id WHERE theme.id = %(theme)s"
)
LET_GO = "UPDATE partnerships_theme SET sent_at = partnerships_now() WHERE id = %(theme)s"


def done(person, audience, *statements, theme):
    """Run statements as one role for one person; say how many of them passed."""
    passed = 0
    try:
        with transaction.atomic(), acting(audience, person.pk), connection.cursor() as cursor:
            for sql in statements:
                cursor.execute(sql, {"theme": theme.pk})
                passed += cursor.rowcount
    except Exception as refusal:  # noqa: BLE001
        return passed, refusal.__cause__.pgcode
    return passed, None


REFUSED, BROKEN = "42501", "23514"


def test_the_database_lets_a_whole_theme_out_and_none_that_two_say(group, people, posts, theme, clock):
    pair = show(group, people, posts, text="Otro tema.")
    with acting("backup"):
        third = pair.sources.get(post=posts[2]).post
    with acting("caregiver", people["Rut"].pk):
        voices.take_back(words=third)
    whole = make_post(group, people["Sofía"], "Dice Sofía")
    with acting("facilitator", people["Elena"].pk):
        ThemeSource.objects.create(theme=theme, post=whole)
    clock.move_to(theme.shown_until)
    assert done(people["Elena"], "facilitator", LET_GO, COPY, theme=pair) == (1, REFUSED)
    assert done(people["Elena"], "facilitator", LET_GO, COPY, theme=theme) == (2, None)


def test_the_database_lets_out_no_theme_that_is_kept_or_early(people, theme, clock):
    assert done(people["Elena"], "facilitator", LET_GO, theme=theme) == (0, REFUSED)
    assert done(people["Elena"], "facilitator", COPY, theme=theme) == (0, REFUSED)
    keep(theme, people["Sofía"])
    clock.move_to(theme.shown_until)
    assert done(people["Elena"], "facilitator", LET_GO, theme=theme) == (0, BROKEN)
    unkept = "UPDATE partnerships_theme SET is_kept = false WHERE id = %(theme)s"
    assert done(people["Elena"], "facilitator", unkept, theme=theme) == (0, REFUSED)


def test_without_the_count_in_the_policy_a_theme_of_two_would_go_out(group, people, posts, theme, clock):
    with acting("caregiver", people["Rut"].pk):
        voices.take_back(words=posts[2])
    clock.move_to(theme.shown_until)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE POLICY careless ON partnerships_sharedtheme FOR INSERT TO ds_facilitator WITH CHECK (true)"
        )
    assert done(people["Elena"], "facilitator", LET_GO, COPY, theme=theme) == (2, None)


FAMILIES = {
    "writer",
    "member",
    "facilitator",
    "unpaid coordinator who facilitates",
    "member with a parent seat",
    "member of another group",
    "former member",
}


def test_the_school_s_families_leaders_and_council_read_what_was_sent_and_nobody_else():
    world = make_world()
    with transaction.atomic():
        inside = [world.people[name] for name in ("member", "facilitator")]
        more = [make_post(world.group, person, "x") for person in inside]
        with acting("facilitator", world.people["facilitator"].pk):
            ThemeSource.objects.bulk_create(ThemeSource(theme=world.old_theme, post=post) for post in more)
            actions.send(theme=world.old_theme)
    reads = "SELECT FROM partnerships_sharedtheme WHERE theme_id = %(old_theme)s"
    found = {
        audience: {relation for relation in RELATIONS if outcome(world, audience, relation, reads) == "+"}
        for audience in ("leader", "board", "caregiver", "facilitator", "coordinator", "staff", "district", "worker")
    }
    assert found == {
        **dict.fromkeys(found, set()),
        "leader": {"principal"},
        "board": {"member with a parent seat", "member with a staff seat"},
        **dict.fromkeys(("caregiver", "facilitator"), FAMILIES),
        # It writes what was sent into the packets that leaders read, whoever it acts for.
        "worker": set(RELATIONS),
    }


# Who kept it


def test_keeping_one_writes_one_mark_and_nothing_of_whose_it_is(client, group, people, theme):
    sign_in(client, people["Sofía"])
    where = reverse("group_theme_keep", args=[group.pk, theme.pk])
    assert client.get(where).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.post(where).status_code == 302
    written = [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    [mark] = written
    assert mark.startswith('UPDATE "partnerships_theme" SET "is_kept" = true WHERE')
    [row] = kept(Theme)
    assert str(people["Sofía"].pk) not in str(vars(row))


def test_a_family_cannot_send_and_a_stranger_to_the_group_finds_nothing(client, school, group, people, theme, clock):
    clock.move_to(theme.shown_until)
    sign_in(client, people["Sofía"])
    assert client.post(reverse("group_theme_send", args=[group.pk, theme.pk])).status_code == 404
    other = make_person("Beatriz", school, "caregiver")
    make_member(make_series(school).group, other)
    sign_in(client, other)
    for name in ("group_theme_keep", "group_theme_send"):
        assert client.get(reverse(name, args=[group.pk, theme.pk])).status_code == 404


def test_whoever_facilitates_finds_the_way_to_send_it_and_sends_it(client, school, group, people, theme, clock):
    page = reverse("group_themes", args=[group.pk])
    where = reverse("group_theme_send", args=[group.pk, theme.pk])
    assert where not in sign_in(client, people["Elena"]).get(page).content.decode()
    clock.move_to(theme.shown_until)
    assert where in client.get(page).content.decode()
    assert THEME["text"] in client.get(where).content.decode()
    assert client.post(where).headers["Location"] == page
    assert len(kept(SharedTheme)) == 1


def test_a_refusal_is_said_on_the_page(client, group, people, theme, clock):
    clock.move_to(theme.shown_until)
    sign_in(client, people["Sofía"])
    response = client.post(reverse("group_theme_keep", args=[group.pk, theme.pk]))
    assert response.context["refusal"].code == "over"


def test_a_theme_is_shown_for_72_hours_and_not_for_less(group, people):
    at = product_clock.now()
    with acting("facilitator", people["Elena"].pk), pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.create(group=group, **THEME, shown_at=at, shown_until=at + timedelta(hours=1))
