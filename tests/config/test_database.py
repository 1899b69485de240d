"""Role, person and clock are said at the start of every transaction and forgotten at its end."""

import pytest
from django.db import connection, transaction

from accounts.database import acting


def said():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('app.person', true)")
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_runs_as_the_audience_for_the_person():
    with acting("caregiver", "11111111-1111-4111-8111-111111111111"), transaction.atomic():
        assert said() == ("ds_caregiver", "11111111-1111-4111-8111-111111111111")


@pytest.mark.django_db(transaction=True)
def test_nothing_of_it_is_left_for_the_next_transaction_of_the_connection():
    with acting("caregiver", "11111111-1111-4111-8111-111111111111"), transaction.atomic():
        said()
    with transaction.atomic():
        assert said() == ("ds_tests", "")


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_login_has_no_audience():
    with acting("caregiver", "11111111-1111-4111-8111-111111111111"):
        assert said()[0] == "ds_tests"


@pytest.mark.django_db
def test_inside_an_open_transaction_the_role_changes_at_once_and_returns():
    with acting("coordinator"):
        with acting("leader", "22222222-2222-4222-8222-222222222222"):
            assert said() == ("ds_leader", "22222222-2222-4222-8222-222222222222")
        assert said() == ("ds_coordinator", "")
    assert said() == ("ds_tests", "")


@pytest.mark.django_db(transaction=True)
def test_a_line_that_the_server_has_closed_is_known_without_asking():
    kept = connection.copy()
    kept.connect()
    assert kept.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])
    assert not kept.is_usable()
    kept.close()


@pytest.mark.django_db(transaction=True)
def test_a_line_on_which_the_server_only_said_something_is_kept():
    kept = connection.copy()
    kept.connect()
    with kept.cursor() as cursor:
        cursor.execute("LISTEN anything")
    with connection.cursor() as cursor:
        cursor.execute("NOTIFY anything")
    assert kept.is_usable()
    kept.close()
