"""The command line: processes photos, videos, cameras and streams without a browser."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from concurrent.futures.process import BrokenProcessPool
from typing import NoReturn

from inference.cli.options import Options, parse
from inference.cli.photos import process_folder
from inference.cli.sources import Photos, Videos, parse_sources
from inference.cli.terminal import print_message
from inference.cli.videos import process_live, process_videos
from inference.errors import ModelError, OutputError, UsageError, VideoError, reason
from inference.standard_streams import flush_outputs, open_closed_streams

INTERRUPTED = 130
WRONG_USAGE = 2


def run(options: Options) -> int:
    """Process the sources and return the exit code.

    Raises:
        UsageError: the sources cannot be processed together, or there are none.
        ModelError: the model is missing or damaged.
        VideoError: a video cannot be read or written.
        OutputError: standard output cannot be written.
        OSError: the results cannot be written.
    """
    sources = parse_sources(options.sources)
    if isinstance(sources, Photos):
        return process_folder(sources, options)
    if isinstance(sources, Videos):
        return process_videos(sources, options)
    return process_live(sources, options)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = parse(arguments)
    for stream in (sys.stdout, sys.stderr):  # a terminal without an arrow shows a question mark
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return run(options)
    except UsageError as error:
        print_message(str(error))
        return WRONG_USAGE
    except BrokenPipeError:  # the reader of a pipe has exited, as after "| head"
        return 1
    except (ModelError, VideoError, OutputError, BrokenProcessPool, OSError) as error:
        print_message(_explain(error))
        return 1
    except KeyboardInterrupt:
        print_message("interrupted.")
        return INTERRUPTED


def _explain(error: Exception) -> str:
    """Return the message about an error that ends the run."""
    if isinstance(error, BrokenProcessPool):
        return (
            "A process died, perhaps out of memory: run the command again with fewer --jobs to "
            "continue."
        )
    if isinstance(error, OSError):
        return f"{error.filename}: {reason(error)}" if error.filename else reason(error)
    return str(error)


def _interrupt(*_: object) -> None:
    """Finish videos, results and alerts; a second signal exits immediately."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt


def _leave(code: int) -> NoReturn:
    """Exit; all files are closed.

    Python's own exit aborts if a thread returns meanwhile from OpenCV, which waits for a silent
    camera.
    """
    if threading.active_count() > 1:
        os._exit(code)
    sys.exit(code)


def start() -> NoReturn:
    """Handle signals, run the command line and exit; the entry point of ``mask-detect``."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if "stdout" in open_closed_streams():
        print_message("Standard output is closed: results are not printed.")
    try:
        code = main()
    except SystemExit as exit_:  # of the parser
        code = exit_.code if isinstance(exit_.code, int) else 1
    _leave(code if flush_outputs() else code or 1)
