"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

READERS = "ds_caregiver, ds_facilitator, ds_coordinator, ds_leader, ds_board, ds_evaluator"
GRANTS = {
    "insights_familiesreading": {
        f"{READERS}, ds_worker, ds_backup": "SELECT",
        "ds_facilitator": "INSERT, UPDATE (text, language, written_at)",
        "ds_worker": "INSERT, UPDATE, DELETE",
    },
    # Frozen: written once by the worker, changed by nobody.
    "insights_helpshown": {
        f"{READERS}, ds_worker, ds_backup": "SELECT",
        "ds_worker": "INSERT",
    },
    "insights_evidence": {
        "ds_district, ds_worker": "SELECT, INSERT, DELETE",
        "ds_backup": "SELECT",
    },
    # Whoever facilitates may strike lines, until the hour that 0003_packets says; leaders read what is left then.
    "insights_packet": {
        "ds_facilitator, ds_coordinator, ds_leader, ds_worker, ds_backup": "SELECT",
        "ds_worker": "INSERT",
    },
    "insights_packetline": {
        "ds_facilitator, ds_coordinator, ds_leader, ds_worker, ds_backup": "SELECT",
        "ds_facilitator": "UPDATE (is_struck)",
        "ds_worker": "INSERT",
    },
}


class Migration(migrations.Migration):
    """Grants, and nothing else."""

    dependencies = [("insights", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON {table} TO {roles}", migrations.RunSQL.noop)
        for table, said in GRANTS.items()
        for roles, rights in said.items()
    ]
