"""An application that needs no build, its client, and uploads."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from inference import MaskDetector, Verdict
from inference.contract import ROOT, Contract
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Image
from inference.vision.pictures import DecodedPicture, decode
from serving.app import create_app
from serving.decoder import DecoderPool
from serving.settings import MEGABYTE, Settings

MAX_MB = 2  # of a photo and of a request
MAX_BYTES = MAX_MB * MEGABYTE
FORM = "multipart/form-data; boundary=x"
SCRIPT = "document.title = 1;" * 100
WASM = b"\0asm" + bytes(5000)


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with every file that the page loads, so that these tests need no Node.js."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "build").mkdir()
    template = (ROOT / "web/templates/index.html").read_text(encoding="utf-8")
    names = {*re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", template), "tf.wasm", "sw.js"}
    names |= {f"sample_{label}.jpg" for label in DEFINITE_LABELS}
    manifest = {name: f"{Path(name).stem}-1234abcd{Path(name).suffix}" for name in names}
    (folder / "build/manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in manifest.values():
        (folder / "build" / name).write_bytes(WASM if name.endswith("wasm") else SCRIPT.encode())
    (folder / "models").mkdir()
    (folder / "models/model.json").write_text("{}", encoding="utf-8")
    (folder / "models/weights.bin").write_bytes(np.random.default_rng(1).bytes(4000))
    return folder


MakeApp = Callable[..., Flask]


class InProcessDecoder(DecoderPool):
    """Decodes without processes, which take a second to start."""

    def __init__(self) -> None:
        pass

    def decode(self, content: bytes, timeout_s: float) -> DecodedPicture:
        return decode(content)

    def close(self) -> None:
        pass


@pytest.fixture
def make_app(static_folder: Path, photo_detector: MaskDetector) -> MakeApp:
    """A function that creates the application with the given settings."""

    def make(
        detector: Any = photo_detector, static: Path = static_folder, **settings: Any
    ) -> Flask:
        limits = {"max_photo_mb": MAX_MB, "max_request_mb": MAX_MB}
        return create_app(Settings(**limits | settings), detector, static, InProcessDecoder())

    return make


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def form(content: bytes, name: str = "photo.jpg", field: str = "photo") -> bytes:
    """The body of a form with one file; its boundary is that of `FORM`."""
    return form_of([(name, content)], field)


def form_of(files: Sequence[tuple[str, bytes]], field: str = "photo") -> bytes:
    """The body of a form with several files."""
    parts = []
    for name, content in files:
        disposition = f'form-data; name="{field}"; filename="{name}"'
        parts += [f"--x\r\nContent-Disposition: {disposition}\r\n\r\n".encode(), content, b"\r\n"]
    return b"".join([*parts, b"--x--\r\n"])


def send(client: FlaskClient, path: str, content: bytes, name: str = "photo.jpg") -> TestResponse:
    """Upload a file as the page's form does."""
    return client.post(path, data=form(content, name), content_type=FORM)


def sentence(response: TestResponse) -> str:
    """The detail of a problem, or the text of the page."""
    text = response.get_data(as_text=True)
    return json.loads(text)["detail"] if response.is_json else text


class StubDetector:
    """Returns the verdicts of `act`, which may also wait or raise an error."""

    contract = Contract.load()

    def __init__(self, act: Callable[[], list[Verdict]] = list) -> None:
        self.act = act

    def detect(self, image: Image) -> list[Verdict]:
        return self.act()

    def self_test(self) -> None:
        self.act()


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def healthy(port: int) -> bool:
    with closing(connect(port)) as connection:
        connection.request("GET", "/healthz")
        return json.load(connection.getresponse())["status"] == "ok"


def metric(port: int, name: str) -> float:
    """The value of a metric of a server process."""
    with closing(connect(port)) as connection:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    return float(re.findall(rf"^{name} (.*)$", text, re.MULTILINE)[0])
