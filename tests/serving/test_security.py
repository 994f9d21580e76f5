"""Requests for other hosts, from other sites and malformed ones are refused; headers protect."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from inference.contract import ROOT
from serving.security import host_names
from tests.running import start, stop
from tests.samples import encode, quadrants
from tests.serving.conftest import FORM, MakeApp, form, sentence

PHOTO = encode(quadrants())


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "LOCALHOST", "192.0.2.1:5000", "[fd00::5]:5000"]
)
def test_the_names_of_this_computer_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.1.evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/healthz", "/api/openapi.json", "/static/nothing.js"])
def test_other_host_names_are_refused(client: FlaskClient, host: str, path: str) -> None:
    response = client.get(path, headers={"Host": host})
    assert response.status_code == 421
    assert "--allowed-hosts" in sentence(response)


@pytest.mark.parametrize("allowed", ["mask.example", "a.example Mask.Example", "*"])
def test_host_names_can_be_allowed(make_app: MakeApp, allowed: str) -> None:
    client = make_app(allowed_hosts=allowed).test_client()
    assert client.get("/healthz", headers={"Host": "mask.example:443"}).status_code == 200


def test_this_computer_has_its_names_and_addresses() -> None:
    names = host_names("0.0.0.0")
    assert "localhost" in names
    assert socket.gethostname().lower() in names
    assert names == {name.lower() for name in names}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:9000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/predict"])
def test_pages_of_other_sites_cannot_post(
    client: FlaskClient, path: str, headers: dict[str, str], status: int
) -> None:
    response = client.post(path, data=form(PHOTO), content_type=FORM, headers=headers)
    assert response.status_code == status
    assert status == 200 or "--allowed-origins" in sentence(response)


@pytest.mark.parametrize("allowed", ["https://shop.example", "https://a.example *"])
def test_an_allowed_origin_can_use_the_api(make_app: MakeApp, allowed: str) -> None:
    client = make_app(allowed_origins=allowed).test_client()
    headers = {"Origin": "https://shop.example"}
    answers = [
        client.options("/api/predict", headers=headers),
        client.post("/api/predict", data=PHOTO, headers=headers),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
        assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in client.get("/", headers=headers).headers


def test_other_origins_cannot_read_the_api(make_app: MakeApp) -> None:
    client = make_app(allowed_origins="https://shop.example").test_client()
    answer = client.get("/api/openapi.json", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    ("ancestors", "policy"),
    [
        ("", "frame-ancestors 'none'"),
        ("https://home.example", "frame-ancestors https://home.example"),
    ],
)
def test_pages_that_can_show_it_in_a_frame(make_app: MakeApp, ancestors: str, policy: str) -> None:
    headers = make_app(frame_ancestors=ancestors).test_client().get("/").headers
    assert policy in headers["Content-Security-Policy"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    process, port = start()
    yield port
    log = stop(process)
    assert '"trace"' not in log
    assert str(ROOT) not in log


HOST = b"Host: localhost\r\n"
MALFORMED = {
    "two lengths": b"POST /api/predict HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /healthz HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "no host name": b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
    "long length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    "two different lengths": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
    "space before colon": b"GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests_are_refused(port: int, name: str) -> None:
    head, body = ask(port, MALFORMED[name])
    assert head.startswith("HTTP/1.1 400 ")
    assert "content-security-policy" in head.lower()
    assert json.loads(body)["status"] == 400


@pytest.mark.slow
@pytest.mark.parametrize("target", ["http://evil.example/healthz", "http://[::1/"])
def test_addresses_of_other_servers_are_not_found(port: int, target: str) -> None:
    head, _ = ask(port, f"GET {target} HTTP/1.1\r\n".encode() + HOST + b"\r\n")
    assert head.startswith("HTTP/1.1 404 ")


def ask(port: int, request: bytes) -> tuple[str, str]:
    """The head and the body of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(2**16), b""))
    head, _, body = answer.decode().partition("\r\n\r\n")
    return head, body
