"""The link that stops e-mails: made from the address's key alone, so that nothing need be kept to honour it."""

import base64
import binascii
import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from notifications.models import Address

KEY_LENGTH = 22  # 128 bits in base64url, as the mark after it


def url(address: Address) -> str:
    """Return the absolute link by which whoever reads this address stops what comes to it."""
    return settings.BASE_URL + reverse("unsubscribe", args=[secret(address.pk)])


def secret(key: UUID) -> str:
    """Return an address's key followed by the mark that only this deployment can make of it."""
    written = encode(key.bytes)
    return written + mark(written)


def read(given: str) -> UUID | None:
    """Return the key of the address that a secret belongs to, or None where we did not make it."""
    written, given_mark = given[:KEY_LENGTH], given[KEY_LENGTH:]
    if not hmac.compare_digest(mark(written).encode(), given_mark.encode()):
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(written + "=="))
    except (ValueError, binascii.Error):
        return None


def mark(written: str) -> str:
    made = hmac.new(settings.SECRET_KEY.encode(), f"unsubscribe|{written}".encode(), hashlib.sha256)
    return encode(made.digest()[:16])


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
