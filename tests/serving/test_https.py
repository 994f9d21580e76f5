"""HTTPS with a self-made certificate: made once, renewed when needed, and as robust as http."""

from __future__ import annotations

import datetime
import http.client
import json
import os
import socket
import ssl
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from cryptography import x509

from serving import SetupError, certificate, https
from serving.words import greeting
from tests.running import COMMAND, assert_page_and_prediction, start, stop


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
        assert "at most 20 MB" in json.load(response)["error"]


def test_who_speaks_no_tls_or_says_nothing_locks_nobody_out(port: int, cache: Path) -> None:
    silent = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(30)]
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert not plain.recv(1000).startswith(b"HTTP")
        with closing(visit(port, cache)) as connection:
            connection.request("GET", "/healthz")
            assert json.load(connection.getresponse())["status"] == "ok"
    finally:
        for one in silent:
            one.close()


HOSTS = ["localhost", "127.0.0.1", "192.168.1.7"]


def made(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "certificate.pem").read_bytes())


def test_a_certificate_is_kept_and_its_key_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    certificate.context(folder, HOSTS)
    first = made(folder)
    certificate.context(folder, HOSTS[:2])
    assert made(folder) == first
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / "certificate.pem").stat().st_mode) == 0o600


def test_a_certificate_names_every_host(tmp_path: Path) -> None:
    certificate.context(tmp_path, HOSTS)
    first = made(tmp_path)
    names = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == HOSTS[1:]
    certificate.context(tmp_path, [*HOSTS, "10.0.0.3"])
    assert made(tmp_path) != first


def test_one_that_has_almost_run_out_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate, "LASTS", datetime.timedelta(days=6))
    certificate.context(tmp_path, HOSTS)
    first = made(tmp_path)
    monkeypatch.undo()
    certificate.context(tmp_path, HOSTS)
    second = made(tmp_path)
    assert second.not_valid_after_utc - first.not_valid_after_utc > datetime.timedelta(days=300)


@pytest.mark.parametrize("content", [b"", b"junk"])
def test_what_is_no_certificate_is_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "certificate.pem").write_bytes(content)
    certificate.context(tmp_path, HOSTS)
    assert made(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"Cannot keep a certificate in .*file"):
        certificate.context(tmp_path / "file" / "folder", HOSTS)


def test_the_own_addresses_are_those_that_others_reach() -> None:
    found = https.addresses()
    assert len(set(found)) == len(found)
    assert not [one for one in found if one.startswith("127.")]


class Inner:
    """A plain server that reads once, sends an answer, and counts who is connected."""

    def __init__(self, answer: bytes) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.answer = answer
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


@pytest.mark.parametrize(
    ("scheme", "others", "words"),
    [
        ("http", [], []),
        ("https", ["10.0.0.3"], ["https://10.0.0.3:5000", "choose “Advanced”"]),
        ("http", ["10.0.0.3"], ["http://10.0.0.3:5000", "Start with --https"]),
    ],
)
def test_the_greeting_says_how_others_get_to_the_page(
    scheme: str, others: list[str], words: list[str]
) -> None:
    first, *rest = greeting(scheme, "localhost", 5000, others).splitlines()
    assert first.startswith(f"Face mask detection: {scheme}://localhost:5000 ")
    assert len(rest) == len(words)
    for line, word in zip(rest, words, strict=True):
        assert word in line
