"""Splits the crops into train, val and test, and keeps held-out sources apart."""

from __future__ import annotations

import logging
import math
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import splitfolders

from inference.labels import DEFINITE_LABELS
from trainer.config import Config
from trainer.data.corrections import correct
from trainer.data.crops import FaceCrop
from trainer.data.spellings import MAIN_LABELS, PARTS
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

HELD_OUT = "held_out"


def split(
    faces: list[FaceCrop],
    cuts: Path,
    dataset: Path,
    config: Config,
    parts: Mapping[str, str] | None = None,
) -> Path:
    """Split the crops; near-duplicates and faces of one photo go to the same part.

    Faces of the run to start from keep their part, so that its model was not trained on faces of
    this test split. Faces that the user put into val or test stay there; all others are for
    training, and the parts that the user did not make are taken from them.

    Args:
        faces: all crops; ``Config.corrections`` are applied here.
        parts: the part of each crop that the user put into one.

    Raises:
        TrainerError: see `prepare`.
    """
    unknown = set(config.hold_out_sources) - {face.source for face in faces}
    if unknown:
        raise TrainerError(
            f"Expected held-out sources that are in the data, got {', '.join(sorted(unknown))}."
        )
    corrected = correct(faces, config)
    held_out = [face for face in corrected if face.source in config.hold_out_sources]
    kept = _without(corrected, _groups_of(faces, config.hold_out_sources))
    given = _given_parts(kept, parts or {})
    rest = [face for face in kept if face.crop not in given]
    _check_counts(rest, {*MAIN_LABELS, *(face.label for face in corrected)}, config)
    _check_given(kept, given)
    shutil.rmtree(dataset, ignore_errors=True)
    before = Config.load(Path(config.start_from) / "config.json") if config.start_from else config
    new = _groups_of(faces, before.hold_out_sources)
    ratio = _ratio(config, set(given.values()))
    for some in (_without(rest, new), [face for face in rest if face.group in new]):
        _split_once(some, cuts, dataset, config.seed, ratio)
    for face in kept:
        if part := given.get(face.crop):
            _link(face, cuts, dataset / part / face.label)
    for face in held_out:
        _link(face, cuts, dataset / HELD_OUT / face.label)
    return dataset


def _given_parts(faces: list[FaceCrop], parts: Mapping[str, str]) -> dict[str, str]:
    """Return the part of each face that the user put into val or test.

    A face that the user put nowhere follows its near-duplicates. Those that the user put into
    different parts stay there and are reported.
    """
    groups: dict[int, set[str]] = defaultdict(set)
    for face in faces:
        if face.crop in parts:
            groups[face.group].add(parts[face.crop])
    given = {
        face.crop: parts.get(face.crop) or max(groups[face.group], key=PARTS.index)
        for face in faces
        if face.crop in parts or groups[face.group]
    }
    for part in PARTS[1:]:
        mine = [face for face in faces if parts.get(face.crop) == part]
        if shared := sum(len(groups[face.group]) > 1 for face in mine):
            log.warning(
                "%d of %d faces of your %s are from a scene that is in another part too: the model "
                "does better on them than on new photos.",
                shared,
                len(mine),
                part,
            )
    return {crop: part for crop, part in given.items() if part != PARTS[0]}


def _ratio(config: Config, given: set[str]) -> tuple[float, ...]:
    """Return the proportions of train, val and test without those that the user made.

    split-folders puts what rounding leaves into the last part, so test is left out if it is given.
    """
    if not given:
        return config.split
    parts = PARTS[:2] if PARTS[2] in given else PARTS
    shares = [0.0 if part in given else config.split[PARTS.index(part)] for part in parts]
    return tuple(share / sum(shares) for share in shares)


def _groups_of(faces: list[FaceCrop], sources: Collection[str]) -> set[int]:
    """Return the groups with a face of these sources, including near-duplicates in others."""
    return {face.group for face in faces if face.source in sources}


def _without(faces: list[FaceCrop], groups: set[int]) -> list[FaceCrop]:
    return [face for face in faces if face.group not in groups]


def _split_once(
    faces: list[FaceCrop],
    cuts: Path,
    dataset: Path,
    seed: int,
    ratio: tuple[float, ...],
) -> None:
    """Split faces with split-folders and add them to the data set."""
    staged, split_labels = dataset / "all", _split_labels(faces)
    for face in faces:
        _link(face, cuts, staged / split_labels[face.group])
    groups = {face.crop: face.group for face in faces}

    def together(files: list[Path]) -> list[tuple[Path, ...]]:
        members: dict[int, list[Path]] = defaultdict(list)
        for file in sorted(files):
            members[groups[file.name]].append(file)
        return [tuple(group) for group in members.values()]

    if faces:
        splitfolders.ratio(staged, dataset, seed=seed, ratio=ratio, group=together, move=True)
        shutil.rmtree(staged)
        _restore_label_folders(dataset, {face.crop: face.label for face in faces})


def _split_labels(faces: list[FaceCrop]) -> dict[int, str]:
    """Return the label under which each group is split.

    split-folders splits label by label. A group with several labels is split under the rarest one,
    so that each part gets its proportion of that label.
    """
    counts = Counter(face.label for face in faces)
    return {face.group: face.label for face in sorted(faces, key=lambda face: -counts[face.label])}


def _link(face: FaceCrop, cuts: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    crop = cuts / face.folder / face.crop
    try:
        os.link(crop, folder / face.crop)
    except OSError:  # another file system, or one without links
        shutil.copy(crop, folder / face.crop)


def _restore_label_folders(dataset: Path, labels: dict[str, str]) -> None:
    """Move crops that were split under another label to the folder of their own label."""
    for crop in list(dataset.glob("*/*/*.jpg")):
        label = labels.get(crop.name, crop.parent.name)
        if crop.parent.name != label:
            folder = crop.parents[1] / label
            folder.mkdir(exist_ok=True)
            crop.replace(folder / crop.name)


def _check_counts(faces: list[FaceCrop], labels: set[str], config: Config) -> None:
    """Raise TrainerError if a label has too few different photos to train on."""
    minimum = max(10, math.ceil(1 / min(config.split)))  # fewer would leave val or test empty
    counts = Counter(_split_labels(faces).values())
    for label in DEFINITE_LABELS:
        if counts[label] < minimum and label in labels:
            scenes = describe_scenes([face for face in faces if face.label == label])
            raise TrainerError(
                f"Expected at least {minimum} different photos in {label} to train on, got "
                f"{counts[label]}{f': {scenes}, so each scene counts once.' if scenes else '.'}"
            )


def _check_given(faces: list[FaceCrop], given: Mapping[str, str]) -> None:
    """Raise TrainerError if one of `MAIN_LABELS` is missing in a part that the user made."""
    found = {(given.get(face.crop), face.label) for face in faces}
    for part in PARTS[1:]:
        for label in MAIN_LABELS:
            if part in given.values() and (part, label) not in found:
                raise TrainerError(f"Expected photos of {label} in your {part}, got none.")


def describe_scenes(faces: Sequence[FaceCrop]) -> str:
    """Return how many faces are near-duplicates, as words; empty if none is."""
    sizes = Counter(face.group for face in faces)
    several = [size for size in sizes.values() if size > 1]
    if not several:
        return ""
    other = " as another one" if len(several) > 1 else ""
    return f"{sum(several)} of {len(faces)} faces are from the same scene{other}"
