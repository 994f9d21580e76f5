"""Reads boxes from COCO: a JSON file for many photos."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from inference.vision.geometry import Box
from trainer.data.boxes.annotation import BoxAnnotation, Source, read_text
from trainer.errors import TrainerError

_KEYS = re.compile(r'"(images|annotations|categories)"\s*:')


def is_coco(_: Path, start: str) -> bool:
    """Return whether a file is a COCO file, from its first characters."""
    return start.startswith("{") and _KEYS.search(start) is not None


def read_coco(source: Source, files: Sequence[Path]) -> Iterator[BoxAnnotation]:
    """Read ``images``, ``annotations`` and ``categories``; a box is left, top, width and height.

    Raises:
        TrainerError: a file is invalid, or a photo is missing.
    """
    for file in files:
        yield from _read(source, file)


def _read(source: Source, file: Path) -> Iterator[BoxAnnotation]:
    try:
        content = json.loads(read_text(file))
        names = {one["id"]: str(one["name"]) for one in content["categories"]}
        photos = {one["id"]: str(one["file_name"]) for one in content["images"]}
        annotations = list(content["annotations"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise TrainerError(
            f"Expected images, annotations and categories of COCO in {file}, got others: {error}."
        ) from None
    for number, found in enumerate(annotations, 1):
        place = f"annotation {number} of {source.shown(file)}"
        try:
            left, top, width, height = map(float, found["bbox"])
            name, photo = names[found["category_id"]], photos[found["image_id"]]
        except (KeyError, TypeError, ValueError):
            raise TrainerError(
                f"Expected image_id, category_id and a bbox of four numbers in {place}, got "
                f"{json.dumps(found):.100}."
            ) from None
        box = Box(left, top, left + width, top + height)
        yield BoxAnnotation(source.photo(photo, file, place), box, name, place)
