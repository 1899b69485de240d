"""What each database role may do here: no role can do more than its audience's pages need.

Which rows of what is written in the spaces a role reaches is said in 0003_walls; a leader's role reaches none of it.
"""

from django.db import migrations

REGISTERS = "partnerships_caregiverspace, partnerships_group, partnerships_groupmember"
EVERYTHING = (
    "partnerships_caregiverspace, partnerships_group, partnerships_groupmember, partnerships_post, "
    "partnerships_reply, partnerships_authorship, partnerships_reaction, partnerships_translation, "
    "partnerships_agreement, partnerships_agreementvoice, partnerships_reaffirmation, partnerships_idea, "
    "partnerships_ideasupport, partnerships_quote, partnerships_sharedquote, partnerships_sharedagreement, "
    "partnerships_outreachlead, partnerships_doortrial, partnerships_theme, partnerships_themesource, "
    "partnerships_sharedtheme"
)
# Families and whoever facilitates write alike.
MEMBERS = {
    REGISTERS: "SELECT",
    "partnerships_post, partnerships_reply": "SELECT, INSERT, UPDATE (text, signed_by_id, deleted_at)",
    "partnerships_authorship": "SELECT, INSERT",
    "partnerships_reaction, partnerships_ideasupport": "SELECT, INSERT, DELETE",
    "partnerships_translation": "SELECT, INSERT, UPDATE (text, at, reviewed_at)",
    "partnerships_agreement, partnerships_reaffirmation, partnerships_sharedagreement": "SELECT",
    "partnerships_agreementvoice": "SELECT, INSERT",
    "partnerships_idea": "SELECT, INSERT, UPDATE (owner_id)",
    "partnerships_quote": "SELECT, UPDATE (words, answered_at, for_leaders, for_public, signature, withdrawn_at)",
    "partnerships_sharedquote": (
        "SELECT, INSERT, UPDATE (words, translated, signature, for_leaders, for_public, shared_at, withdrawn_at)"
    ),
    "partnerships_outreachlead": (
        "SELECT, INSERT, UPDATE (accepted_at, parents_signed_by_id, parents_signed_at, ended_at)"
    ),
    "partnerships_doortrial": "SELECT, INSERT",
    "partnerships_theme": "SELECT, UPDATE (is_kept)",
}
GRANTS = {
    "ds_web": {
        "partnerships_groupmember": "SELECT",
    },
    "ds_link": {
        "partnerships_group, partnerships_groupmember": "SELECT",
    },
    "ds_caregiver, ds_facilitator": MEMBERS,
    "ds_facilitator": {
        "partnerships_post, partnerships_reply": "UPDATE (hidden_at, hidden_by_id, hidden_reason)",
        "partnerships_agreement": "INSERT, UPDATE (text, language, agreed_at)",
        "partnerships_reaffirmation": "INSERT",
        "partnerships_sharedagreement": (
            "INSERT, DELETE, UPDATE (group_name, text, language, translated, published_at)"
        ),
        "partnerships_idea": "UPDATE (merged_into_id, requested_at)",
        "partnerships_quote": "INSERT",
        "partnerships_theme": "INSERT, UPDATE (sent_at)",
        "partnerships_themesource": "SELECT, INSERT",
        "partnerships_sharedtheme": "INSERT",
    },
    "ds_coordinator": {
        REGISTERS: "SELECT, INSERT",
        "partnerships_groupmember": "UPDATE (until)",
        "partnerships_sharedagreement": "SELECT",
    },
    # What families chose to share, and the appointment that leaders sign; nothing else of the spaces.
    "ds_leader, ds_board": {
        "partnerships_sharedquote, partnerships_sharedagreement, partnerships_sharedtheme": "SELECT",
    },
    "ds_leader": {
        "partnerships_outreachlead": "SELECT, UPDATE (leaders_signed_by_id, leaders_signed_at, ended_at)",
    },
    "ds_worker": {
        EVERYTHING: "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_backup": {
        EVERYTHING: "SELECT",
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
