"""Twilio as far as we use it: one address that takes texts, a ledger of what it took, and signed calls back."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "a-token-of-the-tests"


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        twilio = self.server.twilio
        length = int(self.headers["Content-Length"])
        said = dict(parse_qsl(self.rfile.read(length).decode()))
        answer = twilio.mood(said)
        if answer.takes:
            said["sid"] = f"SM{len(twilio.ledger):032}"
            twilio.ledger.append(said)
        if answer.status is None:
            self.close_connection = True
            return
        told = {"sid": said.get("sid", ""), "code": answer.code, "message": "", "status": answer.status}
        body = json.dumps(told).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Answer:
    def __init__(self, status, *, takes=False, code=0):
        self.status, self.takes, self.code = status, takes, code


TAKES = Answer(201, takes=True)
TAKES_AND_DROPS = Answer(None, takes=True)
TAKES_AND_FAILS = Answer(500, takes=True)
REFUSES = Answer(400, code=21211)
KNOWS_OF_A_STOP = Answer(400, code=21610)
IS_BUSY = Answer(429, code=20429)


class Twilio:
    """Listens until closed; `mood` says how it answers, `ledger` what it took."""

    def __init__(self):
        self.ledger, self.answers = [], TAKES
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.server.twilio = self
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"twilio+http://{ACCOUNT}:{TOKEN}@127.0.0.1:{self.server.server_port}/?from=+15005550006"

    def mood(self, said):
        return self.answers(said) if callable(self.answers) else self.answers

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def calls(self, client, url, said, *, token=TOKEN):
        """Call our address as Twilio does: the whole URL and every field signed."""
        signature = RequestValidator(token).compute_signature(url, said)
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return client.post(path, said, headers={"X-Twilio-Signature": signature})
