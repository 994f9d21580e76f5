"""Judges video files, cameras and streams, picture by picture."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from tqdm import tqdm

from inference.alarm import AlarmOptions
from inference.capture import Frame, VideoFile, connect
from inference.detector import MaskDetector
from inference.errors import VideoError
from inference.events import Events, make_notifiers
from inference.live import LiveDetector
from inference.notices import Notifier
from inference.recorder import Recorder
from inference.run import Outputs, Run
from inference.sources import VIDEO_COPY, Live, Videos
from inference.stream import Backoff, Change, LiveSource
from inference.terminal import say
from inference.watch import Watch
from inference.window import Window, has_display

EVENTS = ".events.jsonl"
FASTEST = 30.0
"""Pictures a second that are recorded of a live source at most."""


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
            except BrokenPipeError:  # nobody reads any more
                raise
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
    recorder = None if options.no_copy else Recorder(Path(f"{base}{VIDEO_COPY}"), video.rate)
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
            None
            if options.no_copy
            else Recorder(Path(f"{base}{VIDEO_COPY}"), min(live.rate, FASTEST))
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
