"""Lists the training pictures and groups near-duplicates."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.labels import DEFINITE_LABELS
from inference.vision.geometry import Box
from trainer.errors import TrainerError

UNKNOWN = "unknown"

BOX_COLUMNS = ("image", "x1", "y1", "x2", "y2", "label")

LabelledBox = tuple[Box, str]


@dataclass(frozen=True)
class Picture:
    """A photo with one labelled face: the main one, or the one in an annotated box."""

    path: Path
    label: str
    number: int
    """Index in the list of all pictures; it distinguishes files of the same name."""
    box: Box | None = None
    """The annotated face in pixels, if the photo has several."""

    @property
    def source(self) -> str:
        """The part of the file name before ``__``.

        Without it ``unknown``, or for an annotated face the parent of the photos' folder.
        """
        head, separator, _ = self.path.name.partition("__")
        if head and separator:
            return head
        return self.path.resolve().parent.parent.name if self.box else UNKNOWN

    @property
    def name(self) -> str:
        """The stem of the crop's file name: source, file name and number."""
        rest = self.path.stem.removeprefix(f"{self.source}__")[:60]
        name = f"{self.source}__{rest}__{self.number}"
        return name.encode(errors="replace").decode()  # file names can be invalid UTF-8


def list_pictures(data: Path) -> tuple[list[Picture], list[str]]:
    """List the pictures of ``data/<label>/``, and the names of ignored folders.

    Raises:
        TrainerError: with_mask or without_mask is missing or empty.
    """
    if not data.is_dir():
        raise TrainerError(f"Expected a folder of photos at {data}, got none.")
    data = _label_root(data)
    folders = sorted(folder.name for folder in data.iterdir() if folder.is_dir())
    files = [
        (path, label)
        for label in DEFINITE_LABELS
        if label in folders
        for path in sorted((data / label).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    ]
    pictures = [Picture(path, label, number) for number, (path, label) in enumerate(files)]
    found = {picture.label for picture in pictures}
    if not {"with_mask", "without_mask"} <= found:
        raise TrainerError(
            f"Expected folders with_mask and without_mask with photos in {data}, got "
            f"{', '.join(folders) or 'no folder'}."
        )
    return pictures, [name for name in folders if name not in DEFINITE_LABELS]


def read_boxes(table: Path) -> dict[Path, list[LabelledBox]]:
    """Read the annotated faces of photos with several faces.

    Args:
        table: a CSV file with the columns image, x1, y1, x2, y2 (pixels of the upright photo) and
            label. The photos of ``scenes/train.csv`` are in ``scenes/train/``.

    Returns:
        The labelled boxes of each photo.

    Raises:
        TrainerError: the table is missing or invalid, or a photo is missing.
    """
    try:
        with table.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise TrainerError(f"Expected a table of boxes at {table}: {error}.") from None
    if not rows:
        raise TrainerError(f"Expected boxes in {table.name}, got none.")
    boxes: dict[Path, list[LabelledBox]] = defaultdict(list)
    for line, row in enumerate(rows, 2):
        boxes[table.with_suffix("") / (row.get("image") or "")].append(_parse_box(row, table, line))
    missing = [path for path in boxes if not path.is_file()]
    if missing:
        raise TrainerError(
            f"Expected the photos of {table.name} in {missing[0].parent}, "
            f"{missing[0].name} is missing."
        )
    return dict(boxes)


def _parse_box(row: dict[str, str], table: Path, line: int) -> LabelledBox:
    try:
        box = Box(*(float(row[edge]) for edge in BOX_COLUMNS[1:5]))
    except (KeyError, TypeError, ValueError):
        box = Box(0, 0, 0, 0)
    valid = all(map(math.isfinite, box)) and box.width > 0 and box.height > 0
    if not valid or row.get("label") not in DEFINITE_LABELS:
        raise TrainerError(
            f"Expected {', '.join(BOX_COLUMNS)} with a label of {', '.join(DEFINITE_LABELS)} "
            f"in line {line} of {table.name}, got {', '.join(map(str, row.values()))}."
        )
    return box, row["label"]


def list_boxed(table: Path, smallest: float, first: int) -> list[Picture]:
    """List the faces of a table (see `read_boxes`) of at least `smallest` pixels.

    Args:
        first: number of the first picture.
    """
    faces = [
        (path, label, box)
        for path, boxed in sorted(read_boxes(table).items())
        for box, label in boxed
        if max(box.width, box.height) >= smallest
    ]
    return [Picture(path, label, first + i, box) for i, (path, label, box) in enumerate(faces)]


def _label_root(data: Path) -> Path:
    """Return the parent of the label folders: `data`, or its only subfolder that has them."""
    nested = [folder.parent for folder in sorted(data.glob("*/with_mask")) if folder.is_dir()]
    return nested[0] if len(nested) == 1 and not (data / "with_mask").is_dir() else data


class _Groups:
    """Union-find over indices."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def root(self, i: int) -> int:
        while self._parents[i] != i:
            self._parents[i] = self._parents[self._parents[i]]
            i = self._parents[i]
        return i

    def join(self, i: int, j: int) -> None:
        self._parents[self.root(j)] = self.root(i)


def group_pictures(pictures: list[Picture], hashes: NDArray[np.bool_], max_bits: int) -> list[int]:
    """Return a group number per picture, equal for near-duplicates and faces of one photo.

    A face cropped from an annotated photo is named ``<source>__<the photo's name>_<number>``.

    Args:
        hashes: shape (n, bits), perceptual hashes.
        max_bits: maximum number of differing bits; less than 16, the number of bands.
    """
    groups = _Groups(len(pictures))
    _join_duplicates(groups, hashes, max_bits)
    photos: dict[str, int] = {}
    for i, picture in enumerate(pictures):
        if picture.box:
            groups.join(photos.setdefault(picture.path.stem, i), i)
    for i, picture in enumerate(pictures):
        photo = picture.path.stem.removeprefix(f"{picture.source}__").rpartition("_")[0]
        if not picture.box and photo in photos:
            groups.join(photos[photo], i)
    return [groups.root(i) for i in range(len(pictures))]


def _join_duplicates(groups: _Groups, hashes: NDArray[np.bool_], max_bits: int) -> None:
    """Join hashes that differ in at most `max_bits`.

    Hashes that differ in fewer bits than there are bands share a band, so only these are compared.
    """
    for band in np.array_split(hashes, 16, axis=1):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, key in enumerate(np.packbits(band, axis=1)):
            buckets[key.tobytes()].append(i)
        for bucket in buckets.values():
            for i, j in combinations(bucket, 2):
                if groups.root(i) != groups.root(j) and (hashes[i] != hashes[j]).sum() <= max_bits:
                    groups.join(i, j)
