"""Static files, caching, compression and the headers of every response."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from serving import SetupError
from serving.app import create_app
from serving.settings import Settings
from tests.frames import empty
from tests.samples import encode
from tests.serving.conftest import MakeApp, send


def test_every_asset_of_the_page_is_served(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    addresses = re.findall(r"[\"'](/static/[^\"']+)", page)
    assert addresses
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_headers_of_every_response(client: FlaskClient) -> None:
    paths = ["/", "/healthz", "/contract.json", "/static/models/model.json", "/nothing"]
    responses = [client.get(path) for path in paths]
    responses += [client.post("/api/predict"), send(client, "/", encode(empty()))]
    for response in responses:
        headers = response.headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert "'unsafe-eval'" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=(self)" in headers["Permissions-Policy"]
        assert headers["X-Page"] == "face-mask-detection"


def test_results_and_errors_are_not_stored(client: FlaskClient) -> None:
    content = encode(empty())
    responses = [
        send(client, "/", content),
        client.post("/api/predict", data=content),
        client.post("/api/predict"),
        client.get("/nothing"),
        client.get("/healthz"),
    ]
    assert {response.headers["Cache-Control"] for response in responses} == {"no-store"}


@pytest.mark.parametrize(
    ("path", "kind", "caching"),
    [
        ("build/tf-1234abcd.wasm", "application/wasm", "public, max-age=31536000, immutable"),
        (
            "build/app-1234abcd.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
        ("build/manifest.json", "application/json", "no-cache"),
        ("models/model.json", "application/json", "no-cache"),
        ("models/weights.bin", "application/octet-stream", "no-cache"),
    ],
)
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
    ("path", "compressed"),
    [
        ("build/tf-1234abcd.wasm", True),
        ("build/app-1234abcd.js", True),
        ("models/weights.bin", False),
    ],
)
def test_compressible_files_are_compressed(
    client: FlaskClient, path: str, compressed: bool
) -> None:
    plain = client.get(f"/static/{path}")
    response = client.get(f"/static/{path}", headers={"Accept-Encoding": "br, gzip"})
    assert response.headers.get("Content-Encoding") == ("gzip" if compressed else None)
    assert response.headers["Vary"] == "Accept-Encoding"
    assert (gzip.decompress(response.data) if compressed else response.data) == plain.data
    assert (response.headers["ETag"] != plain.headers["ETag"]) == compressed
    declined = client.get(f"/static/{path}", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in declined.headers


def test_brotli_files_of_the_build_are_preferred(
    make_app: MakeApp, static_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(static_folder, tmp_path, dirs_exist_ok=True)
    path = "build/app-1234abcd.js"
    (tmp_path / f"{path}.br").write_bytes(b"smaller")
    client = make_app(static=tmp_path).test_client()
    tags = set()
    for accepted, sent in [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0", None), ("", None)]:
        response = client.get(f"/static/{path}", headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == sent
        assert (response.data == b"smaller") == (sent == "br")
        assert response.content_type.startswith("text/javascript")
        tags.add(response.headers["ETag"])
    assert len(tags) == 3


def test_the_service_worker_is_at_the_root_and_revalidated(
    client: FlaskClient, static_folder: Path
) -> None:
    response = client.get("/sw.js")
    assert response.data == (static_folder / "build/sw-1234abcd.js").read_bytes()
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-cache"


def test_a_changed_file_is_read_again(client: FlaskClient, static_folder: Path) -> None:
    path = static_folder / "models/model.json"
    before = client.get("/static/models/model.json")
    path.write_text('{"changed": true}', encoding="utf-8")
    after = client.get(
        "/static/models/model.json", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.json == {"changed": True}


@pytest.mark.parametrize(
    "path",
    [
        "none.js",
        "",
        "build",
        "../server.py",
        "%2e%2e/%2e%2e/server.py",
        "..%5cserver.py",
        "/etc/passwd",
        "build/%00",
    ],
)
def test_only_static_files_are_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code in (404, 308)


def test_the_contract_is_read_from_the_model_folder(tmp_path: Path, make_app: MakeApp) -> None:
    (tmp_path / "contract.json").write_text('{"version": "another"}', encoding="utf-8")
    client = make_app(models=tmp_path).test_client()
    assert client.get("/contract.json").json == {"version": "another"}


def test_a_missing_build_is_reported_at_start(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="make setup"):
        create_app(Settings(), static=tmp_path)


def test_another_build_is_served_without_a_restart(
    make_app: MakeApp, static_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(static_folder, tmp_path, dirs_exist_ok=True)
    client = make_app(static=tmp_path).test_client()
    path = tmp_path / "build/manifest.json"
    built = path.read_text(encoding="utf-8")
    path.write_text(built.replace("1234abcd", "5678ef01"), encoding="utf-8")
    assert b"5678ef01" in client.get("/").data


def test_the_page_gets_the_files_of_the_model_that_is_served(
    make_app: MakeApp, tmp_path: Path
) -> None:
    (tmp_path / "web/static/models").mkdir(parents=True)
    (tmp_path / "web/static/models/model.json").write_text('{"other": true}', encoding="utf-8")
    client = make_app(models=tmp_path / "models").test_client()
    assert client.get("/static/models/model.json").json == {"other": True}
