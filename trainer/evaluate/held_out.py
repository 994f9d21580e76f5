"""Runs that left sources out, to measure on these sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from trainer.calibration import calibrate
from trainer.config import Config
from trainer.data.prepare import ANSWERS, DATA
from trainer.errors import TrainerError


def check_held_out(runs: Sequence[Path], config: Config) -> list[dict[str, Any]]:
    """The reports of runs that differ from `config` only in the sources that they leave out and in
    the run that they start from.

    `check_photos` checks that they learned from the same photos.

    Raises:
        TrainerError: a run is not one of these, or is not evaluated.
    """
    return [_held_out_report(run, config) for run in runs]


def check_photos(runs: Sequence[Path], run: Path) -> None:
    """Refuse runs that were prepared from other photos than `run`, or cropped in another way.

    Raises:
        TrainerError: a run is such a one.
    """
    for other in runs:
        if (other / DATA).read_bytes() != (run / DATA).read_bytes():
            raise TrainerError(f"Expected a run of the same photos as {run}, {other} is of others.")


def _held_out_report(run: Path, config: Config) -> dict[str, Any]:
    report = read_report(run / "report/metrics.json", "evaluate")
    if not report["summary"]["held_out"]:
        raise TrainerError(f"Expected a run that left sources out, got {run}, which left none.")
    same = replace(Config.load(run / "config.json"), hold_out_sources=(), start_from="")
    if same != replace(config, start_from=""):
        raise TrainerError(f"Expected a run with the same configuration, {run} has another.")
    if "slices" not in report or not (run / ANSWERS).exists():
        raise TrainerError(f"{run} was evaluated by an older trainer: run 'evaluate' again.")
    return report


def calibrate_on(runs: Sequence[Path], reports: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Temperature and threshold on the sources that the first run left out, if there is one.

    ``crops`` is how many of each label there were, ``sources`` their names.
    """
    if not runs:
        return None
    answers, report = np.load(runs[0] / ANSWERS), reports[0]
    labels = list(report["parts"]["test"]["labels"])
    counts = np.bincount(answers["targets"], minlength=len(labels)).tolist()
    return calibrate(answers["probabilities"], answers["targets"]) | {
        "crops": dict(zip(labels, counts, strict=True)),
        "sources": report["data"]["held_out"]["sources"],
    }


def read_report(path: Path, step: str) -> dict[str, Any]:
    """The JSON file that a step wrote into the run.

    Raises:
        TrainerError: it was not run.
    """
    if not path.exists():
        raise TrainerError(f"Expected {path.name} in the run, there is none: run '{step}' first.")
    return json.loads(path.read_text(encoding="utf-8"))
