"""Processes photos, videos, cameras and streams without a browser: ``python -m inference --help``."""

from __future__ import annotations

import argparse
import contextlib
import io
import math
import os
import shlex
import signal
import sys
import threading
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NoReturn

from inference.cli.notifiers import is_web_address
from inference.cli.photos import check_photos
from inference.cli.sources import Photos, Videos, parse_sources
from inference.cli.terminal import print_message
from inference.cli.videos import process_live, process_videos
from inference.errors import ModelError, UsageError, VideoError
from inference.tracking.alerts import ALERT_OPTIONS

INTERRUPTED = 130
WRONG_USAGE = 2


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; exits with code 2 after a sentence where it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m inference",
        description="Finds the faces of photos and videos and says whether each wears a mask.",
        epilog="exit code: 0 all was read, 1 some was not, 2 wrong usage, 130 interrupted",
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="photos (JPEG, PNG, WebP), folders and patterns of photos; or video files; or a "
        "camera's number; or the address of a stream (rtsp://, http://)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="folder for all that is written; else it goes beside photos and "
        "videos, and of cameras and streams nothing is written",
    )
    parser.add_argument("--no-copy", action="store_true", help="write no annotated copies")
    parser.add_argument("--json", action="store_true", help="print a JSON object a photo or event")
    _add_photos(parser)
    _add_videos(parser)
    _add_alerts(parser)
    options = parser.parse_args(arguments)
    if options.alert_frames > options.alert_of:
        parser.error(
            f"expected --alert-frames of --alert-of {options.alert_of} at most, "
            f"got {options.alert_frames}"
        )
    return options


def _add_photos(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("photos")
    group.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="processes; default: one a core, where there are many photos",
    )
    group.add_argument(
        "--again",
        action="store_true",
        help="process photos again whose results are in the folder already",
    )


def _add_videos(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("videos, cameras and streams")
    group.add_argument(
        "--window",
        action=argparse.BooleanOptionalAction,
        help="show the picture; default: of cameras and streams, where there is a "
        "display; q ends it",
    )
    group.add_argument(
        "--once",
        action="store_true",
        help="end where a stream does or is not there, instead of connecting again and again",
    )
    group.add_argument("--seconds", type=_seconds, metavar="S", help="end after so many seconds")


def _add_alerts(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "alerts, when a face is unmasked or its mask worn incorrectly"
    )
    group.add_argument(
        "--alert-command",
        type=_command,
        metavar="COMMAND",
        help="run it when an alert begins and ends; it gets JSON on standard input "
        "and MASK_TYPE (begin, end), MASK_LABEL and more as variables",
    )
    group.add_argument(
        "--alert-webhook", type=_address, metavar="URL", help="POST the same JSON there"
    )
    group.add_argument(
        "--alert-frames",
        type=_positive,
        default=ALERT_OPTIONS.min_frames,
        metavar="N",
        help="pictures, of the last M, that must show it; default: %(default)s",
    )
    group.add_argument(
        "--alert-of",
        type=_positive,
        default=ALERT_OPTIONS.window,
        metavar="M",
        help="see above; default: %(default)s",
    )
    group.add_argument(
        "--alert-cool-down",
        type=_seconds,
        default=ALERT_OPTIONS.cooldown_ms / 1000,
        metavar="S",
        help="seconds of quiet after an alert; default: %(default)g",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"expected seconds, got {text}")
    return seconds


def _command(text: str) -> list[str]:
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a command, got {text} ({error})") from None
    if not command:
        raise argparse.ArgumentTypeError("expected a command, got nothing")
    return command


def _address(text: str) -> str:
    if not is_web_address(text):
        raise argparse.ArgumentTypeError(
            "expected an address that begins with http:// or https:// and has no user and password"
        )
    return text


def run(options: argparse.Namespace) -> int:
    """Process the sources that the options name; returns the exit code.

    Raises:
        UsageError: that makes no sense.
        ModelError: there is no model that works.
        VideoError: a video cannot be written.
        OSError: so, or the results cannot.
    """
    meant = parse_sources(options.sources)
    if isinstance(meant, Photos):
        return check_photos(meant, options)
    if isinstance(meant, Videos):
        return process_videos(meant, options)
    return process_live(meant, options)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; its exit code, see ``--help``."""
    options = parse(arguments)
    for stream in (sys.stdout, sys.stderr):  # a terminal that has no arrow gets a question mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return run(options)
    except UsageError as error:
        print_message(str(error))
        return WRONG_USAGE
    except BrokenPipeError:  # nobody reads any more, as after "| head"
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115  for the flush at exit
        return 1
    except BrokenProcessPool:
        print_message(
            "A process died, perhaps for want of memory: call again to go on, with fewer --jobs."
        )
        return 1
    except (ModelError, VideoError, OSError) as error:
        print_message(str(error))
        return 1
    except KeyboardInterrupt:
        print_message("interrupted.")
        return INTERRUPTED


def _interrupt(*_: object) -> None:
    """Finish what is at hand: videos, results, alerts. Asked for again, end at once."""
    for way in (signal.SIGINT, signal.SIGTERM):
        signal.signal(way, signal.SIG_DFL)
    raise KeyboardInterrupt


def _leave(code: int) -> NoReturn:
    """End the program; all files are closed.

    Python's own way out aborts where a thread comes back from OpenCV meanwhile, which waits for a
    silent camera.
    """
    if threading.active_count() > 1:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def start() -> NoReturn:
    """Run the command line as a program: handles signals and exits."""
    for way in (signal.SIGINT, signal.SIGTERM):
        signal.signal(way, _interrupt)
    _leave(main())
