"""What the command line says to people, on standard error."""

from __future__ import annotations

import sys

from tqdm import tqdm


def print_message(sentence: str) -> None:
    """Print a sentence after the program's name, above any progress bar; any thread may call it."""
    tqdm.write(f"inference: {sentence}", file=sys.stderr)


def format_count(number: int, thing: str) -> str:
    """So many things, in words that agree."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
