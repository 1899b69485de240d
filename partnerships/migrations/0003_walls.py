"""Fourth lock: row-level security on everything that families write, forced, fed by `app.person`.

Whoever acts reaches the groups she is in, of schools of which she is a caregiver (or, facilitating, a coordinator)
and at which no tie bars her, at the moment of the statement. Nobody said means no rows. The worker reaches what
belongs to the person for whom it acts.
"""

from django.db import migrations

BOTH = "ds_caregiver, ds_facilitator"

FUNCTIONS = """
CREATE FUNCTION partnerships_me() RETURNS uuid LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT nullif(current_setting('app.person', true), '')::uuid
$$;

CREATE FUNCTION partnerships_now() RETURNS timestamptz LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now())
$$;

CREATE FUNCTION partnerships_my_places() RETURNS TABLE (group_id uuid, space_id uuid, is_led boolean)
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT place.group_id, grp.space_id, place.role = 'facilitator'
  FROM partnerships_groupmember place
  JOIN partnerships_group grp ON grp.id = place.group_id
  JOIN partnerships_caregiverspace space ON space.id = grp.space_id
  WHERE place.person_id = partnerships_me()
    AND place.since <= partnerships_now() AND (place.until IS NULL OR place.until > partnerships_now())
    AND EXISTS (
      SELECT FROM accounts_membership tie
      WHERE tie.person_id = place.person_id AND tie.school_id = space.school_id
        AND tie.since <= partnerships_now() AND (tie.until IS NULL OR tie.until > partnerships_now())
        AND (tie.kind = 'caregiver' OR (tie.kind = 'coordinator' AND place.role = 'facilitator')))
    AND NOT EXISTS (
      SELECT FROM accounts_membership bar
      WHERE bar.person_id = place.person_id AND bar.school_id = space.school_id
        AND bar.since <= partnerships_now() AND (bar.until IS NULL OR bar.until > partnerships_now())
        AND (bar.kind IN ('staff', 'leader', 'teacher_seat', 'staff_seat', 'student_seat', 'principal_seat')
             OR (bar.kind = 'coordinator' AND bar.on_payroll IS DISTINCT FROM false)))
$$;
"""

MY_GROUPS = "SELECT mine.group_id FROM partnerships_my_places() mine"
MY_SPACES = "SELECT mine.space_id FROM partnerships_my_places() mine"


def here(table, led=False):
    """Return the condition that a row with a space, and perhaps a group, is within reach."""
    only = " WHERE mine.is_led" if led else ""
    return (
        f"({table}.group_id IN ({MY_GROUPS}{only})"
        f" OR ({table}.group_id IS NULL AND {table}.space_id IN ({MY_SPACES}{only})))"
    )


ME = "partnerships_me()"
OWN_POSTS = f"SELECT own.post_id FROM partnerships_authorship own WHERE own.person_id = {ME}"
OWN_REPLIES = f"SELECT own.reply_id FROM partnerships_authorship own WHERE own.person_id = {ME}"
POSTS = "SELECT post.id FROM partnerships_post post"
LED_POSTS = f"{POSTS} WHERE {here('post', led=True)}"
LED_REPLIES = f"SELECT reply.id FROM partnerships_reply reply WHERE reply.post_id IN ({LED_POSTS})"
AGREEMENTS = "SELECT agreed.id FROM partnerships_agreement agreed"
LED_AGREEMENTS = f"{AGREEMENTS} WHERE agreed.group_id IN ({MY_GROUPS} WHERE mine.is_led)"
SIGNED = f"(signed_by_id IS NULL OR signed_by_id = {ME}) AND hidden_at IS NULL"
ONE_SPACE = (
    "(group_id IS NULL OR EXISTS (SELECT FROM partnerships_group grp"
    " WHERE grp.id = {0}.group_id AND grp.space_id = {0}.space_id))"
)
TRANSLATED = (
    "(post_id IN (SELECT post.id FROM partnerships_post post)"
    " OR reply_id IN (SELECT reply.id FROM partnerships_reply reply)"
    f" OR agreement_id IN ({AGREEMENTS}))"
)
REVIEWED = (
    f"(by_id = {ME} OR post_id IN ({OWN_POSTS}) OR reply_id IN ({OWN_REPLIES}) OR post_id IN ({LED_POSTS})"
    f" OR reply_id IN ({LED_REPLIES}) OR agreement_id IN ({LED_AGREEMENTS}))"
)

# Table: (what it lets happen, to whom, for which command, rows reached, rows that may be written).
POLICIES = {
    "post": [
        ("read", BOTH, "SELECT", here("partnerships_post"), None),
        (
            "write",
            BOTH,
            "INSERT",
            None,
            f"{here('partnerships_post')} AND {SIGNED} AND {ONE_SPACE.format('partnerships_post')}",
        ),
        ("take_back", BOTH, "UPDATE", f"id IN ({OWN_POSTS})", f"signed_by_id IS NULL OR signed_by_id = {ME}"),
        ("hide", "ds_facilitator", "UPDATE", here("partnerships_post", led=True), here("partnerships_post", led=True)),
        ("own_of_the_person", "ds_worker", "ALL", f"id IN ({OWN_POSTS})", f"id IN ({OWN_POSTS})"),
    ],
    "reply": [
        ("read", BOTH, "SELECT", f"post_id IN ({POSTS})", None),
        ("write", BOTH, "INSERT", None, f"post_id IN ({POSTS}) AND {SIGNED}"),
        ("take_back", BOTH, "UPDATE", f"id IN ({OWN_REPLIES})", f"signed_by_id IS NULL OR signed_by_id = {ME}"),
        ("hide", "ds_facilitator", "UPDATE", f"post_id IN ({LED_POSTS})", f"post_id IN ({LED_POSTS})"),
        ("own_of_the_person", "ds_worker", "ALL", f"id IN ({OWN_REPLIES})", f"id IN ({OWN_REPLIES})"),
    ],
    "authorship": [
        ("own", f"{BOTH}, ds_worker", "ALL", f"person_id = {ME}", f"person_id = {ME}"),
    ],
    "reaction": [
        ("read", BOTH, "SELECT", f"post_id IN ({POSTS})", None),
        ("give", BOTH, "INSERT", None, f"person_id = {ME} AND post_id IN ({POSTS})"),
        ("take_back", BOTH, "DELETE", f"person_id = {ME}", None),
        ("own_of_the_person", "ds_worker", "ALL", f"person_id = {ME}", f"person_id = {ME}"),
    ],
    "translation": [
        ("read", BOTH, "SELECT", TRANSLATED, None),
        ("write", BOTH, "INSERT", None, f"by_id = {ME} AND {TRANSLATED}"),
        ("review", BOTH, "UPDATE", REVIEWED, REVIEWED),
        (
            "own_of_the_person",
            "ds_worker",
            "ALL",
            f"by_id = {ME} OR post_id IN ({OWN_POSTS}) OR reply_id IN ({OWN_REPLIES})",
            "true",
        ),
    ],
    "agreement": [
        ("read", BOTH, "SELECT", f"group_id IN ({MY_GROUPS})", None),
        ("draft", "ds_facilitator", "INSERT", None, f"group_id IN ({MY_GROUPS} WHERE mine.is_led)"),
        # Agreed words never change.
        (
            "change_draft",
            "ds_facilitator",
            "UPDATE",
            f"agreed_at IS NULL AND group_id IN ({MY_GROUPS} WHERE mine.is_led)",
            f"group_id IN ({MY_GROUPS} WHERE mine.is_led)",
        ),
    ],
    "agreementvoice": [
        ("read", BOTH, "SELECT", f"agreement_id IN ({AGREEMENTS})", None),
        ("agree", BOTH, "INSERT", None, f"person_id = {ME} AND agreement_id IN ({AGREEMENTS})"),
        ("own_of_the_person", "ds_worker", "ALL", f"person_id = {ME}", f"person_id = {ME}"),
    ],
    "reaffirmation": [
        ("read", BOTH, "SELECT", f"agreement_id IN ({AGREEMENTS})", None),
        ("reaffirm", "ds_facilitator", "INSERT", None, f"agreement_id IN ({LED_AGREEMENTS})"),
    ],
    "idea": [
        ("read", BOTH, "SELECT", here("partnerships_idea"), None),
        ("mark", BOTH, "INSERT", None, f"{here('partnerships_idea')} AND {ONE_SPACE.format('partnerships_idea')}"),
        ("see_to", BOTH, "UPDATE", here("partnerships_idea"), here("partnerships_idea")),
        ("own_of_the_person", "ds_worker", "ALL", f"owner_id = {ME}", "true"),
    ],
    "ideasupport": [
        ("read", BOTH, "SELECT", "idea_id IN (SELECT idea.id FROM partnerships_idea idea)", None),
        (
            "support",
            BOTH,
            "INSERT",
            None,
            f"person_id = {ME} AND idea_id IN (SELECT idea.id FROM partnerships_idea idea)",
        ),
        ("take_back", BOTH, "DELETE", f"person_id = {ME}", None),
        ("own_of_the_person", "ds_worker", "ALL", f"person_id = {ME}", f"person_id = {ME}"),
    ],
    "quote": [
        ("own", BOTH, "SELECT", f"post_id IN ({OWN_POSTS}) AND post_id IN ({POSTS})", None),
        ("asked", "ds_facilitator", "SELECT", f"post_id IN ({LED_POSTS})", None),
        ("ask", "ds_facilitator", "INSERT", None, f"asked_by_id = {ME} AND post_id IN ({LED_POSTS})"),
        ("answer", BOTH, "UPDATE", f"post_id IN ({OWN_POSTS})", f"post_id IN ({OWN_POSTS})"),
        ("own_of_the_person", "ds_worker", "ALL", f"post_id IN ({OWN_POSTS})", f"post_id IN ({OWN_POSTS})"),
    ],
}
QUOTES = "SELECT quote.id FROM partnerships_quote quote"
OWN_QUOTES = f"{QUOTES} WHERE quote.post_id IN ({OWN_POSTS})"
# Not content any more: words that left with a yes. Only their writer sends them out or takes them back.
POLICIES["sharedquote"] = [
    ("read_where_allowed", "ds_leader, ds_board", "SELECT", "for_leaders", None),
    ("read", BOTH, "SELECT", f"quote_id IN ({QUOTES})", None),
    ("share", BOTH, "INSERT", None, f"quote_id IN ({OWN_QUOTES})"),
    ("take_back", BOTH, "UPDATE", f"quote_id IN ({OWN_QUOTES})", f"quote_id IN ({OWN_QUOTES})"),
    ("own_of_the_person", "ds_worker", "ALL", f"quote_id IN ({OWN_QUOTES})", f"quote_id IN ({OWN_QUOTES})"),
]

LEAVE = """
CREATE FUNCTION partnerships_leave_group(which uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE partnerships_groupmember SET until = greatest(partnerships_now(), since)
  WHERE group_id = which AND person_id = partnerships_me() AND role = 'caregiver' AND until IS NULL
$$;
"""


def policy(table, name, roles, command, using, check):
    """Return the statement that makes one policy."""
    rows = f" USING ({using})" if using else ""
    written = f" WITH CHECK ({check})" if check else ""
    return f"CREATE POLICY {name} ON partnerships_{table} FOR {command} TO {roles}{rows}{written}"


class Migration(migrations.Migration):
    """Functions, then the policies that stand on them."""

    dependencies = [("partnerships", "0002_grants"), ("accounts", "0002_grants")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(
                f"ALTER TABLE partnerships_{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                migrations.RunSQL.noop,
            )
            for table in POLICIES
        ),
        *(
            migrations.RunSQL(policy(table, *said), migrations.RunSQL.noop)
            for table, policies in POLICIES.items()
            for said in policies
        ),
        migrations.RunSQL(LEAVE, migrations.RunSQL.noop),
        migrations.RunSQL("REVOKE ALL ON FUNCTION partnerships_leave_group(uuid) FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION partnerships_leave_group(uuid) TO ds_caregiver, ds_facilitator",
            migrations.RunSQL.noop,
        ),
    ]
