"""Metrics by kind of face: size, mask or skin tone.

Kinds of mask and skin are estimated from the crop, so they are proxies: shadow makes skin darker,
hard light makes a mask patterned. All crops are the classifier's inputs: float32, shape
(n, size, size, 3), RGB, 0 to 255.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.vision.geometry import Box, Floats, Image, sample
from trainer.config import CROP_SCALE, CROP_SHIFT
from trainer.evaluate.metrics import Targets, binary_accuracy

Kinds = NDArray[np.str_]
"""Shape (n,): the kind of each crop, or an empty string."""

SIZES = {"14 px": 14, "24 px": 24, "45 px": 45}
"""Sizes to which all faces are downsampled; smaller ones stay unchanged."""

ARTIFICIAL = ("karan_artificial", "prajnasb", "uengmim", "maskedfacenet")
"""Prefixes of sources with pasted or rendered masks."""


def size_kinds(faces: Floats) -> Kinds:
    """Classify faces by their longer side in the photo; 0 is unknown."""
    edges = [faces <= 0, faces < 16, faces < 32, faces < 64]
    return np.select(edges, ["", "under 16 px", "16–32 px", "32–64 px"], "from 64 px")


def reduce_faces(crops: Floats, face: int) -> Floats:
    """Downsample crops as if their faces had been `face` pixels in the photo."""
    size = crops.shape[1]
    small = max(1, round(face * CROP_SCALE))
    whole, reduced = Box(0, 0, size, size), Box(0, 0, small, small)
    return np.stack(
        [
            sample(_pixels(sample(_pixels(crop), whole, small, small)), reduced, size, size)
            for crop in crops
        ]
    )


def _pixels(crop: Floats) -> Image:
    return np.rint(crop).clip(0, 255).astype(np.uint8)


def mask_kinds(crops: Floats) -> Kinds:
    """Classify the cloth before the mouth: light, dark, patterned or plain (any other).

    Patterned: the standard deviation of the high-pass filtered brightness exceeds 14 of 255. Light:
    the mean exceeds 170. Dark: it is below 75.
    """
    lightness = _patch(crops, (0.62, 0.84), (0.34, 0.66)).mean(axis=-1)
    slow = np.stack([cv2.GaussianBlur(one, (0, 0), crops.shape[1] / 12) for one in lightness])
    mean, texture = lightness.mean(axis=(1, 2)), (lightness - slow).std(axis=(1, 2))
    return np.select([texture > 14, mean > 170, mean < 75], ["patterned", "light", "dark"], "plain")


def skin_tones(crops: Floats) -> Kinds:
    """Classify skin by the individual typology angle of the bridge of the nose.

    The angle of lightness against yellowness in CIE L*a*b* (Chardon et al. 1991, "Skin colour
    typology and suntanning pathways"), with merged classes: above 28° light, below 10° dark, else
    medium. Grey pictures and bluish light have none.
    """
    patches = _patch(crops, (0.34, 0.46), (0.42, 0.58))
    middle = np.median(patches, axis=(1, 2)).astype(np.float32)
    lab = cv2.cvtColor(middle[None] / 255, cv2.COLOR_RGB2LAB)[0]
    angle = np.degrees(np.arctan2(lab[:, 0] - 50, lab[:, 2]))
    none = (np.ptp(crops, axis=-1).mean(axis=(1, 2)) < 4) | (lab[:, 2] <= 0)
    return np.select([none, angle > 28, angle < 10], ["", "light", "dark"], "medium")


def _patch(crops: Floats, rows: tuple[float, float], columns: tuple[float, float]) -> Floats:
    """Return a part of the crops; `rows` and `columns` are of a crop around the box's centre."""
    size = crops.shape[1]
    top, bottom = (round((edge - CROP_SHIFT) * size) for edge in rows)
    left, right = (round(edge * size) for edge in columns)
    return crops[:, top:bottom, left:right]


def by_kind(kinds: Kinds, targets: Targets, predictions: Targets) -> dict[str, Any]:
    """Return the binary accuracy of each kind, with its interval."""
    return {
        kind: binary_accuracy(targets[rows], predictions[rows])
        for kind in sorted(set(kinds.tolist()) - {""})
        for rows in [kinds == kind]
    }


def slices_of(crops: Floats, sources: list[str], targets: Targets) -> dict[str, Kinds]:
    """Return the kind of each crop for every heading of the report.

    Args:
        sources: the source of each crop.
        targets: shape (n,), index of the true label: with_mask, without_mask, incorrect_mask.
    """
    masked, unmasked, incorrect = (targets == label for label in range(3))
    real = ~np.array([source.startswith(ARTIFICIAL) for source in sources], bool)
    origin, tones = np.where(real, "real", "pasted or rendered"), skin_tones(crops)
    return {
        "masks": np.where(masked, origin, ""),
        "cloth of real masks": np.where(masked & real, mask_kinds(crops), ""),
        "masks worn incorrectly": np.where(incorrect, origin, ""),
        "skin, masked": np.where(masked, tones, ""),
        "skin, unmasked": np.where(unmasked, tones, ""),
    }
