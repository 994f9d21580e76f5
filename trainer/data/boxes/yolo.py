"""Reads boxes from YOLO: one text file per photo, and the names of the classes beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import yaml

from inference.vision.geometry import Box
from trainer.data.boxes.annotation import (
    BoxAnnotation,
    Source,
    read_text,
    shared_folders,
    upright_size,
)
from trainer.errors import TrainerError

_LINE = re.compile(r"\d+[ \t]+-?[\d.]\S*([ \t]+\S+){3}")
"""A first line that is meant as a box, perhaps with mistakes."""
_YAML = (".yaml", ".yml")
_LISTS = ("classes.txt", "obj.names", "_darknet.labels")
"""Files of class names, one per line."""
_UNKNOWN_SIZE = (10_000, 10_000)
"""Assumed size in pixels of a photo that cannot be read: so large that its faces are not skipped as
too small, but reported when they are cropped."""


def is_yolo(path: Path, start: str) -> bool:
    """Return whether a file has YOLO's boxes, from its first characters."""
    return path.suffix.lower() == ".txt" and bool(_LINE.match(start))


def read_yolo(source: Source, files: Sequence[Path]) -> Iterator[BoxAnnotation]:
    """Read lines of a class number and centre, width and height relative to the photo's sides.

    Raises:
        TrainerError: a line is invalid, or the photo or the names of the classes are missing.
    """
    classes = {path: _names(path) for path in _names_files(source)}
    texts = (path for path in source.files if path.suffix.lower() == ".txt")
    for file in sorted({*files, *(path for path in texts if source.find(path.stem))}):
        names = classes[max(classes, key=partial(shared_folders, file))]
        yield from _read(source, file, names)


def _read(source: Source, file: Path, names: dict[int, str]) -> Iterator[BoxAnnotation]:
    photo = source.photo(file.stem, file, source.shown(file))
    across, down = upright_size(photo) or _UNKNOWN_SIZE
    for line, text in enumerate(read_text(file).splitlines(), 1):
        if text.strip():
            place = f"line {line} of {source.shown(file)}"
            name, x, y, width, height = _parse(text, names, place)
            box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            edges = (box.left * across, box.top * down, box.right * across, box.bottom * down)
            yield BoxAnnotation(photo, Box(*edges), name, place)


def _parse(text: str, names: dict[int, str], place: str) -> tuple[str, float, float, float, float]:
    """Return the name of the class, and centre, width and height."""
    try:
        number, x, y, width, height = text.split()
        return names[int(number)], float(x), float(y), float(width), float(height)
    except (ValueError, KeyError):
        raise TrainerError(
            f"Expected a class (0 to {max(names)}), x, y, width and height in {place}, got "
            f"{text.strip():.60}."
        ) from None


def _names_files(source: Source) -> list[Path]:
    """Return the files with the names of the classes, in the folder and the one around it.

    Raises:
        TrainerError: there is none.
    """
    around = [*source.files, *filter(Path.is_file, source.folder.resolve().parent.iterdir())]
    lists = [path for path in around if path.name.lower() in _LISTS]
    described = [
        path
        for path in around
        if path.suffix.lower() in _YAML and re.search(r"(?m)^names\s*:", read_text(path))
    ]
    if not described and not lists:
        raise TrainerError(
            "Expected the names of the classes in data.yaml or classes.txt in "
            f"{source.folder}, got none."
        )
    return described or lists


def _names(file: Path) -> dict[int, str]:
    """Return the class names by their number.

    Raises:
        TrainerError: the file has none.
    """
    text = read_text(file)
    names = _described(text) if file.suffix.lower() in _YAML else dict(enumerate(text.splitlines()))
    if not any(map(str.strip, names.values())):
        key = " under 'names'" if file.suffix.lower() in _YAML else ""
        raise TrainerError(
            f"Expected the names of the classes{key} in {file}, as text without aliases, got none."
        )
    return names


def _described(text: str) -> dict[int, str]:
    """Return the class names of YAML; empty if it is invalid.

    Aliases are refused, because they can expand without limit.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            return {}
        found = yaml.safe_load(text)["names"]
        rows = list(found.items() if isinstance(found, dict) else enumerate(found))
        if not all(isinstance(name, str | int | float) for _, name in rows):
            return {}
        return {int(number): str(name) for number, name in rows}
    except (yaml.YAMLError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return {}
