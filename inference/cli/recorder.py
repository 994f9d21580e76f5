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

LONGEST_GAP = 2000
"""Milliseconds of a still picture that a gap becomes at most, as when a stream was lost."""
_CLOCK = Fraction(1, 1000)
# The file grows by fragments, so that what was written can be played even where the program is cut
# off; closing makes a plain MP4 of it, in which every player can seek.
_CONTAINER = {"movflags": "+hybrid_fragmented", "flush_packets": "1"}
_CODEC = {"preset": "superfast", "crf": "25", "g": "60"}  # 2 ms a picture of 640 × 480


class Recorder:
    """A video file in which each picture has its own time, however unevenly they come."""

    def __init__(self, path: Path, longest: float = math.inf) -> None:
        """Nothing is written before the first picture.

        Args:
            path: an mp4 file; the video's, with `VIDEO_COPY` behind.
            longest: milliseconds after which the next file begins, whose name gets a number. For
                live sources: the index of a file grows in memory, and old files can be deleted.
        """
        self.path = path
        self._later = islice(numbered(path.name.removesuffix(VIDEO_COPY), VIDEO_COPY), 1, None)
        self._longest = longest
        self._container: OutputContainer | None = None
        self._stream: VideoStream
        self._last = -1  # milliseconds at which the last picture is shown
        self._skipped = 0.0  # milliseconds before the first picture, and of gaps

    def write(self, image: Image, at: float) -> None:
        """Show a picture from `at` on.

        Args:
            image: uint8, shape (height, width, 3), RGB; fitted to the size of the first.
            at: in milliseconds since the beginning; not less than the last one's.

        Raises:
            VideoError: the file cannot be written.
        """
        try:
            if self._last >= self._longest:
                self._begin_next()
            if self._container is None:
                self._open(image)
                self._skipped = at
            self._skipped += max(0, at - self._skipped - self._last - LONGEST_GAP)
            self._last = max(self._last + 1, round(at - self._skipped))
            self._encode(image)
        except (av.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def _begin_next(self) -> None:
        self.close()
        self.path = self.path.with_name(next(self._later))
        self._last = -1

    def _open(self, image: Image) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._container = av.open(str(self.path), "w", format="mp4", options=_CONTAINER)
        height, width = image.shape[:2]
        self._stream = self._container.add_stream("libx264", options=_CODEC)
        self._stream.width, self._stream.height = max(2, width & ~1), max(2, height & ~1)
        self._stream.pix_fmt = "yuv420p"  # which wants even sides; other formats few players know
        self._stream.codec_context.time_base = _CLOCK
        self._container.start_encoding()  # fails at once where nothing can be written

    def _encode(self, image: Image) -> None:
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame = frame.reformat(self._stream.width, self._stream.height, self._stream.pix_fmt)
        frame.pts, frame.time_base = self._last, _CLOCK
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
        """Let go of the file: FFmpeg crashes if one that failed is written on."""
        container, self._container = self._container, None
        if container:
            with contextlib.suppress(av.FFmpegError, OSError):
                container.close()
        return VideoError(f"{self.path} cannot be written: {reason(error)}.")
