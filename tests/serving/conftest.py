"""An application that needs no build, and a visitor."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import server
from inference import MaskDetector, Verdict
from inference.contract import ROOT, Contract
from inference.vision.geometry import Image
from serving.settings import MEGABYTE

MOST = 2 * MEGABYTE  # of the tests' application: a photo, and all of a request
FORM = "multipart/form-data; boundary=x"
SCRIPT = "document.title = 1;" * 100
WASM = b"\0asm" + bytes(5000)


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with every file that the page names, so that these tests need no Node."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "build").mkdir()
    template = (ROOT / "web/templates/index.html").read_text(encoding="utf-8")
    names = {*re.findall(r"asset\(['\"]([^'\"]+)", template), "tf.wasm", "sw.js"}
    manifest = {name: f"{Path(name).stem}-1234abcd{Path(name).suffix}" for name in names}
    (folder / "build/manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in manifest.values():
        (folder / "build" / name).write_bytes(WASM if name.endswith("wasm") else SCRIPT.encode())
    (folder / "models").mkdir()
    (folder / "models/model.json").write_text("{}", encoding="utf-8")
    (folder / "models/weights.bin").write_bytes(np.random.default_rng(1).bytes(4000))
    return folder


Make = Callable[..., Flask]


@pytest.fixture
def make_app(static_folder: Path, photo_detector: MaskDetector) -> Make:
    """Makes the application, with other settings where given."""

    def make(**config: Any) -> Flask:
        plain = {
            "DETECTOR": photo_detector,
            "STATIC": static_folder,
            "PHOTO_BYTES": MOST,
            "MAX_CONTENT_LENGTH": MOST,
        }
        return server.create_app(plain | config)

    return make


@pytest.fixture
def app(make_app: Make) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def form(content: bytes, name: str = "photo.jpg", field: str = "photo") -> bytes:
    """The body of a form with a file, its parts divided by "x"."""
    return form_of([(name, content)], field)


def form_of(files: Sequence[tuple[str, bytes]], field: str = "photo") -> bytes:
    """The body of a form with files, each with its name."""
    parts = []
    for name, content in files:
        disposition = f'form-data; name="{field}"; filename="{name}"'
        parts += [f"--x\r\nContent-Disposition: {disposition}\r\n\r\n".encode(), content, b"\r\n"]
    return b"".join([*parts, b"--x--\r\n"])


def send(client: FlaskClient, path: str, content: bytes, name: str = "photo.jpg") -> TestResponse:
    """Upload a file as the page's form does."""
    return client.post(path, data=form(content, name), content_type=FORM)


def sentence(response: TestResponse) -> str:
    """What an error says, in JSON or on the page."""
    text = response.get_data(as_text=True)
    return json.loads(text)["detail"] if response.is_json else text


class StubDetector:
    """Answers what it is told to; waits or fails where asked."""

    contract = Contract.load()

    def __init__(self, act: Callable[[], list[Verdict]] = list) -> None:
        self.act = act

    def detect(self, image: Image) -> list[Verdict]:
        return self.act()
