"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

GRANTS = {
    "ds_caregiver, ds_facilitator, ds_coordinator, ds_leader, ds_board, ds_evaluator, ds_worker, ds_backup": "SELECT",
    "ds_facilitator": "INSERT, UPDATE (text, language, written_at)",
    "ds_worker": "INSERT, UPDATE, DELETE",
}


class Migration(migrations.Migration):
    """Grants, and nothing else."""

    dependencies = [("insights", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON insights_familiesreading TO {roles}", migrations.RunSQL.noop)
        for roles, rights in GRANTS.items()
    ]
