"""A report stays as it was made, until words in it are taken back: then all of it goes, in the same moment."""

from django.db import migrations

STAYS = """
CREATE FUNCTION insights_report_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' THEN
      RAISE EXCEPTION 'frozen' USING ERRCODE = 'DS003';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.series_id, NEW.version, NEW.asked_at) IS DISTINCT FROM
     (OLD.id, OLD.series_id, OLD.version, OLD.asked_at)
     OR NOT (OLD.state = 'asked' AND NEW.state = 'made'
             OR OLD.state = 'made' AND NEW.state = 'taken_back' AND NEW.made_at = OLD.made_at) THEN
    RAISE EXCEPTION 'frozen' USING ERRCODE = 'DS003';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_stays BEFORE INSERT OR UPDATE ON insights_report
  FOR EACH ROW EXECUTE FUNCTION insights_report_stays();
"""

# Whoever takes words back has no right on reports, and it must not depend on anybody remembering. The lock is that of
# insights/reports/actions.py: a report that is being made with these words is waited for, and then goes too.
TAKEN_BACK = """
CREATE FUNCTION insights_take_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('reports ' || OLD.school_id, 0));
  UPDATE insights_report SET state = 'taken_back', content = '{}', letter = '', a4 = ''
  WHERE state = 'made' AND OLD.quote_id = ANY (quotes);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION insights_take_back() FROM PUBLIC;
CREATE TRIGGER leaves_reports AFTER UPDATE ON partnerships_sharedquote FOR EACH ROW
  WHEN (OLD.for_public AND (NOT NEW.for_public OR NEW.words IS DISTINCT FROM OLD.words))
  EXECUTE FUNCTION insights_take_back();
CREATE TRIGGER leaves_reports_with_its_row AFTER DELETE ON partnerships_sharedquote FOR EACH ROW
  WHEN (OLD.for_public) EXECUTE FUNCTION insights_take_back();
"""

# The worker writes the report of no person: of shared words it reads those alone that are for everybody.
IN_REPORTS = """
CREATE POLICY in_reports ON partnerships_sharedquote FOR SELECT TO ds_worker USING (for_public AND words <> '')
"""

READERS = "ds_caregiver, ds_facilitator, ds_coordinator, ds_staff, ds_leader, ds_board, ds_district"
GRANTS = (
    f"GRANT SELECT ON insights_report, insights_sharedreport TO {READERS}, ds_worker, ds_backup",
    # They ask for a version; what is in it only the worker writes, once.
    "GRANT INSERT ON insights_report TO ds_leader, ds_facilitator, ds_worker",
    "GRANT UPDATE (state, made_at, content, quotes, findings, letter, a4) ON insights_report TO ds_worker",
    "GRANT INSERT, DELETE ON insights_sharedreport TO ds_leader",
    # Of which series a report is.
    "GRANT SELECT (id, school_id, name, published_at, ring_id) ON dialogue_series_series TO ds_staff, ds_district",
)


class Migration(migrations.Migration):
    """Triggers, a policy and grants."""

    dependencies = [("insights", "0003_packets"), ("partnerships", "0003_walls")]
    operations = [
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
        migrations.RunSQL(TAKEN_BACK, migrations.RunSQL.noop),
        migrations.RunSQL(IN_REPORTS, migrations.RunSQL.noop),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in GRANTS),
    ]
