"""The log and the numbers: what is told of a request, and what never is."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from inference import Verdict
from serving.request_log import start_log
from tests.frames import astronaut, two_faces
from tests.samples import encode, exif
from tests.serving.conftest import FORM, Make, StubDetector, form_of, send

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    yield
    start_log("off")


def read(capsys: Captured) -> list[dict[str, Any]]:
    """The lines of the log."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_tells_a_prediction(client: FlaskClient, capsys: Captured) -> None:
    start_log("json")
    send(client, "/api/predict", encode(two_faces(), "JPEG"))
    (line,) = read(capsys)
    assert datetime.fromisoformat(line.pop("time")).utcoffset() is not None
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "method": "POST",
        "path": "/api/predict",
        "status": 200,
        "photos": [{"format": "JPEG", "width": 640, "height": 480, "faces": 2}],
    }


def test_nothing_of_a_photo_or_an_address_is_logged(client: FlaskClient, capsys: Captured) -> None:
    start_log("json")
    photo = encode(astronaut(), "JPEG", exif=exif(1), comment=b"secret")
    files = [("secret.jpg", photo), ("secret.txt", b"secret")]
    client.post("/", data=form_of(files), content_type=FORM)
    client.get("/secret?secret=1")
    client.get("/static/secret.js", headers={"User-Agent": "secret", "X-Forwarded-For": "secret"})
    client.open("/", method="SECRET")
    text = capsys.readouterr().err
    assert "secret" not in text.lower()
    found = [json.loads(line) for line in text.splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in found] == [
        ("POST", "/", 200),
        ("GET", "(none)", 404),
        ("GET", "/static/<path:name>", 404),
        ("other", "(none)", 405),
    ]
    assert found[0]["photos"][1] == {"format": None, "width": None, "height": None}


def test_a_fault_is_one_line_with_its_trace(make_app: Make, capsys: Captured) -> None:
    def fail() -> list[Verdict]:
        raise RuntimeError("broken")

    start_log("json")
    send(make_app(DETECTOR=StubDetector(fail)).test_client(), "/", encode(astronaut()))
    fault, line = read(capsys)
    assert fault["level"] == "error"
    assert "RuntimeError: broken" in fault["trace"]
    assert line["status"] == 500


def test_people_read_of_photos_and_refusals_alone(client: FlaskClient, capsys: Captured) -> None:
    start_log("text")
    client.get("/")
    client.get("/nothing")
    send(client, "/", encode(two_faces(), "JPEG"))
    first, second = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"[\d:]{8}  404 GET \(none\)  \d+ ms", first)
    assert re.fullmatch(r"[\d:]{8}  200 POST /  \d+ ms", second)


def test_people_read_a_fault_with_its_trace(make_app: Make, capsys: Captured) -> None:
    def fail() -> list[Verdict]:
        raise RuntimeError("broken")

    start_log("text")
    send(make_app(DETECTOR=StubDetector(fail)).test_client(), "/", encode(astronaut()))
    assert "\nRuntimeError: broken\n" in capsys.readouterr().err


@pytest.mark.parametrize("terminal", [False, True])
def test_the_log_is_for_people_on_a_terminal_alone(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    start_log("auto")
    client.get("/nothing")
    assert stream.getvalue().startswith("{") != terminal


def test_no_line_where_the_log_is_off(client: FlaskClient, capsys: Captured) -> None:
    start_log("off")
    client.get("/healthz")
    assert capsys.readouterr().err == ""


def numbers(app: Flask) -> dict[str, float]:
    text = app.test_client().get("/metrics").get_data(as_text=True)
    return {
        re.sub(r"[{} ']", "", f"{one.name}{one.labels}"): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_the_numbers_count_answers_verdicts_and_seconds(app: Flask) -> None:
    client = app.test_client()
    send(client, "/api/predict", encode(two_faces()))
    send(client, "/api/predict", b"no picture")
    client.get("/nothing")
    found = numbers(app)
    assert found["mask_requests_totalmethod:POST,path:/api/predict,status:200"] == 1
    assert found["mask_requests_totalmethod:POST,path:/api/predict,status:415"] == 1
    assert found["mask_requests_totalmethod:GET,path:(none),status:404"] == 1
    judged = {k: v for k, v in found.items() if k.startswith("mask_verdicts_total")}
    assert len(judged) == 5
    assert sum(judged.values()) == 2
    assert found["mask_request_seconds_countpath:/api/predict"] == 2
    assert found["mask_request_seconds_sumpath:/api/predict"] > 0
    assert found["mask_busy"] == 0
    if sys.platform == "linux":
        assert found["process_resident_memory_bytes"] > 1e7


@pytest.mark.parametrize(
    ("who", "headers", "address", "status"),
    [
        ("local", {}, "127.0.0.1", 200),
        ("local", {}, "192.168.1.7", 403),
        ("local", {"X-Forwarded-For": "192.168.1.7"}, "127.0.0.1", 403),
        ("local", {"Host": "rebound.example"}, "127.0.0.1", 403),
        ("all", {}, "192.168.1.7", 200),
        ("off", {}, "127.0.0.1", 404),
    ],
)
def test_who_may_read_the_numbers(
    make_app: Make, who: str, headers: dict[str, str], address: str, status: int
) -> None:
    client = make_app(METRICS=who).test_client()
    response = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert response.status_code == status
    if status == 200:
        assert response.content_type.startswith("text/plain; version=0.0.4")
