"""The product's own settings, on a cluster of the tests' own that forgets quickly."""

import os
import tempfile
from pathlib import Path

from config import catalogue, embedded

DATA = Path(os.environ.get("TEST_DATA_DIR", Path(__file__).parent.parent / ".data" / "test"))
for name in [name for name in os.environ if name.endswith(("_URL", "_DIR")) or name in {"HOST", "PORT"}]:
    del os.environ[name]
os.environ.update(DATA_DIR=str(DATA), EMBEDDED="1", PROCESS="tests", DJANGO_ALLOW_ASYNC_UNSAFE="true")
embedded.ensure(DATA, durable=False)
catalogue.compile_stale()

from config.settings import *  # noqa: E402,F403
from config.settings import DATABASES  # noqa: E402

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
REDIS = embedded.redis_url(DATA, number=int(WORKER) + 1)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS}}
CELERY_BROKER_URL = embedded.broker_url(REDIS)
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True
KEYS_DIR = Path(tempfile.mkdtemp(prefix="keys-"))
ERASED_DIR = Path(tempfile.mkdtemp(prefix="erased-"))
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["TEST"] = {"NAME": f"test_dialogue_{WORKER}"}
