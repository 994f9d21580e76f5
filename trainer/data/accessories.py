"""Draws what else people wear or hold: headgear, glasses, unusual masks, and what hides a mouth.

Like those of `trainer.data.synthetic`, each function returns a changed copy of a crop.
"""

from __future__ import annotations

import cv2
import numpy as np

from inference.vision.geometry import Floats, Image
from trainer.data.occlusion_drawing import (
    Cloths,
    FaceCoordinates,
    Points,
    cloth,
    composite,
    mask_outline,
    rounded,
    texture_for,
)

_HELMETS = np.array(
    [[245, 200, 30], [240, 240, 238], [235, 110, 30], [200, 35, 30], [30, 80, 170], [40, 42, 45]]
)
_RUBBER = np.array([[45, 47, 50], [110, 115, 120], [40, 70, 110], [150, 150, 145]])
_FILTERS = np.array([[220, 120, 160], [235, 235, 230], [60, 60, 62], [150, 60, 110]])


def _plain(color: np.ndarray, side: int, rng: np.random.Generator) -> Floats:
    return (color + rng.normal(0, 10, 3) + rng.normal(0, 5, (side, side, 1))).astype(np.float32)


def _ellipse(x: float, y: float, width: float, height: float, count: int = 24) -> Points:
    """Return an ellipse in face coordinates; `width` and `height` are half axes."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([x + width * np.cos(angles), y + height * np.sin(angles)], axis=1)


def headgear(
    image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """Draw a helmet, a cap or a woollen hat, often with chin straps."""
    side, brow = image.shape[0], rng.uniform(-0.75, -0.3)
    half = rng.uniform(1.05, 1.35)
    sag = rng.uniform(0.0, 0.35)
    dome = [(-half, brow + sag), (-half, -1.3), (-0.6, -2.2), (0.6, -2.2), (half, -1.3)]
    edge = [(half, brow + sag), (0.5, brow), (-0.5, brow)]
    pixels = face.to_pixels(rounded(np.array(dome + edge), 2))
    if rng.random() < 0.5:
        texture = _plain(_HELMETS[rng.integers(len(_HELMETS))], side, rng)
    else:
        texture = texture_for(pixels, side, cloths, rng)
    result = _strap(image, face, rng) if rng.random() < 0.5 else image
    return composite(result, pixels, texture, rng)


def _strap(image: Image, face: FaceCoordinates, rng: np.random.Generator) -> Image:
    """Draw a strap from both temples to below the chin."""
    chin = face.mouth[1] + rng.uniform(0.4, 0.75)
    line = [(-1.0, -0.4), (-0.85, 0.5 * chin), (-0.3, chin), (0.3, chin), (0.85, 0.5 * chin)]
    pixels = face.to_pixels(np.array([*line, (1.0, -0.4)]))
    width = max(1, round(float(np.hypot(*face.right)) * rng.uniform(0.04, 0.14)))
    color = rng.integers(10, 90, 3) if rng.random() < 0.7 else rng.integers(120, 256, 3)
    result = image.copy()
    points = [np.rint(pixels * 16).astype(np.int32)]
    cv2.polylines(result, points, False, color.tolist(), width, cv2.LINE_AA, shift=4)
    return result


def hood(image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """Draw a hood, a head scarf or a collar around the face, which stays free."""
    width, height = rng.uniform(0.85, 1.15), rng.uniform(1.25, 1.6)
    hole = _ellipse(rng.normal(0, 0.05), rng.uniform(0.35, 0.55), width, height)
    outer = _ellipse(0, 0.7, rng.uniform(1.5, 2.2), rng.uniform(2.1, 3.0))
    ring = np.concatenate([outer, outer[:1], hole[::-1], hole[-1:]])
    pixels = face.to_pixels(ring)
    return composite(image, pixels, texture_for(pixels, image.shape[0], cloths, rng), rng)


def glasses(image: Image, face: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """Draw sunglasses or goggles over the eyes."""
    side, dark = image.shape[0], rng.uniform(0.6, 1.0)
    goggles = rng.random() < 0.4
    width, height = rng.uniform(0.3, 0.46), rng.uniform(0.2, 0.34)
    shapes = (
        [
            np.array(
                [[-1, -height], [1, -height], [0.95, height], [0.1, 0.8 * height], [-0.95, height]]
            )
        ]
        if goggles
        else [_ellipse(x, 0.03, width, height, 8) for x in (-0.5, 0.5)]
    )
    color = rng.integers(0, 70, 3) if rng.random() < 0.7 else rng.integers(60, 230, 3)
    result = image
    for shape in shapes:
        pixels = face.to_pixels(rounded(shape, 2))
        result = composite(result, pixels, _plain(color, side, rng), rng)
    return (result * dark + image * (1 - dark)).astype(np.uint8)


def other_head(
    image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """Paste the head of another person, or a shoulder, in front of nose and mouth."""
    top = rng.uniform(0.5, 1.0) * face.nose[1] + rng.uniform(0, 0.3)
    x = rng.normal(0, 0.35)
    if not cloths or rng.random() < 0.35:
        shape = _ellipse(x, top + 1.5, rng.uniform(1.0, 2.2), 1.5)
        return composite(image, face.to_pixels(shape), cloth(image.shape[0], rng), rng)
    other, there = cloths[rng.integers(len(cloths))]
    size, height = rng.uniform(0.8, 1.3), 1.55
    move = np.array([x, top + height * size])
    corners = np.array([[-1.0, -1.0], [1.0, -1.0], [0.0, 1.0]])
    transform = cv2.getAffineTransform(
        there.to_pixels(corners).astype(np.float32),
        face.to_pixels(corners * size + move).astype(np.float32),
    )
    side = image.shape[0]
    texture = cv2.warpAffine(other, transform, (side, side), borderMode=cv2.BORDER_REPLICATE)
    shape = _ellipse(float(move[0]), float(move[1]), 0.95 * size, height * size)
    return composite(image, face.to_pixels(shape), texture.astype(np.float32), rng)


def sheet(image: Image, face: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """Draw a sheet of paper, a book or a phone that hides nose and mouth."""
    half, top = rng.uniform(0.6, 1.7), rng.uniform(0.4, 1.0) * face.nose[1]
    corners = np.array([[-half, 0], [half, 0], [half, 3], [-half, 3]])
    angle = rng.normal(0, 0.2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    pixels = face.to_pixels(corners @ turn.T + np.array([rng.normal(0, 0.2), top]))
    side = image.shape[0]
    paper = rng.integers(170, 256) if rng.random() < 0.6 else rng.integers(10, 90)
    texture = (
        _plain(np.full(3, float(paper)), side, rng) if rng.random() < 0.6 else cloth(side, rng)
    )
    if rng.random() < 0.4:  # lines of print
        texture[:: int(rng.integers(3, 7))] *= 0.6
    return composite(image, pixels, texture, rng)


def gaiter(image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """Draw a neck gaiter or a bandana from the nose down to the collar."""
    top, low = face.nose[1] * rng.uniform(0.25, 0.9), face.mouth[1] + rng.uniform(0.9, 1.6)
    near, peak = rng.uniform(0.95, 1.25), rng.uniform(0.0, 0.25)
    wide = rng.uniform(0.3, 1.5)  # narrow: a bandana that ends in a point
    half = [(0.0, top - peak), (0.5, top), (near, top + rng.uniform(0, 0.3)), (0.95, face.mouth[1])]
    half += [(wide, low), (0.6 * wide, low + 0.3)]
    corners = np.array(half + [(-x, y) for x, y in half[:0:-1]])
    pixels = face.to_pixels(rounded(corners + rng.normal(0, 0.03, corners.shape), 2))
    return composite(image, pixels, texture_for(pixels, image.shape[0], cloths, rng), rng)


def respirator(image: Image, face: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """Draw a half-face respirator with two filters."""
    side = image.shape[0]
    outline = mask_outline(face, face.nose[1] * rng.uniform(0.2, 0.6), face.mouth[1] + 0.5, rng)
    outline[:, 0] *= rng.uniform(0.55, 0.75)
    rubber = _plain(_RUBBER[rng.integers(len(_RUBBER))], side, rng)
    result = composite(image, face.to_pixels(outline), rubber, rng)
    radius, y = rng.uniform(0.22, 0.4), face.mouth[1] + rng.uniform(-0.15, 0.25)
    color = _FILTERS[rng.integers(len(_FILTERS))]
    for x in (-0.62, 0.62):
        disc = face.to_pixels(_ellipse(x, y, radius * rng.uniform(0.6, 1.0), radius))
        result = composite(result, disc, _plain(color, side, rng), rng)
    return result
