"""Crops faces out of photos with the detector and the margin that the runtimes use."""

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
"""Minimum IoU of a detection with the box drawn by hand."""

CUT_VERSION = 6
"""Increase it when faces are cropped in another way; older crops are not used again."""
_HASH_SIDE = 16


@dataclass(frozen=True)
class Cut:
    """The crop of one picture."""

    picture: Picture
    crop: Path | None = None
    width: int = 0
    height: int = 0
    hash: NDArray[np.bool_] | None = None
    """256 bits, perceptual."""
    face: float = 0.0
    """Longer side of the face in pixels of the photo; 0 where none was detected or drawn."""
    points: tuple[Point, ...] = ()
    """The detector's points (`Detection.points`) in pixels of the crop; none where it found no face."""
    problem: str = ""
    """Why there is no crop."""


class Cutter:
    """Crops the face of each picture: as detected, else as boxed by hand, else the whole picture."""

    def __init__(self, config: Config, out: Path, threads: int = 0) -> None:
        self._config = config
        self._out = out
        self._detector = CenterFace(detector_settings(), threads=threads)
        self._last: tuple[Path, list[Detection]] | None = None

    def __call__(self, picture: Picture) -> Cut:
        try:
            # A boxed face may be small in its photo, which is read as large as at run time.
            image = read_picture(picture.path, MAX_SIDE_PX if picture.box else _LONGEST_SIDE)
        except (PictureError, OSError) as error:
            return Cut(picture, problem=str(error))
        with Pillow.open(picture.path) as header:  # the size before it was reduced
            width, height = header.size
        scale = max(image.shape[:2]) / max(width, height)
        found = self._face(image, picture, scale)
        box = found.box if found else picture.box.scaled(scale) if picture.box else None
        square = square_around(box, self._detector.settings.crop_scale) if box else _whole(image)
        wide = square_around(square, self._config.crop_context)
        face = max(box.width, box.height) / scale if box else 0.0
        bits = imagehash.phash(Pillow.fromarray(image), hash_size=_HASH_SIDE).hash.ravel()
        points = _within(found, wide, self._config.crop_side) if found else ()
        return Cut(picture, self._write(image, picture, wide), width, height, bits, face, points)

    def _face(self, image: Image, picture: Picture, scale: float) -> Detection | None:
        """The detection of the picture's face, in pixels of the image; none where it is missed.

        Args:
            scale: pixels of the image for each pixel of the photo.
        """
        detections = self._detect(image, picture.path)
        if not picture.box:
            return _main(detections)
        drawn = picture.box.scaled(scale)
        nearest = max(detections, key=lambda one: iou(one.box, drawn), default=None)
        return nearest if nearest and iou(nearest.box, drawn) >= _MATCH_IOU else None

    def _detect(self, image: Image, path: Path) -> list[Detection]:
        """The detections, kept for the next picture, which may be of the same photo."""
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
    """The points of a detection in pixels of the crop of `square`."""
    step = side / square.width
    return tuple(
        (round((x - square.left) * step, 1), round((y - square.top) * step, 1))
        for x, y in found.points
    )


def _main(detections: list[Detection]) -> Detection | None:
    return max(detections, key=lambda one: one.score * one.box.area, default=None)


def _whole(image: Image) -> Box:
    return square_around(Box(0, 0, image.shape[1], image.shape[0]), 1.0)


_cutter: Cutter


def _start(config: Config, out: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    global _cutter  # noqa: PLW0603  one per process: the detector is loaded once
    cv2.setNumThreads(1)
    _cutter = Cutter(config, out, threads=1)


def _cut(picture: Picture) -> Cut:
    return _cutter(picture)


@dataclass(frozen=True)
class CutFace:
    """A row of ``faces.csv``: one crop."""

    crop: str
    """The crop's file name, in the folder of its label."""
    label: str
    source: str
    group: int
    """Pictures that are nearly the same, or of one photo, have the same number."""
    width: int
    height: int
    """Pixels of the picture that the crop was cut from."""
    face: float
    """Longer side of the face in these pixels; 0 where the whole picture is the crop."""
    folder: str = ""
    """The label's folder that the picture and the crop lie in."""
    points: tuple[Point, ...] = ()
    """See `Cut.points`."""

    @property
    def picture(self) -> str:
        """The picture's folder and stem, as `Corrections` names it."""
        return f"{self.folder}/{self.crop.rpartition('__')[0]}"


def cut_all(pictures: list[Picture], config: Config, out: Path) -> None:
    """Crop the face of every picture, on all cores.

    Writes ``out/<label>/*.jpg``, ``out/broken.csv`` and, last of all, ``out/faces.csv``.

    Raises:
        ModelError: the detector's weights are missing.
    """
    Cutter(config, out)  # raises here; the pool would restart a failing process endlessly
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    # Forked threads of ONNX Runtime and OpenCV can hang.
    context = multiprocessing.get_context("spawn")
    with context.Pool(initializer=_start, initargs=(config, out)) as pool:
        results = pool.imap(_cut, pictures, chunksize=16)
        cuts = list(tqdm(results, total=len(pictures), desc="Cropping faces", unit=" photos"))
    broken = [(str(cut.picture.path), cut.problem) for cut in cuts if not cut.crop]
    _write_csv(out / "broken.csv", ["picture", "problem"], broken)
    good = [cut for cut in cuts if cut.crop]
    hashes = np.array([cut.hash for cut in good], bool).reshape(len(good), _HASH_SIDE**2)
    groups = group_pictures([cut.picture for cut in good], hashes, config.duplicate_bits)
    rows = [
        tuple((asdict(_row(cut, cut.crop, group)) | {"points": json.dumps(cut.points)}).values())
        for cut, group in zip(good, groups, strict=True)
        if cut.crop
    ]
    _write_csv(out / "faces.csv", [field.name for field in fields(CutFace)], rows)


def _row(cut: Cut, crop: Path, group: int) -> CutFace:
    label, source = cut.picture.label, cut.picture.source
    size = (cut.width, cut.height, round(cut.face, 1))
    return CutFace(crop.name, label, source, group, *size, label, cut.points)


def _write_csv(path: Path, header: list[str], rows: list[tuple]) -> None:
    partial = path.with_suffix(".part")
    with partial.open("w", newline="", encoding="utf-8", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    partial.replace(path)


def read_faces(path: Path) -> list[CutFace]:
    """The rows of a ``faces.csv``."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            CutFace(
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
