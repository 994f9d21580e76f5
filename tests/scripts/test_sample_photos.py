"""Tests that the sample photos show what their names say."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest
import skimage.data

from inference import MaskDetector, read_picture
from inference.contract import ROOT
from scripts import sample_photos
from scripts.fetch_weights import FetchError
from scripts.sample_photos import main, write

LABELS = ("without_mask", "with_mask", "incorrect_mask")


def refuse(_: object) -> bytes:
    raise FetchError("It cannot be downloaded.")


def png() -> bytes:
    bgr = cv2.cvtColor(skimage.data.astronaut(), cv2.COLOR_RGB2BGR)
    return cv2.imencode(".png", bgr)[1].tobytes()


def test_each_sample_gets_the_label_of_its_name(
    photo_detector: MaskDetector, tmp_path: Path
) -> None:
    write(tmp_path, png())
    for label in LABELS:
        photo = read_picture(tmp_path / f"sample_{label}.jpg")
        assert [verdict.label for verdict in photo_detector.detect(photo)] == [label]


def test_only_missing_samples_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sources.json").write_bytes((ROOT / "weights/sources.json").read_bytes())
    portrait = json.loads((tmp_path / "sources.json").read_text())["portrait"]
    fetched = []

    def fetch(source: object) -> bytes:
        fetched.append(source)
        return png()

    monkeypatch.setattr(sample_photos, "fetch", fetch)
    assert (main(tmp_path), main(tmp_path)) == (0, 0)
    assert fetched == [portrait]
    assert sorted(path.name for path in tmp_path.glob("*.jpg")) == sorted(
        f"sample_{label}.jpg" for label in LABELS
    )
    (tmp_path / "sample_with_mask.jpg").unlink()
    monkeypatch.setattr(sample_photos, "fetch", refuse)
    assert main(tmp_path) == 1
    assert capsys.readouterr().err == "sample_photos: It cannot be downloaded.\n"
