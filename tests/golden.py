"""The values that Python and its twins in the browser must share: ``python -m tests.golden``.

It writes ``tests/golden.json``; pytest, node's tests and the browser tests read that file. The
picture of the geometry is a formula, so that both sides make it without a file.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from inference.contract import WEIGHTS
from inference.labels import LABELS as LABEL_TABLE
from inference.labels import WORDS
from inference.results import PhotoResult, write_csv
from inference.vision.annotate import alternatives, border_boxes, line_width
from inference.vision.centerface import decode, letterbox
from inference.vision.detections import suppress
from inference.vision.detector import MaskDetector, Verdict
from inference.vision.faces import crop, decide
from inference.vision.geometry import Box, Floats, Image, iou, sample, square_around, taps
from inference.vision.placement import Placement, place_labels
from serving.texts import summary
from tests.frames import FRAMES
from trainer.config import detector_settings

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
    (Box(10, 20, 30, 50), 1.0, 0.0),
    (Box(10, 20, 40, 25), 1.5, 0.1),
    (Box(-4.5, -2.25, 3.5, 9.75), 0.8, -0.25),
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
LETTERBOXED = 20  # longer side on the canvas
GRID = (6, 8)  # rows and columns of the heads to decode
SCORE = 0.5
KNOWN_SIDE = 64  # of the picture that the page checks its net with

LABELS = ["with_mask", "without_mask", "incorrect_mask"]
DECISIONS = [
    (np.array([0.9, 0.08, 0.02]), 0.6),
    (np.array([0.25, 0.7, 0.05]), 0.7),
    (np.array([0.3, 0.3, 0.4]), 0.6),
    (np.array([0.45, 0.45, 0.1]), 0.4),
]
LABEL_CASES = [  # the labels of the faces of a picture
    ["with_mask"],
    ["too_small"],
    ["without_mask", "with_mask", "without_mask"],
    ["unsure", "unsure"],
    ["too_small", "unsure", "incorrect_mask", "without_mask", "with_mask"],
]
LABEL_SIZES = [(30.0, 10.0), (20.0, 10.0), (10.0, 10.0)]
PLACEMENT_CASES: list[list[Box]] = [  # the faces of a picture of 100 × 100
    [],
    [Box(20, 50, 60, 80)],
    [Box(20, 5, 60, 80)],
    [Box(20, 5, 60, 95)],
    [Box(-20, -9, 120, 105)],
    [Box(90, 50, 95, 60)],
    [Box(-5, 50, 25, 60), Box(200, 50, 230, 60)],
    [Box(20, 50, 60, 80), Box(15, 36, 45, 48)],
    [Box(20, 50, 60, 80), Box(35, 0, 100, 100)],
    [Box(20, 50, 60, 80), Box(0, 0, 100, 100)],
    [Box(10 * i + 1, 12 * j + 3, 10 * i + 8, 12 * j + 12) for i in range(9) for j in range(7)],
    [Box(12 * i + 1, 12 * j + 3, 12 * i + 8, 12 * j + 12) for i in range(8) for j in range(7)],
    [Box(-5, 40, 8, 48), Box(0, 50, 100, 100), Box(0, 0, 100, 38), Box(9, 39, 100, 49)],
]
PREVIOUS = (1, "below-right")
CROP = (Box(12.5, 6.0, 28.0, 25.5), 1.3, 0.1, 8)  # box, scale, shift, size


def picture() -> Image:
    """The formula's picture: uint8, shape (30, 40, 3), RGB."""
    y, x, c = np.ogrid[:HEIGHT, :WIDTH, :3]
    return ((x * 7 + y * 13 + c * 29 + ((x * y) >> 3)) & 255).astype(np.uint8)


def known_picture() -> Floats:
    """The picture that the page checks its net with: shape (1, 3, 64, 64)."""
    pixels = np.arange(KNOWN_SIDE * KNOWN_SIDE * 3) * 7919 % 251
    return pixels.reshape(1, KNOWN_SIDE, KNOWN_SIDE, 3).transpose(0, 3, 1, 2).astype(np.float32)


def make() -> dict[str, Any]:
    """Everything in golden.json, as Python answers now.

    Raises:
        ModelError: the weights or the model are missing.
    """
    parts = {
        "geometry": _geometry,
        "centerface": _centerface,
        "masks": _masks,
        "frames": _frames,
        "words": _words,
        "annotate": _annotate,
        "results": _results,
    }
    return {name: _plain(part()) for name, part in parts.items()}


def _geometry() -> dict[str, Any]:
    image = picture()
    names = ("start", "length", "size", "limit")
    return {
        "iou": [{"a": a, "b": b, "iou": iou(a, b)} for a, b in PAIRS],
        "square_around": [
            {"box": b, "scale": s, "shift": d, "square": square_around(b, s, d)}
            for b, s, d in SQUARES
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


def _centerface() -> dict[str, Any]:
    settings = detector_settings()
    canvas, scale = letterbox(picture(), LETTERBOXED)
    heads = _heads().round(3)
    channels = heads.transpose(2, 0, 1).astype(np.float64)
    heat = 1 / (1 + np.exp(-channels[0]))
    candidates = decode(heat, channels[1:3], channels[3:5], channels[5:], SCORE)
    return {
        "letterbox": {
            "side": LETTERBOXED,
            "shape": canvas.shape,
            "scale": scale,
            "rows": canvas[:15, :20].reshape(15, -1).astype(int),
        },
        "heads": {"columns": GRID[1], "values": heads.ravel().tolist()},
        "settings": {
            "score_threshold": SCORE,
            "iou_threshold": settings.iou_threshold,
            "containment_threshold": settings.containment_threshold,
        },
        "decoded": [one._asdict() for one in candidates],
        "kept": [one._asdict() for one in suppress(candidates, settings)],
        "known_means": _known_means(),
    }


def _heads() -> Floats:
    """Random outputs of the net, shape (rows, columns, 15): logit, log sizes, offsets, points."""
    generator = np.random.default_rng(7)
    heads = generator.normal(0, 1, (*GRID, 15))
    heads[..., 1:3] = heads[..., 1:3] / 3 + 0.8
    return heads.astype(np.float32)


def _known_means() -> list[float]:
    session = onnxruntime.InferenceSession((WEIGHTS / "centerface.onnx").read_bytes())
    name = session.get_inputs()[0].name
    heat, *others = session.run(("537", "538", "539", "540"), {name: known_picture()})
    means = [one.mean(axis=(0, 2, 3)) for one in (np.log(heat / (1 - heat)), *others)]
    return [round(float(mean), 4) for mean in np.concatenate(means)]


def _masks() -> dict[str, Any]:
    box, scale, shift, size = CROP
    asked = ("probabilities", "labels", "unsure_below")
    decisions = [
        dict(zip(asked, (probabilities, LABELS, below), strict=True))
        | dict(zip(("label", "probability"), decide(probabilities, LABELS, below), strict=True))
        for probabilities, below in DECISIONS
    ]
    values = _values(crop(picture(), *CROP))
    return {
        "decide": decisions,
        "crop": {"box": box, "scale": scale, "shift": shift, "size": size, "values": values},
    }


def _frames() -> dict[str, Any]:
    detector = MaskDetector()
    return {
        name: [asdict(verdict) | {"box": verdict.box} for verdict in detector.detect(make_frame())]
        for name, make_frame in FRAMES.items()
    }


def _words() -> dict[str, Any]:
    def of(labels: list[str]) -> list[Verdict]:
        return [Verdict(Box(0, 0, 1, 1), 1.0, label, 1.0, {}) for label in labels]

    sentences = [{"labels": labels, "sentence": summary(of(labels))} for labels in LABEL_CASES]
    return {"labels": WORDS, "sentences": sentences}


def _annotate() -> dict[str, Any]:
    box = Box(20, 50, 60, 80)
    return {
        "line_width": [
            {"width": w, "height": h, "boxes": boxes, "line": line_width(w, h, boxes)}
            for w, h in ((64, 48), (640, 480), (480, 840), (1800, 1000), (4000, 3000))
            for boxes in ([], [box], [box, Box(0, 0, 200, 220), Box(5, 5, 17, 20)])
        ],
        "borders": [
            {"label": name, "boxes": border_boxes(box, label.border, 3)}
            for name, label in LABEL_TABLE.items()
        ],
        "placements": [
            {"boxes": boxes, "previous": known, "placed": _placed(boxes, known)}
            for boxes in PLACEMENT_CASES
            for known in (False, True)
        ],
        "texts": [
            {"label": label, "number": number, "faces": faces, "texts": texts}
            for label in LABEL_TABLE
            for number, faces in (("", 1), ("", 10), ("7", 2), ("7", 10))
            for texts in [alternatives(Verdict(box, 1.0, label, 0.964, {}), number, faces)]
        ],
    }


def _placed(boxes: list[Box], known: bool) -> list[Placement]:
    """The labels of faces, if `known` after a frame in which all of them were at `PREVIOUS`."""
    previous = [Placement(*PREVIOUS, box) for box in boxes] if known else []
    sizes = [LABEL_SIZES] * len(boxes)
    return place_labels(boxes, sizes, 2, (100, 100), previous, 3 if known else 0)


def _results() -> dict[str, Any]:
    probabilities = {"with_mask": 0.98765, "without_mask": 0.01, "incorrect_mask": 0.00235}
    verdict = Verdict(Box(1.25, 2.0, 30.04, 40.0), 0.87654, "with_mask", 0.98765, probabilities)
    small = Verdict(Box(-1.0, 0.0, 5.0, 6.0), 0.5, "too_small", 0.0, {})
    photos = [
        PhotoResult('street, "one".jpg', 64, 48, (verdict, small)).as_dict(),
        PhotoResult("=HYPERLINK(1).png", 10, 20).as_dict(),
        PhotoResult("notes.txt", error="This is not a picture.").as_dict(),
    ]
    table = io.StringIO()
    write_csv(table, photos)
    return {"photos": photos, "csv": table.getvalue()}


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
