"""Visitors with an empty cookie jar who open a form, or open and send it, one after the other, eight at once."""

import gzip
import html
import http.client
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

AT_ONCE = 8
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)')
ACTION = re.compile(r'id="form-[^>]*?action="([^"]+)"')
TICKS = os.sysconf("SC_CLK_TCK")


class Target(NamedTuple):
    """One side of a comparison: where visitors go, what they send, and whose CPU counts."""

    name: str
    port: int
    visitors: Callable[[], Iterator[tuple[str, str]]]  # the path and the cookie of each visitor
    answers: dict[str, str]
    saved: str  # stands on the last page of a whole visit
    processes: re.Pattern


class Round(NamedTuple):
    """What a few seconds of visits gave."""

    visits: int
    failed: int
    cpu_ms: float  # CPU of the target's own processes, for one visit
    per_second: float
    p95_ms: float


def run(target: Target, mode: str, seconds: float) -> Round:
    """Let visitors come for so many seconds; `mode` is get or submit."""
    took, failed, visitors, turn = [], [], target.visitors(), threading.Lock()
    ends, before = time.perf_counter() + seconds, cpu(target.processes)

    def come():
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
        while (began := time.perf_counter()) < ends:
            with turn:
                where, cookie = next(visitors)
            try:
                (took if visit(connection, target, mode, where, cookie) else failed).append(time.perf_counter() - began)
            except (OSError, http.client.HTTPException):
                failed.append(0)
                connection.close()
        connection.close()

    threads = [threading.Thread(target=come) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    # A database connection that ends meanwhile takes its count with it, so the last that was seen stays.
    after = dict(before)
    while any(thread.is_alive() for thread in threads):
        after |= cpu(target.processes)
        time.sleep(0.1)
    after |= cpu(target.processes)
    spent = sum(used - before.get(process, 0) for process, used in after.items())
    if not took:
        raise RuntimeError(f"Nobody could visit {target.name}.")
    took.sort()
    return Round(
        len(took),
        len(failed),
        1000 * spent / len(took),
        len(took) / seconds,
        1000 * took[int(len(took) * 0.95)],
    )


def visit(connection, target, mode, where, cookie):
    """Open the form; to submit, send it and read the page that thanks."""
    status, headers, page = ask(connection, "GET", where, cookie)
    if mode == "get":
        return status == 200
    jar = "; ".join([cookie, *(part.split(";")[0] for part in headers.get_all("Set-Cookie", []))]).strip("; ")
    body = urlencode({"csrfmiddlewaretoken": TOKEN.search(page)[1], **target.answers})
    action = ACTION.search(page)
    status, headers, page = ask(connection, "POST", html.unescape(action[1]) if action else where, jar, body)
    if status == 302:
        status, headers, page = ask(connection, "GET", headers["Location"], jar)
    return status == 200 and target.saved in page


def ask(connection, method, where, cookie, body=None):
    """Return status, headers and words of one answer."""
    headers = {"Accept-Encoding": "gzip", "Accept-Language": "en", **({"Cookie": cookie} if cookie else {})}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, where, body, headers)
    answer = connection.getresponse()
    words = answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        words = gzip.decompress(words)
    return answer.status, answer.headers, words.decode()


def cpu(processes: re.Pattern) -> dict[str, float]:
    """Return the seconds of CPU that each of these processes has used so far."""
    used = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if processes.search((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")):
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                used[folder.name] = (int(fields[11]) + int(fields[12])) / TICKS
        except OSError:
            continue
    return used
