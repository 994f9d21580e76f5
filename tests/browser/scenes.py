"""Photos of streets and groups, if they are available; see `tests.real`."""

from __future__ import annotations

import pytest

from inference import read_picture
from inference.vision.geometry import Image
from tests.real import DATA

FOLDER = DATA / "scenes/val"

needs_scenes = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no scenes: expected scenes/val/*.jpg in ../shared/data or in $SHARED_DATA",
)


def read_scenes(count: int) -> list[Image]:
    """`count` photos, evenly spaced and always the same."""
    photos = sorted(FOLDER.glob("*.jpg"))
    return [read_picture(photo) for photo in photos[:: len(photos) // count][:count]]
