"""What somebody could try at the gate in SQL, and what has to be so whatever was tried."""

# ruff: noqa: S608 - names of our tables

from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from accounts.database import acting
from partnerships.models import Consultation, Decision, NotConsulted, Receipt
from surveys.disclosure import CONSULTATION_SHORTEST as SHORTEST
from surveys.models import Wave

WEB_ROLES = (
    *("public", "person", "link", "caregiver", "facilitator", "coordinator"),
    *("staff", "leader", "board", "district", "evaluator", "operator"),
)
ROLES = (*WEB_ROLES, "worker")
STATES = [state.value for state in Decision.State]
WORDS = ("title_es", "title_en", "background_es", "background_en", "question_es", "question_en", "options", "kind")
VOTED = (
    "decided_at = now(), outcome = 'as_families', decided_es = 'x', decided_en = 'x',"
    " votes_for = 9, votes_against = 0, votes_abstained = 0"
)
ONE = "FROM partnerships_{0} found WHERE decision.id = %(decision)s"
COPY = (
    "school_id, board_name, title_es, title_en, background_es, background_en, question_es, question_en, options, kind,"
    " decides_on"
)
# Whoever acts may not do all of this, and what she may do must leave the gate as it is.
TRIES = [
    *(f"UPDATE partnerships_decision SET state = '{state}' WHERE id = %(decision)s" for state in STATES),
    *(f"UPDATE partnerships_decision SET state = '{state}', {VOTED} WHERE id = %(decision)s" for state in STATES[3:]),
    *(
        f"UPDATE partnerships_decision decision SET state = '{state}', receipt_id = found.id {ONE.format('receipt')}"
        for state in STATES[2:4]
    ),
    f"UPDATE partnerships_decision decision SET state = 'with_leaders', receipt_id = found.id, version = found.version"
    f" {ONE.format('receipt')}",
    f"UPDATE partnerships_decision decision SET state = 'with_leaders', not_consulted_id = found.id"
    f" {ONE.format('notconsulted')}",
    f"UPDATE partnerships_decision decision SET state = 'with_leaders', not_consulted_id = found.id,"
    f" version = found.version {ONE.format('notconsulted')}",
    "UPDATE partnerships_decision SET receipt_id = NULL, not_consulted_id = NULL WHERE id = %(decision)s",
    "UPDATE partnerships_decision SET title_es = 'Otra cosa', question_es = '¿Otra?' WHERE id = %(decision)s",
    "UPDATE partnerships_decision SET title_es = title_es || '!', version = version + 1, state = 'draft',"
    " receipt_id = NULL, not_consulted_id = NULL WHERE id = %(decision)s",
    "UPDATE partnerships_decision SET title_es = title_es || '?', state = 'with_leaders' WHERE id = %(decision)s",
    "UPDATE partnerships_decision SET version = version - 1 WHERE id = %(decision)s",
    "UPDATE partnerships_decision SET version = version + 1 WHERE id = %(decision)s",
    "INSERT INTO partnerships_receipt (id, number, decision_id, version, consultation_id, issued_at, labels)"
    " SELECT gen_random_uuid(), '9999-9999', decision_id, version, id, now(), '[]' FROM partnerships_consultation"
    " WHERE decision_id = %(decision)s ORDER BY version DESC LIMIT 1",
    "INSERT INTO partnerships_notconsulted (id, decision_id, version, because_es, because_en, said_at)"
    " SELECT gen_random_uuid(), id, version, 'Sin tiempo.', 'No time.', now() FROM partnerships_decision"
    " WHERE id = %(decision)s",
    "INSERT INTO partnerships_notconsulted (id, decision_id, version, because_es, because_en, said_at)"
    " SELECT gen_random_uuid(), id, version, '', '', now() FROM partnerships_decision WHERE id = %(decision)s",
    "UPDATE partnerships_notconsulted SET because_es = 'x', because_en = 'x'",
    "UPDATE partnerships_receipt SET labels = '[]', version = version + 1",
    "DELETE FROM partnerships_notconsulted",
    "DELETE FROM partnerships_receipt",
    "DELETE FROM partnerships_consultation",
    f"INSERT INTO partnerships_consultation (id, decision_id, version, {COPY}, published_by_id, published_at,"
    f" closes_at, ring_id) SELECT gen_random_uuid(), %(decision)s, version, school_id, 'x',"
    f" {COPY.removeprefix('school_id, board_name, ')}, drafted_by_id, now() - interval '40 days',"
    " now() - interval '30 days', %(ring)s FROM partnerships_decision WHERE id = %(decision)s",
    "UPDATE partnerships_consultation SET closes_at = published_at + interval '1 hour', shortened_at = now()"
    " WHERE decision_id = %(decision)s",
    "UPDATE partnerships_consultation SET count_agreed_at = now() WHERE decision_id = %(decision)s",
    "UPDATE partnerships_consultation SET version = version + 1 WHERE decision_id = %(decision)s",
    "UPDATE partnerships_consultation SET form_id = NULL WHERE decision_id = %(decision)s",
    "INSERT INTO partnerships_decision (id, board_id, school_id, version, title_es, title_en, background_es,"
    " background_en, question_es, question_en, options, kind, decides_on, drafted_at, state, leaders_said,"
    " leaders_said_language, outcome, decided_es, decided_en, receipt_id)"
    " SELECT gen_random_uuid(), board_id, school_id, version, title_es, title_en, background_es, background_en,"
    " question_es, question_en, options, kind, decides_on, drafted_at, 'with_leaders', '', '', '', '', '', receipt_id"
    " FROM partnerships_decision WHERE id = %(decision)s",
    "TRUNCATE partnerships_notconsulted CASCADE",
]
# What the worker does with rows that are its own to change, receipts first of all, is its job.
OWN_JOB = ("INSERT INTO partnerships_receipt", "receipt_id = found.id", "SET form_id", "shortened_at = now()")


def tries_of(role):
    """Return what to try as a role."""
    return [sql for sql in TRIES if role != "worker" or not any(own in sql for own in OWN_JOB)]


def attempt(role, person, sql, **values):
    """Try one statement as a role; whether it was refused, or touched nothing, is the database's affair."""
    with acting(role, person):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, values)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError:
            return False
    return True


def faults():
    """Return every decision that has gone farther than it may; empty as long as the gate holds."""
    rows = Decision.objects.filter(~Q(state__in=["draft", "consulting"])).select_related("receipt", "not_consulted")
    return [str(row.state) for row in rows if not is_let_through(row)]


def is_let_through(row):
    """Say whether a decision has the receipt of its very words, or the public reason for these."""
    receipt, reason = row.receipt, row.not_consulted
    if receipt and (receipt.decision_id, receipt.version) == (row.pk, row.version):
        asked = receipt.consultation
        wave = Wave.objects.get(ring=asked.ring_id)
        same = all(getattr(asked, name) == getattr(row, name) for name in WORDS)
        return same and wave.released_at is not None and asked.closes_at - asked.published_at >= SHORTEST
    says_why = reason and (reason.decision_id, reason.version) == (row.pk, row.version) and reason.because_es
    return bool(says_why and row.state != "consulted")


def kept():
    """Return what stands for ever: receipts and public reasons, as they are."""
    return {
        *Receipt.objects.values_list("pk", "decision", "version", "number"),
        *NotConsulted.objects.values_list("pk", "decision", "version", "because_es"),
        *Consultation.objects.values_list("pk", "decision", "version", "question_es"),
    }
