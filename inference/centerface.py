"""Finding faces with CenterFace: for photos, where faces are many and small. Python only."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.contract import WEIGHTS, FinderSettings, read_checked
from inference.errors import ModelError
from inference.faces import Face
from inference.geometry import Box, Floats, Image

_OUTPUTS = ("537", "538", "539", "540")  # heat map, log sizes, offsets, points
_STRIDE = 4  # pixels of the input to a cell of the outputs
_MULTIPLE = 32  # the net halves its input five times

# Enlarged pictures show more small faces: of those in street scenes of 512 pixels 97 % are found at
# 800, 96 % as they are. A masked face that fills the picture is better seen small: 93 % are found
# at 256 pixels, 86 % at 560. So each picture is looked at twice, the second time for large faces.
_ENLARGED = 1.6
_SMALL_SIDE = 256
_FILLING = 0.3
"""Height of a large face in longer sides of the picture."""
_WITHIN = 0.7
"""A box of which a larger part lies within another is a part of that face, found by itself."""
_MOST_FACES = 2000  # the surest; no photo shows more


class _Net:
    """The net in OpenCV, for pictures of one size: for another size it is set up anew, 50 ms."""

    def __init__(self, content: bytes) -> None:
        self._net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
        # With fused layers OpenCV 4.14 answers wrongly once the input's shape has changed.
        self._net.enableFusion(False)
        self._lock = threading.Lock()  # it holds the state of its run

    def run(self, canvas: Image) -> list[Floats]:
        """The net's outputs, in the order of `_OUTPUTS`."""
        with self._lock:
            self._net.setInput(cv2.dnn.blobFromImage(canvas))
            return [np.asarray(output, np.float32) for output in self._net.forward(_OUTPUTS)]


class CenterFace:
    """CenterFace (Xu et al. 2019, "CenterFace: Joint Face Detection and Alignment Using Face as
    Point"), run by OpenCV.
    """

    def __init__(self, settings: FinderSettings, folder: Path = WEIGHTS) -> None:
        """Load the weights.

        Raises:
            ModelError: they are missing or not the ones that the settings name.
        """
        self.settings = settings
        content = read_checked(folder / settings.file, settings.sha256)
        try:
            self._large, self._small = _Net(content), _Net(content)
        except cv2.error as error:
            raise ModelError(f"{settings.file} is not an ONNX model: {error.err}") from None

    def find(self, image: Image) -> list[Face]:
        """The faces of a picture (uint8, height × width × 3, RGB), the surest first."""
        longest = max(image.shape[:2])
        side = min(self.settings.input_size, max(round(longest * _ENLARGED), _SMALL_SIDE))
        faces = self._find_at(self._large, image, side)
        if side > 1.5 * _SMALL_SIDE:  # about the same size would show nothing new
            filling = self._find_at(self._small, image, _SMALL_SIDE)
            faces += [face for face in filling if face.box.height > _FILLING * longest]
        return self._keep(faces)

    def rest(self) -> None:
        """Give back what the last large picture took, 150 MB; the next one takes 50 ms longer."""
        self._large.run(np.zeros((_MULTIPLE, _MULTIPLE, 3), np.uint8))

    def _find_at(self, net: _Net, image: Image, side: int) -> list[Face]:
        """Faces in a picture enlarged or reduced to a longer side of `side`, also the same twice."""
        canvas, scale, rim = self._canvas(image, side)
        outputs = net.run(canvas)
        if not all(np.isfinite(output).all() for output in outputs):
            raise ModelError("CenterFace answered with something that is not a number.")
        heat, sizes, offsets, points = outputs
        faces = self._decode(heat[0, 0], sizes[0], offsets[0], points[0])
        return [_to_picture(face, scale, rim) for face in faces]

    def _canvas(self, image: Image, side: int) -> tuple[Image, float, int]:
        """The picture with a longer side of `side` and a rim, its scale and the rim's pixels."""
        height, width = image.shape[:2]
        rim = round(side * self.settings.padding)
        scale = side / max(height, width)
        inner = (max(1, round(width * scale)), max(1, round(height * scale)))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        resized = cv2.resize(image, inner, interpolation=way)
        right, bottom = (-(side + 2 * rim) % _MULTIPLE for side in inner)
        canvas = cv2.copyMakeBorder(
            resized, rim, rim + bottom, rim, rim + right, cv2.BORDER_CONSTANT
        )
        return np.asarray(canvas, np.uint8), scale, rim

    def _decode(self, heat: Floats, sizes: Floats, offsets: Floats, points: Floats) -> list[Face]:
        """Faces in pixels of the canvas; each array's last two axes are the rows and columns."""
        faces = []
        for row, column in np.argwhere(heat >= self.settings.score_threshold):
            height, width = np.exp(sizes[:, row, column]) * _STRIDE
            y, x = (offsets[:, row, column] + (row + 0.5, column + 0.5)) * _STRIDE
            left, top = x - width / 2, y - height / 2
            at = points[:, row, column].reshape(5, 2)
            spots = [(float(left + px * width), float(top + py * height)) for py, px in at]
            mouth = ((spots[3][0] + spots[4][0]) / 2, (spots[3][1] + spots[4][1]) / 2)
            faces.append(
                Face(
                    Box(float(left), float(top), float(left + width), float(top + height)),
                    float(heat[row, column]),
                    (*spots[:3], mouth),
                )
            )
        return faces

    def _keep(self, faces: list[Face]) -> list[Face]:
        """The surest of those that are one face: that overlap, or lie one within the other."""
        if not faces:
            return []
        boxes = np.array([face.box for face in faces])
        corners = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
        scores = [face.score for face in faces]
        threshold, overlap = self.settings.score_threshold, self.settings.iou_threshold
        apart = cv2.dnn.NMSBoxes(corners.tolist(), scores, threshold, overlap, top_k=_MOST_FACES)
        order = sorted(map(int, apart), key=lambda i: -scores[i])
        return [faces[order[i]] for i in _not_within(boxes[order])]


def _not_within(boxes: NDArray[np.float64]) -> list[int]:
    """Which boxes, shape (n, 4), don't lie to a large part within, or round, one before them."""
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    kept: list[int] = []
    for i, box in enumerate(boxes):
        others = boxes[kept]
        sides = np.minimum(others[:, 2:], box[2:]) - np.maximum(others[:, :2], box[:2])
        shared = np.prod(np.maximum(sides, 0), axis=1)
        if not (shared > _WITHIN * np.minimum(areas[kept], areas[i])).any():
            kept.append(i)
    return kept


def _to_picture(face: Face, scale: float, rim: int) -> Face:
    return Face(
        face.box.moved(-rim, -rim).scaled(1 / scale),
        face.score,
        tuple(((x - rim) / scale, (y - rim) / scale) for x, y in face.points),
    )
