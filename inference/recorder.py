"""Writes annotated videos."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from inference.capture import to_rgb
from inference.errors import VideoError
from inference.geometry import Image

LONGEST_GAP = 2000.0
"""Milliseconds of a still picture that a gap becomes at most, as when a stream was lost."""


class Recorder:
    """A video file in which everything happens at its time, however unevenly pictures come."""

    def __init__(self, path: Path, rate: float) -> None:
        """Nothing is written before the first picture.

        Args:
            path: an mp4 file.
            rate: pictures a second.
        """
        self.path = path
        self._rate = rate
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._last: Image | None = None
        self._written = 0
        self._late = 0.0  # milliseconds of gaps that were left out

    def write(self, image: Image, at: float) -> None:
        """Show a picture from `at` on.

        Args:
            image: uint8, shape (height, width, 3), RGB; fitted to the size of the first.
            at: in milliseconds since the beginning; not less than the last one's.

        Raises:
            VideoError: the file cannot be written.
        """
        if self._writer is None:
            self._late = at
            self._writer = self._open(image)
        gap = at - self._late - self._written * 1000 / self._rate
        if gap > LONGEST_GAP:
            self._late += gap - LONGEST_GAP
        due = round((at - self._late) * self._rate / 1000) + 1 - self._written
        picture = to_rgb(image)
        if (picture.shape[1], picture.shape[0]) != self._size:
            picture = np.asarray(cv2.resize(picture, self._size), np.uint8)
        for i in range(due):
            shown = picture if i == due - 1 or self._last is None else self._last
            self._writer.write(shown)
        self._written += max(0, due)
        self._last = picture

    def _open(self, image: Image) -> cv2.VideoWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._size = (image.shape[1], image.shape[0])
        code = cv2.VideoWriter.fourcc(*"mp4v")
        writer = cv2.VideoWriter(str(self.path), code, self._rate, self._size)
        if not writer.isOpened():
            raise VideoError(f"{self.path} cannot be written.")
        return writer

    def close(self) -> None:
        """Finish the file; before, it cannot be played."""
        if self._writer is not None:
            self._writer.release()
