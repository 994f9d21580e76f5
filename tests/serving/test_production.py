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
from serving.settings import MEGABYTE
from tests.frames import two_faces
from tests.running import COMMAND, assert_page_and_prediction, start, stop, wait_for
from tests.samples import encode

DISKLESS = [
    sys.executable,
    "-c",
    "import sys, tempfile; tempfile.TemporaryFile = tempfile.mkstemp = None; "
    "import server; sys.exit(server.main(sys.argv[1:]))",
]  # the same server, which fails as soon as it wants a temporary file
OVER = 40 * MEGABYTE + 1


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


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_all_addresses_of_ipv6_are_those_of_ipv4_as_well() -> None:
    process, port = start((*COMMAND, "--host", "::"))
    assert healthy(port)  # asks 127.0.0.1
    assert metric(port, "mask_busy") == 0
    socket.create_connection(("::1", port), timeout=30).close()
    stop(process)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quietly(number: signal.Signals) -> None:
    process, port = start(COMMAND)
    assert healthy(port)
    process.send_signal(number)
    assert "Traceback" not in process.end()
    assert process.returncode == 0


def test_a_port_in_use_is_told_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*COMMAND, "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"Cannot listen on 127.0.0.1, port {port}: Address already in use. "
        "Choose another with --port, or make serve PORT=5001."
    ]
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
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
    def fail(models: Path) -> None:
        raise ModelError(f"No model in {models.name}.")

    monkeypatch.setattr(server, "MaskDetector", fail)
    assert server.main(["--port", "0"]) == 1
    assert capsys.readouterr().err == "No model in models.\n"


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
        connection.request(
            "POST",
            "/api/predict",
            body,
            encode_chunked=chunked,
            headers={"Transfer-Encoding": "chunked"} if chunked else {},
        )
        response = connection.getresponse()
        assert response.status == 413
        assert "at most 20 MB" in json.load(response)["detail"]
    assert healthy(port)


def test_a_chunked_picture_is_read(port: int) -> None:
    content = encode(two_faces())
    parts = iter([content[:1000], content[1000:]])
    with closing(connect(port)) as connection:
        connection.request(
            "POST",
            "/api/predict",
            parts,
            encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        )
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


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 200), ({"X-Forwarded-For": "192.0.2.7"}, 403)]
)
def test_the_numbers_are_not_for_whom_a_proxy_asks(
    port: int, headers: dict[str, str], status: int
) -> None:
    with closing(connect(port)) as connection:
        connection.request("GET", "/metrics", headers=headers)
        assert connection.getresponse().status == status


def post(length: int) -> bytes:
    """The head of a request with a body."""
    return f"POST /api/predict HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def metric(port: int, name: str) -> float:
    with closing(connect(port)) as connection:
        connection.request("GET", "/metrics")
        told = connection.getresponse().read().decode()
    return float(re.findall(rf"^{name} (.*)$", told, re.MULTILINE)[0])


def reach(stack: ExitStack, port: int) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))


LIMITED = """
import sys, server, serving.gate, serving.production
serving.gate.MAX_HELD_BYTES = 2_000_000
serving.gate.MAX_CONNECTIONS = 5
serving.gate.SEND_LIMIT_S = 0.5
serving.production.IDLE_S = 2
sys.exit(server.main(sys.argv[1:]))
"""  # the server with little memory for bodies, few connections and little patience


@pytest.fixture
def limited() -> Iterator[int]:
    process, port = start((sys.executable, "-c", LIMITED, "--request-megabytes=20"))
    yield port
    assert "Traceback" not in stop(process)


def test_a_body_for_which_there_is_no_memory_is_refused_and_the_others_go_on(limited: int) -> None:
    content = encode(two_faces())
    with ExitStack() as stack:
        first, second = reach(stack, limited), reach(stack, limited)
        first.sendall(post(1_900_000) + bytes(1_800_000))
        wait_for(lambda: metric(limited, "mask_upload_bytes") == 1_800_000)
        second.sendall(post(300_000) + bytes(300_000))
        answer = http.client.HTTPResponse(second)
        answer.begin()
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Try again" in json.load(answer)["detail"]
        assert metric(limited, "mask_upload_bytes") == 1_800_000
        first.sendall(bytes(100_000))
        assert first.recv(20).startswith(b"HTTP/1.1 415 ")
        wait_for(lambda: metric(limited, "mask_upload_bytes") == 0)
        second = reach(stack, limited)
        second.sendall(post(len(content)) + content)
        assert second.recv(20).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_leaves_frees_its_memory(limited: int) -> None:
    with socket.create_connection(("127.0.0.1", limited), timeout=30) as leaving:
        leaving.sendall(post(1_000_000) + bytes(500_000))
        wait_for(lambda: metric(limited, "mask_upload_bytes") == 500_000)
    wait_for(lambda: metric(limited, "mask_upload_bytes") == 0)


def test_connections_have_a_limit_and_silent_ones_are_closed(limited: int) -> None:
    with ExitStack() as stack:
        silent = [reach(stack, limited) for _ in range(5)]
        with pytest.raises(OSError):
            healthy(limited)
        assert silent[0].recv(1) == b""
        assert healthy(limited)


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_an_answer_that_the_client_does_not_read_is_dropped(limited: int) -> None:
    largest = max((ROOT / "web/static/build").iterdir(), key=lambda path: path.stat().st_size)
    question = f"GET /static/build/{largest.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    before = metric(limited, "process_open_fds")
    with socket.create_connection(("127.0.0.1", limited), timeout=30) as deaf:
        deaf.sendall(question * 100)  # more than all buffers take
        wait_for(lambda: metric(limited, "process_open_fds") > before)
        wait_for(lambda: metric(limited, "process_open_fds") == before)
        received = sum(map(len, iter(lambda: deaf.recv(2**16), b"")))
    assert received < 50 * largest.stat().st_size


def test_a_client_that_closes_its_sending_side_gets_its_answer(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        content = encode(two_faces())
        connection.sendall(post(len(content)) + content)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(2**16), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"}\n")


def test_large_bodies_that_were_only_announced_keep_nobody_waiting(port: int) -> None:
    content = encode(two_faces())
    with ExitStack() as stack:
        for connection in [reach(stack, port) for _ in range(60)]:
            connection.sendall(post(40 * MEGABYTE) + bytes(1000))
        last = reach(stack, port)
        last.sendall(post(len(content)) + content)
        assert last.recv(20).startswith(b"HTTP/1.1 200 ")


def test_small_slow_bodies_keep_nobody_waiting(port: int) -> None:
    content = encode(two_faces())
    with ExitStack() as stack:
        slow = [reach(stack, port) for _ in range(60)]
        for connection in slow:
            connection.sendall(post(len(content)) + content[:-1])
        last = reach(stack, port)
        last.sendall(post(len(content)) + content)
        assert last.recv(20).startswith(b"HTTP/1.1 200 ")
        slow[0].sendall(content[-1:])
        assert slow[0].recv(20).startswith(b"HTTP/1.1 200 ")
