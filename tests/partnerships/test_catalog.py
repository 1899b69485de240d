"""What PostgreSQL itself says about the wall, beside what any code says: tables by name, policies, rights, owners."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.routes import AUDIENCES
from partnerships.models import CONTENT

pytestmark = pytest.mark.django_db

# What families write. A new table stands here, or among the registers: never nowhere.
WRITTEN = {
    "post",
    "reply",
    "authorship",
    "reaction",
    "translation",
    "agreement",
    "agreementvoice",
    "reaffirmation",
    "idea",
    "ideasupport",
    "quote",
    "theme",
    "themesource",
}
# What was let out, and what both sides or the worker read: behind policies too.
LET_OUT = {"sharedquote", "sharedagreement", "sharedtheme", "outreachlead", "doortrial", "seatstep", "question"}
# Who is where; the policies read it.
REGISTERS = {"caregiverspace", "group", "groupmember"}
# What stands in the open: boards, what they decide and asked, what the school owes, where both sides meet.
RECORD = {"board", "seat", "seatterm", "election", "stepcount", "decision", "consultation", "receipt", "notconsulted"}
RECORD |= {"commitment", "commitmentstep", "resource", "jointmeeting", "speakingtally", "meetingrating", "conversation"}
# Roles that never read a word of the families', for whoever acts.
SHUT_OUT = AUDIENCES - {"caregiver", "facilitator"}
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
BY_COLUMN = ("SELECT", "INSERT", "UPDATE", "REFERENCES")


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def change(sql):
    """Change the catalogue until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def tables(prefix="partnerships_"):
    """Return the tables of ours, without the app's name."""
    found = rows("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
    return {name.removeprefix(prefix) for (name,) in found if name.startswith(prefix)}


def unguarded(names):
    """Return the tables on which row-level security is off, or does not bind their owner."""
    found = rows(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)"
        " AND NOT (relrowsecurity AND relforcerowsecurity)",
        [f"partnerships_{name}" for name in names],
    )
    return {name.removeprefix("partnerships_") for (name,) in found}


def test_every_table_of_the_spaces_is_known_by_name():
    assert tables() == WRITTEN | LET_OUT | REGISTERS | RECORD
    assert {model._meta.model_name for model in CONTENT} == WRITTEN
    assert {model._meta.model_name for model in apps.get_app_config("partnerships").get_models()} == tables()


def test_a_table_that_nobody_named_is_seen():
    change("CREATE TABLE partnerships_diary (words text)")
    assert tables() - WRITTEN - LET_OUT - REGISTERS - RECORD == {"diary"}


def test_row_level_security_is_on_and_binds_even_the_owner():
    assert unguarded(WRITTEN | LET_OUT) == set()
    assert unguarded(REGISTERS) == REGISTERS


@pytest.mark.parametrize("undone", ["DISABLE", "NO FORCE"])
def test_a_table_whose_security_is_off_or_does_not_bind_is_seen(undone):
    change(f"ALTER TABLE partnerships_post {undone} ROW LEVEL SECURITY")
    assert unguarded(WRITTEN) == {"post"}


BOTH = {"ds_caregiver", "ds_facilitator"}
READ, MADE = ("read", "r", BOTH), "ds_facilitator"
POLICIES = {
    "post": [READ, ("write", "a", BOTH), ("take_back", "w", BOTH), ("hide", "w", {MADE})],
    "reply": [READ, ("write", "a", BOTH), ("take_back", "w", BOTH), ("hide", "w", {MADE})],
    "authorship": [("own", "r", BOTH | {"ds_worker"}), ("write", "a", BOTH)],
    "reaction": [READ, ("give", "a", BOTH), ("take_back", "d", BOTH)],
    "translation": [READ, ("write", "a", BOTH), ("review", "w", BOTH)],
    "agreement": [READ, ("draft", "a", {MADE}), ("change_draft", "w", {MADE})],
    "agreementvoice": [READ, ("agree", "a", BOTH)],
    "reaffirmation": [READ, ("reaffirm", "a", {MADE})],
    "idea": [READ, ("mark", "a", BOTH), ("see_to", "w", BOTH)],
    "ideasupport": [READ, ("support", "a", BOTH), ("take_back", "d", BOTH)],
    "quote": [("own", "r", BOTH), ("asked", "r", {MADE}), ("ask", "a", {MADE}), ("answer", "w", BOTH)],
    "theme": [READ, ("show", "a", {MADE}), ("keep_or_send", "w", BOTH)],
    "themesource": [
        ("read", "r", {MADE}),
        ("name_a_post", "a", {MADE}),
        ("name_a_comment", "a", {MADE}),
        ("name_an_answer", "a", {MADE}),
    ],
    "sharedquote": [
        READ,
        ("share", "a", BOTH),
        ("take_back", "w", BOTH),
        ("read_as_leader", "r", {"ds_leader"}),
        ("read_on_board", "r", {"ds_board"}),
        # Words for everybody, beside what they show of a series.
        ("learn", "r", BOTH),
        ("learn_as_leader", "r", {"ds_leader"}),
        ("evaluate", "r", {"ds_evaluator"}),
        # For the owner, who is whoever migrates: no finding repeats them.
        ("compare", "r", {"ds_tests"}),
    ],
    "sharedagreement": [
        READ,
        ("publish", "*", {MADE}),
        ("read_as_leader", "r", {"ds_leader"}),
        ("read_on_board", "r", {"ds_board"}),
        ("read_at_desk", "r", {"ds_coordinator"}),
    ],
    "sharedtheme": [
        ("send", "a", {MADE}),
        ("families", "r", BOTH),
        ("read_as_leader", "r", {"ds_leader"}),
        ("read_on_board", "r", {"ds_board"}),
        ("evaluate", "r", {"ds_evaluator"}),
    ],
    "outreachlead": [
        READ,
        ("propose", "a", BOTH),
        ("sign", "w", BOTH),
        ("read_as_leader", "r", {"ds_leader"}),
        ("sign_as_leader", "w", {"ds_leader"}),
    ],
    "doortrial": [READ, ("ask", "a", BOTH)],
    "seatstep": [("own", "*", BOTH)],
    "question": [
        ("ask", "a", BOTH),
        ("read_once_passed", "r", BOTH),
        ("look_through", "r", {MADE}),
        ("hold_back", "w", {MADE}),
        ("read_as_leader", "r", {"ds_leader"}),
        ("answer", "w", {"ds_leader"}),
    ],
    "meetingrating": [
        ("read_both", "r", {*BOTH, "ds_coordinator", "ds_leader"}),
        ("rate_for_families", "a", {MADE}),
        ("rate_for_staff", "a", {"ds_leader"}),
    ],
}
OWN = ("own_of_the_person", "*")
WORKER = {
    **dict.fromkeys(
        WRITTEN - {"agreement", "reaffirmation", "authorship", "theme", "themesource"} | {"sharedquote"}, [OWN]
    ),
    "authorship": [("own_of_the_person", "d")],
    "outreachlead": [("forget", "*")],
    "doortrial": [("try", "*")],
    "seatstep": [("count", "*")],
    "question": [("keep", "*")],
    "meetingrating": [("keep", "*")],
    # What leaders read before a conversation is built from themes that have left their group; families are told of
    # those that have not.
    "theme": [("packets", "r"), ("waits", "r")],
    "sharedtheme": [("packets", "r")],
    # A report holds words that are for everybody.
    "sharedquote": [OWN, ("in_reports", "r")],
}


def policies():
    """Return every policy of the spaces: its table, its name, its command, its roles."""
    found = rows(
        "SELECT relname::text, polname::text, polcmd::text,"
        " array(SELECT CASE oid WHEN 0 THEN 'public' ELSE pg_get_userbyid(oid) END FROM unnest(polroles) oid)::text[]"
        " FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relname LIKE 'partnerships\\_%%'"
    )
    return sorted(
        (table.removeprefix("partnerships_"), name, command, sorted(roles)) for table, name, command, roles in found
    )


def test_every_policy_is_for_the_roles_that_are_named():
    ours = [(table, *said) for table, all_said in POLICIES.items() for said in all_said]
    ours += [(table, *said, {"ds_worker"}) for table, all_said in WORKER.items() for said in all_said]
    assert policies() == sorted((table, name, command, sorted(roles)) for table, name, command, roles in ours)


def test_a_policy_for_everybody_is_seen():
    before = policies()
    change("CREATE POLICY all_of_it ON partnerships_post FOR SELECT TO PUBLIC USING (true)")
    assert [said for said in policies() if said not in before] == [("post", "all_of_it", "r", ["public"])]


def rights(roles, names):
    """Return what these roles may do with these tables, in whole or by any column."""
    wanted = [f"partnerships_{name}" for name in names]
    by_table = "SELECT r, t, p FROM unnest(%s) r, unnest(%s) t, unnest(%s) p WHERE has_table_privilege(r, t, p)"
    by_column = by_table.replace("has_table", "has_any_column")
    found = rows(by_table, roles, wanted, list(RIGHTS)) + rows(by_column, roles, wanted, list(BY_COLUMN))
    return {(role.removeprefix("ds_"), table.removeprefix("partnerships_"), right) for role, table, right in found}


def test_no_role_but_families_and_facilitators_has_any_right_on_what_is_written():
    assert rights([f"ds_{audience}" for audience in SHUT_OUT] + ["ds_web", "public"], WRITTEN) == set()


def test_what_was_let_out_is_read_by_those_whom_it_is_for():
    assert rights([f"ds_{audience}" for audience in SHUT_OUT] + ["ds_web", "public"], LET_OUT) == {
        ("leader", "sharedquote", "SELECT"),
        ("board", "sharedquote", "SELECT"),
        ("leader", "sharedagreement", "SELECT"),
        ("board", "sharedagreement", "SELECT"),
        ("coordinator", "sharedagreement", "SELECT"),
        ("leader", "sharedtheme", "SELECT"),
        ("board", "sharedtheme", "SELECT"),
        # Words for everybody, and the themes that leaders read.
        ("evaluator", "sharedquote", "SELECT"),
        ("evaluator", "sharedtheme", "SELECT"),
        ("leader", "outreachlead", "SELECT"),
        ("leader", "outreachlead", "UPDATE"),
        ("leader", "question", "SELECT"),
        ("leader", "question", "UPDATE"),
    }


@pytest.mark.parametrize("right", ["SELECT", "UPDATE (hidden_at)", "REFERENCES (id)"])
def test_a_right_that_crept_in_is_seen_by_table_and_by_column(right):
    change(f"GRANT {right} ON partnerships_post TO ds_leader")
    assert rights(["ds_leader"], WRITTEN) == {("leader", "post", right.partition(" ")[0])}


def test_no_view_shows_what_is_written_with_the_rights_of_its_maker():
    assert careless_views() == []


def careless_views():
    """Return the views that run as whoever made them; one that keeps its rows beside the tables is one, always."""
    return rows(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm'"
        " OR (relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)))"
    )


@pytest.mark.parametrize("made", ["VIEW", "MATERIALIZED VIEW"])
def test_a_careless_view_is_seen(made):
    change(f"CREATE {made} glance AS TABLE partnerships_post")
    assert careless_views() == [("glance",)]


def test_no_role_passes_by_the_policies_but_the_backup_s_and_the_cluster_s_own():
    [(first,)] = rows("SELECT rolname::text FROM pg_roles WHERE oid = 10")
    found = rows("SELECT rolname::text FROM pg_roles WHERE rolbypassrls OR rolsuper ORDER BY 1")
    assert found == sorted([("ds_backup",), (first,)])
    assert not first.startswith("ds_")


def test_no_login_of_a_page_or_of_the_worker_becomes_what_passes_by_the_policies():
    found = rows(
        "SELECT login, other.rolname::text FROM unnest(ARRAY['ds_web', 'ds_worker']) login, pg_roles other"
        " WHERE (other.rolbypassrls OR other.rolsuper OR other.rolname = 'ds_owner')"
        " AND (pg_has_role(login, other.oid, 'SET') OR pg_has_role(login, other.oid, 'USAGE'))"
    )
    assert found == []


def test_the_login_of_pages_has_no_audience_s_rights_by_itself():
    names = [f"ds_{audience}" for audience in AUDIENCES]
    found = rows("SELECT name FROM unnest(%s) name WHERE pg_has_role('ds_web', name, 'USAGE')", names)
    assert found == []


def owned_by_pages():
    """Return whatever a role that a page runs as owns: its owner could change its rules."""
    return rows(
        "SELECT relname::text, pg_get_userbyid(relowner)::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) <> 'ds_owner'"
        " AND pg_get_userbyid(relowner) <> 'ds_tests'"
    ) + rows(
        "SELECT proname::text, pg_get_userbyid(proowner)::text FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND pg_get_userbyid(proowner) NOT IN ('ds_owner', 'ds_tests')"
    )


def test_no_role_of_a_page_owns_anything():
    assert owned_by_pages() == []


def test_a_table_of_a_page_s_own_is_seen():
    with transaction.atomic():
        change("GRANT CREATE ON SCHEMA public TO ds_web")
        change("ALTER TABLE partnerships_post OWNER TO ds_web")
    assert ("partnerships_post", "ds_web") in owned_by_pages()


def runs_as_owner():
    """Return the functions that run as their owner and touch the families' tables."""
    return rows(
        "SELECT proname::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        " AND pg_get_functiondef(oid) ~ %s ORDER BY 1",
        f"partnerships_({'|'.join(sorted(WRITTEN, key=len, reverse=True))})\\M",
    )


def test_no_function_that_runs_as_the_owner_names_what_is_written():
    assert runs_as_owner() == []


def test_one_that_does_is_seen():
    change(
        "CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS"
        " $$ SELECT count(*) FROM partnerships_post $$"
    )
    assert runs_as_owner() == [("peek",)]


def test_each_text_changes_only_as_its_trigger_allows():
    found = rows("SELECT tgrelid::regclass::text, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
    names = ("consultation", "decision", "idea", "notconsulted", "outreachlead", "post", "quote", "reply", "theme")
    names += ("translation",)
    # Reports and findings fall with shared words (insights/migrations): those triggers change nothing here.
    mine = {one for one in found if one[0].startswith("partnerships_") and one[0] != "partnerships_sharedquote"}
    assert mine == {(f"partnerships_{name}", "O") for name in names}
