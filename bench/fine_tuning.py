"""Few photos of one's own, before and after fine-tuning: ``python -m bench.fine_tuning``.

Takes photos of each source of ``../shared/data/faces`` (SHARED_DATA names another place), runs the
trainer on them as users do, and measures the present and the new model on the rest of the source
and on the street photos of ``scenes/val``. The present model was trained on these sources, so the
photos can only show what is lost. What can be gained is shown by a kind of mask that it does not
know: a mask on which the lower half of a face is printed, drawn here on unmasked faces.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from bench.clips import DATA
from bench.tables import print_table
from inference import read_picture
from inference.contract import MODELS, Contract
from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Floats, Image
from trainer.config import Config
from trainer.data.boxes.read import list_boxed, recognize
from trainer.data.crops import FaceCrop, FaceCropper, crop_all, read_faces
from trainer.data.dataset import to_input
from trainer.data.occlusion_drawing import (
    FaceCoordinates,
    add_straps,
    composite,
    mask_outline,
)
from trainer.data.pictures import Picture
from trainer.data.prepare import prepare
from trainer.evaluate.metrics import Targets, proportion
from trainer.fine_tune import fine_tune
from trainer.method import choose_method

SOURCES = ("chandrikadeb7", "shiraz", "kary")
PRINTED = 40
"""Photos of printed masks, and as many of bare faces."""


@dataclass(frozen=True)
class Faces:
    """Faces to measure on: the classifier's inputs and the indices of their labels."""

    inputs: Floats
    targets: Targets


def source_photos(source: str, limit: int) -> dict[str, list[Path]]:
    """Up to `limit` photos of each label of a source, in random order."""
    rng = np.random.default_rng(0)
    photos = {
        label: sorted((DATA / "faces" / label).glob(f"{source}__*")) for label in DEFINITE_LABELS
    }
    return {
        label: [files[i] for i in rng.permutation(len(files))[:limit]]
        for label, files in photos.items()
        if files
    }


def crop(pictures: list[Picture], folder: Path) -> tuple[list[FaceCrop], list[Image]]:
    """The rows of cropped pictures and their crops."""
    crop_all(pictures, Config(), folder)
    faces = read_faces(folder / "faces.csv")
    return faces, [read_picture(folder / face.folder / face.crop) for face in faces]


def as_faces(crops: list[Image], labels: list[str]) -> Faces:
    """The classifier's inputs of crops."""
    inputs = np.stack([to_input(image, Config()) for image in crops])
    return Faces(inputs, np.array([DEFINITE_LABELS.index(label) for label in labels]))


def measured(pictures: list[Picture], folder: Path) -> Faces:
    """Pictures to measure on."""
    faces, crops = crop(pictures, folder)
    return as_faces(crops, [face.label for face in faces])


def printed_mask(
    image: Image,
    face: FaceCoordinates,
    other: tuple[Image, FaceCoordinates],
    rng: np.random.Generator,
) -> Image:
    """Draw a mask with a hem over nose and mouth, with the lower half of another face on it."""
    side = image.shape[0]
    top, bottom = face.nose[1] * rng.uniform(0.35, 0.6), face.mouth[1] + rng.uniform(0.6, 0.9)
    outline = mask_outline(face, top, bottom, rng)
    pixels = face.to_pixels(outline)
    hem = np.array(((235, 235, 235), (25, 25, 28), (150, 190, 215))[rng.integers(3)], np.float32)
    result = add_straps(image, face, outline, rng)
    result = composite(result, pixels, np.broadcast_to(hem, image.shape), rng)
    inner = pixels.mean(axis=0) + (pixels - pixels.mean(axis=0)) * 0.93
    low, high = np.floor(pixels.min(axis=0)), np.ceil(pixels.max(axis=0))
    width, height = np.maximum(high - low, 1)
    print_ = (lower_half(*other) - 128) * rng.uniform(0.85, 1.05) + 128 + rng.normal(0, 8, 3)
    spread = np.array([[width / side, 0, low[0]], [0, height / side, low[1]]])
    texture = cv2.warpAffine(
        print_.astype(np.float32), spread, (side, side), borderMode=cv2.BORDER_REPLICATE
    )
    return composite(result, inner, texture, rng)


def lower_half(image: Image, face: FaceCoordinates) -> Floats:
    """A face from its nose to its chin, as a square texture."""
    side = image.shape[0]
    low, high = face.nose[1] - 0.35, face.mouth[1] + 0.55
    corners = np.array([[-0.85, low], [0.85, low], [0.85, high], [-0.85, high]])
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    transform = cv2.getPerspectiveTransform(face.to_pixels(corners).astype(np.float32), square)
    return np.float32(
        cv2.warpPerspective(image, transform, (side, side), borderMode=cv2.BORDER_REFLECT_101)
    )


def printed_photos(photos: list[Path], folder: Path) -> list[Path]:
    """Photos of faces with a printed mask: of each photo of a bare face whose face is detected."""
    cropper, rng = FaceCropper(Config(), folder / "cropped"), np.random.default_rng(1)
    bases: list[tuple[Image, FaceCoordinates]] = []
    for number, photo in enumerate(photos):
        result = cropper(Picture(photo, "without_mask", number))
        face = FaceCoordinates.of(result.points) if result.points else None
        if result.crop and face:
            bases.append((read_picture(result.crop), face))
    paths = []
    (folder / "printed").mkdir()
    for i, (image, face) in enumerate(bases):
        drawn = printed_mask(image, face, bases[rng.integers(len(bases))], rng)
        paths.append(folder / f"printed/printed__{i}.png")
        cv2.imwrite(str(paths[-1]), cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))
    return paths


def train(photos: dict[str, list[Path]], folder: Path) -> keras.Model:
    """The model that the trainer makes of photos by default; prints how long it takes."""
    for label, files in photos.items():
        (folder / "photos" / label).mkdir(parents=True)
        for file in files:
            (folder / "photos" / label / file.name).symlink_to(file)
    count, start = sum(map(len, photos.values())), time.monotonic()
    config = choose_method(Config(), count)
    prepare(folder / "photos", folder / "runs/run", config)
    model = keras.models.load_model(fine_tune(folder / "runs/run", config), compile=False)
    print(f"{count} photos: {time.monotonic() - start:.0f} s with cropping")
    return model


def columns(models: dict[str, keras.Model], faces: dict[str, Faces]) -> dict[str, dict[str, Any]]:
    """A column of figures for each model."""
    return {
        name: {where: dict(figures(model, some)) for where, some in faces.items()}
        for name, model in models.items()
    }


def figures(model: keras.Model, faces: Faces) -> Iterator[tuple[str, dict[str, Any]]]:
    """The shares of right labels, of right answers to mask or no mask, and of unsure faces."""
    probabilities = model.predict(faces.inputs, batch_size=256, verbose=0)
    top, total = probabilities.argmax(axis=1), len(faces.targets)
    unsure = probabilities.max(axis=1) < Contract.load().unsure_below
    yield "label", proportion(int((top == faces.targets).sum()), total)
    for target in np.unique(faces.targets).tolist():
        rows = faces.targets == target
        right = int((top[rows] == target).sum())
        yield f"{DEFINITE_LABELS[target]} right", proportion(right, int(rows.sum()))
    yield "mask or not", proportion(int(((top == 0) == (faces.targets == 0)).sum()), total)
    yield "unsure", proportion(int(unsure.sum()), total)


def split(photos: dict[str, list[Path]], count: int, folder: Path) -> tuple[dict, Faces]:
    """The first `count` photos of each label to train on, and the others to measure on."""
    rest = [(file, label) for label, files in photos.items() for file in files[count:]]
    pictures = [Picture(file, label, i) for i, (file, label) in enumerate(rest)]
    return {label: files[:count] for label, files in photos.items()}, measured(pictures, folder)


def main(sources: list[str], counts: list[int], limit: int) -> None:
    present = keras.models.load_model(MODELS / "mask.keras", compile=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        faces, _ = list_boxed(recognize(DATA / "scenes/val.csv"), 16, 0)
        scenes = measured(faces, folder / "scenes")
        bare = source_photos("karan_faces", 300)["without_mask"]
        printed = {"with_mask": printed_photos(bare, folder), "without_mask": bare}
        cases = [("printed masks", printed, PRINTED)]
        cases += [(one, source_photos(one, limit), count) for one in sources for count in counts]
        for i, (case, photos, count) in enumerate(cases):
            taken, rest = split(photos, count, folder / f"rest{i}")
            models = {"present": present, "fine-tuned": train(taken, folder / f"case{i}")}
            print(f"\n{case}, {count} photos per label")
            print_table(columns(models, {"the rest": rest, "street photos": scenes}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", action="append", help="Default: all. Repeatable.")
    parser.add_argument("--photos", type=int, action="append", help="Per label. Repeatable.")
    parser.add_argument("--limit", type=int, default=1000, help="Photos per label of a source.")
    options = parser.parse_args()
    main(options.source or list(SOURCES), options.photos or [30, 100, 300], options.limit)
