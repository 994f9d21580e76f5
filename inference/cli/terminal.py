"""Messages on standard error and results on standard output."""

from __future__ import annotations

import contextlib
import sys

from tqdm import tqdm

from inference.errors import OutputError, reason


def print_message(sentence: str) -> None:
    """Print a message above any progress bar, if standard error can be written. Thread-safe."""
    with contextlib.suppress(OSError):
        tqdm.write(f"inference: {sentence}", file=sys.stderr)


def print_result(line: str) -> None:
    """Print a line on standard output, above any progress bar.

    Raises:
        BrokenPipeError: standard output is not read any more.
        OutputError: it cannot be written, as on a full disk.
    """
    try:
        tqdm.write(line)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"Results cannot be printed: {reason(error)}") from None


def format_count(number: int, thing: str) -> str:
    """A number and a noun, in the plural if needed."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
