"""The routes, their errors and their headers."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import server
from inference import MaskDetector, ModelError, Verdict, read_picture
from inference.contract import MODELS, ROOT, Contract
from inference.geometry import Box, Image
from serving import SetupError
from serving.production import CappedBuffer
from serving.words import summary
from tests.frames import FRAMES, empty, two_faces
from tests.samples import REFUSED, encode

MOST = 2 * server.MEGABYTE  # of the tests' application
FORM = "multipart/form-data; boundary=x"
SCRIPT = "document.title = 1;" * 100
WASM = b"\0asm" + bytes(5000)


@pytest.fixture(scope="module")
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build with every file that the page names, so that these tests need no Node."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "build").mkdir()
    template = (ROOT / "web/templates/index.html").read_text(encoding="utf-8")
    names = {*re.findall(r"asset\(['\"]([^'\"]+)", template), "tf.wasm"}
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
        plain = {"DETECTOR": photo_detector, "STATIC": static_folder, "MAX_CONTENT_LENGTH": MOST}
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
    disposition = f'form-data; name="{field}"; filename="{name}"'
    head = f"--x\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    return head + content + b"\r\n--x--\r\n"


def send(client: FlaskClient, path: str, content: bytes, name: str = "photo.jpg") -> TestResponse:
    """Upload a file as the page's form does."""
    return client.post(path, data=form(content, name), content_type=FORM)


def sentence(response: TestResponse) -> str:
    """What an error says, in JSON or on the page."""
    text = response.get_data(as_text=True)
    return json.loads(text)["error"] if response.is_json else text


class StubDetector:
    """Answers what it is told to; waits or fails where asked."""

    contract = Contract.load()

    def __init__(self, act: Callable[[], list[Verdict]] = list) -> None:
        self.act = act

    def detect(self, image: Image) -> list[Verdict]:
        return self.act()


def test_the_page_before_any_upload(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    page = response.get_data(as_text=True)
    assert 'name="photo"' in page
    assert "multipart/form-data" in page
    assert "data:image/jpeg" not in page


def test_the_page_needs_nothing_that_its_policy_forbids(client: FlaskClient) -> None:
    for response in (client.get("/"), send(client, "/", encode(two_faces()))):
        page = response.get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), "inline script"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), "inline style or handler"
        assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", page), "other host"


def test_every_asset_of_the_page_is_served(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    addresses = re.findall(r"[\"'](/static/[^\"']+)", page)
    assert addresses
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_an_upload_is_answered_with_the_annotated_photo(client: FlaskClient) -> None:
    frame = two_faces()
    response = send(client, "/", encode(frame))
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    assert "2 faces: " in page
    (photo,) = re.findall(r"data:image/jpeg;base64,([A-Za-z0-9+/=]+)", page)
    annotated = read_picture(base64.b64decode(photo))
    assert annotated.shape == frame.shape
    assert np.abs(annotated.astype(int) - frame).max() > 100, "boxes are drawn"


def told(label: str, probability: float) -> Verdict:
    return Verdict(Box(9, 9, 90, 90), 0.9, label, probability, {label: probability})


def test_the_table_never_says_100_percent_and_nothing_where_unsure(make_app: Make) -> None:
    found = [told("with_mask", 1.0), told("without_mask", 0.964), told("unsure", 0.51)]
    client = make_app(DETECTOR=StubDetector(lambda: found)).test_client()
    page = send(client, "/", encode(empty())).get_data(as_text=True)
    assert re.findall(r"<td>([^<]*)</td>", page) == ["&gt;99%", "96%", "–"]
    assert "numbered as in the picture" in page


def test_an_upload_without_a_face_says_so(client: FlaskClient) -> None:
    response = send(client, "/", encode(empty()))
    assert response.status_code == 200
    assert "No face was found: " in response.get_data(as_text=True)


def test_the_api_takes_a_form_or_the_bare_picture(
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
    for answer in answers:
        assert answer.status_code == 200
        assert answer.json == {"verdicts": expected, "width": 640, "height": 480}


def test_boxes_are_in_pixels_of_the_width_and_height_that_are_told(client: FlaskClient) -> None:
    large = np.kron(two_faces(), np.ones((4, 4, 1), np.uint8))
    answer = client.post("/api/predict", data=encode(large, "JPEG", quality=70)).json
    assert answer is not None
    assert answer["width"] < large.shape[1]
    assert answer["width"] / answer["height"] == pytest.approx(4 / 3)
    assert len(answer["verdicts"]) == 2
    assert all(v["box"]["right"] <= answer["width"] for v in answer["verdicts"])


@pytest.mark.parametrize("path", ["/", "/api/predict"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused(client: FlaskClient, path: str, name: str) -> None:
    content, status, words = REFUSED[name]
    response = send(client, path, content)
    assert response.status_code == status
    assert words in sentence(response)
    assert "Traceback" not in sentence(response)
    assert response.is_json == (path != "/")


FORMS = {  # body, status, words
    "no field": (b"--x--\r\n", 400, "field 'photo', came none"),
    "other field": (form(b"x", field="picture"), 400, "came none"),
    "no file chosen": (form(b"", name=""), 400, "came none"),
    "text in the field": (form(b"x").replace(b'; filename="photo.jpg"', b""), 400, "came none"),
    "empty file": (form(b""), 400, "empty file"),
    "junk": (b"junk", 400, "came none"),
    "cut off": (form(b"x" * 99)[:60], 400, "came none"),
    "large text in the field": (
        form(bytes(600_000)).replace(b'; filename="photo.jpg"', b""), 400, "came none",
    ),
    "too large": (form(bytes(MOST)), 413, "at most 2 MB"),
    "too many parts": (form(b"x")[:-7] * 2000 + b"--x--\r\n", 413, "one photo"),
}  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/api/predict"])
@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_a_photo_is_refused(client: FlaskClient, path: str, name: str) -> None:
    body, status, words = FORMS[name]
    response = client.post(path, data=body, content_type=FORM)
    assert response.status_code == status
    assert words in sentence(response).replace("&#39;", "'")


@pytest.mark.parametrize("path", ["/", "/api/predict"])
def test_a_form_that_names_no_boundary_is_refused(client: FlaskClient, path: str) -> None:
    response = client.post(path, data=form(b"x"), content_type="multipart/form-data")
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [(b"", 400, "empty file"), (bytes(MOST + 1), 413, "at most 2 MB")],
    ids=["empty", "too large"],
)
def test_a_bare_body_is_refused(
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
def test_wrong_addresses(client: FlaskClient, method: str, path: str, status: int) -> None:
    response = client.open(path, method=method)
    assert response.status_code == status
    assert "This address" in sentence(response) or "at this address" in sentence(response)
    assert ("Allow" in response.headers) == (status == 405)


def test_a_files_name_is_not_echoed(client: FlaskClient) -> None:
    name = "<script>alert(1)</script>.jpg"
    for content in (b"no picture", encode(two_faces())):
        assert "alert(1)" not in send(client, "/", content, name).get_data(as_text=True)


def test_headers_of_every_answer(client: FlaskClient) -> None:
    paths = ["/", "/healthz", "/contract.json", "/static/models/model.json", "/nothing"]
    answers = [client.get(path) for path in paths]
    answers += [client.post("/api/predict"), send(client, "/", encode(empty()))]
    for response in answers:
        headers = response.headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "camera=(self)" in headers["Permissions-Policy"]


def test_results_and_errors_are_not_stored(client: FlaskClient) -> None:
    content = encode(empty())
    answers = [
        send(client, "/", content),
        client.post("/api/predict", data=content),
        client.post("/api/predict"),
        client.get("/nothing"),
        client.get("/healthz"),
    ]
    assert {response.headers["Cache-Control"] for response in answers} == {"no-store"}


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("build/tf-1234abcd.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        ("build/app-1234abcd.js", "text/javascript; charset=utf-8",
         "public, max-age=31536000, immutable"),
        ("build/manifest.json", "application/json", "no-cache"),
        ("models/model.json", "application/json", "no-cache"),
        ("models/weights.bin", "application/octet-stream", "no-cache"),
    ],
)  # fmt: skip
def test_static_files(
    client: FlaskClient, static_folder: Path, path: str, kind: str, caching: str
) -> None:
    response = client.get(f"/static/{path}")
    assert response.status_code == 200
    assert response.data == (static_folder / path).read_bytes()
    assert response.content_type == kind
    assert response.headers["Cache-Control"] == caching
    tag = {"If-None-Match": response.headers["ETag"]}
    assert client.get(f"/static/{path}", headers=tag).status_code == 304


@pytest.mark.parametrize(
    ("path", "packed"),
    [("build/tf-1234abcd.wasm", True), ("build/app-1234abcd.js", True),
     ("models/weights.bin", False)],
)  # fmt: skip
def test_what_shrinks_is_compressed(client: FlaskClient, path: str, packed: bool) -> None:
    plain = client.get(f"/static/{path}")
    response = client.get(f"/static/{path}", headers={"Accept-Encoding": "br, gzip"})
    assert response.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert response.headers["Vary"] == "Accept-Encoding"
    assert (gzip.decompress(response.data) if packed else response.data) == plain.data
    assert (response.headers["ETag"] != plain.headers["ETag"]) == packed
    declined = client.get(f"/static/{path}", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in declined.headers


def test_a_changed_file_is_served_anew(client: FlaskClient, static_folder: Path) -> None:
    path = static_folder / "models/model.json"
    before = client.get("/static/models/model.json")
    path.write_text('{"changed": true}', encoding="utf-8")
    after = client.get(
        "/static/models/model.json", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.json == {"changed": True}


@pytest.mark.parametrize(
    "path",
    ["none.js", "", "build", "../server.py", "%2e%2e/%2e%2e/server.py", "..%5cserver.py",
     "/etc/passwd", "build/%00"],
)  # fmt: skip
def test_only_static_files_are_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code in (404, 308)


def test_healthz_and_contract(client: FlaskClient, contract: Contract) -> None:
    assert client.get("/healthz").json == {"status": "ok", "model": contract.version}
    response = client.get("/contract.json")
    assert response.data == (MODELS / "contract.json").read_bytes()
    assert response.headers["Cache-Control"] == "no-cache"


def test_the_contract_is_that_of_the_folder_of_the_settings(tmp_path: Path, make_app: Make) -> None:
    (tmp_path / "contract.json").write_text('{"version": "another"}', encoding="utf-8")
    client = make_app(MODELS=tmp_path).test_client()
    assert client.get("/contract.json").json == {"version": "another"}


def test_the_server_imports_nothing_that_only_training_needs() -> None:
    code = "import sys, server; print(*{name.split('.')[0] for name in sys.modules})"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    heavy = {"keras", "matplotlib", "scipy", "sklearn", "splitfolders", "tensorflow", "trainer"}
    assert not heavy & set(told.stdout.split())


def test_two_uploads_at_once_never_mix(client: FlaskClient, app: Flask) -> None:
    contents = {name: encode(make()) for name, make in FRAMES.items()}
    post = {name: send(client, "/api/predict", content).json for name, content in contents.items()}
    assert len({json.dumps(answer) for answer in post.values()}) == len(FRAMES)
    app.config["PATIENCE"] = 60

    def run(name: str) -> bool:
        own = app.test_client()
        return all(send(own, "/api/predict", contents[name]).json == post[name] for _ in range(3))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(run, FRAMES))


def test_too_many_at_once_are_told_to_come_back(make_app: Make) -> None:
    entered, leave = threading.Event(), threading.Event()

    def wait() -> list[Verdict]:
        entered.set()
        assert leave.wait(20)
        return []

    app = make_app(DETECTOR=StubDetector(wait), PREDICTIONS=1, PATIENCE=0.05)
    content = encode(empty())
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: app.test_client().post("/api/predict", data=content))
        assert entered.wait(20)
        refused = app.test_client().post("/api/predict", data=content)
        leave.set()
        assert first.result().status_code == 200
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "Try again" in sentence(refused)
    assert app.test_client().post("/api/predict", data=content).status_code == 200


@pytest.mark.parametrize(
    "error", [RuntimeError("secret"), PermissionError("secret"), KeyError("secret")]
)
@pytest.mark.parametrize("path", ["/", "/api/predict"])
def test_an_unforeseen_error_shows_no_trace(make_app: Make, path: str, error: Exception) -> None:
    def fail() -> list[Verdict]:
        raise error

    app = make_app(DETECTOR=StubDetector(fail), PREDICTIONS=1, PATIENCE=0)
    for _ in range(2):  # the turn is given back
        response = send(app.test_client(), path, encode(empty()))
        assert response.status_code == 500
        assert "Something went wrong on the server" in sentence(response)
        assert "secret" not in response.get_data(as_text=True)
        assert "Traceback" not in response.get_data(as_text=True)


def test_a_model_that_answers_nonsense_is_told(make_app: Make) -> None:
    def fail() -> list[Verdict]:
        raise ModelError("The model answered with something that is not a number.")

    response = send(make_app(DETECTOR=StubDetector(fail)).test_client(), "/", encode(empty()))
    assert response.status_code == 500
    assert "not a number" in response.get_data(as_text=True)


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


def test_a_body_over_the_limit_is_kept_in_memory_only_up_to_it() -> None:
    buffer = CappedBuffer(1000)
    for _ in range(50):
        buffer.append(b"x" * 77)
    assert len(buffer) == 999
    assert not buffer.overflowed


def test_a_page_that_is_not_built_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="make setup"):
        server.create_app({"STATIC": tmp_path})


@pytest.mark.parametrize("manifest", [None, "", '{"app.js": "app-', "[]"])
def test_a_build_under_way_leaves_the_page_as_it_was(
    make_app: Make, static_folder: Path, tmp_path: Path, manifest: str | None
) -> None:
    shutil.copytree(static_folder, tmp_path, dirs_exist_ok=True)
    client = make_app(STATIC=tmp_path).test_client()
    page = client.get("/").data
    path = tmp_path / "build/manifest.json"
    built = path.read_text(encoding="utf-8")
    path.unlink() if manifest is None else path.write_text(manifest, encoding="utf-8")
    assert client.get("/").data == page
    assert client.get("/nothing").status_code == 404
    path.write_text(built.replace("1234abcd", "5678ef01"), encoding="utf-8")
    assert b"5678ef01" in client.get("/").data


def verdicts(*labels: str) -> list[Verdict]:
    return [Verdict(Box(0, 0, 9, 9), 0.9, label, 0.9, {}) for label in labels]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["with_mask"], "1 face: mask."),
        (["too_small"], "1 face: too small to judge."),
        (["without_mask", "with_mask", "with_mask"], "3 faces: 2 mask, 1 no mask."),
        (["without_mask", "without_mask"], "2 faces: 2 no mask."),
        (["unsure", "incorrect_mask"], "2 faces: 1 worn wrongly, 1 unsure."),
    ],
)
def test_the_result_in_one_sentence(labels: list[str], expected: str) -> None:
    assert summary(verdicts(*labels)) == expected
