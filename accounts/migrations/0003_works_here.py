"""The only way in which a page writes a membership: one that bars, for whoever says so of herself."""

from django.db import migrations

SAY_WORKS_HERE = """
CREATE FUNCTION accounts_say_works_here(who uuid, at_school uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO accounts_membership (id, person_id, kind, school_id, on_payroll, since)
  VALUES (gen_random_uuid(), who, 'staff', at_school, false, at)
  ON CONFLICT DO NOTHING;
  UPDATE accounts_link SET ends_at = at WHERE person_id = who AND (ends_at IS NULL OR ends_at > at);
  UPDATE accounts_person SET asked_about_work_at = at WHERE id = who;
END $$
"""
ARGUMENTS = "(uuid, uuid, timestamptz)"


class Migration(migrations.Migration):
    """Runs as the owner, with a pinned search path, for those who are named."""

    dependencies = [("accounts", "0002_grants")]
    operations = [
        migrations.RunSQL(SAY_WORKS_HERE, f"DROP FUNCTION accounts_say_works_here{ARGUMENTS}"),
        migrations.RunSQL(
            f"REVOKE ALL ON FUNCTION accounts_say_works_here{ARGUMENTS} FROM PUBLIC", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION accounts_say_works_here{ARGUMENTS} TO ds_link, ds_person",
            migrations.RunSQL.noop,
        ),
    ]
