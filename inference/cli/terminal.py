"""Messages to the user, on standard error."""

from __future__ import annotations

import contextlib
import sys

from tqdm import tqdm


def print_message(sentence: str) -> None:
    """Print a message above any progress bar, if standard error can be written. Thread-safe."""
    with contextlib.suppress(OSError):
        tqdm.write(f"inference: {sentence}", file=sys.stderr)


def format_count(number: int, thing: str) -> str:
    """A number and a noun, in the plural if needed."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
