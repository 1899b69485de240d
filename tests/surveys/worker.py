"""A worker in a process of its own, made to die by kill -9 wherever a test says.

It reads one order a line (JSON) and forks a child for each, which does one task. Every statement that goes to the
database and every commit is a step, before and after; the product's code knows nothing of it. Answers with the steps
that were taken, or with the signal that ended them.
"""

import json
import os
import signal
import sys
import traceback
from datetime import datetime
from unittest import mock

import django
from django.conf import settings


def serve():
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            status = 1
            try:
                os.write(writing, json.dumps(Child(order["die_at"]).run(order)).encode())
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                # No clean-up: nothing of the parent's may be closed.
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading) as answer:
            steps = json.loads(answer.read() or "[]")
        _, status = os.waitpid(child, 0)
        say(json.dumps({"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, "steps": steps}))


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Child:
    def __init__(self, die_at):
        self.steps, self.die_at = [], die_at

    def step(self, name):
        if self.die_at == len(self.steps):
            os.kill(os.getpid(), signal.SIGKILL)
        self.steps.append(name)

    def around(self, name, wrapped):
        def stepping(*args, **kwargs):
            self.step(f"before {name}")
            result = wrapped(*args, **kwargs)
            self.step(f"after {name}")
            return result

        return stepping

    def run(self, order):
        settings.KEYS_DIR = order["keys"]
        at = datetime.fromisoformat(order["at"])
        with (
            mock.patch("django.utils.timezone.now", return_value=at),
            mock.patch.object(connection, "_commit", self.around("commit", connection._commit)),
            mock.patch.object(sealing, "_sync", self.around("sync", sealing._sync)),
            connection.execute_wrapper(self.statement),
            acting("worker"),
        ):
            getattr(tasks, order["task"])()
        return self.steps

    def statement(self, execute, sql, params, many, context):
        self.step(" ".join(sql.split()[:3]))
        return execute(sql, params, many, context)


if __name__ == "__main__":
    django.setup()
    from django.db import connection

    from accounts.database import acting
    from surveys import sealing, tasks

    connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
    say("ready")
    serve()
