"""Drawing primitives for synthetic occlusions: masks, hands, beards, scarves and objects.

Shapes are in face coordinates, in units of about one eye distance: x to the right of the picture
from the middle line, y down from the eyes. Nose and mouth are the detector's landmarks.
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
    """Coordinate system of one face."""

    eyes: Points
    """The origin in pixels: the midpoint between the eyes."""
    right: Points
    """One unit along x, in pixels."""
    down: Points
    """One unit along y, in pixels."""
    nose: Points
    """In face coordinates, like `mouth`."""
    mouth: Points

    @classmethod
    def of(cls, points: Sequence[Point]) -> FaceCoordinates | None:
        """Return the coordinates of a face with these landmarks; None if they are implausible."""
        first, second, nose, mouth = (np.array(point) for point in points)
        across = second - first
        middle = (first + second) / 2
        down = np.array([-across[1], across[0]])
        length = float(np.hypot(*across))
        if length < 1:
            return None
        down /= length
        drop = float(down @ (mouth - middle))
        # In a turned face the eyes are closer together, but the mouth is as far below them.
        unit = max(length, 0.95 * drop)
        face = cls(middle, across / length * unit, down * unit, nose, mouth)
        local = face.to_local(np.stack([nose, mouth]))
        face = cls(middle, face.right, face.down, local[0], local[1])
        plausible = 0.25 < local[0, 1] < 1.0 and local[0, 1] + 0.2 < local[1, 1] < 1.8
        return face if plausible and abs(local[0, 0]) < 0.7 else None

    def to_local(self, pixels: Points) -> Points:
        """Convert pixels to face coordinates."""
        offset = pixels - self.eyes
        unit = self.right @ self.right
        return np.stack([offset @ self.right, offset @ self.down], axis=-1) / unit

    def to_pixels(self, local: Points) -> Points:
        """Convert face coordinates to pixels; the middle line passes through nose and mouth."""
        ys = [0.0, self.nose[1], self.mouth[1], self.mouth[1] + 1]
        xs = [0.0, 0.6 * self.nose[0], self.mouth[0], self.mouth[0]]
        x = local[:, 0] + np.interp(local[:, 1], ys, xs)
        return self.eyes + x[:, None] * self.right + local[:, 1:] * self.down


def rounded(corners: Points, rounds: int = 3) -> Points:
    """Smooth a closed polygon by corner cutting (Chaikin 1974)."""
    for _ in range(rounds):
        after = np.roll(corners, -1, axis=0)
        corners = np.stack([0.75 * corners + 0.25 * after, 0.25 * corners + 0.75 * after], axis=1)
        corners = corners.reshape(-1, 2)
    return corners


def coverage(outline: Points, side: int, softness: float) -> Floats:
    """Return the alpha mask of a shape: float32, shape (side, side, 1), 0 to 1."""
    canvas = np.zeros((side, side), np.float32)
    cv2.fillPoly(canvas, [np.rint(outline * 16).astype(np.int32)], 1.0, cv2.LINE_AA, shift=4)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), softness)[..., None], np.float32)


def mask_outline(
    face: FaceCoordinates, top: float, bottom: float, rng: np.random.Generator
) -> Points:
    """Return a random mask outline between two levels, in face coordinates."""
    near = rng.uniform(0.9, 1.25)
    sag = rng.uniform(0.0, 0.25)
    peak = rng.uniform(0.0, 0.25) if top < face.nose[1] else rng.uniform(-0.05, 0.08)
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
    """Return a random plain or patterned cloth: float32, shape (side, side, 3), RGB, 0 to 255."""
    common = np.array(
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
    plain = common[rng.integers(len(common))] if rng.random() < 0.6 else rng.integers(0, 256, 3)
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


def extract_cloth(image: Image, face: FaceCoordinates, side: int) -> Floats:
    """Extract the cloth of a real mask, from between nose and chin of a masked face.

    Returns:
        float32, shape (side, side, 3), RGB, 0 to 255.
    """
    low, high = face.nose[1] + 0.1, face.mouth[1] + 0.3
    corners = np.array([[-0.45, low], [0.45, low], [0.45, high], [-0.45, high]])
    source = face.to_pixels(corners).astype(np.float32)
    target = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    transform = cv2.getPerspectiveTransform(source, target)
    return cv2.warpPerspective(
        image, transform, (side, side), borderMode=cv2.BORDER_REFLECT_101
    ).astype(np.float32)


def shading(image: Image) -> Floats:
    """Estimate the relative illumination of a face: float32, shape (height, width, 1), about 1."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32) + 20
    soft = cv2.GaussianBlur(grey, (0, 0), image.shape[0] / 9)
    return np.clip(soft / soft.mean(), 0.4, 1.6)[..., None]


def composite(image: Image, outline: Points, texture: Floats, rng: np.random.Generator) -> Image:
    """Paste a texture inside an outline (in pixels), shaded like the face, with a soft shadow."""
    side = image.shape[0]
    alpha = coverage(outline, side, rng.uniform(0.4, 1.0))
    shadow = coverage(outline + np.array([0, side * 0.012]), side, side * 0.02) * rng.uniform(
        0.1, 0.4
    )
    left, width = outline[:, 0].min(), np.ptp(outline[:, 0])
    x = ((np.arange(side) - left) / max(width, 1) - 0.5) * 2
    curvature = 1 - rng.uniform(0.05, 0.35) * np.clip(x, -1, 1) ** 2
    shaded = texture * shading(image) ** 0.7 * curvature[None, :, None]
    behind = image * (1 - shadow)
    return (behind * (1 - alpha) + shaded * alpha).clip(0, 255).astype(np.uint8)


def add_pleats(texture: Floats, outline: Points, rng: np.random.Generator) -> Floats:
    """Darken two to four horizontal folds, like those of surgical masks."""
    top, bottom = outline[:, 1].min(), outline[:, 1].max()
    rows = np.arange(texture.shape[0])
    shade = np.ones(len(rows))
    for level in np.linspace(top, bottom, int(rng.integers(4, 7)))[1:-1]:
        shade -= rng.uniform(0.05, 0.2) * np.exp(-(((rows - level) / 1.2) ** 2))
    return texture * shade[:, None, None].astype(np.float32)


def add_straps(
    image: Image, face: FaceCoordinates, outline: Points, rng: np.random.Generator
) -> Image:
    """Draw straps from the mask's upper corners to the ears; `outline` is in face coordinates."""
    result = image.copy()
    color = (rng.integers(180, 256, 3) if rng.random() < 0.6 else rng.integers(0, 80, 3)).tolist()
    for side in (-1, 1):
        corner = outline[np.argmin(outline[:, 1] - 1.2 * side * outline[:, 0])]
        ear = np.array([side * rng.uniform(1.15, 1.35), rng.uniform(0.1, 0.5)])
        start, end = np.rint(face.to_pixels(np.stack([corner, ear])) * 16).astype(int).tolist()
        cv2.line(result, start, end, color, 1, cv2.LINE_AA, shift=4)
    return result


Cloths = Sequence[tuple[Image, FaceCoordinates]]
"""Masked faces whose cloth can be reused."""


def texture_for(outline: Points, side: int, cloths: Cloths, rng: np.random.Generator) -> Floats:
    """Return drawn cloth, or cloth of a real mask stretched over the outline."""
    if cloths and rng.random() < 0.6:
        low, high = np.floor(outline.min(axis=0)), np.ceil(outline.max(axis=0))
        patch = extract_cloth(*cloths[rng.integers(len(cloths))], side)
        width, height = np.maximum(high - low, 1).astype(int)
        transform = np.array([[width / side, 0, low[0]], [0, height / side, low[1]]])
        spread = cv2.warpAffine(patch, transform, (side, side), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(spread, np.float32)
    texture = cloth(side, rng)
    return add_pleats(texture, outline, rng) if rng.random() < 0.5 else texture
