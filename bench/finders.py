"""Ways of finding faces, compared: ``python -m bench.finders [--sweep] [--json]``.

Recall is of the labelled faces of at least 24 pixels, precision of the finds of at least 24. For each
way the score threshold is chosen on every third photo of ``scenes/train.csv``: the one that finds most
at a precision of 80 %, else the one with the best F1. The table is measured on ``scenes/val.csv``. Many
real faces there are unlabelled, so that precision reads low: the last columns tell how many of the
finds that match no label are judged *too small* or *unsure*, and the precision of the rest.
Times are medians on a photo of one face, reading included.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

from bench.scenes import MATCH, read_scenes
from bench.server import photos, timed
from inference import MaskDetector, Verdict, read_picture
from inference.centerface import CenterFace
from inference.closer import SureFinder, possible
from inference.contract import Contract, FinderSettings
from inference.faces import BlazeFace, Face, FaceFinder
from inference.geometry import Box, Image, iou
from inference.masks import TOO_SMALL, UNSURE
from trainer.pictures import LabelledBox

SMALLEST = 24
PRECISE = 0.8
THRESHOLDS = [round(0.1 + 0.05 * i, 2) for i in range(17)]
TRAIN_STEP = 3


class At(CenterFace):
    """CenterFace at one size."""

    def __init__(self, settings: FinderSettings, side: int) -> None:
        super().__init__(settings)
        self._side = side

    def find(self, image: Image) -> list[Face]:
        return self._keep(self._find_at(self._large, image, self._side))


class Parts:
    """A finder on a picture and on its overlapping parts."""

    def __init__(self, finder: FaceFinder, levels: Iterable[int]) -> None:
        self.settings = finder.settings
        self._finder = finder
        self._levels = list(levels)

    def find(self, image: Image) -> list[Face]:
        faces = [face for parts in self._levels for box in tiles(image, parts)
                 for face in self._find_in(image, box)]  # fmt: skip
        return _apart(faces, self.settings.iou_threshold)

    def _find_in(self, image: Image, box: tuple[int, int, int, int]) -> list[Face]:
        left, top, right, bottom = box
        found = self._finder.find(np.ascontiguousarray(image[top:bottom, left:right]))
        return [face._replace(box=face.box.moved(left, top)) for face in found]


class Both:
    """The faces of two finders."""

    def __init__(self, first: FaceFinder, second: FaceFinder) -> None:
        self.settings = first.settings
        self._finders = (first, second)

    def find(self, image: Image) -> list[Face]:
        faces = [face for finder in self._finders for face in finder.find(image)]
        return _apart(faces, self.settings.iou_threshold)


def tiles(image: Image, parts: int) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of `parts` × `parts` tiles that overlap by a third of one."""
    height, width = image.shape[:2]
    share = 1 / (1 + (parts - 1) * 2 / 3)
    return [
        tuple(round(edge) for edge in (x * width, y * height, (x + share) * width,
                                       (y + share) * height))
        for y in (share * 2 / 3 * i for i in range(parts))
        for x in (share * 2 / 3 * i for i in range(parts))
    ]  # fmt: skip


def _apart(faces: list[Face], threshold: float) -> list[Face]:
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.score):
        if all(iou(face.box, other.box) <= threshold for other in kept):
            kept.append(face)
    return kept


def ways(contract: Contract) -> dict[str, Callable[[float], list[FaceFinder]]]:
    """What makes each way's finders for a threshold; a later one is asked where none is found."""
    centre, blaze = contract.finders["centerface"], contract.finders["blazeface"]

    def c(threshold: float) -> FinderSettings:
        return replace(centre, score_threshold=threshold)

    def b(threshold: float, padding: float = 0.0) -> FinderSettings:
        return replace(blaze, score_threshold=threshold, padding=padding)

    return {
        "CenterFace 640": lambda t: [At(c(t), 640)],
        "CenterFace 960": lambda t: [At(c(t), 960)],
        "CenterFace by size": lambda t: [CenterFace(c(t))],
        "the same, else BlazeFace": lambda t: [CenterFace(c(t)), BlazeFace(b(max(t, 0.7), 0.25))],
        "BlazeFace whole": lambda t: [BlazeFace(b(t))],
        "BlazeFace, looked at closer": lambda t: [SureFinder(BlazeFace(possible(blaze)), t)],
        "BlazeFace padded": lambda t: [BlazeFace(b(t, 0.25))],
        "BlazeFace tiled": lambda t: [Parts(BlazeFace(b(t)), (1, 2))],
        "BlazeFace pyramid": lambda t: [Parts(BlazeFace(b(t)), (1, 2, 3, 4))],
        "CenterFace and BlazeFace": lambda t: [
            Both(CenterFace(c(t)), Parts(BlazeFace(b(max(t, 0.7))), (1, 2)))
        ],
    }


class Counts(NamedTuple):
    """What was found in some photos."""

    labelled: int
    """Faces of at least `SMALLEST` pixels that have a label."""
    found: int
    """Of them."""
    finds: int
    """Of at least `SMALLEST` pixels."""
    true: int
    """Of them those that match a labelled face of any size."""
    quiet: int
    """Of the others those that are judged too small or unsure."""

    def figures(self) -> dict[str, float]:
        """Recall, precision and the share of the false finds that are never shown."""
        false = self.finds - self.true
        return {
            "recall": self.found / self.labelled,
            "precision": self.true / max(1, self.finds),
            "quiet": self.quiet / max(1, false),
            "shown": self.true / max(1, self.finds - self.quiet),
        }


def count(faces: list[LabelledBox], verdicts: list[Verdict]) -> Counts:
    """Compare one photo's finds with its labels, each matched with at most one, the best first."""
    boxes = [box for box, _ in faces]
    pairs = sorted(((iou(box, verdict.box), i, j) for i, box in enumerate(boxes)
                    for j, verdict in enumerate(verdicts)), reverse=True)  # fmt: skip
    matched: dict[int, int] = {}
    for overlap, i, j in pairs:
        if overlap >= MATCH and i not in matched and j not in matched.values():
            matched[i] = j
    large = {i for i, box in enumerate(boxes) if _side(box) >= SMALLEST}
    finds = {j for j, verdict in enumerate(verdicts) if _side(verdict.box) >= SMALLEST}
    true = finds & set(matched.values())
    quiet = sum(verdicts[j].label in (TOO_SMALL, UNSURE) for j in finds - true)
    return Counts(len(large), len(large & matched.keys()), len(finds), len(true), quiet)


def _side(box: Box) -> float:
    return max(box.width, box.height)


Seen = list[tuple[list[LabelledBox], list[Verdict]]]


def look(detector: MaskDetector, finders: list[FaceFinder], part: str, step: int = 1) -> Seen:
    """The labels and verdicts of each `step`-th photo of a part."""
    detector._finders = finders
    scenes = read_scenes(part)[::step]
    return [(faces, detector.detect(image)) for image, faces in tqdm(scenes, leave=False)]


def total(seen: Seen, threshold: float = 0.0) -> dict[str, float]:
    """The figures of the finds whose score reaches a threshold."""
    counts = [count(faces, [v for v in verdicts if v.score >= threshold])
              for faces, verdicts in seen]  # fmt: skip
    return Counts(*(sum(column) for column in zip(*counts, strict=True))).figures()


def choose(swept: dict[float, dict[str, float]]) -> float:
    """The threshold to take: see the head of this file."""
    enough = [t for t, figures in swept.items() if figures["precision"] >= PRECISE]
    if enough:
        return max(enough, key=lambda t: swept[t]["recall"])
    return max(swept, key=lambda t: _f1(swept[t]))


def _f1(figures: dict[str, float]) -> float:
    recall, precision = figures["recall"], figures["precision"]
    return 2 * recall * precision / max(1e-9, recall + precision)


def times(detector: MaskDetector, finders: list[FaceFinder], rounds: int) -> dict[str, int]:
    """Median milliseconds from bytes to faces, by the photo's name."""
    detector._finders = finders
    return {
        name: round(float(np.median([timed(lambda content=content: detector.find(read_picture(content)))
                                     for _ in range(rounds)])))
        for name, content in photos().items()
    }  # fmt: skip


def measure(names: list[str], step: int, rounds: int) -> dict[str, Any]:
    """All figures by the ways' names."""
    detector = MaskDetector("centerface")
    result = {}
    for name, make in ways(detector.contract).items():
        if names and name not in names:
            continue
        seen = look(detector, make(THRESHOLDS[0]), "train", step)
        swept = {t: total(seen, t) for t in THRESHOLDS}
        chosen = choose(swept)
        finders = make(chosen)
        val = total(look(detector, finders, "val"))
        result[name] = {"threshold": chosen, "val": val, "ms": times(detector, finders, rounds),
                        "sweep": swept}  # fmt: skip
    return result


def tell(result: dict[str, Any], sweep: bool) -> None:
    """Print the table, and each way's sweep where wanted."""
    columns = ("recall", "precision", "quiet", "shown")
    print(
        f"{'on val':<26}{'from':>6}" + "".join(f"{c:>11}" for c in columns) + "   ms small / 12 MP"
    )
    for name, way in result.items():
        cells = "".join(f"{way['val'][c]:>11.1%}" for c in columns)
        small, large = way["ms"].values()
        print(f"{name:<26}{way['threshold']:>6}{cells}{small:>12} / {large}")
        for threshold, figures in way["sweep"].items() if sweep else ():
            cells = "".join(f"{figures[c]:>11.1%}" for c in columns)
            print(f"{'  train':<26}{threshold:>6}{cells}")


def main() -> None:
    """Print the table, and JSON with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", action="append", default=[], help="one of the table's; else all")
    parser.add_argument("--step", type=int, default=TRAIN_STEP, help="choose on each n-th photo")
    parser.add_argument("--rounds", type=int, default=7, help="of timing")
    parser.add_argument("--sweep", action="store_true", help="the figures at each threshold, too")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.way, options.step, options.rounds)
    if options.json:
        print(json.dumps(result, indent=1))
    else:
        tell(result, options.sweep)


if __name__ == "__main__":
    main()
