"""Clips of a still scene through a bad webcam: it is panned, zoomed, out of focus now and then, its
light flickers, and frames are dropped. The same at every call.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np

from inference.vision.geometry import Floats, Image

RATE = 30
"""Frames a second: Chromium's fake camera plays JPEGs in a row so."""
NOISE = 2.5  # standard deviation of a pixel
CHANGE_EVERY = 2.0  # seconds


def still(scene: Image, seconds: float) -> Iterator[Image]:
    """A still scene as a bad camera shows it."""
    frame = scene
    for i in range(round(seconds * RATE)):
        moment = i / RATE
        if not _within(moment, 2.3, 0.3):  # else the frame is dropped: the last one stays
            frame = _exposed(_blurred(_moved(scene, moment), moment), moment, i)
        yield frame


def changing(scenes: list[Image], seconds: float) -> Iterator[Image]:
    """Scenes that take turns every `CHANGE_EVERY` seconds."""
    for i in range(round(seconds * RATE)):
        turn = int(i / RATE / CHANGE_EVERY)
        yield _exposed(_moved(scenes[turn % len(scenes)], i / RATE), 0, i)


def encoded(frames: Iterator[Image]) -> Iterator[bytes]:
    """Frames as JPEGs; in a row they are a clip for Chromium's fake camera."""
    for frame in frames:
        _, content = cv2.imencode(".jpg", frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
        yield content.tobytes()


def _within(moment: float, every: float, length: float) -> bool:
    """Whether it is the last `length` of each `every` seconds."""
    return moment % every >= every - length


def _moved(scene: Image, moment: float) -> Image:
    """Panned and zoomed all the time."""
    height, width = scene.shape[:2]
    x, y, zoom = (np.sin(2 * np.pi * moment / period) for period in (5, 3.7, 8))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2 * x, 1.08 + 0.08 * zoom)
    matrix = turn + np.array([[0, 0, 0.02 * width * x], [0, 0, 0.02 * height * y]])
    return np.asarray(
        cv2.warpAffine(scene, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    )


def _blurred(image: Image, moment: float) -> Image:
    """The camera jerks, or its focus is sought, for a moment."""
    if _within(moment, 4, 0.2):
        return np.asarray(cv2.blur(image, (45, 1)))
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 9)) if _within(moment, 7, 0.25) else image


def _exposed(image: Image, moment: float, seed: int) -> Image:
    """Flicker, a short overexposure and noise."""
    height, width = image.shape[:2]
    gain = 2 if _within(moment, 5, 0.2) else 1 + 0.15 * np.sin(2.1 * seed)
    noise = _noise(height, width)[37 * seed % height :][:height]
    return np.clip(image * np.float32(gain) + noise, 0, 255).astype(np.uint8)


@cache
def _noise(height: int, width: int) -> Floats:
    """Twice as high as a frame, so that each frame can have another part of it."""
    generator = np.random.default_rng(3)
    return generator.normal(0, NOISE, (2 * height, width, 1)).astype(np.float32)
