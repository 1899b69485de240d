"""The only two doors to the inbox: a web role may put a box, and learns nothing by it."""

from django.db import migrations

# The lock waits for a closing that is under way, then looks again: no box arrives after the close.
LOCK_AND_CHECK = """
  PERFORM 1 FROM surveys_form WHERE id = which AND closed_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'closed' USING ERRCODE = 'DS001';
  END IF;
"""

# A box of another form, closed perhaps, stays as it is whatever key is named.
PUT = f"""
CREATE FUNCTION surveys_put_box(which uuid, box_key bytea, sealed bytea, sealed_comment bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
{LOCK_AND_CHECK}
  INSERT INTO surveys_inboxbox AS given (key, form_id, box, comment_box)
  VALUES (box_key, which, sealed, sealed_comment)
  ON CONFLICT (key) DO UPDATE SET box = EXCLUDED.box, comment_box = EXCLUDED.comment_box
  WHERE given.form_id = EXCLUDED.form_id;
END $$
"""

PUT_PAPER = f"""
CREATE FUNCTION surveys_put_paper_box(which uuid, box_key bytea, sealed bytea, sealed_comment bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
{LOCK_AND_CHECK}
  INSERT INTO surveys_inboxbox (key, form_id, box, comment_box) VALUES (box_key, which, sealed, sealed_comment)
  ON CONFLICT (key) DO NOTHING;
END $$
"""

# All kept in the row: what is moved out of line, the key first, gets a serial number there in the order of arrival.
IN_LINE = """
ALTER TABLE surveys_inboxbox
  ALTER key SET STORAGE PLAIN, ALTER box SET STORAGE MAIN, ALTER comment_box SET STORAGE MAIN
"""

ARGUMENTS = "(uuid, bytea, bytea, bytea)"


class Migration(migrations.Migration):
    """Functions run as the owner, with a pinned search path, for those who are named."""

    dependencies = [("surveys", "0002_grants")]
    operations = [
        migrations.RunSQL(IN_LINE, migrations.RunSQL.noop),
        migrations.RunSQL(PUT, f"DROP FUNCTION surveys_put_box{ARGUMENTS}"),
        migrations.RunSQL(PUT_PAPER, f"DROP FUNCTION surveys_put_paper_box{ARGUMENTS}"),
        migrations.RunSQL(
            f"REVOKE ALL ON FUNCTION surveys_put_box{ARGUMENTS}, surveys_put_paper_box{ARGUMENTS} FROM PUBLIC",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION surveys_put_box{ARGUMENTS} TO ds_link, ds_caregiver", migrations.RunSQL.noop
        ),
        migrations.RunSQL(
            f"GRANT EXECUTE ON FUNCTION surveys_put_paper_box{ARGUMENTS} TO ds_facilitator", migrations.RunSQL.noop
        ),
    ]
