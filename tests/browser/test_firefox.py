"""The page works in Firefox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.firefox import Firefox, find_firefox
from tests.frames import two_faces
from tests.samples import encode

EXECUTABLE = find_firefox()
pytestmark = pytest.mark.skipif(
    EXECUTABLE is None, reason="no Firefox: expected firefox-esr or firefox on the path"
)


def test_camera_and_photos(address: str, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(encode(two_faces(), "JPEG"))
    assert EXECUTABLE
    with Firefox(EXECUTABLE, tmp_path) as firefox:
        firefox.open(address)
        firefox.click("#start")
        firefox.wait_for("#status", "Running")
        firefox.wait_for("#summary", "No face")
        firefox.wait_for("#rate", "frames per second")
        firefox.choose("#photo", photo)
        firefox.wait_for("article", "2 people: 1 wearing a mask, 1 without a mask.")
        firefox.run("window.camera = document.getElementById('video').srcObject.getTracks()[0]")
        firefox.click("#stop")
        firefox.wait_for("#status", "Stopped. The camera is off.")
        assert firefox.run("return window.camera.readyState") == "ended"
        assert firefox.problems == []
