"""HTTPS as a relay before the plain server: as robust as http."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from serving import certificate, https
from serving.redirect import redirection
from tests.running import COMMAND, assert_page_and_prediction, start, stop

HOSTS = ["localhost", "127.0.0.1"]
QUESTION = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def port(cache: Path) -> Iterator[int]:
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(cache)
    process, port = start((*COMMAND, "--https"))
    if before is None:
        del os.environ["XDG_CACHE_HOME"]
    else:
        os.environ["XDG_CACHE_HOME"] = before
    yield port
    assert "Traceback" not in stop(process)


def trusting(folder: Path) -> ssl.SSLContext:
    """A visitor who knows the certificate in a folder."""
    return ssl.create_default_context(cafile=folder / "certificate.pem")


def visit(port: int, cache: Path) -> http.client.HTTPSConnection:
    context = trusting(cache / "face-mask-detection")
    return http.client.HTTPSConnection("localhost", port, timeout=30, context=context)


def test_the_page_and_a_prediction_over_tls(port: int, cache: Path) -> None:
    with closing(visit(port, cache)) as connection:
        assert_page_and_prediction(connection)


def test_a_body_over_the_limit_is_refused_in_words(port: int, cache: Path) -> None:
    with closing(visit(port, cache)) as connection:
        connection.request("POST", "/api/predict", bytes(21 * 2**20))
        response = connection.getresponse()
        assert response.status == 413
        assert "at most 20 MB" in json.load(response)["detail"]


def test_who_types_http_is_sent_to_https(port: int) -> None:
    with closing(http.client.HTTPConnection("localhost", port, timeout=30)) as connection:
        connection.request("GET", "/?lang=de")
        response = connection.getresponse()
        assert response.status == 307
        assert response.headers["Location"] == f"https://localhost:{port}/?lang=de"
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("came", "answer"),
    [
        (b"POST /api/predict HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/1.1 400 "),
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400 "),
        (
            b"GET / HTTP/1.1\r\nHost: a_b\r\n\r\n",
            b"HTTP/1.1 307 Temporary Redirect\r\nLocation: https://a_b:80/\r\n",
        ),
        (b"GET / HTTP/1.1\r\nHost: x/<y>\r\n\r\n", b"HTTP/1.1 400 "),
        (b"GET / HTTP/1.1\r\nHOST:  [::1]:5000 \r\n\r\n", b"HTTP/1.1 307 "),
        (b"SSH-2.0-OpenSSH_9.2\r\n", b""),
        (b"", b""),
    ],
)
def test_what_is_no_request_for_a_page_is_not_sent_on(came: bytes, answer: bytes) -> None:
    found = redirection(came)
    assert found.startswith(answer)
    assert bool(found) == bool(answer)


def test_who_speaks_no_tls_or_says_nothing_locks_nobody_out(port: int, cache: Path) -> None:
    silent = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(30)]
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
            plain.sendall(b"\0\1\2\3")
            assert plain.recv(1000) == b""
        with closing(visit(port, cache)) as connection:
            connection.request("GET", "/healthz")
            assert json.load(connection.getresponse())["status"] == "ok"
    finally:
        for one in silent:
            one.close()


def test_the_own_addresses_are_those_that_others_reach() -> None:
    found = https.addresses()
    assert len(set(found)) == len(found)
    assert not [one for one in found if one.startswith("127.")]


def say_all(visitor: ssl.SSLSocket) -> None:
    """Close the sending half as TCP does; `visitor.shutdown` would give up TLS."""
    socket.socket.shutdown(visitor, socket.SHUT_WR)


class Parting:
    """A visitor who closes the sending half as TLS does; Python's own sockets then hear no more."""

    def __init__(self, port: int, folder: Path) -> None:
        self.plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.coming, self.going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = trusting(folder).wrap_bio(self.coming, self.going, server_hostname="localhost")
        self._do(self.tls.do_handshake)

    def ask(self, question: bytes) -> bytes:
        """The answer to the last question."""
        self.tls.write(question)
        with suppress(ssl.SSLWantReadError):  # it would wait for the other's goodbye
            self.tls.unwrap()
        self.plain.sendall(self.going.read())
        answer = b""
        with suppress(ssl.SSLZeroReturnError):  # both have said goodbye
            while True:
                answer += self._do(lambda: self.tls.read(1000))
        return answer

    def _do(self, action: Callable[[], Any]) -> Any:
        while True:
            try:
                return action()
            except ssl.SSLWantReadError:
                self.plain.sendall(self.going.read())
                self.coming.write(self.plain.recv(1000))


def test_who_has_said_all_still_gets_the_answer(port: int, cache: Path) -> None:
    folder = cache / "face-mask-detection"
    with call(port, folder) as visitor:
        visitor.sendall(QUESTION)
        say_all(visitor)
        assert b'"status":"ok"' in b"".join(iter(lambda: visitor.recv(1000), b""))
    parting = Parting(port, folder)
    with parting.plain:
        assert b'"status":"ok"' in parting.ask(QUESTION)


def test_the_answer_to_the_last_question_may_take_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "GRACE", 0.1)
    inner = Inner(b"an answer", after=0.5)
    with (
        closing(inner.socket),
        call(relayed(tmp_path, inner.socket.getsockname()), tmp_path) as visitor,
    ):
        visitor.sendall(b"a question")
        say_all(visitor)
        assert visitor.recv(1000) == b"an answer"


def test_who_goes_away_leaves_nothing_behind(tmp_path: Path) -> None:
    inner = Inner(b"")
    with closing(inner.socket):
        port = relayed(tmp_path, inner.socket.getsockname())
        with call(port, tmp_path):
            assert until(lambda: inner.now == 1)
        assert until(lambda: inner.now == 0)


class Inner:
    """A plain server that reads once, sends an answer, and counts who is connected."""

    def __init__(self, answer: bytes, after: float = 0) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.answer, self.after = answer, after
        self.now = self.most = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return  # closed by the test
            self.now += 1
            self.most = max(self.most, self.now)
            threading.Thread(target=self._answer, args=(visitor,), daemon=True).start()

    def _answer(self, visitor: socket.socket) -> None:
        with visitor, suppress(OSError):
            if visitor.recv(1000):
                time.sleep(self.after)
                visitor.sendall(self.answer)
        self.now -= 1


def relayed(folder: Path, inner: tuple[str, int]) -> int:
    """The port of a relay to a server of the test."""
    listener = socket.create_server(("127.0.0.1", 0))
    https.relay(listener, inner, certificate.context(folder, HOSTS))
    port: int = listener.getsockname()[1]
    return port


def call(port: int, folder: Path) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", port), timeout=30)
    return trusting(folder).wrap_socket(plain, server_hostname="localhost")


def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_who_does_not_read_the_answer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "IDLE", 1)
    monkeypatch.setattr(https, "GRACE", 0.5)
    inner = Inner(bytes(2**25))  # more than all buffers take
    with (
        closing(inner.socket),
        call(relayed(tmp_path, inner.socket.getsockname()), tmp_path) as visitor,
    ):
        visitor.sendall(b"a question")
        assert until(lambda: inner.most == 1)
        assert until(lambda: inner.now == 0)


def test_visitors_past_the_limit_wait_for_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "IDLE", 1)
    monkeypatch.setattr(https, "LIMIT", 2)
    inner = Inner(b"an answer")
    port = relayed(tmp_path, inner.socket.getsockname())
    with closing(inner.socket), call(port, tmp_path), call(port, tmp_path):
        assert until(lambda: inner.now == 2)
        with call(port, tmp_path) as third:  # served once a silent one is given up
            third.sendall(b"a question")
            assert third.recv(1000) == b"an answer"
    assert inner.most == 2


def test_a_visitor_is_let_go_where_the_plain_server_is_gone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()
    with call(relayed(tmp_path, nobody), tmp_path) as visitor:
        assert visitor.recv(1000) == b""
