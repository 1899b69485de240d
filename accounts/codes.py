"""The six digits of a sign-in code: derived, so that they stand in no table, no queue and no log."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

LASTS = timedelta(minutes=10)
MOST_TRIES = 5
DIGITS = 6


def machine_now() -> datetime:
    """Return the machine's own time: a code's ten minutes are not the programme's calendar (trust.md 5)."""
    return timezone.now()  # noqa: TID251


def digits_of(code) -> str:
    """Return the digits that go out for the code with this key."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"sign-in code|{code}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def is_right(code, typed: str) -> bool:
    """Compare without telling by the time it takes how much was right."""
    return hmac.compare_digest(digits_of(code).encode(), typed.encode())


def browser_hash(secret: str) -> bytes:
    """Return what is stored of the secret in the asking browser's cookie."""
    return hashlib.sha256(secret.encode()).digest()
