"""The real server with slow clients, a full queue and a signal to stop.

Its predictions wait for a file, so that the tests do not depend on the speed of the machine.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from inference.contract import ROOT
from tests.frames import two_faces
from tests.inference.cli.streams import free_port
from tests.running import Server, start, wait_for
from tests.samples import encode

pytestmark = pytest.mark.slow

BLOCKED = """
import pathlib, sys, time, server, serving.app
gate = pathlib.Path(sys.argv.pop(1))
class Blocked(serving.app.MaskDetector):
    def detect(self, image):
        while not gate.exists():
            time.sleep(0.02)
        return super().detect(image)
serving.app.MaskDetector = Blocked
sys.exit(server.main(sys.argv[1:]))
"""  # the server, whose predictions wait for a file
CONTENT = encode(two_faces())


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The file that predictions wait for."""
    return tmp_path / "gate"


@contextmanager
def running(gate: Path, *flags: str) -> Iterator[tuple[Server, int]]:
    process, port = start((sys.executable, "-c", BLOCKED, str(gate), *flags))
    try:
        yield process, port
    finally:
        process.kill()
        process.end()


def request(port: int, path: str = "/api/predict") -> tuple[int, http.client.HTTPMessage, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        body = CONTENT if path == "/api/predict" else None
        connection.request("POST" if body else "GET", path, body)
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def busy(port: int) -> int:
    """The number of prediction requests that run or wait."""
    (number,) = re.findall(rb"^mask_busy (\d+)", request(port, "/metrics")[2], re.MULTILINE)
    return int(number)


def send_head(port: int, length: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(
        b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % length
    )
    return connection


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(2**16):
        parts.append(part)
    return b"".join(parts)


def test_running_requests_are_answered_at_shutdown(gate: Path) -> None:
    with running(gate, "--predictions", "1") as (process, port), ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(request, port) for _ in range(2)]
        wait_for(lambda: busy(port) == 2)
        with send_head(port, len(CONTENT)) as slow:
            slow.sendall(CONTENT[:-1])
            assert request(port, "/healthz")[0] == 200  # sent later, so the slow one has begun
            process.send_signal(signal.SIGTERM)
            wait_for(lambda: refused(port))
            slow.sendall(CONTENT[-1:])  # it had begun, so the server reads it to its end
            gate.touch()
            assert slow.recv(20).startswith(b"HTTP/1.1 200 ")
        for answer in answers:
            status, _, body = answer.result()
            assert status == 200
            assert len(json.loads(body)["verdicts"]) == 2
        assert process.wait(60) == 0
        assert '"trace"' not in process.output()


def refused(port: int) -> bool:
    """Whether the server does not listen any more."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it stopped listening in this moment
        pass
    return False


def test_new_and_idle_connections_do_not_delay_the_shutdown(gate: Path) -> None:
    with running(gate) as (process, port):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as idle:
            idle.request("GET", "/healthz")
            idle.getresponse().read()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert refused(port)


def test_the_shutdown_times_out(gate: Path) -> None:
    with (
        running(gate, "--shutdown-timeout", "0.3") as (process, port),
        send_head(port, len(CONTENT)) as slow,
    ):
        slow.sendall(CONTENT[:-1])
        assert request(port, "/healthz")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert "timeout graceful shutdown exceeded" in process.output()


def test_a_stalled_upload_is_refused_at_shutdown(gate: Path) -> None:
    with running(gate, "--shutdown-timeout", "1") as (process, port):
        head = b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc"
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(head)
            time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == 503
            assert "has stopped" in json.load(answer)["detail"]
        assert process.wait(10) == 0
        assert "Traceback" not in process.output()


def test_requests_beyond_the_queue_get_503_and_others_are_served(gate: Path) -> None:
    flags = ("--predictions=1", "--queue=1")
    with running(gate, *flags) as (_, port), ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(request, port) for _ in range(12)]
        wait_for(lambda: sum(answer.done() for answer in answers) == 10)
        assert request(port, "/healthz")[0] == 200
        gate.touch()
        responses = [answer.result() for answer in answers]
    statuses = sorted(status for status, _, _ in responses)
    assert statuses == [200] * 2 + [503] * 10
    for status, headers, body in responses:
        if status == 503:
            assert int(headers["Retry-After"]) > 0
            assert headers["Content-Type"] == "application/problem+json"
            assert "Try again" in json.loads(body)["detail"]


def test_slow_requests_time_out(gate: Path) -> None:
    with running(gate, "--upload-timeout", "3") as (process, port):
        with (
            send_head(port, 1000) as body,
            closing(socket.create_connection(("127.0.0.1", port), timeout=30)) as head,
        ):
            head.sendall(b"GET / HTTP/1.1\r\n")
            for _ in range(4):  # bytes that do not restart the timeout
                time.sleep(0.2)
                body.sendall(b"x")
                head.sendall(b"x")
            for connection in (body, head):
                answer = read_all(connection)
                assert b" 408 Request Timeout\r\n" in answer
                assert b"within 3 seconds" in answer
        assert process.output().count('"status": 408') == 2
        counted = b'mask_requests_total{method="other",path="(none)",status="408"} 2.0'
        assert counted in request(port, "/metrics")[2]


@pytest.mark.parametrize("redirection", [">&- 2>&- <&-", ">/dev/full 2>/dev/full"])
def test_the_server_runs_without_outputs(redirection: str) -> None:
    port = free_port()
    command = f"exec {sys.executable} server.py --port {port} {redirection}"
    buffered = {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen(command, shell=True, cwd=ROOT, env=buffered) as process:
        try:
            wait_for(lambda: not refused(port))
            status, _, body = request(port)
        finally:
            process.terminate()
    assert status == 200
    assert len(json.loads(body)["verdicts"]) == 2
    assert process.returncode == 0
