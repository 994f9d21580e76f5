"""Frames with real faces of several sources, with and without drawn masks."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from inference import MaskDetector, read_picture
from inference.vision.geometry import Image
from tests.frames import HEIGHT, WIDTH, empty, put_on_mask
from tests.real import DATA

PEOPLE = (
    ("without_mask", "karan_faces"),
    ("with_mask", "jolignier_ilc2021"),
    ("without_mask", "karan_faces"),
)
"""Labels and sources of the photos, from left to right."""
TILE_PX = 160  # side of a photo in the frame
MIN_PROBABILITY = 0.96
"""In the still frame; the probability is lower while the clip moves and zooms."""


def people() -> list[Image]:
    """A frame with the faces of `PEOPLE`, and the same with a mask drawn on each bare face.

    Raises:
        LookupError: a source has no photo that is classified correctly, with a high probability,
            in both frames. These frames do not test accuracy.
    """
    scenes = [empty(), empty()]
    for i, (label, source) in enumerate(PEOPLE):
        left = (WIDTH - len(PEOPLE) * TILE_PX) // 2 + i * TILE_PX
        _add(scenes, slice(left, left + TILE_PX), label, source)
    return scenes


def _add(scenes: list[Image], columns: slice, label: str, source: str) -> None:
    """Paste the first suitable photo to the right of the previous ones."""
    detector = MaskDetector()
    rows = slice((HEIGHT - TILE_PX) // 2, (HEIGHT + TILE_PX) // 2)
    for tiles in _tiles(detector, label, source):
        for scene, tile in zip(scenes, tiles, strict=True):
            scene[rows, columns] = tile
        if [_rightmost(detector, scene) for scene in scenes] == [label, "with_mask"]:
            return
    raise LookupError(f"Expected a photo of {source} that is classified correctly, got none.")


def _tiles(detector: MaskDetector, label: str, source: str) -> Iterator[list[Image]]:
    """The photos of a source, each unchanged and, if the face is bare, with a drawn mask."""
    for photo in sorted((DATA / "faces" / label).glob(f"{source}__*.jpg")):
        tile = _fitted(read_picture(photo))
        faces = detector.face_detector.detect(tile)
        if len(faces) == 1:
            right, left, *_ = faces[0].points
            yield [tile, tile if label == "with_mask" else put_on_mask(tile, (right, left))]


def _fitted(picture: Image) -> Image:
    """The central square of a picture, resized to a tile."""
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[top : top + side, left : left + side]
    return np.asarray(cv2.resize(square, (TILE_PX, TILE_PX), interpolation=cv2.INTER_AREA))


def _rightmost(detector: MaskDetector, scene: Image) -> str | None:
    """The label of the rightmost face, if its probability is high."""
    verdicts = sorted(detector.detect(scene), key=lambda verdict: verdict.box.right)
    return verdicts[-1].label if verdicts and verdicts[-1].probability >= MIN_PROBABILITY else None
