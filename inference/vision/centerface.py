"""Detects faces with CenterFace; twin of ``web/static/js/vision/centerface.js``.

Xu et al. 2019, "CenterFace: Joint Face Detection and Alignment Using Face as Point".
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image as Pillow

from inference.contract import WEIGHTS, DetectorSettings, read_verified
from inference.errors import ModelError
from inference.vision.detections import Detection, Point, suppress
from inference.vision.geometry import Box, Floats, Image, round_half_up

_OUTPUTS = ("537", "538", "539", "540")  # heat map, log sizes, offsets, points
_STRIDE = 4  # pixels of the input for each cell of the outputs
_MULTIPLE = 32  # the net halves its input five times


class CenterFace:
    """The face detector. Any number of threads may use one."""

    def __init__(
        self, settings: DetectorSettings, folder: Path = WEIGHTS, threads: int = 0
    ) -> None:
        """Load the weights.

        Args:
            threads: for one picture; 0 for one per core.

        Raises:
            ModelError: the weights are missing or not those that the settings name.
        """
        self.settings = settings
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False  # the arena would keep what the largest photo took
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # while it waits
        options.log_severity_level = 3
        content = read_verified(folder / settings.file, settings.sha256)
        try:
            self._session = onnxruntime.InferenceSession(content, options)
        except Exception as error:  # ONNX Runtime's exceptions have no common base
            raise ModelError(f"{settings.file} cannot be loaded: {error}") from None
        self._input = self._session.get_inputs()[0].name

    def detect(self, image: Image) -> list[Detection]:
        """Detect the faces of a photo.

        Small photos are enlarged, which shows more small faces. A face that fills the photo,
        above all one with a mask, is detected better when reduced, so there is a second pass.

        Args:
            image: uint8, shape (height, width, 3), RGB.

        Returns:
            The detections, best score first.

        Raises:
            ModelError: an output of the net is not finite.
        """
        settings = self.settings
        longest = max(image.shape[:2])
        side = max(round_half_up(longest * settings.enlargement), settings.small_side)
        side = min(side, settings.longest_side)
        candidates = self._run(image, side, settings.score_threshold)
        if side > 1.5 * settings.small_side:  # about the same size would show nothing new
            smallest = settings.large_face * longest
            second = self._run(image, settings.small_side, settings.score_threshold)
            candidates += [one for one in second if one.box.height > smallest]
        return suppress(candidates, settings)

    def detect_once(self, image: Image, side: int, score_threshold: float) -> list[Detection]:
        """Detect faces in a single pass, as for a frame of a video.

        Args:
            image: uint8, shape (height, width, 3), RGB.
            side: the longer side of the picture is resized to so many pixels.

        Returns:
            The detections, best score first.

        Raises:
            ModelError: an output of the net is not finite.
        """
        return suppress(self._run(image, side, score_threshold), self.settings)

    def _run(self, image: Image, side: int, score_threshold: float) -> list[Detection]:
        """Candidates, several for each face, in pixels of the picture."""
        canvas, scale = letterbox(image, side)
        pixels = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None])
        outputs = self._session.run(_OUTPUTS, {self._input: pixels})
        if not all(np.isfinite(output).all() for output in outputs):
            raise ModelError("Expected finite outputs of CenterFace, got NaN or infinity.")
        heat, sizes, offsets, points = (np.asarray(output[0], np.float64) for output in outputs)
        found = decode(heat[0], sizes, offsets, points, score_threshold)
        return [_scaled(one, 1 / scale) for one in found]


def letterbox(image: Image, side: int) -> tuple[Floats, float]:
    """Resize a picture and extend it, in black, to sides that the net can halve five times.

    Args:
        image: uint8, shape (height, width, 3), RGB.
        side: the picture's longer side on the canvas, in pixels.

    Returns:
        canvas: float32, shape (height, width, 3), RGB, 0 to 255.
        scale: pixels of the canvas for each pixel of the picture.
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    inner_width = max(1, round_half_up(width * scale))
    inner_height = max(1, round_half_up(height * scale))
    # Pillow's bilinear filter is the triangle of `geometry.taps`, and ten times as fast.
    resized = Pillow.fromarray(image).resize(
        (inner_width, inner_height), Pillow.Resampling.BILINEAR
    )
    sides = (-(-one // _MULTIPLE) * _MULTIPLE for one in (inner_height, inner_width))
    canvas = np.zeros((*sides, 3), np.float32)
    canvas[:inner_height, :inner_width] = np.asarray(resized)
    return canvas, scale


def decode(
    heat: NDArray[np.float64],
    sizes: NDArray[np.float64],
    offsets: NDArray[np.float64],
    points: NDArray[np.float64],
    score_threshold: float,
) -> list[Detection]:
    """Candidates in pixels of the canvas.

    Args:
        heat: shape (rows, columns), scores.
        sizes: shape (2, rows, columns), natural logarithms of height and width in cells.
        offsets: shape (2, rows, columns), y and x of the centre in cells.
        points: shape (10, rows, columns), y and x of five points, in heights and widths of the box.
    """
    rows, columns = np.nonzero(heat >= score_threshold)
    heights, widths = np.exp(sizes[:, rows, columns]) * _STRIDE
    ys, xs = (offsets[:, rows, columns] + (rows + 0.5, columns + 0.5)) * _STRIDE
    lefts, tops = xs - widths / 2, ys - heights / 2
    places = points[:, rows, columns].reshape(5, 2, -1)
    point_ys = tops + places[:, 0] * heights
    point_xs = lefts + places[:, 1] * widths
    scores = heat[rows, columns].tolist()
    boxes = np.stack([lefts, tops, lefts + widths, tops + heights], axis=1).tolist()
    marks = np.stack([point_xs, point_ys], axis=-1).transpose(1, 0, 2).tolist()
    return [
        Detection(Box(*box), score, (*map(tuple, mark[:3]), _middle(*mark[3:])))
        for box, score, mark in zip(boxes, scores, marks, strict=True)
    ]


def _middle(a: list[float], b: list[float]) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _scaled(one: Detection, factor: float) -> Detection:
    points = tuple((x * factor, y * factor) for x, y in one.points)
    return Detection(one.box.scaled(factor), one.score, points)
