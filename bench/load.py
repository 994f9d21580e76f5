"""The server under load: ``python -m bench.load [--requests 5000]``.

1, 4, 16 and 64 clients send good, huge and broken pictures to the real server, one after the other
without a pause, while some bodies arrive slowly and `/healthz` is polled. Each answer is compared with
the one that its picture got alone, so that nothing is mixed up; a 503 is retried after a while, so that
nothing is lost. Compare the memory after many requests with that before.
"""

from __future__ import annotations

import argparse
import http.client
import random
import socket
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import numpy as np

from bench.server import photos
from bench.tables import print_table
from tests.frames import empty, two_faces
from tests.running import COMMAND, memory_mb, start, stop
from tests.samples import REFUSED, encode

CLIENTS = (1, 4, 16, 64)
SLOW = 8  # bodies that come a piece a second
FLAGS = ("--log=off", "--upload-timeout=20")


def pictures() -> dict[str, bytes]:
    """What is sent, by name; one in six is huge, a third broken."""
    good = {"two faces": encode(two_faces(), "JPEG"), "empty": encode(empty(), "WEBP")}
    broken = {name: REFUSED[name][0] for name in ("truncated jpeg", "bomb")}
    return photos() | good | broken


def ask(port: int, content: bytes | None, path: str = "/api/predict") -> tuple[int, bytes]:
    """Status and body of an answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("POST" if content else "GET", path, content)
        response = connection.getresponse()
        return response.status, response.read()


def ask_until_answered(
    port: int, content: bytes, statuses: list[int], seconds: list[float]
) -> tuple[int, bytes]:
    """The answer, retried while the server is busy; only answers count in `seconds`."""
    while True:
        started = time.perf_counter()
        status, body = ask(port, content)
        statuses.append(status)
        if status != 503:
            seconds.append(time.perf_counter() - started)
            return status, body
        time.sleep(random.uniform(0.05, 0.5))  # the server asks for more: this is a load test


def send_slowly(port: int, content: bytes, over: threading.Event) -> None:
    """Send bodies that never end, one after the other."""
    head = (
        f"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    while not over.is_set():
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            try:
                connection.sendall(head.encode())
                for at in range(len(content) - 1):
                    connection.sendall(content[at : at + 1])
                    if over.wait(1):
                        return
            except OSError:
                continue  # timed out by the server, as it should be


def watch_health(port: int, over: threading.Event, seconds: list[float]) -> None:
    """Poll `/healthz` ten times per second."""
    while not over.wait(0.1):
        started = time.perf_counter()
        status, _ = ask(port, None, "/healthz")
        seconds.append(time.perf_counter() - started if status == 200 else float("inf"))


def load(port: int, clients: int, requests: int, expected: dict[str, Any]) -> dict[str, Any]:
    """The figures of so many clients, with slow bodies besides."""
    sent = pictures()
    names = [list(sent)[i % len(sent)] for i in range(requests)]
    over = threading.Event()
    statuses: list[int] = []
    seconds: list[float] = []
    health: list[float] = []

    def is_wrong(name: str) -> bool:
        """Whether the answer is not that of the picture, or there is none."""
        try:
            return ask_until_answered(port, sent[name], statuses, seconds) != expected[name]
        except (OSError, http.client.HTTPException):
            return True

    with ThreadPoolExecutor(SLOW + 1) as besides, ThreadPoolExecutor(clients) as pool:
        besides.submit(watch_health, port, over, health)
        for _ in range(SLOW):
            besides.submit(send_slowly, port, sent["two faces"], over)
        started = time.perf_counter()
        wrong = sum(pool.map(is_wrong, names))
        taken = time.perf_counter() - started
        over.set()
    p50, p99 = np.percentile(seconds, [50, 99]) * 1000
    return {
        "per_second": round(requests / taken, 1),
        "p50_ms": round(p50),
        "p99_ms": round(p99),
        "healthz_p99_ms": round(float(np.percentile(health or [0], 99)) * 1000, 1),
        "healthz_max_ms": round(max(health, default=0) * 1000, 1),
        "status": {str(status): count for status, count in sorted(Counter(statuses).items())},
        "wrong": wrong,
    }


def measure(requests: int, clients: list[int]) -> dict[str, dict[str, Any]]:
    """All figures: `requests` are shared among the numbers of clients."""
    process, port = start((*COMMAND, *FLAGS))
    try:
        expected = {name: ask(port, content) for name, content in pictures().items()}
        result: dict[str, dict[str, Any]] = {"before": {"memory_mb": memory_mb(process.pid)}}
        for number in clients:
            figures = load(port, number, requests // len(clients), expected)
            result[f"{number} clients"] = figures | {"memory_mb": memory_mb(process.pid)}
    finally:
        stop(process)
    return result


def main() -> int:
    """Print the figures; return 1 where an answer was wrong or lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5000, help="of all clients together")
    parser.add_argument("--clients", type=int, nargs="+", default=list(CLIENTS))
    options = parser.parse_args()
    result = measure(options.requests, options.clients)
    print_table(result)
    return int(any(figures.get("wrong") for figures in result.values()))


if __name__ == "__main__":
    sys.exit(main())
