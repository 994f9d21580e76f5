"""Refusals: their statuses and sentences."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inference import ModelError, Verdict
from serving.services import services
from tests.frames import empty, two_faces
from tests.samples import REFUSED, encode
from tests.serving.conftest import (
    FORM,
    MAX_BYTES,
    MakeApp,
    StubDetector,
    form,
    form_of,
    send,
    sentence,
)


@pytest.mark.parametrize("path", ["/", "/api/predict"])
@pytest.mark.parametrize("name", REFUSED)
def test_invalid_photos_are_refused(client: FlaskClient, path: str, name: str) -> None:
    content, status, words = REFUSED[name]
    response = send(client, path, content)
    assert response.status_code == status
    assert words in sentence(response)
    assert "Traceback" not in sentence(response)
    assert response.is_json == (path != "/")


FORMS = {  # body, status, words
    "no field": (b"--x--\r\n", 400, "field 'photo', got none"),
    "other field": (form(b"x", field="picture"), 400, "got none"),
    "no file chosen": (form(b"", name=""), 400, "got none"),
    "text in the field": (form(b"x").replace(b'; filename="photo.jpg"', b""), 400, "got none"),
    "empty file": (form(b""), 400, "empty file"),
    "junk": (b"junk", 400, "got none"),
    "cut off": (form(b"x" * 99)[:60], 400, "got none"),
    "large text in the field": (
        form(bytes(600_000)).replace(b'; filename="photo.jpg"', b""),
        400,
        "got none",
    ),
    "too large": (form(bytes(MAX_BYTES)), 413, "at most 2 MB"),
    "too many parts": (form(b"x")[:-7] * 2000 + b"--x--\r\n", 413, "photos of at most"),
}


@pytest.mark.parametrize("path", ["/", "/api/predict"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_a_photo_is_refused(client: FlaskClient, path: str, name: str) -> None:
    body, status, words = FORMS[name]
    response = client.post(path, data=body, content_type=FORM)
    assert response.status_code == status
    assert words in sentence(response).replace("&#39;", "'")


@pytest.mark.parametrize("path", ["/", "/api/predict"])
def test_a_form_without_a_boundary_is_refused(client: FlaskClient, path: str) -> None:
    response = client.post(path, data=form(b"x"), content_type="multipart/form-data")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"", 400, "empty file"), (bytes(MAX_BYTES + 1), 413, "at most 2 MB")],
    ids=["empty", "too large"],
)
def test_an_empty_or_large_body_is_refused(
    client: FlaskClient, content: bytes, status: int, words: str
) -> None:
    response = client.post("/api/predict", data=content)
    assert response.status_code == status
    assert words in sentence(response)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/predict", 405),
        ("PUT", "/", 405),
        ("POST", "/healthz", 405),
    ],
)
def test_unknown_routes_and_methods(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert "This address" in sentence(response) or "at this address" in sentence(response)
    assert ("Allow" in response.headers) == (status == 405)


def test_file_names_are_escaped(client: FlaskClient) -> None:
    name = "<script>alert(1)</script>.jpg"
    for content in (b"no picture", encode(two_faces())):
        assert "alert(1)" not in send(client, "/", content, name).get_data(as_text=True)
    both = form_of([(name, b"no picture"), (name, encode(empty()))])
    page = client.post("/", data=both, content_type=FORM).get_data(as_text=True)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;.jpg") == 3, "two titles, one alt"


class Blocker:
    """Blocks predictions until `release` is set."""

    def __init__(self) -> None:
        self.entered, self.release = threading.Semaphore(0), threading.Event()

    def __call__(self) -> list[Verdict]:
        self.entered.release()
        assert self.release.wait(20)
        return []


def test_requests_beyond_the_queue_get_503(make_app: MakeApp) -> None:
    blocker = Blocker()
    app = make_app(detector=StubDetector(blocker), predictions=1, queue=1)
    content = encode(empty())

    def predict() -> TestResponse:
        return app.test_client().post("/api/predict", data=content)

    with ThreadPoolExecutor(2) as pool:
        taken = [pool.submit(predict), pool.submit(predict)]
        assert blocker.entered.acquire(timeout=20)
        while services(app).pool.busy < 2:
            time.sleep(0.01)
        refused = predict()
        blocker.release.set()
        assert [one.result().status_code for one in taken] == [200, 200]
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "Try again" in sentence(refused)
    assert predict().status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/predict"])
def test_predictions_time_out(make_app: MakeApp, path: str) -> None:
    blocker = Blocker()
    app = make_app(detector=StubDetector(blocker), predictions=1, prediction_timeout_s=0.2)
    response = send(app.test_client(), path, encode(empty()))
    blocker.release.set()
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "not processed within 0.2 seconds" in sentence(response)
    assert send(app.test_client(), path, encode(empty())).status_code == 200


@pytest.mark.parametrize(
    "error", [RuntimeError("secret"), PermissionError("secret"), KeyError("secret")]
)
@pytest.mark.parametrize("path", ["/", "/api/predict"])
def test_unexpected_errors_show_no_traceback(
    make_app: MakeApp, path: str, error: Exception
) -> None:
    def fail() -> list[Verdict]:
        raise error

    app = make_app(detector=StubDetector(fail), predictions=1, queue=0)
    for _ in range(2):  # the slot is released
        response = send(app.test_client(), path, encode(empty()))
        assert response.status_code == 500
        assert "Something went wrong on the server" in sentence(response)
        assert "secret" not in response.get_data(as_text=True)
        assert "Traceback" not in response.get_data(as_text=True)


def test_model_errors_are_reported(make_app: MakeApp) -> None:
    def fail() -> list[Verdict]:
        raise ModelError("The model answered with something that is not a number.")

    response = send(make_app(detector=StubDetector(fail)).test_client(), "/", encode(empty()))
    assert response.status_code == 500
    assert "not a number" in response.get_data(as_text=True)


class Failing:
    """Raises an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self) -> list[Verdict]:
        raise self.error


@pytest.mark.parametrize(
    "error",
    [ModelError("It differs."), MemoryError(), RuntimeError("can't start new thread")],
    ids=["model", "memory", "threads"],
)
def test_a_model_that_fails_is_unhealthy(
    make_app: MakeApp, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    response = make_app(detector=StubDetector(Failing(error))).test_client().get("/healthz")
    assert response.status_code == 503
    assert "cannot be processed" in sentence(response)
    assert "health check failed" in caplog.text


def test_a_photo_that_finds_no_memory_gets_503(make_app: MakeApp) -> None:
    app = make_app(detector=StubDetector(Failing(MemoryError())))
    response = app.test_client().post("/api/predict", data=encode(empty()))
    assert response.status_code == 503
    assert "Retry-After" in response.headers


def test_a_photo_that_finds_no_thread_gets_503(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(detector=StubDetector())

    def fail(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", fail)
    response = app.test_client().post("/api/predict", data=encode(empty()))
    assert response.status_code == 503
    assert "Retry-After" in response.headers
