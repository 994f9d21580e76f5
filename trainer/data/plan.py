"""The plan of a preparation: which photos are used, as what, and what is skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inference.labels import DEFINITE_LABELS
from trainer.config import Config
from trainer.data.boxes.read import list_boxed, recognize
from trainer.data.folders import Listing, list_pictures
from trainer.data.pictures import Picture
from trainer.data.spellings import EXAMPLES, MAIN_LABELS, PARTS
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
        lines += _describe_skipped(annotations.skipped, annotations.source.folder)
    _check_labels(pictures, data, boxes)
    _check_train(pictures)
    return Plan(pictures, "\n".join([*lines, *_describe_split(pictures, config)]))


def _describe(data: Path, listing: Listing) -> list[str]:
    """Return a line per folder of photos, and one for what is skipped."""
    rows = sorted(listing.folders.items(), key=lambda row: row[0].folder)
    width = max((len(str(taken.folder)) for taken, _ in rows), default=0)
    lines = [f"Photos in {data}:"]
    for taken, count in rows:
        part = f", {taken.part}" if taken.part else ""
        lines.append(f"  {taken.folder!s:<{width}}  {count:>6} as {taken.label}{part}")
    return lines + _describe_skipped(listing.skipped, data)


def _describe_skipped(skipped: Iterable[tuple[str, Path]], root: Path) -> list[str]:
    """Return a line per reason, with the first path."""
    reasons: dict[str, list[Path]] = {}
    for reason, path in skipped:
        reasons.setdefault(reason, []).append(path)
    lines = []
    for reason, paths in reasons.items():
        shown = paths[0].relative_to(root) if paths[0].is_relative_to(root) else paths[0]
        lines.append(f"  Skipped {reason}: {len(paths)} ({shown}{', …' if len(paths) > 1 else ''})")
    return lines


def _count(pictures: Iterable[Picture]) -> str:
    counts = Counter((picture.label, picture.part) for picture in pictures)
    words = (
        f"{count} {label}{f' in {part}' if part else ''}"
        for (label, part), count in sorted(counts.items())
    )
    return ", ".join(words) or "no face that is large enough"


def _describe_split(pictures: list[Picture], config: Config) -> list[str]:
    """Return a line on the parts, and one for each part that cannot measure a label."""
    given = {picture.part for picture in pictures} & {*PARTS[1:]}
    made = [part for part in PARTS[1:] if part not in given]
    if not given:
        shares = ", ".join(
            f"{share:.0%} {part}" for part, share in zip(PARTS, config.split, strict=True)
        )
        return [f"Split: {shares}; near-duplicates stay together."]
    taken = f"; {made[0]} is taken from train" if made else ""
    found = {(picture.part, picture.label) for picture in pictures}
    rest = [one for one in DEFINITE_LABELS if one in {label for _, label in found} - {*MAIN_LABELS}]
    return [
        f"Split: your own {' and '.join(sorted(given))}{taken}.",
        *(
            f"Warning: your {part} has no {label}, so it does not measure that label."
            for part in sorted(given)
            for label in rest
            if (part, label) not in found
        ),
    ]


def _check_labels(pictures: list[Picture], data: Path | None, boxes: Path | None) -> None:
    """Raise TrainerError unless there are masked and unmasked faces."""
    if {*MAIN_LABELS} <= {picture.label for picture in pictures}:
        return
    where = " and ".join(str(place) for place in (data, boxes) if place)
    found = ", ".join(sorted({picture.label for picture in pictures})) or "none"
    raise TrainerError(
        f"Expected photos of with_mask and without_mask in {where}, got {found}. "
        f"Name the folders {EXAMPLES}."
    )


def _check_train(pictures: list[Picture]) -> None:
    """Raise TrainerError if the user put all faces into val or test."""
    parts = {picture.part for picture in pictures}
    if parts <= {*PARTS[1:]}:
        raise TrainerError(
            "Expected photos to train on, in train or in no part, got "
            f"{' and '.join(sorted(parts))} only."
        )
