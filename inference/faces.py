"""Finding faces with BlazeFace; twin of ``web/static/js/faces.js``.

`inference.centerface.CenterFace` is the other finder behind the same interface.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from inference.contract import WEIGHTS, FinderSettings, read_checked
from inference.geometry import Box, Floats, Image, iou, sample
from inference.litert import LiteRtModel

Point = tuple[float, float]


class Face(NamedTuple):
    """A face as a finder gives it."""

    box: Box
    score: float
    """How sure the finder is, 0 to 1."""
    points: tuple[Point, ...]
    """Right eye, left eye (the person's), nose, mouth; in pixels of the picture."""


class FaceFinder(Protocol):
    """What finds the faces of a picture."""

    settings: FinderSettings

    def find(self, image: Image) -> list[Face]:
        """The faces of a picture (uint8, height × width × 3, RGB), the surest first."""
        ...


def anchors() -> Floats:
    """Centres of BlazeFace's 896 anchors: float32, shape (896, 2), x and y in 0 to 1.

    Two a cell on a grid of 16 × 16, then six a cell on 8 × 8 (Bazarevsky et al. 2019, "BlazeFace:
    Sub-millisecond Neural Face Detection on Mobile GPUs", section 3.2). All have unit size.
    """
    grids = []
    for cells, each in ((16, 2), (8, 6)):
        y, x = np.mgrid[:cells, :cells]
        centres = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / cells
        grids.append(np.repeat(centres, each, axis=0))
    return np.concatenate(grids).astype(np.float32)


def merge(faces: list[Face], iou_threshold: float) -> list[Face]:
    """One face for each heap of overlapping ones: their mean, weighted by score.

    The mean is steadier from frame to frame than the best box alone (BlazeFace, section 3.4).
    """
    rest = sorted(faces, key=lambda face: -face.score)
    merged = []
    while rest:
        heap = [face for face in rest if iou(rest[0].box, face.box) > iou_threshold]
        merged.append(_mean(heap or rest[:1]))
        rest = [face for face in rest[1:] if face not in heap]
    return merged


def _mean(heap: list[Face]) -> Face:
    weights = np.array([face.score for face in heap])
    boxes = np.average([face.box for face in heap], axis=0, weights=weights)
    points = np.average([face.points for face in heap], axis=0, weights=weights)
    return Face(Box(*boxes.tolist()), heap[0].score, tuple((x, y) for x, y in points.tolist()))


class BlazeFace:
    """BlazeFace, back model: for webcams and streams, where faces are large."""

    def __init__(self, settings: FinderSettings, folder: Path = WEIGHTS) -> None:
        """Load the weights.

        Raises:
            ModelError: they are missing or not the ones that the settings name.
        """
        self.settings = settings
        self._model = LiteRtModel(read_checked(folder / settings.file, settings.sha256))
        self._anchors = anchors()

    def find(self, image: Image) -> list[Face]:
        """The faces of a picture (uint8, height × width × 3, RGB), the surest first."""
        frame = self._frame(image)
        return self._see(self._input(image, frame), frame)

    def find_in(self, image: Image, view: Box) -> list[Face]:
        """The same, of a square part of a picture; in pixels of the whole."""
        size = self.settings.input_size
        return self._see(sample(image, view, size, size) / 127.5 - 1, view)

    def _see(self, pixels: Floats, frame: Box) -> list[Face]:
        raw, logits = self._model.run(pixels[None])
        scale = frame.width / self.settings.input_size
        return self.decode(raw[0], logits[0, :, 0], scale, frame)

    def _frame(self, image: Image) -> Box:
        """The square, centred on the picture, that the net sees."""
        height, width = image.shape[:2]
        half = max(height, width) * (0.5 + self.settings.padding)
        return Box(width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half)

    def _input(self, image: Image, frame: Box) -> Floats:
        """The net's input, range -1 to 1; what lies beyond the picture is 0, a middle grey."""
        size = self.settings.input_size
        height, width = image.shape[:2]
        scale = size / frame.width
        inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
        left, top = (size - inner_width) // 2, (size - inner_height) // 2
        canvas = np.zeros((size, size, 3), np.float32)
        inner = sample(image, Box(0, 0, width, height), inner_width, inner_height)
        canvas[top : top + inner_height, left : left + inner_width] = inner / 127.5 - 1
        return canvas

    def decode(self, raw: Floats, logits: Floats, scale: float, frame: Box) -> list[Face]:
        """Faces from the net's outputs.

        Args:
            raw: shape (896, 16): centre x and y, width, height, then x and y of six points, in
                pixels of the net's input, relative to the anchor.
            logits: shape (896,).
            scale: pixels of the picture to one of the input.
            frame: the square of the picture that the input shows.
        """
        size = self.settings.input_size
        threshold = self.settings.score_threshold
        scores = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100)))
        faces = []
        for i in np.flatnonzero(scores >= threshold):
            values = raw[i].astype(np.float64).reshape(8, 2)
            values[0] += self._anchors[i] * size
            values[2:] += self._anchors[i] * size
            (x, y), (w, h) = values[0], values[1]
            box = Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
            points = values[2:6] * scale + (frame.left, frame.top)
            faces.append(
                Face(
                    box.scaled(scale).moved(frame.left, frame.top),
                    float(scores[i]),
                    tuple((px, py) for px, py in points.tolist()),
                )
            )
        return merge(faces, self.settings.iou_threshold)
