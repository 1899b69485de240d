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
        "notifications_intent": "SELECT, INSERT",
        "notifications_providerevent": "SELECT, INSERT",
    },
    "ds_person": {
        "notifications_address": "SELECT, UPDATE (language, stopped_at)",
        "notifications_addressowner": "SELECT",
        "notifications_intent": "SELECT, INSERT",
    },
    "ds_link": {
        "notifications_address": "SELECT, UPDATE (language, verified_at, stopped_at)",
        "notifications_addressowner": "SELECT",
        "notifications_intent": "SELECT, INSERT",
    },
    "ds_caregiver": {
        "notifications_address": "SELECT, UPDATE (language)",
        "notifications_addressowner": "SELECT",
        "notifications_intent": "SELECT, INSERT",
    },
    "ds_facilitator": {
        "notifications_intent": "SELECT, INSERT",
    },
    "ds_coordinator": {
        "notifications_address": "SELECT, INSERT, UPDATE",
        "notifications_addressowner": "SELECT, INSERT",
        "notifications_intent": "SELECT, INSERT",
        "notifications_message, notifications_messageperson": "SELECT",
    },
    "ds_worker": {
        (
            "notifications_clockoffset, notifications_address, notifications_addressowner, notifications_intent, "
            "notifications_message, notifications_messageperson, notifications_attempt, notifications_providerevent"
        ): "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_backup": {
        (
            "notifications_clockoffset, notifications_address, notifications_addressowner, notifications_intent, "
            "notifications_message, notifications_messageperson, notifications_attempt, notifications_providerevent"
        ): "SELECT",
    },
}


class Migration(migrations.Migration):
    """Grants, and nothing else."""

    dependencies = [("notifications", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON {table} TO {role}", migrations.RunSQL.noop)
        for role, tables in GRANTS.items()
        for table, rights in tables.items()
    ]
    # The demonstration's role exists only with the embedded servers.
    operations += [
        migrations.RunSQL(
            "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'ds_demo') THEN "
            "GRANT SELECT, INSERT, UPDATE ON notifications_clockoffset TO ds_demo; "
            "END IF; END $$",
            migrations.RunSQL.noop,
        )
    ]
