"""Crops faces out of photos, with the detector and the margin of the runtimes."""

from __future__ import annotations

import csv
import json
import multiprocessing
import shutil
import signal
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from tqdm import tqdm

from inference import PictureError, read_picture
from inference.vision.centerface import CenterFace
from inference.vision.detections import Detection, Point
from inference.vision.geometry import Box, Image, iou, sample, square_around
from inference.vision.pictures import MAX_SIDE_PX
from trainer.config import Config, detector_settings
from trainer.data.pictures import Picture, group_pictures

_LONGEST_SIDE = 1024
_MATCH_IOU = 0.4
"""Minimum IoU of a detection with an annotated box."""

CROP_VERSION = 7
"""Increment when cropping changes, to invalidate cached crops."""
_HASH_SIDE = 16


@dataclass(frozen=True)
class CropResult:
    """The result of cropping one picture."""

    picture: Picture
    crop: Path | None = None
    width: int = 0
    height: int = 0
    hash: NDArray[np.bool_] | None = None
    """256 bits, perceptual."""
    face: float = 0.0
    """Longer side of the face in pixels of the photo; 0 without a detection or an annotated box."""
    points: tuple[Point, ...] = ()
    """The landmarks (`Detection.points`) in pixels of the crop; empty without a detection."""
    problem: str = ""
    """Why there is no crop."""


class FaceCropper:
    """Crops the detected face of a picture, else its annotated box, else the whole picture."""

    def __init__(self, config: Config, out: Path, threads: int = 0) -> None:
        self._config = config
        self._out = out
        self._detector = CenterFace(detector_settings(), threads=threads)
        self._last: tuple[Path, list[Detection]] | None = None

    def __call__(self, picture: Picture) -> CropResult:
        try:
            # An annotated face may be small: its photo is read at the runtimes' resolution.
            image = read_picture(picture.path, MAX_SIDE_PX if picture.box else _LONGEST_SIDE)
        except (PictureError, OSError) as error:
            return CropResult(picture, problem=str(error))
        with Pillow.open(picture.path) as header:  # the original size
            width, height = header.size
        scale = max(image.shape[:2]) / max(width, height)
        found = self._face(image, picture, scale)
        box = found.box if found else picture.box.scaled(scale) if picture.box else None
        settings = self._detector.settings
        square = (
            square_around(box, settings.crop_scale, settings.crop_shift) if box else _whole(image)
        )
        wide = square_around(square, self._config.crop_context)
        face = max(box.width, box.height) / scale if box else 0.0
        bits = imagehash.phash(Pillow.fromarray(image), hash_size=_HASH_SIDE).hash.ravel()
        points = _within(found, wide, self._config.crop_side) if found else ()
        return CropResult(
            picture, self._write(image, picture, wide), width, height, bits, face, points
        )

    def _face(self, image: Image, picture: Picture, scale: float) -> Detection | None:
        """Return the detection of the picture's face in pixels of the image, if any.

        Args:
            scale: pixels of the image per pixel of the photo.
        """
        detections = self._detect(image, picture.path)
        if not picture.box:
            return _main_face(detections)
        drawn = picture.box.scaled(scale)
        nearest = max(detections, key=lambda one: iou(one.box, drawn), default=None)
        return nearest if nearest and iou(nearest.box, drawn) >= _MATCH_IOU else None

    def _detect(self, image: Image, path: Path) -> list[Detection]:
        """Detect faces; consecutive pictures of the same photo share the detections."""
        if not self._last or self._last[0] != path:
            self._last = (path, self._detector.detect(image))
        return self._last[1]

    def _write(self, image: Image, picture: Picture, wide: Box) -> Path:
        side = self._config.crop_side
        pixels = np.rint(sample(image, wide, side, side)).clip(0, 255).astype(np.uint8)
        path = self._out / picture.label / f"{picture.name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        if not cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 95]):
            raise OSError(f"{path} could not be written.")
        return path


def _within(found: Detection, square: Box, side: int) -> tuple[Point, ...]:
    """Return the landmarks of a detection in pixels of the crop of `square`."""
    step = side / square.width
    return tuple(
        (round((x - square.left) * step, 1), round((y - square.top) * step, 1))
        for x, y in found.points
    )


def _main_face(detections: list[Detection]) -> Detection | None:
    return max(detections, key=lambda one: one.score * one.box.area, default=None)


def _whole(image: Image) -> Box:
    return square_around(Box(0, 0, image.shape[1], image.shape[0]), 1.0)


_cropper: FaceCropper


def _start_worker(config: Config, out: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    global _cropper  # noqa: PLW0603  one detector per process
    cv2.setNumThreads(1)
    _cropper = FaceCropper(config, out, threads=1)


def _crop(picture: Picture) -> CropResult:
    return _cropper(picture)


@dataclass(frozen=True)
class FaceCrop:
    """A row of ``faces.csv``: one crop."""

    crop: str
    """The crop's file name, in the folder of its label."""
    label: str
    source: str
    group: int
    """Near-duplicates and faces of the same photo have the same number."""
    width: int
    height: int
    """Size of the original picture in pixels."""
    face: float
    """Longer side of the face in these pixels; 0 if the crop is the whole picture."""
    folder: str = ""
    """Label folder of the picture and the crop; differs from `label` after a correction."""
    points: tuple[Point, ...] = ()
    """See `CropResult.points`."""

    @property
    def picture(self) -> str:
        """The picture's folder and stem, as in the label corrections."""
        return f"{self.folder}/{self.crop.rpartition('__')[0]}"


def crop_all(pictures: list[Picture], config: Config, out: Path) -> None:
    """Crop the face of every picture, on all cores.

    Writes ``out/<label>/*.jpg``, ``out/broken.csv`` and, last, ``out/faces.csv``.

    Raises:
        ModelError: the detector's weights are missing.
    """
    FaceCropper(config, out)  # raises here: a pool restarts failing workers endlessly
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    # Forked threads of ONNX Runtime and OpenCV can hang.
    context = multiprocessing.get_context("spawn")
    with context.Pool(initializer=_start_worker, initargs=(config, out)) as pool:
        results = pool.imap(_crop, pictures, chunksize=16)
        cropped = list(tqdm(results, total=len(pictures), desc="Cropping faces", unit=" photos"))
    broken = [(str(result.picture.path), result.problem) for result in cropped if not result.crop]
    _write_csv(out / "broken.csv", ["picture", "problem"], broken)
    good = [result for result in cropped if result.crop]
    hashes = np.array([result.hash for result in good], bool).reshape(len(good), _HASH_SIDE**2)
    groups = group_pictures([result.picture for result in good], hashes, config.duplicate_bits)
    rows = [
        tuple(
            (
                asdict(_row(result, result.crop, group)) | {"points": json.dumps(result.points)}
            ).values()
        )
        for result, group in zip(good, groups, strict=True)
        if result.crop
    ]
    _write_csv(out / "faces.csv", [field.name for field in fields(FaceCrop)], rows)


def _row(result: CropResult, crop: Path, group: int) -> FaceCrop:
    label, source = result.picture.label, result.picture.source
    size = (result.width, result.height, round(result.face, 1))
    return FaceCrop(crop.name, label, source, group, *size, label, result.points)


def _write_csv(path: Path, header: list[str], rows: list[tuple]) -> None:
    partial = path.with_suffix(".part")
    with partial.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    partial.replace(path)


def read_faces(path: Path) -> list[FaceCrop]:
    """Read the rows of a ``faces.csv``."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            FaceCrop(
                r["crop"],
                r["label"],
                r["source"],
                int(r["group"]),
                int(r["width"]),
                int(r["height"]),
                float(r["face"]),
                r["label"],
                tuple(map(tuple, json.loads(r["points"]))),
            )
            for r in csv.DictReader(file)
        ]
