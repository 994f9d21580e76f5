"""Built-in faces: the sample photos and drawings on them, varied, to notice what a model forgets.

They need no photos of others: the portrait is in the public domain (``scripts/sample_photos.py``).
They show one face, so they complement the test faces and replace none.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from inference import read_picture
from inference.contract import WEIGHTS
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Box, Floats, Image, sample, square_around
from trainer.config import Config
from trainer.data.crops import FaceCropper
from trainer.data.occlusion_drawing import FaceCoordinates
from trainer.data.pictures import Picture
from trainer.data.synthetic import CASES
from trainer.errors import TrainerError
from trainer.evaluate.metrics import Targets

VARIANTS = 60
"""Variants of each sample photo."""
DRAWINGS = 12
"""Drawings of each kind of `trainer.data.synthetic`, each varied."""

BuiltInFace = tuple[Image, str]
"""A crop and its label."""


def built_in_faces(config: Config, seed: int = 0) -> tuple[Floats, Targets]:
    """Return the faces as the classifier's inputs, and their labels; always the same.

    Returns:
        inputs, float32, shape (n, size, size, 3), RGB, 0 to 255; indices in `DEFINITE_LABELS`.

    Raises:
        TrainerError: a sample photo is missing or no face is found on it.
    """
    rng = np.random.default_rng(seed)
    faces = list(_faces(config, rng))
    inputs = np.stack([vary(image, config, rng) for image, _ in faces])
    return inputs, np.array([DEFINITE_LABELS.index(label) for _, label in faces], np.int64)


def _faces(config: Config, rng: np.random.Generator) -> Iterator[BuiltInFace]:
    samples = _read_samples(config)
    for label, (image, _) in samples.items():
        yield from [(image, label)] * VARIANTS
    cloths = [samples["with_mask"]]
    for case in CASES.values():
        image, face = samples[case.base]
        for _ in range(DRAWINGS):
            yield case.draw(image, face, cloths, rng), case.label


def _read_samples(config: Config) -> dict[str, tuple[Image, FaceCoordinates]]:
    """Crop the sample photos; return each label's crop with its face coordinates."""
    samples: dict[str, tuple[Image, FaceCoordinates]] = {}
    with tempfile.TemporaryDirectory() as folder:
        crop = FaceCropper(config, Path(folder))
        for number, label in enumerate(DEFINITE_LABELS):
            photo = WEIGHTS / f"sample_{label}.jpg"
            result = crop(Picture(photo, label, number))
            face = FaceCoordinates.of(result.points) if result.points else None
            if not result.crop or not face:
                raise TrainerError(f"Expected a face on {photo}: run 'make setup'.")
            samples[label] = (read_picture(result.crop), face)
    return samples


def vary(crop: Image, config: Config, rng: np.random.Generator) -> Floats:
    """Shift, zoom, flip, light, blur and shrink a stored crop; return the classifier's input."""
    side = config.crop_side
    square = square_around(Box(0, 0, side, side), rng.uniform(0.85, 1.15) / config.crop_context)
    x, y = rng.uniform(-0.08, 0.08, 2) * square.width
    moved = Box(square.left + x, square.top + y, square.right + x, square.bottom + y)
    varied = sample(crop, moved, config.input_size, config.input_size)
    varied = varied[:, ::-1] if rng.random() < 0.5 else varied
    varied = _shrink(_light(varied, rng), rng)
    return varied.clip(0, 255)


def _light(image: Floats, rng: np.random.Generator) -> Floats:
    """Change gamma, brightness and color cast."""
    gamma, cast = np.exp(rng.normal(0, 0.25)), rng.uniform(0.85, 1.15, 3)
    lit = 255 * (image / 255).clip(0, 1) ** gamma * cast * rng.uniform(0.5, 1.2)
    return np.asarray(lit, np.float32)


def _shrink(image: Floats, rng: np.random.Generator) -> Floats:
    """Blur, or reduce to the pixels of a distant face and enlarge again."""
    size = image.shape[0]
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.5)), np.float32)
    small = int(rng.integers(size // 4, size + 1))
    reduced = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(reduced, (size, size)), np.float32)
