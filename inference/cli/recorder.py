"""Writes annotated videos that any browser plays: H.264 in MP4."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from inference.cli.sources import VIDEO_COPY, numbered
from inference.errors import VideoError, reason
from inference.vision.geometry import Image

MAX_GAP_MS = 2000
"""Longer gaps, as when a stream was lost, are shortened to this."""
_CLOCK = Fraction(1, 1000)
# The file grows by fragments, so that it can be played even if the program is killed; closing turns
# it into a plain MP4, in which every player can seek.
_CONTAINER = {"movflags": "+hybrid_fragmented", "flush_packets": "1"}
_CODEC = {"preset": "superfast", "crf": "25", "g": "60"}  # 2 ms per frame of 640 × 480


class Recorder:
    """A video file in which each frame has its own timestamp."""

    def __init__(self, path: Path, max_ms: float = math.inf) -> None:
        """Nothing is written before the first frame.

        Args:
            path: an mp4 file, ending in `VIDEO_COPY`.
            max_ms: length of a file, after which the next one starts, with a number in its name.
                For live sources: the index of a file grows in memory, and old files can be deleted.
        """
        self.path = path
        self._later = islice(numbered(path.name.removesuffix(VIDEO_COPY), VIDEO_COPY), 1, None)
        self._max_ms = max_ms
        self._container: OutputContainer | None = None
        self._stream: VideoStream
        self._last_ms = -1  # timestamp of the last frame
        self._skipped_ms = 0.0  # before the first frame, and of gaps

    def write(self, image: Image, at_ms: float) -> None:
        """Add a frame.

        Args:
            image: uint8, shape (height, width, 3), RGB; resized to the size of the first.
            at_ms: since the beginning; not before the previous frame.

        Raises:
            VideoError: the file cannot be written.
        """
        try:
            if self._last_ms >= self._max_ms:
                self._start_next()
            if self._container is None:
                self._open(image)
                self._skipped_ms = at_ms
            self._skipped_ms += max(0, at_ms - self._skipped_ms - self._last_ms - MAX_GAP_MS)
            self._last_ms = max(self._last_ms + 1, round(at_ms - self._skipped_ms))
            self._encode(image)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def _start_next(self) -> None:
        self.close()
        self.path = self.path.with_name(next(self._later))
        self._last_ms = -1

    def _open(self, image: Image) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._container = av.open(str(self.path), "w", format="mp4", options=_CONTAINER)
        height, width = image.shape[:2]
        self._stream = self._container.add_stream("libx264", options=_CODEC)
        self._stream.width, self._stream.height = max(2, width & ~1), max(2, height & ~1)
        self._stream.pix_fmt = "yuv420p"  # needs even sides; few players know other formats
        self._stream.codec_context.time_base = _CLOCK
        self._container.start_encoding()  # fails immediately if nothing can be written

    def _encode(self, image: Image) -> None:
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame = frame.reformat(self._stream.width, self._stream.height, self._stream.pix_fmt)
        frame.pts, frame.time_base = self._last_ms, _CLOCK
        if self._container:
            self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Finish the file.

        Raises:
            VideoError: it cannot be written.
        """
        if self._container is None:
            return
        try:
            self._container.mux(self._stream.encode())
            self._container.close()
            self._container = None
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> VideoError:
        """Close the file: FFmpeg crashes on further writes after a failure."""
        container, self._container = self._container, None
        if container:
            with contextlib.suppress(av.FFmpegError, OSError):
                container.close()
        return VideoError(f"{self.path} cannot be written: {reason(error)}.")
