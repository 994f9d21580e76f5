"""Reads boxes from a CSV table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from inference.vision.geometry import Box
from trainer.data.boxes.annotation import BoxAnnotation, Source, read_text
from trainer.errors import TrainerError

BOX_COLUMNS = ("image", "x1", "y1", "x2", "y2", "label")


def is_table(_: Path, start: str) -> bool:
    """Return whether a file is a table of boxes, from its first characters."""
    named = {column.strip().strip('"') for column in start.partition("\n")[0].split(",")}
    return set(BOX_COLUMNS) <= named


def read_tables(source: Source, tables: Sequence[Path]) -> Iterator[BoxAnnotation]:
    """Read tables with the columns image, x1, y1, x2, y2 (pixels of the upright photo) and label.

    The photos of ``scenes/train.csv`` are in ``scenes/train/``.

    Raises:
        TrainerError: a row is invalid, or a photo is missing.
    """
    for table in tables:
        yield from _read(source, table)


def _read(source: Source, table: Path) -> Iterator[BoxAnnotation]:
    for line, row in enumerate(csv.DictReader(io.StringIO(read_text(table))), 2):
        place = f"line {line} of {source.shown(table)}"
        try:
            box = Box(*(float(row[edge]) for edge in BOX_COLUMNS[1:5]))
            photo, label = table.with_suffix("") / row["image"], row["label"].strip()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise TrainerError(
                f"Expected {', '.join(BOX_COLUMNS)} in {place}, got "
                f"{', '.join(map(str, row.values()))}."
            ) from None
        if not photo.is_file():
            raise TrainerError(
                f"Expected the photos of {source.shown(table)} in {photo.parent}, {photo.name} is "
                "missing."
            )
        yield BoxAnnotation(photo, box, label, place)
