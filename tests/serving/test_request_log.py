"""The log: what it has of a request, and what it never has."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from inference import Verdict
from serving.request_log import start_log
from tests.frames import astronaut, two_faces
from tests.samples import encode, exif
from tests.serving.conftest import FORM, MakeApp, StubDetector, form_of, send

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _log_off() -> Iterator[None]:
    yield
    start_log("off")


def read(capsys: Captured) -> list[dict[str, Any]]:
    """The lines of the log."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_prediction_is_one_line(client: FlaskClient, capsys: Captured) -> None:
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


def test_no_names_metadata_or_addresses_are_logged(client: FlaskClient, capsys: Captured) -> None:
    start_log("json")
    photo = encode(astronaut(), "JPEG", exif=exif(1), comment=b"secret")
    files = [("secret.jpg", photo), ("secret.txt", b"secret")]
    client.post("/", data=form_of(files), content_type=FORM)
    client.get("/secret?secret=1")
    client.get("/static/secret.js", headers={"User-Agent": "secret", "X-Forwarded-For": "secret"})
    client.open("/", method="SECRET")
    text = capsys.readouterr().err
    assert "secret" not in text.lower()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("POST", "/", 200),
        ("GET", "(none)", 404),
        ("GET", "/static/<path:name>", 404),
        ("other", "(none)", 405),
    ]
    assert lines[0]["photos"][1] == {"format": None, "width": None, "height": None}


def test_an_error_is_one_line_with_its_traceback(make_app: MakeApp, capsys: Captured) -> None:
    def fail() -> list[Verdict]:
        raise RuntimeError("broken")

    start_log("json")
    send(make_app(detector=StubDetector(fail)).test_client(), "/", encode(astronaut()))
    error, line = read(capsys)
    assert error["level"] == "error"
    assert "RuntimeError: broken" in error["trace"]
    assert line["status"] == 500


def test_text_has_only_photos_and_refusals(client: FlaskClient, capsys: Captured) -> None:
    start_log("text")
    client.get("/")
    client.get("/nothing")
    send(client, "/", encode(two_faces(), "JPEG"))
    first, second = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"[\d:]{8}  404 GET \(none\)  \d+ ms", first)
    assert re.fullmatch(r"[\d:]{8}  200 POST /  \d+ ms", second)


def test_text_has_errors_with_their_traceback(make_app: MakeApp, capsys: Captured) -> None:
    def fail() -> list[Verdict]:
        raise RuntimeError("broken")

    start_log("text")
    send(make_app(detector=StubDetector(fail)).test_client(), "/", encode(astronaut()))
    assert "\nRuntimeError: broken\n" in capsys.readouterr().err


@pytest.mark.parametrize("terminal", [False, True])
def test_auto_is_text_on_a_terminal_only(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    start_log("auto")
    client.get("/nothing")
    assert stream.getvalue().startswith("{") != terminal


def test_off_logs_no_requests(client: FlaskClient, capsys: Captured) -> None:
    start_log("off")
    client.get("/healthz")
    assert capsys.readouterr().err == ""
