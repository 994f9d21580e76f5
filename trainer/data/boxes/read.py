"""Reads annotated faces in any format, recognized by content."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inference.vision.geometry import Box
from trainer.data.boxes.annotation import BoxAnnotation, Source, decode_text, upright_size
from trainer.data.boxes.coco import is_coco, read_coco
from trainer.data.boxes.table import BOX_COLUMNS, is_table, read_tables
from trainer.data.boxes.voc import is_voc, read_voc
from trainer.data.boxes.yolo import is_yolo, read_yolo
from trainer.data.folders import UNREADABLE
from trainer.data.pictures import Picture
from trainer.data.spellings import EXAMPLES, NOT_A_FACE, PARTS, label_of, part_of
from trainer.errors import TrainerError

LabelledBox = tuple[Box, str]

Read = Callable[[Source, Sequence[Path]], Iterator[BoxAnnotation]]

FORMATS: dict[str, tuple[Callable[[Path, str], bool], Read]] = {
    "CSV": (is_table, read_tables),
    "Pascal VOC": (is_voc, read_voc),
    "YOLO": (is_yolo, read_yolo),
    "COCO": (is_coco, read_coco),
}
"""By the name of the format: whether a file has it (by the path and its start), and its reader."""

_START_BYTES = 4096
"""How much of a file is read to recognize its format."""
_MIN_INSIDE = 0.5
"""Minimum share of a box that is inside the photo: boxes of faces at the edge reach beyond it."""


def read_boxes(path: Path) -> dict[Path, list[LabelledBox]]:
    """Read the annotated faces of photos with several faces.

    Args:
        path: a table, a file of another format, or a folder of such files.

    Returns:
        The labelled boxes of each photo.

    Raises:
        TrainerError: there are no annotations, or they are invalid; or a photo is missing.
    """
    return recognize(path).read()


@dataclass(frozen=True)
class Annotations:
    """Files of annotations in one format."""

    format: str
    """A key of `FORMATS`."""
    source: Source
    files: list[Path]
    others: list[Path]
    """Files with the ending of the format that are not recognized."""

    def read(self) -> dict[Path, list[LabelledBox]]:
        """Return the labelled boxes of each photo; see `read_boxes`."""
        _, read = FORMATS[self.format]
        boxes = _check(read(self.source, self.files))
        if not boxes:
            raise TrainerError(f"Expected boxes in {self.source.path}, got none.")
        return boxes

    @property
    def skipped(self) -> list[tuple[str, Path]]:
        """What was skipped so far, with the reason."""
        return [
            *((f"files that are not {self.format}", file) for file in self.others),
            *((UNREADABLE, folder) for folder in sorted(self.source.unreadable)),
        ]

    def part(self, photo: Path) -> str:
        """Return the part that a photo's folders name; empty for a single file of annotations.

        Raises:
            TrainerError: they name two.
        """
        if not self.source.path.is_dir():
            return ""
        root = self.source.photo_folder
        if not photo.is_relative_to(root):
            return ""
        folders = photo.relative_to(root).parent.parts
        found = {part for name in folders if (part := part_of(name))}
        if len(found) > 1:
            raise TrainerError(f"Expected one of {', '.join(PARTS)} in a path, got {photo}.")
        return "".join(found)


def recognize(path: Path) -> Annotations:
    """Return the annotations of a file or a folder; ``data.yaml`` stands for its folder.

    Raises:
        TrainerError: the path does not exist, or has annotations of no format or of several.
    """
    if not path.exists():
        raise TrainerError(f"Expected boxes at {path}, got none.")
    source = Source(path.parent if path.suffix.lower() in (".yaml", ".yml") else path)
    files: dict[str, list[Path]] = defaultdict(list)
    for file in source.files:
        if name := _format(file):
            files[name].append(file)
    if len(files) != 1:
        raise TrainerError(
            f"Expected annotations of one format ({', '.join(FORMATS)}; a CSV has the columns "
            f"{','.join(BOX_COLUMNS)}) in {path}, got {' and '.join(files) or 'none'}."
        )
    ((name, found),) = files.items()
    return Annotations(name, source, found, _others(name, found, source))


def _others(name: str, files: list[Path], source: Source) -> list[Path]:
    """Return the files that have the ending of a format, but are not recognized.

    YOLO's are read if they have a photo; other texts beside them are usual.
    """
    endings = set[str]() if name == "YOLO" else {file.suffix.lower() for file in files}
    others = {file for file in source.files if file.suffix.lower() in endings} - {*files}
    return sorted(others)


def _format(file: Path) -> str:
    """Return the name of a file's format; empty for any other file."""
    with file.open("rb") as opened:
        start = decode_text(opened.read(_START_BYTES), errors="replace").lstrip()
    return next((name for name, (fits, _) in FORMATS.items() if fits(file, start)), "")


def _check(annotations: Iterable[BoxAnnotation]) -> dict[Path, list[LabelledBox]]:
    """Check all annotations and group them by photo.

    Raises:
        TrainerError: some are invalid; it names the first and the number of others.
    """
    boxes: dict[Path, list[LabelledBox]] = defaultdict(list)
    sizes: dict[Path, tuple[int, int] | None] = {}
    problems = []
    for photo, box, name, place in annotations:
        if photo not in sizes:
            sizes[photo] = upright_size(photo)
        label = label_of(name)
        if problem := _problem(box, sizes[photo]) or ("" if label else _unknown(name)):
            problems.append(f"{problem} in {place}")
        elif label and label != NOT_A_FACE:
            boxes[photo].append((box, label))
    if problems:
        others = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise TrainerError(f"{problems[0]}{others}.")
    return dict(boxes)


def _unknown(name: str) -> str:
    return f"Expected a label named {EXAMPLES}, got {name!r}"


def _problem(box: Box, size: tuple[int, int] | None) -> str:
    """Return what is wrong with a box; empty if nothing is.

    Args:
        size: width and height of the photo; None if unknown.
    """
    shown = ", ".join(f"{edge:g}" for edge in box)
    if not all(map(math.isfinite, box)) or box.width <= 0 or box.height <= 0:
        return f"Expected a box with a width and a height, got {shown}"
    if size:
        width, height = size
        across = min(box.right, width) - max(box.left, 0)
        down = min(box.bottom, height) - max(box.top, 0)
        if max(across, 0) * max(down, 0) < _MIN_INSIDE * box.area:
            return f"Expected a box inside the photo of {width} × {height} pixels, got {shown}"
    return ""


def list_boxed(annotations: Annotations, smallest: float, first: int) -> tuple[list[Picture], int]:
    """List the annotated faces of at least `smallest` pixels, and count the others.

    Args:
        first: number of the first picture.
    """
    every = [
        (photo, label, box)
        for photo, boxed in sorted(annotations.read().items())
        for box, label in boxed
    ]
    faces = [face for face in every if max(face[2].width, face[2].height) >= smallest]
    collection = annotations.source.folder.resolve().name.replace("__", "_")
    pictures = [
        Picture(photo, label, first + i, box, annotations.part(photo), collection)
        for i, (photo, label, box) in enumerate(faces)
    ]
    return pictures, len(every) - len(faces)
