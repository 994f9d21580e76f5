"""The classifier's figures beside its goals: ``python -m bench.classifier``.

Sources left out of training, calibration and the gap of train and test come from the report that the
trainer wrote (``models/``); the scenes are measured now (`bench.scenes`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.scenes import measure
from inference import MaskDetector
from inference.contract import MODELS

LEFT_OUT = {("chandrikadeb7", "vyivanov"): 0.98, ("rmfd_part1", "rmfd_part2", "yawdd"): 0.975}
SCENES = {
    ("detected", "two_classes"): 0.975,
    ("detected", "balanced"): 0.97,
    ("detected", "three_classes"): 0.95,
    ("detected", "incorrect_recall"): 0.8,
    ("detected", "end_to_end_16"): 0.945,
    ("drawn by hand", "two_classes"): 0.965,
}


class Goal(NamedTuple):
    """A share and its limit."""

    figure: str
    limit: float
    value: float | None
    """None where it was not measured."""
    at_least: bool = True

    def __str__(self) -> str:
        start = f"{self.figure:<64} {'≥' if self.at_least else '≤'} {self.limit:>6.1%}"
        if self.value is None:
            return f"{start}       –  not measured"
        reached = self.value >= self.limit if self.at_least else self.value <= self.limit
        return f"{start} {self.value:>7.1%}  {'reached' if reached else 'MISSED'}"


def goals(models: Path, step: int) -> Iterator[Goal]:
    """All goals with what was measured."""
    reports = [json.loads(path.read_text(encoding="utf-8"))
               for path in sorted((models / "report").glob("held_out_*/metrics.json"))]  # fmt: skip
    shares = {
        tuple(one["data"]["held_out"]["sources"]): one["summary"]["held_out"] for one in reports
    }
    for sources, limit in LEFT_OUT.items():
        value = shares[sources]["two_classes"]["value"] if sources in shares else None
        yield Goal(f"left out: {', '.join(sources)}, two classes", limit, value)
    detector = MaskDetector(models)
    scenes = measure(detector, "val", step)
    for (boxes, figure), limit in SCENES.items():
        yield Goal(f"scenes, {boxes}: {figure}", limit, scenes[boxes][figure]["value"])
    measured = detector.contract.measured
    calibration = measured.get("calibration") or {"right": {}, "unsure": {}}
    right, unsure = (calibration[name].get("value") for name in ("right", "unsure"))
    yield Goal("left-out sources, definite verdicts right", 0.99, right)
    yield Goal("left-out sources, unsure", 0.1, unsure, at_least=False)
    gap = measured["overfitting"]["gap_points"] / 100
    yield Goal("train against test, gap", 0.02, gap, at_least=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--step", type=int, default=1, help="measure every n-th photo")
    options = parser.parse_args()
    print(*goals(options.models, options.step), sep="\n")
