"""The classifier's figures beside its goals: ``python -m bench.classifier``.

Sources left out of training and the gap of train and test come from the report that the trainer
wrote (``models/report``); the scenes are measured now (`bench.scenes`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

from bench.scenes import run as measure_scenes
from inference.contract import MODELS

TWO, THREE = "two classes", "three classes"


class Goal(NamedTuple):
    """A figure and what it shall be."""

    measured_on: str
    figure: str
    goal: str
    found: float
    reached: bool


def at_least(measured_on: str, figure: str, goal: float, told: Any) -> Goal:
    """A share that shall be reached; `told` is the share or a dictionary with its ``value``."""
    found = told["value"] if isinstance(told, dict) else told
    return Goal(measured_on, figure, f"≥ {goal:.1%}", found, found >= goal)


def left_out(report: Path) -> list[Goal]:
    """The sources left out of training, a run each."""
    goals = {"chandrikadeb7": 0.98, "rmfd_part1": 0.975}
    rows = []
    for path in sorted(report.glob("held_out_*/metrics.json")):
        metrics = json.loads(path.read_text(encoding="utf-8"))
        sources = metrics["data"]["held_out"]["sources"]
        goal = next((goals[name] for name in sources if name in goals), 0.975)
        told = metrics["summary"]["held_out"]["two_classes"]
        rows.append(at_least(f"left out: {', '.join(sources)}", TWO, goal, told))
    return rows


def scenes(told: dict[str, Any]) -> list[Goal]:
    """Street and group photos, by the boxes of each finder and by those drawn by hand."""
    photos = told["centerface"]
    where = "scenes, CenterFace's boxes"
    return [
        at_least(where, TWO, 0.975, photos["two_classes"]),
        at_least(where, "balanced", 0.97, photos["balanced"]),
        at_least(where, THREE, 0.95, photos["three_classes"]),
        at_least(where, "recall of incorrect_mask", 0.8, photos["incorrect_recall"]),
        at_least("scenes, BlazeFace's boxes", TWO, 0.965, told["blazeface"]["two_classes"]),
        at_least("scenes, hand-drawn boxes", TWO, 0.965, told["drawn by hand"]["two_classes"]),
        at_least("scenes, all faces", "found and right", 0.945, photos["found_and_right"]),
    ]


def overfitting(report: Path) -> Goal:
    """The gap of train and test."""
    metrics = json.loads((report / "metrics.json").read_text(encoding="utf-8"))
    gap = metrics["summary"]["overfitting"]["gap_points"] / 100
    return Goal("train against test", "gap", "≤ 2.0%", gap, gap <= 0.02)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    models = parser.parse_args().models
    report = models / "report"
    rows = [*left_out(report), *scenes(measure_scenes(models, "val")), overfitting(report)]
    for row in rows:
        word = "reached" if row.reached else "MISSED"
        print(f"{row.measured_on:<58} {row.figure:<25} {row.goal:>8} {row.found:>7.1%}  {word}")


if __name__ == "__main__":
    main()
