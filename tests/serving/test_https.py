"""HTTPS with the self-signed certificate."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from serving.production import addresses
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


def connect(port: int, cache: Path) -> http.client.HTTPSConnection:
    """A client that trusts the certificate."""
    context = ssl.create_default_context(cafile=cache / "face-mask-detection/certificate.pem")
    return http.client.HTTPSConnection("localhost", port, timeout=30, context=context)


def test_the_page_and_a_prediction_over_tls(port: int, cache: Path) -> None:
    with closing(connect(port, cache)) as connection:
        assert_page_and_prediction(connection)


def test_a_body_over_the_limit_is_refused(port: int, cache: Path) -> None:
    with closing(connect(port, cache)) as connection:
        connection.request("POST", "/api/predict", bytes(21 * 2**20))
        response = connection.getresponse()
        assert response.status == 413
        assert "at most 20 MB" in json.load(response)["detail"]


def test_idle_clients_and_clients_without_tls_do_not_block_others(port: int, cache: Path) -> None:
    silent = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(30)]
    try:
        for sent in (bytes(9), b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
                plain.sendall(sent)
                assert b"HTTP/" not in plain.recv(1000)
        with closing(connect(port, cache)) as connection:
            connection.request("GET", "/healthz")
            assert json.load(connection.getresponse())["status"] == "ok"
    finally:
        for one in silent:
            one.close()


def test_addresses_are_unique_and_no_loopback() -> None:
    found = addresses()
    assert len(set(found)) == len(found)
    assert not [one for one in found if one.startswith("127.")]
