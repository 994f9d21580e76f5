"""Weights are kept only where they are the ones that were asked for. The packages are made here."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts import fetch_weights
from scripts.fetch_weights import FetchError, fetch, is_there, main

CONTENT = b"the weights"
METADATA = "Metadata-Version: 2.1\nName: finder\nVersion: 1.0\nRequires-Dist: tensorflow\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> dict[str, Any]:
    """An entry of sources.json whose package is a wheel on this machine."""
    wheel = tmp_path / "packages/finder-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("finder/data/face.tflite", CONTENT)
        archive.writestr("finder-1.0.dist-info/METADATA", METADATA)
        archive.writestr("finder-1.0.dist-info/WHEEL", WHEEL)
        archive.writestr("finder-1.0.dist-info/RECORD", "")
    return {
        "package": str(wheel),
        "wheel_sha256": sha256(wheel.read_bytes()),
        "member": "finder/data/face.tflite",
        "sha256": sha256(CONTENT),
        "licence": "MIT",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    return folder


@pytest.fixture
def listed(folder: Path, source: dict[str, Any]) -> Callable[..., Path]:
    """Writes sources.json with the entry changed."""

    def write(**changes: str) -> Path:
        sources = {"python": {"face.tflite": source | changes}}
        (folder / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
        return folder

    return write


def test_a_file_is_taken_out_of_its_package(source: dict[str, Any], folder: Path) -> None:
    fetch("face.tflite", source, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"face.tflite": CONTENT}


def test_another_file_than_expected_is_not_kept(source: dict[str, Any], folder: Path) -> None:
    (folder / "face.tflite").write_bytes(b"older")
    with pytest.raises(FetchError) as caught:
        fetch("face.tflite", source | {"sha256": sha256(b"other")}, folder)
    assert f"expected SHA-256 {sha256(b'other')}, came {sha256(CONTENT)}" in str(caught.value)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"face.tflite": b"older"}


def test_another_package_than_expected_is_not_opened(
    source: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("opened"))
    with pytest.raises(FetchError, match="could not be fetched"):
        fetch("face.tflite", source | {"wheel_sha256": sha256(b"other")}, folder)
    assert list(folder.iterdir()) == []


def test_fetching_all_and_again(
    listed: Callable[..., Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = listed()
    assert main(folder) == 0
    assert (folder / "face.tflite").read_bytes() == CONTENT
    assert "Fetching face.tflite (MIT) from" in capsys.readouterr().out
    monkeypatch.setattr(fetch_weights, "fetch", lambda *_: pytest.fail("fetched again"))
    assert main(folder) == 0


def test_a_file_that_was_changed_is_fetched_again(listed: Callable[..., Path]) -> None:
    folder = listed()
    (folder / "face.tflite").write_bytes(b"half of the wei")
    assert main(folder) == 0
    assert (folder / "face.tflite").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sha256": "0" * 64}, "face.tflite: expected SHA-256 000"),
        ({"wheel_sha256": "0" * 64}, "could not be fetched"),
        ({"package": "./no-such-finder-1.0-py3-none-any.whl"}, "could not be fetched"),
    ],
)
def test_what_fails_is_told_in_one_sentence(
    changes: dict[str, str],
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


def test_the_projects_own_list_is_complete() -> None:
    sources = json.loads((fetch_weights.WEIGHTS / "sources.json").read_text(encoding="utf-8"))
    for name, source in sources["python"].items():
        assert source.keys() == {"package", "wheel_sha256", "member", "sha256", "licence"}
        assert source["member"].endswith(name)
        assert is_there(fetch_weights.WEIGHTS / name, source["sha256"]), "make setup fetches it"
