"""``python -m trainer prepare``: crops faces out of photos and splits them into a data set."""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import math
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path

import splitfolders

from inference.contract import ROOT
from inference.labels import DEFINITE_LABELS
from trainer.config import Config, detector_settings
from trainer.data.corrections import correct
from trainer.data.crops import CROP_VERSION, FaceCrop, crop_all, read_faces
from trainer.data.pictures import Picture, list_boxed, list_pictures
from trainer.data.synthetic import draw_cases
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

HELD_OUT = "held_out"
PREDICTIONS = "held_out.npz"
"""File of a run: the model's predictions on its held-out sources."""
DATA = "data.txt"
"""File of a run: identifies its photos, how they were cropped, and the corrections."""

_SPLIT_OPTIONS = ("seed", "split", "corrections")
"""Options that determine the part that a face belongs to."""

_LIVE_SETTINGS = {"near_side", "far_side", "live_score_threshold"}
"""Detector settings for live video, which do not affect crops."""


def prepare(data: Path, run: Path, config: Config, boxes: Path | None = None) -> Path:
    """Crop the faces of ``data/<label>/`` and split them.

    Args:
        boxes: a table of annotated faces (`pictures.read_boxes`) to use in addition.

    Writes ``run/dataset/{train,val,test}/<label>/`` and, for held-out sources,
    ``run/dataset/held_out/<label>/``: links to the crops, which are cached beside the runs until
    the photos or the cropping change. ``run/faces.csv`` has a row per crop,
    ``run/broken.csv`` the pictures that could not be read, ``run/config.json`` the configuration.

    Returns:
        The folder of the data set.

    Raises:
        TrainerError: the folder is not laid out as expected, a label has too few pictures, a
            held-out source is not in the data, or the run to start from has another split.
    """
    pictures, ignored = list_pictures(data)
    if ignored:
        log.info("Ignored folders that are not labels: %s.", ", ".join(ignored))
    if boxes:
        pictures += list_boxed(boxes, config.smallest_face, first=len(pictures))
    cuts = run.parent / "cuts" / _fingerprint(pictures, config)
    if not (cuts / "faces.csv").exists():
        crop_all(pictures, config, cuts)
    before = _input_hashes(run)
    _copy_lists(cuts, run)
    (run / DATA).write_text(_describe_data(cuts, config), encoding="utf-8")
    if config.start_from:
        _check_start(Path(config.start_from), run, config)
    faces = read_faces(run / "faces.csv")
    dataset = split(faces, cuts, run / "dataset", config)
    drawn = sum(draw_cases(dataset / part, faces, config) for part in ("train", "test"))
    log.info("Drew %d synthetic hard cases.", drawn)
    config.save(run / "config.json")
    if _input_hashes(run) != before:
        _invalidate_outputs(run)
    return dataset


def _check_start(start: Path, run: Path, config: Config) -> None:
    """Refuse a run to start from if its model may have been trained on faces of this test split."""
    before = Config.load(start / "config.json")
    same = all(getattr(before, name) == getattr(config, name) for name in _SPLIT_OPTIONS)
    if not same or before.start_from or (start / DATA).read_bytes() != (run / DATA).read_bytes():
        raise TrainerError(
            f"Expected a model trained from scratch in {start}, with the same photos and "
            f"{', '.join(_SPLIT_OPTIONS)}, got another."
        )


def _invalidate_outputs(run: Path) -> None:
    """Invalidate the outputs of other faces: no training resumes, no old model is evaluated."""
    shutil.rmtree(run / "backup", ignore_errors=True)
    if (run / "model.keras").exists():
        (run / "model.keras").replace(run / "model.before.keras")
    shutil.rmtree(run / "report", ignore_errors=True)
    (run / PREDICTIONS).unlink(missing_ok=True)


def _input_hashes(run: Path) -> list[bytes]:
    files = [run / "config.json", run / "faces.csv", run / DATA]
    if files[0].exists() and (start := Config.load(files[0]).start_from):
        files.append(Path(start) / "model.keras")
    return [hashlib.sha256(file.read_bytes()).digest() for file in files if file.exists()]


def _describe_data(cuts: Path, config: Config) -> str:
    """Return the content of `DATA`."""
    listed = (ROOT / config.corrections).read_bytes() if config.corrections else b""
    return f"{cuts.name} {hashlib.sha256(listed).hexdigest()[:16]}\n"


def _copy_lists(cuts: Path, run: Path) -> None:
    run.mkdir(parents=True, exist_ok=True)
    for name in ("faces.csv", "broken.csv"):
        shutil.copy(cuts / name, run / name)
    with (run / "broken.csv").open(newline="", encoding="utf-8") as file:
        broken = len(list(csv.DictReader(file)))
    if broken:
        log.warning("%d pictures could not be read: see %s.", broken, run / "broken.csv")


def _fingerprint(pictures: list[Picture], config: Config) -> str:
    """Hash the photos and everything that cropping depends on."""
    digests = {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in {p.path for p in pictures}
    }
    files = [(p.name, p.label, p.box, digests[p.path]) for p in pictures]
    detector = {
        name: value
        for name, value in asdict(detector_settings()).items()
        if name not in _LIVE_SETTINGS
    }
    cropping = [
        CROP_VERSION,
        config.crop_side,
        config.crop_context,
        config.input_size,
        config.duplicate_bits,
    ]
    return hashlib.sha256(json.dumps([files, detector, cropping]).encode()).hexdigest()[:16]


def split(faces: list[FaceCrop], cuts: Path, dataset: Path, config: Config) -> Path:
    """Split the crops; near-duplicates and faces of one photo go to the same part.

    Faces of the run to start from keep their part, so that its model was not trained on faces of
    this test split.

    Args:
        faces: all crops; ``Config.corrections`` are applied here.

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
    _check_counts(_split_labels(kept), {face.label for face in corrected}, config)
    shutil.rmtree(dataset, ignore_errors=True)
    before = Config.load(Path(config.start_from) / "config.json") if config.start_from else config
    new = _groups_of(faces, before.hold_out_sources)
    _split_once(_without(kept, new), cuts, dataset, config)
    _split_once([face for face in kept if face.group in new], cuts, dataset, config)
    for face in held_out:
        _link(face, cuts, dataset / HELD_OUT / face.label)
    return dataset


def _groups_of(faces: list[FaceCrop], sources: Collection[str]) -> set[int]:
    """Return the groups with a face of these sources, including near-duplicates in others."""
    return {face.group for face in faces if face.source in sources}


def _without(faces: list[FaceCrop], groups: set[int]) -> list[FaceCrop]:
    return [face for face in faces if face.group not in groups]


def _split_once(faces: list[FaceCrop], cuts: Path, dataset: Path, config: Config) -> None:
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
        splitfolders.ratio(
            staged, dataset, seed=config.seed, ratio=config.split, group=together, move=True
        )
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


def _check_counts(split_labels: dict[int, str], labels: set[str], config: Config) -> None:
    minimum = max(10, math.ceil(1 / min(config.split)))  # fewer would leave val or test empty
    counts = Counter(split_labels.values())
    for label in DEFINITE_LABELS:
        if counts[label] < minimum and label in {"with_mask", "without_mask", *labels}:
            raise TrainerError(
                f"Expected at least {minimum} different photos in {label} to train on, got "
                f"{counts[label]}."
            )
