"""The servers that come with the product: real ones, each test on a folder of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2
import pytest

from config import embedded
from tests.config.processes import left_after, using

HOLD = """
import sys
from pathlib import Path
from config import embedded
embedded.ensure(Path(sys.argv[1]), durable=sys.argv[2] == "durable")
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def data_dir():
    """A data folder of the test's own, in a tree that PostgreSQL's account can enter."""
    tree = Path(tempfile.mkdtemp(prefix="dialogue-test-"))
    tree.chmod(0o755)
    data_dir = tree / "data"
    yield data_dir
    for process in using(data_dir):
        # One of them may end by itself meanwhile.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    left_after(5, data_dir)
    if (data_dir / "postgresql").is_symlink():
        shutil.rmtree((data_dir / "postgresql").resolve())
    shutil.rmtree(tree)
    shutil.rmtree(embedded.socket_folder(data_dir), ignore_errors=True)


def user(data_dir, durable="forgetful"):
    """Somebody who uses the servers until their input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data_dir), durable],
        cwd=embedded.CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def is_up(somebody):
    return somebody.stdout.readline() == "up\n"


def leave(somebody):
    somebody.communicate("")
    return somebody.returncode


def query(data_dir, sql):
    connection = psycopg2.connect(embedded.urls(data_dir)["admin"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_asking_for_the_addresses_starts_nothing(data_dir):
    assert set(embedded.urls(data_dir)) == {"admin", "owner", "web", "worker", "tests"}
    assert embedded.redis_url(data_dir).startswith("unix:///")
    assert not data_dir.exists()
    assert using(data_dir) == {}


def test_celery_and_the_cache_spell_one_redis_differently(data_dir):
    folder = embedded.socket_folder(data_dir)
    assert embedded.redis_url(data_dir, number=3) == f"unix://{folder}/redis.sock?db=3"
    assert embedded.broker_url(embedded.redis_url(data_dir, number=3)) == (
        f"redis+socket://{folder}/redis.sock?virtual_host=3"
    )
    assert embedded.broker_url("redis://redis:6379/0") == "redis://redis:6379/0"


def test_the_servers_stay_until_their_last_user_has_left(data_dir):
    first, second = user(data_dir), user(data_dir)
    assert is_up(first)
    assert is_up(second)

    assert leave(first) == 0
    assert query(data_dir, "SELECT 1") == [(1,)]
    assert embedded.Redis(data_dir).answers()

    assert leave(second) == 0
    assert left_after(5, data_dir) == {}
    assert not embedded.socket_folder(data_dir).exists()


def test_a_folder_that_only_its_owner_may_enter_serves_as_well(data_dir):
    data_dir.parent.chmod(0o700)
    somebody = user(data_dir, durable="durable")
    assert is_up(somebody)
    query(data_dir, "CREATE TABLE kept AS SELECT 'a row' AS what")
    leave(somebody)
    assert left_after(5, data_dir) == {}
    assert data_dir.parent.stat().st_mode & 0o777 == 0o700

    somebody = user(data_dir, durable="durable")
    assert is_up(somebody)
    assert query(data_dir, "SELECT what FROM kept") == [("a row",)]
    leave(somebody)


def test_nobody_listens_on_the_network(data_dir):
    somebody = user(data_dir)
    assert is_up(somebody)
    assert query(data_dir, "SHOW listen_addresses") == [("",)]
    assert oct(embedded.socket_folder(data_dir).stat().st_mode & 0o777) == "0o700"
    leave(somebody)


def test_six_who_start_at_once_share_one_cluster(data_dir):
    everybody = [user(data_dir) for _ in range(6)]
    assert [is_up(somebody) for somebody in everybody] == [True] * 6
    assert len([line for line in using(data_dir).values() if "/bin/postgres -D" in line]) == 1
    for somebody in everybody:
        somebody.kill()
        somebody.communicate()
    assert left_after(5, data_dir) == {}


def test_what_was_written_is_there_at_the_next_start(data_dir):
    somebody = user(data_dir, durable="durable")
    assert is_up(somebody)
    query(data_dir, "CREATE TABLE kept AS SELECT 'a row' AS what")
    assert embedded.Redis(data_dir)._say(b"SET kept key\r\n") == b"+OK\r\n"
    leave(somebody)
    assert left_after(5, data_dir) == {}

    somebody = user(data_dir, durable="durable")
    assert is_up(somebody)
    assert query(data_dir, "SELECT what FROM kept") == [("a row",)]
    assert embedded.Redis(data_dir)._say(b"GET kept\r\n") == b"$3\r\nkey\r\n"
    leave(somebody)


def test_the_servers_recover_after_everything_was_killed(data_dir):
    somebody = user(data_dir, durable="durable")
    assert is_up(somebody)
    query(data_dir, "CREATE TABLE kept AS SELECT 'a row' AS what")
    for process in using(data_dir):
        # One of them may end by itself meanwhile.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    somebody.communicate()

    somebody = user(data_dir, durable="durable")
    assert is_up(somebody)
    assert query(data_dir, "SELECT what FROM kept") == [("a row",)]
    leave(somebody)
    assert left_after(5, data_dir) == {}


def test_a_set_up_that_was_interrupted_starts_over(data_dir):
    half = data_dir / "postgresql" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    account = embedded.Postgres(data_dir).account
    if account:
        os.chown(half.parent, account.pw_uid, account.pw_gid)
    data_dir.chmod(0o711)

    somebody = user(data_dir)
    assert is_up(somebody)
    leave(somebody)


def test_sockets_in_a_folder_that_somebody_laid_out_are_refused(data_dir):
    elsewhere = data_dir.parent / "elsewhere"
    elsewhere.mkdir()
    before = elsewhere.stat()
    embedded.socket_folder(data_dir).symlink_to(elsewhere)
    try:
        with pytest.raises(embedded.CannotStart):
            embedded.ensure(data_dir, durable=False)
        assert elsewhere.stat() == before
    finally:
        embedded.socket_folder(data_dir).unlink()


def test_the_secret_key_is_made_once_and_for_its_owner_only(data_dir):
    ask = "import sys; from config import embedded; print(embedded.secret_key(sys.argv[1]))"
    everybody = [
        subprocess.Popen(
            [sys.executable, "-c", ask, str(data_dir)], cwd=embedded.CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    keys = {somebody.communicate()[0].strip() for somebody in everybody}
    assert keys == {embedded.secret_key(data_dir)}
    assert len(keys.pop()) > 50
    assert (data_dir / "secret_key").stat().st_mode & 0o077 == 0
    assert (data_dir / "keys").stat().st_mode & 0o077 == 0
