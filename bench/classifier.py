"""The classifier's figures beside its goals: ``python -m bench.classifier``.

Sources left out of training, calibration and the gap of train and test come from the report that
the trainer wrote (``models/``); the scenes are measured now (`bench.scenes`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, NamedTuple

from bench.scenes import run as measure_scenes
from inference.contract import MODELS, Contract

TWO, THREE = "two classes", "three classes"
LEFT_OUT = {("chandrikadeb7", "vyivanov"): 0.98, ("rmfd_part1", "rmfd_part2", "yawdd"): 0.975}


class Goal(NamedTuple):
    """A share and what it shall be."""

    measured_on: str
    figure: str
    limit: float
    found: float | None
    """None where it was not measured."""
    least: bool = True
    """Whether the limit is the least that the share may be, or the most."""

    def __str__(self) -> str:
        sign = "≥" if self.least else "≤"
        start = f"{self.measured_on:<46} {self.figure:<25} {sign} {self.limit:>6.1%}"
        if self.found is None:
            return f"{start}       –  not measured"
        reached = self.found >= self.limit if self.least else self.found <= self.limit
        return f"{start} {self.found:>7.1%}  {'reached' if reached else 'MISSED'}"


def left_out(report: Path) -> list[Goal]:
    """The sources left out of training, a run each."""
    told = {}
    for path in sorted(report.glob("held_out_*/metrics.json")):
        metrics = json.loads(path.read_text(encoding="utf-8"))
        sources = tuple(metrics["data"]["held_out"]["sources"])
        told[sources] = metrics["summary"]["held_out"]["two_classes"]["value"]
    return [
        Goal(f"left out: {', '.join(sources)}", TWO, limit, told.get(sources))
        for sources, limit in LEFT_OUT.items()
    ]


def scenes(told: dict[str, Any]) -> list[Goal]:
    """Street and group photos, by the boxes of each finder and by those drawn by hand."""
    photos, near, drawn = told["centerface"], told["blazeface"], told["drawn by hand"]
    where = "scenes, CenterFace's boxes"
    return [
        Goal(where, TWO, 0.975, photos["two_classes"]["value"]),
        Goal(where, "balanced", 0.97, photos["balanced"]),
        Goal(where, THREE, 0.95, photos["three_classes"]["value"]),
        Goal(where, "recall of incorrect_mask", 0.8, photos["incorrect_recall"]["value"]),
        Goal("scenes, BlazeFace's boxes", TWO, 0.965, near["two_classes"]["value"]),
        Goal("scenes, hand-drawn boxes", TWO, 0.965, drawn["two_classes"]["value"]),
        Goal("scenes, all faces", "found and right", 0.945, photos["found_and_right"]["value"]),
    ]


def honesty(measured: dict[str, Any]) -> list[Goal]:
    """Calibration on the sources left out, and overfitting."""
    told = measured.get("calibration") or {}
    shares = {name: told.get(name, {}).get("value") for name in ("right", "unsure")}
    gap = measured["overfitting"]["gap_points"] / 100
    return [
        Goal("left-out sources, definite verdicts", "label right", 0.99, shares["right"]),
        Goal("left-out sources", "unsure", 0.1, shares["unsure"], least=False),
        Goal("train against test", "gap", 0.02, gap, least=False),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    models = parser.parse_args().models
    measured = Contract.load(models / "contract.json").measured
    found = scenes(measure_scenes(models, "val"))
    print(*left_out(models / "report"), *found, *honesty(measured), sep="\n")


if __name__ == "__main__":
    main()
