"""Everything that a deployment can set, read from the environment; nothing per environment lives elsewhere."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from config import embedded
from config.databases import database, given, logins

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / ".data"))
KEYS_DIR = Path(os.environ.get("KEYS_DIR", DATA_DIR / "keys"))
ERASED_DIR = Path(os.environ.get("ERASED_DIR", DATA_DIR / "erased"))


def needed(name):
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(f"Set {name}; .env.example says what it is for.")


# Which of the product's processes this is: it decides the database login and nothing else.
PROCESS = os.environ.get("PROCESS", "web")

EMBEDDED = not given(os.environ)
DEBUG = os.environ.get("DEBUG") == "1"
HOST = os.environ.get("HOST", "localhost")
PORT = os.environ.get("PORT", "8000")
BASE_URL = os.environ.get("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
# The demonstration signs people in without a code: only with the embedded servers, only on loopback.
DEMO = EMBEDDED and os.environ.get("EMBEDDED") == "1" and HOST in {"localhost", "127.0.0.1", "::1"}
CLOCK_MOVES = DEMO

SECRET_KEY = embedded.secret_key(DATA_DIR) if EMBEDDED else needed("SECRET_KEY")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = (
    ["localhost", "127.0.0.1", "[::1]"]
    if EMBEDDED
    else os.environ.get("ALLOWED_HOSTS", urlsplit(BASE_URL).hostname).split(",")
)

LOGINS = embedded.urls(DATA_DIR) if EMBEDDED else logins(os.environ, SECRET_KEY)
if PROCESS not in LOGINS:
    raise ImproperlyConfigured(f"PROCESS is one of {', '.join(sorted(LOGINS))}.")
DATABASES = {"default": database(LOGINS[PROCESS])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = embedded.redis_url(DATA_DIR) if EMBEDDED else needed("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "dialogue",
    }
}

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "notifications",
    "accounts",
    "surveys",
    "partnerships",
    "dialogue_series",
    "insights",
    "config",
]

MIDDLEWARE = [
    "config.middleware.PoliciesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.AudienceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "config.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "accounts.templatetags.look"],
        },
    }
]
FORM_RENDERER = "accounts.rendering.Renderer"

# Who somebody is
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = reverse_lazy("enter")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# Where somebody who is signed in begins: the first of these that applies.
HOMES = (
    ("coordinator", "today"),
    ("leader", "leader_home"),
    ("caregiver", "families_home"),
    ("board", "board_home"),
    ("district", "district_home"),
    ("evaluator", "evaluator_files"),
    ("operator", "admin:index"),
    ("staff", "staff_home"),
)
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
# How many proxies stand before the product: without it everybody behind them would count as one network.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PROXIES", "0"))
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
# With "no-referrer" a browser sends forms with `Origin: null`, which the CSRF check refuses: only the redirect that
# takes a secret out of an address says that.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# What no page of ours asks a phone for; passkeys, copying and reading aloud stay.
UNUSED = (
    "accelerometer browsing-topics camera display-capture geolocation gyroscope hid magnetometer microphone midi "
    "payment serial usb"
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED.split())
# A form never carries a file larger than this; each import says its own, smaller limit in words.
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024

# Words and times. The languages are a constant of the code: modeltranslation makes columns of them.
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = SESSION_COOKIE_AGE
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "es"
MODELTRANSLATION_LANGUAGES = ("es", "en")
MODELTRANSLATION_FALLBACK_LANGUAGES = ()

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Messages that go out: one URL each, files in DATA_DIR by default so that a demonstration can show them.
EMAIL_URL = os.environ.get("EMAIL_URL", f"file://{DATA_DIR / 'outbox'}")
SMS_URL = os.environ.get("SMS_URL", f"file://{DATA_DIR / 'outbox'}")
MAIL = urlsplit(EMAIL_URL)
EMAIL_BACKEND = {
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtps": "django.core.mail.backends.smtp.EmailBackend",
}[MAIL.scheme]
EMAIL_FILE_PATH = MAIL.path
EMAIL_HOST, EMAIL_PORT = MAIL.hostname or "", MAIL.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL.username or ""), unquote(MAIL.password or "")
EMAIL_USE_SSL = MAIL.scheme == "smtps"
EMAIL_USE_TLS = "tls" in MAIL.query
EMAIL_TIMEOUT = 20
# As many texts as 24 hours may cost; the rest waits, and the log says so.
SMS_DAILY_BUDGET = int(os.environ.get("SMS_DAILY_BUDGET", "500"))
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "encuentros@localhost")

CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "config.reports.WithoutLinks", "format": "{levelname} {name} {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "notifications": {"level": "INFO"},
        "surveys": {"level": "INFO"},
        # Error reports carry the path of the code, never a body or a parameter (trust.md S6).
        "django.request": {"filters": [], "level": "ERROR"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "config.reports.NoBodies"
