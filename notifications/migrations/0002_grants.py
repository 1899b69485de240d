"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

EVERYBODY = (
    "ds_public, ds_person, ds_link, ds_caregiver, ds_facilitator, ds_coordinator, ds_staff, ds_leader, ds_board, "
    "ds_district, ds_evaluator, ds_operator"
)

GRANTS = {
    EVERYBODY: {
        "notifications_clockoffset": "SELECT",
    },
    "ds_web": {
        "notifications_clockoffset": "SELECT",
    },
    "ds_public": {
        "notifications_address": "SELECT, UPDATE (verified_at)",
        "notifications_addressowner": "SELECT",
        "notifications_intent": "INSERT",
        "notifications_providerevent": "INSERT",
    },
    "ds_person": {
        "notifications_address": "SELECT, UPDATE (language, stopped_at)",
        "notifications_addressowner": "SELECT",
        "notifications_intent": "INSERT",
    },
    "ds_link": {
        "notifications_address": "SELECT, UPDATE (language, verified_at, stopped_at)",
        "notifications_addressowner": "SELECT",
        "notifications_intent": "INSERT",
    },
    "ds_caregiver": {
        "notifications_intent": "INSERT",
    },
    "ds_facilitator": {
        "notifications_intent": "INSERT",
    },
    "ds_leader": {
        "notifications_intent": "INSERT",
    },
    "ds_coordinator": {
        "notifications_address, notifications_addressowner": "SELECT, INSERT",
        "notifications_paststop": "SELECT",
        "notifications_intent": "INSERT",
        "notifications_message, notifications_messageperson": "SELECT",
    },
    "ds_worker": {
        (
            "notifications_clockoffset, notifications_address, notifications_addressowner, notifications_paststop, "
            "notifications_intent, notifications_message, notifications_messageperson, notifications_attempt, notifications_providerevent"
        ): "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_backup": {
        (
            "notifications_clockoffset, notifications_address, notifications_addressowner, notifications_paststop, "
            "notifications_intent, notifications_message, notifications_messageperson, notifications_attempt, notifications_providerevent"
        ): "SELECT",
    },
}


# Who got a second request has not answered yet: no page may list it, so no page's role can read it (trust.md S3).
POLICIES = """
ALTER TABLE notifications_message ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications_messageperson ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker_sends ON notifications_message TO ds_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_lists ON notifications_messageperson TO ds_worker USING (true) WITH CHECK (true);
CREATE POLICY secret_is_unseen ON notifications_message FOR SELECT TO ds_coordinator USING (NOT secret);
CREATE POLICY secret_is_unseen ON notifications_messageperson FOR SELECT TO ds_coordinator
    USING (EXISTS (SELECT FROM notifications_message m WHERE m.id = message_id));
"""


class Migration(migrations.Migration):
    """Grants and two policies, and nothing else."""

    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON {table} TO {role}", migrations.RunSQL.noop)
        for role, tables in GRANTS.items()
        for table, rights in tables.items()
    ]
    operations += [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
    # The demonstration's role exists only with the embedded servers.
    operations += [
        migrations.RunSQL(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ds_demo') THEN "
            "GRANT SELECT, INSERT, UPDATE ON notifications_clockoffset TO ds_demo; "
            "END IF; END $$",
            migrations.RunSQL.noop,
        )
    ]
