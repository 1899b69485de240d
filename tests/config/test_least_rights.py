"""Third lock: what a page's database role must not be able to do, whatever the page's code says."""

import pytest
from django.db import connection

from accounts.routes import AUDIENCES

pytestmark = pytest.mark.django_db

REFUSED = (
    # A principal's page can neither enter the families' room by video nor read what was talked about there.
    ("leader", "SELECT", "dialogue_series_series", "video_url"),
    ("leader", "SELECT", "dialogue_series_series", "dial_in"),
    ("leader", "SELECT", "dialogue_series_session", "summary"),
    ("leader", "SELECT", "accounts_person", "name"),
    # What the operator did stays written.
    ("operator", "UPDATE", "django_admin_log", "object_repr"),
    # Who takes part is for families, for whoever holds an evening, and for coordinators.
    ("public", "SELECT", "dialogue_series_enrolment", "person_id"),
    ("person", "SELECT", "dialogue_series_enrolment", "person_id"),
    # Whoever signs in at an address is its owner: no page moves one, or lets one be written to again.
    ("coordinator", "UPDATE", "notifications_address", "value"),
    ("coordinator", "UPDATE", "notifications_address", "stopped_at"),
    ("coordinator", "UPDATE", "accounts_membership", "until"),
    ("coordinator", "UPDATE", "accounts_person", "name"),
    ("caregiver", "SELECT", "notifications_address", "value"),
    # A board can neither write itself a receipt nor change what it was told, and nobody takes a line out of a ledger.
    ("board", "INSERT", "partnerships_receipt", "labels"),
    ("board", "UPDATE", "partnerships_receipt", "labels"),
    ("worker", "UPDATE", "partnerships_receipt", "labels"),
    ("board", "UPDATE", "partnerships_notconsulted", "because_es"),
    ("leader", "UPDATE", "partnerships_commitmentstep", "text"),
    ("leader", "UPDATE", "partnerships_commitment", "text"),
    ("leader", "INSERT", "partnerships_commitment", "text"),
    ("facilitator", "SELECT", "notifications_address", "value"),
    # What leaders read before a check-in: a line is struck, never written or rewritten, and by nobody else.
    ("facilitator", "UPDATE", "insights_packetline", "text"),
    ("facilitator", "INSERT", "insights_packetline", "text"),
    ("coordinator", "UPDATE", "insights_packetline", "is_struck"),
    ("leader", "UPDATE", "insights_packetline", "is_struck"),
    ("worker", "UPDATE", "insights_packetline", "is_struck"),
    ("worker", "UPDATE", "insights_packet", "leaders_at"),
    # The worker tells families that words wait for them, and reads none of these.
    ("worker", "SELECT", "partnerships_theme", "text"),
    ("worker", "SELECT", "partnerships_theme", "translated"),
    ("worker", "SELECT", "insights_releasedline", "text"),
    ("leader", "UPDATE", "dialogue_series_checkin", "community"),
    # A report is as the worker made it.
    ("leader", "UPDATE", "insights_report", "content"),
    ("facilitator", "UPDATE", "insights_report", "content"),
    ("coordinator", "INSERT", "insights_report", "version"),
)
READS_ADDRESSES = {"public", "person", "link", "coordinator"}


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@pytest.mark.parametrize(("audience", "right", "table", "column"), REFUSED)
def test_a_role_has_no_right_that_its_pages_do_not_need(audience, right, table, column):
    assert rows("SELECT has_column_privilege(%s, %s, %s, %s)", f"ds_{audience}", table, column, right) == [(False,)]


def test_only_who_signs_in_is_written_to_or_organises_reads_where_people_are_reached():
    found = {
        audience
        for audience in AUDIENCES
        if rows("SELECT has_column_privilege(%s, 'notifications_address', 'value', 'SELECT')", f"ds_{audience}")[0][0]
    }
    assert found == READS_ADDRESSES


def test_every_function_that_runs_as_the_owner_pins_its_search_path_and_is_no_one_s_by_default():
    found = rows(
        "SELECT proname, proconfig, has_function_privilege('ds_backup', oid, 'EXECUTE') FROM pg_proc "
        "WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY proname"
    )
    pinned = ["search_path=public, pg_temp"]
    assert found == [
        ("accounts_ask_again", pinned, False),
        ("accounts_say_paid", pinned, False),
        ("accounts_say_works_here", pinned, False),
        ("dialogue_series_enter_group", pinned, False),
        ("insights_evaluated_schools", pinned, False),
        ("insights_finding_is_hers", pinned, False),
        ("insights_finding_leaves", pinned, False),
        ("insights_findings_fall", pinned, False),
        ("insights_line_is_new", pinned, False),
        ("insights_take_back", pinned, False),
        ("partnerships_end_seat", pinned, False),
        ("partnerships_families_began_on", pinned, False),
        ("partnerships_is_barred", pinned, False),
        ("partnerships_leave_group", pinned, False),
        ("partnerships_my_schools", pinned, False),
        ("partnerships_sides_rated", pinned, False),
        ("surveys_put_box", pinned, False),
        ("surveys_put_paper_box", pinned, False),
    ]


def test_nobody_makes_anything_in_the_schema_but_its_owner_and_no_role_passes_by_the_policies():
    assert rows("SELECT has_schema_privilege('ds_web', 'public', 'CREATE')") == [(False,)]
    assert rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'ds\\_%%' AND (rolbypassrls OR rolsuper)") == [
        ("ds_backup",)
    ]
