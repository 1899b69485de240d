"""Database URLs, and the logins that follow from them."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import databases

OWNER = "postgresql://ds_owner:p%40ss@db.example.org:5433/dialogue?sslmode=require"


def test_a_url_becomes_djangos_settings():
    assert databases.database(OWNER) == {
        "ENGINE": "config.postgresql",
        "NAME": "dialogue",
        "USER": "ds_owner",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": 5433,
        "OPTIONS": {"sslmode": "require"},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def test_a_url_may_name_a_socket_folder():
    settings = databases.database("postgresql://ds_web@/dialogue?host=/run/Sockets")
    assert (settings["HOST"], settings["PORT"], settings["OPTIONS"]) == ("/run/Sockets", "", {})


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://a@b", "postgresql://a@b/", "dialogue"])
def test_what_is_no_database_url_is_refused(url):
    with pytest.raises(ImproperlyConfigured):
        databases.database(url)


def test_the_logins_of_web_and_worker_follow_from_the_owners():
    urls = databases.logins({"DATABASE_URL": OWNER}, "secret")
    assert set(urls) == {"owner", "web", "worker", "tests"}
    web, worker = databases.database(urls["web"]), databases.database(urls["worker"])
    assert (web["USER"], worker["USER"]) == ("ds_web", "ds_worker")
    assert len({web["PASSWORD"], worker["PASSWORD"], "p@ss"}) == 3
    assert (web["HOST"], web["PORT"], web["NAME"]) == ("db.example.org", 5433, "dialogue")
    assert databases.logins({"DATABASE_URL": OWNER}, "secret") == urls
    assert databases.logins({"DATABASE_URL": OWNER}, "another")["web"] != urls["web"]


def test_a_login_that_is_given_is_taken():
    web = "postgresql://ds_web:own@db/dialogue"
    assert databases.logins({"DATABASE_URL": OWNER, "WEB_DATABASE_URL": web}, "secret")["web"] == web


def test_a_process_may_be_told_its_own_login_only():
    web = "postgresql://ds_web:own@db/dialogue"
    assert databases.logins({"WEB_DATABASE_URL": web}, "secret") == {"web": web}
    assert databases.given({"WEB_DATABASE_URL": web})
    assert not databases.given({"DATABASE_URL": "", "REDIS_URL": "redis://redis"})
