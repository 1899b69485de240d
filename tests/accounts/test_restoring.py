"""A backup is restored that is older than an erasure: whoever was erased is gone again."""

import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from accounts import rights
from accounts.database import acting
from accounts.models import Person
from config.embedded import Postgres, socket_folder
from notifications.models import Address
from partnerships.models import Authorship, Post
from tests.factories import make_member, make_person, make_post, make_school, make_series

pytestmark = pytest.mark.django_db(transaction=True)


def run(program, *words, **more):
    """Run one of PostgreSQL's own programs on the tests' database, as its administrator."""
    postgres = Postgres(settings.DATA_DIR)
    name = connection.settings_dict["NAME"]
    return subprocess.run(
        [postgres._programs / program, "-h", socket_folder(settings.DATA_DIR), "-U", "postgres", "-d", name, *words],
        check=True, capture_output=True, **more,
    )  # fmt: skip


@pytest.fixture
def lucia():
    school = make_school("Mirador")
    lucia = make_person("Lucía", school, "caregiver", phone="+17735550142")
    group = make_series(school, families=[lucia]).group
    make_member(group, lucia)
    with transaction.atomic():
        make_post(group, lucia, "Me llamo Lucía.")
    yield lucia
    shutil.rmtree(settings.ERASED_DIR, ignore_errors=True)


def what_is_left():
    with acting("backup"), transaction.atomic():
        names = list(Person.objects.values_list("name", flat=True))
        texts = list(Post.objects.values_list("text", flat=True))
        return names, texts, Address.objects.count(), Authorship.objects.count()


WHOLE = (["Lucía"], ["Me llamo Lucía."], 1, 1)
ERASED = ([""], [""], 0, 0)


def restore(dump):
    connection.close()
    run("pg_restore", "--clean", "--if-exists", "--single-transaction", input=dump)


def test_who_was_erased_after_a_backup_is_erased_again_after_its_restore(lucia):
    dump = run("pg_dump", "-Fc").stdout
    rights.erase(person=lucia.pk)
    assert what_is_left() == ERASED
    restore(dump)
    assert what_is_left() == WHOLE
    call_command("after_restore")
    assert what_is_left() == ERASED


def test_without_the_list_she_would_be_back(lucia):
    dump = run("pg_dump", "-Fc").stdout
    rights.erase(person=lucia.pk)
    shutil.rmtree(settings.ERASED_DIR)
    restore(dump)
    call_command("after_restore")
    assert what_is_left() == WHOLE
