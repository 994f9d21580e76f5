"""The production server as a process, over real sockets."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

import server
from inference import ModelError
from inference.contract import ROOT
from serving.production import MOST_BODIES
from tests.frames import two_faces
from tests.running import COMMAND, assert_page_and_prediction, start, stop
from tests.samples import encode

DISKLESS = [
    sys.executable,
    "-c",
    "import sys, tempfile; tempfile.TemporaryFile = tempfile.mkstemp = None; "
    "import server; sys.exit(server.main(sys.argv[1:]))",
]  # the same server, which fails as soon as it wants a temporary file
OVER = 20 * server.MEGABYTE + 1


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process, port = start(DISKLESS)
    yield port
    stop(process)


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def healthy(port: int) -> bool:
    with closing(connect(port)) as connection:
        connection.request("GET", "/healthz")
        return json.load(connection.getresponse())["status"] == "ok"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly(number: signal.Signals) -> None:
    process, port = start(COMMAND)
    assert healthy(port)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_port_in_use_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*COMMAND, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Choose another with --port."
    ]
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "70000"], "Expected a port of 0 to 65535, came 70000.\n"),
        (["--port", "0", "--host", "no host"], "Cannot listen on no host, port 0: "),
    ],
)
def test_an_impossible_address(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert server.main(arguments) == 1
    assert capsys.readouterr().err.startswith(words)


def test_a_missing_model_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(finder: str, models: Path) -> None:
        raise ModelError(f"No model for {finder}.")

    monkeypatch.setattr(server, "MaskDetector", fail)
    assert server.main(["--port", "0"]) == 1
    assert capsys.readouterr().err == "No model for centerface.\n"


def test_the_page_and_a_prediction(port: int) -> None:
    with closing(connect(port)) as connection:
        assert_page_and_prediction(connection)


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("size", [OVER, 3 * OVER])
def test_a_body_over_the_limit_is_heard_out_and_refused_in_words(
    port: int, chunked: bool, size: int
) -> None:
    body = iter([bytes(size // 7)] * 7 + [bytes(size % 7)]) if chunked else bytes(size)
    with closing(connect(port)) as connection:
        connection.request("POST", "/api/predict", body, encode_chunked=chunked,
                           headers={"Transfer-Encoding": "chunked"} if chunked else {})  # fmt: skip
        response = connection.getresponse()
        assert response.status == 413
        assert "at most 20 MB" in json.load(response)["error"]
    assert healthy(port)


def test_a_chunked_picture_is_read(port: int) -> None:
    content = encode(two_faces())
    parts = iter([content[:1000], content[1000:]])
    with closing(connect(port)) as connection:
        connection.request("POST", "/api/predict", parts, encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})  # fmt: skip
        assert len(json.load(connection.getresponse())["verdicts"]) == 2


@pytest.mark.parametrize(
    "head",
    [
        b"POST /api/predict HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"nonsense\r\n\r\n",
    ],
    ids=["missing", "word", "negative", "chunk", "no http"],
)
def test_a_wrong_length_is_refused(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head)
        answer = connection.recv(4000)
    assert re.match(rb"HTTP/1\.[01] 400 ", answer)
    assert b"Traceback" not in answer
    assert healthy(port)


def test_an_aborted_body_leaves_it_answering(port: int) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" + bytes(1000)
            )
    assert healthy(port)


def test_idle_browsers_lock_nobody_out(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(150):
            stack.enter_context(closing(connect(port))).connect()
        assert healthy(port)


def test_slow_bodies_fill_neither_the_memory_nor_the_server(port: int) -> None:
    """One more than may be held waits its turn; what has no body is answered meanwhile."""
    content = encode(two_faces())
    head = f"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n\r\n"
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            for _ in range(MOST_BODIES + 1)
        ]
        for connection in slow[:-1]:
            connection.sendall(head.encode() + content[:-1])
        assert healthy(port)
        slow[-1].sendall(head.encode() + content)
        slow[-1].settimeout(1)
        with pytest.raises(TimeoutError):
            slow[-1].recv(1)
        slow[0].sendall(content[-1:])
        for connection in (slow[0], slow[-1]):
            connection.settimeout(30)
            assert connection.recv(20).startswith(b"HTTP/1.1 200 ")
