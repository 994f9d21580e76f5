"""Accuracy on street and group photos that the model never saw: ``python -m bench.scenes``.

Recall is of the labelled faces of at least 16 or 32 pixels; precision of the detections of at least
16, and reads low, since not every real face is labelled. *End to end* is the share of all labelled
faces that are detected and, by their top class, classified correctly as mask or not. The photos stay
in ``../shared/data/scenes``; SHARED_DATA names another place. `bench.live` and `bench.page` measure
the same of the live pipeline and of the page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from bench.clips import DATA
from bench.tables import print_table
from inference import MaskDetector, read_picture
from inference.labels import UNSURE
from inference.vision.geometry import Box, Image, iou
from trainer.data.boxes.read import LabelledBox, read_boxes
from trainer.evaluate.metrics import proportion

SMALLEST, LARGER = 16, 32
MATCH = 0.4
"""Minimum IoU of a detection with a labelled box."""

Scene = tuple[Image, list[LabelledBox]]


class Found(NamedTuple):
    """A face as a verdict or a track reports it."""

    box: Box
    label: str
    probabilities: Mapping[str, float]


Result = tuple[list[LabelledBox], list[Found]]
"""The labelled faces of a photo, and what was found."""


def read_scenes(part: str, step: int = 1) -> list[Scene]:
    """Each `step`-th photo of a part with its labelled boxes."""
    boxes = read_boxes(DATA / f"scenes/{part}.csv")
    return [(read_picture(photo), faces) for photo, faces in sorted(boxes.items())[::step]]


def match(faces: list[Box], found: list[Box], least: float = MATCH) -> dict[int, int]:
    """Pairs of indices of boxes that are the same, each used once, best overlap first."""
    pairs = sorted(
        ((iou(a, b), i, j) for i, a in enumerate(faces) for j, b in enumerate(found)), reverse=True
    )
    partners: dict[int, int] = {}
    for overlap, i, j in pairs:
        if overlap >= least and i not in partners and j not in partners.values():
            partners[i] = j
    return partners


def side(box: Box) -> float:
    return max(box.width, box.height)


def rescaled(result: Result, factor: float) -> Result:
    """A result in other pixels."""
    faces, found = result
    return (
        [(box.scaled(factor), label) for box, label in faces],
        [one._replace(box=one.box.scaled(factor)) for one in found],
    )


def score(results: Iterable[Result], labels: list[str]) -> dict[str, Any]:
    """All figures; those of classes are of the detected faces of at least 16 pixels."""
    seen: list[tuple[float, str, Found | None]] = []  # side, true label, what was found there
    detections = true = 0
    for faces, found in results:
        partners = match([box for box, _ in faces], [one.box for one in found])
        seen += [
            (side(box), label, found[partners[i]] if i in partners else None)
            for i, (box, label) in enumerate(faces)
        ]
        large = {j for j, one in enumerate(found) if side(one.box) >= SMALLEST}
        detections += len(large)
        true += len(large & set(partners.values()))
    figures: dict[str, Any] = {}
    for least in (SMALLEST, LARGER):
        there = [(label, one) for pixels, label, one in seen if pixels >= least]
        right = sum(
            (label == labels[0]) == (_top(one) == labels[0])
            for label, one in there
            if one and one.probabilities
        )
        figures[f"recall_{least}"] = proportion(
            sum(one is not None for _, one in there), len(there)
        )
        figures[f"end_to_end_{least}"] = proportion(right, len(there))
    figures["precision"] = proportion(true, detections)
    classified = [
        (label, one)
        for pixels, label, one in seen
        if one and one.probabilities and pixels >= SMALLEST
    ]
    return figures | (_classes(classified, labels) if classified else {})


def _top(one: Found | None) -> str:
    return max(one.probabilities, key=lambda label: one.probabilities[label]) if one else ""


def _classes(pairs: list[tuple[str, Found]], labels: list[str]) -> dict[str, Any]:
    truth = np.array([label for label, _ in pairs])
    answer = np.array([_top(one) for _, one in pairs])
    definite = np.array([one.label != UNSURE for _, one in pairs])
    masked = truth == labels[0]
    right = masked == (answer == labels[0])
    return {
        "two_classes": _share(right),
        "balanced": {"value": round(float((right[masked].mean() + right[~masked].mean()) / 2), 4)},
        "unmasked_right": _share(right[truth == "without_mask"]),
        "three_classes": _share(truth == answer),
        "incorrect_recall": _share((truth == answer)[truth == "incorrect_mask"]),
        "definite_right": _share(right[definite]),
        "unsure": _share(~definite),
    }


def _share(right: np.ndarray) -> dict[str, Any]:
    return proportion(int(right.sum()), len(right))


def photos(detector: MaskDetector, scenes: list[Scene]) -> list[Result]:
    """What server, command line and page report of photos."""
    return [
        (faces, [Found(v.box, v.label, v.probabilities) for v in detector.detect(image)])
        for image, faces in scenes
    ]


def by_hand(detector: MaskDetector, scenes: list[Scene]) -> list[Result]:
    """The labelled boxes themselves, classified."""
    results = []
    for image, faces in scenes:
        rows = detector.classify(image, [box for box, _ in faces])
        sure = [max(row.values(), default=0) >= detector.contract.unsure_below for row in rows]
        found = [
            Found(box, "" if definite else UNSURE, row)
            for (box, _), row, definite in zip(faces, rows, sure, strict=True)
        ]
        results.append((faces, found))
    return results


def measure(detector: MaskDetector, part: str, step: int = 1) -> dict[str, dict[str, Any]]:
    """The figures for CenterFace's boxes and for those drawn by hand."""
    scenes, labels = read_scenes(part, step), detector.contract.labels
    return {
        "detected": score(photos(detector, scenes), labels),
        "drawn by hand": score(by_hand(detector, scenes), labels),
    }


def read_options(text: str | None) -> argparse.Namespace:
    """The command line of the benches on scenes."""
    parser = argparse.ArgumentParser(description=text)
    parser.add_argument("--part", choices=("val", "train"), default="val")
    parser.add_argument("--step", type=int, default=1, help="measure every n-th photo")
    return parser.parse_args()


if __name__ == "__main__":
    options = read_options(__doc__)
    print_table(measure(MaskDetector(), options.part, options.step))
