"""Judges video files, cameras and streams, picture by picture."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from tqdm import tqdm

from inference.alarm import AlarmOptions
from inference.capture import Frame, VideoFile, connect
from inference.detector import MaskDetector
from inference.drawing import annotate
from inference.errors import VideoError
from inference.events import Events, make_notifiers
from inference.live import LiveDetector
from inference.notices import Notifier
from inference.recorder import Recorder
from inference.sources import Live, Videos
from inference.stream import Backoff, Change, LiveSource
from inference.terminal import say
from inference.watch import Watch
from inference.window import Window, has_display

COPY = ".masks.mp4"
EVENTS = ".events.jsonl"
FASTEST = 30.0
"""Pictures a second that are recorded of a live source at most."""


@dataclass
class Outputs:
    """Where the pictures of a video go."""

    events: Events
    recorder: Recorder | None = None
    window: Window | None = None

    @property
    def wants_pictures(self) -> bool:
        """Whether anybody looks at annotated pictures."""
        return self.recorder is not None or self.window is not None


def judge_videos(videos: Videos, options: argparse.Namespace) -> int:
    """Judge video files; 0 where each could be read, else 1 after a sentence on each other.

    Args:
        options: of the command line.

    Raises:
        ModelError: there is no model that works.
    """
    detector = MaskDetector(options.finder or "blazeface")
    failed = 0
    with _notifiers(options) as notifiers:
        for path, base in name_results(videos, options.out).items():
            try:
                _judge_file(path, base, detector, notifiers, options)
            except (VideoError, OSError) as error:
                reason = error.strerror if isinstance(error, OSError) and error.strerror else error
                say(f"{path}: {reason}")
                failed += 1
    return 1 if failed else 0


def name_results(videos: Videos, out: Path | None) -> dict[Path, Path]:
    """What the names of each video's results start with; videos of one name get numbers.

    Args:
        out: the folder of the results; None if they go beside the videos.
    """
    bases: dict[Path, Path] = {}
    for path in videos.paths:
        names = (f"{path.name}{f'.{i}' if i > 1 else ''}" for i in count(1))
        places = ((out or path.parent) / name for name in names)
        bases[path] = next(place for place in places if place not in bases.values())
    return bases


def _judge_file(
    path: Path,
    base: Path,
    detector: MaskDetector,
    notifiers: list[Notifier],
    options: argparse.Namespace,
) -> None:
    video = VideoFile(path)
    recorder = None if options.no_copy else Recorder(Path(f"{base}{COPY}"), video.rate)
    kept = options.out or not options.no_copy
    events = Events(str(path), Path(f"{base}{EVENTS}") if kept else None, options.json, notifiers)
    with _outputs(events, recorder, bool(options.window)) as outputs:
        shown = tqdm(video.frames(), path.name, video.length or None, unit=" pictures",
                     disable=None, leave=False)  # fmt: skip
        _run(shown, detector, outputs, options)


def judge_live(source: Live, options: argparse.Namespace) -> int:
    """Judge a camera or stream until it is stopped; 0, or 1 where it cannot be read.

    Args:
        options: of the command line.

    Raises:
        ModelError: there is no model that works.
    """
    detector = MaskDetector(options.finder or "blazeface")
    backoff = None if options.once else Backoff()
    begun = datetime.now(UTC)
    try:
        live = LiveSource(partial(connect, source.address), backoff)
    except VideoError as error:
        say(f"{source.name}: {error}")
        return 1
    recorder = events_path = None
    if options.out:
        base = options.out / f"{source.stem}-{begun:%Y%m%d-%H%M%S}"
        events_path = Path(f"{base}{EVENTS}")
        recorder = (
            None if options.no_copy else Recorder(Path(f"{base}{COPY}"), min(live.rate, FASTEST))
        )
    shows = has_display() if options.window is None else options.window
    try:
        with _notifiers(options) as notifiers:
            events = Events(source.name, events_path, options.json, notifiers, begun)
            with _outputs(events, recorder, shows) as outputs:
                _run(live.items(), detector, outputs, options, live)
    finally:
        live.close()
    return 0


@contextmanager
def _notifiers(options: argparse.Namespace) -> Iterator[list[Notifier]]:
    """Those to be told of alerts; at the end they are waited for, not long."""
    notifiers = make_notifiers(options)
    try:
        yield notifiers
    finally:
        for notifier in notifiers:
            notifier.close()


@contextmanager
def _outputs(events: Events, recorder: Recorder | None, shows: bool) -> Iterator[Outputs]:
    """All that is to be closed properly, whatever happens."""
    with ExitStack() as stack:
        outputs = Outputs(stack.enter_context(events), recorder)
        if recorder:
            stack.callback(recorder.close)
        if shows:
            try:
                outputs.window = Window()
                stack.callback(outputs.window.destroy)
            except RuntimeError as error:
                say(f"No window: {error}.")
        yield outputs


def _run(
    items: Iterator[Frame | Change | None],
    detector: MaskDetector,
    outputs: Outputs,
    options: argparse.Namespace,
    live: LiveSource | None = None,
) -> None:
    """Judge all pictures that come, until they end or somebody ends it.

    Raises:
        ModelError: the model answers with something that is not a number.
        VideoError: the source is cut off, or the copy cannot be written.
    """
    rule = AlarmOptions(options.alert_frames, options.alert_of, options.alert_cool_down * 1000)
    run = Run(LiveDetector(detector), Watch(outputs.events.emit, rule), outputs)
    try:
        for item in items:
            run.take(item)
            ended = outputs.window is not None and outputs.window.closed
            if ended or (options.seconds is not None and run.elapsed >= options.seconds):
                break
    finally:
        run.stop(live.dropped if live else 0)


class Run:
    """The way of one source's pictures: judged, watched, annotated, shown."""

    def __init__(self, detector: LiveDetector, watch: Watch, outputs: Outputs) -> None:
        self._detector = detector
        self._watch = watch
        self._outputs = outputs
        self._frames = 0
        self._at = 0.0  # of the last picture or change
        self._begun = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._begun

    def take(self, item: Frame | Change | None) -> None:
        """See to a picture, to a change of the source, or, where none came, to the window."""
        if isinstance(item, Frame):
            self._at = item.at
            self._judge(item)
        elif isinstance(item, Change):
            self._at = item.at
            self._detector.reset()
            self._watch.pause(item.at)
            self._outputs.events.emit({"type": item.type, "at": round(item.at)})
        elif self._outputs.window:
            self._outputs.window.refresh()

    def _judge(self, frame: Frame) -> None:
        image, outputs = frame.image, self._outputs
        if self._frames == 0:
            height, width = image.shape[:2]
            outputs.events.emit(
                {"type": "start", "at": round(frame.at), "width": width, "height": height}
            )
        self._frames += 1
        tracks = self._detector.track(image, frame.at)
        self._watch.see(tracks, frame.at)
        if not outputs.wants_pictures:
            return
        drawn = annotate(image, tracks, [track.id for track in tracks])
        if outputs.recorder:
            outputs.recorder.write(drawn, frame.at)
        if outputs.window:
            outputs.window.show(drawn)

    def stop(self, dropped: int) -> None:
        """Nothing comes any more: end an alert, tell how it went."""
        self._watch.pause(self._at)
        rate = self._frames / max(self.elapsed, 1e-3)
        self._outputs.events.emit({
            "type": "stop",
            "at": round(self._at),
            "frames": self._frames,
            "dropped": dropped,
            "rate": round(rate, 1),
            "totals": self._watch.totals,
        })  # fmt: skip
