"""Reads a database URL, and derives the logins that a deployment did not name."""

import hashlib
import hmac
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

NAMES = {
    "admin": "ADMIN_DATABASE_URL",
    "owner": "DATABASE_URL",
    "web": "WEB_DATABASE_URL",
    "worker": "WORKER_DATABASE_URL",
    "tests": "TESTS_DATABASE_URL",
}
DERIVED = {"web": "ds_web", "worker": "ds_worker", "tests": "ds_tests"}


def given(environ) -> bool:
    """Whether the environment names any database; the embedded one is used where it names none."""
    return any(environ.get(name) for name in NAMES.values())


def database(url: str) -> dict:
    """Django's settings for postgresql://user:password@host:port/name?host=/socket/folder&sslmode=..."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not name:
        raise ImproperlyConfigured("A database URL looks like postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "config.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def logins(environ, secret_key: str) -> dict[str, str]:
    """The database URL of each process: those given, and the rest as they follow from the owner's."""
    urls = {process: environ[name] for process, name in NAMES.items() if environ.get(name)}
    if "owner" in urls:
        for process, login in DERIVED.items():
            urls.setdefault(process, _as(urls["owner"], login, _password(login, secret_key)))
    return urls


def _as(url: str, login: str, password: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(login)}:{quote(password)}@{place}"))


def _password(login: str, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), f"database login {login}".encode(), hashlib.sha256).hexdigest()
