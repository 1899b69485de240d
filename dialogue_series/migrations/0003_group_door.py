"""The only way in which a page makes somebody a member of a group: herself, holding a place in its series."""

from django.db import migrations

# Facilitators are members already: for them, as for all, it is written that they were asked whether they work here.
ENTER = """
CREATE FUNCTION dialogue_series_enter_group(which uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE accounts_person SET asked_about_work_at = partnerships_now()
  WHERE id = partnerships_me() AND asked_about_work_at IS NULL;
  INSERT INTO partnerships_groupmember (id, group_id, person_id, role, since)
  SELECT gen_random_uuid(), series.group_id, place.person_id, 'caregiver', partnerships_now()
  FROM dialogue_series_series series
  JOIN dialogue_series_enrolment place ON place.series_id = series.id
  WHERE series.id = which AND place.person_id = partnerships_me() AND place.state = 'joined'
    AND EXISTS (
      SELECT FROM accounts_membership tie
      WHERE tie.person_id = place.person_id AND tie.school_id = series.school_id AND tie.kind = 'caregiver'
        AND tie.since <= partnerships_now() AND (tie.until IS NULL OR tie.until > partnerships_now()))
    AND NOT EXISTS (
      SELECT FROM accounts_membership bar
      WHERE bar.person_id = place.person_id AND bar.school_id = series.school_id
        AND bar.since <= partnerships_now() AND (bar.until IS NULL OR bar.until > partnerships_now())
        AND (bar.kind IN ('staff', 'leader', 'teacher_seat', 'staff_seat', 'student_seat', 'principal_seat')
             OR (bar.kind = 'coordinator' AND bar.on_payroll IS DISTINCT FROM false)))
  ON CONFLICT DO NOTHING;
END $$
"""


class Migration(migrations.Migration):
    """Runs as the owner, with a pinned search path, for those who are named."""

    dependencies = [("dialogue_series", "0002_grants"), ("partnerships", "0003_walls")]
    operations = [
        migrations.RunSQL(ENTER, "DROP FUNCTION dialogue_series_enter_group(uuid)"),
        migrations.RunSQL(
            "REVOKE ALL ON FUNCTION dialogue_series_enter_group(uuid) FROM PUBLIC", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            "GRANT EXECUTE ON FUNCTION dialogue_series_enter_group(uuid) TO ds_caregiver, ds_facilitator",
            migrations.RunSQL.noop,
        ),
    ]
