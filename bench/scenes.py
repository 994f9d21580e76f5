"""Accuracy on street and group photos that the model never saw: ``python -m bench.scenes``.

Prints, for the boxes of each finder and for the hand-drawn ones, how many labelled faces of at
least 16 pixels were found, how many of those were judged rightly, and the whole pipeline's share.
The photos stay in ``../shared/data/scenes``; SHARED_DATA names another place.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from inference import MaskDetector, read_picture
from inference.contract import MODELS, ROOT
from inference.geometry import Box, Image, iou
from inference.masks import MaskClassifier, crop
from trainer.metrics import share
from trainer.pictures import LabelledBox, read_boxes

DATA = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared/data"))
SMALLEST = 16
MATCH = 0.4
"""Least overlap (IoU) of a found box with a labelled one."""

Scene = tuple[Image, list[LabelledBox]]
Found = tuple[Box, np.ndarray]


def read_scenes(part: str) -> list[Scene]:
    """The photos of a part with their labelled boxes."""
    boxes = read_boxes(DATA / f"scenes/{part}.csv")
    return [(read_picture(photo), faces) for photo, faces in sorted(boxes.items())]


def match(faces: list[tuple[Box, str]], found: list[Found]) -> list[tuple[str, np.ndarray | None]]:
    """For each labelled face its label and the probabilities of the box that fits it best."""
    pairs = sorted(
        ((iou(box, seen[0]), i, j) for i, (box, _) in enumerate(faces)
         for j, seen in enumerate(found)),
        reverse=True,
    )  # fmt: skip
    partner: dict[int, int] = {}
    for overlap, i, j in pairs:
        if overlap >= MATCH and i not in partner and j not in partner.values():
            partner[i] = j
    return [
        (label, found[partner[i]][1] if i in partner else None)
        for i, (box, label) in enumerate(faces)
        if max(box.width, box.height) >= SMALLEST
    ]


def by_finder(detector: MaskDetector, image: Image) -> list[Found]:
    """The boxes that a detector finds, with their probabilities."""
    return [
        (verdict.box, np.array(list(verdict.probabilities.values())))
        for verdict in detector.detect(image)
        if verdict.probabilities
    ]


def by_hand(classifier: MaskClassifier, scale: float, size: int, scene: Scene) -> list[Found]:
    """The labelled boxes themselves, judged."""
    image, faces = scene
    crops = np.stack([crop(image, box, scale, size) for box, _ in faces])
    return list(zip([box for box, _ in faces], classifier.classify(crops), strict=True))


def score(matched: list[tuple[str, np.ndarray | None]], labels: list[str]) -> dict[str, Any]:
    """All figures of one way of finding faces; shares of nothing are none."""
    judged = [(labels.index(label), int(p.argmax())) for label, p in matched if p is not None]
    truth, answer = (np.array(column) for column in zip(*judged, strict=True))
    masked = truth == 0
    right = masked == (answer == 0)
    wrongly = (
        truth == labels.index("incorrect_mask") if "incorrect_mask" in labels else masked & ~masked
    )
    return {
        "found": share(len(judged), len(matched)),
        "two_classes": share(int(right.sum()), len(right)),
        "balanced": round(float((right[masked].mean() + right[~masked].mean()) / 2), 4),
        "three_classes": share(int((truth == answer).sum()), len(truth)),
        "incorrect_recall": share(
            int((answer[wrongly] == truth[wrongly]).sum()), int(wrongly.sum())
        ),
        "found_and_right": share(int(right.sum()), len(matched)),
    }


def run(models: Path, part: str) -> dict[str, Any]:
    """The figures for each way of finding faces."""
    scenes = read_scenes(part)
    result = {}
    for finder in ("centerface", "blazeface"):
        detector = MaskDetector(finder, models)
        matched = [m for image, faces in scenes for m in match(faces, by_finder(detector, image))]
        result[finder] = score(matched, detector.contract.labels)
    contract = detector.contract
    classifier = MaskClassifier(contract, models.parent)
    scale = contract.finders["centerface"].crop_scale
    matched = [
        m
        for scene in scenes
        for m in match(scene[1], by_hand(classifier, scale, contract.input_size, scene))
    ]
    result["drawn by hand"] = score(matched, contract.labels)
    return result


def main() -> None:
    """Print the table, and JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--part", choices=("val", "train"), default="val")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.models, options.part)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    columns = ("found", "two_classes", "balanced", "three_classes", "incorrect_recall",
               "found_and_right")  # fmt: skip
    print(f"{'boxes':<15}" + "".join(f"{name:>18}" for name in columns))
    for name, figures in result.items():
        cells = [figures[c] if c == "balanced" else figures[c]["value"] for c in columns]
        print(f"{name:<15}" + "".join(f"{cell:>18.2%}" for cell in cells))


if __name__ == "__main__":
    main()
