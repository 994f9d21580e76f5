"""The command line, and a folder to call it at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inference.cli import main as command
from tests.frames import astronaut, astronaut_masked, empty, two_faces
from tests.samples import encode

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs the command line; its exit code, and what it printed."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = command.main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four photos in two folders, a broken one, and what is none."""
    inside = tmp_path / "photos"
    (inside / "sub").mkdir(parents=True)
    for name, image in (("a", astronaut()), ("b", astronaut_masked()), ("none", empty())):
        (inside / f"{name}.jpg").write_bytes(encode(image, "JPEG"))
    (inside / "sub/a.jpg").write_bytes(encode(two_faces(), "PNG"))
    (inside / "broken.webp").write_bytes(b"RIFF")
    (inside / "notes.txt").write_text("no photo")
    return inside
