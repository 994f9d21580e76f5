"""Limits on time, size and memory, over real sockets."""

from __future__ import annotations

import http.client
import json
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from inference.contract import ROOT
from serving.settings import MEGABYTE
from tests.frames import two_faces
from tests.running import assert_page_and_prediction, start, stop, wait_for
from tests.samples import encode
from tests.serving.conftest import connect, healthy, metric

pytestmark = pytest.mark.slow

DISKLESS = [
    sys.executable,
    "-c",
    "import sys, tempfile; tempfile.TemporaryFile = tempfile.mkstemp = None; "
    "import server; sys.exit(server.main(sys.argv[1:]))",
]  # the server, which fails if it creates a temporary file
TOO_LARGE = 40 * MEGABYTE + 1


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process, port = start(DISKLESS)
    yield port
    stop(process)


def test_the_page_and_a_prediction(port: int) -> None:
    with closing(connect(port)) as connection:
        assert_page_and_prediction(connection)


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("size", [TOO_LARGE, 3 * TOO_LARGE])
def test_a_body_over_the_limit_is_read_and_refused(port: int, chunked: bool, size: int) -> None:
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


def test_a_chunked_photo_is_read(port: int) -> None:
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
        b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
        b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"nonsense\r\n\r\n",
    ],
    ids=["missing", "word", "negative", "chunk", "no http"],
)
def test_an_invalid_length_is_refused(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head)
        answer = connection.recv(4000)
    assert re.match(rb"HTTP/1\.[01] 400 ", answer)
    assert b"Traceback" not in answer
    assert healthy(port)


def test_aborted_bodies_do_not_stop_the_server(port: int) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"
                + bytes(1000)
            )
    assert healthy(port)


def test_idle_connections_do_not_block_others(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(150):
            stack.enter_context(closing(connect(port))).connect()
        assert healthy(port)


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 200), ({"X-Forwarded-For": "192.0.2.7"}, 403)]
)
def test_metrics_are_not_sent_through_a_proxy(
    port: int, headers: dict[str, str], status: int
) -> None:
    with closing(connect(port)) as connection:
        connection.request("GET", "/metrics", headers=headers)
        assert connection.getresponse().status == status


def request_head(length: int) -> bytes:
    """The headers of a prediction request."""
    return f"POST /api/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode()


def open_connection(stack: ExitStack, port: int) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))


LIMITED = """
import sys, server, serving.gate, serving.production
serving.gate.MAX_UPLOAD_BYTES = 2_000_000
serving.gate.MAX_CONNECTIONS = 5
serving.gate.SEND_TIMEOUT_S = 0.5
serving.production.IDLE_TIMEOUT_S = 2
sys.exit(server.main(sys.argv[1:]))
"""  # the server with little memory for bodies, few connections and short timeouts


@pytest.fixture
def limited() -> Iterator[int]:
    process, port = start((sys.executable, "-c", LIMITED, "--max-request-mb=20"))
    yield port
    assert "Traceback" not in stop(process)


def test_bodies_beyond_the_memory_limit_get_503(limited: int) -> None:
    content = encode(two_faces())
    with ExitStack() as stack:
        first, second = open_connection(stack, limited), open_connection(stack, limited)
        first.sendall(request_head(1_900_000) + bytes(1_800_000))
        wait_for(lambda: metric(limited, "mask_upload_bytes") == 1_800_000)
        second.sendall(request_head(300_000) + bytes(300_000))
        answer = http.client.HTTPResponse(second)
        answer.begin()
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Try again" in json.load(answer)["detail"]
        assert metric(limited, "mask_upload_bytes") == 1_800_000
        first.sendall(bytes(100_000))
        assert first.recv(20).startswith(b"HTTP/1.1 415 ")
        wait_for(lambda: metric(limited, "mask_upload_bytes") == 0)
        second = open_connection(stack, limited)
        second.sendall(request_head(len(content)) + content)
        assert second.recv(20).startswith(b"HTTP/1.1 200 ")


def test_a_disconnect_frees_the_memory_of_the_body(limited: int) -> None:
    with socket.create_connection(("127.0.0.1", limited), timeout=30) as connection:
        connection.sendall(request_head(1_000_000) + bytes(500_000))
        wait_for(lambda: metric(limited, "mask_upload_bytes") == 500_000)
    wait_for(lambda: metric(limited, "mask_upload_bytes") == 0)


def test_connections_are_limited_and_idle_ones_closed(limited: int) -> None:
    with ExitStack() as stack:
        idle = [open_connection(stack, limited) for _ in range(5)]
        assert healthy(limited), "the connection that has idled longest makes room"
        assert idle[0].recv(1) == b""
        idle[4].settimeout(30)
        assert idle[4].recv(1) == b"", "idle connections are closed after a while"


def test_connections_with_a_request_do_not_make_room(limited: int) -> None:
    with ExitStack() as stack:

        def is_full() -> bool:
            open_connection(stack, limited).sendall(request_head(1000) + bytes(10))
            return not healthy_or_refused(limited)

        wait_for(is_full)


def healthy_or_refused(port: int) -> bool:
    try:
        return healthy(port)
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_unread_answers_time_out(limited: int) -> None:
    largest = max((ROOT / "web/static/build").iterdir(), key=lambda path: path.stat().st_size)
    request = f"GET /static/build/{largest.name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    before = metric(limited, "process_open_fds")
    with socket.create_connection(("127.0.0.1", limited), timeout=30) as connection:
        connection.sendall(request * 100)  # more than all buffers hold
        wait_for(lambda: metric(limited, "process_open_fds") > before)
        wait_for(lambda: metric(limited, "process_open_fds") == before)
        received = sum(map(len, iter(lambda: connection.recv(2**16), b"")))
    assert received < 50 * largest.stat().st_size


def test_a_half_closed_connection_gets_its_answer(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        content = encode(two_faces())
        connection.sendall(request_head(len(content)) + content)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(2**16), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"}\n")


def test_incomplete_large_bodies_do_not_delay_others(port: int) -> None:
    content = encode(two_faces())
    with ExitStack() as stack:
        for connection in [open_connection(stack, port) for _ in range(60)]:
            connection.sendall(request_head(40 * MEGABYTE) + bytes(1000))
        last = open_connection(stack, port)
        last.sendall(request_head(len(content)) + content)
        assert last.recv(20).startswith(b"HTTP/1.1 200 ")


def test_incomplete_small_bodies_do_not_delay_others(port: int) -> None:
    content = encode(two_faces())
    with ExitStack() as stack:
        slow = [open_connection(stack, port) for _ in range(60)]
        for connection in slow:
            connection.sendall(request_head(len(content)) + content[:-1])
        last = open_connection(stack, port)
        last.sendall(request_head(len(content)) + content)
        assert last.recv(20).startswith(b"HTTP/1.1 200 ")
        slow[0].sendall(content[-1:])
        assert slow[0].recv(20).startswith(b"HTTP/1.1 200 ")
