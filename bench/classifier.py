"""The classifier's figures beside its goals: ``python -m bench.classifier``.

Sources left out of training, calibration and the gap of train and test come from the report that the
trainer wrote (``models/``); the scenes are measured now (`bench.scenes`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

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


def goal(figure: str, limit: float, value: float | None, at_least: bool = True) -> str:
    """A share beside its limit; `value` is None if it was not measured."""
    start = f"{figure:<64} {'≥' if at_least else '≤'} {limit:>6.1%}"
    if value is None:
        return f"{start}       –  not measured"
    reached = value >= limit if at_least else value <= limit
    return f"{start} {value:>7.1%}  {'reached' if reached else 'MISSED'}"


def goals(models: Path, step: int) -> Iterator[str]:
    """All goals beside what was measured."""
    reports = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((models / "report").glob("held_out_*/metrics.json"))
    ]
    shares = {
        tuple(one["data"]["held_out"]["sources"]): one["summary"]["held_out"] for one in reports
    }
    for sources, limit in LEFT_OUT.items():
        value = shares[sources]["two_classes"]["value"] if sources in shares else None
        yield goal(f"left out: {', '.join(sources)}, two classes", limit, value)
    detector = MaskDetector(models)
    scenes = measure(detector, "val", step)
    for (boxes, figure), limit in SCENES.items():
        yield goal(f"scenes, {boxes}: {figure}", limit, scenes[boxes][figure]["value"])
    measured = detector.contract.measured
    calibration = measured.get("calibration") or {"right": {}, "unsure": {}}
    right, unsure = (calibration[name].get("value") for name in ("right", "unsure"))
    yield goal("left-out sources, definite verdicts right", 0.99, right)
    yield goal("left-out sources, unsure", 0.1, unsure, at_least=False)
    gap = measured["overfitting"]["gap_points"] / 100
    yield goal("train against test, gap", 0.02, gap, at_least=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--step", type=int, default=1, help="measure every n-th photo")
    options = parser.parse_args()
    print(*goals(options.models, options.step), sep="\n")
