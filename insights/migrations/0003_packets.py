"""Whoever facilitates strikes lines of a packet until the leaders' hour; from then on nobody changes it, by no way."""

from django.db import migrations

LED = (
    "packet_id IN (SELECT checkin.id FROM dialogue_series_checkin checkin"
    " JOIN dialogue_series_series series ON series.id = checkin.series_id"
    " WHERE series.group_id IN (SELECT mine.group_id FROM partnerships_my_places() mine WHERE mine.is_led))"
)
OUT = (
    "packet_id IN (SELECT packet.checkin_id FROM insights_packet packet WHERE packet.leaders_at <= partnerships_now())"
)

POLICIES = [
    f"CREATE POLICY look_through ON insights_packetline FOR SELECT TO ds_facilitator USING ({LED})",
    f"CREATE POLICY strike ON insights_packetline FOR UPDATE TO ds_facilitator"
    f" USING ({LED} AND NOT {OUT}) WITH CHECK ({LED} AND NOT {OUT})",
    # A line that was struck is not there for anybody else.
    f"CREATE POLICY frozen ON insights_packetline FOR SELECT TO ds_facilitator, ds_coordinator, ds_leader"
    f" USING (NOT is_struck AND {OUT})",
    "CREATE POLICY worker_reads ON insights_packetline FOR SELECT TO ds_worker USING (true)",
    "CREATE POLICY worker_writes ON insights_packetline FOR INSERT TO ds_worker WITH CHECK (true)",
    # What a packet is built from: themes that have left their group.
    "CREATE POLICY packets ON partnerships_sharedtheme FOR SELECT TO ds_worker USING (true)",
    "CREATE POLICY packets ON partnerships_theme FOR SELECT TO ds_worker USING (sent_at IS NOT NULL)",
]

# For every role, the owner too: by the clock, whether or not any process of ours was there at the hour.
FROZEN = """
CREATE FUNCTION insights_packet_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE check_violation USING MESSAGE = 'A packet stays as it was built.';
END $$;
CREATE TRIGGER packet_stays BEFORE UPDATE OR DELETE ON insights_packet
  FOR EACH ROW EXECUTE FUNCTION insights_packet_stays();
CREATE TRIGGER packet_stays BEFORE DELETE ON insights_packetline
  FOR EACH ROW EXECUTE FUNCTION insights_packet_stays();

CREATE FUNCTION insights_packet_freezes() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'is_struck') IS DISTINCT FROM (to_jsonb(OLD) - 'is_struck') THEN
    RAISE check_violation USING MESSAGE = 'A line is struck, never rewritten.';
  END IF;
  IF NOT EXISTS (SELECT FROM insights_packet packet
                 WHERE packet.checkin_id = NEW.packet_id AND packet.leaders_at > partnerships_now()) THEN
    RAISE check_violation USING MESSAGE = 'The packet is frozen.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER packet_freezes BEFORE INSERT OR UPDATE ON insights_packetline
  FOR EACH ROW EXECUTE FUNCTION insights_packet_freezes();
"""


class Migration(migrations.Migration):
    """Triggers and policies: what no model can say."""

    dependencies = [
        ("insights", "0002_grants"),
        ("dialogue_series", "0002_grants"),
        ("partnerships", "0003_walls"),
    ]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE insights_packetline ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            migrations.RunSQL.noop,
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in POLICIES),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
