"""The detector's settings compared: ``python -m bench.detector --part train --step 3``.

For each setting and score threshold recall of the labelled faces of at least 16 and 32 pixels,
precision (at least 16), and the median milliseconds per photo. Choose settings on ``--part train``;
report ``--part val``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from tqdm import tqdm

from bench.scenes import Found, Scene, read_options, read_scenes, score
from inference import MaskDetector
from inference.vision.centerface import CenterFace
from inference.vision.detections import Detection
from inference.vision.geometry import Image

THRESHOLDS = (0.2, 0.25, 0.3, 0.4, 0.5)
CHANGES: dict[str, dict[str, float]] = {
    "photos, as shipped": {},
    "second pass 256": {"small_side": 256},
    "not enlarged": {"enlargement": 1.0},
    "up to 640": {"longest_side": 640},
    "up to 960": {"longest_side": 960, "enlargement": 2.0},
}
SIDES = (320, 480, 640)
Detect = Callable[[Image], list[Detection]]


def ways(detector: MaskDetector) -> dict[str, Detect]:
    """What is compared, by name."""
    least = THRESHOLDS[0]
    settings = replace(detector.contract.detector, score_threshold=least)
    once = detector.face_detector.detect_once
    photos = {
        name: CenterFace(replace(settings, **changes)).detect  # type: ignore[arg-type]
        for name, changes in CHANGES.items()
    }
    passes = {
        f"one pass, {side} px": partial(once, side=side, score_threshold=least) for side in SIDES
    }
    return {**photos, **passes}


def measure(detect: Detect, scenes: list[Scene], labels: list[str]) -> str:
    """The figures at each threshold, and the time."""
    durations, found = [], []
    for image, _ in tqdm(scenes, leave=False):
        started = time.perf_counter()
        found.append(detect(image))
        durations.append((time.perf_counter() - started) * 1000)
    cells = []
    for threshold in THRESHOLDS:
        kept = [
            [Found(one.box, "", {}) for one in photo if one.score >= threshold] for photo in found
        ]
        figures = score(zip((faces for _, faces in scenes), kept, strict=True), labels)
        values = [figures[name]["value"] * 100 for name in ("recall_16", "recall_32", "precision")]
        cells.append("{:5.1f} {:5.1f} {:5.1f}".format(*values))
    return f"{'   '.join(cells)}{np.median(durations):7.0f}"


def main() -> None:
    """Print the table."""
    options, detector = read_options(__doc__), MaskDetector()
    scenes = read_scenes(options.part, options.step)
    print(f"{len(scenes)} photos of {options.part}: recall ≥ 16 px, ≥ 32 px and precision in %")
    print(f"{'score threshold':<20}" + "".join(f"{t:<20}" for t in THRESHOLDS) + "  ms")
    for name, detect in ways(detector).items():
        print(f"{name:<20}{measure(detect, scenes, detector.contract.labels)}", flush=True)


if __name__ == "__main__":
    main()
