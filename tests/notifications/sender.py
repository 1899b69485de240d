"""A sender in a process of its own, made to die by kill -9 wherever a test says.

It reads one order a line (JSON) and forks a child for each, which does one round of the sender's work. Every
statement that goes to the database, every commit and every call to a provider is a step, before and after; the
product's code knows nothing of it. Answers with the steps that were taken, or with the signal that ended them.
"""

import contextlib
import json
import os
import signal
import sys
import traceback
from datetime import datetime
from unittest import mock

import django
import psycopg2
from django.conf import settings


def serve():
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            status = 1
            try:
                os.write(writing, json.dumps(Child(**json.loads(line)).run()).encode())
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                # No clean-up: nothing of the parent's may be closed.
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading) as answer:
            steps = answer.read()
        _, status = os.waitpid(child, 0)
        ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        say(json.dumps({"signal": ended_by, "exit": status, "steps": json.loads(steps or "[]")}))


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Child:
    def __init__(self, *, at, die_at=None, cut_at=None, without=(), **given):
        self.steps, self.die_at, self.cut_at, self.without = [], die_at, cut_at, without
        self.at = datetime.fromisoformat(at)
        for name, value in given.items():
            setattr(settings, name, value)

    def step(self, name):
        here = (len(self.steps), name)
        self.steps.append(name)
        if self.die_at in here:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.cut_at in here:
            cut(connection.connection)

    def between(self, name, wrapped):
        def stepping(*args, **kwargs):
            self.step(f"before {name}")
            result = wrapped(*args, **kwargs)
            self.step(f"after {name}")
            return result

        return stepping

    def run(self):
        with (
            mock.patch("django.utils.timezone.now", return_value=self.at),
            mock.patch.object(Mail, "send", autospec=True, side_effect=self.between("call", Mail.send)),
            mock.patch.object(TwilioSms, "send", autospec=True, side_effect=self.between("call", TwilioSms.send)),
            mock.patch.object(connection, "_commit", self.between("commit", connection._commit)),
            connection.execute_wrapper(self.statement),
            acting("worker"),
        ):
            for guard in self.without:
                TAKEN_OUT[guard]()
            delivery.go_round()
        return self.steps

    def statement(self, execute, sql, params, many, context):
        words = sql.split()
        self.step(" ".join(words[:1]) if words[0] != "UPDATE" else " ".join(words[:2]))
        return execute(sql, params, many, context)


def cut(line):
    """End our connection from another one, as a server that restarts does."""
    if line is not None:
        with contextlib.closing(psycopg2.connect(**line.get_dsn_parameters())) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [line.get_backend_pid()])


def no_attempt_before_the_call():
    """Send as many do: call first, and write it down afterwards."""
    claim.begin = lambda message, at: None
    delivery.last_look = lambda message: True
    settle.accepted = lambda sent, provider_id: type(sent).objects.filter(pk=sent.pk).update(state="sent")


def no_return_for_the_lost():
    settle.lost = lambda: None


def another_name_each_time():
    compose = channels.compose

    def composed(message, context):
        message.reference = uuid.uuid4()
        return compose(message, context)

    channels.compose = composed


if __name__ == "__main__":
    django.setup()
    import uuid

    import kombu.transport.redis
    from django.core.mail.utils import DNS_NAME
    from django.db import connection
    from django.urls import reverse

    from accounts.database import acting
    from notifications import channels, claim, delivery, kinds, settle
    from notifications.providers import Mail, TwilioSms
    from tests.notifications import cast

    for kind in (cast.Note, cast.Code, cast.Second):
        kinds.register(kind)
    settings.TEMPLATES[0]["DIRS"].append(cast.TEMPLATES)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
    TAKEN_OUT = {
        guard.__name__: guard for guard in (no_attempt_before_the_call, no_return_for_the_lost, another_name_each_time)
    }
    # What takes long to load is loaded before the first child is born.
    assert TwilioSms("twilio://a:b@localhost/?from=+1").client.messages
    assert [reverse("sms_event"), DNS_NAME.get_fqdn(), kombu.transport.redis]
    say("ready")
    serve()
