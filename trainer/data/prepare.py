"""``python -m trainer prepare``: crops faces out of photos and splits them into a data set."""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from inference.contract import ROOT
from trainer.config import Config, detector_settings
from trainer.data.crops import CROP_VERSION, crop_all, read_faces
from trainer.data.pictures import Picture
from trainer.data.plan import make_plan
from trainer.data.split import describe_scenes, split
from trainer.data.synthetic import draw_cases
from trainer.errors import TrainerError

log = logging.getLogger(__name__)

PREDICTIONS = "held_out.npz"
"""File of a run: the model's predictions on its held-out sources."""
DATA = "data.txt"
"""File of a run: identifies its photos and their parts, how they were cropped, and the corrections."""

_SPLIT_OPTIONS = ("seed", "split", "corrections")
"""Options that determine the part that a face belongs to."""

_LIVE_SETTINGS = {"near_side", "far_side", "live_score_threshold"}
"""Detector settings for live video, which do not affect crops."""


def prepare(data: Path | None, run: Path, config: Config, boxes: Path | None = None) -> Path:
    """Crop the faces of photos and split them.

    Args:
        data: a folder with a folder of photos per label (`folders.list_pictures`).
        boxes: annotated faces (`boxes.read.read_boxes`) to use in addition, or instead.

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
    plan = make_plan(data, boxes, config)
    log.info("%s", plan.text)
    pictures = plan.pictures
    parts = {f"{picture.name}.jpg": picture.part for picture in pictures if picture.part}
    cuts = run.parent / "cuts" / _fingerprint(pictures, config)
    if not (cuts / "faces.csv").exists():
        crop_all(pictures, config, cuts)
    before = _input_hashes(run)
    _copy_lists(cuts, run)
    (run / DATA).write_text(_describe_data(cuts, config, parts), encoding="utf-8")
    if config.start_from:
        _check_start(Path(config.start_from), run, config)
    faces = read_faces(run / "faces.csv")
    if scenes := describe_scenes(faces):
        log.info("%s.", scenes)
    dataset = split(faces, cuts, run / "dataset", config, parts)
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


def _describe_data(cuts: Path, config: Config, parts: Mapping[str, str]) -> str:
    """Return the content of `DATA`."""
    listed = (ROOT / config.corrections).read_bytes() if config.corrections else b""
    hashed = [cuts.name, hashlib.sha256(listed).hexdigest()[:16]]
    if parts:
        hashed.append(hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16])
    return f"{' '.join(hashed)}\n"


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
