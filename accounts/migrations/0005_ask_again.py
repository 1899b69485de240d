"""The only way in which the staff list touches a person: she is asked again whether she works at the school."""

from django.db import migrations

# Whoever only shares a phone with somebody who works there says so, and her group opens again.
ASK_AGAIN = """
CREATE FUNCTION accounts_ask_again(at_school uuid, listed text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE accounts_person SET asked_about_work_at = NULL
  WHERE id IN (
    SELECT owner.person_id FROM notifications_addressowner owner
    JOIN notifications_address address ON address.id = owner.address_id
    JOIN accounts_staffcontact contact ON contact.value = address.value AND contact.school_id = at_school
    WHERE address.value = ANY (listed))
$$
"""
ARGUMENTS = "(uuid, text[])"


class Migration(migrations.Migration):
    """Runs as the owner, with a pinned search path, for whoever keeps the list."""

    dependencies = [("accounts", "0004_say_paid"), ("notifications", "0001_initial")]
    operations = [
        migrations.RunSQL(ASK_AGAIN, f"DROP FUNCTION accounts_ask_again{ARGUMENTS}"),
        migrations.RunSQL(f"REVOKE ALL ON FUNCTION accounts_ask_again{ARGUMENTS} FROM PUBLIC", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION accounts_ask_again{ARGUMENTS} TO ds_coordinator", migrations.RunSQL.noop
        ),
    ]
