"""Those who carry a message, and the three ways in which they fail to."""

import json
import os
import smtplib
import tempfile
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.urls import reverse
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from notifications import clock

SECONDS_TO_ANSWER = 20
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
SMTP_PERMANENT = 500
HAS_STOPPED = 21610


class Refused(Exception):
    """The provider will never take this; `has_stopped` where it knows of a STOP that we missed."""

    def __init__(self, reason: str, *, has_stopped: bool = False):
        super().__init__(reason)
        self.reason, self.has_stopped = reason, has_stopped


class Unreachable(Exception):
    """The provider certainly did not take this, and may later."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Unknown(Exception):
    """The line dropped: nobody knows whether the provider took this."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class Mail:
    """E-mail through Django's backend; over SMTP one connection serves a whole round."""

    def __init__(self):
        self.backend = get_connection()

    def send(self, letter) -> str:
        """Hand one letter over, or raise one of the three failures."""
        self.be_open()
        try:
            letter.connection = self.backend
            letter.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise answered(min(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise answered(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("smtp cannot say this address") from None
        except OSError as error:
            # smtplib's own errors are among these.
            raise Unknown(f"smtp {type(error).__name__}"[:40]) from None
        return ""

    def be_open(self) -> None:
        """Connect, or see that the connection still lives: a line found dead now has swallowed nothing."""
        if not isinstance(self.backend, SmtpBackend):
            return
        try:
            if self.backend.connection and not answers(self.backend.connection):
                self.close()
            self.backend.open()
        except OSError as error:
            raise Unreachable(f"smtp {type(error).__name__}"[:40]) from None

    def close(self) -> None:
        """Hang up."""
        try:
            self.backend.close()
        except OSError:
            self.backend.connection = None


def answers(connection: smtplib.SMTP) -> bool:
    """Say whether a kept SMTP connection is still there, with nothing half said on it."""
    try:
        return connection.rset()[0] < SMTP_PERMANENT
    except OSError:
        return False


def answered(code: int) -> Refused | Unreachable:
    """Return the failure that an SMTP answer stands for: 5xx never, 4xx later."""
    return Refused(f"smtp {code}") if code >= SMTP_PERMANENT else Unreachable(f"smtp {code}")


class FileSms:
    """Text messages as files in a folder, for the demonstration."""

    def __init__(self, folder: str):
        self.folder = Path(folder)

    def send(self, *, to: str, body: str, reference: UUID, language: str) -> str:
        """Write one text; a file appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        said = {"to": to, "text": body, "language": language, "at": clock.now().isoformat()}
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix=".", delete=False, encoding="utf-8") as draft:
            json.dump(said, draft, ensure_ascii=False)
        os.replace(draft.name, self.folder / f"{reference}.sms.json")
        return f"file:{reference}"

    def signed(self, url: str, said: dict, signature: str) -> bool:
        """Nobody may tell a folder anything."""
        return False


class TwilioSms:
    """Text messages through Twilio: twilio://ACCOUNT:TOKEN@api.twilio.com/?from=+15005550006."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        token = unquote(parts.password or "")
        self.sender = parse_qs(parts.query.replace("+", "%2B"))["from"][0]
        self.validator = RequestValidator(token)
        # A connection of its own for each text: a kept one that died would leave a text unknown.
        http = TwilioHttpClient(pool_connections=False, timeout=SECONDS_TO_ANSWER)
        self.client = Client(unquote(parts.username or ""), token, http_client=http)
        scheme = "http" if parts.scheme.endswith("+http") else "https"
        self.client.api.base_url = f"{scheme}://{parts.netloc.rpartition('@')[2]}"

    def send(self, *, to: str, body: str, reference: UUID, language: str) -> str:
        """Hand one text over and return Twilio's name for it, or raise one of the three failures."""
        report_to = f"{settings.BASE_URL}{reverse('sms_event')}?message={reference}"
        try:
            return self.client.messages.create(to=to, from_=self.sender, body=body, status_callback=report_to).sid
        except TwilioRestException as error:
            raise self.answered(error) from None
        except (RequestException, TwilioException) as error:
            if never_connected(error):
                raise Unreachable(f"twilio {type(error).__name__}"[:40]) from None
            raise Unknown(f"twilio {type(error).__name__}"[:40]) from None

    def answered(self, error: TwilioRestException) -> Exception:
        """Return the failure that an answer stands for: 4xx never, 429 later, 5xx who knows."""
        if error.status == TOO_MANY_REQUESTS:
            return Unreachable("twilio 429")
        if error.status >= SERVER_ERROR:
            return Unknown(f"twilio {error.status}")
        return Refused(f"twilio {error.code or error.status}", has_stopped=error.code == HAS_STOPPED)

    def signed(self, url: str, said: dict, signature: str) -> bool:
        """Say whether a call to our address comes from Twilio."""
        return self.validator.validate(url, said, signature)


def never_connected(error: Exception) -> bool:
    """Say whether not one byte of a request can have arrived."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError)


@lru_cache
def sms(url: str) -> FileSms | TwilioSms:
    """Return the sender that an SMS_URL names."""
    return FileSms(urlsplit(url).path) if url.startswith("file:") else TwilioSms(url)
