"""Processes video files, cameras and streams, frame by frame."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from inference.cli.capture import VideoFile, VideoFrame
from inference.cli.connection import connect
from inference.cli.events import EventWriter, open_notifiers
from inference.cli.monitor import Monitor
from inference.cli.notifiers import Notifier
from inference.cli.options import Options
from inference.cli.recorder import Recorder
from inference.cli.sources import VIDEO_COPY, LiveSource, Videos, numbered
from inference.cli.stream import Backoff, Change, FrameReader
from inference.cli.terminal import print_message
from inference.cli.window import Window, has_display
from inference.errors import VideoError, reason
from inference.tracking.live import LiveDetector
from inference.tracking.track import Track
from inference.vision.annotate import annotate
from inference.vision.detector import MaskDetector
from inference.vision.geometry import Image
from inference.vision.placement import Placement

EVENTS = ".events.jsonl"
HOUR_MS = 3_600_000.0
"""Length of one file of a live source's copy."""


def process_videos(videos: Videos, options: Options) -> int:
    """Process video files and return 0, or 1 after a message about each that failed.

    Raises:
        ModelError: the model is missing or damaged.
    """
    detector = MaskDetector()  # for all of them
    failed = False
    with ExitStack() as stack:
        notifiers = open_notifiers(options, stack)
        for path, base in name_results(videos, options.out).items():
            try:
                _process_file(path, base, LiveDetector(detector), notifiers, options)
            except BrokenPipeError:  # stdout is not read any more
                raise
            except (VideoError, OSError) as error:
                print_message(f"{path}: {reason(error)}")
                failed = True
    return int(failed)


def name_results(videos: Videos, out: Path | None) -> dict[Path, Path]:
    """The output prefix of each video; videos of the same name get numbers.

    Args:
        out: the folder of the results; None to write beside the videos.
    """
    bases: dict[Path, Path] = {}
    for path in videos.paths:
        places = ((out or path.parent) / name for name in numbered(path.name))
        bases[path] = next(place for place in places if place not in bases.values())
    return bases


def _process_file(
    path: Path,
    base: Path,
    detector: LiveDetector,
    notifiers: list[Notifier],
    options: Options,
) -> None:
    video = VideoFile(path)
    kept = base if options.out or not options.no_copy else None
    bar = tqdm(
        video.frames(), path.name, video.length or None, unit=" frames", disable=None, leave=False
    )
    with closing(EventWriter(str(path), _named(kept, EVENTS), options.json, notifiers)) as events:
        VideoPipeline(detector, events, options).run(bar, kept, bool(options.window))
    if video.repaired:
        print_message(f"{path}: The timestamps jump; times are counted by the frame rate there.")


def process_live(source: LiveSource, options: Options) -> int:
    """Process a camera or stream until it is stopped; returns 0, or 1 without any frame.

    Raises:
        ModelError: the model is missing or damaged.
        VideoError: it cannot be opened and ``--once`` is set, or the copy cannot be written.
    """
    detector = LiveDetector(limit_load=True)
    shows = has_display() if options.window is None else options.window
    base = options.out and _reserve(options.out, source.stem)
    with ExitStack() as stack:
        reader = FrameReader(partial(connect, source.address), None if options.once else Backoff())
        stack.callback(reader.close)
        notifiers = open_notifiers(options, stack)
        events = EventWriter(source.name, _named(base, EVENTS), options.json, notifiers, live=True)
        stack.callback(events.close)
        try:
            VideoPipeline(detector, events, options).run(reader.items(), base, shows, reader)
        except VideoError as error:
            raise VideoError(f"{source.name}: {error}") from None
    return 0 if reader.frames else 1


def _reserve(folder: Path, stem: str) -> Path:
    """Reserve an output prefix that is unique to this run."""
    folder.mkdir(parents=True, exist_ok=True)
    names = numbered(f"{stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    while True:
        base = folder / next(names)
        with suppress(FileExistsError):
            Path(f"{base}{EVENTS}").touch(exist_ok=False)
            return base


def _named(base: Path | None, ending: str) -> Path | None:
    return Path(f"{base}{ending}") if base else None


class VideoPipeline:
    """Processes the frames of one source: reports events, records and shows annotated frames."""

    def __init__(self, detector: LiveDetector, events: EventWriter, options: Options) -> None:
        self._options = options
        self._detector = detector
        self._events = events
        self._monitor = Monitor(events.emit, events.notify, options.alerts)
        self._recorder: Recorder | None = None
        self._window: Window | None = None
        self._frames = 0
        self._placements: dict[int, Placement] = {}
        self._at_ms = 0.0  # of the last frame or change
        self._begun = self._first = time.monotonic()

    def run(
        self,
        items: Iterable[VideoFrame | Change | None],
        base: Path | None,
        shows: bool,
        reader: FrameReader | None = None,
    ) -> None:
        """Process all items until they end, the time is over or the user closes the window.

        Args:
            items: None only refreshes the window.
            base: output prefix; None for no copy.
            shows: whether to open a window.
            reader: reads the items; None for a file.

        Raises:
            ModelError: an output of a model is not finite.
            VideoError: the source is incomplete, or the copy cannot be written.
        """
        with ExitStack() as stack:
            if (path := _named(base, VIDEO_COPY)) and not self._options.no_copy:
                self._recorder = Recorder(path, HOUR_MS if reader else math.inf)
                stack.callback(self._recorder.close)
            if shows:
                self._open_window(stack)
            stack.callback(lambda: self._stop(reader.dropped if reader else 0))
            for item in items:
                self._handle(item)
                if self._is_over():
                    break

    def _open_window(self, stack: ExitStack) -> None:
        try:
            self._window = Window()
            stack.callback(self._window.destroy)
        except RuntimeError as error:
            print_message(f"No window: {error}.")

    def _is_over(self) -> bool:
        limit_s = self._options.seconds
        late = limit_s is not None and time.monotonic() - self._begun >= limit_s
        return late or (self._window is not None and self._window.closed)

    def _handle(self, item: VideoFrame | Change | None) -> None:
        if item is not None:
            self._at_ms = item.at_ms
        if isinstance(item, VideoFrame):
            self._process(item)
        elif isinstance(item, Change):
            self._detector.reset()
            self._monitor.stop(item.at_ms)
            reason = {"reason": item.reason} if item.reason else {}
            self._events.emit({"type": item.type, "at_ms": round(item.at_ms)} | reason)
        elif self._window:
            self._window.refresh()

    def _process(self, frame: VideoFrame) -> None:
        image = frame.image
        if self._frames == 0:
            self._first = time.monotonic()
            size = {"width": image.shape[1], "height": image.shape[0]}
            self._events.emit({"type": "start", "at_ms": round(frame.at_ms), **size})
        self._frames += 1
        tracks = self._track(image, frame.at_ms)
        self._monitor.update(tracks, frame.at_ms)
        if not (self._recorder or self._window):
            return
        ids = [track.id for track in tracks]
        drawn = annotate(image, tracks, ids, self._placements)
        if self._recorder:
            self._recorder.write(drawn, frame.at_ms)
        if self._window:
            self._window.show(drawn)

    def _track(self, image: Image, at_ms: float) -> list[Track]:
        """Return the faces of a frame, detected in a reduced one if it is large."""
        height, width = image.shape[:2]
        scale = self._options.detect_width_px / width
        if scale >= 1:
            return self._detector.track(image, at_ms)
        size = (self._options.detect_width_px, max(1, round(height * scale)))
        reduced = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        tracks = self._detector.track(reduced, at_ms)
        return [replace(track, box=track.box.scaled(1 / scale)) for track in tracks]

    def _stop(self, dropped: int) -> None:
        """End all alerts and emit the totals."""
        self._monitor.stop(self._at_ms)
        self._events.emit(
            {
                "type": "stop",
                "at_ms": round(self._at_ms),
                "frames": self._frames,
                "dropped": dropped,
                "rate": round(self._frames / max(time.monotonic() - self._first, 1e-3), 1),
                "totals": self._monitor.totals,
            }
        )
