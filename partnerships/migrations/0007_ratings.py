"""Each side of a joint meeting rates for itself alone, and reads nothing before both have.

Not forced on the owner, whose function tells which sides have rated, and never how.
"""

from django.db import migrations

LED_SCHOOLS = (
    "SELECT space.school_id FROM partnerships_my_places() mine"
    " JOIN partnerships_caregiverspace space ON space.id = mine.space_id WHERE mine.is_led"
)
AS_LEADER = "SELECT mine FROM partnerships_my_schools(ARRAY['leader', 'principal_seat']) mine"


def at(schools):
    """Return the condition that a rating is of a published meeting of one of these schools."""
    return (
        "meeting_id IN (SELECT meeting.id FROM partnerships_jointmeeting meeting"
        f" WHERE meeting.published_at IS NOT NULL AND meeting.school_id IN ({schools}))"
    )


STATEMENTS = [
    """
CREATE FUNCTION partnerships_sides_rated(meeting uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(string_agg(rating.side, ' ' ORDER BY rating.side), '')
  FROM partnerships_meetingrating rating WHERE rating.meeting_id = meeting
$$;
REVOKE ALL ON FUNCTION partnerships_sides_rated(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partnerships_sides_rated(uuid) TO ds_caregiver, ds_facilitator, ds_coordinator, ds_leader;
""",
    "ALTER TABLE partnerships_meetingrating ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY read_both ON partnerships_meetingrating FOR SELECT"
    " TO ds_caregiver, ds_facilitator, ds_coordinator, ds_leader"
    " USING (partnerships_sides_rated(meeting_id) = 'families staff')",
    "CREATE POLICY rate_for_families ON partnerships_meetingrating FOR INSERT TO ds_facilitator"
    f" WITH CHECK (side = 'families' AND {at(LED_SCHOOLS)})",
    "CREATE POLICY rate_for_staff ON partnerships_meetingrating FOR INSERT TO ds_leader"
    f" WITH CHECK (side = 'staff' AND {at(AS_LEADER)})",
    "CREATE POLICY keep ON partnerships_meetingrating FOR ALL TO ds_worker USING (true) WITH CHECK (true)",
]


class Migration(migrations.Migration):
    """Policies and the function that they ask: what no model can say."""

    dependencies = [("partnerships", "0006_consulting")]
    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
