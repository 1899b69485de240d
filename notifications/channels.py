"""A message becomes words: rendered at sending, in the language that the address has then."""

from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template

from notifications import clock, providers, unsubscribing
from notifications.models import Address, Message


class Email(EmailMultiAlternatives):
    """An e-mail whose bytes follow from what it says: the same letter made twice is the same."""

    boundary = ""

    def message(self):
        """Return the MIME tree, with boundaries of ours instead of random ones."""
        tree = super().message()
        for number, part in enumerate(tree.walk()):
            if part.is_multipart():
                part.set_boundary(f"={number}={self.boundary}")
        return tree

    def go(self, carriers: "Carriers") -> str:
        """Hand it over and return the provider's name for it."""
        return carriers.mail.send(self)


class Text:
    """A text message."""

    def __init__(self, *, to: str, body: str, reference, language: str):
        self.said = {"to": to, "body": body, "reference": reference, "language": language}

    def go(self, carriers: "Carriers") -> str:
        """Hand it over and return the provider's name for it."""
        return carriers.sms.send(**self.said)


class Carriers:
    """The providers, as one round of the sender uses them."""

    def __enter__(self):
        self.mail, self.sms = providers.Mail(), providers.sms(settings.SMS_URL)
        return self

    def __exit__(self, *error):
        self.mail.close()


def compose(message: Message, context: dict) -> Email | Text:
    """Render a message in the language that is active, its address's."""
    return text(message, context) if message.address.channel == Address.Channel.SMS else email(message, context)


def text(message, context):
    """Write the text message of templates/sms/<kind>.txt."""
    return Text(
        to=message.address.value,
        body=plain(f"sms/{message.kind}.txt", context),
        reference=message.reference,
        language=message.address.language,
    )


def email(message, context):
    """Write the e-mail of templates/emails/<kind>*, with the means to stop in its head."""
    stop_url = unsubscribing.url(message.address)
    subject = " ".join(plain(f"emails/{message.kind}_subject.txt", context).split())
    context = {**context, "subject": subject, "unsubscribe_url": stop_url}
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    letter = Email(
        subject,
        plain(f"emails/{message.kind}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [message.address.value],
        headers={
            "Message-ID": f"<{message.reference}@{domain}>",
            "Date": format_datetime(clock.now()),
            "Content-Language": message.address.language,
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.boundary = message.reference.hex
    letter.attach_alternative(get_template(f"emails/{message.kind}.html").render(context), "text/html")
    # What cannot be written down fails here and not on the line.
    letter.message()
    return letter


def plain(name: str, context: dict) -> str:
    """Render words that no browser will read: O'Brien stays O'Brien."""
    return get_template(name).template.render(Context(context, autoescape=False)).strip()
