"""The real server under slow senders, a full queue and a signal to stop.

Its predictions wait for a file, so that nothing here depends on how fast the machine is.
"""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.frames import two_faces
from tests.running import Server, start, wait_for
from tests.samples import encode

HELD = """
import pathlib, sys, time, server
gate = pathlib.Path(sys.argv.pop(1))
class Held(server.MaskDetector):
    def detect(self, image):
        while not gate.exists():
            time.sleep(0.02)
        return super().detect(image)
server.MaskDetector = Held
sys.exit(server.main(sys.argv[1:]))
"""  # the server, whose predictions wait until a file is there
CONTENT = encode(two_faces())


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The file for which predictions wait."""
    return tmp_path / "gate"


@contextmanager
def running(gate: Path, *flags: str) -> Iterator[tuple[Server, int]]:
    process, port = start((sys.executable, "-c", HELD, str(gate), *flags))
    try:
        yield process, port
    finally:
        process.kill()
        process.end()


def ask(port: int, path: str = "/api/predict") -> tuple[int, http.client.HTTPMessage, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        body = CONTENT if path == "/api/predict" else None
        connection.request("POST" if body else "GET", path, body)
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def busy(port: int) -> int:
    """How many requests for a prediction run or wait."""
    (told,) = re.findall(rb"^mask_busy (\d+)", ask(port, "/metrics")[2], re.MULTILINE)
    return int(told)


def send_head(port: int, length: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(
        b"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % length
    )
    return connection


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(2**16):
        parts.append(part)
    return b"".join(parts)


def test_what_runs_when_it_is_told_to_stop_is_answered(gate: Path) -> None:
    with running(gate, "--predictions", "1") as (process, port), ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(ask, port) for _ in range(2)]
        wait_for(lambda: busy(port) == 2)
        with send_head(port, len(CONTENT)) as slow:
            slow.sendall(CONTENT[:-1])
            assert ask(port, "/healthz")[0] == 200  # it came later, so this one has begun
            process.send_signal(signal.SIGTERM)
            wait_for(lambda: refused(port))
            slow.sendall(CONTENT[-1:])  # it had begun, and is read to its end
            gate.touch()
            assert slow.recv(20).startswith(b"HTTP/1.1 200 ")
        for answer in answers:
            status, _, body = answer.result()
            assert status == 200
            assert len(json.loads(body)["verdicts"]) == 2
        assert process.wait(60) == 0
        assert '"trace"' not in process.said()


def refused(port: int) -> bool:
    """Whether nobody listens."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it stopped listening in this very moment
        pass
    return False


def test_nobody_new_is_let_in_while_it_stops_and_idle_ones_hold_nothing_up(gate: Path) -> None:
    with running(gate) as (process, port):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as idle:
            idle.request("GET", "/healthz")
            idle.getresponse().read()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert refused(port)


def test_a_stop_has_its_limit(gate: Path) -> None:
    with (
        running(gate, "--stop-limit", "0.3") as (process, port),
        send_head(port, len(CONTENT)) as slow,
    ):
        slow.sendall(CONTENT[:-1])
        assert ask(port, "/healthz")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert "timeout graceful shutdown exceeded" in process.said()


def test_past_a_short_queue_others_are_sent_away_and_the_page_is_served(gate: Path) -> None:
    flags = ("--predictions=1", "--queue=1")
    with running(gate, *flags) as (_, port), ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(ask, port) for _ in range(12)]
        wait_for(lambda: sum(answer.done() for answer in answers) == 10)
        assert ask(port, "/healthz")[0] == 200
        gate.touch()
        found = [answer.result() for answer in answers]
    statuses = sorted(status for status, _, _ in found)
    assert statuses == [200] * 2 + [503] * 10
    for status, headers, body in found:
        if status == 503:
            assert int(headers["Retry-After"]) > 0
            assert headers["Content-Type"] == "application/problem+json"
            assert "Try again" in json.loads(body)["detail"]


def test_a_request_that_does_not_end_is_given_up(gate: Path) -> None:
    with running(gate, "--upload-limit", "3") as (process, port):
        with (
            send_head(port, 1000) as body,
            closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as head,
        ):
            head.sendall(b"GET / HTTP/1.1\r\n")
            for _ in range(4):  # each sends a byte now and then, and so is never silent
                time.sleep(0.2)
                body.sendall(b"x")
                head.sendall(b"x")
            for connection in (body, head):
                answer = read_all(connection)
                assert b" 408 Request Timeout\r\n" in answer
                assert b"within 3 seconds" in answer
        assert process.said().count('"status": 408') == 2
        counted = b'mask_requests_total{method="other",path="(none)",status="408"} 2.0'
        assert counted in ask(port, "/metrics")[2]
