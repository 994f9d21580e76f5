"""The page, the upload form and the API with valid photos."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from inference import MaskDetector, Verdict, read_picture
from inference.contract import MODELS, ROOT, Contract
from inference.vision.geometry import Box
from tests.frames import FRAMES, empty, two_faces
from tests.samples import encode
from tests.serving.conftest import FORM, MakeApp, StubDetector, form, send

pytestmark = pytest.mark.slow


def test_the_page_before_any_upload(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    page = response.get_data(as_text=True)
    assert 'name="photo"' in page
    assert "multipart/form-data" in page
    assert "data:image/jpeg" not in page


def test_the_page_conforms_to_its_security_policy(client: FlaskClient) -> None:
    for response in (client.get("/"), send(client, "/", encode(two_faces()))):
        page = response.get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), "inline script"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), "inline style or handler"
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", page), "other host"


def test_an_upload_is_answered_with_the_annotated_photo(client: FlaskClient) -> None:
    frame = two_faces()
    response = send(client, "/", encode(frame))
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    assert "2 people: " in page
    (photo,) = re.findall(r'<img src="data:image/jpeg;base64,([A-Za-z0-9+/=]+)"', page)
    assert f'<a href="data:image/jpeg;base64,{photo}" download="photo-checked.jpg"' in page
    annotated = read_picture(base64.b64decode(photo))
    assert annotated.shape == frame.shape
    assert np.abs(annotated.astype(int) - frame).max() > 100, "boxes are drawn"


def verdict(label: str, probability: float) -> Verdict:
    return Verdict(Box(9, 9, 90, 90), 0.9, label, probability, {label: probability})


def test_the_table_has_no_100_percent_and_no_probability_where_unsure(make_app: MakeApp) -> None:
    verdicts = [
        verdict("with_mask", 1.0),
        verdict("without_mask", 0.964),
        verdict("unsure", 0.51),
    ]
    client = make_app(detector=StubDetector(lambda: verdicts)).test_client()
    page = send(client, "/", encode(empty())).get_data(as_text=True)
    assert re.findall(r"<td>([^<]*)</td>", page) == ["&gt;99%", "96%", "–"]
    assert "numbered as in the picture" in page


def test_an_upload_without_a_face(client: FlaskClient) -> None:
    response = send(client, "/", encode(empty()))
    assert response.status_code == 200
    assert "No face was found: " in response.get_data(as_text=True)


def test_the_api_accepts_a_form_or_a_body(
    client: FlaskClient, photo_detector: MaskDetector
) -> None:
    frame = two_faces()
    expected = [verdict.as_dict() for verdict in photo_detector.detect(frame)]
    content = encode(frame)
    answers = [
        send(client, "/api/predict", content),
        client.post("/api/predict", data=content),
        client.post("/api/predict", data=content, content_type="image/png"),
        client.post("/api/predict", data=content, content_type="application/x-www-form-urlencoded"),
    ]
    for answer, name in zip(answers, ["photo.jpg", "", "", ""], strict=True):
        assert answer.status_code == 200
        result = {"photo": name, "width": 640, "height": 480, "verdicts": expected}
        assert answer.json == result


def test_boxes_are_in_pixels_of_the_width_and_height_of_the_answer(client: FlaskClient) -> None:
    large = np.kron(two_faces(), np.ones((4, 4, 1), np.uint8))
    answer = client.post("/api/predict", data=encode(large, "JPEG", quality=70)).json
    assert answer is not None
    assert answer["width"] < large.shape[1]
    assert answer["width"] / answer["height"] == pytest.approx(4 / 3)
    assert len(answer["verdicts"]) == 2
    assert all(v["box"]["right"] <= answer["width"] for v in answer["verdicts"])


@pytest.mark.parametrize("field", ["photo", "file", "image"])
def test_usual_names_of_the_forms_field_are_accepted(client: FlaskClient, field: str) -> None:
    body = form(encode(empty()), field=field)
    response = client.post("/api/predict", data=body, content_type=FORM)
    assert response.status_code == 200


def test_healthz_and_contract(client: FlaskClient, contract: Contract) -> None:
    assert client.get("/healthz").json == {"status": "ok", "model": contract.version}
    response = client.get("/contract.json")
    assert response.data == (MODELS / "contract.json").read_bytes()
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_server_does_not_import_training_packages() -> None:
    code = "import sys, server; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    heavy = {"keras", "matplotlib", "scipy", "sklearn", "splitfolders", "tensorflow", "trainer"}
    assert not heavy & set(done.stdout.split())


def test_concurrent_uploads_get_their_own_results(client: FlaskClient, app: Flask) -> None:
    contents = {name: encode(make()) for name, make in FRAMES.items()}
    alone = {name: send(client, "/api/predict", content).json for name, content in contents.items()}
    assert len({json.dumps(answer) for answer in alone.values()}) == len(FRAMES)

    def run(name: str) -> bool:
        own_client = app.test_client()
        return all(
            send(own_client, "/api/predict", contents[name]).json == alone[name] for _ in range(3)
        )

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, FRAMES))


def test_uploads_are_not_written_to_disk(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", refuse, raising=False)
    content = encode(np.random.default_rng(2).integers(0, 256, (700, 800, 3), np.uint8))
    assert len(content) > 1_500_000
    assert send(client, "/", content).status_code == 200
