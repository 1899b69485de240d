"""Results reach their readers at their hour, comments only whoever a policy names; published questions stay."""

from django.db import migrations

FAMILIES = "ds_caregiver, ds_facilitator"
OTHERS = "ds_coordinator, ds_leader, ds_board, ds_district, ds_evaluator"
NOW = "coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now())"
READ_AT = "wave_id IN (SELECT wave.id FROM surveys_wave wave WHERE wave.{0} <= {1})"

POLICIES = [
    f"CREATE POLICY families ON surveys_release FOR SELECT TO {FAMILIES} USING ({READ_AT.format('families_at', NOW)})",
    f"CREATE POLICY others ON surveys_release FOR SELECT TO {OTHERS} USING ({READ_AT.format('leaders_at', NOW)})",
    # Once written, a result is never changed: there is no policy for UPDATE or DELETE.
    "CREATE POLICY worker_reads ON surveys_release FOR SELECT TO ds_worker USING (true)",
    "CREATE POLICY worker_writes ON surveys_release FOR INSERT TO ds_worker WITH CHECK (true)",
    "CREATE POLICY worker ON surveys_comment FOR ALL TO ds_worker USING (true) WITH CHECK (true)",
]

STAYS = """
CREATE FUNCTION surveys_published_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE touched uuid[];
BEGIN
  -- Where a row was and where it goes: nothing is carried into a published instrument either.
  IF TG_TABLE_NAME = 'surveys_instrument' THEN
    touched := ARRAY[OLD.id];
  ELSIF TG_TABLE_NAME = 'surveys_item' THEN
    touched := ARRAY[OLD.instrument_id, NEW.instrument_id];
  ELSE
    touched := ARRAY(SELECT item.instrument_id FROM surveys_item item WHERE item.id IN (OLD.item_id, NEW.item_id));
  END IF;
  IF EXISTS (SELECT FROM surveys_instrument WHERE id = ANY (touched) AND published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'published' USING ERRCODE = 'DS002';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON surveys_instrument
  FOR EACH ROW EXECUTE FUNCTION surveys_published_stays();
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON surveys_item
  FOR EACH ROW EXECUTE FUNCTION surveys_published_stays();
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON surveys_option
  FOR EACH ROW EXECUTE FUNCTION surveys_published_stays();
"""


class Migration(migrations.Migration):
    """Forced, so that the owner is held by them too."""

    dependencies = [("surveys", "0003_inbox")]
    operations = [
        *(
            migrations.RunSQL(
                f"ALTER TABLE surveys_{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                migrations.RunSQL.noop,
            )
            for table in ("release", "comment")
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in POLICIES),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
