"""The gate that no page and no statement of a page's role passes, and the rows that only some may read.

With school leaders a decision goes only with a receipt of these very words, or with a public "not consulted,
because…" about them: both foreign keys name the version, so that other words let go of either.
"""

from django.db import migrations

GATE = """
ALTER TABLE partnerships_receipt ADD CONSTRAINT receipt_of_a_version UNIQUE (id, decision_id, version);
ALTER TABLE partnerships_notconsulted ADD CONSTRAINT not_consulted_of_a_version UNIQUE (id, decision_id, version);
ALTER TABLE partnerships_decision
  ADD CONSTRAINT receipt_is_of_these_words FOREIGN KEY (receipt_id, id, version)
    REFERENCES partnerships_receipt (id, decision_id, version),
  ADD CONSTRAINT reason_is_of_these_words FOREIGN KEY (not_consulted_id, id, version)
    REFERENCES partnerships_notconsulted (id, decision_id, version);
ALTER TABLE partnerships_receipt
  ADD CONSTRAINT receipt_of_its_consultation FOREIGN KEY (consultation_id, decision_id, version)
    REFERENCES partnerships_consultation (id, decision_id, version);
"""
CONSULTATION_KEY = """
ALTER TABLE partnerships_consultation
  ADD CONSTRAINT consultation_of_a_version UNIQUE (id, decision_id, version);
"""

WORDS = (
    "title_es",
    "title_en",
    "background_es",
    "background_en",
    "question_es",
    "question_en",
    "options",
    "kind",
)
OUTCOME = ("decided_at", "outcome", "decided_es", "decided_en", "votes_for", "votes_against", "votes_abstained")


def changed(*columns):
    """Return the condition that one of these columns changes."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"(({new}) IS DISTINCT FROM ({old}))"


# From which state to which, and by whom; the rest is refused.
MOVES = f"""
CREATE FUNCTION partnerships_decision_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  move text;
  is_asked boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.version <> 1 OR NEW.receipt_id IS NOT NULL OR NEW.not_consulted_id IS NOT NULL
      OR NEW.decided_at IS NOT NULL OR NEW.carried_out_at IS NOT NULL THEN
      RAISE check_violation USING MESSAGE = 'A decision begins as a draft.';
    END IF;
    RETURN NEW;
  END IF;
  IF {changed("board_id", "school_id", "drafted_at")} THEN
    RAISE check_violation USING MESSAGE = 'A decision stays with its board.';
  END IF;
  is_asked := EXISTS (SELECT FROM partnerships_consultation asked
                      WHERE asked.decision_id = OLD.id AND asked.version = OLD.version)
    OR EXISTS (SELECT FROM partnerships_notconsulted said
               WHERE said.decision_id = OLD.id AND said.version = OLD.version);
  IF {changed("version", *WORDS)} THEN
    -- Other words: a draft again, with nothing that was said of the earlier ones.
    IF OLD.state NOT IN ('draft', 'consulted', 'with_leaders') OR NEW.state <> 'draft'
      OR NEW.version <> OLD.version + is_asked::int OR NEW.receipt_id IS NOT NULL OR NEW.not_consulted_id IS NOT NULL
      OR {changed(*OUTCOME, "carried_out_at")} THEN
      RAISE check_violation USING MESSAGE = 'Other words are asked about again.';
    END IF;
    RETURN NEW;
  END IF;
  move := OLD.state || ' ' || NEW.state;
  IF {changed("receipt_id")} AND NOT (move = 'consulting consulted' AND current_user = 'ds_worker')
    OR {changed("not_consulted_id")} AND NOT (move = 'draft with_leaders' AND current_user = 'ds_board')
    OR {changed(*OUTCOME)} AND move <> 'with_leaders decided'
    OR {changed("carried_out_at")} AND move <> 'decided carried_out'
    OR {changed("with_leaders_at")} AND NEW.state <> 'with_leaders'
    OR {changed("leaders_said", "leaders_said_language")}
      AND NOT (NEW.state IN ('with_leaders', 'decided', 'carried_out') AND current_user = 'ds_leader') THEN
    RAISE check_violation USING MESSAGE = 'A decision does not move so.';
  END IF;
  IF OLD.state <> NEW.state AND (current_user || ' ' || move) NOT IN (
      'ds_board draft consulting', 'ds_worker consulting consulted', 'ds_board consulted with_leaders',
      'ds_board draft with_leaders', 'ds_board with_leaders decided', 'ds_leader decided carried_out')
    OR move = 'draft consulting' AND NOT is_asked THEN
    RAISE check_violation USING MESSAGE = 'A decision does not move so.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_moves BEFORE INSERT OR UPDATE ON partnerships_decision
  FOR EACH ROW EXECUTE FUNCTION partnerships_decision_moves();

CREATE FUNCTION partnerships_asked_in_its_words() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM partnerships_decision decision WHERE decision.id = NEW.decision_id
                 AND decision.version = NEW.version AND decision.state = 'draft') THEN
    RAISE check_violation USING MESSAGE = 'A draft is asked about in the words that it has.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER asked_in_its_words BEFORE INSERT ON partnerships_notconsulted
  FOR EACH ROW EXECUTE FUNCTION partnerships_asked_in_its_words();
CREATE TRIGGER asked_in_its_words BEFORE INSERT ON partnerships_consultation
  FOR EACH ROW EXECUTE FUNCTION partnerships_asked_in_its_words();
"""

# The coordinator ends a term early; she may change no tie by herself, and none but that of a seat.
END_TERM = """
CREATE FUNCTION partnerships_end_seat(term uuid, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE accounts_membership tie SET until = greatest(at, tie.since)
  FROM partnerships_seatterm held
  WHERE held.id = term AND tie.id = held.membership_id AND (tie.until IS NULL OR tie.until > at)
    AND tie.kind IN ('parent_seat', 'community_seat', 'teacher_seat', 'staff_seat', 'student_seat', 'principal_seat')
    AND tie.school_id IN (SELECT mine FROM partnerships_my_schools(ARRAY['coordinator']) mine)
    AND NOT EXISTS (SELECT FROM partnerships_seatterm other
                    WHERE other.membership_id = tie.id AND other.id <> term AND other.until_on >= at::date)
$$;
REVOKE ALL ON FUNCTION partnerships_end_seat(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partnerships_end_seat(uuid, timestamptz) TO ds_coordinator;
"""

BOTH = "ds_caregiver, ds_facilitator"
ME = "partnerships_me()"
NOW = "partnerships_now()"
LED_SCHOOLS = (
    "SELECT space.school_id FROM partnerships_my_places() mine"
    " JOIN partnerships_caregiverspace space ON space.id = mine.space_id WHERE mine.is_led"
)
# Families of a school whom no tie bars, in a group or not, and whoever facilitates one.
FAMILY_OF = (
    "SELECT tie.school_id FROM accounts_membership tie"
    f" WHERE tie.person_id = {ME} AND tie.since <= {NOW} AND (tie.until IS NULL OR tie.until > {NOW})"
    f" AND tie.kind = 'caregiver' AND NOT partnerships_is_barred({ME}, tie.school_id) UNION {LED_SCHOOLS}"
)
AS_LEADER = "school_id IN (SELECT mine FROM partnerships_my_schools(ARRAY['leader', 'principal_seat']) mine)"
REACHED = f"NOT is_held_back AND reaches_at <= {NOW}"
POLICIES = {
    "partnerships_seatstep": [
        ("own", BOTH, "ALL", f"person_id = {ME}", f"person_id = {ME}"),
        ("count", "ds_worker", "ALL", "true", "true"),
    ],
    "partnerships_question": [
        (
            "ask",
            BOTH,
            "INSERT",
            None,
            f"school_id IN ({FAMILY_OF}) AND NOT is_held_back AND answer = '' AND reaches_at > {NOW}",
        ),
        ("read_once_passed", BOTH, "SELECT", f"school_id IN ({FAMILY_OF}) AND {REACHED}", None),
        ("look_through", "ds_facilitator", "SELECT", f"school_id IN ({LED_SCHOOLS})", None),
        (
            "hold_back",
            "ds_facilitator",
            "UPDATE",
            f"school_id IN ({LED_SCHOOLS}) AND reaches_at > {NOW}",
            f"school_id IN ({LED_SCHOOLS})",
        ),
        ("read_as_leader", "ds_leader", "SELECT", f"{AS_LEADER} AND {REACHED}", None),
        ("answer", "ds_leader", "UPDATE", f"{AS_LEADER} AND {REACHED}", AS_LEADER),
        ("keep", "ds_worker", "ALL", "true", "true"),
    ],
}
MORE_POLICIES = [
    f"CREATE POLICY families ON partnerships_sharedtheme FOR SELECT TO {BOTH} USING (school_id IN ({FAMILY_OF}))",
    # What families answered a board in their own words: whoever facilitates at the school, and themes of it.
    f"""
CREATE POLICY of_a_consultation ON surveys_comment FOR SELECT TO ds_facilitator USING (batch_id IN (
  SELECT batch.id FROM surveys_commentbatch batch
  JOIN partnerships_consultation asked ON asked.ring_id = batch.ring_id
  WHERE asked.school_id IN ({LED_SCHOOLS})))
""",
    """
CREATE POLICY name_an_answer ON partnerships_themesource FOR INSERT TO ds_facilitator WITH CHECK (
  post_id IS NULL AND EXISTS (
    SELECT FROM surveys_comment comment
    JOIN surveys_commentbatch batch ON batch.id = comment.batch_id
    JOIN partnerships_consultation asked ON asked.ring_id = batch.ring_id
    JOIN partnerships_theme theme ON theme.consultation_id = asked.id
    WHERE comment.id = partnerships_themesource.comment_id AND theme.id = partnerships_themesource.theme_id
      AND theme.group_id IN (SELECT mine.group_id FROM partnerships_my_places() mine WHERE mine.is_led)))
""",
]


def policy(table, name, roles, command, using, check):
    """Return the statement that makes one policy."""
    rows = f" USING ({using})" if using else ""
    written = f" WITH CHECK ({check})" if check else ""
    return f"CREATE POLICY {name} ON {table} FOR {command} TO {roles}{rows}{written}"


STATEMENTS = [
    CONSULTATION_KEY,
    GATE,
    MOVES,
    END_TERM,
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY" for table in POLICIES),
    *(policy(table, *said) for table, policies in POLICIES.items() for said in policies),
    *MORE_POLICIES,
]


class Migration(migrations.Migration):
    """Constraints over two tables, triggers and policies: what no model can say."""

    dependencies = [
        ("partnerships", "0003_walls"),
        ("accounts", "0002_grants"),
        ("surveys", "0004_released"),
    ]
    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
