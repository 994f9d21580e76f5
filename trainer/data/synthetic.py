"""Synthetic hard cases and their shares; `trainer.data.occlusion_drawing` has the primitives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np

from inference import read_picture
from inference.vision.geometry import Floats, Image
from trainer.config import Config
from trainer.data.crops import CutFace
from trainer.data.occlusion_drawing import (
    FaceCoordinates,
    Points,
    add_pleats,
    add_straps,
    cloth,
    composite,
    mask_outline,
    rounded,
    worn_cloth,
)

SOURCE = "made"

Cloths = list[tuple[Image, FaceCoordinates]]
"""Masked faces whose masks may be borrowed."""


def _mask(
    image: Image,
    frame: FaceCoordinates,
    top: float,
    bottom: float,
    cloths: Cloths,
    rng: np.random.Generator,
) -> Image:
    outline = mask_outline(frame, top, bottom, rng)
    pixels = frame.pixels(outline)
    result = add_straps(image, frame, outline, rng) if rng.random() < 0.7 else image
    return composite(result, pixels, _texture(pixels, image.shape[0], cloths, rng), rng)


def _texture(outline: Points, side: int, cloths: Cloths, rng: np.random.Generator) -> Floats:
    """Drawn or borrowed cloth, stretched over an outline."""
    if cloths and rng.random() < 0.6:
        low, high = np.floor(outline.min(axis=0)), np.ceil(outline.max(axis=0))
        patch = worn_cloth(*cloths[rng.integers(len(cloths))], side)
        width, height = np.maximum(high - low, 1).astype(int)
        way = np.array([[width / side, 0, low[0]], [0, height / side, low[1]]])
        spread = cv2.warpAffine(patch, way, (side, side), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(spread, np.float32)
    texture = cloth(side, rng)
    return add_pleats(texture, outline, rng) if rng.random() < 0.5 else texture


def mask_worn(
    image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """A mask over nose, mouth and chin."""
    # A mask up to the nose's tip still counts as worn: most photos of such are labelled so.
    top = frame.nose[1] * rng.uniform(0.4, 1.05)
    return _mask(image, frame, top, frame.mouth[1] + rng.uniform(0.6, 0.95), cloths, rng)


def below_nose(
    image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """A mask over the mouth that leaves the nose free."""
    gap = frame.mouth[1] - frame.nose[1]
    top = frame.nose[1] + rng.uniform(0.48, 0.85) * gap
    return _mask(image, frame, top, frame.mouth[1] + rng.uniform(0.6, 1.0), cloths, rng)


def on_chin(
    image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """A mask pulled down to the chin; nose and mouth are free."""
    top = frame.mouth[1] + rng.uniform(0.22, 0.45)
    return _mask(image, frame, top, top + rng.uniform(0.45, 0.9), cloths, rng)


def raised(image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """A mask pushed up over the nose, the eyes or the forehead; the mouth is free."""
    bottom = frame.mouth[1] - rng.uniform(0.12, 0.25)
    if rng.random() < 0.4:
        bottom = frame.nose[1] * rng.uniform(-0.4, 0.7)
    return _mask(image, frame, bottom - rng.uniform(0.5, 0.9), bottom, cloths, rng)


def hanging(
    image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator
) -> Image:
    """A mask that hangs from one ear, beside the mouth."""
    side = rng.choice([-1, 1])
    outline = mask_outline(frame, frame.nose[1], frame.mouth[1] + 0.7, rng)
    outline[:, 0] = outline[:, 0] * rng.uniform(0.3, 0.5) + side * rng.uniform(1.0, 1.25)
    pixels = frame.pixels(outline)
    return composite(image, pixels, _texture(pixels, image.shape[0], cloths, rng), rng)


def _skin(image: Image, frame: FaceCoordinates, rng: np.random.Generator) -> Floats:
    """The colour of the forehead and the cheeks, as a texture."""
    spots = frame.pixels(np.array([[0.0, -0.35], [-0.5, 0.5], [0.5, 0.5]]))
    x, y = np.clip(np.rint(spots).astype(int), 0, image.shape[0] - 1).T
    colour = np.median(image[y, x], axis=0) * rng.uniform(0.75, 1.1)
    noise = cv2.GaussianBlur(rng.normal(0, 10, (*image.shape[:2], 1)), (0, 0), 2)
    return (colour + noise[..., None]).astype(np.float32)


def hand(image: Image, frame: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """Fingers over the mouth, coming from below or from a side."""
    result, skin = image, _skin(image, frame, rng)
    angle = rng.uniform(-0.9, 0.9)
    along = np.array([np.sin(angle), -np.cos(angle)])
    across = np.array([along[1], -along[0]]) * rng.uniform(0.26, 0.36)
    start = np.array([rng.normal(0, 0.3), frame.mouth[1] + 0.25]) - along * 1.6
    for i in range(int(rng.integers(2, 5))):
        tip = start + across * (i - 1.5) + along * (1.6 + rng.uniform(0, 0.7))
        root = start + across * (i - 1.5)
        half = across * 0.55
        shape = np.stack([root - half, tip - half, tip + along * 0.2, tip + half, root + half])
        tone = skin * rng.uniform(0.9, 1.05)
        result = composite(result, frame.pixels(rounded(shape)), tone, rng)
    return result


def object_occlusion(
    image: Image, frame: FaceCoordinates, _: Cloths, rng: np.random.Generator
) -> Image:
    """A cup, phone or microphone before the mouth, narrower than the face."""
    width, height = rng.uniform(0.25, 0.5), rng.uniform(0.5, 1.4)
    top = frame.mouth[1] - rng.uniform(0.1, 0.5)
    box = np.array([[-width, top], [width, top], [width, top + height], [-width, top + height]])
    angle = rng.normal(0, 0.5)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = box.mean(axis=0)
    shape = (box - centre) @ turn.T + centre + np.array([rng.normal(0, 0.25), 0])
    shape = rounded(shape, int(rng.integers(1, 4)))
    return composite(image, frame.pixels(shape), cloth(image.shape[0], rng), rng)


def scarf(image: Image, frame: FaceCoordinates, cloths: Cloths, rng: np.random.Generator) -> Image:
    """A scarf or a collar round the neck, up to the chin."""
    top = frame.mouth[1] + rng.uniform(0.45, 0.75)
    xs = np.linspace(-2.4, 2.4, 9)
    edge = np.stack([xs, top - 0.18 * np.abs(xs) + rng.normal(0, 0.05, 9)], axis=1)
    shape = np.concatenate([edge, [[2.4, 4.0], [-2.4, 4.0]]])
    pixels = frame.pixels(shape)
    return composite(image, pixels, _texture(pixels, image.shape[0], cloths, rng), rng)


def beard(image: Image, frame: FaceCoordinates, _: Cloths, rng: np.random.Generator) -> Image:
    """A beard, full or on the chin alone: streaks on the jaw, the mouth left free."""
    full = frame.nose[1] + rng.uniform(0.2, 0.4) * (frame.mouth[1] - frame.nose[1])
    top = full if rng.random() < 0.75 else frame.mouth[1] + rng.uniform(0.05, 0.25)
    jaw = mask_outline(frame, top, frame.mouth[1] + rng.uniform(0.55, 1.2), rng)
    jaw[:, 0] *= rng.uniform(0.6, 0.95)
    side = image.shape[0]
    streaks = cv2.GaussianBlur(rng.normal(0, 60, (side, side, 1)), (0, 0), 0.6, sigmaY=2.0)
    colour = rng.choice(
        [[25, 20, 18], [60, 42, 30], [110, 80, 55], [130, 128, 125], [150, 85, 45], [205, 203, 198]]
    )
    hair = (colour + streaks[..., None] + rng.normal(0, 5, 3)).astype(np.float32)
    bearded = composite(image, frame.pixels(jaw), hair, rng)
    lips = np.array([[-0.3, 0.0], [0.0, -0.1], [0.3, 0.0], [0.0, 0.14]]) + np.array(
        [0, frame.mouth[1]]
    )
    free = cv2.GaussianBlur(_filled(frame.pixels(rounded(lips)), side), (0, 0), 1.0)[..., None]
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
"""Each kind's label, how it is drawn, and its share."""


def kind_of(crop: Path) -> str:
    """The kind of a made case by its file's name."""
    return crop.stem.partition("__")[2].rpartition("_")[0].replace("_", " ")


def make_cases(part: Path, faces: Sequence[CutFace], config: Config) -> int:
    """Draw made cases on the unmasked faces of a part of the data set and add them to it.

    Only labels that the faces have are drawn. Files are named ``made__<kind>_<number>.jpg``.

    Args:
        part: the folder with a folder of crops a label.
        faces: the rows of all crops, with the detector's points.

    Returns:
        How many were drawn.
    """
    rng = np.random.default_rng(config.seed)
    labels = {face.label for face in faces}
    kinds = [name for name, (label, _, _) in CASES.items() if label in labels]
    shares = np.array([CASES[name][2] for name in kinds])
    frames = {face.crop: FaceCoordinates.of(face.points) for face in faces if face.points}
    unmasked = sorted((part / "without_mask").glob("*.jpg"))
    masked = sorted((part / "with_mask").glob("*.jpg"))
    cloths = _framed(rng.permutation(np.array(masked, object))[:600].tolist(), frames)
    chosen = rng.choice(np.array(unmasked, object), int(len(unmasked) * config.made))
    drawn = 0
    for path in chosen.tolist():
        for image, frame in _framed([path], frames):
            kind = kinds[rng.choice(len(kinds), p=shares / shares.sum())]
            label, draw, _ = CASES[kind]
            case = draw(image, frame, cloths, rng)
            _write(case, part / label / f"{SOURCE}__{kind}_{drawn}.jpg")
            drawn += 1
    return drawn


def _framed(paths: list[Path], frames: Mapping[str, FaceCoordinates | None]) -> Cloths:
    """The crops in which a face was detected, with its frame."""
    pairs = [(path, frames.get(path.name)) for path in paths]
    return [(read_picture(path), frame) for path, frame in pairs if frame]


def _write(image: Image, path: Path) -> None:
    bgr = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    if not cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 95]):
        raise OSError(f"{path} could not be written.")
