"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

RESULTS = "surveys_wave, surveys_release, surveys_item, surveys_option, surveys_instrument"
GRANTS = {
    # Which of them somebody may read already is said in 0004_released.
    "ds_caregiver, ds_facilitator, ds_coordinator, ds_leader, ds_board, ds_district, ds_evaluator": {
        RESULTS: "SELECT",
    },
    # Drafts only: what was published never changes (0004_released).
    "ds_coordinator, ds_evaluator": {
        "surveys_instrument, surveys_item, surveys_option": "INSERT, UPDATE, DELETE",
    },
    "ds_evaluator": {
        "surveys_evaluatorfile": "SELECT",
        "surveys_keyring": "SELECT (id, ends_on)",
    },
    "ds_link": {
        "surveys_instrument, surveys_item, surveys_option, surveys_form": "SELECT",
        "surveys_formperson": "SELECT, UPDATE (may_answer)",
    },
    "ds_caregiver": {
        "surveys_instrument, surveys_item, surveys_option, surveys_form": "SELECT",
        "surveys_formperson": "SELECT, UPDATE (may_answer)",
    },
    "ds_facilitator": {
        # For whom a form can be printed: the list is shortened for nobody who answers.
        "surveys_form, surveys_formperson": "SELECT",
        # Which series' comments she may read is said by dialogue_series, which knows its groups.
        "surveys_commentbatch, surveys_comment": "SELECT",
    },
    "ds_coordinator": {
        "surveys_keyring": "SELECT, INSERT, UPDATE (ends_on)",
        "surveys_form": "SELECT",
        "surveys_formperson": "SELECT, UPDATE (may_answer)",
    },
    "ds_worker": {
        (
            "surveys_keyring, surveys_instrument, surveys_item, surveys_option, surveys_wave, surveys_form, "
            "surveys_formperson, surveys_sheet, surveys_commentbatch, surveys_comment, surveys_waitingcomment, "
            "surveys_release, surveys_evaluatorfile"
        ): "SELECT, INSERT, UPDATE, DELETE",
        # It opens boxes and empties the inbox; it has no reason to make one, or to change what was answered.
        "surveys_inboxbox": "SELECT, DELETE, UPDATE (comment_box)",
    },
    "ds_backup": {
        (
            "surveys_keyring, surveys_instrument, surveys_item, surveys_option, surveys_wave, surveys_form, "
            "surveys_formperson, surveys_inboxbox, surveys_sheet, surveys_commentbatch, surveys_comment, "
            "surveys_waitingcomment, surveys_release, surveys_evaluatorfile"
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
