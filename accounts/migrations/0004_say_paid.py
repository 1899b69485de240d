"""The only way in which a page changes a membership: a coordinator says of herself whether the school pays her."""

from django.db import migrations

# A yes that is no news ends and logs nothing; nobody speaks for another person.
SAY_PAID = """
CREATE FUNCTION accounts_say_paid(who uuid, at_school uuid, is_paid boolean, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE accounts_membership SET on_payroll = is_paid
  WHERE person_id = who AND school_id = at_school AND kind = 'coordinator' AND (until IS NULL OR until > at)
    AND on_payroll IS DISTINCT FROM is_paid AND who::text = current_setting('app.person', true);
  IF NOT FOUND THEN
    RETURN;
  END IF;
  INSERT INTO accounts_logentry (id, by_id, act, school_id, at)
  VALUES (gen_random_uuid(), who, CASE WHEN is_paid THEN 'said_paid' ELSE 'said_unpaid' END, at_school, at);
  IF is_paid THEN
    UPDATE accounts_link SET ends_at = at WHERE person_id = who AND (ends_at IS NULL OR ends_at > at);
  END IF;
END $$
"""
ARGUMENTS = "(uuid, uuid, boolean, timestamptz)"


class Migration(migrations.Migration):
    """Runs as the owner, with a pinned search path, for pages of one's own account."""

    dependencies = [("accounts", "0003_works_here")]
    operations = [
        migrations.RunSQL(SAY_PAID, f"DROP FUNCTION accounts_say_paid{ARGUMENTS}"),
        migrations.RunSQL(f"REVOKE ALL ON FUNCTION accounts_say_paid{ARGUMENTS} FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION accounts_say_paid{ARGUMENTS} TO ds_person", migrations.RunSQL.noop
        ),
    ]
