"""Runs that held sources out, to measure and calibrate on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from trainer.calibration import calibrate
from trainer.config import Config
from trainer.data.prepare import DATA, PREDICTIONS
from trainer.errors import TrainerError


def check_held_out(runs: Sequence[Path], config: Config) -> list[dict[str, Any]]:
    """Return the reports of held-out runs.

    They may differ from `config` only in the held-out sources and in the run that they start from.
    `check_photos` compares their photos.

    Raises:
        TrainerError: a run differs in other options, held nothing out, or was not evaluated.
    """
    return [_held_out_report(run, config) for run in runs]


def check_photos(runs: Sequence[Path], run: Path) -> None:
    """Check that runs have the same photos, crops and corrections as `run`.

    Raises:
        TrainerError: a run differs.
    """
    for other in runs:
        if (other / DATA).read_bytes() != (run / DATA).read_bytes():
            raise TrainerError(f"Expected a run of the same photos as {run}, got {other}.")


def _held_out_report(run: Path, config: Config) -> dict[str, Any]:
    report = read_report(run / "report/metrics.json", "evaluate")
    if not report["summary"]["held_out"]:
        raise TrainerError(f"Expected a run that held sources out, got {run}, which held none out.")
    same = replace(Config.load(run / "config.json"), hold_out_sources=(), start_from="")
    if same != replace(config, start_from=""):
        raise TrainerError(f"Expected a run with the same configuration, got {run}.")
    if "slices" not in report or not (run / PREDICTIONS).exists():
        raise TrainerError(f"{run} was evaluated by an older trainer: run 'evaluate' again.")
    return report


def calibrate_on(runs: Sequence[Path], reports: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Calibrate on the held-out sources of the first run, if any.

    Adds ``crops``, their number per label, and ``sources``, their names, to the result of
    `calibrate`.
    """
    if not runs:
        return None
    predictions, report = np.load(runs[0] / PREDICTIONS), reports[0]
    labels = list(report["parts"]["test"]["labels"])
    counts = np.bincount(predictions["targets"], minlength=len(labels)).tolist()
    return calibrate(predictions["probabilities"], predictions["targets"]) | {
        "crops": dict(zip(labels, counts, strict=True)),
        "sources": report["data"]["held_out"]["sources"],
    }


def read_report(path: Path, step: str) -> dict[str, Any]:
    """Read a JSON file that a step wrote.

    Raises:
        TrainerError: the step was not run.
    """
    if not path.exists():
        raise TrainerError(f"Expected {path.name} in the run, got none: run '{step}' first.")
    return json.loads(path.read_text(encoding="utf-8"))
