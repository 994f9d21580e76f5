"""A small folder of training photos, derived from the test frames, with broken files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Image
from tests.frames import EYES, astronaut, astronaut_masked, put_on_mask
from tests.samples import encode

SIDE = 160
SOURCES = {"alpha": range(7), "beta": range(7, 14), "gamma": range(14, 17)}
"""Numbers of each source's photos, the same for every label."""


def write_photos(data: Path, labels: Sequence[str] = DEFINITE_LABELS, seed: int = 5) -> Path:
    """Write 17 photos per label as ``<label>/<source>__<number>.jpg``, with the same names.

    No two are near-duplicates of each other.
    """
    rng = np.random.default_rng(seed)
    for label in labels:
        face = portrait(label)
        for source, numbers in SOURCES.items():
            for number in numbers:
                write(data / label / f"{source}__{number}.jpg", vary(face, rng))
    return data


def write(path: Path, photo: Image, **options: int) -> Path:
    """Write a photo in the format of its file extension."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(photo, {".jpg": "JPEG", ".png": "PNG"}[path.suffix], **options))
    return path


def forbid(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder unreadable, also for root."""
    listed = Path.iterdir

    def fake(path: Path) -> Iterator[Path]:
        if path.resolve() == folder.resolve():
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", fake)


def portrait(label: str) -> Image:
    """Return a frame of a face with the label; an incorrect mask leaves nose and mouth free."""
    if label == "with_mask":
        return astronaut_masked()
    if label == "without_mask":
        return astronaut()
    (x, y), (x2, y2) = EYES
    return put_on_mask(astronaut(), ((x, y + 50), (x2, y2 + 50)))


def vary(frame: Image, rng: np.random.Generator) -> Image:
    """Crop the face, with a random flip and brightness: shape (SIDE, SIDE, 3)."""
    side = int(rng.integers(230, 330))
    left = int(rng.integers(255, 400)) - side // 2
    top = int(np.clip(rng.integers(200, 280) - side // 2, 0, frame.shape[0] - side))
    photo = frame[top : top + side, max(0, left) : left + side]
    if rng.random() < 0.5:
        photo = photo[:, ::-1]
    reduced = cv2.resize(photo, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    lit = reduced * rng.uniform(0.6, 1.3) + rng.uniform(-20, 20)
    return np.clip(lit, 0, 255).astype(np.uint8)


def faceless() -> Image:
    """Return a picture without a face: shape (150, 200, 3)."""
    y, x = np.mgrid[:150, :200]
    return np.stack([y + 60, x // 2 + 40, 180 - y], axis=-1).astype(np.uint8)


def resized(photo: Image, factor: float) -> Image:
    """Return a resized photo."""
    height, width = (round(factor * side) for side in photo.shape[:2])
    return np.asarray(cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def spoil(data: Path) -> None:
    """Add what real folders contain: broken files, files of the same name, duplicates."""
    good = (data / "with_mask/alpha__0.jpg").read_bytes()
    (data / "with_mask/broken.jpg").write_bytes(good[: len(good) // 2])
    (data / "with_mask/empty.jpg").touch()
    (data / "without_mask/notes.txt").write_text("Dear Sir or Madam", encoding="utf-8")
    (data / "without_mask/.DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (data / "not_a_face").mkdir()
    write(data / "not_a_face/alpha__0.jpg", faceless())
    rng = np.random.default_rng(9)
    write(data / "with_mask/more/alpha__0.jpg", vary(portrait("with_mask"), rng))
    write(data / "with_mask/more/alpha__0.png", vary(portrait("with_mask"), rng))
    write(data / "without_mask/holiday.jpg", vary(portrait("without_mask"), rng))
    write(data / "without_mask/alpha__sky.jpg", faceless())
    write(data / "without_mask/alpha__dot.png", np.zeros((1, 1, 3), np.uint8))
    _add_copies(data)


def _add_copies(data: Path) -> None:
    """Add near-duplicates within a label, across labels, and of a held-out source."""
    for name, number in (("one", 3), ("two", 4)):
        photo = _read(data / f"with_mask/alpha__{number}.jpg")
        write(data / f"with_mask/beta__{name}_encoded.jpg", photo, quality=35)
        write(data / f"with_mask/beta__{name}_smaller.jpg", resized(photo, 0.7))
    photo = _read(data / "without_mask/alpha__2.jpg")
    write(data / "with_mask/beta__wrong.jpg", photo, quality=60)
    photo = _read(data / "with_mask/gamma__15.jpg")
    write(data / "with_mask/alpha__of_gamma.jpg", photo, quality=60)


def _read(path: Path) -> Image:
    with Pillow.open(path) as photo:
        return np.asarray(photo)
