"""Pictures from video files, cameras and streams, by OpenCV."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from inference.errors import VideoError
from inference.vision.geometry import Image

TIMEOUT = 10_000
"""Milliseconds without a picture after which a stream is lost."""
_FASTEST = 240.0
_USUAL = 25.0  # pictures a second where a source does not say


class Capture(Protocol):
    """What is needed of a ``cv2.VideoCapture``."""

    def read(self) -> tuple[bool, np.ndarray]:
        """Whether there is a next picture, and it: uint8, height × width × 3, BGR."""

    def release(self) -> None:
        """Close it."""


@dataclass(frozen=True)
class Frame:
    """One picture."""

    image: Image
    """uint8, shape (height, width, 3), RGB."""
    at: float
    """Milliseconds since the source's beginning; never less than the last one's."""


class VideoFile:
    """The pictures of a video file, each of them."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            VideoError: it cannot be read.
        """
        if not path.is_file():
            raise VideoError("No such file")
        _quieten()
        self._capture = cv2.VideoCapture(str(path))
        if not self._capture.isOpened():
            raise VideoError("Expected a video that OpenCV reads; it is broken or of another kind.")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.rate = rate if 0 < rate <= _FASTEST else _USUAL
        """Pictures a second; a usual rate where it gives none that can be."""
        self.length = max(0, round(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        """Pictures that it should have; 0 where it does not say."""

    def frames(self) -> Iterator[Frame]:
        """Each picture, then the end.

        Raises:
            VideoError: after the last picture, if many are missing: the file is cut off.
        """
        read, at = 0, 0.0
        try:
            while (image := read_next(self._capture)) is not None:
                told = self._capture.get(cv2.CAP_PROP_POS_MSEC)
                at = max(at, told if told > 0 else read * 1000 / self.rate)
                read += 1
                yield Frame(image, at)
        finally:
            self._capture.release()
        # The length is often a guess from the time: too high where pictures come unevenly.
        least = 0.95 * self.length - 2
        if read == 0 or (read < least and at < least * 1000 / self.rate):
            raise VideoError(f"The video is cut off: {read} of {self.length} pictures were read.")


def _quieten() -> None:
    """Silence OpenCV and FFmpeg: what matters is told in sentences."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # read when the first video is opened
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def read_next(capture: Capture) -> Image | None:
    """The next picture; None where there is none or it is broken beyond reading."""
    try:
        good, image = capture.read()
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8) if good else None
    except cv2.error:
        return None


def connect(address: str | int) -> Capture | None:
    """Open a camera or a stream; None where that fails. It takes `TIMEOUT` at most."""
    _quieten()
    if isinstance(address, int) or address.startswith("/dev/"):
        camera = cv2.VideoCapture(address)
        return camera if camera.isOpened() else None
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, TIMEOUT, cv2.CAP_PROP_READ_TIMEOUT_MSEC, TIMEOUT]
    stream = cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)
    return stream if stream.isOpened() else None
