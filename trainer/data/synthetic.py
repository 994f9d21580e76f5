"""Synthetic hard cases on unmasked faces, since real photos of them are rare.

The drawing primitives are in `trainer.data.occlusion_drawing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from inference import read_picture
from inference.vision.geometry import Floats, Image
from trainer.config import Config
from trainer.data.crops import FaceCrop
from trainer.data.occlusion_drawing import (
    FaceCoordinates,
    Points,
    add_pleats,
    add_straps,
    cloth,
    composite,
    extract_cloth,
    mask_outline,
    rounded,
)

SOURCE = "made"
"""Source of the synthetic cases, as in their file names."""

Cloths = list[tuple[Image, FaceCoordinates]]
"""Masked faces whose cloth can be reused."""


def _add_mask(
    image: Image,
    face: FaceCoordinates,
    top: float,
    bottom: float,
    cloths: Cloths,
    rng: np.random.Generator,
) -> Image:
    outline = mask_outline(face, top, bottom, rng)
    pixels = face.to_pixels(outline)
    result = add_straps(image, face, outline, rng) if rng.random() < 0.7 else image
    return composite(result, pixels, _texture(pixels, image.shape[0], cloths, rng), rng)


def _texture(outline: Points, side: int, cloths: Cloths, rng: np.random.Generator) -> Floats:
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


def mask_worn(
    image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """Draw a mask over nose, mouth and chin."""
    # A mask up to the tip of the nose still counts as worn, as in most data sets.
    top = face.nose[1] * rng.uniform(0.4, 1.05)
    return _add_mask(image, face, top, face.mouth[1] + rng.uniform(0.6, 0.95), cloths, rng)


def below_nose(
    image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """Draw a mask that leaves the nose free."""
    gap = face.mouth[1] - face.nose[1]
    top = face.nose[1] + rng.uniform(0.48, 0.85) * gap
    return _add_mask(image, face, top, face.mouth[1] + rng.uniform(0.6, 1.0), cloths, rng)


def on_chin(image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """Draw a mask pulled down to the chin."""
    top = face.mouth[1] + rng.uniform(0.22, 0.45)
    return _add_mask(image, face, top, top + rng.uniform(0.45, 0.9), cloths, rng)


def raised(image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """Draw a mask pushed up over nose, eyes or forehead; the mouth is free."""
    bottom = face.mouth[1] - rng.uniform(0.12, 0.25)
    if rng.random() < 0.4:
        bottom = face.nose[1] * rng.uniform(-0.4, 0.7)
    return _add_mask(image, face, bottom - rng.uniform(0.5, 0.9), bottom, cloths, rng)


def hanging(image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """Draw a mask that hangs from one ear, beside the mouth."""
    side = rng.choice([-1, 1])
    outline = mask_outline(face, face.nose[1], face.mouth[1] + 0.7, rng)
    outline[:, 0] = outline[:, 0] * rng.uniform(0.3, 0.5) + side * rng.uniform(1.0, 1.25)
    pixels = face.to_pixels(outline)
    return composite(image, pixels, _texture(pixels, image.shape[0], cloths, rng), rng)


def _skin(image: Image, face: FaceCoordinates, rng: np.random.Generator) -> Floats:
    """Return a skin texture in the color of forehead and cheeks."""
    spots = face.to_pixels(np.array([[0.0, -0.35], [-0.5, 0.5], [0.5, 0.5]]))
    x, y = np.clip(np.rint(spots).astype(int), 0, image.shape[0] - 1).T
    color = np.median(image[y, x], axis=0) * rng.uniform(0.75, 1.1)
    noise = cv2.GaussianBlur(rng.normal(0, 10, (*image.shape[:2], 1)), (0, 0), 2)
    return (color + noise[..., None]).astype(np.float32)


def hand(image: Image, face: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """Draw fingers over the mouth, from below or from a side."""
    result, skin = image, _skin(image, face, rng)
    angle = rng.uniform(-0.9, 0.9)
    along = np.array([np.sin(angle), -np.cos(angle)])
    across = np.array([along[1], -along[0]]) * rng.uniform(0.26, 0.36)
    start = np.array([rng.normal(0, 0.3), face.mouth[1] + 0.25]) - along * 1.6
    for i in range(int(rng.integers(2, 5))):
        tip = start + across * (i - 1.5) + along * (1.6 + rng.uniform(0, 0.7))
        root = start + across * (i - 1.5)
        half = across * 0.55
        shape = np.stack([root - half, tip - half, tip + along * 0.2, tip + half, root + half])
        tone = skin * rng.uniform(0.9, 1.05)
        result = composite(result, face.to_pixels(rounded(shape)), tone, rng)
    return result


def object_occlusion(
    image: Image, face: FaceCoordinates, _: Cloths, rng: np.random.Generator
) -> Image:
    """Draw an object like a cup, phone or microphone before the mouth."""
    width, height = rng.uniform(0.25, 0.5), rng.uniform(0.5, 1.4)
    top = face.mouth[1] - rng.uniform(0.1, 0.5)
    box = np.array([[-width, top], [width, top], [width, top + height], [-width, top + height]])
    angle = rng.normal(0, 0.5)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = box.mean(axis=0)
    shape = (box - centre) @ turn.T + centre + np.array([rng.normal(0, 0.25), 0])
    shape = rounded(shape, int(rng.integers(1, 4)))
    return composite(image, face.to_pixels(shape), cloth(image.shape[0], rng), rng)


def scarf(image: Image, face: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """Draw a scarf or a collar around the neck, up to the chin."""
    top = face.mouth[1] + rng.uniform(0.45, 0.75)
    xs = np.linspace(-2.4, 2.4, 9)
    edge = np.stack([xs, top - 0.18 * np.abs(xs) + rng.normal(0, 0.05, 9)], axis=1)
    shape = np.concatenate([edge, [[2.4, 4.0], [-2.4, 4.0]]])
    pixels = face.to_pixels(shape)
    return composite(image, pixels, _texture(pixels, image.shape[0], cloths, rng), rng)


def beard(image: Image, face: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """Draw a full beard or a goatee that leaves the mouth free."""
    full = face.nose[1] + rng.uniform(0.2, 0.4) * (face.mouth[1] - face.nose[1])
    top = full if rng.random() < 0.75 else face.mouth[1] + rng.uniform(0.05, 0.25)
    jaw = mask_outline(face, top, face.mouth[1] + rng.uniform(0.55, 1.2), rng)
    jaw[:, 0] *= rng.uniform(0.6, 0.95)
    side = image.shape[0]
    streaks = cv2.GaussianBlur(rng.normal(0, 60, (side, side, 1)), (0, 0), 0.6, sigmaY=2.0)
    color = rng.choice(
        [[25, 20, 18], [60, 42, 30], [110, 80, 55], [130, 128, 125], [150, 85, 45], [205, 203, 198]]
    )
    hair = (color + streaks[..., None] + rng.normal(0, 5, 3)).astype(np.float32)
    bearded = composite(image, face.to_pixels(jaw), hair, rng)
    lips = np.array([[-0.3, 0.0], [0.0, -0.1], [0.3, 0.0], [0.0, 0.14]]) + np.array(
        [0, face.mouth[1]]
    )
    free = cv2.GaussianBlur(_filled(face.to_pixels(rounded(lips)), side), (0, 0), 1.0)[..., None]
    strength = rng.uniform(0.7, 1.0)
    mixed = bearded * strength + image * (1 - strength)
    return (mixed * (1 - free) + image * free).astype(np.uint8)


def _filled(outline: Points, side: int) -> Floats:
    canvas = np.zeros((side, side), np.float32)
    cv2.fillPoly(canvas, [np.rint(outline).astype(np.int32)], 1.0)
    return canvas


Case = Callable[[Image, FaceCoordinates, Cloths, np.random.Generator], Image]

CASES: dict[str, tuple[str, Case, float]] = {
    "worn": ("with_mask", mask_worn, 0.28),
    "below_nose": ("incorrect_mask", below_nose, 0.15),
    "on_chin": ("incorrect_mask", on_chin, 0.11),
    "raised": ("incorrect_mask", raised, 0.03),
    "hanging": ("incorrect_mask", hanging, 0.03),
    "hand": ("without_mask", hand, 0.12),
    "thing": ("without_mask", object_occlusion, 0.08),
    "scarf": ("without_mask", scarf, 0.07),
    "beard": ("without_mask", beard, 0.13),
}
"""Label, drawing function and proportion of each kind. The keys are in file names and reports."""


def kind_of(crop: Path) -> str:
    """Return the kind of a synthetic case, from its file name."""
    return crop.stem.partition("__")[2].rpartition("_")[0].replace("_", " ")


def draw_cases(part: Path, faces: Sequence[FaceCrop], config: Config) -> int:
    """Add synthetic cases, drawn on its unmasked faces, to a part of the data set.

    Only labels that the data has are drawn. Files are named ``made__<kind>_<number>.jpg``.

    Args:
        part: the folder that holds a folder of crops per label.
        faces: the rows of all crops, with their landmarks.

    Returns:
        Number of cases drawn.
    """
    rng = np.random.default_rng(config.seed)
    labels = {face.label for face in faces}
    kinds = [name for name, (label, _, _) in CASES.items() if label in labels]
    proportions = np.array([CASES[name][2] for name in kinds])
    coordinates = {face.crop: FaceCoordinates.of(face.points) for face in faces if face.points}
    unmasked = sorted((part / "without_mask").glob("*.jpg"))
    masked = sorted((part / "with_mask").glob("*.jpg"))
    cloths = _with_coordinates(
        rng.permutation(np.array(masked, object))[:600].tolist(), coordinates
    )
    chosen = rng.choice(np.array(unmasked, object), int(len(unmasked) * config.made))
    drawn = 0
    for path in chosen.tolist():
        for image, face in _with_coordinates([path], coordinates):
            kind = kinds[rng.choice(len(kinds), p=proportions / proportions.sum())]
            label, draw, _ = CASES[kind]
            case = draw(image, face, cloths, rng)
            _write(case, part / label / f"{SOURCE}__{kind}_{drawn}.jpg")
            drawn += 1
    return drawn


def _with_coordinates(
    paths: list[Path], coordinates: Mapping[str, FaceCoordinates | None]
) -> Cloths:
    """Read the crops that have landmarks, with their face coordinates."""
    pairs = [(path, coordinates.get(path.name)) for path in paths]
    return [(read_picture(path), face) for path, face in pairs if face]


def _write(image: Image, path: Path) -> None:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    if not cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 95]):
        raise OSError(f"{path} could not be written.")
