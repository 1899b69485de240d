"""Fourth lock: row-level security on everything that families write, forced, fed by `app.person`.

Whoever acts reaches the groups she is in, of schools of which she is a caregiver (or, facilitating, a coordinator)
and at which no tie bars her, at the moment of the statement. Nobody said means no rows. The worker reaches what
belongs to the person for whom it acts. A policy says which rows change; which column of a row changes to what, and by
whom, the triggers say: a page that hides a text cannot rewrite it.
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

-- Leaders' pages may not read ties: this tells them their own, and nobody else's.
CREATE FUNCTION partnerships_my_schools(kinds text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT tie.school_id FROM accounts_membership tie
  WHERE tie.person_id = partnerships_me() AND tie.kind = ANY (kinds)
    AND tie.since <= partnerships_now() AND (tie.until IS NULL OR tie.until > partnerships_now())
$$;
REVOKE ALL ON FUNCTION partnerships_my_schools(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partnerships_my_schools(text[]) TO ds_leader, ds_board, ds_coordinator;

-- Both sides read whether an appointment still holds: it lapses the moment a tie of its person bars her.
CREATE FUNCTION partnerships_is_barred(who uuid, school uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM accounts_membership bar
    WHERE bar.person_id = who AND bar.school_id = school
      AND bar.since <= partnerships_now() AND (bar.until IS NULL OR bar.until > partnerships_now())
      AND (bar.kind IN ('staff', 'leader', 'teacher_seat', 'staff_seat', 'student_seat', 'principal_seat')
           OR (bar.kind = 'coordinator' AND bar.on_payroll IS DISTINCT FROM false)))
$$;
REVOKE ALL ON FUNCTION partnerships_is_barred(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partnerships_is_barred(uuid, uuid) TO ds_caregiver, ds_facilitator, ds_leader;
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
SIGNED = f"(signed_by_id IS NULL OR signed_by_id = {ME})"
NEW = f"{SIGNED} AND hidden_at IS NULL AND hidden_by_id IS NULL AND deleted_at IS NULL"
ONE_SPACE = (
    "(group_id IS NULL OR EXISTS (SELECT FROM partnerships_group grp"
    " WHERE grp.id = {0}.group_id AND grp.space_id = {0}.space_id))"
)
TRANSLATED = (
    "(post_id IN (SELECT post.id FROM partnerships_post post)"
    " OR reply_id IN (SELECT reply.id FROM partnerships_reply reply)"
    f" OR agreement_id IN ({AGREEMENTS}))"
)
WROTE_IT = f"({{0}}post_id IN ({OWN_POSTS}) OR {{0}}reply_id IN ({OWN_REPLIES}))"
REVIEWS = (
    f"({WROTE_IT} OR {{0}}post_id IN ({LED_POSTS}) OR {{0}}reply_id IN ({LED_REPLIES})"
    f" OR {{0}}agreement_id IN ({LED_AGREEMENTS}))"
)
REVIEWED = f"(by_id = {ME} OR {REVIEWS.format('')})"
# Whoever wrote a text claims it as she writes it: one whose writer was erased has no words left, and is nobody's.
JUST_WRITTEN = (
    f"(post_id IN ({POSTS} WHERE {SIGNED} AND deleted_at IS NULL)"
    f" OR reply_id IN (SELECT reply.id FROM partnerships_reply reply WHERE {SIGNED} AND deleted_at IS NULL))"
)
LED_THEMES = f"SELECT theme.id FROM partnerships_theme theme WHERE theme.group_id IN ({MY_GROUPS} WHERE mine.is_led)"
MARKED_HERE = (
    "(post_id IS NULL OR EXISTS (SELECT FROM partnerships_post post WHERE post.id = partnerships_idea.post_id"
    " AND post.space_id = partnerships_idea.space_id AND post.group_id IS NOT DISTINCT FROM partnerships_idea.group_id))"
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
            f"{here('partnerships_post')} AND {NEW} AND {ONE_SPACE.format('partnerships_post')}",
        ),
        ("take_back", BOTH, "UPDATE", f"id IN ({OWN_POSTS}) AND {here('partnerships_post')}", SIGNED),
        ("hide", "ds_facilitator", "UPDATE", here("partnerships_post", led=True), here("partnerships_post", led=True)),
        ("own_of_the_person", "ds_worker", "ALL", f"id IN ({OWN_POSTS})", f"id IN ({OWN_POSTS})"),
    ],
    "reply": [
        ("read", BOTH, "SELECT", f"post_id IN ({POSTS})", None),
        ("write", BOTH, "INSERT", None, f"post_id IN ({POSTS}) AND {NEW}"),
        ("take_back", BOTH, "UPDATE", f"id IN ({OWN_REPLIES}) AND post_id IN ({POSTS})", SIGNED),
        ("hide", "ds_facilitator", "UPDATE", f"post_id IN ({LED_POSTS})", f"post_id IN ({LED_POSTS})"),
        ("own_of_the_person", "ds_worker", "ALL", f"id IN ({OWN_REPLIES})", f"id IN ({OWN_REPLIES})"),
    ],
    "authorship": [
        ("own", f"{BOTH}, ds_worker", "SELECT", f"person_id = {ME}", None),
        ("write", BOTH, "INSERT", None, f"person_id = {ME} AND {JUST_WRITTEN}"),
        ("own_of_the_person", "ds_worker", "DELETE", f"person_id = {ME}", None),
    ],
    "reaction": [
        ("read", BOTH, "SELECT", f"post_id IN ({POSTS})", None),
        ("give", BOTH, "INSERT", None, f"person_id = {ME} AND post_id IN ({POSTS})"),
        ("take_back", BOTH, "DELETE", f"person_id = {ME}", None),
        ("own_of_the_person", "ds_worker", "ALL", f"person_id = {ME}", f"person_id = {ME}"),
    ],
    "translation": [
        ("read", BOTH, "SELECT", TRANSLATED, None),
        (
            "write",
            BOTH,
            "INSERT",
            None,
            f"by_id = {ME} AND {TRANSLATED} AND (reviewed_at IS NULL OR {REVIEWS.format('')})",
        ),
        ("review", BOTH, "UPDATE", f"{REVIEWED} AND {TRANSLATED}", REVIEWED),
        (
            "own_of_the_person",
            "ds_worker",
            "ALL",
            f"by_id = {ME} OR {WROTE_IT.format('')}",
            f"by_id IS NULL OR by_id = {ME} OR {WROTE_IT.format('')}",
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
        (
            "mark",
            BOTH,
            "INSERT",
            None,
            f"{here('partnerships_idea')} AND {ONE_SPACE.format('partnerships_idea')} AND {MARKED_HERE}"
            f" AND (owner_id IS NULL OR owner_id = {ME}) AND merged_into_id IS NULL AND requested_at IS NULL",
        ),
        ("see_to", BOTH, "UPDATE", here("partnerships_idea"), here("partnerships_idea")),
        ("own_of_the_person", "ds_worker", "ALL", f"owner_id = {ME}", f"owner_id IS NULL OR owner_id = {ME}"),
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
        (
            "ask",
            "ds_facilitator",
            "INSERT",
            None,
            f"asked_by_id = {ME} AND post_id IN ({LED_POSTS}) AND answered_at IS NULL AND withdrawn_at IS NULL",
        ),
        ("answer", BOTH, "UPDATE", f"post_id IN ({OWN_POSTS})", f"post_id IN ({OWN_POSTS})"),
        ("own_of_the_person", "ds_worker", "ALL", f"post_id IN ({OWN_POSTS})", f"post_id IN ({OWN_POSTS})"),
    ],
    "theme": [
        ("read", BOTH, "SELECT", f"group_id IN ({MY_GROUPS})", None),
        (
            "show",
            "ds_facilitator",
            "INSERT",
            None,
            f"group_id IN ({MY_GROUPS} WHERE mine.is_led) AND shown_at >= partnerships_now()"
            " AND NOT is_kept AND sent_at IS NULL",
        ),
        ("keep_or_send", BOTH, "UPDATE", f"group_id IN ({MY_GROUPS})", f"group_id IN ({MY_GROUPS})"),
    ],
    # Comments come from a series, which dialogue_series knows: its 0004_comments lets them be named.
    "themesource": [
        ("read", "ds_facilitator", "SELECT", f"theme_id IN ({LED_THEMES})", None),
        (
            "name_a_post",
            "ds_facilitator",
            "INSERT",
            None,
            f"theme_id IN ({LED_THEMES}) AND comment_id IS NULL AND EXISTS (SELECT FROM partnerships_post post"
            " JOIN partnerships_theme theme ON theme.group_id = post.group_id"
            " WHERE post.id = partnerships_themesource.post_id AND theme.id = partnerships_themesource.theme_id)",
        ),
    ],
}
# Not content any more, or a register: what families chose to share, what both sides sign, a member's own tries.
QUOTES = "SELECT quote.id FROM partnerships_quote quote"
OWN_QUOTES = f"{QUOTES} WHERE quote.post_id IN ({OWN_POSTS})"
AS_ALLOWED = (
    "(words = '' OR EXISTS (SELECT FROM partnerships_quote quote JOIN partnerships_post post ON post.id = quote.post_id"
    " JOIN partnerships_caregiverspace space ON space.id = post.space_id"
    " WHERE quote.id = quote_id AND space.school_id = partnerships_sharedquote.school_id"
    " AND quote.withdrawn_at IS NULL AND quote.words = partnerships_sharedquote.words"
    " AND quote.signature = partnerships_sharedquote.signature"
    " AND quote.for_leaders >= partnerships_sharedquote.for_leaders"
    " AND quote.for_public >= partnerships_sharedquote.for_public))"
)
MY_SCHOOLS = (
    "SELECT space.school_id FROM partnerships_my_places() mine"
    " JOIN partnerships_caregiverspace space ON space.id = mine.space_id"
)
LED_GROUP = (
    f"(group_id IN ({MY_GROUPS} WHERE mine.is_led) AND school_id = (SELECT space.school_id FROM partnerships_group grp"
    " JOIN partnerships_caregiverspace space ON space.id = grp.space_id"
    " WHERE grp.id = partnerships_sharedagreement.group_id))"
)
# Without a name, nobody counts: whether a nameless text makes a third author would tell whose it is.
COME_TOGETHER = (
    "(3 <= (SELECT count(DISTINCT post.signed_by_id) FROM partnerships_themesource source"
    " JOIN partnerships_post post ON post.id = source.post_id"
    " WHERE source.theme_id = partnerships_sharedtheme.theme_id AND post.hidden_at IS NULL)"
    " OR EXISTS (SELECT FROM partnerships_themesource source JOIN surveys_comment comment ON comment.id = source.comment_id"
    " WHERE source.theme_id = partnerships_sharedtheme.theme_id GROUP BY comment.form_id HAVING count(*) >= 3))"
)
AS_SHOWN = (
    "EXISTS (SELECT FROM partnerships_theme theme JOIN partnerships_group grp ON grp.id = theme.group_id"
    " JOIN partnerships_caregiverspace space ON space.id = grp.space_id"
    " WHERE theme.id = theme_id AND theme.sent_at IS NOT NULL AND space.school_id = partnerships_sharedtheme.school_id"
    " AND theme.text = partnerships_sharedtheme.text AND theme.language = partnerships_sharedtheme.language"
    " AND theme.translated = partnerships_sharedtheme.translated)"
)
CONCERNED = f"(school_id IN ({MY_SCHOOLS}) OR person_id = {ME})"


def school_of(*kinds):
    """Return the condition that the row is of a school at which whoever acts is one of these."""
    return f"school_id IN (SELECT partnerships_my_schools(ARRAY[{', '.join(map(repr, kinds))}]))"


LEADS = school_of("leader", "principal_seat")
SITS = school_of("parent_seat", "community_seat", "teacher_seat", "staff_seat", "student_seat", "principal_seat")
POLICIES |= {
    # Only whoever wrote the words sends them out, word for word as she was asked, or takes them back.
    "sharedquote": [
        ("read_as_leader", "ds_leader", "SELECT", f"for_leaders AND {LEADS}", None),
        ("read_on_board", "ds_board", "SELECT", f"for_leaders AND {SITS}", None),
        ("read", BOTH, "SELECT", f"quote_id IN ({QUOTES})", None),
        ("share", BOTH, "INSERT", None, f"quote_id IN ({OWN_QUOTES}) AND {AS_ALLOWED}"),
        ("take_back", BOTH, "UPDATE", f"quote_id IN ({OWN_QUOTES})", f"quote_id IN ({OWN_QUOTES}) AND {AS_ALLOWED}"),
        ("own_of_the_person", "ds_worker", "ALL", f"quote_id IN ({OWN_QUOTES})", f"quote_id IN ({OWN_QUOTES})"),
    ],
    "sharedagreement": [
        ("read_as_leader", "ds_leader", "SELECT", LEADS, None),
        ("read_on_board", "ds_board", "SELECT", SITS, None),
        ("read_at_desk", "ds_coordinator", "SELECT", school_of("coordinator"), None),
        ("read", BOTH, "SELECT", f"group_id IN ({MY_GROUPS})", None),
        ("publish", "ds_facilitator", "ALL", LED_GROUP, LED_GROUP),
    ],
    # Once it is there it stays as it is; families read the theme itself.
    "sharedtheme": [
        ("read_as_leader", "ds_leader", "SELECT", LEADS, None),
        ("read_on_board", "ds_board", "SELECT", SITS, None),
        (
            "send",
            "ds_facilitator",
            "INSERT",
            None,
            f"theme_id IN ({LED_THEMES}) AND {AS_SHOWN} AND {COME_TOGETHER}",
        ),
    ],
    "outreachlead": [
        ("read", BOTH, "SELECT", CONCERNED, None),
        (
            "propose",
            BOTH,
            "INSERT",
            None,
            f"school_id IN ({MY_SCHOOLS}) AND proposed_by_id = {ME} AND (accepted_at IS NULL OR person_id = {ME})"
            f" AND (parents_signed_by_id IS NULL OR parents_signed_by_id = {ME}) AND ended_at IS NULL"
            " AND (parents_signed_at IS NULL) = (parents_signed_by_id IS NULL)"
            " AND leaders_signed_by_id IS NULL AND leaders_signed_at IS NULL",
        ),
        ("sign", BOTH, "UPDATE", CONCERNED, CONCERNED),
        ("read_as_leader", "ds_leader", "SELECT", LEADS, None),
        ("sign_as_leader", "ds_leader", "UPDATE", LEADS, LEADS),
        # The worker's own job: it forgets what ended long ago, and names nobody who was erased.
        ("forget", "ds_worker", "ALL", "true", "true"),
    ],
    "doortrial": [
        ("read", BOTH, "SELECT", f"person_id = {ME} AND group_id IN ({MY_GROUPS})", None),
        (
            "ask",
            BOTH,
            "INSERT",
            None,
            f"person_id = {ME} AND group_id IN ({MY_GROUPS}) AND answered_at IS NULL AND answers = '[]'",
        ),
        # The worker's own job: it tries the door, and forgets the tries.
        ("try", "ds_worker", "ALL", "true", "true"),
    ],
}


def refuse_unless(columns, allowed):
    """Return the lines of a trigger that refuse to change these columns but as allowed."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"""
  IF ({new}) IS DISTINCT FROM ({old}) AND ({allowed}) IS NOT TRUE THEN
    RAISE insufficient_privilege USING MESSAGE = 'This is not yours to change.';
  END IF;"""


def unsigned_or_mine(column):
    """Return the condition that a name was taken out, stays as it was, or is that of whoever acts."""
    return f"(NEW.{column} IS NULL OR NEW.{column} = OLD.{column} OR NEW.{column} = {ME})"


def taken_back_or_hidden(own, led):
    """Return what may become of a text: its writer takes it back, who facilitates hides it; nobody rewrites it."""
    kept = "NEW.text IN ('', OLD.text) AND coalesce(NEW.signed_by_id = OLD.signed_by_id, NEW.signed_by_id IS NULL)"
    return refuse_unless(("text", "signed_by_id", "deleted_at"), f"NEW.id IN ({own}) AND {kept}") + refuse_unless(
        ("hidden_at", "hidden_by_id", "hidden_reason"),
        # Of words that went with whoever wrote them, not even that they were hidden is kept.
        f"({led} AND {unsigned_or_mine('hidden_by_id')}) OR (NEW.text = '' AND current_user = 'ds_worker')",
    )


CHANGES = {
    "post": taken_back_or_hidden(OWN_POSTS, here("NEW", led=True)),
    "reply": taken_back_or_hidden(OWN_REPLIES, f"NEW.post_id IN ({LED_POSTS})"),
    # Its translator puts it otherwise, and then it is reviewed anew; it goes when the words it translates go.
    "translation": refuse_unless(
        ("text",),
        f"(OLD.by_id = {ME} OR (NEW.text = '' AND {WROTE_IT.format('NEW.')}))"
        f" AND (NEW.reviewed_at IS NULL OR {REVIEWS.format('NEW.')})",
    )
    + refuse_unless(("reviewed_at",), f"NEW.reviewed_at IS NULL OR {REVIEWS.format('NEW.')}"),
    # One offers oneself, and nobody else; who facilitates merges within the group, and turns into a request.
    "idea": refuse_unless(
        ("owner_id",), f"(OLD.owner_id IS NULL OR OLD.owner_id = {ME}) AND {unsigned_or_mine('owner_id')}"
    )
    + refuse_unless(
        ("merged_into_id", "requested_at"),
        f"{here('NEW', led=True)} AND (NEW.merged_into_id IS NULL OR EXISTS (SELECT FROM partnerships_idea other"
        " WHERE other.id = NEW.merged_into_id AND other.space_id = NEW.space_id"
        " AND other.group_id IS NOT DISTINCT FROM NEW.group_id))",
    ),
    # Words that were asked for are never other words; they go when they are taken back.
    "quote": refuse_unless(("words",), "NEW.words = ''"),
    # Any member keeps it in the group, for good; after its time whoever facilitates sends it, once.
    "theme": refuse_unless(("is_kept",), "NEW.is_kept AND OLD.sent_at IS NULL AND partnerships_now() < OLD.shown_until")
    + refuse_unless(
        ("sent_at",),
        f"OLD.sent_at IS NULL AND partnerships_now() >= OLD.shown_until"
        f" AND NEW.group_id IN ({MY_GROUPS} WHERE mine.is_led)",
    ),
    # Each signs for herself; only the worker takes a name out, of somebody who is erased.
    "outreachlead": refuse_unless(("accepted_at",), f"OLD.person_id = {ME}")
    + refuse_unless(("ended_at",), "OLD.ended_at IS NULL")
    + "".join(
        refuse_unless(
            (f"{side}_signed_by_id", f"{side}_signed_at"),
            f"NEW.{side}_signed_by_id = {ME} OR (OLD.{side}_signed_by_id = {ME} AND current_user = 'ds_worker')",
        )
        for side in ("parents", "leaders")
    ),
}

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


def changes(table, lines):
    """Return the statements by which a table's rows change only as these lines of a trigger allow."""
    name = f"partnerships_{table}_changes"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN{lines}
  RETURN NEW;
END $$;
CREATE TRIGGER {name} BEFORE UPDATE ON partnerships_{table} FOR EACH ROW EXECUTE FUNCTION {name}()
"""


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
        *(migrations.RunSQL(changes(table, lines), migrations.RunSQL.noop) for table, lines in CHANGES.items()),
        migrations.RunSQL(LEAVE, migrations.RunSQL.noop),
        migrations.RunSQL("REVOKE ALL ON FUNCTION partnerships_leave_group(uuid) FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION partnerships_leave_group(uuid) TO ds_caregiver, ds_facilitator",
            migrations.RunSQL.noop,
        ),
    ]
