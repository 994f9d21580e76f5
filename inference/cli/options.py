"""The options of the command line."""

from __future__ import annotations

import argparse
import math
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from inference.cli.notifiers import is_web_address
from inference.tracking.alerts import ALERT_OPTIONS, AlertOptions

_MIN_WIDTH_PX = 160
_MIN_DELAY_S, _MAX_DELAY_S = 0.1, 60.0  # before an alert, as on the page


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks for; ``--help`` describes each field."""

    sources: tuple[str, ...]
    out: Path | None = None
    no_copy: bool = False
    json: bool = False
    jobs: int | None = None
    again: bool = False
    window: bool | None = None
    """None to open a window for cameras and streams if there is a display."""
    once: bool = False
    seconds: float | None = None
    detect_width_px: int = 1920
    alert_command: list[str] | None = None
    alert_webhook: str | None = None
    alert_after: float = ALERT_OPTIONS.after_ms / 1000
    """Seconds."""
    alert_cooldown: float = ALERT_OPTIONS.cooldown_ms / 1000
    """Seconds."""

    @property
    def alerts(self) -> AlertOptions:
        """The alert rule."""
        return AlertOptions(self.alert_after * 1000, self.alert_cooldown * 1000)


def parse(arguments: list[str] | None = None) -> Options:
    """Parse the command line; exits with code 2 after a message if it is invalid."""
    parser = argparse.ArgumentParser(
        prog="mask-detect" if Path(sys.argv[0]).name == "mask-detect" else "python -m inference",
        description="Detects the faces in photos and videos and classifies whether each wears a mask.",
        epilog="Exit codes: 0 everything was read, 1 something was not, 2 wrong usage, "
        "130 interrupted.",
    )
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="Photos (JPEG, PNG, WebP, HEIC, AVIF, GIF), folders and patterns of photos; or video "
        "files; or the number of a camera; or the address of a stream (rtsp://, http://).",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="Output folder. By default results go beside photos and videos, and nothing is written "
        "for cameras and streams.",
    )
    parser.add_argument(
        "--no-copy",
        action="store_true",
        help="Write no annotated copies; without --out, write nothing at all.",
    )
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object per photo or event."
    )
    _add_photos(parser)
    _add_videos(parser)
    _add_alerts(parser)
    return Options(**vars(parser.parse_args(arguments)))


def _add_photos(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("photos")
    group.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="Number of processes. By default one per core, if there are enough photos.",
    )
    group.add_argument(
        "--again",
        action="store_true",
        help="Reprocess photos that already have results.",
    )


def _add_videos(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("videos, cameras and streams")
    group.add_argument(
        "--window",
        action=argparse.BooleanOptionalAction,
        help="Show the annotated frames in a window; q closes it. By default cameras and streams "
        "are shown if there is a display.",
    )
    group.add_argument(
        "--once",
        action="store_true",
        help="Exit when a stream ends or is not available, instead of reconnecting.",
    )
    group.add_argument(
        "--seconds", type=_seconds, metavar="S", help="Stop each source after S seconds."
    )
    group.add_argument(
        "--detect-width",
        type=_width,
        default=Options.detect_width_px,
        dest="detect_width_px",
        metavar="PIXELS",
        help="Width to which larger frames are reduced before faces are detected and classified; "
        "annotated copies keep their size. Default: %(default)s.",
    )


def _add_alerts(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "alerts", "Raised for each face that is unmasked or wears its mask incorrectly."
    )
    group.add_argument(
        "--alert-command",
        type=_command,
        metavar="COMMAND",
        help="Command to run when an alert begins and ends, without a shell. It receives the event "
        "as JSON on standard input and as variables MASK_TYPE (begin, end), MASK_LABEL and others.",
    )
    group.add_argument(
        "--alert-webhook", type=_address, metavar="URL", help="Address to POST the same JSON to."
    )
    group.add_argument(
        "--alert-after",
        type=_delay,
        default=ALERT_OPTIONS.after_ms / 1000,
        metavar="S",
        help="How long a face must violate the rule before its alert begins, in seconds; brief "
        "interruptions are ignored. Default: %(default)g.",
    )
    group.add_argument(
        "--alert-cooldown",
        type=_seconds,
        default=ALERT_OPTIONS.cooldown_ms / 1000,
        metavar="S",
        help="Minimum time between two calls of the command and the webhook for alerts that begin, "
        "in seconds. Default: %(default)g.",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text}")
    return int(text)


def _width(text: str) -> int:
    if not text.isdecimal() or int(text) < _MIN_WIDTH_PX:
        raise argparse.ArgumentTypeError(f"expected at least {_MIN_WIDTH_PX} pixels, got {text}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"expected seconds, got {text}")
    return seconds


def _delay(text: str) -> float:
    seconds = _seconds(text)
    if not _MIN_DELAY_S <= seconds <= _MAX_DELAY_S:
        raise argparse.ArgumentTypeError(
            f"expected {_MIN_DELAY_S:g} to {_MAX_DELAY_S:g} seconds, got {text}"
        )
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
