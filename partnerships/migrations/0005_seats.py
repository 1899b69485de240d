"""The day from which seats that families hold are compared: a date, and nothing of who was in a group."""

from django.db import migrations

BEGAN = """
CREATE FUNCTION partnerships_families_began_on(school uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT (min(place.since) AT TIME ZONE min(here.zone))::date
  FROM partnerships_groupmember place
  JOIN partnerships_group grp ON grp.id = place.group_id
  JOIN partnerships_caregiverspace space ON space.id = grp.space_id
  JOIN accounts_school here ON here.id = space.school_id
  WHERE space.school_id = school AND place.since <= partnerships_now()
$$;
REVOKE ALL ON FUNCTION partnerships_families_began_on(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partnerships_families_began_on(uuid) TO ds_caregiver, ds_facilitator, ds_board, ds_leader;
"""


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("partnerships", "0004_boards")]
    operations = [migrations.RunSQL(BEGAN, migrations.RunSQL.noop)]
