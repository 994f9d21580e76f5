"""Frames of video files, read by OpenCV."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inference.errors import VideoError
from inference.vision.geometry import Image

_MAX_STEP_MS, _MAX_STEP_FRAMES = 10_000.0, 10
_MAX_RATE = 240.0
_DEFAULT_RATE = 25.0  # frames per second of a source that gives none


@dataclass(frozen=True)
class VideoFrame:
    """One frame of a video."""

    image: Image
    """uint8, shape (height, width, 3), RGB."""
    at_ms: float
    """Since the beginning of the source; never before the previous frame."""


class VideoFile:
    """All frames of a video file."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            VideoError: it cannot be read.
        """
        if not path.is_file():
            raise VideoError("No such file")
        silence_opencv()
        self._capture = cv2.VideoCapture(str(path.absolute()))  # "12:30.mp4" is no protocol
        if not self._capture.isOpened():
            raise VideoError(
                "Expected a video that OpenCV can read, got a damaged or unsupported file."
            )
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.rate = rate if 0 < rate <= _MAX_RATE else _DEFAULT_RATE
        """Frames per second; a default if the file gives none that is plausible."""
        self.length = max(0, round(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        """Number of frames according to the file; 0 if unknown."""
        self.repaired = False
        """Whether implausible timestamps were replaced so far."""

    def frames(self) -> Iterator[VideoFrame]:
        """Every frame.

        A timestamp that goes back or jumps ahead, as in exports of recorders, is replaced by the
        frame rate's.

        Raises:
            VideoError: after the last frame, if many are missing: the file is incomplete.
        """
        read, at_ms, last_stamp_ms = 0, 0.0, 0.0
        try:
            while (image := read_next(self._capture)) is not None:
                stamp_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
                at_ms += self._step_ms(stamp_ms - last_stamp_ms) if read else 0.0
                last_stamp_ms = stamp_ms
                read += 1
                yield VideoFrame(image, at_ms)
        finally:
            self._capture.release()
        # The length is often estimated from the duration: too high if frames are uneven.
        expected = 0.95 * self.length - 2
        missing = read < expected and at_ms < expected * 1000 / self.rate and not self.repaired
        if read == 0 or missing:
            raise VideoError(f"The video is incomplete: {read} of {self.length} frames were read.")

    def _step_ms(self, stamped_ms: float) -> float:
        """The time between two frames: what their timestamps say, if that is plausible."""
        usual_ms = 1000 / self.rate
        if 0 < stamped_ms <= max(_MAX_STEP_MS, _MAX_STEP_FRAMES * usual_ms):
            return stamped_ms
        self.repaired |= stamped_ms != 0  # some formats have none
        return usual_ms


def silence_opencv() -> None:
    """Silence OpenCV and FFmpeg, whose problems are reported in own messages."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # read when the first video is opened
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def read_next(capture: cv2.VideoCapture) -> Image | None:
    """Return the next frame: uint8, RGB; None at the end or if it cannot be decoded."""
    try:
        good, image = capture.read()
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), np.uint8) if good else None
    except cv2.error:
        return None
