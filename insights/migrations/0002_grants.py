"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

READERS = "ds_caregiver, ds_facilitator, ds_coordinator, ds_leader, ds_board, ds_evaluator"
GRANTS = {
    # Others than families from the hour that 0006_readings says.
    "insights_familiesreading": {
        f"{READERS}, ds_worker, ds_backup": "SELECT",
        "ds_facilitator": "INSERT, UPDATE (text, language, written_at, leaders_at)",
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
    # Whose row it is, which line waits or is out, and what is published: all of it is said in 0005_methods.
    "insights_talk": {
        "ds_caregiver, ds_leader": "SELECT (id, series_id, kind, held_on, came, has_consent)",
        "ds_facilitator, ds_evaluator": "SELECT, INSERT, UPDATE (came, has_consent)",
        "ds_worker, ds_backup": "SELECT",
    },
    "insights_talknote": {
        "ds_facilitator, ds_evaluator": "SELECT, INSERT, UPDATE (code), DELETE",
        "ds_worker": "SELECT, DELETE",
        "ds_backup": "SELECT",
    },
    "insights_releasedline": {
        "ds_caregiver, ds_facilitator, ds_leader, ds_evaluator, ds_backup": "SELECT",
        "ds_caregiver, ds_facilitator": "UPDATE (is_kept)",
        "ds_worker": "SELECT (id, series_id, out_at, is_kept, taken_back_at)",
        "ds_facilitator, ds_evaluator": "INSERT, UPDATE (text, translated, code, taken_back_at)",
    },
    "insights_finding": {
        "ds_caregiver, ds_facilitator, ds_leader, ds_evaluator, ds_worker, ds_backup": "SELECT",
        "ds_evaluator": (
            "INSERT, DELETE, UPDATE (claim_es, claim_en, limit_es, limit_en, state, n_band, published_at, taken_back_at)"
        ),
    },
    "insights_findingsource": {
        "ds_caregiver, ds_facilitator, ds_leader, ds_evaluator, ds_worker, ds_backup": "SELECT",
        "ds_evaluator": "INSERT, DELETE",
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
