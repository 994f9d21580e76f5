"""Cutting faces out of photos with the finders and the margin that will be used later."""

from __future__ import annotations

import csv
import multiprocessing
import shutil
import signal
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from tqdm import tqdm

from inference import PictureError, read_picture
from inference.centerface import CenterFace
from inference.contract import FinderSettings
from inference.faces import BlazeFace, Face, FaceFinder
from inference.geometry import Box, Image, iou, sample, square_around
from inference.pictures import LONGEST_SIDE
from trainer.config import Config, finder_settings
from trainer.pictures import Picture, group_pictures

# Photos of a data set are often cut tight round the face, where finders miss it; with a rim they
# find 96 % of the faces instead of 82 % (BlazeFace), 94 % (CenterFace at 256 pixels).
_CUTTING: dict[str, dict[str, Any]] = {
    "blazeface": {"padding": 0.5, "score_threshold": 0.5},
    "centerface": {"padding": 0.25, "score_threshold": 0.25},
}
_LONGEST_SIDE = 1024
_SAME = 0.4
"""Least overlap (IoU) of a found face with the box drawn by hand."""

CUT_VERSION = 3
"""To be raised when faces are cut in another way; older cuts are not used again."""
_HASH_SIDE = 16


@dataclass(frozen=True)
class Cut:
    """What became of one picture."""

    picture: Picture
    crops: tuple[Path, ...]
    width: int = 0
    height: int = 0
    hash: NDArray[np.bool_] | None = None
    """256 bits, perceptual."""
    problem: str = ""
    """Why there is no crop."""


class Cutter:
    """Cuts the face of a picture once for each finder, and once by its hand-drawn box."""

    def __init__(self, config: Config, out: Path) -> None:
        self._config = config
        self._out = out
        settings = cutting_settings()
        self._scales = {name: s.crop_scale for name, s in settings.items()}
        self._finders: dict[str, FaceFinder] = {
            "blazeface": BlazeFace(settings["blazeface"]),
            "centerface": CenterFace(settings["centerface"]),
        }
        self._last: tuple[Path, dict[str, list[Face]]] | None = None

    def __call__(self, picture: Picture) -> Cut:
        try:
            # A boxed face may be small in its photo, which so is read as large as it is later.
            image = read_picture(picture.path, LONGEST_SIDE if picture.box else _LONGEST_SIDE)
        except (PictureError, OSError) as error:
            return Cut(picture, (), problem=str(error))
        with Pillow.open(picture.path) as header:  # the size before it was reduced
            width, height = header.size
        scale = max(image.shape[:2]) / max(width, height)
        squares = self._squares(image, picture, scale) or {"whole": _whole(image)}
        crops = tuple(self._write(image, picture, *item) for item in squares.items())
        bits = imagehash.phash(Pillow.fromarray(image), hash_size=_HASH_SIDE).hash.ravel()
        return Cut(picture, crops, width, height, bits)

    def _squares(self, image: Image, picture: Picture, scale: float) -> dict[str, Box]:
        """What the classifier would see of the face, by the way of finding it.

        Args:
            scale: pixels of the image to one of the photo, which a drawn box is measured in.
        """
        drawn = picture.box.scaled(scale) if picture.box else None
        found = self._found(image, picture.path)
        chosen = {
            name: _nearest(faces, drawn) if drawn else _main(faces, image)
            for name, faces in found.items()
        }
        squares = {
            name: square_around(face.box, self._scales[name])
            for name, face in chosen.items()
            if face
        }
        if drawn:
            squares["drawn"] = square_around(drawn, self._scales["centerface"])
        return squares

    def _found(self, image: Image, path: Path) -> dict[str, list[Face]]:
        """The faces by finder; kept for the next picture, which may be of the same photo."""
        if not self._last or self._last[0] != path:
            faces = {name: finder.find(image) for name, finder in self._finders.items()}
            self._last = (path, faces)
        return self._last[1]

    def _write(self, image: Image, picture: Picture, finder: str, square: Box) -> Path:
        side = self._config.crop_side
        wide = square_around(square, self._config.crop_context)
        pixels = np.rint(sample(image, wide, side, side)).clip(0, 255).astype(np.uint8)
        path = self._out / picture.label / f"{picture.name}_{finder}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        if not cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, 95]):
            raise OSError(f"{path} could not be written.")
        return path


def cutting_settings() -> dict[str, FinderSettings]:
    """The finders as they are run to cut faces: with a wider rim than later."""
    return {name: replace(s, **_CUTTING[name]) for name, s in finder_settings().items()}


def _main(faces: list[Face], image: Image) -> Face | None:
    inside = [face for face in faces if _centre_inside(face.box, image)]
    return max(inside, key=lambda face: face.score * face.box.area, default=None)


def _nearest(faces: list[Face], drawn: Box) -> Face | None:
    """The face that overlaps most with a drawn box, where it is the same face at all."""
    best = max(faces, key=lambda face: iou(face.box, drawn), default=None)
    return best if best and iou(best.box, drawn) >= _SAME else None


def _whole(image: Image) -> Box:
    return square_around(Box(0, 0, image.shape[1], image.shape[0]), 1.0)


def _centre_inside(box: Box, image: Image) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return 0 <= x <= image.shape[1] and 0 <= y <= image.shape[0]


_cutter: Cutter


def _start(config: Config, out: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    global _cutter  # noqa: PLW0603  one a process: the finders are loaded once
    cv2.setNumThreads(1)
    _cutter = Cutter(config, out)


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
    """The same for pictures that are nearly the same, or of one photo."""
    width: int
    height: int
    """Pixels of the picture that the crop was cut from."""
    folder: str = ""
    """The label's folder that the picture and the crop lie in."""

    @property
    def picture(self) -> str:
        """The picture's folder and stem, as `Corrections` names it."""
        return f"{self.folder}/{self.crop.rpartition('__')[0]}"


def cut_all(pictures: list[Picture], config: Config, out: Path) -> None:
    """Cut every picture, on all cores.

    Writes ``out/<label>/*.jpg``, ``out/broken.csv`` and, last of all, ``out/faces.csv``.

    Raises:
        ModelError: a finder's weights are missing.
    """
    Cutter(config, out)  # raises here; a process of the pool that cannot start is started for ever
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    context = multiprocessing.get_context("spawn")  # forked LiteRT and OpenCV threads can hang
    with context.Pool(initializer=_start, initargs=(config, out)) as pool:
        results = pool.imap(_cut, pictures, chunksize=16)
        cuts = list(tqdm(results, total=len(pictures), desc="Cutting faces", unit=" photos"))
    broken = [(str(cut.picture.path), cut.problem) for cut in cuts if not cut.crops]
    _write_csv(out / "broken.csv", ["picture", "problem"], broken)
    good = [cut for cut in cuts if cut.crops]
    hashes = np.array([cut.hash for cut in good], bool).reshape(len(good), _HASH_SIDE**2)
    groups = group_pictures([cut.picture for cut in good], hashes, config.duplicate_bits)
    rows = [
        tuple(asdict(face).values())
        for cut, group in zip(good, groups, strict=True)
        for face in _rows(cut, group)
    ]
    _write_csv(out / "faces.csv", [field.name for field in fields(CutFace)], rows)


def _rows(cut: Cut, group: int) -> list[CutFace]:
    label, source = cut.picture.label, cut.picture.source
    return [
        CutFace(crop.name, label, source, group, cut.width, cut.height, label) for crop in cut.crops
    ]


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
            CutFace(r["crop"], r["label"], r["source"], int(r["group"]), int(r["width"]),
                    int(r["height"]), r["label"])
            for r in csv.DictReader(file)
        ]  # fmt: skip
