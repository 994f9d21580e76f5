"""Connects to cameras (OpenCV) and network streams (FFmpeg, whose errors say why that failed)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

import av
import cv2
import numpy as np
from av.container import InputContainer

from inference.cli.capture import read_next, silence_opencv
from inference.errors import VideoError
from inference.vision.geometry import Image

TIMEOUT_S = 10.0
"""A stream that sends nothing for this time is lost."""
SNAPSHOT_INTERVAL_S = 1.0
"""Time between two requests for the picture of a camera that serves single pictures."""
_MAX_DAMAGED = 250  # packets in a row, after which a stream is lost


class SourceUnavailable(VideoError):
    """A camera or stream cannot be opened now; the text is the end of a sentence."""


class SourceRefused(SourceUnavailable):
    """A stream refuses the user name or password; another attempt could lock the account."""


class Capture(Protocol):
    """An open camera or stream."""

    def read(self) -> Image | None:
        """Return the next frame: uint8, shape (height, width, 3), RGB; None at the end."""

    def release(self) -> None:
        """Close it."""


class Camera:
    """A camera of this computer."""

    def __init__(self, address: str | int) -> None:
        """Open the camera by its number or device.

        Raises:
            SourceUnavailable: it cannot be opened.
        """
        silence_opencv()
        self._capture = cv2.VideoCapture(address)
        if not self._capture.isOpened():
            raise SourceUnavailable("no such camera, or another program uses it")

    def read(self) -> Image | None:
        """See `Capture`."""
        return read_next(self._capture)

    def release(self) -> None:
        """See `Capture`."""
        self._capture.release()


class NetworkStream:
    """A network stream, or the picture at an address that serves single pictures."""

    def __init__(self, address: str) -> None:
        """Connect.

        Raises:
            SourceRefused: the user name or password is wrong or missing.
            SourceUnavailable: it cannot be opened for another reason.
        """
        self._address = address
        self._container = _open(address)
        name = self._container.format.name
        self._is_snapshot = name == "image2" or name.endswith("_pipe")
        self._due_s = time.monotonic() + SNAPSHOT_INTERVAL_S
        self._frames = self._decode()

    def read(self) -> Image | None:
        """See `Capture`; waits for the next request of a single picture."""
        image = next(self._frames, None)
        return self._poll() if image is None and self._is_snapshot else image

    def _poll(self) -> Image | None:
        """Request the picture again when it is due; None after `TIMEOUT_S` without one."""
        last_s = time.monotonic()
        while time.monotonic() - last_s < TIMEOUT_S:
            time.sleep(max(0.0, self._due_s - time.monotonic()))
            self._due_s = time.monotonic() + SNAPSHOT_INTERVAL_S
            self._container.close()
            try:
                self._container = _open(self._address)
            except SourceRefused:
                return None  # another attempt could lock the account
            except SourceUnavailable:
                continue
            self._frames = self._decode()
            if (image := next(self._frames, None)) is not None:
                return image
        return None

    def _decode(self) -> Iterator[Image]:
        """Yield the frames; skips damaged packets."""
        stream = self._container.streams.video[0]
        stream.thread_type = "SLICE"  # threads for whole frames would delay them
        damaged = 0
        with suppress(av.FFmpegError):  # the stream has ended
            for packet in self._container.demux(stream):
                try:
                    frames = packet.decode()
                    damaged = 0
                except av.error.InvalidDataError:
                    frames = []
                    damaged += 1
                if damaged > _MAX_DAMAGED:
                    return
                for frame in frames:
                    yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)

    def release(self) -> None:
        """See `Capture`."""
        self._container.close()


def connect(address: str | int) -> Capture:
    """Open a camera or a stream; a step of it that takes longer than `TIMEOUT_S` fails.

    Raises:
        SourceRefused: the user name or password is wrong or missing.
        SourceUnavailable: it cannot be opened for another reason.
    """
    if isinstance(address, int) or address.startswith("/dev/"):
        return Camera(address)
    return NetworkStream(address)


def _open(address: str) -> InputContainer:
    av.logging.set_level(None)
    # Pictures: FFmpeg would take "%20d" in an address for the pattern of a sequence.
    options = {"rtsp_flags": "prefer_tcp", "pattern_type": "none"}
    try:
        container = av.open(address, options=options, timeout=(TIMEOUT_S, TIMEOUT_S))
    except av.error.HTTPUnauthorizedError:
        raise SourceRefused("the user name or password is wrong or missing (401)") from None
    except (av.FFmpegError, ValueError) as error:
        raise SourceUnavailable(_reason(error)) from None
    if container.streams.video:
        return container
    container.close()
    raise SourceUnavailable("no video at this address")


def _reason(error: Exception) -> str:
    """Return why a stream cannot be opened. FFmpeg's own text would repeat the password."""
    if isinstance(error, av.error.HTTPNotFoundError):
        return "no stream at this path (404)"
    if isinstance(error, av.error.HTTPForbiddenError):
        return "access is denied (403)"
    if isinstance(error, av.error.ExitError | av.error.TimeoutError):
        return f"no answer within {TIMEOUT_S:g} s"
    if isinstance(error, av.error.InvalidDataError):
        return "no video at this address"
    text = str(getattr(error, "strerror", None) or "not reachable")
    return text[0].lower() + text[1:] if text[1:2].islower() else text
