"""Tests that only weights with the expected hashes are kept, with local packages."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from onnx.checker import ValidationError

from scripts import fetch_weights
from scripts.fetch_weights import FetchError, fetch, is_present, main, write

pytestmark = pytest.mark.slow

ORIGINAL = b"the weights"
METADATA = "Metadata-Version: 2.1\nName: faces\nVersion: 1.0\nRequires-Dist: tensorflow\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def convert(original: bytes) -> dict[str, bytes]:
    """Replaces the real conversion, which needs real weights."""
    return {"face.onnx": original + b", converted", "face.bin": original[::-1]}


CONVERTED = convert(ORIGINAL)
HASHES = {name: sha256(content) for name, content in CONVERTED.items()}


@pytest.fixture(autouse=True)
def _converter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_weights, "convert", convert)


@pytest.fixture
def source(tmp_path: Path) -> dict[str, Any]:
    """``original`` of a sources.json whose package is a wheel on this machine."""
    wheel = tmp_path / "packages/faces-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("faces/data/original.onnx", ORIGINAL)
        archive.writestr("faces-1.0.dist-info/METADATA", METADATA)
        archive.writestr("faces-1.0.dist-info/WHEEL", WHEEL)
        archive.writestr("faces-1.0.dist-info/RECORD", "")
    return {
        "package": str(wheel),
        "wheel_sha256": sha256(wheel.read_bytes()),
        "member": "faces/data/original.onnx",
        "sha256": sha256(ORIGINAL),
        "licence": "MIT",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    return folder


@pytest.fixture
def listed(folder: Path, source: dict[str, Any]) -> Callable[..., Path]:
    """Writes sources.json with changed values or hashes."""

    def write(converted: dict[str, str] = HASHES, **changes: str) -> Path:
        sources = {"original": source | changes, "converted": converted}
        (folder / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
        return folder

    return write


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of all files except the list."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".json"}


def test_the_original_is_extracted_from_its_package(source: dict[str, Any]) -> None:
    assert fetch(source) == ORIGINAL


def test_an_original_with_another_hash_is_refused(source: dict[str, Any]) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(source | {"sha256": sha256(b"other")})
    expected = f"original.onnx: expected SHA-256 {sha256(b'other')}, got {sha256(ORIGINAL)}."
    assert str(caught.value) == expected


def test_a_package_with_another_hash_is_not_opened(
    source: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    with pytest.raises(FetchError, match="cannot be downloaded"):
        fetch(source | {"wheel_sha256": sha256(b"other")})


def test_a_converted_file_with_another_hash_is_not_kept(folder: Path) -> None:
    (folder / "face.bin").write_bytes(b"older")
    with pytest.raises(FetchError, match=r"^face\.bin: expected SHA-256 0{64}, got "):
        write(folder, ORIGINAL, HASHES | {"face.bin": "0" * 64})
    assert contents(folder) == {"face.onnx": CONVERTED["face.onnx"], "face.bin": b"older"}


def test_weights_are_fetched_once(
    listed: Callable[..., Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = listed()
    assert main(folder) == 0
    assert contents(folder) == CONVERTED
    assert "Downloading CenterFace (MIT) from" in capsys.readouterr().out
    monkeypatch.setattr(fetch_weights, "fetch", lambda *_: pytest.fail("fetched again"))
    assert main(folder) == 0


@pytest.mark.parametrize("name", CONVERTED)
def test_a_changed_or_missing_file_is_restored(name: str, listed: Callable[..., Path]) -> None:
    folder = listed()
    assert main(folder) == 0
    for damage in (lambda path: path.write_bytes(b"half of"), Path.unlink):
        damage(folder / name)
        assert main(folder) == 0
        assert contents(folder) == CONVERTED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sha256": "0" * 64}, "original.onnx: expected SHA-256 000"),
        ({"wheel_sha256": "0" * 64}, "cannot be downloaded"),
        ({"package": "./no-such-package-1.0-py3-none-any.whl"}, "cannot be downloaded"),
        ({"converted": {"face.onnx": "0" * 64, "face.bin": "0" * 64}}, "face.onnx: expected SHA"),
    ],
)
def test_a_failure_prints_one_line_and_keeps_no_file(
    changes: dict[str, Any],
    words: str,
    listed: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = listed(**changes)
    assert main(folder) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("fetch_weights: ")
    assert words in line
    assert [path.name for path in folder.iterdir()] == ["sources.json"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
        (ValueError("Expected Conv, got Gemm."), "Expected Conv, got Gemm."),
        (ValidationError("No opset.\n\n==> Context: a node"), "No opset. ==> Context: a node"),
    ],
)
def test_a_failed_conversion_prints_one_line(
    error: Exception,
    words: str,
    listed: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(fetch_weights, "write", fail)
    assert main(listed()) == 1
    assert capsys.readouterr().err == f"fetch_weights: {words}\n"


@pytest.mark.parametrize("content", [None, "{"])
def test_a_missing_or_invalid_list_prints_one_line(
    content: str | None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content:
        (folder / "sources.json").write_text(content)
    assert main(folder) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("fetch_weights: ")


def test_the_projects_own_list_is_complete() -> None:
    folder = fetch_weights.WEIGHTS
    sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    assert sources["original"].keys() == {"package", "wheel_sha256", "member", "sha256", "licence"}
    assert sources["converted"].keys() == {"centerface.onnx", "centerface.json", "centerface.bin"}
    for name, expected in sources["converted"].items():
        assert is_present(folder / name, expected), "make setup makes it"
