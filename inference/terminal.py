"""What the command line says to people, on standard error."""

from __future__ import annotations

import sys
import threading

_LOCK = threading.Lock()  # threads tell too, each its sentence


def say(sentence: str) -> None:
    """Print a sentence, with the program's name."""
    with _LOCK:
        print(f"inference: {sentence}", file=sys.stderr, flush=True)


def tell_count(number: int, thing: str) -> str:
    """So many things, in words that agree."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
