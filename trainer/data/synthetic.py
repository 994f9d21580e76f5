"""Synthetic hard cases on unmasked faces, since real photos of them are rare.

The drawing primitives are in `trainer.data.occlusion_drawing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inference import read_picture
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Floats, Image
from trainer.config import Config
from trainer.data.accessories import (
    gaiter,
    glasses,
    headgear,
    hood,
    other_head,
    respirator,
    sheet,
)
from trainer.data.crops import FaceCrop
from trainer.data.occlusion_drawing import (
    Cloths,
    FaceCoordinates,
    Points,
    add_straps,
    cloth,
    composite,
    mask_outline,
    rounded,
    texture_for,
)

SOURCE = "made"
"""Source of the synthetic cases, as in their file names."""


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
    return composite(result, pixels, texture_for(pixels, image.shape[0], cloths, rng), rng)


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
    return composite(image, pixels, texture_for(pixels, image.shape[0], cloths, rng), rng)


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
    return composite(image, pixels, texture_for(pixels, image.shape[0], cloths, rng), rng)


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


Draw = Callable[[Image, FaceCoordinates, Cloths, np.random.Generator], Image]


@dataclass(frozen=True)
class Case:
    """A kind of synthetic case."""

    label: str
    draw: Draw
    weight: float
    """Relative frequency."""
    base: str = "without_mask"
    """Label of the faces that it is drawn on."""


CASES = {
    "worn": Case("with_mask", mask_worn, 0.22),
    "gaiter": Case("with_mask", gaiter, 0.05),
    "respirator": Case("with_mask", respirator, 0.03),
    "headgear masked": Case("with_mask", headgear, 0.05, "with_mask"),
    "hood masked": Case("with_mask", hood, 0.03, "with_mask"),
    "glasses masked": Case("with_mask", glasses, 0.03, "with_mask"),
    "below nose": Case("incorrect_mask", below_nose, 0.15),
    "on chin": Case("incorrect_mask", on_chin, 0.11),
    "raised": Case("incorrect_mask", raised, 0.03),
    "hanging": Case("incorrect_mask", hanging, 0.03),
    "hand": Case("without_mask", hand, 0.10),
    "object": Case("without_mask", object_occlusion, 0.06),
    "sheet": Case("without_mask", sheet, 0.05),
    "other head": Case("without_mask", other_head, 0.07),
    "scarf": Case("without_mask", scarf, 0.06),
    "beard": Case("without_mask", beard, 0.10),
    "headgear": Case("without_mask", headgear, 0.10),
    "hood": Case("without_mask", hood, 0.05),
    "glasses": Case("without_mask", glasses, 0.04),
}
"""The kinds by name; file names and reports have these names."""


def kind_of(crop: Path) -> str:
    """Return the kind of a synthetic case, from its file name."""
    return crop.stem.partition("__")[2].rpartition("_")[0].replace("_", " ")


def draw_cases(part: Path, faces: Sequence[FaceCrop], config: Config) -> int:
    """Add synthetic cases, drawn on its faces, to a part of the data set.

    Only labels that the data has are drawn, or all that a base model knows. Files are named ``made__<kind>_<number>.jpg``.

    Args:
        part: the folder that holds a folder of crops per label.
        faces: the rows of all crops, with their landmarks.

    Returns:
        Number of cases drawn.
    """
    rng = np.random.default_rng(config.seed)
    labels = {face.label for face in faces} | set(DEFINITE_LABELS if config.base_model else ())
    kinds = [name for name, case in CASES.items() if {case.label, case.base} <= labels]
    weights = np.array([CASES[name].weight for name in kinds])
    coordinates = {face.crop: FaceCoordinates.of(face.points) for face in faces if face.points}
    bases = {label: sorted((part / label).glob("*.jpg")) for label in ("without_mask", "with_mask")}
    some = rng.permutation(np.array(bases["with_mask"], object))[:600].tolist()
    cloths = _with_coordinates(some, coordinates)
    drawn = 0
    for _ in range(int(len(bases["without_mask"]) * config.made)):
        kind = kinds[rng.choice(len(kinds), p=weights / weights.sum())]
        case = CASES[kind]
        path = bases[case.base][rng.integers(len(bases[case.base]))]
        for image, face in _with_coordinates([path], coordinates):
            changed = case.draw(image, face, cloths, rng)
            name = f"{SOURCE}__{kind.replace(' ', '_')}_{drawn}.jpg"
            _write(changed, part / case.label / name)
            drawn += 1
    return drawn


def _with_coordinates(
    paths: list[Path], coordinates: Mapping[str, FaceCoordinates | None]
) -> Cloths:
    """Read the crops that have landmarks, with their face coordinates."""
    pairs = [(path, coordinates.get(path.name)) for path in paths]
    return [(read_picture(path), face) for path, face in pairs if face]


def _write(image: Image, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)  # no photo has the label
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    if not cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 95]):
        raise OSError(f"{path} could not be written.")
