"""The plan of a preparation: which photos are used, as what, and what is skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from trainer.config import Config
from trainer.data.boxes.read import list_boxed, recognize
from trainer.data.folders import Listing, list_pictures
from trainer.data.pictures import Picture
from trainer.data.spellings import EXAMPLES, PARTS
from trainer.errors import TrainerError


@dataclass(frozen=True)
class Plan:
    """The pictures of a preparation."""

    pictures: list[Picture]
    text: str
    """Where they come from, what they are taken for, and what is skipped."""


def make_plan(data: Path | None, boxes: Path | None, config: Config) -> Plan:
    """List the photos of label folders and the annotated faces; nothing is written.

    Raises:
        TrainerError: the photos are not laid out as expected, or a label is missing.
    """
    listing = list_pictures(data) if data else Listing([], {}, [])
    pictures = list(listing.pictures)
    lines = _describe(data, listing) if data else []
    if boxes:
        annotations = recognize(boxes)
        faces, small = list_boxed(annotations, config.smallest_face, first=len(pictures))
        pictures += faces
        lines.append(f"Boxes in {boxes} ({annotations.format}): {_count(faces)}.")
        if small:
            lines.append(f"  Skipped faces under {config.smallest_face:g} pixels: {small}")
    _check_labels(pictures, data, boxes)
    return Plan(pictures, "\n".join([*lines, _describe_split(pictures, config)]))


def _describe(data: Path, listing: Listing) -> list[str]:
    """Return a line per folder of photos, and one for what is skipped."""
    rows = sorted(listing.folders.items(), key=lambda row: row[0].folder)
    width = max((len(str(taken.folder)) for taken, _ in rows), default=0)
    lines = [f"Photos in {data}:"]
    for taken, count in rows:
        part = f", {taken.part}" if taken.part else ""
        lines.append(f"  {taken.folder!s:<{width}}  {count:>6} as {taken.label}{part}")
    skipped: dict[str, list[Path]] = {}
    for reason, path in listing.skipped:
        skipped.setdefault(reason, []).append(path)
    for reason, paths in skipped.items():
        example = f"{paths[0].relative_to(data)}{', …' if len(paths) > 1 else ''}"
        lines.append(f"  Skipped {reason}: {len(paths)} ({example})")
    return lines


def _count(pictures: Iterable[Picture]) -> str:
    counts = Counter((picture.label, picture.part) for picture in pictures)
    words = (
        f"{count} {label}{f' in {part}' if part else ''}"
        for (label, part), count in sorted(counts.items())
    )
    return ", ".join(words) or "no face that is large enough"


def _describe_split(pictures: list[Picture], config: Config) -> str:
    given = {picture.part for picture in pictures} & {*PARTS[1:]}
    made = [part for part in PARTS[1:] if part not in given]
    if not given:
        shares = ", ".join(
            f"{share:.0%} {part}" for part, share in zip(PARTS, config.split, strict=True)
        )
        return f"Split: {shares}; near-duplicates stay together."
    taken = f"; {made[0]} is taken from train" if made else ""
    return f"Split: your own {' and '.join(sorted(given))}{taken}."


def _check_labels(pictures: list[Picture], data: Path | None, boxes: Path | None) -> None:
    """Raise TrainerError unless there are masked and unmasked faces."""
    if {"with_mask", "without_mask"} <= {picture.label for picture in pictures}:
        return
    where = " and ".join(str(place) for place in (data, boxes) if place)
    found = ", ".join(sorted({picture.label for picture in pictures})) or "none"
    raise TrainerError(
        f"Expected photos of with_mask and without_mask in {where}, got {found}. "
        f"Name the folders {EXAMPLES}."
    )
