"""What each database role may do here: no role can do more than its audience's pages need."""

from django.db import migrations

GRANTS = {
    "ds_public": {
        "dialogue_series_series": "SELECT",
        "dialogue_series_joinrequest": "SELECT, INSERT",
        "dialogue_series_session": "SELECT",
    },
    "ds_link": {
        "dialogue_series_topic, dialogue_series_session": "SELECT",
        "dialogue_series_series": "SELECT, UPDATE (joined)",
        "dialogue_series_invitation": "SELECT, UPDATE (claimed_at, declined_at, turn)",
        "dialogue_series_enrolment, dialogue_series_rsvp": "SELECT, INSERT, UPDATE",
        "dialogue_series_supportrequest": "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_caregiver": {
        (
            "dialogue_series_topic, dialogue_series_runsheetpart, dialogue_series_topicresource, "
            "dialogue_series_session, dialogue_series_attendance"
        ): "SELECT",
        # Somebody who leaves gives her place to whoever waited longest, which is written down.
        "dialogue_series_series": "SELECT, UPDATE (joined)",
        "dialogue_series_enrolment": "SELECT, UPDATE (state, joined_at, left_at)",
        "accounts_logentry": "INSERT",
        "dialogue_series_rsvp": "SELECT, INSERT, UPDATE",
        "dialogue_series_supportrequest": "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_facilitator": {
        (
            "dialogue_series_topic, dialogue_series_runsheetpart, dialogue_series_topicresource, "
            "dialogue_series_series, dialogue_series_enrolment, dialogue_series_rsvp, "
            "dialogue_series_supportrequest"
        ): "SELECT",
        "dialogue_series_session": "SELECT, UPDATE (came, summary)",
        "dialogue_series_attendance": "SELECT, INSERT, UPDATE",
    },
    "ds_coordinator": {
        "dialogue_series_topic, dialogue_series_runsheetpart, dialogue_series_topicresource": "SELECT",
        "dialogue_series_noschoolday": "SELECT, INSERT, UPDATE, DELETE",
        "dialogue_series_schoolyear": "SELECT, INSERT, UPDATE",
        (
            "dialogue_series_series, dialogue_series_session, dialogue_series_invitation, "
            "dialogue_series_joinrequest, dialogue_series_enrolment, dialogue_series_rsvp, "
            "dialogue_series_supportrequest, dialogue_series_attendance"
        ): "SELECT, INSERT, UPDATE",
    },
    # The conversation with leaders is logged by whoever facilitates or coordinates, and opened and dated by the worker.
    "ds_facilitator, ds_coordinator": {
        "dialogue_series_checkin": (
            "SELECT, UPDATE (held_on, leaders, facilitators, families, coordinators, district, community, "
            "understanding, language)"
        ),
        "dialogue_series_checkin_commitments": "SELECT, INSERT",
        "partnerships_commitment, partnerships_commitmentstep": "INSERT",
    },
    # Of which series a result is.
    "ds_board, ds_evaluator": {
        "dialogue_series_series": "SELECT (id, school_id, name, published_at, ring_id, checkins)",
    },
    # Head counts alone.
    "ds_district": {
        "dialogue_series_series": "SELECT (id, school_id, published_at, joined)",
        "dialogue_series_session": "SELECT (id, series_id, number, came, cancelled_at)",
    },
    "ds_leader": {
        # Head counts: neither the way into the room by video nor what was talked about there.
        "dialogue_series_series": "SELECT (id, school_id, name, published_at, joined, ring_id, checkins)",
        "dialogue_series_session": 'SELECT (id, series_id, number, "on", came)',
        "dialogue_series_checkin, dialogue_series_checkin_commitments": "SELECT",
    },
    # Whether it was held, and by when it should have been.
    "ds_board, ds_district, ds_evaluator": {
        "dialogue_series_checkin": "SELECT (id, series_id, after_session, due_on, held_on)",
    },
    "ds_worker": {
        "dialogue_series_checkin, dialogue_series_checkin_commitments": "SELECT, INSERT, UPDATE, DELETE",
        (
            "dialogue_series_topic, dialogue_series_runsheetpart, dialogue_series_topicresource, "
            "dialogue_series_noschoolday, dialogue_series_schoolyear, dialogue_series_series, dialogue_series_invitation, "
            "dialogue_series_joinrequest, dialogue_series_enrolment, dialogue_series_session, "
            "dialogue_series_rsvp, dialogue_series_supportrequest, dialogue_series_attendance"
        ): "SELECT, INSERT, UPDATE, DELETE",
    },
    "ds_backup": {
        "dialogue_series_checkin, dialogue_series_checkin_commitments": "SELECT",
        (
            "dialogue_series_topic, dialogue_series_runsheetpart, dialogue_series_topicresource, "
            "dialogue_series_noschoolday, dialogue_series_schoolyear, dialogue_series_series, dialogue_series_invitation, "
            "dialogue_series_joinrequest, dialogue_series_enrolment, dialogue_series_session, "
            "dialogue_series_rsvp, dialogue_series_supportrequest, dialogue_series_attendance"
        ): "SELECT",
    },
}


class Migration(migrations.Migration):
    """Grants, and nothing else."""

    dependencies = [("dialogue_series", "0001_initial"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(f"GRANT {rights} ON {table} TO {role}", migrations.RunSQL.noop)
        for role, tables in GRANTS.items()
        for table, rights in tables.items()
    ]
