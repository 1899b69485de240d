"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

GRANTS = {
    "ds_link": {
        "surveys_instrument, surveys_item, surveys_option, surveys_form": "SELECT",
        "surveys_formperson": "SELECT, UPDATE (may_answer)",
    },
    "ds_caregiver": {
        "surveys_instrument, surveys_item, surveys_option, surveys_form": "SELECT",
        "surveys_formperson": "SELECT, UPDATE (may_answer)",
    },
    "ds_facilitator": {
        "surveys_form": "SELECT",
    },
    "ds_coordinator": {
        "surveys_keyring": "SELECT, INSERT, UPDATE (ends_on)",
        "surveys_form": "SELECT",
        "surveys_formperson": "SELECT, UPDATE (may_answer)",
    },
    "ds_worker": {
        (
            "surveys_keyring, surveys_instrument, surveys_item, surveys_option, surveys_form, surveys_formperson"
        ): "SELECT, INSERT, UPDATE, DELETE",
        # It opens boxes and empties the inbox; it has no reason to make or change one.
        "surveys_inboxbox": "SELECT, DELETE",
    },
    "ds_backup": {
        (
            "surveys_keyring, surveys_instrument, surveys_item, surveys_option, surveys_form, "
            "surveys_formperson, surveys_inboxbox"
        ): "SELECT",
    },
}


class Migration(migrations.Migration):
    """Grants, and nothing else."""

    dependencies = [("surveys", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON {table} TO {role}", migrations.RunSQL.noop)
        for role, tables in GRANTS.items()
        for table, rights in tables.items()
    ]
