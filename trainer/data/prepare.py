"""``python -m trainer prepare``: crops the faces of photos and splits them into a data set."""

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
from trainer.data.crops import CUT_VERSION, CutFace, cut_all, read_faces
from trainer.data.pictures import Picture, list_boxed, list_pictures
from trainer.data.synthetic import make_cases
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

HELD_OUT = "held_out"
ANSWERS = "held_out.npz"
"""The file of a run with the model's answers on the sources left out."""
DATA = "data.txt"
"""The file of a run that identifies its photos, the way they were cropped and the corrections."""

_SPLIT_OPTIONS = ("seed", "split", "corrections")
"""Options on which the part of a face depends."""

_LIVE_SETTINGS = {"near_side", "far_side", "live_score_threshold"}
"""Of the detector, for frames alone: no crop depends on them."""


def prepare(data: Path, run: Path, config: Config, boxes: Path | None = None) -> Path:
    """Crop the faces of ``data/<label>/`` and split them.

    Args:
        boxes: a table of faces boxed by hand in photos of several (`pictures.read_boxes`), in
            addition.

    Writes ``run/dataset/{train,val,test}/<label>/`` and, for the sources left out,
    ``run/dataset/held_out/<label>/``: links to the crops, which are kept beside the runs and made
    again only when the photos or the way of cropping change. ``run/faces.csv`` has a row per crop,
    ``run/broken.csv`` the pictures that could not be read, ``run/config.json`` the configuration.

    Returns:
        The folder of the data set.

    Raises:
        TrainerError: the folder is not laid out as expected, a class has too few pictures, a
            source to leave out is not there, or the run to start from split other faces.
    """
    pictures, left_out = list_pictures(data)
    if left_out:
        log.info("Ignored folders, which are no labels: %s.", ", ".join(left_out))
    if boxes:
        pictures += list_boxed(boxes, config.smallest_face, first=len(pictures))
    cuts = run.parent / "cuts" / _fingerprint(pictures, config)
    if not (cuts / "faces.csv").exists():
        cut_all(pictures, config, cuts)
    before = _state(run)
    _copy_lists(cuts, run)
    (run / DATA).write_text(_describe_data(cuts, config), encoding="utf-8")
    if config.start_from:
        _check_start(Path(config.start_from), run, config)
    faces = read_faces(run / "faces.csv")
    dataset = split(faces, cuts, run / "dataset", config)
    drawn = sum(make_cases(dataset / part, faces, config) for part in ("train", "test"))
    log.info("%d hard cases drawn.", drawn)
    config.save(run / "config.json")
    if _state(run) != before:
        _invalidate_outputs(run)
    return dataset


def _check_start(start: Path, run: Path, config: Config) -> None:
    """Refuse a run to start from whose model may have learned from faces that this run tests on."""
    before = Config.load(start / "config.json")
    same = all(getattr(before, name) == getattr(config, name) for name in _SPLIT_OPTIONS)
    if not same or before.start_from or (start / DATA).read_bytes() != (run / DATA).read_bytes():
        raise TrainerError(
            f"Expected a new model of the same photos, {', '.join(_SPLIT_OPTIONS)} in {start}, got "
            "another."
        )


def _invalidate_outputs(run: Path) -> None:
    """Remove what was made from other faces, so that no training resumes and no model is measured."""
    shutil.rmtree(run / "backup", ignore_errors=True)
    if (run / "model.keras").exists():
        (run / "model.keras").replace(run / "model.before.keras")
    shutil.rmtree(run / "report", ignore_errors=True)
    (run / ANSWERS).unlink(missing_ok=True)


def _state(run: Path) -> list[bytes]:
    files = [run / "config.json", run / "faces.csv", run / DATA]
    if files[0].exists() and (start := Config.load(files[0]).start_from):
        files.append(Path(start) / "model.keras")
    return [hashlib.sha256(file.read_bytes()).digest() for file in files if file.exists()]


def _describe_data(cuts: Path, config: Config) -> str:
    """Identifies the photos, the way they were cropped, and the corrections."""
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
    """A hash of the photos and of the way of cropping."""
    digests = {
        path: hashlib.sha256(path.read_bytes()).hexdigest() for path in {p.path for p in pictures}
    }
    files = [(p.name, p.label, p.box, digests[p.path]) for p in pictures]
    detector = {
        name: value
        for name, value in asdict(detector_settings()).items()
        if name not in _LIVE_SETTINGS
    }
    way = [
        CUT_VERSION,
        config.crop_side,
        config.crop_context,
        config.input_size,
        config.duplicate_bits,
    ]
    return hashlib.sha256(json.dumps([files, detector, way]).encode()).hexdigest()[:16]


def split(faces: list[CutFace], cuts: Path, dataset: Path, config: Config) -> Path:
    """Split by split-folders, which keeps the crops of nearly the same pictures on one side.

    The faces of the run to start from are split as they were there, so that its model has not learned
    from faces that this run tests on.

    Args:
        faces: all, as they were cropped; ``Config.corrections`` are made here.

    Raises:
        TrainerError: see `prepare`.
    """
    unknown = set(config.hold_out_sources) - {face.source for face in faces}
    if unknown:
        raise TrainerError(
            f"Expected sources to hold out that the data has, got {', '.join(sorted(unknown))}."
        )
    corrected = correct(faces, config)
    held_out = [face for face in corrected if face.source in config.hold_out_sources]
    kept = _without(corrected, _groups_of(faces, config.hold_out_sources))
    _check_enough(_homes(kept), {face.label for face in corrected}, config)
    shutil.rmtree(dataset, ignore_errors=True)
    before = Config.load(Path(config.start_from) / "config.json") if config.start_from else config
    new = _groups_of(faces, before.hold_out_sources)
    _split_once(_without(kept, new), cuts, dataset, config)
    _split_once([face for face in kept if face.group in new], cuts, dataset, config)
    for face in held_out:
        _link(face, cuts, dataset / HELD_OUT / face.label)
    return dataset


def _groups_of(faces: list[CutFace], sources: Collection[str]) -> set[int]:
    """The groups with a face of these sources; nearly the same photos elsewhere are among them."""
    return {face.group for face in faces if face.source in sources}


def _without(faces: list[CutFace], groups: set[int]) -> list[CutFace]:
    return [face for face in faces if face.group not in groups]


def _split_once(faces: list[CutFace], cuts: Path, dataset: Path, config: Config) -> None:
    """Split some faces and add them to the data set."""
    staged, homes = dataset / "all", _homes(faces)
    for face in faces:
        _link(face, cuts, staged / homes[face.group])
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


def _homes(faces: list[CutFace]) -> dict[int, str]:
    """The label's folder in which each group is split.

    split-folders splits label by label: nearly the same photos of two labels, and the faces of one
    photo, go as the rarest of them, so that each part gets its share of that.
    """
    counts = Counter(face.label for face in faces)
    return {face.group: face.label for face in sorted(faces, key=lambda face: -counts[face.label])}


def _link(face: CutFace, cuts: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    crop = cuts / face.folder / face.crop
    try:
        os.link(crop, folder / face.crop)
    except OSError:  # another disk, or a file system without links
        shutil.copy(crop, folder / face.crop)


def _restore_label_folders(dataset: Path, labels: dict[str, str]) -> None:
    """Move the crops that were split with another label to the folder of their own."""
    for crop in list(dataset.glob("*/*/*.jpg")):
        label = labels.get(crop.name, crop.parent.name)
        if crop.parent.name != label:
            folder = crop.parents[1] / label
            folder.mkdir(exist_ok=True)
            crop.replace(folder / crop.name)


def _check_enough(homes: dict[int, str], labels: set[str], config: Config) -> None:
    least = max(10, math.ceil(1 / min(config.split)))  # fewer leave val or test empty
    counts = Counter(homes.values())
    for label in DEFINITE_LABELS:
        if counts[label] < least and label in {"with_mask", "without_mask", *labels}:
            raise TrainerError(
                f"Expected at least {least} different photos in {label} to train on, got "
                f"{counts[label]}."
            )
