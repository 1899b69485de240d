"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

EVERYBODY = (
    "ds_public, ds_person, ds_link, ds_caregiver, ds_facilitator, ds_coordinator, ds_staff, ds_leader, ds_board, "
    "ds_district, ds_evaluator, ds_operator"
)

GRANTS = {
    EVERYBODY: {
        "accounts_school, accounts_district": "SELECT",
    },
    "ds_web": {
        "django_session": "SELECT, INSERT, UPDATE, DELETE",
        "accounts_person": "SELECT, UPDATE (last_login)",
        "accounts_membership, mfa_authenticator": "SELECT",
    },
    "ds_public": {
        "django_session": "SELECT, INSERT, UPDATE, DELETE",
        "accounts_person": "SELECT, UPDATE (last_login)",
        "accounts_signincode": "SELECT, INSERT, UPDATE",
        "accounts_link, account_emailaddress": "SELECT",
        # A recovery code is spent, and a factor's last use is written, before anybody is signed in.
        "mfa_authenticator": "SELECT, UPDATE",
    },
    "ds_person": {
        "django_session": "SELECT, INSERT, UPDATE, DELETE",
        "accounts_person": "SELECT, UPDATE (name, language, shares_phone, feed_secret, asked_about_work_at, last_login)",
        "accounts_membership, account_emailaddress, accounts_logentry": "SELECT",
        "accounts_datarequest": "SELECT, INSERT",
        "mfa_authenticator": "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_link": {
        "accounts_person": "SELECT, UPDATE (name, state, asked_about_work_at)",
        "accounts_link, accounts_membership, accounts_staffcontact": "SELECT",
        "accounts_logentry": "INSERT",
    },
    "ds_caregiver": {
        "accounts_person, accounts_membership": "SELECT",
    },
    "ds_facilitator": {
        # Somebody who came along unannounced is added to an evening by name alone.
        "accounts_person": "SELECT, INSERT",
        "accounts_membership": "SELECT",
        # Printed sheets of her own series alone: dialogue_series, which knows its groups, says so.
        "accounts_link": "SELECT, INSERT",
    },
    "ds_coordinator": {
        "accounts_person": "SELECT, INSERT",
        "accounts_membership": "SELECT, INSERT",
        "accounts_staffcontact": "SELECT, INSERT, UPDATE, DELETE",
        "accounts_logentry": "SELECT, INSERT",
    },
    "ds_operator": {
        "django_session": "SELECT, INSERT, UPDATE, DELETE",
        "accounts_person": "SELECT, UPDATE (last_login)",
        "accounts_school, accounts_district, accounts_membership": "SELECT, INSERT, UPDATE",
        "accounts_link": "SELECT, UPDATE (ends_at)",
        # What the operator did stays written.
        "django_admin_log, django_content_type": "SELECT, INSERT",
    },
    # Each download of a sealed file is written down.
    "ds_evaluator": {
        "accounts_logentry": "INSERT",
    },
    "ds_worker": {
        (
            "accounts_district, accounts_school, accounts_person, accounts_membership, "
            "accounts_staffcontact, accounts_link, accounts_signincode, accounts_logentry, "
            "django_session, auth_group, auth_permission, auth_group_permissions, "
            "accounts_person_groups, accounts_person_user_permissions, django_content_type, "
            "django_admin_log, account_emailaddress, account_emailconfirmation, mfa_authenticator"
        ): "SELECT, INSERT, UPDATE, DELETE",
        # It writes a copy of somebody's things and cannot read one.
        "accounts_datarequest": "SELECT (id, person_id, kind, asked_at, made_at), UPDATE, DELETE",
    },
    "ds_backup": {
        (
            "accounts_district, accounts_school, accounts_person, accounts_membership, "
            "accounts_staffcontact, accounts_link, accounts_signincode, accounts_logentry, accounts_datarequest, "
            "django_session, auth_group, auth_permission, auth_group_permissions, "
            "accounts_person_groups, accounts_person_user_permissions, django_content_type, "
            "django_admin_log, account_emailaddress, account_emailconfirmation, mfa_authenticator"
        ): "SELECT",
    },
}

ME = "current_setting('app.person', true)"
# A copy holds what somebody wrote in her group: it is hers alone. The log is read by whoever it is about, and by
# whoever wrote it.
POLICIES = f"""
ALTER TABLE accounts_datarequest ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts_datarequest TO ds_person USING (person_id::text = {ME}) WITH CHECK (person_id::text = {ME});
CREATE POLICY worker_answers ON accounts_datarequest TO ds_worker USING (true) WITH CHECK (true);
ALTER TABLE accounts_logentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY about_oneself ON accounts_logentry FOR SELECT TO ds_person USING (about_person_id::text = {ME});
CREATE POLICY own_acts ON accounts_logentry FOR SELECT TO ds_coordinator USING (by_id::text = {ME});
CREATE POLICY write_down ON accounts_logentry FOR INSERT TO ds_link, ds_caregiver, ds_coordinator, ds_evaluator WITH CHECK (true);
ALTER TABLE accounts_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY as_granted ON accounts_link TO ds_public, ds_link, ds_operator, ds_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_keeps ON accounts_logentry TO ds_worker USING (true) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    """Grants and the policies of three tables, and nothing else."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("sessions", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
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
            "GRANT SELECT ON accounts_person, accounts_school, accounts_district, accounts_membership, mfa_authenticator TO ds_demo; "
            "GRANT UPDATE (last_login) ON accounts_person TO ds_demo; "
            "GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO ds_demo; "
            "END IF; END $$",
            migrations.RunSQL.noop,
        )
    ]
