"""Notes are their author's alone; what families said waits for them; a finding stands on what can be read.

Finding and source are not forced: the owner, and nobody else, makes a draft of what lost a source.
"""

from django.db import migrations

ME, NOW = "partnerships_me()", "partnerships_now()"
BOTH, MAKERS = "ds_caregiver, ds_facilitator", "ds_evaluator, ds_facilitator"
LEADERS = "partnerships_my_schools(ARRAY['leader', 'principal_seat'])"

# Evaluators' pages may not read ties: this tells them their own schools, and nobody else's.
FUNCTIONS = """
CREATE FUNCTION insights_evaluated_schools() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT school.id FROM accounts_membership tie JOIN accounts_school school ON school.district_id = tie.district_id
  WHERE tie.person_id = partnerships_me() AND tie.kind = 'evaluator'
    AND tie.since <= partnerships_now() AND (tie.until IS NULL OR tie.until > partnerships_now())
$$;
REVOKE ALL ON FUNCTION insights_evaluated_schools() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION insights_evaluated_schools() TO ds_evaluator;

-- Nothing where there is no source, or one that its reader cannot read any more.
CREATE FUNCTION insights_band_of(which uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  WITH found AS (
    SELECT source.kind, release.n_band, line.talk_kind,
      coalesce(release.id, theme.theme_id, quote.quote_id, line.id) IS NOT NULL AS stands
    FROM insights_findingsource source
    JOIN insights_finding finding ON finding.id = source.finding_id
    JOIN dialogue_series_series series ON series.id = finding.series_id
    LEFT JOIN (surveys_release release JOIN surveys_wave wave ON wave.id = release.wave_id)
      ON source.kind = 'result' AND release.id = source.of AND release.band <> '' AND wave.ring_id = series.ring_id
    LEFT JOIN partnerships_sharedtheme theme
      ON source.kind = 'theme' AND theme.theme_id = source.of AND theme.school_id = series.school_id
    LEFT JOIN partnerships_sharedquote quote ON source.kind = 'quote' AND quote.quote_id = source.of
      AND quote.school_id = series.school_id AND quote.for_public AND quote.words <> ''
    LEFT JOIN insights_releasedline line ON source.kind = 'line' AND line.id = source.of
      AND line.series_id = series.id AND line.text <> '' AND NOT line.is_kept AND line.out_at <= partnerships_now()
    WHERE source.finding_id = which)
  SELECT CASE WHEN bool_and(stands) THEN coalesce(
    (SELECT n_band FROM found WHERE kind = 'result' ORDER BY split_part(n_band, '-', 1)::int LIMIT 1),
    (SELECT 'three_or_more' FROM found WHERE kind = 'theme' OR talk_kind = 'focus_group' LIMIT 1)) END
  FROM found
$$;

-- All of somebody's words, or six of them in a row, as partnerships.actions.commitments.repeats finds them.
CREATE FUNCTION insights_repeats(hers text, VARIADIC said text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  WITH plain AS (SELECT regexp_split_to_array(trim(regexp_replace(lower(hers), '\\W+', ' ', 'g')), ' ') AS words)
  SELECT hers <> '' AND EXISTS (
    SELECT FROM plain, generate_series(1, greatest(cardinality(words) - 5, 1)) start, unnest(said) each
    WHERE strpos(' ' || regexp_replace(lower(each), '\\W+', ' ', 'g') || ' ',
                 ' ' || array_to_string(words[start:start + 5], ' ') || ' ') > 0)
$$;

-- Words that families kept, or can still keep. Only the owner, as whom the triggers below run, sees them all.
CREATE FUNCTION insights_is_kept(of uuid, besides uuid, VARIADIC said text[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM insights_releasedline line WHERE line.series_id = of AND line.id <> besides
                 AND (line.is_kept OR line.out_at > partnerships_now())
                 AND (insights_repeats(line.text, VARIADIC said) OR insights_repeats(line.translated, VARIADIC said)))
$$;
"""


def of_schools(schools):
    """Return the condition that the series is of one of these schools."""
    return f"series_id IN (SELECT series.id FROM dialogue_series_series series WHERE series.school_id IN ({schools}))"


EVALUATED = of_schools("SELECT insights_evaluated_schools()")
LED = of_schools(f"SELECT {LEADERS}")
# Whoever is in the group or holds a place in the series, and is barred by no tie.
MINE = (
    "(series.group_id IN (SELECT mine.group_id FROM partnerships_my_places() mine)"
    " OR EXISTS (SELECT FROM dialogue_series_enrolment place WHERE place.series_id = series.id"
    f" AND place.person_id = {ME} AND place.state = 'joined') AND NOT partnerships_is_barred({ME}, series.school_id))"
)
OF_THE_GROUP = f"series_id IN (SELECT series.id FROM dialogue_series_series series WHERE {MINE})"
FACILITATES = (
    "series_id IN (SELECT series.id FROM dialogue_series_series series WHERE series.group_id IN"
    " (SELECT mine.group_id FROM partnerships_my_places() mine WHERE mine.is_led))"
)
OUT = f"NOT is_kept AND out_at <= {NOW}"
OWN_TALK = f"talk_id IN (SELECT own.id FROM insights_talk own WHERE own.by_id = {ME})"
COPIED = (
    "EXISTS (SELECT FROM insights_talknote own JOIN insights_talk talk ON talk.id = own.talk_id"
    f" WHERE own.author_id = {ME} AND talk.by_id = {ME} AND talk.has_consent"
    " AND (own.id, talk.id, talk.kind, talk.series_id) = (insights_releasedline.note, insights_releasedline.talk_id,"
    " insights_releasedline.talk_kind, insights_releasedline.series_id))"
    f" AND released_at >= {NOW} AND NOT is_kept AND taken_back_at IS NULL"
)
PUBLISHED = "state = 'published'"
OF_A_FINDING = "finding_id IN (SELECT finding.id FROM insights_finding finding)"
# Table: (what it lets happen, to whom, for which command, rows reached, rows that may be written).
POLICIES = {
    "insights_talk": [
        ("evaluate", "ds_evaluator", "SELECT", EVALUATED, None),
        ("of_the_group", BOTH, "SELECT", OF_THE_GROUP, None),
        ("read_as_leader", "ds_leader", "SELECT", LED, None),
        ("own_of_the_person", "ds_worker", "SELECT", f"by_id = {ME}", None),
        ("log", "ds_evaluator", "INSERT", None, f"by_id = {ME} AND {EVALUATED}"),
        # What leaders say to an evaluator is not whoever facilitates to log.
        ("log_own", "ds_facilitator", "INSERT", None, f"by_id = {ME} AND {FACILITATES} AND kind <> 'debrief'"),
        ("correct", MAKERS, "UPDATE", f"by_id = {ME}", f"by_id = {ME}"),
    ],
    "insights_talknote": [
        ("own", MAKERS, "SELECT", f"author_id = {ME}", None),
        ("write", MAKERS, "INSERT", None, f"author_id = {ME} AND {OWN_TALK}"),
        ("code", MAKERS, "UPDATE", f"author_id = {ME}", f"author_id = {ME}"),
        ("remove", MAKERS, "DELETE", f"author_id = {ME}", None),
        ("own_of_the_person", "ds_worker", "ALL", f"author_id = {ME}", f"author_id = {ME}"),
    ],
    "insights_releasedline": [
        ("own", MAKERS, "SELECT", OWN_TALK, None),
        ("of_the_group", BOTH, "SELECT", OF_THE_GROUP, None),
        ("evaluate", "ds_evaluator", "SELECT", f"{EVALUATED} AND {OUT}", None),
        ("read_as_leader", "ds_leader", "SELECT", f"{LED} AND {OUT}", None),
        ("release", "ds_evaluator", "INSERT", None, f"{EVALUATED} AND {COPIED}"),
        ("release_own", "ds_facilitator", "INSERT", None, f"{FACILITATES} AND {COPIED}"),
        ("keep", BOTH, "UPDATE", f"{OF_THE_GROUP} AND out_at > {NOW}", OF_THE_GROUP),
        ("take_back", MAKERS, "UPDATE", OWN_TALK, OWN_TALK),
        # To tell families that it waits for them.
        ("waits", "ds_worker", "SELECT", f"NOT is_kept AND taken_back_at IS NULL AND out_at > {NOW}", None),
        # The owner alone: so that the same words do not go out by another way.
        ("compare", "CURRENT_USER", "SELECT", f"is_kept OR out_at > {NOW}", None),
    ],
    "insights_finding": [
        ("evaluate", "ds_evaluator", "ALL", EVALUATED, EVALUATED),
        ("read_as_leader", "ds_leader", "SELECT", f"{PUBLISHED} AND {LED}", None),
        ("of_the_group", BOTH, "SELECT", f"{PUBLISHED} AND {OF_THE_GROUP}", None),
        # For reports, which it writes of no person.
        ("in_reports", "ds_worker", "SELECT", PUBLISHED, None),
    ],
    "insights_findingsource": [
        ("evaluate", "ds_evaluator", "ALL", OF_A_FINDING, OF_A_FINDING),
        ("read", f"ds_leader, ds_worker, {BOTH}", "SELECT", OF_A_FINDING, None),
    ],
}
FORCED = ("insights_talk", "insights_talknote", "insights_releasedline")
EVERYBODY = "for_public AND words <> ''"
THEIR_SCHOOL = f"school_id IN (SELECT series.school_id FROM dialogue_series_series series WHERE {MINE})"
READ_HERE = [
    # Words that their writer let everybody read are read beside what they show.
    f"CREATE POLICY learn ON partnerships_sharedquote FOR SELECT TO {BOTH} USING ({EVERYBODY} AND {THEIR_SCHOOL})",
    "CREATE POLICY learn_as_leader ON partnerships_sharedquote FOR SELECT TO ds_leader"
    f" USING ({EVERYBODY} AND school_id IN (SELECT {LEADERS}))",
    "CREATE POLICY evaluate ON partnerships_sharedquote FOR SELECT TO ds_evaluator"
    f" USING ({EVERYBODY} AND school_id IN (SELECT insights_evaluated_schools()))",
    # For the owner alone, so that no finding repeats them: they would outlive their writer's taking them back.
    "CREATE POLICY compare ON partnerships_sharedquote FOR SELECT TO CURRENT_USER USING (words <> '')",
    f"CREATE POLICY waits ON partnerships_theme FOR SELECT TO ds_worker USING (NOT is_kept AND shown_until > {NOW})",
    "CREATE POLICY evaluate ON partnerships_sharedtheme FOR SELECT TO ds_evaluator"
    " USING (school_id IN (SELECT insights_evaluated_schools()))",
]
GRANTS = (
    "GRANT SELECT ON partnerships_sharedquote, partnerships_sharedtheme TO ds_evaluator",
    # Head counts, and whether a conversation with leaders was held.
    "GRANT SELECT (id, series_id, number, came, cancelled_at) ON dialogue_series_session TO ds_evaluator",
    "GRANT SELECT (cancelled_at) ON dialogue_series_session TO ds_leader",
    "GRANT SELECT (id, series_id, held_on) ON dialogue_series_checkin TO ds_caregiver",
)

TRIGGERS = """
-- A line is kept by any of the families while it waits, or taken back by its author; nobody rewrites it.
CREATE FUNCTION insights_line_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE free text[] := ARRAY['is_kept', 'text', 'translated', 'code', 'taken_back_at'];
BEGIN
  IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
     OR (NEW.is_kept <> OLD.is_kept
         AND (NEW.is_kept AND OLD.taken_back_at IS NULL AND partnerships_now() < OLD.out_at) IS NOT TRUE)
  THEN
    RAISE insufficient_privilege USING MESSAGE = 'This is not yours to change.';
  END IF;
  -- Asked apart: a family that keeps a line may not read whose talk it is from.
  IF (NEW.text, NEW.translated, NEW.code, NEW.taken_back_at)
     IS DISTINCT FROM (OLD.text, OLD.translated, OLD.code, OLD.taken_back_at) THEN
    IF OLD.taken_back_at IS NOT NULL OR NEW.taken_back_at IS NULL OR NEW.text <> ''
       OR NOT EXISTS (SELECT FROM insights_talk own WHERE own.id = NEW.talk_id AND own.by_id = partnerships_me()) THEN
      RAISE insufficient_privilege USING MESSAGE = 'This is not yours to change.';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER line_changes BEFORE UPDATE ON insights_releasedline
  FOR EACH ROW EXECUTE FUNCTION insights_line_changes();

-- After the insert, so that it tells nothing to whoever may not let out a line here; the lock lets one that is being
-- let out with the same words be waited for.
CREATE FUNCTION insights_line_is_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('lines ' || NEW.series_id, 0));
  IF insights_is_kept(NEW.series_id, NEW.id, NEW.text, NEW.translated) THEN
    RAISE check_violation USING MESSAGE = 'These words stay with the families.', CONSTRAINT = 'kept';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION insights_line_is_new() FROM PUBLIC;
CREATE TRIGGER line_is_new AFTER INSERT ON insights_releasedline
  FOR EACH ROW EXECUTE FUNCTION insights_line_is_new();

-- Written as a draft, published with what its sources say, then changed and removed by nobody; it can be taken back.
CREATE FUNCTION insights_finding_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE free text[] := ARRAY['state', 'n_band', 'published_at', 'taken_back_at'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'published' THEN
      RAISE check_violation USING MESSAGE = 'A published finding stays.';
    END IF;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE check_violation USING MESSAGE = 'A finding begins as a draft.';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'published' THEN
    IF NEW.state <> 'draft' OR NEW.taken_back_at IS NULL OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
    THEN
      RAISE check_violation USING MESSAGE = 'A published finding stays.';
    END IF;
  ELSIF NEW.state = 'published' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('findings', 0));
    IF NEW.n_band IS DISTINCT FROM insights_band_of(NEW.id) THEN
      RAISE check_violation USING MESSAGE = 'A finding stands on sources that can be read, and says their n.';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finding_stands BEFORE INSERT OR UPDATE OR DELETE ON insights_finding
  FOR EACH ROW EXECUTE FUNCTION insights_finding_stands();

-- In its writer's words: neither what families keep, nor what one of them shared and can take back.
CREATE FUNCTION insights_finding_is_hers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE said text[] := ARRAY[NEW.claim_es, NEW.claim_en, NEW.limit_es, NEW.limit_en];
BEGIN
  IF insights_is_kept(NEW.series_id, NEW.id, VARIADIC said) THEN
    RAISE check_violation USING MESSAGE = 'These words stay with the families.', CONSTRAINT = 'kept';
  END IF;
  IF EXISTS (SELECT FROM partnerships_sharedquote quote
             JOIN dialogue_series_series series ON series.school_id = quote.school_id
             WHERE series.id = NEW.series_id AND (insights_repeats(quote.words, VARIADIC said)
                                                  OR insights_repeats(quote.translated, VARIADIC said))) THEN
    RAISE check_violation USING MESSAGE = 'These words are somebody''s own.', CONSTRAINT = 'own_words';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION insights_finding_is_hers() FROM PUBLIC;
CREATE TRIGGER finding_is_hers AFTER UPDATE ON insights_finding FOR EACH ROW
  WHEN (NEW.state = 'published' AND OLD.state <> 'published') EXECUTE FUNCTION insights_finding_is_hers();

CREATE FUNCTION insights_sources_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE finding uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.finding_id ELSE NEW.finding_id END;
BEGIN
  PERFORM FROM insights_finding WHERE id = finding AND state = 'published' FOR SHARE;
  IF FOUND OR TG_OP = 'UPDATE' THEN
    RAISE check_violation USING MESSAGE = 'What a published finding stands on stays.';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER sources_stay BEFORE INSERT OR UPDATE OR DELETE ON insights_findingsource
  FOR EACH ROW EXECUTE FUNCTION insights_sources_stay();

-- Whoever takes words back has no right on findings, and it must not depend on anybody remembering. The lock lets
-- one that is being published with these words be waited for, and then fall too.
CREATE FUNCTION insights_findings_fall() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE gone uuid := coalesce(to_jsonb(OLD) ->> 'quote_id', to_jsonb(OLD) ->> 'id')::uuid;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('findings', 0));
  UPDATE insights_finding SET state = 'draft', n_band = '', published_at = NULL, taken_back_at = partnerships_now()
  WHERE state = 'published' AND id IN (SELECT source.finding_id FROM insights_findingsource source
                                       WHERE source.of = gone AND source.kind IN ('quote', 'line'));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION insights_findings_fall() FROM PUBLIC;
CREATE TRIGGER findings_fall AFTER UPDATE ON partnerships_sharedquote FOR EACH ROW
  WHEN (OLD.for_public AND (NOT NEW.for_public OR NEW.words IS DISTINCT FROM OLD.words))
  EXECUTE FUNCTION insights_findings_fall();
CREATE TRIGGER findings_fall_with_its_row AFTER DELETE ON partnerships_sharedquote FOR EACH ROW
  WHEN (OLD.for_public) EXECUTE FUNCTION insights_findings_fall();
CREATE TRIGGER findings_fall AFTER UPDATE ON insights_releasedline FOR EACH ROW
  WHEN (NEW.text IS DISTINCT FROM OLD.text) EXECUTE FUNCTION insights_findings_fall();
CREATE TRIGGER findings_fall_with_its_row AFTER DELETE ON insights_releasedline FOR EACH ROW
  EXECUTE FUNCTION insights_findings_fall();

-- The report that holds it goes with it, by the same lock as with words (0004_reports).
CREATE FUNCTION insights_finding_leaves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('reports ' || series.school_id, 0))
  FROM dialogue_series_series series WHERE series.id = OLD.series_id;
  UPDATE insights_report SET state = 'taken_back', content = '{}', letter = '', a4 = ''
  WHERE state = 'made' AND OLD.id = ANY (findings);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION insights_finding_leaves() FROM PUBLIC;
CREATE TRIGGER leaves_reports AFTER UPDATE ON insights_finding FOR EACH ROW
  WHEN (OLD.state = 'published' AND NEW.state <> 'published') EXECUTE FUNCTION insights_finding_leaves();
"""


def policy(table, name, roles, command, using, check):
    """Return the statement that makes one policy."""
    rows = f" USING ({using})" if using else ""
    written = f" WITH CHECK ({check})" if check else ""
    return f"CREATE POLICY {name} ON {table} FOR {command} TO {roles}{rows}{written}"


class Migration(migrations.Migration):
    """Functions, the policies that stand on them, and triggers."""

    dependencies = [
        ("insights", "0004_reports"),
        ("dialogue_series", "0002_grants"),
        ("partnerships", "0004_boards"),
        ("surveys", "0004_released"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", migrations.RunSQL.noop)
            for table in POLICIES
        ),
        *(
            migrations.RunSQL(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY", migrations.RunSQL.noop)
            for table in FORCED
        ),
        *(
            migrations.RunSQL(policy(table, *said), migrations.RunSQL.noop)
            for table, policies in POLICIES.items()
            for said in policies
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in (*READ_HERE, *GRANTS, TRIGGERS)),
    ]
