"""A mail server that takes letters over real SMTP and keeps them."""

import email
import socket
from email import policy

from aiosmtpd.controller import Controller


class Sink:
    """Listens until closed; `answers` says how it treats each letter, `ledger` holds the raw bytes it took."""

    def __init__(self):
        self.ledger, self.answers = [], "250 taken"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(self, server, session, envelope):
        if self.answers == "drop":
            self.ledger.append(envelope.original_content)
            server.transport.abort()
        elif self.answers.startswith("250"):
            self.ledger.append(envelope.original_content)
        return self.answers

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answers.startswith(("4", "5")):
            return self.answers
        envelope.rcpt_tos.append(address)
        return "250 known"

    def close(self):
        if not self.controller.loop.is_closed():
            self.controller.stop()

    @property
    def letters(self):
        return [email.message_from_bytes(raw, policy=policy.default) for raw in self.ledger]
