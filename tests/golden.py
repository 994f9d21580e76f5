"""The answers that Python and the browser's twins must share: ``python -m tests.golden``.

It writes ``tests/golden.json``; pytest, node's tests and the browser tests read that file. The
picture of the geometry is a formula, so that both sides make it without a file.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from inference.closer import SIDES, closer_view
from inference.contract import WEIGHTS, FinderSettings
from inference.detector import MaskDetector, Verdict
from inference.drawing import WORDS
from inference.faces import BlazeFace, Face, anchors, merge
from inference.geometry import Box, Image, iou, sample, square_around, taps
from inference.masks import crop, decide
from serving.words import summary
from tests.frames import FRAMES

GOLDEN = Path(__file__).with_name("golden.json")
WIDTH, HEIGHT = 40, 30
DIGITS = 6

PAIRS = [
    (Box(0, 0, 10, 10), Box(5, 5, 15, 15)),
    (Box(2.5, 1.25, 12.5, 9.25), Box(2.5, 1.25, 12.5, 9.25)),
    (Box(0, 0, 10, 10), Box(3, 4, 6, 8)),
    (Box(0, 0, 4, 4), Box(4, 0, 8, 4)),
    (Box(-6, -3, 4, 5), Box(20, 20, 30, 30)),
]
SQUARES = [
    (Box(10, 20, 30, 50), 1.0),
    (Box(10, 20, 40, 25), 1.5),
    (Box(-4.5, -2.25, 3.5, 9.75), 0.8),
]
STRETCHES = [  # start, length, size, limit
    (0.0, 8.0, 8, 8),
    (0.0, 4.0, 9, 4),
    (0.0, 40.0, 7, 40),
    (-3.5, 12.25, 5, 10),
    (9.3, 2.4, 6, 10),
    (0.0, 1.0, 3, 1),
]
SAMPLES = [  # box, width, height
    (Box(0, 0, WIDTH, HEIGHT), 8, 6),
    (Box(3.25, 2.5, 19.25, 14.5), 16, 12),
    (Box(10.1, 8.2, 15.3, 13.4), 9, 7),
    (Box(-7.5, 21.0, 12.5, 41.0), 6, 6),
]
HEAP = [
    Face(Box(10, 10, 50, 50), 0.9, ((20, 20), (40, 20), (30, 30), (30, 40))),
    Face(Box(100, 40, 130, 80), 0.95, ((108, 50), (122, 50), (115, 60), (115, 70))),
    Face(Box(14, 8, 54, 52), 0.6, ((24, 19), (44, 19), (34, 31), (34, 42))),
    Face(Box(34, 10, 74, 50), 0.7, ((44, 20), (64, 20), (54, 30), (54, 40))),
]
CLOSER = [Box(18, 12, 20, 15), Box(1, 25, 4, 29), Box(-5, -5, 30, 20), Box(37.5, 2, 42, 6.5)]
DECODED = [  # anchor, its 16 values, its logit
    (120, [3, -4, 60, 66, -14, -12, 16, -13, 1, 4, 2, 19, -30, -6, 33, -7], 2.5),
    (121, [-1, 2, 62, 60, -15, -11, 15, -12, 2, 5, 1, 18, -31, -5, 32, -6], 1.25),
    (122, [-9, -3, 58, 64, -24, -13, 6, -12, -8, 3, -7, 18, -40, -7, 23, -8], 0.75),
    (300, [0.5, 0.25, 20, 24, -5, -4, 6, -4, 0, 1, 0.5, 6, -9, -2, 11, -2], -0.5),
    (700, [-6, 5, 90, 96, -22, -19, 21, -18, 1, 6, 0, 28, -44, -9, 46, -10], 4.0),
]
FRAME = Box(0, -80, 640, 560)
LABELS = ["with_mask", "without_mask", "incorrect_mask"]
DECISIONS = [
    (np.array([0.9, 0.08, 0.02]), 0.6),
    (np.array([0.25, 0.7, 0.05]), 0.7),
    (np.array([0.3, 0.3, 0.4]), 0.6),
    (np.array([0.45, 0.45, 0.1]), 0.4),
]
SEEN = [  # the labels of the faces of a picture
    ["with_mask"],
    ["too_small"],
    ["without_mask", "with_mask", "without_mask"],
    ["unsure", "unsure"],
    ["too_small", "unsure", "incorrect_mask", "without_mask", "with_mask"],
]
CROP = (Box(12.5, 6.0, 28.0, 25.5), 1.3, 8)  # box, scale, size


def picture() -> Image:
    """The formula's picture: uint8, shape (30, 40, 3), RGB."""
    y, x, c = np.ogrid[:HEIGHT, :WIDTH, :3]
    return ((x * 7 + y * 13 + c * 29 + ((x * y) >> 3)) & 255).astype(np.uint8)


def blazeface() -> BlazeFace:
    """The finder of the golden faces, with settings that no training changes."""
    file = "face_detection_back.tflite"
    sources = json.loads((WEIGHTS / "sources.json").read_text(encoding="utf-8"))
    return BlazeFace(FinderSettings(file, sources["python"][file]["sha256"], 256, 0.5, 0.3, 1.0))


def make() -> dict[str, Any]:
    """Everything in golden.json, as Python answers now.

    Raises:
        ModelError: the weights or the model are missing.
    """
    parts = {
        "geometry": _geometry,
        "faces": _faces,
        "closer": _closer,
        "masks": _masks,
        "frames": _frames,
        "words": _words,
    }
    return {name: _plain(part()) for name, part in parts.items()}


def _geometry() -> dict[str, Any]:
    image = picture()
    names = ("start", "length", "size", "limit")
    return {
        "iou": [{"a": a, "b": b, "iou": iou(a, b)} for a, b in PAIRS],
        "square_around": [
            {"box": box, "scale": scale, "square": square_around(box, scale)}
            for box, scale in SQUARES
        ],
        "taps": [
            dict(zip(names, case, strict=True))
            | dict(zip(("indices", "weights"), taps(*case), strict=True))
            for case in STRETCHES
        ],
        "sample": [
            {"box": b, "width": w, "height": h, "values": _values(sample(image, b, w, h))}
            for b, w, h in SAMPLES
        ],
    }


def _faces() -> dict[str, Any]:
    centres, finder = anchors(), blazeface()
    raw, logits = np.zeros((896, 16), np.float32), np.full(896, -100, np.float32)
    for anchor, values, logit in DECODED:
        raw[anchor], logits[anchor] = values, logit
    scale = FRAME.width / finder.settings.input_size
    return {
        "anchors": {"count": len(centres), "first": centres[:6], "last": centres[-8:]},
        "merge": [
            {"faces": HEAP, "iou_threshold": threshold, "merged": merge(HEAP, threshold)}
            for threshold in (0.3, 0.2)
        ],
        "decode": {
            "raw": [
                {"anchor": anchor, "values": values, "logit": logit}
                for anchor, values, logit in DECODED
            ],
            "settings": asdict(replace(finder.settings, file="", sha256="")),
            "scale": scale,
            "frame": FRAME,
            "faces": finder.decode(raw, logits, scale, FRAME),
        },
    }


def _closer() -> list[dict[str, Any]]:
    return [
        {"box": box, "sides": sides, "width": WIDTH, "height": HEIGHT,
         "view": closer_view(box, picture(), sides)}
        for box in CLOSER
        for sides in SIDES
    ]  # fmt: skip


def _masks() -> dict[str, Any]:
    box, scale, size = CROP
    asked = ("probabilities", "labels", "unsure_below")
    decisions = [
        dict(zip(asked, (probabilities, LABELS, below), strict=True))
        | dict(zip(("label", "probability"), decide(probabilities, LABELS, below), strict=True))
        for probabilities, below in DECISIONS
    ]
    values = _values(crop(picture(), box, scale, size))
    return {
        "decide": decisions,
        "crop": {"box": box, "scale": scale, "size": size, "values": values},
    }


def _frames() -> dict[str, Any]:
    detector = MaskDetector("browser")
    return {
        name: [asdict(verdict) | {"box": verdict.box} for verdict in detector.detect(make_frame())]
        for name, make_frame in FRAMES.items()
    }


def _words() -> dict[str, Any]:
    def of(labels: list[str]) -> list[Verdict]:
        return [Verdict(Box(0, 0, 1, 1), 1.0, label, 1.0, {}) for label in labels]

    sentences = [{"labels": labels, "sentence": summary(of(labels))} for labels in SEEN]
    return {"labels": WORDS, "sentences": sentences}


def _values(image: np.ndarray) -> list[float]:
    return [round(value, 4) for value in image.ravel().tolist()]


def _plain(thing: Any) -> Any:
    """The same in what JSON knows, floats rounded to `DIGITS`."""
    if hasattr(thing, "_asdict"):
        thing = thing._asdict()
    if isinstance(thing, np.ndarray):
        thing = thing.tolist()
    if isinstance(thing, dict):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [_plain(value) for value in thing]
    return round(thing, DIGITS) if isinstance(thing, float) else thing


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(make(), separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"Wrote {GOLDEN.name}.")
