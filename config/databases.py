"""Reads a database URL, and derives the logins that a deployment did not name."""

import hashlib
import hmac
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

DERIVED = {"web": "ds_web", "worker": "ds_worker", "tests": "ds_tests"}


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
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def logins(environ, secret_key: str) -> dict[str, str]:
    """The database URL of each process; web's and worker's follow from the owner's where they are not given."""
    owner = environ["DATABASE_URL"]
    urls = {"owner": owner}
    for process, login in DERIVED.items():
        given = environ.get(f"{process.upper()}_DATABASE_URL")
        urls[process] = given or _as(owner, login, _password(login, secret_key))
    if admin := environ.get("ADMIN_DATABASE_URL"):
        urls["admin"] = admin
    return urls


def _as(url: str, login: str, password: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(login)}:{quote(password)}@{place}"))


def _password(login: str, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), f"database login {login}".encode(), hashlib.sha256).hexdigest()
