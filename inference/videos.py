"""Judges video files, cameras and streams, picture by picture."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tqdm import tqdm

from inference.alarm import AlarmOptions
from inference.capture import Frame, VideoFile, connect
from inference.detector import MaskDetector
from inference.errors import VideoError, reason
from inference.events import Events, make_notifiers
from inference.live import LiveDetector
from inference.notices import Notifier
from inference.recorder import Recorder
from inference.run import Run
from inference.sources import VIDEO_COPY, Live, Videos, numbered
from inference.stream import Backoff, Change, LiveSource
from inference.terminal import say
from inference.watch import Watch
from inference.window import Window, has_display

EVENTS = ".events.jsonl"
HOUR = 3_600_000.0
"""Milliseconds after which the copy of a live source goes on in another file."""


def judge_videos(videos: Videos, options: argparse.Namespace) -> int:
    """Judge video files; 0 where each could be read, else 1 after a sentence on each other.

    Args:
        options: of the command line.

    Raises:
        ModelError: there is no model that works.
    """
    detector = MaskDetector()  # for all of them
    failed = 0
    with ExitStack() as stack:
        notifiers = _open_notifiers(options, stack)
        for path, base in name_results(videos, options.out).items():
            try:
                _judge_file(path, base, LiveDetector(detector), notifiers, options)
            except BrokenPipeError:  # nobody reads any more
                raise
            except (VideoError, OSError) as error:
                say(f"{path}: {reason(error)}")
                failed += 1
    return 1 if failed else 0


def name_results(videos: Videos, out: Path | None) -> dict[Path, Path]:
    """What the names of each video's results start with; videos of one name get numbers.

    Args:
        out: the folder of the results; None if they go beside the videos.
    """
    bases: dict[Path, Path] = {}
    for path in videos.paths:
        places = ((out or path.parent) / name for name in numbered(path.name))
        bases[path] = next(place for place in places if place not in bases.values())
    return bases


def _judge_file(
    path: Path,
    base: Path,
    detector: LiveDetector,
    notifiers: list[Notifier],
    options: argparse.Namespace,
) -> None:
    video = VideoFile(path)
    with ExitStack() as stack:
        kept = base if options.out or not options.no_copy else None
        events = Events(str(path), _named(kept, EVENTS), options.json, notifiers)
        stack.callback(events.close)
        run = _begin(detector, events, kept, bool(options.window), options, stack)
        bar = tqdm(video.frames(), path.name, video.length or None, unit=" pictures",
                   disable=None, leave=False)  # fmt: skip
        _follow(run, bar, options)


def judge_live(source: Live, options: argparse.Namespace) -> int:
    """Judge a camera or stream until it is stopped; 0, or 1 where there was no picture.

    Args:
        options: of the command line.

    Raises:
        ModelError: there is no model that works.
        VideoError: it is not there and not to be waited for, or the copy cannot be written.
    """
    detector = LiveDetector(limit_load=True)
    shows = has_display() if options.window is None else options.window
    base = options.out and _reserve(options.out, source.stem)
    with ExitStack() as stack:
        live = LiveSource(partial(connect, source.address), None if options.once else Backoff())
        stack.callback(live.close)
        notifiers = _open_notifiers(options, stack)
        events = Events(source.name, _named(base, EVENTS), options.json, notifiers, live=True)
        stack.callback(events.close)
        run = _begin(detector, events, base, shows, options, stack, HOUR)
        try:
            _follow(run, live.items(), options, live)
        except VideoError as error:
            raise VideoError(f"{source.name}: {error}") from None
    return 0 if live.pictures else 1


def _reserve(folder: Path, stem: str) -> Path:
    """What the names of a live source's results start with; nobody else's do, also not soon."""
    folder.mkdir(parents=True, exist_ok=True)
    names = numbered(f"{stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    while True:
        base = folder / next(names)
        with suppress(FileExistsError):
            Path(f"{base}{EVENTS}").touch(exist_ok=False)
            return base


def _open_notifiers(options: argparse.Namespace, stack: ExitStack) -> list[Notifier]:
    """Those to be told of alerts; at the end they are waited for, not long."""
    notifiers = make_notifiers(options)
    for notifier in notifiers:
        stack.callback(notifier.close)
    return notifiers


def _named(base: Path | None, ending: str) -> Path | None:
    return Path(f"{base}{ending}") if base else None


def _begin(
    detector: LiveDetector,
    events: Events,
    base: Path | None,
    shows: bool,
    options: argparse.Namespace,
    stack: ExitStack,
    longest: float = math.inf,
) -> Run:
    """All that a video's pictures go through; what must be closed is left to the stack.

    Args:
        longest: milliseconds of a file of the copy.
    """
    rule = AlarmOptions(options.alert_frames, options.alert_of, options.alert_cool_down * 1000)
    recorder = window = None
    if (path := _named(base, VIDEO_COPY)) and not options.no_copy:
        recorder = Recorder(path, longest)
        stack.callback(recorder.close)
    if shows:
        try:
            window = Window()
            stack.callback(window.destroy)
        except RuntimeError as error:
            say(f"No window: {error}.")
    return Run(detector, Watch(events.emit, rule), events, recorder, window)


def _follow(
    run: Run,
    items: Iterable[Frame | Change | None],
    options: argparse.Namespace,
    live: LiveSource | None = None,
) -> None:
    """Take all pictures that come, until they end or somebody ends it.

    Raises:
        ModelError: the model answers with something that is not a number.
        VideoError: the source is cut off, or the copy cannot be written.
    """
    try:
        for item in items:
            run.take(item)
            if run.ended or (options.seconds is not None and run.elapsed >= options.seconds):
                break
    finally:
        run.stop(live.dropped if live else 0)
