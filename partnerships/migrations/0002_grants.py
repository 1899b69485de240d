"""What each database role may do here: no role can do more than its audience's pages need.

A receipt, a "not consulted, because…" and a line of a request's history are never changed, by nobody: no role may.
Which rows of what is written in the spaces a role reaches is said in 0003_walls; a leader's role reaches none of it.
"""

from django.db import migrations

REGISTERS = "partnerships_caregiverspace, partnerships_group, partnerships_groupmember"
EVERYTHING = (
    "partnerships_caregiverspace, partnerships_group, partnerships_groupmember, partnerships_post, "
    "partnerships_reply, partnerships_authorship, partnerships_reaction, partnerships_translation, "
    "partnerships_agreement, partnerships_agreementvoice, partnerships_reaffirmation, partnerships_idea, "
    "partnerships_ideasupport, partnerships_quote, partnerships_sharedquote, partnerships_sharedagreement, "
    "partnerships_outreachlead, partnerships_doortrial, partnerships_themesource, "
    "partnerships_sharedtheme, partnerships_board, partnerships_seat, partnerships_seatterm, partnerships_election, "
    "partnerships_seatstep, partnerships_stepcount, partnerships_commitment, partnerships_resource, "
    "partnerships_jointmeeting, partnerships_speakingtally, partnerships_meetingrating, partnerships_conversation, "
    "partnerships_question"
)
KEPT_FOR_EVER = (
    "partnerships_decision, partnerships_consultation, partnerships_receipt, partnerships_notconsulted, "
    "partnerships_commitmentstep"
)
BOARDS = "partnerships_board, partnerships_seat, partnerships_seatterm, partnerships_election, partnerships_stepcount"
DECISIONS = "partnerships_decision, partnerships_consultation, partnerships_receipt, partnerships_notconsulted"
COMMITMENTS = "partnerships_commitment, partnerships_commitmentstep, partnerships_resource"
MEETINGS = (
    "partnerships_jointmeeting, partnerships_speakingtally, partnerships_meetingrating, partnerships_conversation"
)
# What stands in the open: who sits where, what was asked and decided, what families asked and what came of it.
RECORD = f"{BOARDS}, {DECISIONS}, {COMMITMENTS}"
WORDS_OF_DECISION = (
    "version, title_es, title_en, background_es, background_en, question_es, question_en, options, kind, decides_on"
)
OUTCOME = "decided_at, outcome, decided_es, decided_en, votes_for, votes_against, votes_abstained"
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
    "partnerships_sharedtheme": "SELECT",
    f"{RECORD}, {MEETINGS}": "SELECT",
    # They say whether they see it done.
    "partnerships_commitment": "UPDATE (state, confirmed_at)",
    "partnerships_commitmentstep": "INSERT",
    "partnerships_seatstep": "SELECT, INSERT, DELETE",
    "partnerships_question": "SELECT, INSERT",
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
        "partnerships_consultation": "UPDATE (closes_at, shortened_at, count_agreed_at)",
        "partnerships_commitment": "INSERT",
        "partnerships_question": "UPDATE (is_held_back)",
    },
    # Whoever facilitates, or coordinates, arranges a meeting of both sides and counts there.
    "ds_facilitator, ds_coordinator": {
        "partnerships_jointmeeting": "INSERT, UPDATE",
        "partnerships_speakingtally": "INSERT, UPDATE",
    },
    "ds_facilitator, ds_leader": {
        "partnerships_meetingrating": "INSERT",
    },
    "ds_coordinator": {
        REGISTERS: "SELECT, INSERT",
        "partnerships_groupmember": "UPDATE (until)",
        "partnerships_sharedagreement": "SELECT",
        f"{RECORD}, {MEETINGS}": "SELECT",
        "partnerships_board": "INSERT, UPDATE",
        # A term that has not begun, or began today by mistake, is no record yet.
        "partnerships_seat, partnerships_seatterm, partnerships_election": "INSERT, UPDATE, DELETE",
    },
    # What families chose to share, and the appointment that leaders sign; nothing else of the spaces.
    "ds_leader, ds_board": {
        "partnerships_sharedquote, partnerships_sharedagreement, partnerships_sharedtheme": "SELECT",
    },
    "ds_leader": {
        "partnerships_outreachlead": "SELECT, UPDATE (leaders_signed_by_id, leaders_signed_at, ended_at)",
        f"{RECORD}, {MEETINGS}": "SELECT",
        "partnerships_decision": "UPDATE (state, leaders_said, leaders_said_language, carried_out_at)",
        "partnerships_commitment": "UPDATE (state, owner, due_on, answered_at, confirmed_at)",
        "partnerships_commitmentstep": "INSERT",
        "partnerships_resource": "INSERT, UPDATE (met_on)",
        "partnerships_jointmeeting": "UPDATE (coached_at)",
        "partnerships_conversation": "INSERT, DELETE",
        "partnerships_question": ("SELECT, UPDATE (answer, answer_language, answer_translated, answered_on)"),
    },
    # A receipt is the worker's alone to write: a board cannot give itself one.
    "ds_board": {
        RECORD: "SELECT",
        "partnerships_decision": (
            f"INSERT, UPDATE ({WORDS_OF_DECISION}, state, receipt_id, not_consulted_id, with_leaders_at, "
            f"leaders_said, leaders_said_language, {OUTCOME})"
        ),
        "partnerships_consultation, partnerships_notconsulted": "INSERT",
        # Each consultation has keys of its own.
        "surveys_keyring": "INSERT",
    },
    "ds_staff, ds_district, ds_evaluator": {
        RECORD: "SELECT",
    },
    "ds_worker": {
        EVERYTHING: "SELECT, INSERT, UPDATE, DELETE",
        # That one waits or was sent, so that families hear of it in time; its words reach others as a sent theme alone.
        "partnerships_theme": (
            "SELECT (id, group_id, consultation_id, shown_at, shown_until, is_kept, sent_at), INSERT, UPDATE, DELETE"
        ),
        KEPT_FOR_EVER: "SELECT",
        "partnerships_decision": "UPDATE (state, receipt_id, drafted_by_id)",
        "partnerships_consultation": "UPDATE (form_id, closes_at, published_by_id)",
        "partnerships_receipt": "INSERT",
    },
    "ds_backup": {
        f"{EVERYTHING}, {KEPT_FOR_EVER}, partnerships_theme": "SELECT",
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
