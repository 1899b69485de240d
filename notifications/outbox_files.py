"""What went out, read back from the files of the demonstration's outbox; nowhere else are bodies kept."""

import email
import json
from datetime import UTC, datetime
from email import policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

# As Django's file-based backend ends each message.
END_OF_MAIL = b"\n" + b"-" * 79 + b"\n"


def sent() -> list[dict]:
    """Return every e-mail and text that was written to files, the newest first.

    Each has channel, to, language, subject, text, html and at.
    """
    mails = [mail for path in files(settings.EMAIL_FILE_PATH, "*.log") for mail in read_mails(path.read_bytes())]
    texts = [read_text(path) for path in files(urlsplit(settings.SMS_URL).path, "*.sms.json")]
    return sorted(mails + texts, key=lambda found: found["at"], reverse=True)


def files(folder: str, pattern: str):
    """Return the files of a folder that may not exist yet."""
    return Path(folder).glob(pattern) if folder else ()


def read_mails(raw: bytes) -> list[dict]:
    """Read one file of e-mails; the last may still be in the writing and is left out then."""
    return [read_mail(part) for part in raw.split(END_OF_MAIL)[:-1]]


def read_mail(raw: bytes) -> dict:
    """Read one e-mail."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    return {
        "channel": "email",
        "to": mail["To"],
        "language": mail["Content-Language"] or "",
        "subject": mail["Subject"],
        "text": content(mail, "plain"),
        "html": content(mail, "html"),
        # "-0000" in a Date says UTC, and Python reads it without a zone.
        "at": parsedate_to_datetime(mail["Date"]).replace(tzinfo=UTC),
    }


def content(mail, kind: str) -> str:
    """Return the part of an e-mail that is plain text or HTML, or nothing."""
    body = mail.get_body((kind,))
    return body.get_content() if body else ""


def read_text(path: Path) -> dict:
    """Read one text message."""
    said = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(said.pop("at"))
    return {"channel": "sms", "subject": "", "html": "", "at": at, **said}
