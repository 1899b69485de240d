"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

GRANTS = {
    "ds_web": {
        "partnerships_groupmember": "SELECT",
    },
    "ds_link": {
        "partnerships_group, partnerships_groupmember": "SELECT",
    },
    "ds_caregiver": {
        "partnerships_caregiverspace, partnerships_group, partnerships_groupmember": "SELECT",
    },
    "ds_facilitator": {
        "partnerships_caregiverspace, partnerships_group, partnerships_groupmember": "SELECT",
    },
    "ds_coordinator": {
        "partnerships_caregiverspace, partnerships_group, partnerships_groupmember": "SELECT, INSERT",
        "partnerships_groupmember": "UPDATE (until)",
    },
    "ds_worker": {
        "partnerships_caregiverspace, partnerships_group, partnerships_groupmember": "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_backup": {
        "partnerships_caregiverspace, partnerships_group, partnerships_groupmember": "SELECT",
    },
}


class Migration(migrations.Migration):
    """Grants, and nothing else."""

    dependencies = [("partnerships", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON {table} TO {role}", migrations.RunSQL.noop)
        for role, tables in GRANTS.items()
        for table, rights in tables.items()
    ]
