"""Drawing primitives for synthetic hard cases: masks, hands, beards, scarves and objects on
unmasked faces. There are too few real photos of masks worn incorrectly to learn from.

All drawing happens in the face's own coordinates: x to the person's left in eye distances from
the middle line, y down from the eyes; the nose and the mouth are the detector's points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.vision.detections import Point
from inference.vision.geometry import Floats, Image

Points = NDArray[np.float64]
"""Shape (n, 2): x and y."""


@dataclass(frozen=True)
class FaceCoordinates:
    """The coordinates of one face."""

    eyes: Points
    """Middle between the eyes, in pixels."""
    right: Points
    """One unit along x, in pixels."""
    down: Points
    """One unit along y, in pixels."""
    nose: Points
    """In the face's own coordinates."""
    mouth: Points

    @classmethod
    def of(cls, points: Sequence[Point]) -> FaceCoordinates | None:
        """The frame of a face with these points (`Detection.points`); none where they make no sense."""
        first, second, nose, mouth = (np.array(point) for point in points)
        across = second - first
        middle = (first + second) / 2
        down = np.array([-across[1], across[0]])
        length = float(np.hypot(*across))
        if length < 1:
            return None
        down /= length
        drop = float(down @ (mouth - middle))
        # Turned faces have near eyes; the drop to the mouth, about one eye distance, does not.
        unit = max(length, 0.95 * drop)
        frame = cls(middle, across / length * unit, down * unit, nose, mouth)
        local = frame.inside(np.stack([nose, mouth]))
        frame = cls(middle, frame.right, frame.down, local[0], local[1])
        sensible = 0.25 < local[0, 1] < 1.0 and local[0, 1] + 0.2 < local[1, 1] < 1.8
        return frame if sensible and abs(local[0, 0]) < 0.7 else None

    def inside(self, pixels: Points) -> Points:
        """Pixels in the face's coordinates."""
        offset = pixels - self.eyes
        unit = self.right @ self.right
        return np.stack([offset @ self.right, offset @ self.down], axis=-1) / unit

    def pixels(self, local: Points) -> Points:
        """Points of the face in pixels; the middle line follows the nose and the mouth."""
        ys = [0.0, self.nose[1], self.mouth[1], self.mouth[1] + 1]
        xs = [0.0, 0.6 * self.nose[0], self.mouth[0], self.mouth[0]]
        x = local[:, 0] + np.interp(local[:, 1], ys, xs)
        return self.eyes + x[:, None] * self.right + local[:, 1:] * self.down


def rounded(corners: Points, rounds: int = 3) -> Points:
    """A closed polygon with its corners cut again and again (Chaikin 1974)."""
    for _ in range(rounds):
        after = np.roll(corners, -1, axis=0)
        corners = np.stack([0.75 * corners + 0.25 * after, 0.25 * corners + 0.75 * after], axis=1)
        corners = corners.reshape(-1, 2)
    return corners


def coverage(outline: Points, side: int, softness: float) -> Floats:
    """How much of each pixel a shape covers: float32, shape (side, side, 1), 0 to 1."""
    canvas = np.zeros((side, side), np.float32)
    cv2.fillPoly(canvas, [np.rint(outline * 16).astype(np.int32)], 1.0, cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), softness)[..., None], np.float32)


def mask_outline(
    frame: FaceCoordinates, top: float, bottom: float, rng: np.random.Generator
) -> Points:
    """A mask's outline between two levels, in the face's coordinates."""
    near = rng.uniform(0.9, 1.25)
    sag = rng.uniform(0.0, 0.25)
    peak = rng.uniform(0.0, 0.25) if top < frame.nose[1] else rng.uniform(-0.05, 0.08)
    middle = (top + bottom) / 2
    half = [
        (0.0, top - peak),
        (0.45, top),
        (near, top + sag),
        (near * 0.97, middle),
        (0.75, bottom - 0.22),
        (0.35, bottom),
    ]
    left = [(-x, y) for x, y in half[:0:-1]]
    corners = np.array(half + left) + rng.normal(0, 0.03, (len(half) + len(left), 2))
    tilt = rng.normal(0, 0.06)
    corners[:, 1] += tilt * corners[:, 0]
    return rounded(corners)


def cloth(side: int, rng: np.random.Generator) -> Floats:
    """A plain or patterned cloth: float32, shape (side, side, 3), RGB, 0 to 255."""
    usual = np.array(
        [
            [150, 190, 215],
            [235, 238, 240],
            [30, 30, 34],
            [120, 125, 130],
            [225, 190, 200],
            [40, 60, 110],
            [225, 150, 135],
            [205, 165, 140],
        ]
    )
    plain = usual[rng.integers(len(usual))] if rng.random() < 0.6 else rng.integers(0, 256, 3)
    texture = np.full((side, side, 3), plain, np.float32) + rng.normal(0, 8, 3)
    if rng.random() < 0.35:
        second = rng.integers(0, 256, 3)
        texture = np.where(_pattern(side, rng)[..., None], second, texture)
    grain = cv2.resize(rng.normal(0, 6, (side // 2, side // 2)), (side, side))
    return np.asarray(texture + grain[..., None], np.float32)


def _pattern(side: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    y, x = np.mgrid[:side, :side]
    angle, period = rng.uniform(0, np.pi), rng.uniform(4, 16)
    u = (x * np.cos(angle) + y * np.sin(angle)) / period % 1
    v = (y * np.cos(angle) - x * np.sin(angle)) / period % 1
    spots = cv2.GaussianBlur(rng.normal(0, 1, (side, side)), (0, 0), period / 3)
    kinds = [
        u < 0.5,
        (u < 0.5) ^ (v < 0.5),
        (u - 0.5) ** 2 + (v - 0.5) ** 2 < 0.08,
        spots > spots.std(),
    ]
    return np.asarray(kinds[rng.integers(len(kinds))])


def worn_cloth(image: Image, frame: FaceCoordinates, side: int) -> Floats:
    """The cloth of a real mask, taken from between nose and chin of a masked face.

    Returns:
        float32, shape (side, side, 3), RGB, 0 to 255.
    """
    low, high = frame.nose[1] + 0.1, frame.mouth[1] + 0.3
    corners = np.array([[-0.45, low], [0.45, low], [0.45, high], [-0.45, high]])
    source = frame.pixels(corners).astype(np.float32)
    target = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    way = cv2.getPerspectiveTransform(source, target)
    return cv2.warpPerspective(image, way, (side, side), borderMode=cv2.BORDER_REFLECT_101).astype(
        np.float32
    )


def light(image: Image) -> Floats:
    """How brightly each place of a face is lit: float32, shape (height, width, 1), about 1."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) + 20
    soft = cv2.GaussianBlur(grey, (0, 0), image.shape[0] / 9)
    return np.clip(soft / soft.mean(), 0.4, 1.6)[..., None]


def composite(image: Image, outline: Points, texture: Floats, rng: np.random.Generator) -> Image:
    """Lay a texture on an image inside an outline (pixels), shaded like the face around it."""
    side = image.shape[0]
    cover = coverage(outline, side, rng.uniform(0.4, 1.0))
    shadow = coverage(outline + np.array([0, side * 0.012]), side, side * 0.02) * rng.uniform(
        0.1, 0.4
    )
    left, width = outline[:, 0].min(), np.ptp(outline[:, 0])
    x = ((np.arange(side) - left) / max(width, 1) - 0.5) * 2
    round_ = 1 - rng.uniform(0.05, 0.35) * np.clip(x, -1, 1) ** 2
    shaded = texture * light(image) ** 0.7 * round_[None, :, None]
    behind = image * (1 - shadow)
    return (behind * (1 - cover) + shaded * cover).clip(0, 255).astype(np.uint8)


def add_pleats(texture: Floats, outline: Points, rng: np.random.Generator) -> Floats:
    """Two to four folds across, as surgical masks have."""
    top, bottom = outline[:, 1].min(), outline[:, 1].max()
    rows = np.arange(texture.shape[0])
    shade = np.ones(len(rows))
    for level in np.linspace(top, bottom, int(rng.integers(4, 7)))[1:-1]:
        shade -= rng.uniform(0.05, 0.2) * np.exp(-(((rows - level) / 1.2) ** 2))
    return texture * shade[:, None, None].astype(np.float32)


def add_straps(
    image: Image, frame: FaceCoordinates, outline: Points, rng: np.random.Generator
) -> Image:
    """Bands from the mask's upper corners to the ears; `outline` is in the face's coordinates."""
    result = image.copy()
    colour = (rng.integers(180, 256, 3) if rng.random() < 0.6 else rng.integers(0, 80, 3)).tolist()
    for side in (-1, 1):
        corner = outline[np.argmin(outline[:, 1] - 1.2 * side * outline[:, 0])]
        ear = np.array([side * rng.uniform(1.15, 1.35), rng.uniform(0.1, 0.5)])
        start, end = np.rint(frame.pixels(np.stack([corner, ear])) * 16).astype(int).tolist()
        cv2.line(result, start, end, colour, 1, cv2.LINE_AA, shift=4)
    return result
