"""Real faces of several sources in one frame, with masks drawn on or not."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from inference import MaskDetector, read_picture
from inference.vision.geometry import Image
from tests.frames import HEIGHT, WIDTH, empty, put_on_mask
from tests.real import DATA

PEOPLE = (
    ("without_mask", "chandrikadeb7"),
    ("with_mask", "jolignier_ilc2021"),
    ("without_mask", "karan_faces"),
)
"""Labels and sources of photos, from left to right."""
TILE = 160  # pixels of a photo's side in the frame
SURE = 0.99
"""Minimum probability in the still frame; it is lower while the clip moves and zooms."""


def people() -> list[Image]:
    """A frame with the faces of `PEOPLE`, and the same where the bare ones wear a drawn mask.

    Raises:
        LookupError: a source has no photo that is surely judged rightly both ways: how well photos
            are judged is not what these frames are for.
    """
    scenes = [empty(), empty()]
    for i, (label, source) in enumerate(PEOPLE):
        left = (WIDTH - len(PEOPLE) * TILE) // 2 + i * TILE
        _add(scenes, slice(left, left + TILE), label, source)
    return scenes


def _add(scenes: list[Image], columns: slice, label: str, source: str) -> None:
    """Paste the first suitable photo to the right of the others."""
    detector = MaskDetector()
    rows = slice((HEIGHT - TILE) // 2, (HEIGHT + TILE) // 2)
    for tiles in _tiles(detector, label, source):
        for scene, tile in zip(scenes, tiles, strict=True):
            scene[rows, columns] = tile
        if [_rightmost(detector, scene) for scene in scenes] == [label, "with_mask"]:
            return
    raise LookupError(f"Expected a photo of {source} that is judged rightly, there is none.")


def _tiles(detector: MaskDetector, label: str, source: str) -> Iterator[list[Image]]:
    """The photos of a source, each as it is and, where it is bare, with a mask."""
    for photo in sorted((DATA / "faces" / label).glob(f"{source}__*.jpg")):
        tile = _fitted(read_picture(photo))
        faces = detector.face_detector.detect(tile)
        if len(faces) == 1:
            right, left, *_ = faces[0].points
            yield [tile, tile if label == "with_mask" else put_on_mask(tile, (right, left))]


def _fitted(picture: Image) -> Image:
    """The middle square of a picture at the size of a tile."""
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[top : top + side, left : left + side]
    return np.asarray(cv2.resize(square, (TILE, TILE), interpolation=cv2.INTER_AREA))


def _rightmost(detector: MaskDetector, scene: Image) -> str | None:
    """The label of the face that is farthest to the right, if it is sure."""
    verdicts = sorted(detector.detect(scene), key=lambda verdict: verdict.box.right)
    return verdicts[-1].label if verdicts and verdicts[-1].probability >= SURE else None
